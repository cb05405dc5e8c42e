//! `generate`: models → clients, written where they differ, or only compared.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use tinsmith_codegen::{Diagnostic, Files, Form, Plan, RuntimeSource, emit, import};

use crate::faults::Faults;
use crate::fs;
use crate::models::Models;
use crate::output::Output;

/// A client for whoever asks for it.
#[derive(Debug)]
pub struct Request {
    /// The model.
    pub model: PathBuf,
    /// Its operations, or `*`.
    pub operations: Vec<String>,
    /// The folder.
    pub out: PathBuf,
    /// The rest.
    pub choices: Choices,
}

/// What can be chosen for such a client.
#[derive(Debug, Default, clap::Args)]
#[group(requires = "model")]
pub struct Choices {
    /// Its service, where the model has several.
    #[arg(long)]
    service: Option<String>,
    /// Operations to leave out.
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    skip: Vec<String>,
    /// Make each operation a feature of the crate. These are on by default; `--default-operations=` is for none.
    #[arg(long, value_name = "A,B", value_delimiter = ',', conflicts_with = "module")]
    default_operations: Option<Vec<String>>,
    /// The name of its package [default: tinsmith-SERVICE].
    #[arg(long)]
    name: Option<String>,
    /// Where it finds the runtime: a folder, or a version [default: the one that belongs to this program].
    #[arg(long, value_name = "PATH|VERSION")]
    runtime: Option<String>,
    /// Generate a module of a crate of yours, which depends on tinsmith-runtime, in place of a crate.
    #[arg(long, conflicts_with_all = ["name", "runtime"])]
    module: bool,
}

/// Something to generate.
#[derive(Debug)]
pub struct Job {
    /// What it is made from.
    pub source: PathBuf,
    /// What it is.
    pub what: What,
    /// Where it belongs.
    pub folder: PathBuf,
}

/// What can be generated.
#[derive(Debug)]
pub enum What {
    /// A crate or a module, from a model.
    Client(Plan),
    /// The table of partitions, under this name.
    Partitions(String),
}

/// Generates a client, and writes what differs, or with `check` only compares. `runtime` is where it finds the runtime
/// if the request does not say.
///
/// # Errors
///
/// All that is at fault: with the request, with the model, with files that stand in the way. One operation that cannot be
/// generated is told after the others are written.
pub fn elsewhere(
    root: &Path,
    request: Request,
    runtime: impl FnOnce() -> RuntimeSource,
    check: bool,
) -> anyhow::Result<()> {
    let out = &request.out;
    ensure!(!out.exists() || out.is_dir(), "--out {}: it is a file, expected a folder, or a new name", out.display());
    let mut models = Models::new(root);
    let job = request.job(&mut models, runtime)?;
    run(&mut models, root, vec![job], check.then_some("the same command without --check"))
}

/// Generates everything, and writes what differs; or only compares, if there is a command that mends it.
///
/// # Errors
///
/// As [`elsewhere`].
pub fn run(models: &mut Models<'_>, root: &Path, jobs: Vec<Job>, check: Option<&str>) -> anyhow::Result<()> {
    let (outputs, left_out) = generate(models, root, jobs)?;
    match check {
        Some(command) => compare(root, &outputs, command)?,
        None => write(root, &outputs)?,
    }
    Faults::check(left_out).context("operations were left out, the others are there")
}

/// The release of the runtime that this program generates for.
pub fn released() -> RuntimeSource {
    RuntimeSource::Version(env!("CARGO_PKG_VERSION").to_owned())
}

impl Request {
    fn job(self, models: &mut Models<'_>, runtime: impl FnOnce() -> RuntimeSource) -> anyhow::Result<Job> {
        let Choices { service, skip, default_operations, name, runtime: asked, module } = self.choices;
        let operations = names("--operations", self.operations)?;
        let skip = names("--skip", skip)?;
        // An empty value is one empty name.
        let named = |names: Vec<String>| names.into_iter().filter(|name| !name.is_empty()).collect();
        let default_operations = default_operations.map(named);
        let form = if module {
            Form::Module
        } else {
            let runtime = asked.map_or_else(|| Ok(runtime()), |asked| source(&asked))?;
            let of_model = |models: &mut Models<'_>| -> anyhow::Result<String> {
                Ok(format!("tinsmith-{}", import::name(models.load(&self.model)?).map_err(Faults::from)?))
            };
            let name = name.map(package).transpose()?;
            Form::NewCrate { name: name.map_or_else(|| of_model(models), Ok)?, runtime }
        };
        let plan = Plan { service, operations, skip, default_operations, form };
        Ok(Job { source: self.model, what: What::Client(plan), folder: self.out })
    }
}

/// Names that were given between commas.
fn names(option: &str, given: Vec<String>) -> anyhow::Result<Vec<String>> {
    let names: Vec<_> = given.iter().map(|name| name.trim().to_owned()).collect();
    ensure!(names.iter().all(|name| !name.is_empty()), "{option} {}: a name is empty", given.join(","));
    Ok(names)
}

