//! Layers published to moto with boto3, listed by the example and by boto3: every member of every layer.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::peer::{Peers, paginate};
use crate::process::AwsEnvironment;

pub(super) fn compare(peers: &Peers, moto: &AwsEnvironment, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let mut boto3 = peers.boto3(moto)?;
    let versions = versions();
    for version in &versions {
        boto3.output(&json!({ "call": "publish", "input": version }))?;
    }
    let theirs = boto3.output(&paginate(Value::Null))?;
    let ours = example(peers, moto)?;
    let layers = theirs["Layers"].as_array().map_or(0, Vec::len);
    let names = versions.iter().filter_map(|version| version["LayerName"].as_str()).collect::<BTreeSet<_>>().len();
    ensure!(layers == names, "boto3 published {names} layers to moto, and listed {layers}");
    let members = differ("members: ", Some(&ours), Some(&theirs), differences);
    Ok(format!("members: {layers} layers ({} versions published to moto), {members} values", versions.len()))
}

/// Layers with everything that can be published, and with almost nothing.
fn versions() -> Vec<Value> {
    vec![
        json!({ "LayerName": "plain" }),
        json!({ "LayerName": "whole", "Description": "first", "LicenseInfo": "MIT",
                "CompatibleRuntimes": ["python3.12"], "CompatibleArchitectures": ["x86_64"] }),
        json!({ "LayerName": "whole", "Description": "second", "LicenseInfo": "Apache-2.0",
                "CompatibleRuntimes": ["python3.12", "python3.13", "nodejs22.x"],
                "CompatibleArchitectures": ["x86_64", "arm64"] }),
        json!({ "LayerName": "whole", "Description": "third", "LicenseInfo": "https://opensource.org/license/mit",
                "CompatibleRuntimes": ["provided.al2023"], "CompatibleArchitectures": ["arm64"] }),
        json!({ "LayerName": "described", "Description": "Größe, 測定 🛠, \"quoted\", back\\slash, \t tab and\nline" }),
        json!({ "LayerName": "runtimes", "CompatibleRuntimes": ["java21", "ruby3.3", "dotnet8"] }),
        json!({ "LayerName": "retired", "CompatibleRuntimes": ["python2.7", "nodejs4.3-edge"] }),
        json!({ "LayerName": "architectures", "CompatibleArchitectures": ["arm64"] }),
        json!({ "LayerName": "licensed", "LicenseInfo": "BSD-3-Clause OR MIT" }),
        json!({ "LayerName": "empty-lists", "CompatibleRuntimes": [], "CompatibleArchitectures": [], "Description": "" }),
        json!({ "LayerName": "two", "Description": "old" }),
        json!({ "LayerName": "two", "CompatibleArchitectures": ["x86_64"] }),
    ]
}

/// What the example prints as JSON.
fn example(peers: &Peers, environment: &AwsEnvironment) -> anyhow::Result<Value> {
    let mut command = Command::new(peers.programs.get("list_layers")?);
    command.args(["--output", "json"]).stderr(Stdio::inherit());
    let output = environment.apply(&mut command).output().context("cannot start the example")?;
    ensure!(output.status.success(), "the example failed: {}", output.status);
    serde_json::from_slice(&output.stdout).context("the example printed no JSON")
}

/// Compares two values member by member, and returns how many values were compared. `at` says where they are. A member
/// that is not there is not one that is `null`.
pub(super) fn differ(at: &str, ours: Option<&Value>, theirs: Option<&Value>, differences: &mut Vec<String>) -> usize {
    match (ours, theirs) {
        (Some(Value::Object(our_members)), Some(Value::Object(their_members))) => {
            let names: BTreeSet<_> = our_members.keys().chain(their_members.keys()).collect();
            let member = |name: &String| {
                differ(&format!("{at}.{name}"), our_members.get(name), their_members.get(name), differences)
            };
            names.into_iter().map(member).sum()
        }
        (Some(Value::Array(our_items)), Some(Value::Array(their_items))) => {
            let item =
                |index| differ(&format!("{at}[{index}]"), our_items.get(index), their_items.get(index), differences);
            (0..our_items.len().max(their_items.len())).map(item).sum()
        }
        _ => {
            if ours != theirs {
                let shown = |value: Option<&Value>| value.map_or("absent".to_owned(), Value::to_string);
                differences.push(format!("{at}: ours is {}, boto3's is {}", shown(ours), shown(theirs)));
            }
            1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::differ;
    use serde_json::json;

    #[test]
    fn every_difference_is_seen() {
        for (ours, theirs, expected) in [
            (json!({ "a": [1, { "b": "x" }] }), json!({ "a": [1, { "b": "x" }] }), vec![]),
            (json!([1, { "b": "x" }]), json!([1, { "b": "y" }]), vec!["[1].b: ours is \"x\", boto3's is \"y\""]),
            (json!({ "a": 1 }), json!({}), vec![".a: ours is 1, boto3's is absent"]),
            (json!({}), json!({ "a": null }), vec![".a: ours is absent, boto3's is null"]),
            (json!([1]), json!([1, 2]), vec!["[1]: ours is absent, boto3's is 2"]),
            (json!([]), json!({}), vec![": ours is [], boto3's is {}"]),
        ] {
            let mut differences = Vec::new();
            differ("at", Some(&ours), Some(&theirs), &mut differences);
            let expected: Vec<_> = expected.iter().map(|line| format!("at{line}")).collect();
            assert_eq!(differences, expected);
        }
    }
}
