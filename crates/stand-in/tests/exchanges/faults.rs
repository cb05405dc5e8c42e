//! Each fault as it is seen on the wire.

use std::io::ErrorKind::{self, ConnectionReset};
use std::time::{Duration, Instant};

use tinsmith_stand_in::{CodePlace, End, Fault, Layers, RetryAfter, StandIn};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{PATH, Reply, Signer, list, send};

const PLAIN: &str = "GET /2018-10-31/layers HTTP/1.1\r\nhost: x\r\n\r\n";

/// One request under one fault, and what came after it: the next request is answered as if nothing had been.
async fn under(fault: Fault) -> Reply {
    let stand_in = StandIn::builder().layers(Layers::generate(3)).fault(fault).start().await.unwrap();
    let reply = list(&stand_in, "").await;
    assert_eq!(list(&stand_in, "").await.names().len(), 3);
    reply
}

#[tokio::test]
async fn throttling() {
    let throttle = |code, retry_after| Fault::Throttle { code, retry_after };
    let uri = "TooManyRequestsException:http://internal.amazon.com/coral/com.amazonaws.awslambda/";
    let bare = "TooManyRequestsException";
    let cases = [
        (throttle(CodePlace::HeaderWithUri, RetryAfter::Seconds(7)), Some(uri), None, ("retry-after", Some("7"))),
        (throttle(CodePlace::Header, RetryAfter::Text("soon".into())), Some(bare), None, ("retry-after", Some("soon"))),
        (throttle(CodePlace::Body("code"), RetryAfter::Never), None, Some(("code", bare)), ("retry-after", None)),
        (
            throttle(CodePlace::Body("Code"), RetryAfter::Milliseconds(250)),
            None,
            Some(("Code", bare)),
            ("x-amz-retry-after", Some("250")),
        ),
        (
            throttle(CodePlace::BodyWithNamespace, RetryAfter::Never),
            None,
            Some(("__type", "com.amazonaws.lambda#TooManyRequestsException")),
            ("retry-after", None),
        ),
        (throttle(CodePlace::Nowhere, RetryAfter::Never), None, None, ("retry-after", None)),
    ];
    for (fault, header, member, (name, value)) in cases {
        let reply = under(fault.clone()).await;
        assert_eq!((reply.status(), reply.header("x-amzn-errortype")), (429, header), "{fault:?}");
        assert_eq!(reply.header(name), value, "{fault:?}");
        let body = reply.json();
        assert_eq!((&body["Reason"], &body["Type"]), (&"CallerRateLimitExceeded".into(), &"User".into()), "{fault:?}");
        let coded = ["code", "Code", "__type"].into_iter().find_map(|name| Some((name, body[name].as_str()?)));
        assert_eq!(coded, member, "{fault:?}");
    }
    let dated = under(throttle(CodePlace::Header, RetryAfter::Date(60))).await;
    let (date, now) = (dated.header("retry-after").unwrap(), dated.header("date").unwrap());
    let ahead = httpdate::parse_http_date(date).unwrap().duration_since(httpdate::parse_http_date(now).unwrap());
    assert_eq!(ahead.unwrap(), Duration::from_secs(60));
}

#[tokio::test]
async fn answers_of_their_own() {
    let whole = under(Fault::None).await.body().to_vec();
    let text = |text: &str| text.as_bytes().to_vec();
    let cases = [
        (Fault::Html(503), 503, Some("text/html"), None),
        (Fault::Empty(500), 500, None, Some(Vec::new())),
        (Fault::NotJson, 200, Some("application/json"), Some(text("The service is resting."))),
        (Fault::TruncatedJson, 200, Some("application/json"), Some(whole[..whole.len() / 2].to_vec())),
    ];
    for (fault, status, content_type, body) in cases {
        let reply = under(fault.clone()).await;
        assert_eq!((reply.status(), reply.header("content-type")), (status, content_type), "{fault:?}");
        assert!(body.is_none_or(|body| body == reply.body()), "{fault:?}");
        assert!(reply.header("x-amzn-requestid").is_some_and(|id| id.len() == 36), "{fault:?}");
    }
    assert!(under(Fault::Html(503)).await.body().starts_with(b"<html>"));
    let oversized = under(Fault::Oversized(2_000_000)).await;
    assert_eq!((oversized.body().len(), oversized.names().len()), (2_000_000, 3));
    let error = Fault::Error { status: 400, code: "X".into(), place: CodePlace::Header, message: "m".into() };
    let error = under(error).await;
    assert_eq!((error.status(), error.code(), error.message()), (400, "X", "m".to_owned()));
}

