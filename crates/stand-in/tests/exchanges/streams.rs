//! Streamed answers, event by event, and what can go wrong with them.

use serde_json::Value;
use tinsmith_stand_in::{EventFault, Fault, Function, Gate, Outcome, StandIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{Reply, send, within};
use crate::functions::{invoke, post, start};

async fn stream(stand_in: &StandIn, name: &str, headers: &str) -> Reply {
    let path = format!("/2021-11-15/functions/{name}/response-streaming-invocations");
    send(stand_in.address(), &post(&path, headers, "")).await
}

/// The type and the payload of each event, read by the official crate; and what was left that is none.
fn events(reply: &Reply) -> (Vec<(String, String)>, Option<String>) {
    let mut body = dechunked(reply.body());
    let (mut events, mut rest) = (Vec::new(), None);
    while !body.is_empty() && rest.is_none() {
        match aws_smithy_eventstream::frame::read_message_from(&mut body) {
            Ok(message) => {
                let header = message
                    .headers()
                    .iter()
                    .find(|header| [":event-type", ":exception-type", ":error-code"].contains(&header.name().as_str()));
                let kind = header.unwrap().value().as_string().unwrap().as_str().to_owned();
                events.push((kind, String::from_utf8_lossy(message.payload()).into_owned()));
            }
            Err(error) => rest = Some(error.to_string()),
        }
    }
    (events, rest)
}

/// What chunks hold, whether or not the last one came.
fn dechunked(mut chunks: &[u8]) -> bytes::Bytes {
    let mut body = Vec::new();
    while let Some(line) = chunks.windows(2).position(|pair| pair == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).unwrap(), 16).unwrap();
        body.extend_from_slice(&chunks[line + 2..line + 2 + size]);
        chunks = chunks.get(line + 4 + size..).unwrap_or_default();
    }
    body.into()
}

/// Types and payloads.
type Shown<'a> = &'a [(&'a str, &'a str)];

fn shown(events: Shown<'_>) -> Vec<(String, String)> {
    events.iter().map(|(kind, payload)| ((*kind).to_owned(), (*payload).to_owned())).collect()
}

