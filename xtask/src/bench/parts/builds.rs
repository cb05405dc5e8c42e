//! What it takes to build the programs, and what of it is left in them.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::Taken;
use crate::bench::Bench;
use crate::bench::clients::Client;
use crate::bench::load::Load;
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::peers::{self, Kind};
use crate::bench::report::Made;
use crate::measure::build::{self, Build, Built};
use crate::measure::callgrind;
use crate::measure::tree::Tree;
use crate::{process, python};

/// How often a build after a touch is measured, at most.
const TOUCHES: u32 = 3;

/// What of a build goes under which metrics.
struct Metrics {
    wall: Metric,
    cpu: Option<Metric>,
    peak: Option<Metric>,
}

const RELEASE: Metrics =
    Metrics { wall: Metric::ReleaseWall, cpu: Some(Metric::ReleaseCpu), peak: Some(Metric::ReleasePeak) };
/// With all operations of Lambda, as the official crate has them.
const FULL: Metrics = Metrics { wall: Metric::ReleaseFullWall, cpu: Some(Metric::ReleaseFullCpu), peak: None };
const DEV: Metrics = Metrics { wall: Metric::DevWall, cpu: Some(Metric::DevCpu), peak: Some(Metric::DevPeak) };

/// Builds the programs for release: from nothing where builds are measured, and what is not built yet elsewhere. A peer
/// that cannot be built is left out of everything.
pub(super) fn release(bench: &mut Bench<'_>) {
    let measured = bench.parts.contains(&Part::Build);
    let of_programs = bench.parts.iter().any(|part| ![Part::Tree, Part::Generate].contains(part));
    if !measured && !of_programs {
        return;
    }
    for peer in bench.peers.compiled() {
        let (workspace, target) = (bench.programs(), peer.target(bench.folder, Kind::Release));
        let outcome = if measured {
            clean(bench, peer, &peer.build(&workspace, Kind::Release, &target), &RELEASE)
        } else {
            built(bench, peer, Kind::Release)
        };
        match outcome.and_then(|built| kept(bench, peer, &built)) {
            Ok(client) => bench.peers.run_with(peer, client),
            Err(error) => {
                bench.miss(&format!("{}, which is left out", peer.title()), &error);
                bench.peers.leave_out(peer);
            }
        }
    }
}

/// Builds the programs for development, and ours with all operations for release, from nothing.
pub(super) fn more(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let peers = bench.peers.compiled();
    if peers.contains(&Peer::Ours) {
        let (workspace, target) = (bench.programs(), full_target(bench));
        if let Err(error) = clean(bench, Peer::Ours, &full(&workspace, &target), &FULL) {
            bench.miss("release build, ours with all operations", &error);
        }
    }
    if peers.contains(&Peer::Official) {
        // It has all of them whatever is called.
        for (metric, same) in [(Metric::ReleaseFullWall, RELEASE.wall), (Metric::ReleaseFullCpu, Metric::ReleaseCpu)] {
            bench.ledger.repeat(same, metric, Peer::Official);
        }
    }
    for peer in bench.peers.compiled() {
        let (workspace, target) = (bench.programs(), peer.target(bench.folder, Kind::Dev));
        if let Err(error) = clean(bench, peer, &peer.build(&workspace, Kind::Dev, &target), &DEV) {
            bench.miss(&format!("dev build, {}", peer.title()), &error);
        }
        bench.progress.done(Part::Build, peer);
    }
    Ok(())
}

/// Builds them once more after a change of their own file.
pub(super) fn rebuild(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let times = bench.options.repetitions.min(TOUCHES);
    for kind in [Kind::Release, Kind::Dev] {
        let metrics = match kind {
            Kind::Dev => Metrics { wall: Metric::RebuildDev, cpu: None, peak: None },
            _ => Metrics { wall: Metric::RebuildRelease, cpu: None, peak: None },
        };
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
            taken.add(metrics.wall, built.usage.wall.as_secs_f64());
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
        let (workspace, target) = (bench.programs(), full_target(bench));
        bench.progress.says("building ours with all operations");
        let built = full(&workspace, &target).build();
        match built.and_then(|built| build::size(built.programs.get(Peer::Ours.title())?)) {
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

/// Builds from nothing, and measures that.
fn clean(bench: &mut Bench<'_>, peer: Peer, build: &Build<'_>, metrics: &Metrics) -> anyhow::Result<Built> {
    bench.progress.says(&format!("fetching what {} is made of", peer.title()));
    // It fetches for the whole workspace. Without a network what this package needs may still be there: if not, its build
    // says so.
    let _ = build.fetch();
    let times = bench.options.builds;
    let (mut last, mut load) = (None, Load::default());
    for turn in 1..=times {
        let what = [&[build.profile], build.features].concat().join(", ");
        bench.progress.says(&format!("building {} from nothing, {what}, {turn} of {times}", peer.title()));
        build.empty()?;
        let built = load.during(|| build.build())?;
        let usage = built.usage;
        let taken = [
            (Some(metrics.wall), usage.wall.as_secs_f64()),
            (metrics.cpu, usage.cpu.as_secs_f64()),
            (metrics.peak, usage.peak_memory as f64),
        ];
        for (metric, sample) in taken.into_iter().filter_map(|(metric, sample)| Some((metric?, sample))) {
            bench.ledger.add(metric, peer, sample);
        }
        last = Some(built);
    }
    if let Some(why) = load.disturbs() {
        bench.ledger.disturb(|metric| metric == metrics.wall || Some(metric) == metrics.cpu, peer, &why);
    }
    last.with_context(|| format!("{} builds of {}", times, peer.title()))
}

/// The build of ours with all operations, and where it is built.
fn full<'a>(workspace: &'a Path, target: &'a Path) -> Build<'a> {
    Build { features: &["full"], ..Peer::Ours.build(workspace, Kind::Release, target) }
}

fn full_target(bench: &Bench<'_>) -> PathBuf {
    bench.folder.join("ours-full-release")
}

/// Builds what is not built yet.
fn built(bench: &Bench<'_>, peer: Peer, kind: Kind) -> anyhow::Result<Built> {
    let what = if kind == Kind::Small { ", for size" } else { "" };
    bench.progress.says(&format!("building {}{what}", peer.title()));
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
