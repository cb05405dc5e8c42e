//! Calls by the clock: processor time, latency, calls a second, bytes on the wire, and a long walk.

use anyhow::ensure;

use super::Taken;
use crate::bench::Bench;
use crate::bench::clients::Calls;
use crate::bench::metric::{Metric, Part, Peer};
use crate::bench::relay::Relay;

/// How many layers a walk is over, and how many the one that it is compared with.
const LAYERS: u32 = 100_000;
const TENTH: u32 = LAYERS / 10;

/// One call after the other, with pages of 1 and of 50 layers.
pub(super) fn latency(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let pages = [
        (1, bench.server(1, &[])?, [Metric::CpuOne, Metric::MedianOne, Metric::WorstOne]),
        (50, bench.server(50, &[])?, [Metric::CpuFifty, Metric::MedianFifty, Metric::WorstFifty]),
    ];
    bench.turns(Part::Latency, bench.peers.runnable(), bench.options.repetitions, |bench, peer| {
        let mut taken = Taken::default();
        for (layers, server, [cpu, median, worst]) in &pages {
            let calls = calls(peer, 1);
            let (told, names) = bench.peers.client(peer)?.calls(calls, &server.environment)?;
            taken.read(*layers, names);
            let each = |nanoseconds: u64| nanoseconds as f64 / 1e9;
            taken.add_some(*cpu, told.cpu_ns.map(|all| each(all) / f64::from(calls.count)));
            taken.add_some(*median, told.p50_ns.map(each));
            taken.add_some(*worst, told.p99_ns.map(each));
            if *layers == 1 {
                taken.add(Metric::Calls1, a_second(calls, told.wall_ns));
            }
        }
        Ok(taken)
    });
    Ok(())
}

/// Several calls at a time.
pub(super) fn throughput(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let server = bench.server(1, &[])?;
    let flights = [(16, Metric::Calls16, Metric::PerCore16), (64, Metric::Calls64, Metric::PerCore64)];
    bench.turns(Part::Throughput, bench.peers.runnable(), bench.options.repetitions, |bench, peer| {
        let mut taken = Taken::default();
        for (in_flight, rate, per_core) in flights {
            let calls = calls(peer, in_flight);
            let (told, names) = bench.peers.client(peer)?.calls(calls, &server.environment)?;
            taken.read(1, names);
            taken.add(rate, a_second(calls, told.wall_ns));
            taken.add_some(per_core, told.cpu_ns.map(|cpu| a_second(calls, cpu)));
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
        let calls = Calls { count: COUNT, in_flight: 1, warm: 0 };
        let ran = bench.peers.client(peer)?.calls(calls, &environment);
        // Also what a program moved that failed, so that the next one is not charged for it.
        let moved = relay.take();
        let (_, names) = ran?;
        ensure!(moved.connections == 1, "opened {} connections for {COUNT} calls, expected 1", moved.connections);
        let each = |bytes: u64| bytes as f64 / f64::from(COUNT);
        let mut taken = Taken::default();
        taken.read(1, names);
        taken.add(Metric::Sent, each(moved.sent));
        taken.add(Metric::Received, each(moved.received));
        Ok(taken)
    });
    Ok(())
}

/// A listing of many pages. Memory is constant if one of ten times the length takes no more.
pub(super) fn walk(bench: &mut Bench<'_>) -> anyhow::Result<()> {
    let (all, tenth) = (bench.server(LAYERS, &[])?, bench.server(TENTH, &[])?);
    bench.turns(Part::Walk, bench.peers.runnable(), bench.options.repetitions.min(3), |bench, peer| {
        let client = bench.peers.client(peer)?;
        let (long, short) = (client.walk(LAYERS, &all.environment)?, client.walk(TENTH, &tenth.environment)?);
        let mut taken = Taken::default();
        taken.read(LAYERS, long.checksum);
        taken.read(TENTH, short.checksum);
        taken.add(Metric::Walk, long.wall_ns as f64 / 1e9);
        let [peak, tenth] = [long, short].map(|told| told.peak_bytes.map(|bytes| bytes as f64));
        taken.add_some(Metric::WalkMemory, peak);
        taken.add_some(Metric::WalkTenthMemory, tenth);
        taken.add_some(Metric::WalkGrowth, peak.zip(tenth).map(|(peak, tenth)| peak / tenth));
        Ok(taken)
    });
    Ok(())
}

/// How many calls are measured at once, and how many before: connections and caches are there after them. boto3 takes
/// twenty times as long for one.
fn calls(peer: Peer, in_flight: u32) -> Calls {
    let (count, warm) = if peer == Peer::Boto3 { (1000, 50) } else { (3000, 200) };
    Calls { count, in_flight, warm: warm.max(4 * in_flight) }
}

fn a_second(calls: Calls, nanoseconds: u64) -> f64 {
    f64::from(calls.count) * 1e9 / nanoseconds.max(1) as f64
}
