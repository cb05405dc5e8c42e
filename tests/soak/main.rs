//! Soak and chaos: many tasks call a Lambda on loopback for minutes, while faults of all kinds hit them, and an account is kept of
//! everything. `cargo xtask soak` builds and runs it, as `soak SECONDS SEED TASKS`.
//!
//! At the end it says what happened, and whether all was as it must be: each answer the one that the server meant, each attempt
//! accounted for on both sides, memory and descriptors flat, the pools sound, and nothing left when the clients are gone. The
//! same seed brings the same faults for the same calls; which calls are under way at once is up to the machine.

#![allow(clippy::print_stdout, reason = "it answers on stdout")]

mod clients;
mod crowd;
mod dice;
mod doors;
mod flat;
mod key;
mod ledger;
mod machine;
mod plan;
mod question;
mod report;
mod server;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use clients::{Clients, IDLE};
use doors::Run;
use key::Kind;
use plan::Plan;
use question::Truth;
use report::{Left, Report};
use server::Servers;

/// How often memory and descriptors are looked at.
const SAMPLED: Duration = Duration::from_millis(200);

/// How long connections and tasks may take to end when their clients are gone.
const FAREWELL: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    match run() {
        Ok(report) => {
            println!("{}", report.text());
            let wrong = report.wrong();
            wrong.iter().for_each(|wrong| println!("wrong: {wrong}"));
            println!("{}", if wrong.is_empty() { "all as it must be" } else { "not as it must be" });
            if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<Report, Box<dyn Error>> {
    let arguments: Vec<u64> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let [seconds, seed, tasks] = arguments[..] else { return Err("usage: soak SECONDS SEED TASKS".into()) };
    let (until, tasks) = (Duration::from_secs(seconds), u32::try_from(tasks)?);
    let run = Run::new(Plan::new(seed));
    // Servers have a runtime of their own, so that the other one has the tasks of clients and no others.
    let (serving, calling) = (runtime(1)?, runtime(2)?);
    let servers = serving.block_on(Servers::start(&run))?;
    // Connections by which the truth is found end on threads of their own, in their time.
    let before = machine::descriptors();
    let truth = Arc::new(calling.block_on(Truth::find())?);
    let mut report = Report { seed, tasks, ..Report::default() };

    let clients = Arc::new(Clients::new(&run, &servers)?);
    let crowd: Vec<JoinHandle<()>> = (0..tasks)
        .map(|task| calling.spawn(crowd::ask(task, run.clone(), clients.clone(), truth.clone(), until)))
        .collect();
    watch(&run, &crowd, until, &mut report);
    crowd.into_iter().try_for_each(|task| calling.block_on(task))?;

    let most = Kind::ALL.len() * IDLE;
    wait(FAREWELL, || servers.of_clients() <= most);
    report.idle = (servers.of_clients(), most);
    drop(clients);
    let left = || Left {
        connections: servers.open(),
        tasks: calling.metrics().num_alive_tasks(),
        descriptors: machine::descriptors().zip(before).map_or(0, |(now, before)| now.saturating_sub(before)),
    };
    wait(FAREWELL, || left() == Left::default());
    report.left = left();
    account(report, &run, &servers)
}

/// Takes samples until all tasks are done. The warm-up counts from the beginning, the end of the run ends the samples.
fn watch(run: &Run, crowd: &[JoinHandle<()>], until: Duration, report: &mut Report) {
    while !crowd.iter().all(JoinHandle::is_finished) {
        sleep(SAMPLED);
        let now = run.elapsed();
        run.ledger().settle(now);
        if now < until {
            report.memory.extend(now, machine::memory().map(|bytes| bytes as f64));
            report.descriptors.extend(now, machine::descriptors().map(|open| open as f64));
        }
    }
}

/// Waits until something holds, or for too long.
fn wait(most: Duration, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() && begun.elapsed() < most {
        sleep(Duration::from_millis(10));
    }
}

/// Closes the accounts.
fn account(mut report: Report, run: &Run, servers: &Servers) -> Result<Report, Box<dyn Error>> {
    run.ledger().settle_all();
    report.took = run.elapsed();
    report.sums = run.ledger().sums.clone();
    report.connections = servers.accepted();
    report.overlaps = servers.stand_in.overlap_count();
    report.issued = run.issued();
    for (name, relay) in [("TCP", &servers.plain), ("TLS", &servers.tls)] {
        report.links.extend(relay.faults().into_iter().map(|(fault, count)| (format!("{name}, {fault}"), count)));
    }
    Ok(report)
}

fn runtime(threads: usize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(threads).enable_all().build()
}
