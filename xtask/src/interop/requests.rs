//! What both clients send for the same inputs of `ListLayers`: method, path, query, and the headers that they sign.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::peer::{Pair, Peer, Peers};
use super::recorder::{Recorded, Recorder};
use super::request::{pairs, scope, signed_headers};
use crate::process::AwsEnvironment;

pub(super) fn compare(peers: &Peers, random: usize, differences: &mut Vec<String>) -> anyhow::Result<String> {
    let recorder = Recorder::start()?;
    let (mut inputs, mut pairs, mut signed) = (inputs(), 0, BTreeSet::new());
    inputs.extend(random_inputs(random));
    for session_token in [None, Some("a/session+token==")] {
        let environment = AwsEnvironment {
            keys: ("AKIDEXAMPLE", "a-secret-that-signs"),
            session_token,
            region: "eu-central-1",
            endpoint_url: recorder.url(),
        };
        let mut peers = peers.start(&environment)?;
        for input in &inputs {
            let [ours, theirs] = record(&mut peers, &recorder, input)?;
            let found = differ(input, ours.as_ref(), theirs.as_ref());
            differences.extend(found.into_iter().map(|difference| format!("requests: {input}: {difference}")));
            signed.extend(ours.as_ref().and_then(signed_headers).map(|names| names.join(";")));
            pairs += 1;
        }
    }
    let signed: Vec<_> = signed.into_iter().collect();
    Ok(format!("requests: {} inputs, {pairs} pairs of requests, signing {}", inputs.len(), signed.join(" or ")))
}

/// What both sent, or nothing if one sent none, or more than one.
fn record(peers: &mut Pair, recorder: &Recorder, input: &Value) -> anyhow::Result<[Option<Recorded>; 2]> {
    let request = json!({ "call": "call", "input": input, "unchecked": true });
    let one = |peer: &mut Peer| -> anyhow::Result<Option<Recorded>> {
        peer.output(&request)?;
        let mut requests = recorder.take();
        Ok(requests.pop().filter(|_| requests.is_empty()))
    };
    Ok([one(&mut peers.ours)?, one(&mut peers.boto3)?])
}

/// Every combination of members, with ordinary values; and values that are anything but.
fn inputs() -> Vec<Value> {
    let ordinary = [
        ("CompatibleArchitecture", json!("arm64")),
        ("CompatibleRuntime", json!("python3.12")),
        ("Marker", json!("bWFya2Vy")),
        ("MaxItems", json!(7)),
    ];
    let combination = |chosen: usize| {
        let members = ordinary.iter().enumerate().filter(|(index, _)| chosen & (1 << index) != 0);
        Value::Object(members.map(|(_, (name, value))| ((*name).to_owned(), value.clone())).collect::<Map<_, _>>())
    };
    let mut inputs: Vec<_> = (0..1 << ordinary.len()).map(combination).collect();
    let unknown = ["python9.99", "byol", "nodejs4.3-edge", "", "a b/c?d&e=f", "Größe"];
    inputs.extend(unknown.map(|value| json!({ "CompatibleRuntime": value })));
    inputs.extend(["riscv64", "ARM64", ""].map(|value| json!({ "CompatibleArchitecture": value })));
    inputs.extend([1, 50, 51, 0, -1, i32::MAX, i32::MIN].map(|value| json!({ "MaxItems": value })));
    let markers = [
        "",
        "a+b/=&",
        "a b  c",
        "%41%zz%",
        "-._~",
        "!*'();:@,$",
        "#?[]{}<>|\\^`\"",
        "tab\there\r\nand a line\u{1}\u{7f}",
        "ünï測定🛠\u{e000}\u{10ffff}",
        "é e\u{301}",
        "/../a//./",
    ];
    inputs.extend(markers.map(|value| json!({ "Marker": value })));
    inputs.push(json!({ "Marker": "=/+ é".repeat(400) }));
    inputs.push(json!({ "CompatibleRuntime": "+", "CompatibleArchitecture": "&", "Marker": "é", "MaxItems": 50 }));
    inputs
}

