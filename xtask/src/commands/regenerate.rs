//! `cargo xtask regenerate`: models → crates, written where they differ, or only compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Files, Form, Plan, RuntimeSource, emit, import};

use crate::faults::Faults;
use crate::fs;
use crate::output::Output;
use crate::workspace::{self, Client, Generated, Operations, Package};

/// Generate the crates of the workspace that say so in `[package.metadata.tinsmith]`; or, with --model, one for elsewhere.
#[derive(Debug, clap::Args)]
pub struct Regenerate {
    /// Write nothing; fail if a file is missing, changed or orphaned.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    elsewhere: Option<Elsewhere>,
}

/// A crate for elsewhere.
#[derive(Debug, clap::Args)]
#[group(requires_all = ["model", "operations", "out"])]
struct Elsewhere {
    /// The model of a crate for elsewhere: Smithy JSON AST 2.0.
    #[arg(long, required = false)]
    model: PathBuf,
    /// Its operations, or `*`.
    #[arg(long, required = false, value_delimiter = ',')]
    operations: Vec<String>,
    /// Its folder.
    #[arg(long, required = false)]
    out: PathBuf,
    /// Its service, where the model has several.
    #[arg(long)]
    service: Option<String>,
    /// Operations to leave out.
    #[arg(long, value_delimiter = ',')]
    skip: Vec<String>,
    /// The name of its package [default: tinsmith-SERVICE].
    #[arg(long)]
    name: Option<String>,
    /// Where it finds the runtime: a folder, or a version [default: the folder in this workspace].
    #[arg(long)]
    runtime: Option<String>,
}

/// The package that generated code calls; its own modules call it `crate`.
const RUNTIME: &str = "tinsmith-runtime";

/// Something to generate.
struct Job {
    /// What it is made from.
    source: PathBuf,
    what: What,
    /// Where it belongs.
    folder: PathBuf,
}

enum What {
    /// A crate or a module, from a model.
    Client(Plan),
    /// The table of partitions, under this name.
    Partitions(String),
}

impl Regenerate {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let root = workspace::root();
        let mut models = Models { root: &root, loaded: BTreeMap::new() };
        let (jobs, command) = match &self.elsewhere {
            Some(elsewhere) => (vec![elsewhere.job(&mut models)?], "the same command without --check"),
            None => (jobs(&root)?, "`cargo xtask regenerate`"),
        };
        let outputs = generate(&mut models, jobs)?;
        if self.check {
            return check(&root, &outputs, command);
        }
        write(&root, &outputs)
    }
}

/// Generates the crates of the workspace, and writes what differs.
pub(super) fn workspace_crates() -> anyhow::Result<()> {
    Regenerate { check: false, elsewhere: None }.run()
}

/// The models that were read, each once.
struct Models<'a> {
    root: &'a Path,
    loaded: BTreeMap<PathBuf, Model>,
}

impl Models<'_> {
    fn load(&mut self, path: &Path) -> anyhow::Result<&Model> {
        if !self.loaded.contains_key(path) {
            let file = workspace::shown(self.root, path);
            let model = smithy::load(&file, &fs::read(path)?).map_err(Faults::from)?;
            for (id, count) in model.unknown_traits() {
                eprintln!("note: {file}: the trait {id} is not known and has no effect ({count} times)");
            }
            self.loaded.insert(path.to_owned(), model);
        }
        self.loaded.get(path).with_context(|| path.display().to_string())
    }
}

impl Elsewhere {
    fn job(&self, models: &mut Models<'_>) -> anyhow::Result<Job> {
        let runtime = runtime(models.root, self.runtime.as_deref())?;
        let name = match &self.name {
            Some(name) => name.clone(),
            None => format!("tinsmith-{}", import::name(models.load(&self.model)?).map_err(Faults::from)?),
        };
        let plan = Plan {
            service: self.service.clone(),
            operations: self.operations.clone(),
            skip: self.skip.clone(),
            form: Form::NewCrate { name, runtime },
        };
        Ok(Job { source: self.model.clone(), what: What::Client(plan), folder: self.out.clone() })
    }
}

/// A version where a requirement begins as one does, otherwise a folder with a Cargo.toml, as an absolute path.
fn runtime(root: &Path, asked: Option<&str>) -> anyhow::Result<RuntimeSource> {
    let is_version = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || "=^~*<>".contains(c));
    let folder = match asked {
        Some(version) if is_version(version) => return Ok(RuntimeSource::Version(version.to_owned())),
        Some(folder) => PathBuf::from(folder),
        None => root.join("crates/runtime"),
    };
    let is_crate = folder.join("Cargo.toml").is_file();
    ensure!(is_crate, "--runtime {}: expected a version, or a folder with a Cargo.toml", folder.display());
    Ok(RuntimeSource::Path(std::path::absolute(&folder)?.display().to_string()))
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
    let plan = Plan { service: client.service, operations, skip: client.skip, form };
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

/// Generates everything, so that nothing is written where something is at fault.
fn generate(models: &mut Models<'_>, jobs: Vec<Job>) -> anyhow::Result<Vec<Output>> {
    let (mut outputs, mut faults) = (Vec::new(), Vec::new());
    for job in jobs {
        let shares_manifest = matches!(&job.what, What::Client(plan) if matches!(plan.form, Form::Crate { .. }));
        let generated = match &job.what {
            What::Client(plan) => client(models, &job.source, plan),
            What::Partitions(name) => partitions(models.root, &job.source, name),
        };
        match generated {
            Ok(files) => outputs.push(Output { folder: job.folder, files, shares_manifest }),
            Err(error) => match error.downcast::<Faults>() {
                Ok(found) => faults.extend(found.0),
                Err(error) => faults.push(format!("{error:#}")),
            },
        }
    }
    faults.dedup();
    Faults::check(faults)?;
    Ok(outputs)
}

fn client(models: &mut Models<'_>, source: &Path, plan: &Plan) -> anyhow::Result<Files> {
    let model = models.load(source)?;
    Ok(tinsmith_codegen::generate(model, plan).map_err(Faults::from)?)
}

fn partitions(root: &Path, source: &Path, name: &str) -> anyhow::Result<Files> {
    let file = workspace::shown(root, source);
    let found = emit::partitions::emit(&fs::read(source)?);
    let text = found.map_err(|faults| Faults(faults.iter().map(|fault| format!("{file}: {fault}")).collect()))?;
    let mut files = Files::default();
    files.insert(name, text);
    Ok(files)
}

fn check(root: &Path, outputs: &[Output], command: &str) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for output in outputs {
        let drift = output.drift()?;
        for (what, paths) in [("missing", drift.missing), ("changed", drift.changed), ("orphaned", drift.orphaned)] {
            faults.extend(
                paths.iter().map(|path| format!("{what}: {}", workspace::shown(root, &output.folder.join(path)))),
            );
        }
    }
    Faults::check(faults).with_context(|| format!("generated files are not what their models say; {command} mends it"))
}

fn write(root: &Path, outputs: &[Output]) -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for path in outputs.iter().map(Output::foreign).collect::<Result<Vec<_>, _>>()?.into_iter().flatten() {
        let path = workspace::shown(root, &path);
        faults.push(format!("{path} stands where a file is generated, and was not generated: move it, or delete it"));
    }
    Faults::check(faults)?;
    for output in outputs {
        let done = output.write()?;
        let folder = workspace::shown(root, &output.folder);
        println!("{folder}: {} files, {} written, {} deleted", output.files.0.len(), done.written, done.deleted);
    }
    Ok(())
}
