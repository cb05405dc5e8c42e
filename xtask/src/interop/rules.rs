//! Endpoint rules, with parameters that are drawn: what our compiled rules answer is what botocore's resolver answers, of the
//! same rule sets and the same partitions.

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use super::Choice;
use super::peer::Peers;
use crate::conformance::endpoints;
use crate::{fs, process, workspace};

/// Files with rule sets, all of the project: those of services, and one whose parameters are of every type. The others beside that
/// have functions that botocore does not know, or a tree of rules of which none need match: then botocore goes on behind
/// the tree, and by the specification of Smithy there is no endpoint.
const FILES: [&str; 5] = [
    "model/lambda.json",
    "model/sso.json",
    "model/sso-oidc.json",
    "model/sts.json",
    "codegen/tests/fixtures/endpoint/parameters.json",
];

/// A rule set with cases, in the form of their suite.
#[derive(Deserialize)]
struct Drawn {
    name: String,
    document: Value,
}

pub(super) fn compare(peers: &Peers, choice: &Choice, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let root = workspace::root();
    let Choice { seed, rules, .. } = choice;
    let mut script = peers.python.script(include_str!("rules.py"));
    script.arg(root.join("model/partitions.json")).args([seed.to_string(), rules.to_string()]);
    script.args(FILES.map(|file| root.join(file)));
    let folder = workspace::target(&root)?.join("interop/rules");
    for line in process::output(&mut script)?.lines() {
        let drawn: Drawn = serde_json::from_str(line).context("what draws parameters printed something else")?;
        fs::replace(&folder.join(drawn.name).with_extension("json"), &drawn.document.to_string())?;
    }
    if let Err(error) = endpoints::drawn(&folder) {
        differences.push(format!("rules: {error}"));
    }
    Ok(format!("rules: {rules} draws of seed {seed} for each of {} rule sets", FILES.len()))
}