/// The name of a package that cargo takes, and by which code can call it.
fn package(name: String) -> anyhow::Result<String> {
    // What these say in a path is something else, which no `r#` changes.
    const TAKEN: [&str; 5] = ["core", "crate", "self", "std", "super"];
    let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    ensure!(is_word, "--name {name}: expected letters, digits, `-` and `_`, the first of them a letter");
    ensure!(!TAKEN.contains(&&*name), "--name {name}: no code could call a crate so: Rust has the name for itself");
    Ok(name)
}

/// A version where a requirement begins as one does, otherwise a folder with a Cargo.toml, as an absolute path.
fn source(asked: &str) -> anyhow::Result<RuntimeSource> {
    if asked.starts_with(|c: char| c.is_ascii_digit() || "=^~*<>".contains(c)) {
        return Ok(RuntimeSource::Version(asked.to_owned()));
    }
    let folder = Path::new(asked);
    ensure!(
        folder.join("Cargo.toml").is_file(),
        "--runtime {asked}: expected a version, or a folder with a Cargo.toml"
    );
    Ok(RuntimeSource::Path(std::path::absolute(folder)?.display().to_string()))
}

/// Generates everything, so that nothing is written where a whole job is at fault; and tells which operations it left out.
fn generate(models: &mut Models<'_>, root: &Path, jobs: Vec<Job>) -> anyhow::Result<(Vec<Output>, Vec<String>)> {
    let (mut outputs, mut left_out, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    for job in jobs {
        let shares_manifest = matches!(&job.what, What::Client(plan) if matches!(plan.form, Form::Crate { .. }));
        let generated = match &job.what {
            What::Client(plan) => client(models, &job.source, plan),
            What::Partitions(name) => partitions(root, &job.source, name).map(|files| (files, Vec::new())),
        };
        match generated {
            Ok((files, found)) => {
                outputs.push(Output { folder: job.folder, files, shares_manifest });
                left_out.extend(found.iter().map(ToString::to_string));
            }
            Err(error) => match error.downcast::<Faults>() {
                Ok(found) => faults.extend(found.0),
                Err(error) => faults.push(format!("{error:#}")),
            },
        }
    }
    faults.dedup();
    if !faults.is_empty() {
        faults.append(&mut left_out);
    }
    Faults::check(faults)?;
    Ok((outputs, left_out))
}

/// The files of a client, and why operations are not among them.
fn client(models: &mut Models<'_>, source: &Path, plan: &Plan) -> anyhow::Result<(Files, Vec<Diagnostic>)> {
    let model = models.load(source)?;
    let (plan, left_out) = tinsmith_codegen::possible(model, plan).map_err(Faults::from)?;
    match tinsmith_codegen::generate(model, &plan) {
        Ok(files) => Ok((files, left_out)),
        Err(faults) => Err(Faults::from([faults, left_out].concat()).into()),
    }
}

fn partitions(root: &Path, source: &Path, name: &str) -> anyhow::Result<Files> {
    let file = fs::shown(root, source);
    let found = emit::partitions::emit(&fs::read(source)?);
    let text = found.map_err(|faults| Faults(faults.iter().map(|fault| format!("{file}: {fault}")).collect()))?;
    let mut files = Files::default();
    files.insert(name, text);
    Ok(files)
}

fn compare(root: &Path, outputs: &[Output], command: &str) -> anyhow::Result<()> {
    let foreign = foreign(root, outputs)?;
    let mut faults = Vec::new();
    for output in outputs {
        let (drift, by_hand) = (output.drift()?, output.foreign()?);
        for (what, paths) in [("missing", drift.missing), ("changed", drift.changed), ("orphaned", drift.orphaned)] {
            let paths = paths.iter().map(|path| output.folder.join(path)).filter(|path| !by_hand.contains(path));
            faults.extend(paths.map(|path| format!("{what}: {}", fs::shown(root, &path))));
        }
    }
    // What was not generated is for a person to take away: the command would refuse.
    let remedy = if foreign.is_empty() { format!("{command} mends it") } else { format!("then {command} mends it") };
    Faults::check([foreign, faults].concat())
        .with_context(|| format!("generated files are not what their models say; {remedy}"))
}

fn write(root: &Path, outputs: &[Output]) -> anyhow::Result<()> {
    Faults::check(foreign(root, outputs)?)?;
    for output in outputs {
        let done = output.write()?;
        let folder = fs::shown(root, &output.folder);
        println!("{folder}: {} files, {} written, {} deleted", output.files.0.len(), done.written, done.deleted);
    }
    Ok(())
}

/// What stands in the way of generated files, and what a person can do about it.
fn foreign(root: &Path, outputs: &[Output]) -> anyhow::Result<Vec<String>> {
    let paths = outputs.iter().map(Output::foreign).collect::<Result<Vec<_>, _>>()?;
    let told = |path: PathBuf| {
        let path = fs::shown(root, &path);
        format!("{path} stands where a file is generated, and was not generated: move it, or delete it")
    };
    Ok(paths.into_iter().flatten().map(told).collect())
}
