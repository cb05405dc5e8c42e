//! The stand-in's functions: boto3 invokes them, reads their events and waits for them, so that our client's tests do not
//! only agree with a server of our own; and the examples print what they should.

use std::process::{Command, Stdio};

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::peer::Peers;
use crate::process::{AwsEnvironment, Running, stand_in};

/// What `functions.json` holds beside the functions, which the stand-in reads.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Scene {
    /// A method of boto3's client, or `wait`; what it is given; what it answers.
    calls: Vec<(String, Map<String, Value>, Value)>,
    examples: Vec<Example>,
}

/// A run of an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    example: String,
    arguments: Vec<String>,
    /// All of its standard output.
    prints: String,
    /// A part of its standard error.
    says: String,
    status: i32,
}

pub(super) fn compare(peers: &Peers, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let text = include_str!("functions.json");
    let scene: Scene = serde_json::from_str(text).context("functions.json")?;
    let file = peers.python.log("functions.json");
    crate::fs::replace(&file, text)?;
    let arguments = ["--functions", file.to_str().context("the build folder is not UTF-8")?];
    let (_serving, environment) = stand_in(peers.stand_in()?, &arguments)?;

    let script = &mut peers.python.script(include_str!("functions.py"));
    let mut boto3 = Running::start("boto3", environment.apply(script))?;
    for (call, input, expected) in &scene.calls {
        let answer = boto3.ask(&json!([call, input]).to_string())?;
        let answer: Value = serde_json::from_str(&answer).with_context(|| format!("boto3 printed {answer:?}"))?;
        if answer != *expected {
            differences.push(format!("functions: boto3 answers {answer} to {call} with {input:?}, not {expected}"));
        }
    }
    for example in &scene.examples {
        let difference = example.differs(peers, &environment)?;
        differences
            .extend(difference.map(|what| format!("functions: {} {:?} {what}", example.example, example.arguments)));
    }
    Ok(format!("functions: {} calls of boto3, {} runs of examples", scene.calls.len(), scene.examples.len()))
}

impl Example {
    /// Runs it, and tells what it should not have done.
    fn differs(&self, peers: &Peers, environment: &AwsEnvironment) -> anyhow::Result<Option<String>> {
        let mut command = Command::new(peers.programs.get(&self.example)?);
        command.args(&self.arguments).stdin(Stdio::null());
        let output = environment.apply(&mut command).output().context("cannot start an example")?;
        let [prints, says] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        let is_right =
            prints == self.prints.as_str() && says.contains(&self.says) && output.status.code() == Some(self.status);
        Ok((!is_right).then(|| format!("ends with {}, prints {prints:?} and says {says:?}", output.status)))
    }
}
