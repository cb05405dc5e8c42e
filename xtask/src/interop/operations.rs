//! What both clients send for random inputs of every operation: method, path, query, headers and body.
//!
//! The order of names in a query is free, and so is how a JSON body is spelt. Signatures cannot be equal where bodies are
//! not: that of ours is compared with the one that botocore makes for the request that ours sent.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Choice;
use super::inputs::{Input, Inputs};
use super::known::Known;
use super::peer::{Peer, Peers};
use super::recorder::{Recorded, Recorder, latin1};
use super::request::{pairs, scope, signature, signed_headers};
use crate::process::AwsEnvironment;
use crate::workspace;

/// Headers that are each client's own: who it is, when it signed, which call it is, and what its HTTP says of the
/// connection. What the signature covers of them is compared, but for the time.
const OWN: [&str; 6] =
    ["accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "authorization", "user-agent", "x-amz-date"];

/// What ours says of inputs that it refuses. Another reason to send nothing is none.
const REFUSALS: [&str; 2] = ["is part of the path", "is sent as a header"];

pub(super) fn compare(peers: &Peers, choice: &Choice, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let recorder = Recorder::start()?;
    let environment = AwsEnvironment {
        keys: ("AKIDEXAMPLE", "a-secret-that-signs"),
        session_token: Some("a/session+token=="),
        region: "eu-central-1",
        endpoint_url: recorder.url(),
    };
    let mut pair = peers.start(&environment)?;
    let mut inputs = Inputs::start(&peers.python, &workspace::root().join("model/lambda.json"), choice)?;
    differences.extend(inputs.head.missing.iter().map(|name| format!("operations: botocore has no {name}")));
    let (mut known, mut compared, mut refused) = (Known::default(), 0, 0);
    while let Some(input) = inputs.next()? {
        let ours = record(&mut pair.ours, &recorder, &input)?;
        let mut theirs = record(&mut pair.boto3, &recorder, &input)?;
        refused += usize::from(theirs.request.is_none());
        theirs.request = theirs.request.and_then(|request| known.expected(&input, &request));
        let found = differ(&mut pair.boto3, &ours, &theirs)?;
        let Input { operation, number, input, .. } = &input;
        let again = format!("cargo xtask interop --seed {} --operation {operation} --number {number}", choice.seed);
        for difference in found {
            differences.push(format!("operations: {operation}: {difference}\n  of {input}\n  again: {again}"));
        }
        compared += 1;
    }
    if choice.operation.is_none() && choice.count >= 50 {
        differences.extend(known.never_met().map(|name| format!("operations: listed, and never met: {name}")));
    }
    Ok(format!(
        "operations: {}, {compared} inputs of seed {}, of which neither sends {refused}; {known}; left out of boto3's newer \
         model: {}",
        choice.operation.clone().unwrap_or_else(|| inputs.head.operations.len().to_string()),
        choice.seed,
        inputs.head.newer.len(),
    ))
}

/// What came of an input: the request, if there was one, and what the client said.
#[derive(Debug, Default)]
struct Sent {
    request: Option<Recorded>,
    said: String,
}

/// A difference: in what, and both sides of it.
#[derive(Debug, PartialEq)]
struct Difference {
    what: String,
    ours: String,
    theirs: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, ours, theirs } = self;
        write!(f, "{what}:\n  ours is {ours}\n  boto3's, as it is expected, is {theirs}")
    }
}

fn record(peer: &mut Peer, recorder: &Recorder, input: &Input) -> anyhow::Result<Sent> {
    let Input { operation, input, .. } = input;
    let answer =
        peer.ask(&json!({ "call": "operation", "operation": operation, "input": input, "unchecked": true }))?;
    let mut requests = recorder.take();
    let request = requests.pop().filter(|_| requests.is_empty());
    Ok(Sent { request, said: answer.to_string() })
}

/// How two requests differ. Where none is expected and ours refuses the input, they do not.
fn differ(botocore: &mut Peer, ours: &Sent, theirs: &Sent) -> anyhow::Result<Vec<Difference>> {
    let (our_request, their_request) = match (&ours.request, &theirs.request) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        (None, None) if REFUSALS.iter().any(|refusal| ours.said.contains(refusal)) => return Ok(Vec::new()),
        _ => {
            let sent = |sent: &Sent| match &sent.request {
                Some(request) => format!("sent: {} {}", request.method, request.target()),
                None => format!("not sent; it answered {}", sent.said),
            };
            return Ok(vec![Difference { what: "sending".to_owned(), ours: sent(ours), theirs: sent(theirs) }]);
        }
    };
    let (our_inspection, their_inspection) = (inspect(botocore, our_request)?, inspect(botocore, their_request)?);
    let mut found = visible(our_request, their_request);
    let mut same = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            found.push(Difference { what: what.to_owned(), ours, theirs });
        }
    };
    let signature = signature(our_request).unwrap_or_default().to_owned();
    same("signature", signature, text(&our_inspection["signature"]));
    let is_json = their_request.header("content-type") == Some("application/json");
    match (&our_inspection["body"], &their_inspection["body"]) {
        (Value::String(ours), Value::String(theirs)) if is_json => same("body", ours.clone(), theirs.clone()),
        _ => same("body", bytes(&our_request.body), bytes(&their_request.body)),
    }
    Ok(found)
}

