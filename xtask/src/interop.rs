//! The generated client and boto3, side by side: what they read from moto, what they send, where to, and where they stop listing.
//!
//! Both are programs that are driven by lines of JSON: `tests/interop/client.rs` and `client.py`. Everything runs on
//! loopback, and ends with this process. What the stand-in serves is looked at by boto3 too, in `functions`.

mod calls;
mod functions;
mod inputs;
mod known;
mod members;
mod moto;
mod operations;
mod peer;
mod recorder;
mod request;
mod requests;
mod rules;
mod tokens;

use std::time::Instant;

use crate::process::Programs;
use crate::{python, workspace};

use peer::Peers;

/// What is installed, pinned: a new version of either is an edit of this file, to be seen in its diff.
const REQUIREMENTS: &str = include_str!("interop/requirements.txt");

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Report {
    /// What was compared, a line each.
    pub compared: Vec<String>,
    /// The differences, a line each.
    pub differences: Vec<String>,
}

/// What is compared beside what is always.
#[derive(Clone, Debug)]
pub struct Choice {
    /// How many random inputs of `ListLayers`.
    pub random: usize,
    /// What the random inputs of all operations come from: the same seed gives the same inputs.
    pub seed: u64,
    /// How many random inputs of each operation.
    pub count: usize,
    /// How many random parameters for each endpoint rule set, of the same seed.
    pub rules: usize,
    /// One operation, and nothing but its requests.
    pub operation: Option<String>,
    /// One of its inputs.
    pub number: Option<usize>,
}

/// Compares the two clients.
///
/// # Errors
///
/// Something that the comparison needs is missing, or a program ended early. Differences are no error, but in the report.
pub fn compare(choice: &Choice) -> anyhow::Result<Report> {
    let root = workspace::root();
    let programs = Programs::build(
        &root,
        &[
            "--workspace",
            "--bin=tinsmith-stand-in",
            "--example=list_layers",
            "--example=interop_client",
            "--features=tinsmith-lambda/full",
            "--example=invoke",
            "--example=invoke_with_response_stream",
            "--example=wait_until_active",
        ],
    )?;
    let python = python::environment(&workspace::target(&root)?.join("interop"), REQUIREMENTS)?;
    let peers = Peers { python, programs };
    let mut report = Report::default();
    let operations = |peers: &Peers, differences: &mut Vec<String>| operations::compare(peers, choice, differences);
    let rules = |peers: &Peers, differences: &mut Vec<String>| rules::compare(peers, choice, differences);
    let requests = |peers: &Peers, differences: &mut Vec<String>| requests::compare(peers, choice.random, differences);
    if choice.operation.is_some() {
        report.add(&peers, &[&operations])?;
        return Ok(report);
    }
    let (serving, moto) = moto::start(&peers.python)?;
    let members = |peers: &Peers, differences: &mut Vec<String>| members::compare(peers, &moto, differences);
    let calls = |peers: &Peers, differences: &mut Vec<String>| calls::compare(peers, &moto, differences);
    report.add(&peers, &[&members, &calls])?;
    drop(serving);
    report.add(&peers, &[&requests, &operations, &rules, &tokens::compare, &functions::compare])?;
    Ok(report)
}

/// A part of the comparison: it adds what differs, and returns what was compared.
type Part<'a> = &'a dyn Fn(&Peers, &mut Vec<String>) -> anyhow::Result<String>;

impl Report {
    fn add(&mut self, peers: &Peers, parts: &[Part<'_>]) -> anyhow::Result<()> {
        for part in parts {
            let started = Instant::now();
            let summary = part(peers, &mut self.differences)?;
            self.compared.push(format!("{summary} ({:.1} s)", started.elapsed().as_secs_f32()));
        }
        Ok(())
    }
}
