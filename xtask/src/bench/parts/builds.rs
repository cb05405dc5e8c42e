//! What it takes to build the programs, and what of it is left in them.

use anyhow::{Context, anyhow};

use super::Taken;
use crate::bench::Bench;
use crate::bench::clients::Client;
use crate::bench::load::Load;
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::peers::{self, Kind};
use crate::bench::report::Made;
use crate::measure::build::{self, Built};
use crate::measure::callgrind;
use crate::measure::tree::Tree;
use crate::{process, python};

/// How often a build after a touch is measured, at most.
const TOUCHES: u32 = 3;

/// What of a build from nothing goes under which metrics.
struct Metrics {
    wall: Metric,
    cpu: Metric,
    peak: Option<Metric>,
}

/// Those of a kind that is built from nothing.
fn metrics(kind: Kind) -> Metrics {
    match kind {
        Kind::Dev => Metrics { wall: Metric::DevWall, cpu: Metric::DevCpu, peak: Some(Metric::DevPeak) },
        Kind::Registry => Metrics { wall: Metric::DevRegistryWall, cpu: Metric::DevRegistryCpu, peak: None },
        Kind::Full => Metrics { wall: Metric::ReleaseFullWall, cpu: Metric::ReleaseFullCpu, peak: None },
        Kind::Release | Kind::Small => {
            Metrics { wall: Metric::ReleaseWall, cpu: Metric::ReleaseCpu, peak: Some(Metric::ReleasePeak) }
        }
    }
}

/// Builds the programs for release: from nothing where builds are measured, and what is not built yet elsewhere. A peer
/// that cannot be built is left out of everything.
pub(super) fn release(bench: &mut Bench<'_>) {
    let measured = bench.parts.contains(&Part::Build);
    let of_programs = bench.parts.iter().any(|part| ![Part::Tree, Part::Generate].contains(part));
    if !measured && !of_programs {
        return;
    }
    let mut kinds = kinds(bench, Kind::Release);
    if measured && kinds.contains(&(Peer::Ours, Kind::Release)) {
        kinds.insert(0, (Peer::Ours, Kind::Full));
    }
    for (peer, kind, outcome) in if measured { clean(bench, &kinds) } else { present(bench, &kinds) } {
        match (kind, outcome) {
            (Kind::Full, Err(error)) => bench.miss("release build, ours with all operations", &error),
            (Kind::Full, Ok(_)) => {}
            (_, outcome) => match outcome.and_then(|built| kept(bench, peer, &built)) {
                Ok(client) => bench.peers.run_with(peer, client),
                Err(error) => {
                    bench.miss(&format!("{}, which is left out", peer.title()), &error);
                    bench.peers.leave_out(peer);
                }
            },
        }
    }
    // It has all of them whatever is called.
    for (metric, same) in [(Metric::ReleaseFullWall, Metric::ReleaseWall), (Metric::ReleaseFullCpu, Metric::ReleaseCpu)]
    {
        bench.ledger.repeat(same, metric, Peer::Official);
    }
}

/// Builds the programs for development, from nothing.
pub(super) fn dev(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let mut kinds = kinds(bench, Kind::Dev);
    if kinds.contains(&(Peer::Ours, Kind::Dev)) {
        kinds.insert(0, (Peer::Ours, Kind::Registry));
    }
    for (peer, kind, outcome) in clean(bench, &kinds) {
        if let Err(error) = outcome {
            bench.miss(&format!("{} build, {}", kind.name(), peer.title()), &error);
        }
        if kind == Kind::Dev {
            bench.progress.done(Part::Build, peer);
        }
    }
    // Theirs come from one, but for the few lines of the programs.
    for peer in [Peer::Official, Peer::Bare] {
        bench.ledger.repeat(Metric::DevWall, Metric::DevRegistryWall, peer);
        bench.ledger.repeat(Metric::DevCpu, Metric::DevRegistryCpu, peer);
    }
    Ok(())
}

