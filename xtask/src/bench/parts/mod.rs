//! The parts of a run: a function each. What fails is said to be missing.

mod builds;
mod calls;
mod counted;
mod generate;
mod rates;
mod signatures;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};

use super::load::Load;
use super::metric::{Metric, Part, Peer};
use super::report::Made;
use super::server::Server;
use super::{Bench, name};
use crate::measure::build::Build;
use crate::workspace;

/// Measures all parts that are asked for.
pub(super) fn measure(bench: &mut Bench<'_>) {
    for part in bench.parts.clone() {
        let outcome = match part {
            Part::Build => builds::dev(bench),
            Part::Rebuild => builds::rebuild(bench),
            Part::Tree => builds::tree(bench),
            Part::Size => builds::size(bench),
            Part::Instructions => counted::instructions(bench),
            Part::Https => counted::https(bench),
            Part::Latency => calls::latency(bench),
            Part::Throughput => calls::throughput(bench),
            Part::Memory => counted::memory(bench),
            Part::Wire => calls::wire(bench),
            Part::Codec => rates::measure(bench),
            Part::Walk => calls::walk(bench),
            Part::Generate => generate::measure(bench),
        };
        if let Err(error) = outcome {
            bench.miss(&name(part), &error);
        }
    }
}

/// What is taken of a peer at once.
#[derive(Debug, Default)]
struct Taken {
    samples: Vec<(Metric, f64)>,
    /// By how many layers were read, the bytes of their names.
    read: Vec<(u32, u64)>,
}

impl Taken {
    fn add(&mut self, metric: Metric, sample: f64) {
        self.samples.push((metric, sample));
    }

    /// Adds what the system may not tell.
    fn add_some(&mut self, metric: Metric, sample: Option<f64>) {
        self.samples.extend(sample.map(|sample| (metric, sample)));
    }

    /// Says how many bytes of names a listing of so many layers read.
    fn read(&mut self, layers: u32, names: u64) {
        self.read.push((layers, names));
    }
}

impl Bench<'_> {
    /// Builds the programs, measured if that is asked for, and looks which there are.
    pub(super) fn prepare(&mut self, made: &mut Made) {
        builds::release(self);
        builds::python(self, made);
        builds::versions(self, made);
        signatures::check(self);
        if !Load::is_told() {
            self.miss("load of others", &anyhow!("the system does not tell it in /proc: no figure is checked for it"));
        }
    }

    /// The workspace of the programs.
    fn programs(&self) -> PathBuf {
        self.root.join("bench")
    }

    /// Whether one of these parts is asked for.
    fn any(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| self.parts.contains(part))
    }

    /// Says what is missing.
    fn miss(&mut self, what: &str, why: &anyhow::Error) {
        let line = format!("{what}: {why:#}");
        self.progress.tells(&line);
        self.ledger.miss(line);
    }

    /// Measures each of these in turn, and all of them so often, so that what load changes over time changes all of them
    /// alike. One that fails, or reads other than the others, is said to be missing, and has no further turn.
    fn turns(
        &mut self,
        part: Part,
        peers: Vec<Peer>,
        times: u32,
        mut once: impl FnMut(&Self, Peer) -> anyhow::Result<Taken>,
    ) {
        let mut left = peers.clone();
        let mut loads: BTreeMap<Peer, Load> = BTreeMap::new();
        for turn in 1..=times {
            for peer in left.clone() {
                self.progress.says(&format!("{}: {}, {turn} of {times}", name(part), peer.title()));
                let taken = loads.entry(peer).or_default().during(|| once(self, peer));
                match taken.and_then(|taken| self.keep(peer, taken)) {
                    Ok(()) => {}
                    Err(error) => {
                        self.miss(&format!("{}, {}", name(part), peer.title()), &error);
                        left.retain(|other| *other != peer);
                    }
                }
            }
        }
        for peer in peers {
            if let Some(why) = loads.get(&peer).and_then(Load::disturbs) {
                self.ledger.disturb(|metric| metric.about().part == part, peer, &why);
            }
            self.progress.done(part, peer);
        }
    }

    /// Keeps what was taken, if it was taken of the same work.
    fn keep(&mut self, peer: Peer, taken: Taken) -> anyhow::Result<()> {
        for (layers, names) in taken.read {
            let (first, expected) = *self.names.entry(layers).or_insert((peer, names));
            ensure!(
                names == expected,
                "read {names} bytes of names in {layers} layers, and {} {expected}",
                first.title()
            );
        }
        taken.samples.into_iter().for_each(|(metric, sample)| self.ledger.add(metric, peer, sample));
        Ok(())
    }

    /// A server with so many layers.
    fn server(&mut self, layers: u32, more: &[&str]) -> anyhow::Result<Server> {
        Server::start(&self.tool("tinsmith-stand-in")?, layers, more)
    }

    /// A program of the workspace, built for release, once.
    fn tool(&mut self, package: &'static str) -> anyhow::Result<PathBuf> {
        if let Some(program) = self.tools.get(package) {
            return Ok(program.clone());
        }
        self.progress.says(&format!("building {package}"));
        let target = self.folder.join("tools");
        let build = Build { workspace: self.root, package, features: &[], profile: "release", target: &target };
        let built = build.build().with_context(|| format!("{package} does not build"))?;
        let program = built.programs.get(package)?.to_owned();
        self.tools.insert(package, program.clone());
        Ok(program)
    }

    /// Where models of whole services are, beside the repository.
    fn corpus(&self) -> Option<PathBuf> {
        tinsmith_suites::folder("models/corpus").ok()
    }

    /// Where the workspace's models are.
    fn model(&self, name: &str) -> PathBuf {
        workspace::root().join("model").join(name)
    }
}