#[tokio::test]
async fn responses_to_the_letter() {
    let respond = |status, headers: &[(&str, &str)], body: &[u8]| Fault::Respond {
        status,
        headers: headers.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        body: body.to_vec(),
    };
    let reply = under(respond(202, &[("x-a", "1"), ("x-a", "2")], b"\xff")).await;
    assert_eq!((reply.status(), reply.header("content-length"), reply.body()), (202, Some("1"), &b"\xff"[..]));
    assert_eq!(String::from_utf8_lossy(&reply.bytes).matches("x-a: ").count(), 2);
    assert_eq!(reply.header("x-amzn-requestid"), None);
    let raw = under(respond(200, &[("Content-Length", "9"), ("content-length", "1")], b"x")).await;
    assert_eq!(raw.bytes, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\ncontent-length: 1\r\n\r\nx");
    assert_eq!(under(Fault::Raw(b"\x16\x03".to_vec())).await.bytes, b"\x16\x03");
}

#[tokio::test]
async fn broken_connections() {
    let length = |reply: &Reply| reply.header("content-length").map(|length| length.parse::<usize>().unwrap());
    let whole = length(&under(Fault::None).await).unwrap();
    // The fault, the length that it tells, the bytes of body that come, and how the connection ends.
    let cases: [(Fault, Option<usize>, usize, Option<ErrorKind>); 8] = [
        (Fault::ResetBeforeRequest, None, 0, Some(ConnectionReset)),
        (Fault::ResetAfterRequest, None, 0, Some(ConnectionReset)),
        (Fault::CloseAfterRequest, None, 0, None),
        (Fault::ResetMidBody, Some(whole), whole / 2, Some(ConnectionReset)),
        (Fault::CloseMidBody, None, format!("{:x}\r\n\r\n", whole / 2).len() + whole / 2, None),
        (Fault::TruncatedBody, Some(whole), whole / 2, None),
        (Fault::WrongLength(100), Some(whole + 100), whole, None),
        (Fault::WrongLength(-10), Some(whole - 10), whole, None),
    ];
    for (fault, told, came, error) in cases {
        let reply = under(fault.clone()).await;
        assert_eq!((length(&reply), reply.body().len(), reply.error), (told, came, error), "{fault:?}");
    }
}

#[tokio::test]
async fn slow_answers() {
    let at_least = |millis: u64| move |start: Instant| start.elapsed() >= Duration::from_millis(millis);
    let start = Instant::now();
    assert_eq!(under(Fault::SlowHeaders(Duration::from_millis(80))).await.names().len(), 3);
    assert!(at_least(80)(start));
    let start = Instant::now();
    let slow = Fault::SlowBody { piece: 400, pause: Duration::from_millis(20) };
    let reply = under(slow).await;
    assert_eq!(reply.names().len(), 3);
    assert!(at_least(20 * reply.body().len().div_ceil(400) as u64)(start));
}

#[tokio::test]
async fn a_skewed_clock_shows_in_the_date_and_in_what_expires() {
    let stand_in = StandIn::builder().fault(Fault::SkewedClock(600)).start().await.unwrap();
    let reply = list(&stand_in, "").await;
    assert_eq!((reply.status(), reply.code()), (403, "InvalidSignatureException"));
    assert!(reply.message().starts_with("Signature expired: "), "{}", reply.message());
    let ahead = httpdate::parse_http_date(reply.header("date").unwrap()).unwrap().elapsed().unwrap_err().duration();
    assert!((590..=600).contains(&ahead.as_secs()), "{ahead:?}");

    stand_in.fault(Fault::SkewedClock(600));
    let skewed = Signer { offset: 600, ..Signer::default() };
    assert_eq!(send(stand_in.address(), &skewed.get(stand_in.address(), PATH, "")).await.status(), 200);
    assert_eq!(list(&stand_in, "").await.status(), 200);
}

#[tokio::test]
async fn queues_and_rules() {
    let stand_in = StandIn::builder()
        .check_signatures(false)
        .faults([Fault::None, Fault::Empty(501)])
        .every(3, Fault::Empty(503))
        .start()
        .await
        .unwrap();
    stand_in.fault(Fault::Empty(502));
    let closing = PLAIN.replace("host: x", "host: x\r\nconnection: close");
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(send(stand_in.address(), &closing).await.status());
    }
    assert_eq!(statuses, [200, 501, 502, 200, 200, 503, 200]);
    stand_in.fault(Fault::Empty(500));
    stand_in.clear_faults();
    assert_eq!(send(stand_in.address(), &closing).await.status(), 200);
    assert_eq!(send(stand_in.address(), &closing).await.status(), 200);

    let seeded = || StandIn::builder().check_signatures(false).at_random(1, 50, Fault::Empty(500)).start();
    let mut runs = Vec::new();
    for stand_in in [seeded().await.unwrap(), seeded().await.unwrap()] {
        let mut run = Vec::new();
        for _ in 0..20 {
            run.push(send(stand_in.address(), &closing).await.status());
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&200) && runs[0].contains(&500), "{runs:?}");
}