/// Builds them once more after a change of their own file.
pub(super) fn rebuild(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let times = bench.options.repetitions.min(TOUCHES);
    for kind in [Kind::Release, Kind::Dev] {
        let metric = if kind == Kind::Dev { Metric::RebuildDev } else { Metric::RebuildRelease };
        // The first build may still have something to do that is no part of it.
        for peer in bench.peers.compiled() {
            if let Err(error) = built(bench, peer, kind) {
                bench.miss(&format!("rebuild, {}", peer.title()), &error);
            }
        }
        bench.turns(Part::Rebuild, bench.peers.compiled(), times, |bench, peer| {
            let (workspace, target) = (bench.programs(), peer.target(bench.folder, kind));
            let built = peer.build(&workspace, kind, &target).after_touch(&peer.source(&workspace))?;
            let mut taken = Taken::default();
            taken.add(metric, built.usage.wall.as_secs_f64());
            Ok(taken)
        });
    }
    Ok(())
}

/// Counts the crates of the trees.
pub(super) fn tree(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    bench.turns(Part::Tree, bench.peers.compiled(), 1, |bench, peer| {
        let tree = Tree::of(&bench.programs(), peer.title())?;
        let mut taken = Taken::default();
        taken.add(Metric::Crates, tree.count() as f64);
        taken.add(Metric::Duplicates, tree.duplicates().len() as f64);
        Ok(taken)
    });
    Ok(())
}

/// Takes the sizes of the programs, as they are and built for size.
pub(super) fn size(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    bench.turns(Part::Size, bench.peers.compiled(), 1, |bench, peer| {
        let release = build::size(&bench.peers.client(peer)?.program)?;
        let mut taken = Taken::default();
        taken.add(Metric::Binary, release as f64);
        if peer == Peer::Official {
            taken.add(Metric::BinaryFull, release as f64);
        }
        Ok(taken)
    });
    if bench.peers.compiled().contains(&Peer::Ours) {
        let full = built(bench, Peer::Ours, Kind::Full);
        match full.and_then(|built| build::size(built.programs.get(Peer::Ours.title())?)) {
            Ok(size) => bench.ledger.add(Metric::BinaryFull, Peer::Ours, size as f64),
            Err(error) => bench.miss("size, ours with all operations", &error),
        }
    }
    for peer in bench.peers.compiled() {
        let taken = built(bench, peer, Kind::Small).and_then(|built| build::size(built.programs.get(peer.title())?));
        match taken {
            Ok(size) => bench.ledger.add(Metric::BinarySmall, peer, size as f64),
            Err(error) => bench.miss(&format!("size, {}", peer.title()), &error),
        }
    }
    Ok(())
}

/// Makes boto3 ready, where Python and a package index, or an environment of an earlier run, are there.
pub(super) fn python(bench: &mut Bench<'_>, made: &mut Made) {
    let parts = [Part::Latency, Part::Throughput, Part::Memory, Part::Wire, Part::Walk];
    if !bench.peers.left().contains(&Peer::Boto3) || !bench.any(&parts) {
        bench.peers.leave_out(Peer::Boto3);
        return;
    }
    bench.progress.says("making an environment for boto3");
    let folder = bench.programs().join("boto3");
    let environment = crate::fs::read(&folder.join("requirements.txt")).and_then(|requirements| {
        bench.progress.aside(|| python::environment(&bench.folder.join("boto3"), &requirements))
    });
    match environment {
        Ok(environment) => {
            let program = environment.program("python");
            let said = |arguments: &[&str]| process::output(std::process::Command::new(&program).args(arguments)).ok();
            made.tools.extend(said(&["--version"]).map(|version| ("python".to_owned(), version.trim().to_owned())));
            let installed = said(&["-m", "pip", "--disable-pip-version-check", "freeze"]).unwrap_or_default();
            let installed = installed.lines().filter_map(|line| line.split_once("=="));
            let installed = installed.map(|(name, version)| (name.to_owned(), version.to_owned()));
            made.crates.insert(Peer::Boto3, installed.collect());
            bench.peers.run_with(Peer::Boto3, Client { program, before: vec![folder.join("program.py")] });
        }
        Err(error) => {
            bench.miss("boto3, which is left out", &error);
            bench.peers.leave_out(Peer::Boto3);
        }
    }
}

