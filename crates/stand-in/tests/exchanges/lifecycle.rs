//! Starting, recording, stopping.

use std::collections::BTreeSet;
use std::io::ErrorKind::ConnectionRefused;
use std::net::SocketAddr;
use std::time::Duration;

use tinsmith_stand_in::{Fault, Layers, StandIn};
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
