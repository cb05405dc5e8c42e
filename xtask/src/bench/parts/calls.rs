//! Calls by the clock: processor time, latency, calls a second, bytes on the wire, and a long walk.

use anyhow::{Context, ensure};

use super::Taken;
use crate::bench::Bench;
use crate::bench::clients::{Task, Told};
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::relay::Relay;

/// Calls that are not measured: connections and caches are there after them.
const WARM: u32 = 200;

/// How many layers a walk is over, and how many the one that it is compared with.
const LAYERS: u32 = 100_000;
const TENTH: u32 = LAYERS / 10;

/// One call after the other, with pages of 1 and of 50 layers.
pub(super) fn latency(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let pages = [
        (bench.server(1, &[])?, [Metric::CpuOne, Metric::MedianOne, Metric::WorstOne]),
        (bench.server(50, &[])?, [Metric::CpuFifty, Metric::MedianFifty, Metric::WorstFifty]),
    ];
    bench.turns(Part::Latency, bench.peers.runnable(), bench.options.repetitions, |bench, peer| {
        let mut taken = Taken::new();
        for (server, [cpu, median, worst]) in &pages {
            let task = Task::Calls { count: calls(peer), in_flight: 1, warm: warm(peer) };
            let told = bench.peers.client(peer)?.run(task, &server.environment)?;
            let each = |nanoseconds: u64| nanoseconds as f64 / 1e9;
            taken.extend(told.cpu_ns.map(|all| (*cpu, each(all) / f64::from(calls(peer)))));
            taken.extend(told.p50_ns.map(|one| (*median, each(one))));
            taken.extend(told.p99_ns.map(|one| (*worst, each(one))));
        }
        Ok(taken)
    });
    Ok(())
}

/// Several calls at a time.
pub(super) fn throughput(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let server = bench.server(1, &[])?;
    let flights = [
        (1, Metric::Calls1, Metric::PerCore1),
        (16, Metric::Calls16, Metric::PerCore16),
        (64, Metric::Calls64, Metric::PerCore64),
    ];
    bench.turns(Part::Throughput, bench.peers.runnable(), bench.options.repetitions, |bench, peer| {
        let mut taken = Taken::new();
        for (in_flight, rate, per_core) in flights {
            let task = Task::Calls { count: calls(peer), in_flight, warm: warm(peer) };
            let told = bench.peers.client(peer)?.run(task, &server.environment)?;
            let per_second = |nanoseconds: u64| f64::from(calls(peer)) * 1e9 / nanoseconds.max(1) as f64;
            taken.push((rate, per_second(told.wall_ns)));
            taken.extend(told.cpu_ns.map(|cpu| (per_core, per_second(cpu))));
        }
        Ok(taken)
    });
    Ok(())
}

/// What a connection moves, by a relay that counts.
pub(super) fn wire(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    const COUNT: u32 = 200;
    let server = bench.server(1, &[])?;
    let relay = Relay::to(server.address()?)?;
    let mut environment = server.environment.clone();
    environment.endpoint_url = format!("http://{}", relay.address());
    bench.turns(Part::Wire, bench.peers.runnable(), 1, |bench, peer| {
        let task = Task::Calls { count: COUNT, in_flight: 1, warm: 0 };
        let ran = bench.peers.client(peer)?.run(task, &environment);
        // Also what a program moved that failed, so that the next one is not charged for it.
        let moved = relay.take();
        ran?;
        ensure!(moved.connections == 1, "opened {} connections for {COUNT} calls, expected 1", moved.connections);
        let each = |bytes: u64| bytes as f64 / f64::from(COUNT);
        Ok(vec![(Metric::Sent, each(moved.sent)), (Metric::Received, each(moved.received))])
    });
    Ok(())
}

/// A listing of many pages. Memory is constant if one of ten times the length takes no more.
pub(super) fn walk(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let (all, tenth) = (bench.server(LAYERS, &[])?, bench.server(TENTH, &[])?);
    let walked = |bench: &Bench<'_>, peer: Peer, server: &super::Server, layers: u32| -> anyhow::Result<Told> {
        let told = bench.peers.client(peer)?.run(Task::Walk, &server.environment)?;
        ensure!(told.layers == Some(layers.into()), "listed {:?} of {layers} layers", told.layers);
        Ok(told)
    };
    let peak = |told: Told| {
        told.peak_bytes.filter(|bytes| *bytes > 0).context("tells no peak memory").map(|bytes| bytes as f64)
    };
    bench.turns(Part::Walk, bench.peers.runnable(), bench.options.repetitions.min(3), |bench, peer| {
        let told = walked(bench, peer, &all, LAYERS)?;
        let short = walked(bench, peer, &tenth, TENTH)?;
        let (peak, tenth) = (peak(told)?, peak(short)?);
        Ok(vec![
            (Metric::Walk, told.wall_ns as f64 / 1e9),
            (Metric::WalkMemory, peak),
            (Metric::WalkTenthMemory, tenth),
            (Metric::WalkGrowth, peak / tenth),
        ])
    });
    Ok(())
}

/// How many calls are measured at once. boto3 takes twenty times as long for one.
fn calls(peer: Peer) -> u32 {
    if peer == Peer::Boto3 { 300 } else { 3000 }
}

fn warm(peer: Peer) -> u32 {
    if peer == Peer::Boto3 { WARM / 10 } else { WARM }
}
