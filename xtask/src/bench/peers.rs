//! The peers: what of them is built and where, and which are left.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::clients::Client;
use super::metric::Peer;
use crate::measure::build::Build;
use crate::measure::tree::Tree;

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Release,
    Dev,
    /// For development, as cargo compiles crates that come from a registry.
    Registry,
    /// For release, with all operations of Lambda: the official crate has them whatever is called.
    Full,
    /// For size.
    Small,
}

impl Kind {
    /// What it is called where it is built, and where progress is told.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            _ => self.profile(),
        }
    }

    /// The profile of the programs' workspace.
    const fn profile(self) -> &'static str {
        match self {
            Self::Release | Self::Full => "release",
            Self::Dev => "dev",
            Self::Registry => "registry",
            Self::Small => "small",
        }
    }

    const fn features(self) -> &'static [&'static str] {
        match self {
            Self::Full => &["full"],
            _ => &[],
        }
    }
}

/// Those that take part, and their programs.
#[derive(Debug, Default)]
pub(super) struct Peers {
    left: Vec<Peer>,
    clients: BTreeMap<Peer, Client>,
}

/// The versions that a report names: of the crates that are compared, and of those that they share and that weigh most.
const NAMED: [&str; 13] = [
    "aws-config",
    "aws-sdk-lambda",
    "aws-smithy-runtime",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "ring",
    "aws-lc-rs",
    "rustls",
    "serde_json",
    "tinsmith-config",
    "tinsmith-lambda",
    "tokio",
];

impl Peers {
    pub(super) fn of(asked: Vec<Peer>) -> Self {
        Self { left: asked, clients: BTreeMap::new() }
    }

    /// Those that take part.
    pub(super) fn left(&self) -> Vec<Peer> {
        self.left.clone()
    }

    /// Those of them that are compiled.
    pub(super) fn compiled(&self) -> Vec<Peer> {
        self.left.iter().copied().filter(|peer| peer.is_compiled()).collect()
    }

    /// Those that have a program to run.
    pub(super) fn runnable(&self) -> Vec<Peer> {
        self.left.iter().copied().filter(|peer| self.clients.contains_key(peer)).collect()
    }

    /// Leaves one out from now on.
    pub(super) fn leave_out(&mut self, peer: Peer) {
        self.left.retain(|left| *left != peer);
        self.clients.remove(&peer);
    }

    /// Says what is run for one.
    pub(super) fn run_with(&mut self, peer: Peer, client: Client) {
        self.clients.insert(peer, client);
    }

    /// What is run for one.
    pub(super) fn client(&self, peer: Peer) -> anyhow::Result<&Client> {
        self.clients.get(&peer).with_context(|| format!("{} has no program", peer.title()))
    }
}

impl Peer {
    /// The build of its package, with these settings beside the profile's own.
    pub(super) fn build<'a>(self, workspace: &'a Path, kind: Kind, target: &'a Path) -> Build<'a> {
        Build { workspace, package: self.title(), features: kind.features(), profile: kind.profile(), target }
    }

    /// Where that is built.
    pub(super) fn target(self, folder: &Path, kind: Kind) -> PathBuf {
        folder.join(format!("{}-{}", self.title(), kind.name()))
    }

    /// The file that a touch is a change of.
    pub(super) fn source(self, workspace: &Path) -> PathBuf {
        workspace.join("programs").join(if self == Self::Bare { "bare.rs" } else { "sdk.rs" })
    }
}

/// The versions of a tree that a report names.
pub(super) fn versions(tree: &Tree) -> BTreeMap<String, String> {
    let named = tree.versions().filter(|(name, _)| NAMED.contains(name));
    named.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}
