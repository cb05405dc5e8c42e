//! How far a run is, and what is running.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::metric::{Part, Peer};

/// A bar on a terminal, and lines elsewhere.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Of a run over these parts with these peers.
    ///
    /// # Errors
    ///
    /// Never: the template of the bar is a constant.
    pub(super) fn of(parts: &[Part], peers: &[Peer]) -> anyhow::Result<Self> {
        let seconds = parts.iter().flat_map(|part| peers.iter().map(|peer| seconds(*part, *peer))).sum();
        let bar = ProgressBar::new(seconds);
        bar.set_style(ProgressStyle::with_template("{bar:20} {percent:>3} %  {elapsed}  {wide_msg}")?);
        bar.enable_steady_tick(Duration::from_millis(200));
        Ok(Self(bar))
    }

    /// Says what is running.
    pub(super) fn says(&self, what: &str) {
        if self.0.is_hidden() {
            eprintln!("{what}");
        }
        self.0.set_message(what.to_owned());
    }

    /// A peer is through with a part.
    pub(super) fn done(&self, part: Part, peer: Peer) {
        self.0.inc(seconds(part, peer));
    }

    /// Shows a line that stays, above the bar.
    pub(super) fn tells(&self, line: &str) {
        self.aside(|| eprintln!("{line}"));
    }

    /// Does something that may print lines of its own.
    pub(super) fn aside<T>(&self, job: impl FnOnce() -> T) -> T {
        self.0.suspend(job)
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// About how long it takes on two cores, so that the bar runs evenly.
fn seconds(part: Part, peer: Peer) -> u64 {
    match (part, peer) {
        (Part::Build, Peer::Official) => 420,
        (Part::Build, Peer::Ours) => 330,
        (Part::Build, Peer::Bare) => 130,
        (Part::Size, Peer::Official) => 280,
        (Part::Size, Peer::Ours | Peer::Bare) => 80,
        (Part::Build | Part::Rebuild | Part::Size | Part::Tree, Peer::Boto3) => 0,
        (Part::Rebuild | Part::Codec, _) => 20,
        (Part::Tree | Part::Wire, _) => 1,
        (Part::Instructions | Part::Https | Part::Latency | Part::Throughput | Part::Memory | Part::Walk, _) => 15,
        (Part::Generate, _) => 20,
    }
}