#[tokio::test]
async fn calls_have_faults_of_their_own() {
    let stand_in = StandIn::builder().check_signatures(false).for_calls(5, 50, 1, Fault::Empty(500)).start();
    let stand_in = stand_in.await.unwrap();
    let mut statuses = Vec::new();
    for attempt in [1, 1, 2] {
        let of = async |call: u32| {
            let told =
                format!("connection: close\r\namz-sdk-invocation-id: {call}\r\namz-sdk-request: attempt={attempt}");
            let request = PLAIN
                .replace("layers ", &format!("layers?MaxItems={call} "))
                .replace("host: x", &format!("host: x\r\n{told}"));
            send(stand_in.address(), &request).await.status()
        };
        let mut these = Vec::new();
        for call in 1..=20 {
            these.push(of(call).await);
        }
        statuses.push(these);
    }
    assert_eq!(statuses[0], statuses[1]);
    assert!(statuses[0].contains(&500) && statuses[0].contains(&200), "{statuses:?}");
    assert_eq!(statuses[2], [200; 20]);
    assert!(stand_in.requests_by_call().into_values().eq([3; 20]));
}

#[tokio::test]
async fn each_request_of_a_connection_draws_its_own() {
    let stand_in = StandIn::builder().check_signatures(false).start().await.unwrap();
    stand_in.faults([Fault::None, Fault::Empty(500), Fault::ResetBeforeRequest]);
    let reply = send(stand_in.address(), &PLAIN.repeat(3)).await;
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    assert_eq!((text.matches("HTTP/1.1 200").count(), text.matches("HTTP/1.1 500").count()), (1, 1), "{text}");
    assert_eq!((stand_in.request_count(), stand_in.unread_count(), stand_in.connection_count()), (3, 0, 1));
    assert_eq!(stand_in.fault_count(), 2);
}

/// A client that waits for each answer, as all but pipelining ones do.
#[tokio::test]
async fn a_used_connection_is_reset_before_the_next_request_is_read() {
    let stand_in = StandIn::builder().check_signatures(false).start().await.unwrap();
    stand_in.faults([Fault::None, Fault::ResetBeforeRequest]);
    let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
    assert!(exchange(&mut stream).await.is_ok());
    assert_eq!(exchange(&mut stream).await.unwrap_err(), ConnectionReset);
    let counts = (stand_in.request_count(), stand_in.unread_count(), stand_in.fault_count());
    assert_eq!(counts, (1, 1, 1));
}

