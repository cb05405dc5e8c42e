//! TLS in front of the stand-in: what a client that trusts its root gets, and one that does not.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tinsmith_stand_in::{StandIn, TlsFront};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::client::{PATH, Reply, Signer};

#[tokio::test]
async fn a_client_that_trusts_the_root_is_answered() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let front = TlsFront::start(stand_in.address()).await.unwrap();
    let address = front.url().strip_prefix("https://").unwrap().parse().unwrap();
    let request = Signer::default().get(address, PATH, "");
    for name in ["127.0.0.1", "localhost"] {
        let bytes = send(address, name, front.root_pem(), &request).await.unwrap();
        assert_eq!(Reply { bytes, error: None }.names().len(), 4, "{name}");
    }

    let other = TlsFront::start(stand_in.address()).await.unwrap();
    let refused = send(address, "localhost", other.root_pem(), &request).await.unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::InvalidData, "{refused}");
    assert_eq!(stand_in.request_count(), 2);

    drop(front);
    tokio::task::yield_now().await;
    assert!(TcpStream::connect(address).await.is_err());
}

/// Sends a request to a server of this name, trusting one root, and reads until the connection ends.
pub(crate) async fn send(address: SocketAddr, name: &str, root_pem: &str, request: &str) -> io::Result<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root_pem.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let connector = TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()));
    let stream = TcpStream::connect(address).await?;
    let mut stream = connector.connect(name.to_owned().try_into().unwrap(), stream).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await?;
    Ok(bytes)
}