/// The last event where nothing went wrong and nobody asked for a log.
const COMPLETE: (&str, &str) = ("InvokeComplete", r#"{"ErrorCode":null,"ErrorDetails":null,"LogResult":null}"#);

#[tokio::test]
async fn streamed_answers() {
    let stand_in = start([
        Function::new("f").answers(Outcome::pieces(["ab", "", "c"])).version("1"),
        Function::new("fails").answers(Outcome::pieces(["ab"]).then_fails("Boom", "it broke")),
    ])
    .await;
    let reply = stream(&stand_in, "f:1", "").await;
    let chunks = [("PayloadChunk", "ab"), ("PayloadChunk", ""), ("PayloadChunk", "c"), COMPLETE];
    assert_eq!(events(&reply), (shown(&chunks), None));
    let headers = ["content-type", "x-amz-executed-version"].map(|name| reply.header(name));
    assert_eq!(headers, [Some("application/vnd.amazon.eventstream"), Some("1")]);
    let (failed, _) = events(&stream(&stand_in, "fails", "x-amz-log-type: Tail\r\n").await);
    let last: Value = serde_json::from_str(&failed[1].1).unwrap();
    assert_eq!(last["ErrorCode"], "Unhandled");
    assert_eq!(last["ErrorDetails"], r#"{"errorMessage":"it broke","errorType":"Boom"}"#);
    assert!(last["LogResult"].is_string());
    let kinds = [("x-amz-invocation-type: DryRun\r\n", 204), ("x-amz-invocation-type: Event\r\n", 400)];
    for (headers, status) in kinds {
        assert_eq!(stream(&stand_in, "f", headers).await.status(), status, "{headers}");
    }
}

#[tokio::test]
async fn streams_that_go_wrong() {
    let stand_in = start([Function::new("f").answers(Outcome::pieces(["ab", "cd"]))]).await;
    let told = |code: &str| {
        let message = "no".to_owned();
        let code = code.to_owned();
        [EventFault::Exception { code: code.clone(), message: message.clone() }, EventFault::Error { code, message }]
    };
    let [exception, error] = told("Late");
    let (first, second) = (("PayloadChunk", "ab"), ("PayloadChunk", "cd"));
    let json = r#"{"Type":"Service","Message":"no","code":"Late"}"#;
    let cases: [(usize, EventFault, Shown<'_>, bool); 9] = [
        (0, EventFault::Checksum, &[], true),
        (2, EventFault::Checksum, &[first, second], true),
        // There is no fourth event to spoil.
        (3, EventFault::Checksum, &[first, second, COMPLETE], false),
        (1, EventFault::Cut, &[first], true),
        (1, EventFault::End, &[first], false),
        (9, EventFault::End, &[first, second, COMPLETE], false),
        (1, exception, &[first, ("Late", json)], false),
        (2, error, &[first, second, ("Late", "")], false),
        (1, EventFault::Reset, &[first], false),
    ];
    for (after, fault, expected, is_broken) in cases {
        let name = format!("{fault:?} after {after}");
        let resets = fault == EventFault::Reset;
        stand_in.fault(Fault::Events { after, fault });
        let reply = stream(&stand_in, "f", "").await;
        let (events, rest) = events(&reply);
        assert_eq!((events, rest.is_some()), (shown(expected), is_broken), "{name}: {rest:?}");
        assert_eq!((reply.error.is_some(), reply.bytes.ends_with(b"\r\n0\r\n\r\n")), (resets, !resets), "{name}");
    }
    // Other answers have no events.
    stand_in.fault(Fault::Events { after: 0, fault: EventFault::Reset });
    assert_eq!(invoke(&stand_in, "f", "", "").await.body(), b"abcd");
}

#[tokio::test]
async fn events_wait_at_their_gate() {
    let gate = Gate::new();
    let stand_in = start([Function::new("f").answers(Outcome::pieces(["first", "second"]).gate(&gate))]).await;
    let mut connection = TcpStream::connect(stand_in.address()).await.unwrap();
    let request = post("/2021-11-15/functions/f/response-streaming-invocations", "", "");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut came = Vec::new();
    for (word, not_yet) in [("vnd.amazon.eventstream", "first"), ("first", "second"), ("second", "InvokeComplete")] {
        let holds = |came: &[u8], word: &str| came.windows(word.len()).any(|window| window == word.as_bytes());
        within(word, async {
            while !holds(&came, word) {
                assert_ne!(connection.read_buf(&mut came).await.unwrap(), 0, "{word}");
            }
        })
        .await;
        assert!(!holds(&came, not_yet), "{not_yet}");
        gate.let_pass(1);
    }
    // Who goes away ends the stream.
    assert_eq!(stand_in.open_streams(), 1);
    drop(connection);
    within("end of the stream", async {
        while stand_in.open_streams() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// What stands in place of an event passes the gate as the event would, and whole: it is longer than the event.
#[tokio::test]
async fn an_error_waits_at_the_gate_too() {
    let gate = Gate::new();
    let outcome = Outcome::pieces(["first", "second"]).gate(&gate);
    let stand_in = start([Function::new("f").answers(outcome)]).await;
    let (code, message) = ("Late".to_owned(), "m".repeat(4_000));
    for fault in [EventFault::Exception { code: code.clone(), message: message.clone() }, EventFault::Cut] {
        let is_cut = fault == EventFault::Cut;
        stand_in.fault(Fault::Events { after: 1, fault });
        gate.let_pass(2);
        let (events, rest) = events(&stream(&stand_in, "f", "").await);
        let kinds: Vec<_> = events.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(
            (kinds.as_slice(), rest.is_some()),
            (if is_cut { &["PayloadChunk"][..] } else { &["PayloadChunk", "Late"] }, is_cut)
        );
    }
}