/// Inputs of random members with random values, the same ones each time.
fn random_inputs(count: usize) -> impl Iterator<Item = Value> {
    let mut state = 0x1f2e_3d4c_5b6a_7988u64;
    let mut below = move |limit: usize| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap_or_default()
    };
    (0..count).map(move |_| {
        let mut input = Map::new();
        for name in ["CompatibleArchitecture", "CompatibleRuntime", "Marker"] {
            if below(2) == 0 {
                // Any text of ASCII with its controls, and of some planes beyond it.
                let characters = (0..below(24)).map(|_| match below(4) {
                    0 => char::from_u32(0x80 + u32::try_from(below(0x2000)).unwrap_or_default()).unwrap_or('?'),
                    1 => char::from_u32(0x1_f300 + u32::try_from(below(0x300)).unwrap_or_default()).unwrap_or('?'),
                    _ => char::from(u8::try_from(below(0x80)).unwrap_or_default()),
                });
                input.insert(name.to_owned(), Value::String(characters.collect()));
            }
        }
        if below(2) == 0 {
            let number = i64::try_from(below(1 << 32)).unwrap_or_default() + i64::from(i32::MIN);
            input.insert("MaxItems".to_owned(), json!(number));
        }
        Value::Object(input)
    })
}

/// How two requests differ, and the query from the input.
fn differ(input: &Value, ours: Option<&Recorded>, theirs: Option<&Recorded>) -> Vec<String> {
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        let sent = |request: Option<&Recorded>| if request.is_some() { "one request" } else { "none or several" };
        return vec![format!("ours sent {}, boto3 {}", sent(ours), sent(theirs))];
    };
    let mut differences = Vec::new();
    let mut same = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            differences.push(format!("{what}: ours is {ours}, boto3's is {theirs}"));
        }
    };
    same("method", ours.method.clone(), theirs.method.clone());
    same("path", ours.path.clone(), theirs.path.clone());
    same("query", format!("{:?}", pairs(&ours.query)), format!("{:?}", pairs(&theirs.query)));
    same("content length", length(ours), length(theirs));
    same("scope of the signature", format!("{:?}", scope(ours)), format!("{:?}", scope(theirs)));
    let (our_names, their_names) = (signed_headers(ours), signed_headers(theirs));
    same("signed headers", format!("{our_names:?}"), format!("{their_names:?}"));
    // When it was signed is each one's own.
    for name in our_names.unwrap_or_default().into_iter().filter(|name| *name != "x-amz-date") {
        same(name, format!("{:?}", ours.header(name)), format!("{:?}", theirs.header(name)));
    }
    let mut decoded: Vec<_> =
        pairs(&ours.query).into_iter().map(|(name, value)| (decode(name), decode(value))).collect();
    let mut asked: Vec<_> =
        input.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect();
    decoded.sort();
    asked.sort();
    if decoded != asked {
        differences.push(format!("query: ours says {decoded:?} for {asked:?}"));
    }
    differences
}

fn length(request: &Recorded) -> String {
    request.header("content-length").unwrap_or("0").to_owned()
}

/// The text of a name or value in a query. `+` is a plus: neither client writes a space so.
fn decode(encoded: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Recorded, differ};
    use serde_json::json;

    fn request(query: &str, signed: &str, token: &str) -> Recorded {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AK/20261122/r/lambda/aws4_request, SignedHeaders={signed}, Signature=0"
        );
        let headers = [("authorization", authorization.as_str()), ("token", token)];
        Recorded {
            method: "GET".into(),
            path: "/".into(),
            query: query.into(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
            body: Vec::new(),
        }
    }

    #[test]
    fn every_difference_is_seen() {
        let boto3 = request("Marker=%2B&MaxItems=1", "host;token", "t");
        for (ours, expected) in [
            (request("MaxItems=1&Marker=%2B", "host;token", "t"), vec![]),
            (request("MaxItems=1&Marker=%2b", "host;token", "t"), vec!["query: ours is"]),
            (request("MaxItems=1", "host;token", "t"), vec!["query: ours is", "query: ours says"]),
            (request("MaxItems=1&Marker=%2B", "host", "t"), vec!["signed headers"]),
            (request("MaxItems=1&Marker=%2B", "host;token", "u"), vec!["token"]),
        ] {
            let found = differ(&json!({ "Marker": "+", "MaxItems": 1 }), Some(&ours), Some(&boto3));
            assert!(found.len() == expected.len(), "{found:?}");
            assert!(found.iter().zip(expected).all(|(found, expected)| found.starts_with(expected)), "{found:?}");
        }
        assert_eq!(differ(&json!({}), None, Some(&boto3)).len(), 1);
    }
}
