//! Where the two clients send different requests on purpose.
//!
//! Each entry makes of boto3's request the one that ours is to send instead, and the comparison is with that: what is
//! listed here and differs no longer, is a difference too.

use std::fmt;

use serde_json::{Value, json};

use super::inputs::Input;
use super::recorder::Recorded;

/// Differences that are meant, each with its reason.
const MEANT: [Meant; 4] = [
    // RFC 9110 section 8.6 asks for a length of nothing where a method has a use for a body, and DELETE has none.
    Meant {
        name: "DELETE without a body has no length",
        rewrite: |_, request| {
            let (before, is_delete) = (request.headers.len(), request.method == "DELETE" && request.body.is_empty());
            request.headers.retain(|(name, _)| !is_delete || name != "content-length");
            request.headers.len() < before
        },
    },
    // Smithy's protocol tests ask for it; boto3 says nothing of what blobs are.
    Meant {
        name: "a blob that is the body says so in its content type",
        rewrite: |input, request| {
            let is_blob = BLOBS.iter().any(|member| input.input.get(member).is_some()) && !has_type(request);
            if is_blob {
                request.headers.push(("content-type".to_owned(), "application/octet-stream".to_owned()));
                for (_, value) in request.headers.iter_mut().filter(|(name, _)| name == "authorization") {
                    *value = value.replace("SignedHeaders=", "SignedHeaders=content-type;");
                }
            }
            is_blob
        },
    },
    // Smithy's protocol tests ask for defaults to be sent. botocore's models have none.
    Meant {
        name: "members with a default are always sent",
        rewrite: |_, request| {
            let Ok(mut body) = serde_json::from_slice::<Value>(&request.body) else { return false };
            let filled = fill(&mut body);
            if filled {
                request.body = body.to_string().into_bytes();
            }
            filled
        },
    },
    // Both are texts of the same time.
    Meant {
        name: "fractions of seconds are as long as they need to be",
        rewrite: |_, request| {
            let before = request.query.clone();
            let shorten = |pair: &str| match pair.split_once('=') {
                Some((name, value)) if TIMES.contains(&name) && value.contains('.') => {
                    format!("{name}={}Z", value.trim_end_matches('Z').trim_end_matches('0'))
                }
                _ => pair.to_owned(),
            };
            request.query = before.split('&').map(shorten).collect::<Vec<_>>().join("&");
            request.query != before
        },
    },
];

/// Requests that boto3 sends and ours refuses, each with its reason.
const REFUSED: [Refused; 2] = [
    // Each leads to another resource: servers take `.` and `..` out of a path, and the segment before with them, and an
    // empty one as well.
    Refused {
        name: "labels that are empty, `.` or `..` are refused",
        is: |input| input.labels.iter().any(|label| matches!(label.as_str(), Some("" | "." | ".."))),
    },
    // RFC 9110 section 5.5 calls such values invalid and dangerous, and 5.2 forbids lines that go on in the next.
    Refused {
        name: "headers with control characters are refused",
        is: |input| {
            let control = |text: &str| text.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
            input.headers.iter().filter_map(Value::as_str).any(control)
        },
    },
];

/// Members that are blobs and the whole body.
const BLOBS: [&str; 3] = ["InvokeArgs", "Payload", "Result"];

/// Members that are times in the query.
const TIMES: [&str; 2] = ["StartedAfter", "StartedBefore"];

/// Structures with members that have a default, and those members: what is sent is 0 in each.
const DEFAULTS: [(&str, [&str; 2]); 1] = [("CallbackOptions", ["TimeoutSeconds", "HeartbeatTimeoutSeconds"])];

/// A difference that is meant.
struct Meant {
    name: &'static str,
    /// Changes what boto3 sent for an input into what ours is to send, and says whether that is something else.
    rewrite: fn(&Input, &mut Recorded) -> bool,
}

/// A request that is refused on purpose.
struct Refused {
    name: &'static str,
    /// Whether that is so for an input.
    is: fn(&Input) -> bool,
}

/// How often each was met: those of requests that differ, and requests that are refused.
#[derive(Debug, Default)]
pub(super) struct Known {
    met: [usize; MEANT.len()],
    refused: [usize; REFUSED.len()],
}

