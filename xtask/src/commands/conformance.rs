//! `cargo xtask conformance`: suites that others wrote, and that need generated code to be compiled first.

use crate::conformance;

/// A suite.
#[derive(Debug, clap::Subcommand)]
pub enum Conformance {
    /// Compile every endpoint rule set of the suites, and run its cases.
    Endpoints,
    /// Generate the clients of Smithy's protocol tests, and run their cases.
    Protocol,
    /// Compile JMESPath's own cases as waiters, and run them.
    Waiters,
}

impl Conformance {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::Endpoints => conformance::endpoints::run(),
            Self::Protocol => conformance::protocol::run(),
            Self::Waiters => conformance::waiters::run(),
        }
    }
}
