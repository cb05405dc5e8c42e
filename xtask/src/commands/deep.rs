//! `cargo xtask deep`: what takes longer than a check before each change may. Run by hand; the figures of the last run
//! stand in ARCHITECTURE.md.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::diff::Diff;
use super::features::Features;
use super::interop;
use crate::interop::Choice;
use crate::{conformance, corpus, fuzz, process, workspace};

/// Whole services, below the shared folder.
const CORPUS: &str = "models/corpus";
/// Models of one service of two years, in their folder.
const MODELS: &str = "models";
const LAMBDA: [&str; 2] = ["lambda-2025.json", "lambda-2026.json"];

/// How long it looks.
#[derive(Debug, clap::Args)]
pub struct Deep {
    /// For how many minutes each target of `fuzz/` is given new inputs.
    #[arg(long, default_value_t = 30)]
    minutes: u64,
    /// How many times as many mutated documents as in the tests are held against serde_json.
    #[arg(long, default_value_t = 100)]
    rounds: u32,
    /// How many random inputs of ListLayers are compared with boto3, beside those of `interop`.
    #[arg(long, default_value_t = 2000)]
    random: usize,
    /// How many random inputs of each operation are compared with boto3.
    #[arg(long, default_value_t = 50)]
    count: usize,
    /// How many random parameters for each endpoint rule set are compared with botocore.
    #[arg(long, default_value_t = 2000)]
    rules: usize,
    /// What the random inputs of operations and rule sets come from; the same seed gives the same inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Deep {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let each = Duration::from_secs(self.minutes.saturating_mul(60));
        fuzz::run(&workspace::root(), &fuzz::Choice { targets: Vec::new(), each, seed: 0 })?;
        let started = Instant::now();
        let status = process::cargo(&workspace::root())
            .args(["test", "--release", "--package", "tinsmith-runtime", "--lib", "mutated"])
            .env("TINSMITH_ROUNDS", self.rounds.to_string())
            .status()
            .context("cannot start cargo")?;
        ensure!(status.success(), "the JSON reader and serde_json differ, or the tests do not build");
        println!(
            "json: {} times the usual documents ({:.0} s with the build)",
            self.rounds,
            started.elapsed().as_secs_f32()
        );
        Features { all: true }.run()?;
        match tinsmith_suites::folder(CORPUS) {
            Ok(folder) => corpus::run(&folder, &[], usize::MAX, true)?,
            Err(absent) => conformance::pass_over(absent)?,
        }
        match tinsmith_suites::folder(MODELS) {
            Ok(folder) => {
                let [old, new] = LAMBDA.map(|name| folder.join(name));
                Diff::whole(old.clone(), new.clone()).run()?;
                // Nothing is gone from the later one: what breaks programs is seen the other way round.
                Diff::whole(new, old).run()?;
            }
            Err(absent) => conformance::pass_over(absent)?,
        }
        let Self { random, count, rules, seed, .. } = *self;
        interop::run(&Choice { random, seed, count, rules, operation: None, number: None })
    }
}
