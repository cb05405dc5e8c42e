//! Every operation that moto has, called in turn by the generated client and by boto3, each time on an empty moto: what
//! both read from the answers, and as what both know the errors.
//!
//! moto's chance has a seed, so that its ids are the same for both. Of times it is compared that there is one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::members::differ;
use super::peer::{Peer, Peers};
use crate::process::AwsEnvironment;

/// What moto has and cannot do here.
const OUT_OF_REACH: [(&str, &str); 1] = [("InvokeAsync", "moto runs it in Docker, whatever its settings say")];

/// A call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    operation: String,
    /// `{"of": "NAME", "member": "Member"}` within it stands for a member of what an earlier call answered.
    input: Value,
    /// By what later calls name what this one answers.
    name: Option<String>,
    /// The code of the error that is expected.
    error: Option<String>,
    /// Members that ours has, or lacks where they are `null`, and boto3 has otherwise. A required member that a service left
    /// out has the zero value, and of a payload that is empty boto3 has a stream.
    #[serde(default)]
    ours: Map<String, Value>,
    /// How ours refuses what moto answers. A time in a body is a number, and moto writes some as text; botocore takes any.
    unreadable: Option<String>,
}

pub(super) fn compare(peers: &Peers, moto: &AwsEnvironment, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let calls: Vec<Call> = serde_json::from_str(include_str!("calls.json")).context("calls.json")?;
    let mut pair = peers.start(moto)?;
    let scene = pair.boto3.output(&json!({ "call": "prepare" }))?;
    let ours = run(&mut pair.ours, &calls, &scene)?;
    let scene = pair.boto3.output(&json!({ "call": "prepare" }))?;
    let theirs = run(&mut pair.boto3, &calls, &scene)?;
    let mut values = 0;
    for (call, (ours, theirs)) in calls.iter().zip(ours.iter().zip(&theirs)) {
        values += judge(call, ours, theirs, differences);
    }
    let implemented = pair.boto3.output(&json!({ "call": "implemented" }))?;
    let implemented: BTreeSet<_> = implemented.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let called: BTreeSet<_> = calls.iter().map(|call| call.operation.as_str()).collect();
    let out_of_reach = BTreeSet::from(OUT_OF_REACH.map(|(name, _)| name));
    let all: BTreeSet<_> = called.union(&out_of_reach).copied().collect();
    differences.extend(implemented.difference(&all).map(|name| format!("calls: moto has {name}, which is not called")));
    differences.extend(all.difference(&implemented).map(|name| format!("calls: moto has no {name}")));
    let reasons: Vec<_> = OUT_OF_REACH.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    Ok(format!(
        "calls: {} of {} operations that moto has, in {} calls; {values} values ({})",
        called.len(),
        implemented.len(),
        calls.len(),
        reasons.join("; ")
    ))
}

