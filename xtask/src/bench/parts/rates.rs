//! Decoding, encoding and signing alone, in one process without a network.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Taken;
use crate::bench::Bench;
use crate::bench::clients::printed;
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::peers::Kind;
use crate::fs;
use crate::measure::build::Build;

/// Times that a page is decoded or encoded, and a request signed, in a repetition.
const PAGES: u32 = 2_000;
const REQUESTS: u32 = 20_000;

/// What a program is asked for.
const MEASURES: [(Metric, &str); 3] = [(Metric::Decode, "decode"), (Metric::Encode, "encode"), (Metric::Sign, "sign")];

/// What it prints.
#[derive(Deserialize)]
struct Rate {
    bytes: Option<u64>,
    ns: f64,
}

pub(super) fn measure(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let page = page(bench)?;
    let mut programs = Vec::new();
    for peer in bench.peers.compiled() {
        bench.progress.says(&format!("building {}-rates", peer.title()));
        match program(bench, peer) {
            Ok(program) => programs.push((peer, program)),
            Err(error) => bench.miss(&format!("rates of {}", peer.title()), &error),
        }
    }
    let peers = programs.iter().map(|(peer, _)| *peer).collect();
    bench.turns(Part::Codec, peers, bench.options.repetitions, |_, peer| {
        let program = programs.iter().find(|(of, _)| *of == peer).map(|(_, program)| program);
        let program = program.with_context(|| format!("{} has no program of rates", peer.title()))?;
        let mut taken = Taken::default();
        for (metric, measure) in MEASURES.into_iter().filter(|(metric, _)| metric.peers().contains(&peer)) {
            taken.add(metric, once(program, metric, measure, &page)?);
        }
        Ok(taken)
    });
    Ok(())
}

fn once(program: &Path, metric: Metric, measure: &str, page: &Path) -> anyhow::Result<f64> {
    let times = if metric == Metric::Sign { REQUESTS } else { PAGES };
    let mut command = Command::new(program);
    command.args([measure, &times.to_string()]);
    if metric != Metric::Sign {
        command.arg(page);
    }
    let printed = printed(&mut command)?;
    let rate = serde_json::from_slice(&printed);
    let Rate { bytes, ns } =
        rate.with_context(|| format!("{measure} prints {:?}", String::from_utf8_lossy(&printed)))?;
    ensure!(ns > 0.0, "{measure} took {ns} ns");
    match metric {
        Metric::Sign => Ok(ns / 1e9),
        _ => Ok(bytes.with_context(|| format!("{measure} tells no bytes"))? as f64 * 1e9 / ns),
    }
}

/// The program of a peer, built beside the one that lists layers.
fn program(bench: &Bench<'_>, peer: Peer) -> anyhow::Result<PathBuf> {
    let (workspace, target) = (bench.programs(), peer.target(bench.folder, Kind::Release));
    let build = Build { features: &["rates"], ..peer.build(&workspace, Kind::Release, &target) };
    Ok(build.build()?.programs.get(&format!("{}-rates", peer.title()))?.to_owned())
}

/// A page of 50 layers, as the stand-in answers it.
fn page(bench: &mut Bench<'_>) -> anyhow::Result<PathBuf> {
    let mut command = Command::new(bench.tool("tinsmith-stand-in")?);
    command.args(["--layers", "50", "--shuffle", "1", "--print-page"]);
    let output = command.stdin(Stdio::null()).output().context("cannot start the stand-in")?;
    ensure!(output.status.success(), "the stand-in prints no page: {}", String::from_utf8_lossy(&output.stderr).trim());
    let path = bench.folder.join("page.json");
    fs::replace(&path, &String::from_utf8(output.stdout).context("the page of the stand-in")?)?;
    Ok(path)
}
