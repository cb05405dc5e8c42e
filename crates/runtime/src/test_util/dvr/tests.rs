//! What is recorded is played again, through the file and back; what was not recorded is an error that says so.

use std::error::Error;

use super::{NetworkTraffic, RecordingClient, ReplayingClient};
use crate::http::{Request, Response};
use crate::test_util::{Reply, ScriptedTransport};
use crate::time::{ThreadSleep, within};
use crate::transport::{Transport, TransportError, TransportErrorKind};

fn get(query: &str) -> Request {
    let headers = [("authorization", "hush"), ("x-a", "1"), ("x-a", "2")].into_iter().collect();
    let origin = "https://h.example".to_owned();
    Request { method: "GET", origin, path: "/p".to_owned(), query: query.to_owned(), headers, ..Request::default() }
}

fn post(body: &'static str) -> Request {
    Request { method: "POST", body: body.into(), ..get("") }
}

async fn shown(transport: &impl Transport, request: Request) -> Result<(u16, Vec<u8>), TransportError> {
    let mut response: Response = transport.send(request).await?;
    let second = std::time::Duration::from_secs(1);
    response.body_mut().read_whole(100, &ThreadSleep, Some(second), None).await.unwrap();
    Ok((response.status().as_u16(), response.bytes().to_vec()))
}

/// Records these answers to these requests.
async fn recorded(exchanges: impl IntoIterator<Item = (Request, Reply)>) -> NetworkTraffic {
    let (requests, replies): (Vec<_>, Vec<_>) = exchanges.into_iter().unzip();
    let recording = RecordingClient::new(ScriptedTransport::new(replies));
    for request in requests {
        // A failure is recorded as well.
        let _ = shown(&recording, request).await;
    }
    recording.network_traffic()
}

#[tokio::test]
async fn a_file_holds_all_but_the_secrets() {
    let traffic = recorded([
        (get("b=1&a=%20"), Reply::new(200).header("x-b", "c").body("text \"quoted\"\n")),
        (post(r#"{"clientSecret": "hush"}"#), Reply::new(200).body(&b"\xff\x00"[..])),
        (get("c"), Reply::Failure(TransportErrorKind::Connect)),
        (get("d"), Reply::new(500).body("cut").breaks()),
    ])
    .await;
    let text = traffic.to_json();
    assert!(!text.contains("hush"), "{text}");
    assert_eq!(NetworkTraffic::from_json(text.as_bytes()).unwrap().to_json(), text);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["events"][0]["action"]["Request"]["request"]["headers"]["x-a"], serde_json::json!(["1", "2"]));

    let replaying = ReplayingClient::new(NetworkTraffic::from_json(text.as_bytes()).unwrap());
    // In another order, with parameters in another order, and with other secrets.
    assert_eq!(shown(&replaying, post("{}")).await.unwrap(), (200, b"\xff\x00".to_vec()));
    assert_eq!(shown(&replaying, get("a=%20&b=1")).await.unwrap(), (200, b"text \"quoted\"\n".to_vec()));
    for query in ["c", "d"] {
        assert_eq!(shown(&replaying, get(query)).await.unwrap_err().kind(), TransportErrorKind::Io, "{query}");
    }
    assert_eq!((replaying.left(), replaying.requests().len()), (0, 4));
}

#[tokio::test]
async fn what_was_not_recorded_is_said_to_be_so() {
    let exchange = || [(get("a=1"), Reply::new(200))];
    let replaying = ReplayingClient::new(recorded(exchange()).await);
    let error = shown(&replaying, get("a=2&X-Amz-Signature=hush")).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::User);
    let told = error.source().unwrap().to_string();
    let expected = "no exchange that is left matches GET https://h.example/p?a=2&X-Amz-Signature=** redacted **; \
                    1 are left: GET https://h.example/p?a=1";
    assert_eq!(told, expected);
    assert!(shown(&replaying, get("a=1")).await.is_ok());
    assert!(shown(&replaying, get("a=1")).await.is_err());
}

