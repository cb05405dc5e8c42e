//! Starting, recording, stopping.

use std::collections::BTreeSet;
use std::io::ErrorKind::ConnectionRefused;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tinsmith_stand_in::{Fault, Layers, RecordedRequest, StandIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{PATH, Signer, list, send};

#[tokio::test]
async fn requests_are_recorded_as_they_came() {
    let stand_in = StandIn::builder().check_signatures(false).record(2).start().await.unwrap();
    let request = format!(
        "POST {PATH}?Marker=a%2Bb&x HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nX-One:  2 \r\ncontent-length: 4\r\n\
         connection: close\r\n\r\nbody"
    );
    send(stand_in.address(), &request).await;
    let [recorded] = &stand_in.requests()[..] else { panic!("one request is recorded") };
    let seen = (recorded.method.as_str(), recorded.path.as_str(), recorded.query.as_str(), &recorded.body[..]);
    assert_eq!(seen, ("POST", PATH, "Marker=a%2Bb&x", &b"body"[..]));
    assert_eq!(recorded.query_value("Marker").as_deref(), Some("a+b"));
    let ones: Vec<_> =
        recorded.headers.iter().filter(|(name, _)| name == "x-one").map(|(_, value)| value.as_str()).collect();
    assert_eq!((recorded.header("HOST"), ones), (Some("h"), vec!["1", "2"]));
    assert!(recorded.at.elapsed().unwrap() < Duration::from_secs(60));

    // What is refused, and what is answered badly, is recorded as well; what was never read is not.
    stand_in.faults([Fault::ResetBeforeRequest, Fault::ResetAfterRequest, Fault::None]);
    for _ in 0..3 {
        send(stand_in.address(), &request).await;
    }
    assert_eq!((stand_in.request_count(), stand_in.requests().len()), (3, 2));
    stand_in.forget_requests();
    assert_eq!((stand_in.request_count(), stand_in.requests().len()), (0, 0));
}

/// Who decides sees each request once, with the number of its connection; and requests that do not wait for answers are counted.
#[tokio::test]
async fn faults_can_be_decided_request_by_request() {
    let decided = |request: &RecordedRequest| match request.query_value("x").as_deref() {
        Some("1") => Fault::Empty(501),
        _ => Fault::Empty(500 + u16::try_from(request.connection).unwrap()),
    };
    let stand_in = StandIn::builder().check_signatures(false).decided_by(decided).start().await.unwrap();
    let request = |query: &str| format!("GET {PATH}{query} HTTP/1.1\r\nhost: h\r\n\r\n");
    let last = format!("GET {PATH} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n");
    assert_eq!(send(stand_in.address(), &last).await.status(), 501);
    assert_eq!((stand_in.overlap_count(), stand_in.fault_count()), (0, 1));

    let both = send(stand_in.address(), &[request("?x=1"), last].concat()).await;
    let text = String::from_utf8(both.bytes).unwrap();
    assert!(text.starts_with("HTTP/1.1 501 ") && text.contains("HTTP/1.1 502 "), "{text}");
    assert_eq!((stand_in.overlap_count(), stand_in.fault_count()), (1, 3));

    let stream = TcpStream::connect(stand_in.address()).await.unwrap();
    until(|| stand_in.open_connections() == 1).await;
    drop(stream);
    until(|| stand_in.open_connections() == 0).await;
}

/// A fault that only waits ends with the client.
#[tokio::test]
async fn nobody_is_waited_for_who_has_left() {
    let faults = [Fault::NoAnswer, Fault::StalledBody];
    let stand_in = StandIn::builder().faults(faults.clone()).start().await.unwrap();
    for number in 1..=faults.len() as u64 {
        let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
        stream.write_all(format!("GET {PATH} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
        until(|| stand_in.request_count() == number).await;
        assert_eq!(stand_in.open_connections(), 1);
        drop(stream);
        until(|| stand_in.open_connections() == 0).await;
    }
}

/// Waits until something holds, which it does in the end: in a minute, or never.
pub(crate) async fn until(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it never holds");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn request_ids_are_unique() {
    let (one, other) = (StandIn::builder().start().await.unwrap(), StandIn::builder().start().await.unwrap());
    let mut ids = BTreeSet::new();
    for stand_in in [&one, &other, &one, &other] {
        ids.insert(list(stand_in, "").await.header("x-amzn-requestid").unwrap().to_owned());
    }
    assert_eq!(ids.len(), 4);
    let form = |id: &str| id.split('-').map(str::len).collect::<Vec<_>>() == [8, 4, 4, 4, 12];
    assert!(ids.iter().all(|id| form(id) && id.as_bytes()[14] == b'4'), "{ids:?}");
}

/// A connection with a request under way that is never answered, so that stopping has something to break off.
async fn stalled(stand_in: &StandIn) -> TcpStream {
    stand_in.fault(Fault::SlowHeaders(Duration::from_secs(50)));
    let mut stream = TcpStream::connect(stand_in.address()).await.unwrap();
    stream.write_all(format!("GET {PATH} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
    while stand_in.request_count() == 0 {
        tokio::task::yield_now().await;
    }
    stream
}

async fn is_gone(address: SocketAddr, mut stream: TcpStream) {
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut [0; 8])).await.expect("it is closed");
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    assert_eq!(TcpStream::connect(address).await.unwrap_err().kind(), ConnectionRefused);
}

#[tokio::test]
async fn shutdown_ends_everything() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let (address, stream) = (stand_in.address(), stalled(&stand_in).await);
    assert_eq!(stand_in.url(), format!("http://127.0.0.1:{}", address.port()));
    stand_in.shutdown().await;
    is_gone(address, stream).await;
    // The port is free again.
    StandIn::builder().port(address.port()).start().await.unwrap();
}

#[tokio::test]
async fn dropping_ends_everything() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let (address, stream) = (stand_in.address(), stalled(&stand_in).await);
    drop(stand_in);
    is_gone(address, stream).await;
}

#[tokio::test]
async fn many_layers_and_many_clients() {
    let stand_in = StandIn::builder().layers(Layers::generate(10_000)).start().await.unwrap();
    let address = stand_in.address();
    let mut clients = JoinSet::new();
    for _ in 0..40 {
        let request = Signer::default().get(address, PATH, "CompatibleArchitecture=arm64");
        clients.spawn(async move { send(address, &request).await.names().len() });
    }
    assert_eq!(clients.join_all().await, [50; 40]);
}
