//! TLS of the hyper transport, against servers on loopback: whom it trusts, and what it tells where a handshake fails.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite has servers of its own")]
mod loopback;
#[expect(dead_code, reason = "other suites have a server more")]
mod tls_server;

use std::error::Error;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{CertificateParams, date_time_ymd};
use rustls::ALL_VERSIONS;
use rustls::version::{TLS12, TLS13};
use tinsmith_runtime::error::{ConnectorError, SdkError};
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::tls::{TlsContext, TrustStore};
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tls_server::{Issued, get, issue, issue_as, issue_client, root, serve, server, transport, trusting};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::Instant;

/// Sends a request, and returns the body of the answer.
async fn ask(origin: &str, tls_context: TlsContext) -> Result<Vec<u8>, TransportError> {
    let mut response = transport(tls_context).send(get(origin)).await?;
    loopback::read_body(&mut response).await
}

/// What a failed call shows its user, with the host as `HOST`.
fn line(error: TransportError, origin: &str) -> String {
    let host = origin.split_once("://").unwrap().1;
    SdkError::<std::io::Error>::dispatch_failure(ConnectorError::from(error)).to_string().replace(host, "HOST")
}

/// Checks what a user is told of a request that fails.
async fn check(origin: &str, tls_context: TlsContext, kind: TransportErrorKind, expected: &str) {
    let error = ask(origin, tls_context).await.unwrap_err();
    assert_eq!((error.kind(), line(error, origin).as_str()), (kind, expected));
}

const REFUSED: TransportErrorKind = TransportErrorKind::Tls;

#[tokio::test]
async fn a_server_is_trusted_by_the_roots_that_are_given() {
    let (known, other) = (root("known"), root("other"));
    let pem = format!("# a comment\n{}{}", other.pem(), known.pem());
    let trusting = || {
        let store = TrustStore::empty().with_pem_certificate(pem.clone());
        TlsContext::builder().with_trust_store(store).build().unwrap()
    };
    for version in [&[&TLS12], &[&TLS13]] {
        let port = serve(server(&issue(&known, "localhost"), version, None)).await;
        assert_eq!(ask(&format!("https://localhost:{port}"), trusting()).await.unwrap(), b"ok");
    }
    let port = serve(server(&issue(&known, "127.0.0.1"), ALL_VERSIONS, None)).await;
    assert_eq!(ask(&format!("https://127.0.0.1:{port}"), trusting()).await.unwrap(), b"ok");
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_says_why() {
    let known = root("known");
    let port = serve(server(&issue(&root("unknown"), "localhost"), ALL_VERSIONS, None)).await;
    let told = "the call failed: no secure connection: the certificate of HOST leads to no root of the trust store that \
                is set in code: add that of its authority there, as PEM: invalid peer certificate: UnknownIssuer";
    check(&format!("https://localhost:{port}"), trusting(&known), REFUSED, told).await;
    let told = "the call failed: no secure connection: the certificate of HOST leads to no root that this platform \
                trusts: install the root of its authority, or name a file that holds it (PEM) in AWS_CA_BUNDLE or as \
                `ca_bundle` in the profile: invalid peer certificate: UnknownIssuer";
    check(&format!("https://localhost:{port}"), TlsContext::default(), REFUSED, told).await;

    let port = serve(server(&issue(&known, "other.example"), ALL_VERSIONS, None)).await;
    let told = "the call failed: no secure connection: the certificate of HOST is for other.example: check the endpoint \
                URL, and whose server this is: invalid peer certificate: certificate not valid for name \"localhost\"; \
                certificate is only valid for DnsName(\"other.example\")";
    check(&format!("https://localhost:{port}"), trusting(&known), REFUSED, told).await;
}

#[tokio::test]
async fn a_certificate_out_of_its_time_says_when_that_is() {
    let known = root("known");
    let told = async |from: i32, to: i32| {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(to, 1, 1));
        let origin =
            format!("https://localhost:{}", serve(server(&issue_as(&known, params), ALL_VERSIONS, None)).await);
        let error = ask(&origin, trusting(&known)).await.unwrap_err();
        assert_eq!(error.kind(), REFUSED);
        let line = line(error, &origin);
        // The time of this test stands in the middle.
        let (begin, rest) = line.split_once("and here it is ").unwrap();
        format!("{begin}…{}", rest.split_once("Z: ").unwrap().1.split_once(": ").unwrap().0)
    };
    let expired = "the call failed: no secure connection: the certificate of HOST expired at 2020-01-01T00:00:00Z, \
                   …it has to be renewed, unless the clock of this machine is wrong";
    assert_eq!(told(2019, 2020).await, expired);
    let early = "the call failed: no secure connection: the certificate of HOST is valid from 2199-01-01T00:00:00Z on, \
                 …it has to be replaced, unless the clock of this machine is wrong";
    assert_eq!(told(2199, 2200).await, early);
}