#[tokio::test]
async fn headers_bodies_and_hosts_are_compared_as_asked() {
    let exchange = || [(post(r#"{"a": 1, "b": 2}"#), Reply::new(200))];
    let check = async |rules: fn(ReplayingClient) -> ReplayingClient, request: Request, matches: bool| {
        let replaying = rules(ReplayingClient::new(recorded(exchange()).await));
        assert_eq!(shown(&replaying, request.try_clone().unwrap()).await.is_ok(), matches, "{replaying:?}");
    };
    let elsewhere = || Request { origin: "http://127.0.0.1:9".to_owned(), ..post("") };
    let with = |name: &'static str, value: &str| {
        let mut request = post("");
        request.headers.insert(name, value);
        request
    };
    check(|all| all, elsewhere(), false).await;
    check(ReplayingClient::any_host, elsewhere(), true).await;
    check(|all| all, with("x-a", "3"), true).await;
    check(|all| all.matching_headers(["x-a"]), with("x-a", "3"), false).await;
    check(|all| all.matching_headers(["X-A", "authorization"]), with("authorization", "another"), true).await;
    check(ReplayingClient::matching_bodies, post(r#"{"b":2,"a":1}"#), true).await;
    check(ReplayingClient::matching_bodies, post(r#"{"b":2,"a":2}"#), false).await;
    check(ReplayingClient::matching_bodies, post(""), false).await;
}

/// A recording as the official crates write it: other headers in another form, a body in pieces, no connection's end.
#[tokio::test]
async fn official_recordings_can_be_played() {
    let text = r#"{"docs": "two pieces", "version": "V0", "events": [
        {"connection_id": 3, "action": {"Request": {"request":
            {"uri": "https://h.example/p", "headers": {"x-a": "1"}, "method": "GET"}}}},
        {"connection_id": 3, "action": {"Eof": {"ok": true, "direction": "Request"}}},
        {"connection_id": 3, "action": {"Response": {"response":
            {"Ok": {"status": 200, "version": "HTTP/1.1", "headers": {}}}}}},
        {"connection_id": 3, "action": {"Data": {"data": {"Utf8": "a"}, "direction": "Response"}}},
        {"connection_id": 3, "action": {"Data": {"data": {"Base64": "Yg=="}, "direction": "Response"}}}]}"#;
    let traffic = NetworkTraffic::from_json(text.as_bytes()).unwrap();
    assert_eq!(traffic.docs.as_deref(), Some("two pieces"));
    assert_eq!(shown(&ReplayingClient::new(traffic), get("")).await.unwrap(), (200, b"ab".to_vec()));
}

#[test]
fn what_is_no_recording_is_told_with_its_place() {
    let check = |text: &str, expected: &str| {
        let told = NetworkTraffic::from_json(text.as_bytes()).unwrap_err().to_string();
        assert!(told.starts_with("not a recording of exchanges: ") && told.contains(expected), "{told}");
    };
    let event = |event: &str| format!(r#"{{"events": [{event}]}}"#);
    check("[", "");
    check("{}", "it has no list `events`");
    check(r#"{"version": "V1", "events": []}"#, "V0 is the one that is known");
    check(&event("{}"), "events[0] has no `connection_id`");
    check(&event(r#"{"connection_id": 1}"#), "events[0] has no `action`");
    check(&event(r#"{"connection_id": 1, "action": {"Other": {}}}"#), "events[0] is of an unknown kind, \"Other\"");
    check(&event(r#"{"connection_id": 1, "action": {"Request": {"request": {"uri": ""}}}}"#), "has no `method`");
    check(
        &event(r#"{"connection_id": 1, "action": {"Response": {"response": {"Ok": {"status": 70000}}}}}"#),
        "has the status 70000",
    );
    check(
        &event(r#"{"connection_id": 1, "action": {"Data": {"data": {"Base64": "?"}, "direction": "Request"}}}"#),
        "neither `Utf8` nor `Base64`",
    );
}

#[tokio::test]
async fn files_are_written_and_read() {
    let path = std::env::temp_dir().join(format!("tinsmith-dvr-{}.json", std::process::id()));
    let recording = RecordingClient::new(ScriptedTransport::new([Reply::new(204)]));
    shown(&recording, get("")).await.unwrap();
    recording.dump_to_file(&path).unwrap();
    let replaying = ReplayingClient::from_file(&path);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(shown(&replaying.unwrap(), get("")).await.unwrap().0, 204);
    assert_eq!(ReplayingClient::from_file(&path).unwrap_err().kind(), std::io::ErrorKind::NotFound);
}

/// A call that is dropped while it waits leaves its request, and no answer.
#[tokio::test]
async fn a_dropped_call_is_recorded_as_one_without_an_answer() {
    let recording = RecordingClient::new(ScriptedTransport::new([Reply::Silence]));
    let waiting = recording.send(get(""));
    assert!(within(&crate::test_util::InstantSleep::default(), std::time::Duration::ZERO, waiting).await.is_err());
    let traffic = recording.network_traffic();
    assert_eq!(traffic.exchanges[0].response, Err("no answer came".to_owned()));
}