/// What a client answers to each call.
fn run(peer: &mut Peer, calls: &[Call], scene: &Value) -> anyhow::Result<Vec<Value>> {
    let mut named = BTreeMap::from([("scene", scene.clone())]);
    let mut answers = Vec::new();
    for call in calls {
        let Call { operation, input, .. } = call;
        let input = resolved(input, &named).with_context(|| format!("calls.json: {operation}"))?;
        let answer = peer.ask(&json!({ "call": "operation", "operation": operation, "input": input }))?;
        if let Some(name) = &call.name {
            named.insert(name, answer["output"].clone());
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// An input with what stands for members of earlier answers.
fn resolved(input: &Value, named: &BTreeMap<&str, Value>) -> anyhow::Result<Value> {
    Ok(match input {
        Value::Object(members) => match (members.get("of"), members.get("member")) {
            (Some(Value::String(of)), Some(Value::String(member))) => {
                let value = named.get(of.as_str()).and_then(|answer| answer.get(member));
                value.with_context(|| format!("nothing before it answered {of}.{member}"))?.clone()
            }
            _ => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| Ok((name.clone(), resolved(value, named)?)))
                    .collect::<anyhow::Result<Map<_, _>>>()?,
            ),
        },
        Value::Array(items) => {
            items.iter().map(|item| resolved(item, named)).collect::<anyhow::Result<Vec<_>>>()?.into()
        }
        other => other.clone(),
    })
}

/// Compares what both answered to a call, and returns how many values were compared.
fn judge(call: &Call, ours: &Value, theirs: &Value, differences: &mut Vec<String>) -> usize {
    let about = format!("calls: {}", call.operation);
    if let Some(unreadable) = &call.unreadable {
        if theirs.get("output").is_none() || !ours["error"].as_str().is_some_and(|error| error.contains(unreadable)) {
            differences.push(format!("{about}: ours answered {ours}, and an error was expected: {unreadable}"));
        }
        return 1;
    }
    let expected = call.error.as_deref();
    let mut values = 0;
    for (who, answer) in [("ours", ours), ("boto3", theirs)] {
        if answer["code"].as_str() != expected || expected.is_none() && answer.get("output").is_none() {
            let expected = expected.unwrap_or("an output");
            differences.push(format!("{about}: {who} answered {answer}, and {expected} was expected"));
        }
    }
    if kind(ours) != kind(theirs) {
        differences.push(format!("{about}: the error is {} to ours, and {} to boto3", ours["kind"], theirs["kind"]));
    }
    for part in ["output", "code"] {
        let (ours, mut theirs) = (ours.get(part).map(settled), theirs.get(part).map(settled));
        if let Some(Value::Object(theirs)) = &mut theirs {
            theirs.extend(call.ours.clone());
            theirs.retain(|name, _| !call.ours.get(name).is_some_and(Value::is_null));
        }
        if ours.is_some() || theirs.is_some() {
            values += differ(&format!("{about}: {part}"), ours.as_ref(), theirs.as_ref(), differences);
        }
    }
    values
}

/// What a client knows an error as: a type of its own, or none.
fn kind(answer: &Value) -> Option<String> {
    let kind = answer["kind"].as_str()?;
    // Names of types in Rust have no run of capitals.
    (!["ClientError", "Unhandled"].contains(&kind)).then(|| kind.to_lowercase())
}

/// A value with one text for all times.
fn settled(value: &Value) -> Value {
    match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), settled(value))).collect(),
        Value::Array(items) => items.iter().map(settled).collect(),
        Value::String(text) if is_time(text) => json!("(a time)"),
        other => other.clone(),
    }
}

/// Whether a text begins as times of RFC 3339 do.
fn is_time(text: &str) -> bool {
    let fits = |(byte, like): (u8, u8)| if like == b'0' { byte.is_ascii_digit() } else { byte == like };
    text.is_ascii() && text.len() >= 19 && text.bytes().zip(*b"0000-00-00T00:00:00").all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_is_judged() {
        let call = |error: Option<&str>| Call {
            operation: "X".into(),
            input: json!({}),
            name: None,
            error: error.map(str::to_owned),
            ours: Map::from_iter([("Zero".to_owned(), json!(0)), ("Empty".to_owned(), Value::Null)]),
            unreadable: None,
        };
        let (succeeds, fails) = (call(None), call(Some("ENotFoundException")));
        let output = |at: &str| json!({ "output": { "At": at, "N": 1, "Zero": 0 } });
        let theirs = |at: &str| json!({ "output": { "At": at, "N": 1, "Empty": "" } });
        let error = |kind: &str| json!({ "error": "…", "code": "ENotFoundException", "kind": kind });
        for (call, ours, theirs, differences) in [
            (&succeeds, output("2026-11-22T10:00:00Z"), theirs("2026-11-22T11:00:00.5Z"), 0),
            (&succeeds, output("2026-11-22"), theirs("2026-11-23"), 1),
            (&succeeds, error("ENotFoundException"), error("ENotFoundException"), 2),
            (&fails, error("ENotFoundException"), error("eNotFoundException"), 0),
            (&fails, error("Unhandled"), error("ClientError"), 0),
            (&fails, error("Unhandled"), error("ENotFoundException"), 1),
            (&fails, output("now"), error("ClientError"), 3),
        ] {
            let mut found = Vec::new();
            judge(call, &ours, &theirs, &mut found);
            assert_eq!(found.len(), differences, "{found:?}");
        }
    }

    #[test]
    fn inputs_take_from_earlier_answers() {
        let named = BTreeMap::from([("first", json!({ "Id": 7 }))]);
        let input = json!({ "A": [{ "of": "first", "member": "Id" }], "B": "$LATEST" });
        assert_eq!(resolved(&input, &named).unwrap(), json!({ "A": [7], "B": "$LATEST" }));
        assert!(resolved(&json!({ "of": "second", "member": "Id" }), &named).is_err());
    }
}