#[tokio::test]
async fn a_client_shows_its_certificate_to_servers_that_ask() {
    let (known, clients) = (root("known"), root("clients"));
    let (issued, asked) = (issue(&known, "localhost"), issue_client(&clients));
    let (chain, key) = (asked.pem(), asked.key_pem());
    let as_client = |chain: &str, key: &str| {
        let store = TrustStore::empty().with_pem_certificate(known.pem());
        TlsContext::builder().with_trust_store(store).with_client_certificate(chain, key).build().unwrap()
    };
    let stranger = issue_client(&root("strangers"));
    for version in [&[&TLS12], &[&TLS13]] {
        let origin = format!("https://localhost:{}", serve(server(&issued, version, Some(&clients))).await);
        assert_eq!(ask(&origin, as_client(&chain, &key)).await.unwrap(), b"ok");
        let both = format!("{key}{chain}");
        assert_eq!(ask(&origin, as_client(&both, &both)).await.unwrap(), b"ok");
        let told = "the call failed: no secure connection: HOST asks for a client certificate, and none is set: see \
                    `TlsContextBuilder::with_client_certificate`: received fatal alert: CertificateRequired";
        check(&origin, trusting(&known), REFUSED, told).await;
        let told = "the call failed: no secure connection: HOST does not know who issued the client certificate: its root \
                    must be known there, and all between given here: received fatal alert: UnknownCA";
        check(&origin, as_client(&stranger.pem(), &stranger.key_pem()), REFUSED, told).await;
    }
    let origin = format!("https://localhost:{}", serve(server(&issued, ALL_VERSIONS, Some(&clients))).await);
    let told = "the call failed: the request cannot be sent: the client certificate and its key cannot be used: keys may \
                not be consistent: KeyMismatch";
    check(&origin, as_client(&chain, &stranger.key_pem()), TransportErrorKind::User, told).await;
    let broken = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0!\n-----END PRIVATE KEY-----\n";
    let told = "the call failed: the request cannot be sent: the key of the client certificate cannot be read: its PEM is broken";
    check(&origin, as_client(&chain, broken), TransportErrorKind::User, told).await;
}

#[tokio::test]
async fn a_trust_store_that_cannot_be_used_is_told_by_the_first_call() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let port = serve(server(&issue(&root("known"), "localhost"), ALL_VERSIONS, None)).await;
    let told = async |store: TrustStore| {
        let context = TlsContext::builder().with_trust_store(store).build().unwrap();
        let error = ask(&format!("https://localhost:{port}"), context).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::User);
        error.source().unwrap().to_string()
    };
    let first = told(TrustStore::empty().with_pem_certificate(broken)).await;
    assert!(first.starts_with("certificate 1 of the trust store that is set in code cannot be read: "), "{first}");
    let second = told(TrustStore::empty().with_pem_certificate(format!("{}{broken}", root("known").pem()))).await;
    assert!(second.starts_with("certificate 2 of the trust store that is set in code cannot be read: "), "{second}");
    let empty = "the trust store that is set in code is empty: no server can be trusted by it";
    assert_eq!(told(TrustStore::empty()).await, empty);
}

