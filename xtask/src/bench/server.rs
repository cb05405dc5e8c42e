//! The stand-in, as the server of all programs.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;

use crate::process::{AwsEnvironment, Running, stand_in};

/// A server, and what its clients have to know. Dropping it ends it; so does the end of this process.
#[derive(Debug)]
pub(super) struct Server {
    _running: Running,
    pub(super) environment: AwsEnvironment,
}

impl Server {
    /// Starts one with so many layers, the members of each in an order that is drawn: the service promises none. It looks at no
    /// signature, for one of the programs makes none, and it is to do the same for all.
    pub(super) fn start(program: &Path, layers: u32, more: &[&str]) -> anyhow::Result<Self> {
        let layers = layers.to_string();
        Self::with(program, &[&["--layers", &layers, "--shuffle", "1", "--no-signature-check"], more].concat())
    }

    /// Starts one with a layer that looks at signatures.
    pub(super) fn that_checks(program: &Path) -> anyhow::Result<Self> {
        Self::with(program, &["--layers", "1"])
    }

    fn with(program: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let (running, environment) = stand_in(program, arguments)?;
        Ok(Self { _running: running, environment })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> anyhow::Result<SocketAddr> {
        let url = &self.environment.endpoint_url;
        let address = url.rsplit('/').next().and_then(|address| address.parse().ok());
        address.with_context(|| format!("the stand-in listens at {url}, expected SCHEME://ADDRESS:PORT"))
    }
}
