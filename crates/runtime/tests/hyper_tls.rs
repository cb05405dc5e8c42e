//! TLS of the hyper transport, against a server on loopback whose root is made for the test.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite has a server of its own")]
mod loopback;

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tinsmith_runtime::http::Request;
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A certificate authority.
type Root = CertifiedIssuer<'static, KeyPair>;

fn root(name: &str) -> Root {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Starts a server that says "ok" once, with a certificate for `name`, and returns its port.
async fn serve(root: &Root, name: &str, versions: &[&'static rustls::SupportedProtocolVersion]) -> u16 {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, root).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // A client that does not trust the certificate ends the handshake.
        if let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await {
            loopback::read_request(&mut stream).await;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    port
}

/// Sends a request, trusting a bundle, and returns the body of the answer.
async fn get(origin: &str, ca_bundle: Option<String>) -> Result<Vec<u8>, TransportError> {
    let mut settings = HyperSettings::default();
    settings.ca_bundle = ca_bundle.map(Into::into);
    let request = Request { method: "GET", origin: origin.to_owned(), path: "/".to_owned(), ..Request::default() };
    let mut response = HyperTransport::new(settings).send(request).await?;
    loopback::read_body(&mut response).await
}

#[tokio::test]
async fn a_server_is_trusted_by_the_root_of_the_bundle() {
    let root = root("known");
    let bundle = || Some(format!("# a comment\n{}", root.pem()));
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let port = serve(&root, "localhost", &[version]).await;
        assert_eq!(get(&format!("https://localhost:{port}"), bundle()).await.unwrap(), b"ok");
    }
    let port = serve(&root, "127.0.0.1", rustls::ALL_VERSIONS).await;
    assert_eq!(get(&format!("https://127.0.0.1:{port}"), bundle()).await.unwrap(), b"ok");
}

#[tokio::test]
async fn an_unknown_root_or_another_name_is_refused() {
    let known = root("known");
    let port = serve(&root("unknown"), "localhost", rustls::ALL_VERSIONS).await;
    let error = get(&format!("https://localhost:{port}"), Some(known.pem())).await;
    check_error(error, TransportErrorKind::Connect, "the certificate of localhost leads to no trusted root");

    let port = serve(&known, "other.example", rustls::ALL_VERSIONS).await;
    let error = get(&format!("https://localhost:{port}"), Some(known.pem())).await;
    check_error(error, TransportErrorKind::Connect, "certificate not valid for name \"localhost\"");
}

#[tokio::test]
async fn a_bundle_that_cannot_be_used_is_told_by_the_first_call() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (bundle, expected) in [
        (String::new(), "the CA bundle holds no certificate"),
        (broken.to_owned(), "certificate 1 of the CA bundle"),
        (format!("{}{broken}", root("known").pem()), "certificate 2 of the CA bundle"),
    ] {
        let port = serve(&root("known"), "localhost", rustls::ALL_VERSIONS).await;
        let error = get(&format!("https://localhost:{port}"), Some(bundle)).await;
        check_error(error, TransportErrorKind::User, expected);
    }
}

#[tokio::test]
async fn a_peer_that_does_not_speak_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = get(&format!("https://localhost:{port}"), Some(root("known").pem())).await;
    check_error(error, TransportErrorKind::Connect, "the TLS handshake with localhost failed");
}

#[tokio::test]
async fn a_peer_that_does_not_answer_the_handshake_takes_too_long() {
    // The system accepts the connection; nobody ever reads from it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = HyperSettings::default();
    settings.connect_timeout = Duration::from_millis(100);
    settings.ca_bundle = Some(root("known").pem().into());
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let request = Request { method: "GET", origin, path: "/".to_owned(), ..Request::default() };
    let start = Instant::now();
    let result = HyperTransport::new(settings).send(request).await.map(|_| Vec::new());
    check_error(result, TransportErrorKind::ConnectTimeout, "no connection within 100ms");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

/// Checks a failure's kind and that its chain of causes says this.
fn check_error(result: Result<Vec<u8>, TransportError>, kind: TransportErrorKind, expected: &str) {
    let error = result.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn Error), |&error| error.source());
    let chain = causes.map(ToString::to_string).collect::<Vec<_>>().join(": ");
    assert!(chain.contains(expected), "{chain}");
    assert_eq!(error.kind(), kind, "{chain}");
}