#[tokio::test]
async fn tls_before_1_2_is_refused() {
    let known = root("known");
    let told = |refusal: &str| {
        format!(
            "the call failed: no secure connection: HOST speaks no version of TLS that is safe: it has to be set to TLS \
             1.2 or 1.3: {refusal}"
        )
    };
    let alert = told("received fatal alert: ProtocolVersion");
    if let Some(server) = OpenSsl::with_tls_1_1(&issue(&known, "127.0.0.1")) {
        check(&format!("https://{}", server.address), trusting(&known), REFUSED, &alert).await;
    }
    // What that server sends, by RFC 4346, section 7.2: a fatal alert, protocol_version.
    let origin = answering(&[0x15, 0x03, 0x03, 0, 2, 2, 70]).await;
    check(&format!("https://{origin}"), trusting(&known), REFUSED, &alert).await;
    // Others begin the handshake in TLS 1.1: by section 7.4.1.3, a ServerHello with a random number, no session and a
    // cipher.
    let hello = [&[0x02, 0, 0, 38, 0x03, 0x02][..], &[7; 32], &[0, 0xc0, 0x13, 0]].concat();
    let origin = answering(&[&[0x16, 0x03, 0x02, 0, 42], &hello[..]].concat()).await;
    let incompatible = told("peer is incompatible: ServerDoesNotSupportTls12Or13");
    check(&format!("https://{origin}"), trusting(&known), REFUSED, &incompatible).await;
}

/// OpenSSL's server; it ends with this.
struct OpenSsl {
    process: Child,
    address: String,
}

impl OpenSsl {
    /// Starts one that speaks TLS 1.1 alone, which rustls cannot. Where OpenSSL is not installed there is none, but in CI.
    fn with_tls_1_1(issued: &Issued) -> Option<Self> {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tls_1_1.pem");
        std::fs::write(&file, issued.pem() + &issued.key_pem()).unwrap();
        // Its signatures by SHA-1 are below the level of security that OpenSSL 3 begins with.
        let arguments = "s_server -accept 127.0.0.1:0 -tls1_1 -cipher DEFAULT@SECLEVEL=0 -www -cert";
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let process = match command.spawn() {
            Err(error) if error.kind() == ErrorKind::NotFound && std::env::var("CI").is_err() => return None,
            spawned => spawned.unwrap(),
        };
        let mut server = Self { process, address: String::new() };
        let lines = BufReader::new(server.process.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut addresses = lines.filter_map(|line| line.strip_prefix("ACCEPT ").map(str::to_owned));
        server.address = addresses.next().unwrap_or_else(|| panic!("`openssl {arguments}` does not listen"));
        Some(server)
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a server that gives these bytes as its answer, and returns its address.
async fn answering(answer: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let answer = answer.to_owned();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // To close with something unread would reset the connection.
        let _ = stream.read(&mut [0; 4096]).await;
        stream.write_all(&answer).await.unwrap();
    });
    address
}

#[tokio::test]
async fn http_on_a_port_of_tls_and_tls_on_a_port_of_http_are_told() {
    let known = root("known");
    let port = serve(server(&issue(&known, "localhost"), ALL_VERSIONS, None)).await;
    let told = "the call failed: the answer is not HTTP as it should be: HOST speaks TLS on this port: its endpoint URL \
                has to begin with `https://`";
    check(&format!("http://localhost:{port}"), trusting(&known), TransportErrorKind::Protocol, told).await;

    let is_it = "does it speak TLS on this port? If it is plain HTTP, the endpoint URL begins with `http://`";
    let address = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let told = format!(
        "the call failed: no secure connection: HOST does not answer in TLS: {is_it}: received corrupt message of type \
         InvalidContentType"
    );
    check(&format!("https://{address}"), trusting(&known), REFUSED, &told).await;
    let address = answering(b"").await;
    let told = format!(
        "the call failed: could not connect: HOST closed the connection during the TLS handshake: {is_it}: tls handshake eof"
    );
    check(&format!("https://{address}"), trusting(&known), TransportErrorKind::Connect, &told).await;
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_answer_the_handshake_takes_too_long() {
    // The system accepts the connection; nobody ever reads from it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = HyperSettings::default();
    settings.connect_timeout = Duration::from_secs(2);
    settings.tls_context = trusting(&root("known"));
    let origin = format!("https://{}", listener.local_addr().unwrap());
    let start = Instant::now();
    let error = HyperTransport::new(settings).send(get(&origin)).await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::ConnectTimeout);
    assert_eq!(line(error, &origin), "the call failed: connecting took too long: no connection to HOST within 2s");
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
