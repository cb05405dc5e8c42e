//! The two programs that are compared, and how they are asked.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::process::{AwsEnvironment, Programs, Running};
use crate::python::Environment;

/// Where both come from.
#[derive(Debug)]
pub(super) struct Peers {
    pub(super) python: Environment,
    pub(super) programs: Programs,
}

/// Both, each asked the same.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) ours: Peer,
    pub(super) boto3: Peer,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Peer {
    name: &'static str,
    running: Running,
}

impl Peers {
    /// Starts both.
    pub(super) fn start(&self, environment: &AwsEnvironment) -> anyhow::Result<Pair> {
        Ok(Pair { ours: self.ours(environment)?, boto3: self.boto3(environment)? })
    }

    /// Starts boto3 alone.
    pub(super) fn boto3(&self, environment: &AwsEnvironment) -> anyhow::Result<Peer> {
        Peer::start("boto3", &mut self.python.script(include_str!("client.py")), environment)
    }

    fn ours(&self, environment: &AwsEnvironment) -> anyhow::Result<Peer> {
        Peer::start("the generated client", &mut Command::new(self.programs.get("interop_client")?), environment)
    }

    /// The path of the stand-in.
    pub(super) fn stand_in(&self) -> anyhow::Result<&Path> {
        self.programs.get("tinsmith-stand-in")
    }
}

impl Peer {
    fn start(name: &'static str, command: &mut Command, environment: &AwsEnvironment) -> anyhow::Result<Self> {
        Ok(Self { name, running: Running::start(name, environment.apply(command))? })
    }

    /// Asks, and expects an output.
    pub(super) fn output(&mut self, request: &Value) -> anyhow::Result<Value> {
        let answer = self.ask(request)?;
        match answer.get("output") {
            Some(output) => Ok(output.clone()),
            None => bail!("{} answered {answer} to {request}", self.name),
        }
    }

    /// Asks; the answer is an output or an error.
    pub(super) fn ask(&mut self, request: &Value) -> anyhow::Result<Value> {
        let line = self.running.ask(&request.to_string())?;
        serde_json::from_str(&line).with_context(|| format!("{} printed {line:?}", self.name))
    }
}

/// A request to list with the pager: all of it unless limits say otherwise.
pub(super) fn paginate(limits: Value) -> Value {
    let mut request = json!({ "call": "paginate", "input": {} });
    if let (Value::Object(request), Value::Object(limits)) = (&mut request, limits) {
        request.extend(limits.into_iter().filter(|(_, limit)| !limit.is_null()));
    }
    request
}
