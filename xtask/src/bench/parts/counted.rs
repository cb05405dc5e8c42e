//! What valgrind counts, which no load disturbs: instructions and allocations. And peak memory, as the kernel tells it.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Context;

use super::Taken;
use crate::bench::clients::{Calls, Client, Task};
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::peers::Kind;
use crate::bench::server::Server;
use crate::bench::{Bench, name};
use crate::measure::build::Build;
use crate::measure::{callgrind, heap};

/// Where platforms keep the roots that they trust: all of them in one file, which is the first of these that is there, and
/// one by one in folders. The crates that read them look there, in this order.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
const FOLDERS: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// Over http.
pub(super) fn instructions(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    if callgrind::version().is_none() {
        return Ok(());
    }
    let pages =
        [(1, bench.server(1, &[])?, Metric::InstructionsOne), (50, bench.server(50, &[])?, Metric::InstructionsFifty)];
    bench.turns(Part::Instructions, bench.peers.compiled(), 1, |bench, peer| {
        let client = bench.peers.client(peer)?;
        let mut taken = Taken::default();
        for (layers, server, metric) in &pages {
            let found = callgrind::of_calls(|count| client.command(calls(count), &server.environment))?;
            taken.read(*layers, found.names);
            taken.add(*metric, found.call as f64);
            if *layers == 1 {
                taken.add(Metric::InstructionsStart, found.start as f64);
            }
        }
        Ok(taken)
    });
    Ok(())
}

/// A run with one call, over https. The stand-in makes a root for itself, which is trusted beside those that the platform
/// has, or those that are compiled in.
pub(super) fn https(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    if callgrind::version().is_none() {
        return Ok(());
    }
    let folder = bench.folder.join("roots");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let root = folder.join("stand-in.pem");
    let server = bench.server(1, &["--tls", root.to_str().context("the path of the build folder is not UTF-8")?])?;
    match platform(&folder) {
        Ok(roots) => bench.turns(Part::Https, of(bench, Metric::InstructionsStartPlatform), 1, |bench, peer| {
            start(Metric::InstructionsStartPlatform, bench.peers.client(peer)?, &server, &roots)
        }),
        Err(error) => bench.miss(&format!("{}, the platform's roots", name(Part::Https)), &error),
    }
    bench.turns(Part::Https, of(bench, Metric::InstructionsStartWebpki), 1, |bench, peer| {
        let (workspace, target) = (bench.programs(), peer.target(bench.folder, Kind::Release));
        let build = Build { features: &["webpki-roots"], ..peer.build(&workspace, Kind::Release, &target) };
        let program = build.build()?.programs.get("ours-webpki")?.to_owned();
        let client = Client { program, before: Vec::new() };
        start(Metric::InstructionsStartWebpki, &client, &server, &[("BENCH_ROOT", root.clone().into())])
    });
    Ok(())
}

/// Peak memory, and what is allocated for a call.
pub(super) fn memory(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let pages = [
        (1, bench.server(1, &[])?, Metric::AllocationsOne, Metric::AllocatedOne),
        (50, bench.server(50, &[])?, Metric::AllocationsFifty, Metric::AllocatedFifty),
    ];
    let [(_, one, ..), _] = &pages;
    bench.turns(Part::Memory, bench.peers.runnable(), 1, |bench, peer| {
        let calls = Calls { count: 2000, in_flight: 1, warm: 0 };
        let (told, names) = bench.peers.client(peer)?.calls(calls, &one.environment)?;
        let mut taken = Taken::default();
        taken.read(1, names);
        taken.add_some(Metric::PeakMemory, told.peak_bytes.map(|bytes| bytes as f64));
        Ok(taken)
    });
    if callgrind::version().is_none() {
        return Ok(());
    }
    bench.turns(Part::Memory, bench.peers.compiled(), 1, |bench, peer| {
        let client = bench.peers.client(peer)?;
        let mut taken = Taken::default();
        for (layers, server, count, bytes) in &pages {
            let found = heap::of_calls(|count| client.command(calls(count), &server.environment))?;
            taken.read(*layers, found.names);
            taken.add(*count, found.allocations);
            taken.add(*bytes, found.bytes);
        }
        Ok(taken)
    });
    Ok(())
}

fn calls(count: u32) -> Task {
    Task::Calls(Calls { count, in_flight: 1, warm: 0 })
}

/// Those that take part and of whom there is such a figure.
fn of(bench: &Bench<'_>, metric: Metric) -> Vec<Peer> {
    bench.peers.compiled().into_iter().filter(|peer| metric.peers().contains(peer)).collect()
}

type Variable = (&'static str, OsString);

fn start(metric: Metric, client: &Client, server: &Server, roots: &[Variable]) -> anyhow::Result<Taken> {
    let mut command = client.command(calls(1), &server.environment);
    let (instructions, names) = callgrind::of(command.envs(roots.iter().cloned()), 1)?;
    let mut taken = Taken::default();
    taken.read(1, names);
    taken.add(metric, instructions as f64);
    Ok(taken)
}

/// What has the platform's roots read as without any variable, file and folders, and one folder more.
fn platform(more: &Path) -> anyhow::Result<[Variable; 2]> {
    let bundle = BUNDLES.into_iter().find(|path| Path::new(path).is_file());
    let bundle =
        bundle.with_context(|| format!("there is no file of roots: expected one of {}", BUNDLES.join(", ")))?;
    let folders = FOLDERS.iter().map(Path::new).filter(|folder| folder.is_dir()).chain([more]);
    let folders = std::env::join_paths(folders).context("the path of the build folder")?;
    Ok([("SSL_CERT_FILE", bundle.into()), ("SSL_CERT_DIR", folders)])
}
