//! Random inputs for all operations, which `inputs.py` makes from botocore's model, one at a time.

use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::Choice;
use crate::process::Running;
use crate::python::Environment;

/// Inputs that are made while they are read.
#[derive(Debug)]
pub(super) struct Inputs {
    running: Running,
    pub(super) head: Head,
    left: usize,
}

/// What the models have, which is told before the inputs.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    /// The operations that both have.
    pub(super) operations: Vec<String>,
    /// The operations that ours has alone.
    pub(super) missing: Vec<String>,
    /// What botocore's has alone: operations, and members of shapes.
    pub(super) newer: Vec<String>,
}

/// An input, and what makes it again.
#[derive(Debug, Deserialize)]
pub(super) struct Input {
    pub(super) operation: String,
    pub(super) number: usize,
    pub(super) input: Value,
    /// The values that become part of the path.
    pub(super) labels: Vec<Value>,
    /// The values that become headers.
    pub(super) headers: Vec<Value>,
}

impl Inputs {
    /// Begins to make inputs: of one operation, or of all.
    pub(super) fn start(python: &Environment, model: &Path, choice: &Choice) -> anyhow::Result<Self> {
        let mut command = python.script(include_str!("inputs.py"));
        command.arg(model).args([choice.seed.to_string(), choice.count.to_string()]);
        command.args(&choice.operation).args(choice.number.map(|number| number.to_string()));
        let mut running = Running::start("the maker of inputs", &mut command)?;
        let head: Head = read(&running.line()?)?;
        let known = choice.operation.as_ref().is_none_or(|operation| head.operations.contains(operation));
        ensure!(known, "there is no operation of that name; there are {}", head.operations.join(", "));
        let each = choice.number.map_or(choice.count, |_| 1);
        let left = each * choice.operation.as_ref().map_or(head.operations.len(), |_| 1);
        Ok(Self { running, head, left })
    }

    /// The next input.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Input>> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        read(&self.running.line()?).map(Some)
    }
}

fn read<T: serde::de::DeserializeOwned>(line: &str) -> anyhow::Result<T> {
    serde_json::from_str(line).with_context(|| format!("the maker of inputs printed {line:?}"))
}
