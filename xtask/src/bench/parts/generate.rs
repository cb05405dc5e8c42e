//! Generating clients, with the program that users have, built for release.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Context;

use crate::bench::load::Load;
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::{Bench, name};
use crate::measure::usage;

/// The largest model of the corpus.
const LARGEST: &str = "quicksight-2018-04-01.json";

/// No client takes a tenth of it.
const LIMIT: Duration = Duration::from_secs(300);

/// Generates `ListLayers`, all of Lambda, and all of the largest model that is there.
pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let program = bench.tool("tinsmith")?;
    let lambda = bench.model("lambda.json");
    let mut clients =
        vec![(Metric::GenerateListLayers, lambda.clone(), "ListLayers"), (Metric::GenerateLambda, lambda, "*")];
    match bench.corpus().map(|corpus| corpus.join(LARGEST)).filter(|model| model.is_file()) {
        Some(model) => clients.push((Metric::GenerateQuicksight, model, "*")),
        None => bench.miss(
            Metric::GenerateQuicksight.about().title,
            &anyhow::anyhow!("its model is not there: expected models/corpus/{LARGEST} in the folder of the suites"),
        ),
    }
    let times = bench.options.repetitions;
    let mut load = Load::default();
    for turn in 1..=times {
        // One that fails has no further turn.
        for (metric, model, operations) in std::mem::take(&mut clients) {
            bench.progress.says(&format!("{}: {operations}, {turn} of {times}", name(Part::Generate)));
            match load.during(|| once(bench, &program, &model, operations)) {
                Ok(took) => {
                    bench.ledger.add(metric, Peer::Ours, took);
                    clients.push((metric, model, operations));
                }
                Err(error) => bench.miss(metric.about().title, &error),
            }
        }
    }
    if let Some(why) = load.disturbs() {
        bench.ledger.disturb(|metric| metric.about().part == Part::Generate, Peer::Ours, &why);
    }
    bench.progress.done(Part::Generate, Peer::Ours);
    Ok(())
}

/// Into an empty folder, as for the first time.
fn once(bench: &Bench<'_>, program: &Path, model: &Path, operations: &str) -> anyhow::Result<f64> {
    let out = tempfile::tempdir_in(bench.folder).context("cannot make a folder to generate into")?;
    let mut command = Command::new(program);
    command
        .args(["generate", "--operations", operations, "--name", "generated", "--model"])
        .arg(model)
        .arg("--out")
        .arg(out.path());
    command.arg("--runtime").arg(bench.root.join("crates/runtime"));
    Ok(usage::run(&mut command, LIMIT)?.usage.wall.as_secs_f64())
}