/// How two requests differ in what can be compared as it is: all but bodies and signatures.
fn visible(ours: &Recorded, theirs: &Recorded) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut same = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            found.push(Difference { what: what.to_owned(), ours, theirs });
        }
    };
    same("method", ours.method.clone(), theirs.method.clone());
    same("path", ours.path.clone(), theirs.path.clone());
    same("query", format!("{:?}", pairs(&ours.query)), format!("{:?}", pairs(&theirs.query)));
    same("scope of the signature", format!("{:?}", scope(ours)), format!("{:?}", scope(theirs)));
    same("signed headers", format!("{:?}", signed_headers(ours)), format!("{:?}", signed_headers(theirs)));
    let (our_headers, their_headers) = (headers(ours), headers(theirs));
    let names: BTreeSet<_> = our_headers.keys().chain(their_headers.keys()).collect();
    for name in names {
        let shown = |headers: &BTreeMap<&str, Vec<&str>>| format!("{:?}", headers.get(name));
        same(&format!("header {name}"), shown(&our_headers), shown(&their_headers));
    }
    found
}

/// The headers that both should have, by name.
fn headers(request: &Recorded) -> BTreeMap<&str, Vec<&str>> {
    let mut headers = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in &request.headers {
        // How long a body is hangs on how it is spelt; the recorder read just that much.
        if name == "content-length" && !request.body.is_empty() || OWN.contains(&name.as_str()) {
            continue;
        }
        headers.entry(name.as_str()).or_default().push(value.as_str());
    }
    headers
}

/// What botocore signs a request with, and its body as JSON in one form.
fn inspect(botocore: &mut Peer, request: &Recorded) -> anyhow::Result<Value> {
    let signed = signed_headers(request).unwrap_or_default();
    let headers: BTreeMap<_, _> =
        signed.into_iter().filter_map(|name| Some((name, utf8(request.header(name)?)))).collect();
    let (method, target, body) = (&request.method, request.target(), latin1(&request.body));
    let request = json!({ "call": "inspect", "method": method, "target": target, "headers": headers, "body": body });
    botocore.output(&request)
}

/// The text of bytes that were read a character a byte.
fn utf8(latin1: &str) -> String {
    String::from_utf8_lossy(&latin1.chars().filter_map(|byte| u8::try_from(byte).ok()).collect::<Vec<_>>()).into_owned()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn bytes(bytes: &[u8]) -> String {
    format!("{} bytes: {}", bytes.len(), bytes.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request with a body, and headers that are each client's own.
    fn request(method: &str, path: &str, query: &str, signed: &str, tenant: &str) -> Recorded {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AK/20261122/r/lambda/aws4_request, SignedHeaders={signed}, Signature=0"
        );
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-length", if tenant.is_empty() { "2" } else { "3" }),
            ("user-agent", tenant),
            ("tenant", tenant),
        ];
        Recorded {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            body: b"{}".to_vec(),
        }
    }

    #[test]
    fn every_difference_is_seen() {
        let boto3 = request("PUT", "/a", "x=1&y=2&x=3", "host", "t");
        for (ours, expected) in [
            (request("PUT", "/a", "y=2&x=1&x=3", "host", "t"), vec![]),
            (request("PUT", "/a", "y=2&x=3&x=1", "host", "t"), vec!["query"]),
            (request("POST", "/a/", "", "host", "t"), vec!["method", "path", "query"]),
            (request("PUT", "/a", "x=1&y=2&x=3", "host;x", "t"), vec!["signed headers"]),
            (request("PUT", "/a", "x=1&y=2&x=3", "host", ""), vec!["header tenant"]),
        ] {
            let found: Vec<_> = visible(&ours, &boto3).into_iter().map(|difference| difference.what).collect();
            assert_eq!(found, expected, "{ours:?}");
        }
    }

    #[test]
    fn the_length_of_a_body_is_free_and_of_none_it_is_not() {
        let whole = request("PUT", "/a", "", "host", "t");
        let mut shorter = whole.clone();
        shorter.headers.retain(|(name, _)| name != "content-length");
        assert_eq!(visible(&whole, &shorter), []);
        let empty = |request: &Recorded| Recorded { body: Vec::new(), ..request.clone() };
        assert_eq!(visible(&empty(&whole), &empty(&shorter)).len(), 1);
    }
}
