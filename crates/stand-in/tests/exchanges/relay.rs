//! Relays: what each fault of a connection looks like from a client.

use std::io::ErrorKind::{ConnectionReset, InvalidData, UnexpectedEof};
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tinsmith_stand_in::{LinkFault, Relay, StandIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{PATH, Reply, Signer};
use crate::lifecycle::until;
use crate::tls;

fn address(relay: &Relay) -> SocketAddr {
    let url = relay.url();
    let (_, address) = url.split_once("://").unwrap();
    address.parse().unwrap()
}

/// How long is waited for an end, and where there is to be none.
const ENDS_WITHIN: Duration = Duration::from_secs(60);
const SILENT_FOR: Duration = Duration::from_millis(300);

/// What comes of a request through a relay within this time, and how it ends; none where it does not.
async fn asked(relay: &Relay, within: Duration) -> (Vec<u8>, Option<io::Result<()>>) {
    let mut stream = TcpStream::connect(address(relay)).await.unwrap();
    let mut bytes = Vec::new();
    let sent = stream.write_all(Signer::default().get(address(relay), PATH, "").as_bytes()).await;
    let asked = async {
        loop {
            if stream.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        }
    };
    let end = match sent {
        // A reset may come as early as that.
        Err(error) => Some(Err(error)),
        Ok(()) => tokio::time::timeout(within, asked).await.ok(),
    };
    (bytes, end)
}

/// A fault in the clear: how many bytes come, or none that matter, and how it ends.
async fn check(fault: LinkFault, bytes: Option<usize>, end: Option<Result<(), ErrorKind>>) {
    let stand_in = StandIn::builder().start().await.unwrap();
    let relay = Relay::start(stand_in.address(), move |number| if number == 1 { fault } else { LinkFault::None })
        .await
        .unwrap();
    let (came, ended) = asked(&relay, if end.is_some() { ENDS_WITHIN } else { SILENT_FOR }).await;
    assert_eq!(ended.map(|ended| ended.map_err(|error| error.kind())), end, "{fault:?}");
    assert_eq!(bytes.unwrap_or(came.len()), came.len(), "{fault:?}");
    assert_eq!(relay.faults().get(fault.name()), Some(&1), "{fault:?}");
    // Nothing is left of it, and the next one is as it should be.
    until(|| relay.open_connections() == 0 && stand_in.open_connections() == 0).await;
    let (bytes, ended) = asked(&relay, ENDS_WITHIN).await;
    assert_eq!(Reply { bytes, error: None }.names().len(), 4, "{fault:?}");
    assert!(matches!(ended, Some(Ok(()))), "{fault:?}");
    assert_eq!(relay.connection_count(), 2);
}

#[tokio::test]
async fn in_the_clear() {
    check(LinkFault::Refused, Some(0), Some(Err(ConnectionReset))).await;
    check(LinkFault::Silent, Some(0), None).await;
    check(LinkFault::CutAfter(9), Some(9), Some(Ok(()))).await;
    check(LinkFault::GoneAfter(9), Some(9), None).await;
    // What was sent before a reset may be lost with it.
    check(LinkFault::ResetAfter(9), None, Some(Err(ConnectionReset))).await;
}

#[tokio::test]
async fn with_tls() {
    let stand_in = StandIn::builder().start().await.unwrap();
    for (fault, expected, says) in [
        (LinkFault::None, None, ""),
        (LinkFault::ClosedInHandshake, Some(UnexpectedEof), "handshake eof"),
        (LinkFault::Garbage, Some(InvalidData), "corrupt message"),
        (LinkFault::Alert, Some(InvalidData), "HandshakeFailure"),
        (LinkFault::WrongName, Some(InvalidData), "not valid for name"),
        (LinkFault::UnknownRoot, Some(InvalidData), "UnknownIssuer"),
        (LinkFault::Refused, Some(ConnectionReset), ""),
        (LinkFault::CutAfter(9), Some(UnexpectedEof), "close_notify"),
    ] {
        let relay = Relay::start_tls(stand_in.address(), move |_| fault).await.unwrap();
        let request = Signer::default().get(address(&relay), PATH, "");
        let answer = tls::send(address(&relay), "localhost", relay.root_pem(), &request).await;
        let error = answer.err().map(|error| (error.kind(), error.to_string()));
        assert_eq!(error.as_ref().map(|(kind, _)| *kind), expected, "{fault:?}");
        assert!(error.as_ref().is_none_or(|(_, said)| said.contains(says)), "{fault:?}: {error:?}");
        until(|| relay.open_connections() == 0).await;
        assert_eq!(relay.faults().len(), usize::from(fault != LinkFault::None), "{fault:?}");
    }
}
