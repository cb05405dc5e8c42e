//! The generated client and boto3, side by side: what they read from moto, what they send, and where they stop listing.
//!
//! Both are programs that are driven by lines of JSON: `tests/interop/client.rs` and `client.py`. Everything runs on
//! loopback, and ends with this process.

mod members;
mod moto;
mod peer;
mod python;
mod recorder;
mod requests;
mod tokens;

use std::time::Instant;

use crate::process::Programs;
use crate::workspace;

use peer::Peers;

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Report {
    /// What was compared, a line each.
    pub compared: Vec<String>,
    /// The differences, a line each.
    pub differences: Vec<String>,
}

/// Compares the two clients; `random` is how many random inputs are sent beside those that are always.
///
/// # Errors
///
/// Something that the comparison needs is missing, or a program ended early. Differences are no error, but in the report.
pub fn compare(random: usize) -> anyhow::Result<Report> {
    let root = workspace::root();
    let programs = Programs::build(
        &root,
        &[
            "--package=tinsmith-lambda",
            "--package=tinsmith-stand-in",
            "--package=tinsmith-tests",
            "--bin=tinsmith-stand-in",
            "--example=list_layers",
            "--example=interop_client",
        ],
    )?;
    let peers = Peers { python: python::environment(&workspace::target(&root)?)?, programs };
    let mut report = Report::default();
    type Part<'a> = &'a dyn Fn(&Peers, &mut Vec<String>) -> anyhow::Result<String>;
    let requests = |peers: &Peers, differences: &mut Vec<String>| requests::compare(peers, random, differences);
    let parts: [Part<'_>; 3] = [&members::compare, &requests, &tokens::compare];
    for part in parts {
        let started = Instant::now();
        let summary = part(&peers, &mut report.differences)?;
        report.compared.push(format!("{summary} ({:.1} s)", started.elapsed().as_secs_f32()));
    }
    Ok(report)
}