#[tokio::test]
async fn connections_end_that_were_promised_to_stay() {
    let ends = [(End::Close, Ok(0)), (End::Reset, Err(ConnectionReset))];
    for (end, seen) in ends {
        let stand_in = StandIn::builder().check_signatures(false).fault(Fault::EndAfterAnswer(end)).start();
        let stand_in = stand_in.await.unwrap();
        let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
        let head = exchange(&mut stream).await.unwrap();
        assert!(head.starts_with("HTTP/1.1 200") && !head.contains("connection: close"), "{head}");
        assert_eq!(stream.read(&mut [0; 1]).await.map_err(|error| error.kind()), seen, "{end:?}");

        // Connecting and both requests have to begin within it, however busy the machine is.
        let idle = StandIn::builder().check_signatures(false).idle_timeout(Duration::from_secs(1), end).start();
        let idle = idle.await.unwrap();
        let mut stream = TcpStream::connect(idle.address()).await.unwrap();
        for _ in 0..2 {
            assert!(exchange(&mut stream).await.is_ok());
        }
        assert_eq!(stream.read(&mut [0; 1]).await.map_err(|error| error.kind()), seen, "{end:?}");
        assert_eq!(idle.connection_count(), 1);
    }
}

/// Sends a request and reads its whole answer; the connection stays.
async fn exchange(stream: &mut TcpStream) -> Result<String, ErrorKind> {
    stream.write_all(PLAIN.as_bytes()).await.map_err(|error| error.kind())?;
    let mut text = Vec::new();
    while !text.ends_with(b"null}") {
        match stream.read_buf(&mut text).await {
            Ok(0) => return Err(ErrorKind::UnexpectedEof),
            Ok(_) => {}
            Err(error) => return Err(error.kind()),
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

#[tokio::test]
async fn silence_and_stalls_last_until_the_client_goes() {
    let stand_in = StandIn::builder().check_signatures(false).start().await.unwrap();
    for (fault, comes) in [(Fault::NoAnswer, &b""[..]), (Fault::StalledBody, b"\r\n\r\n{\"")] {
        stand_in.fault(fault);
        let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
        stream.write_all(PLAIN.as_bytes()).await.unwrap();
        let mut text = Vec::new();
        // What comes may take its time: only then is there something to be silent after.
        while !comes.is_empty() && !text.windows(comes.len()).any(|part| part == comes) {
            assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0, "the connection ended");
        }
        let whole = async { while stream.read_buf(&mut text).await.unwrap() > 0 {} };
        assert!(tokio::time::timeout(Duration::from_millis(100), whole).await.is_err());
        assert!(!text.ends_with(b"null}"), "the whole answer came");
    }
}

#[tokio::test]
async fn the_clock_can_be_moved_while_it_runs() {
    let stand_in = StandIn::builder().start().await.unwrap();
    for (offset, status) in [(0, 200), (-360, 403), (240, 200), (360, 403), (0, 200)] {
        stand_in.set_clock_offset(offset);
        assert_eq!(list(&stand_in, "").await.status(), status, "{offset}");
    }
}

#[tokio::test]
async fn the_rate_limit() {
    let stand_in = StandIn::builder().rate_limit(1).start().await.unwrap();
    assert_eq!(list(&stand_in, "").await.status(), 200);
    let stand_in = StandIn::builder().rate_limit(0).start().await.unwrap();
    let reply = list(&stand_in, "").await;
    assert_eq!(
        (reply.status(), reply.code(), reply.header("retry-after")),
        (429, "TooManyRequestsException", Some("1"))
    );
    assert_eq!((&reply.json()["Reason"], &reply.json()["Type"]), (&"CallerRateLimitExceeded".into(), &"User".into()));
}
