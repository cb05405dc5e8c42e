//! What valgrind counts, which no load disturbs: instructions and allocations. And peak memory, as the kernel tells it.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::bench::clients::{Client, Task};
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::peers::Kind;
use crate::bench::server::Server;
use crate::bench::{Bench, name};
use crate::fs;
use crate::measure::{callgrind, heap};

/// Where platforms keep the roots that they trust, in one file.
const BUNDLES: [&str; 5] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];

/// Over http.
pub(super) fn instructions(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    if callgrind::version().is_none() {
        return Ok(());
    }
    let pages = [(bench.server(1, &[])?, Metric::InstructionsOne), (bench.server(50, &[])?, Metric::InstructionsFifty)];
    bench.turns(Part::Instructions, bench.peers.compiled(), 1, |bench, peer| {
        let client = bench.peers.client(peer)?;
        let mut taken = Vec::new();
        for (server, metric) in &pages {
            let found = callgrind::of_calls(|count| client.command(calls(count), &server.environment))?;
            taken.push((*metric, found.call as f64));
            if *metric == Metric::InstructionsOne {
                taken.push((Metric::InstructionsStart, found.start as f64));
            }
        }
        Ok(taken)
    });
    Ok(())
}

/// From start to the first answer, over https. The stand-in makes a root for itself; it stands in one file with the
/// platform's, so that all of them are read as they would be.
pub(super) fn https(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    if callgrind::version().is_none() {
        return Ok(());
    }
    let root = bench.folder.join("root.pem");
    let server = bench.server(1, &["--tls", root.to_str().context("the path of the build folder is not UTF-8")?])?;
    match platform(bench, &root) {
        Ok(bundle) => {
            // bare trusts Mozilla's roots alone, which are compiled in.
            let peers = bench.peers.compiled().into_iter().filter(|peer| *peer != Peer::Bare).collect();
            bench.turns(Part::Https, peers, 1, |bench, peer| {
                let started = start(bench.peers.client(peer)?, &server, ("SSL_CERT_FILE", &bundle))?;
                Ok(vec![(Metric::InstructionsStartPlatform, started)])
            });
        }
        Err(error) => bench.miss(&format!("{}, the platform's roots", name(Part::Https)), &error),
    }
    let ours = bench.peers.compiled().into_iter().filter(|peer| *peer == Peer::Ours).collect();
    bench.turns(Part::Https, ours, 1, |bench, peer| {
        let (workspace, target) = (bench.programs(), peer.target(bench.folder, Kind::Release));
        let build = crate::measure::build::Build {
            features: &["webpki-roots"],
            ..peer.build(&workspace, Kind::Release, &target)
        };
        let program = build.build()?.programs.get("ours-webpki")?.to_owned();
        let started = start(&Client { program, before: Vec::new() }, &server, ("BENCH_ROOT", &root))?;
        Ok(vec![(Metric::InstructionsStartWebpki, started)])
    });
    Ok(())
}

/// Peak memory, and what is allocated for a call.
pub(super) fn memory(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let pages = [
        (bench.server(1, &[])?, Metric::AllocationsOne, Metric::AllocatedOne),
        (bench.server(50, &[])?, Metric::AllocationsFifty, Metric::AllocatedFifty),
    ];
    let [(one, ..), _] = &pages;
    bench.turns(Part::Memory, bench.peers.runnable(), 1, |bench, peer| {
        let task = Task::Calls { count: 2000, in_flight: 1, warm: 0 };
        let told = bench.peers.client(peer)?.run(task, &one.environment)?;
        Ok(vec![(Metric::PeakMemory, told.peak_bytes.context("tells no peak memory")? as f64)])
    });
    if callgrind::version().is_none() {
        return Ok(());
    }
    bench.turns(Part::Memory, bench.peers.compiled(), 1, |bench, peer| {
        let client = bench.peers.client(peer)?;
        let mut taken = Vec::new();
        for (server, count, bytes) in &pages {
            let found = heap::of_calls(|count| client.command(calls(count), &server.environment))?;
            taken.extend([(*count, found.allocations), (*bytes, found.bytes)]);
        }
        Ok(taken)
    });
    Ok(())
}

fn calls(count: u32) -> Task {
    Task::Calls { count, in_flight: 1, warm: 0 }
}

fn start(client: &Client, server: &Server, root: (&str, &Path)) -> anyhow::Result<f64> {
    let mut command = client.command(calls(1), &server.environment);
    Ok(callgrind::of(command.env(root.0, root.1))? as f64)
}

/// A file of the platform's roots and the stand-in's.
fn platform(bench: &Bench<'_>, root: &Path) -> anyhow::Result<PathBuf> {
    let told = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let bundle = told.into_iter().chain(BUNDLES.map(PathBuf::from)).find(|path| path.is_file());
    let bundle =
        bundle.with_context(|| format!("there is no file of roots: expected one of {}", BUNDLES.join(", ")))?;
    let roots = fs::read(&bundle)?;
    ensure!(roots.contains("-----BEGIN CERTIFICATE-----"), "{} holds no certificate", bundle.display());
    let both = bench.folder.join("roots.pem");
    fs::replace(&both, &format!("{roots}\n{}", fs::read(root)?))?;
    Ok(both)
}
