//! How the figures are taken.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::figure::Figure;
use super::file::Budgets;
use crate::measure::build::{self, Build};
use crate::measure::callgrind::{self, Instructions};
use crate::measure::lines::{self, Lines};
use crate::measure::tree::Tree;
use crate::process::{Programs, stand_in};
use crate::workspace;

/// The workspace of the programs that are measured, and ours among them.
const BENCH: &str = "bench";
const OURS: &str = "ours";
/// The client whose lines are counted.
const CLIENT: &str = "tinsmith-lambda";

/// A figure, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Number(u64),
    Not(String),
}

/// The compiler: what it makes of the same code differs by these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Compiler {
    pub(super) release: String,
    pub(super) host: String,
}

impl Compiler {
    /// By what `rustc -vV` prints.
    pub(super) fn of(printed: &str) -> anyhow::Result<Self> {
        let named = |name: &str| {
            let found = printed.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.map(str::to_owned).with_context(|| format!("`rustc -vV` prints no {name}:\n{printed}"))
        };
        Ok(Self { release: named("release")?, host: named("host")? })
    }
}

/// Takes figures, in their order.
pub(super) fn take(
    root: &Path,
    wanted: &BTreeSet<Figure>,
    budgets: &Budgets,
    compiler: &Compiler,
) -> anyhow::Result<Vec<(Figure, Taken)>> {
    let mut taken = Vec::new();
    let wants = |figure| wanted.contains(&figure);
    if wants(Figure::Crates) || wants(Figure::Macros) {
        let tree = Tree::of(&root.join(BENCH), OURS)?;
        let macros = tree.macros().len() + usize::from(tree.has("syn"));
        taken.extend([(Figure::Crates, count(tree.count())?), (Figure::Macros, count(macros)?)]);
    }
    let compiled = [Figure::Binary, Figure::InstructionsOne, Figure::InstructionsFifty, Figure::InstructionsStart];
    if compiled.into_iter().any(wants) {
        if compiler.host == budgets.host {
            taken.extend(of_program(root, wanted)?);
        } else {
            let why = format!("what is recorded is of {}, this is {}", budgets.host, compiler.host);
            taken.extend(compiled.map(|figure| (figure, Taken::Not(why.clone()))));
        }
    }
    if wants(Figure::LinesEach) {
        taken.push((Figure::LinesEach, count(Lines::of(root, CLIENT)?.each())?));
    }
    if wants(Figure::LinesListLayers) {
        let file = root.join("crates/lambda/src/operation/list_layers.rs");
        taken.push((Figure::LinesListLayers, count(lines::of_file(&file)?)?));
    }
    taken.retain(|(figure, _)| wants(*figure));
    Ok(taken)
}

fn count(number: usize) -> anyhow::Result<Taken> {
    Ok(Taken::Number(number.try_into()?))
}

/// Those of our program.
fn of_program(root: &Path, wanted: &BTreeSet<Figure>) -> anyhow::Result<Vec<(Figure, Taken)>> {
    let (workspace, target) = (root.join(BENCH), workspace::target(root)?.join("budget"));
    let build = Build { workspace: &workspace, package: OURS, features: &[], profile: "release", target: &target };
    let built = build.build()?;
    let program = built.programs.get(OURS)?;
    let mut taken = vec![(Figure::Binary, Taken::Number(build::size(program)?))];
    let counted = [Figure::InstructionsOne, Figure::InstructionsFifty, Figure::InstructionsStart];
    if !counted.iter().any(|figure| wanted.contains(figure)) {
        return Ok(taken);
    }
    if callgrind::version().is_none() {
        let why = "there is no valgrind: install it (on Debian and Ubuntu the package valgrind)";
        taken.extend(counted.map(|figure| (figure, Taken::Not(why.to_owned()))));
        return Ok(taken);
    }
    let server = Programs::build(root, &["--workspace", "--bin=tinsmith-stand-in"])?;
    let server = server.get("tinsmith-stand-in")?;
    let one = instructions(program, server, 1)?;
    let fifty = instructions(program, server, 50)?;
    taken.extend([
        (Figure::InstructionsOne, Taken::Number(one.call)),
        (Figure::InstructionsFifty, Taken::Number(fifty.call)),
        (Figure::InstructionsStart, Taken::Number(one.start)),
    ]);
    Ok(taken)
}

/// Of a program whose calls are answered with so many layers, the members of each in another order.
fn instructions(program: &Path, server: &Path, layers: u32) -> anyhow::Result<Instructions> {
    let (_serving, environment) = stand_in(server, &["--layers", &layers.to_string(), "--shuffle", "1"])?;
    let instructions = callgrind::of_calls(|calls| {
        let mut command = Command::new(program);
        environment.apply(command.args(["calls", &calls.to_string(), "1"]));
        command
    })?;
    ensure!(instructions.call > 0, "calls of {} take no instructions", program.display());
    Ok(instructions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_compiler_says_of_itself() {
        let printed =
            "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
        let compiler = Compiler::of(printed).unwrap();
        assert_eq!((compiler.release.as_str(), compiler.host.as_str()), ("1.95.0", "x86_64-unknown-linux-gnu"));
        assert!(Compiler::of("rustc 1.95.0").unwrap_err().to_string().starts_with("`rustc -vV` prints no release"));
    }
}