impl Known {
    /// What ours is to send where boto3 sends this: another request, or none.
    pub(super) fn expected(&mut self, input: &Input, theirs: &Recorded) -> Option<Recorded> {
        if let Some(index) = REFUSED.iter().position(|refused| (refused.is)(input)) {
            self.refused[index] += 1;
            return None;
        }
        let mut expected = theirs.clone();
        for (meant, met) in MEANT.iter().zip(&mut self.met) {
            *met += usize::from((meant.rewrite)(input, &mut expected));
        }
        Some(expected)
    }

    /// What is listed, and was due for no input.
    pub(super) fn never_met(&self) -> impl Iterator<Item = &'static str> {
        self.counts().filter(|(_, met)| *met == 0).map(|(name, _)| name)
    }

    fn counts(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let refused = REFUSED.iter().map(|refused| refused.name).zip(self.refused);
        MEANT.iter().map(|meant| meant.name).zip(self.met).chain(refused)
    }
}

/// How often each was met, in a line.
impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let met: Vec<_> = self.counts().map(|(name, met)| format!("{name} ({met})")).collect();
        write!(f, "meant to differ: {}", met.join("; "))
    }
}

fn has_type(request: &Recorded) -> bool {
    request.header("content-type").is_some()
}

/// Adds the defaults that are missing, and says whether there were any.
fn fill(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut filled = false;
            for (name, value) in members {
                filled |= fill(value);
                let structure = DEFAULTS.iter().find(|(structure, _)| structure == name);
                if let (Some((_, defaults)), Value::Object(members)) = (structure, value) {
                    for default in
                        defaults.iter().filter(|default| !members.contains_key(**default)).collect::<Vec<_>>()
                    {
                        members.insert((*default).to_owned(), json!(0));
                        filled = true;
                    }
                }
            }
            filled
        }
        // All of them, not only up to the first that lacks something.
        Value::Array(items) => items.iter_mut().map(fill).fold(false, |filled, item| filled | item),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Recorded {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Recorded {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn what_is_meant_is_expected_instead() {
        let signed = |names: &str| format!("AWS4-HMAC-SHA256 Credential=k, SignedHeaders={names}, Signature=0");
        let (typed, untyped) = (signed("content-type;host"), signed("host"));
        let octets = [("authorization", typed.as_str()), ("content-type", "application/octet-stream")];
        let post = |headers: &[(&str, &str)], body: &str| request("POST", "/f", headers, body);
        let get = |target: &str| request("GET", target, &[], "");
        let lacking = r#"[{"CallbackOptions":{}},{"CallbackOptions":{"HeartbeatTimeoutSeconds":1}}]"#;
        let filled = concat!(
            r#"[{"CallbackOptions":{"TimeoutSeconds":0,"HeartbeatTimeoutSeconds":0}},"#,
            r#"{"CallbackOptions":{"HeartbeatTimeoutSeconds":1,"TimeoutSeconds":0}}]"#,
        );
        for (made, label, theirs, expected) in [
            (
                json!({}),
                "f",
                request("DELETE", "/f", &[("content-length", "0")], ""),
                Some(request("DELETE", "/f", &[], "")),
            ),
            (json!({}), "f", post(&[("content-length", "0")], ""), Some(post(&[("content-length", "0")], ""))),
            (json!({ "Payload": "" }), "f", post(&[("authorization", &untyped)], ""), Some(post(&octets, ""))),
            (json!({}), "f", post(&[("authorization", &untyped)], ""), Some(post(&[("authorization", &untyped)], ""))),
            (json!({}), "f", post(&[], lacking), Some(post(&[], filled))),
            (
                json!({}),
                "f",
                get("/f?StartedAfter=1.500Z&Marker=1.500Z"),
                Some(get("/f?StartedAfter=1.5Z&Marker=1.500Z")),
            ),
            (json!({}), "", get("/f/"), None),
            (json!({}), "..", get("/f/.."), None),
            (json!({}), "...", get("/f/..."), Some(get("/f/..."))),
        ] {
            let input = input(made, label, "a\tb");
            assert_eq!(Known::default().expected(&input, &theirs), expected, "{theirs:?}");
        }
        for header in ["a\u{7f}", "\r\n folded"] {
            assert_eq!(Known::default().expected(&input(json!({}), "f", header), &get("/f")), None, "{header:?}");
        }
    }

    fn input(made: Value, label: &str, header: &str) -> Input {
        let (labels, headers) = (vec![json!(label)], vec![json!(header)]);
        Input { operation: "X".to_owned(), number: 0, input: made, labels, headers }
    }
}
