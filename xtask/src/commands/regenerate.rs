//! `cargo xtask regenerate`: models → crates, written where they differ, or only compared.

use std::path::{Path, PathBuf};

use anyhow::{bail, ensure};
use tinsmith::generate::{self, Choices, Job, Request, What};
use tinsmith::models::Models;
use tinsmith_codegen::{Form, Plan, RuntimeSource};

use crate::fs;
use crate::workspace::{self, Client, Generated, Operations, Package};

/// Generate the crates of the workspace that say so in `[package.metadata.tinsmith]`; or, with --model, one for elsewhere.
#[derive(Debug, clap::Args)]
pub struct Regenerate {
    /// Write nothing; fail if a file is missing, changed or orphaned.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    elsewhere: Option<Elsewhere>,
    #[command(flatten)]
    choices: Choices,
}

/// A crate for elsewhere.
#[derive(Debug, clap::Args)]
#[group(requires_all = ["model", "operations", "out"])]
struct Elsewhere {
    /// The model of a crate for elsewhere: Smithy JSON AST 2.0.
    #[arg(long, required = false, value_name = "FILE")]
    model: PathBuf,
    /// Its operations, or `*`.
    #[arg(long, required = false, value_name = "A,B", value_delimiter = ',')]
    operations: Vec<String>,
    /// Its folder.
    #[arg(long, required = false, value_name = "DIR")]
    out: PathBuf,
}

/// The package that generated code calls; its own modules call it `crate`.
const RUNTIME: &str = "tinsmith-runtime";

impl Regenerate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let root = workspace::root();
        match self.elsewhere {
            Some(Elsewhere { model, operations, out }) => {
                let runtime = || RuntimeSource::Path(root.join("crates/runtime").display().to_string());
                let request = Request { model, operations, out, choices: self.choices };
                generate::elsewhere(&root, request, runtime, self.check)
            }
            None => {
                let command = self.check.then_some("`cargo xtask regenerate`");
                generate::run(&mut Models::new(&root), &root, jobs(&root)?, command)
            }
        }
    }
}

/// Generates the crates of the workspace, and writes what differs.
pub(super) fn workspace_crates() -> anyhow::Result<()> {
    Regenerate { check: false, elsewhere: None, choices: Choices::default() }.run()
}

/// What the crates of the workspace ask for.
fn jobs(root: &Path) -> anyhow::Result<Vec<Job>> {
    let mut jobs = Vec::new();
    for package in workspace::metadata(root, false)?.packages {
        for generated in package.generated()? {
            jobs.push(match generated {
                Generated::Client(client) => client_job(root, &package, client)?,
                Generated::Partitions(path) => partitions_job(root, &package, &path)?,
            });
        }
    }
    ensure!(!jobs.is_empty(), "no crate of the workspace has [package.metadata.tinsmith]");
    Ok(jobs)
}

fn client_job(root: &Path, package: &Package, client: Client) -> anyhow::Result<Job> {
    let (form, folder) = match client.module {
        Some(module) if package.name == RUNTIME => (Form::RuntimeModule, package.folder().join(module)),
        Some(module) => (Form::Module, package.folder().join(module)),
        None => (Form::Crate { manifest: fs::read(&package.manifest_path)? }, package.folder().to_owned()),
    };
    let operations = match client.operations {
        Operations::One(name) => vec![name],
        Operations::Several(names) => names,
    };
    let Client { service, skip, default_operations, .. } = client;
    let plan = Plan { service, operations, skip, default_operations, form };
    let source = root.join("model").join(format!("{}.json", client.model));
    Ok(Job { source, what: What::Client(plan), folder })
}

fn partitions_job(root: &Path, package: &Package, path: &Path) -> anyhow::Result<Job> {
    let path = package.folder().join(path);
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        bail!("{}: [package.metadata.tinsmith]: `partitions` names no file", package.manifest_path.display());
    };
    let what = What::Partitions(name.to_string_lossy().into_owned());
    Ok(Job { source: root.join("model/partitions.json"), what, folder: folder.to_owned() })
}