/// Looks up the versions that are compared, what counts instructions, and what makes builds others than users have.
pub(super) fn versions(bench: &mut Bench<'_>, made: &mut Made) {
    for peer in bench.peers.compiled() {
        match Tree::of(&bench.programs(), peer.title()) {
            Ok(tree) => drop(made.crates.insert(peer, peers::versions(&tree))),
            Err(error) => bench.miss(&format!("versions of {}", peer.title()), &error),
        }
    }
    if callgrind::version().is_none() && bench.any(&[Part::Instructions, Part::Https, Part::Memory]) {
        bench.miss("valgrind", &anyhow!("it is not there: no instructions and no allocations are counted"));
    }
    for setting in build::settings(&bench.programs()) {
        bench.miss("builds as users have them", &anyhow!(setting));
    }
}

/// All that are compiled, each to be built like this. The one that takes minutes comes last: the machine's speed may be
/// another one then, and the others are built soon one after the other.
fn kinds(bench: &Bench<'_>, kind: Kind) -> Vec<(Peer, Kind)> {
    let mut peers = bench.peers.compiled();
    peers.sort_by_key(|peer| *peer == Peer::Official);
    peers.into_iter().map(|peer| (peer, kind)).collect()
}

/// A program, how it was built, and what came of it.
type Outcome = (Peer, Kind, anyhow::Result<Built>);

/// Builds each of these from nothing in turn, and all of them so often, and measures that. One that fails has no further turn.
fn clean(bench: &mut Bench<'_>, kinds: &[(Peer, Kind)]) -> Vec<Outcome> {
    let times = bench.options.builds;
    let mut outcomes: Vec<Option<anyhow::Result<Built>>> = kinds.iter().map(|_| None).collect();
    let mut loads = vec![Load::default(); kinds.len()];
    for turn in 1..=times {
        for ((&(peer, kind), outcome), load) in kinds.iter().zip(&mut outcomes).zip(&mut loads) {
            if !matches!(outcome, Some(Err(_))) {
                let what = format!("building {} from nothing, {}, {turn} of {times}", peer.title(), kind.name());
                bench.progress.says(&what);
                *outcome = Some(once(bench, peer, kind, load));
            }
        }
    }
    for (&(peer, kind), load) in kinds.iter().zip(&loads) {
        if let Some(why) = load.disturbs() {
            let Metrics { wall, cpu, .. } = metrics(kind);
            bench.ledger.disturb(|metric| [wall, cpu].contains(&metric), peer, &why);
        }
    }
    let outcomes = kinds.iter().zip(outcomes);
    outcomes.filter_map(|(&(peer, kind), outcome)| Some((peer, kind, outcome?))).collect()
}

/// Builds a program from nothing, and keeps what that cost.
fn once(bench: &mut Bench<'_>, peer: Peer, kind: Kind, load: &mut Load) -> anyhow::Result<Built> {
    let (workspace, target) = (bench.programs(), peer.target(bench.folder, kind));
    let build = peer.build(&workspace, kind, &target);
    // It fetches for the whole workspace. Without a network what this package needs may still be there: if not, its build
    // says so.
    let _ = build.fetch();
    build.empty()?;
    let built = load.during(|| build.build())?;
    let (usage, Metrics { wall, cpu, peak }) = (built.usage, metrics(kind));
    bench.ledger.add(wall, peer, usage.wall.as_secs_f64());
    bench.ledger.add(cpu, peer, usage.cpu.as_secs_f64());
    peak.into_iter().for_each(|metric| bench.ledger.add(metric, peer, usage.peak_memory as f64));
    Ok(built)
}

/// Builds what is not built yet of these.
fn present(bench: &Bench<'_>, kinds: &[(Peer, Kind)]) -> Vec<Outcome> {
    kinds.iter().map(|&(peer, kind)| (peer, kind, built(bench, peer, kind))).collect()
}

/// Builds what is not built yet.
fn built(bench: &Bench<'_>, peer: Peer, kind: Kind) -> anyhow::Result<Built> {
    bench.progress.says(&format!("building {}, {}", peer.title(), kind.name()));
    peer.build(&bench.programs(), kind, &peer.target(bench.folder, kind)).build()
}

/// Keeps a program where no later build replaces it.
fn kept(bench: &Bench<'_>, peer: Peer, built: &Built) -> anyhow::Result<Client> {
    let from = built.programs.get(peer.title())?;
    let folder = bench.folder.join("programs");
    let program = folder.join(from.file_name().unwrap_or_default());
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::copy(from, &program))
        .with_context(|| format!("cannot write {}", program.display()))?;
    Ok(Client { program, before: Vec::new() })
}
