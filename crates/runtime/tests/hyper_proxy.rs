//! The hyper transport and proxies, against scripted ones on loopback: what they are sent, and what is told where they
//! refuse. `tests/proxy.rs` of the workspace asks a real one.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite does not wait for ends of connections")]
mod loopback;
#[expect(dead_code, reason = "this suite asks for little of it")]
mod tls_server;

use std::sync::Arc;

use loopback::{NO_ANSWER, Server};
use rustls::ALL_VERSIONS;
use rustls::version::TLS12;
use tinsmith_runtime::error::{ConnectorError, SdkError};
use tinsmith_runtime::http::Request;
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::proxy::ProxyConfig;
use tinsmith_runtime::transport::tls::{TlsContext, TrustStore};
use tinsmith_runtime::transport::{Transport, TransportError, TransportErrorKind};
use tls_server::{Root, issue, issue_client, root, server, server_that_may_be_shown};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

fn get(origin: &str) -> Request {
    Request {
        method: "GET",
        origin: origin.to_owned(),
        path: "/a".to_owned(),
        query: "b=c".to_owned(),
        ..Request::default()
    }
}

fn settings(proxy: ProxyConfig) -> HyperSettings {
    let mut settings = HyperSettings::default();
    settings.proxy = proxy;
    settings
}

/// The address of a scripted proxy, with a user and a password.
fn with_password(proxy: &Server) -> String {
    proxy.origin.replace("http://", "http://user:hush@")
}

async fn ask(settings: HyperSettings, origin: &str) -> Result<Vec<u8>, TransportError> {
    let mut response = HyperTransport::new(settings).send(get(origin)).await?;
    loopback::read_body(&mut response).await
}

/// What a failed call shows its user, with the proxy's address as `PROXY`.
fn line(error: TransportError, proxy: &str) -> String {
    let shown = format!("{error:?}");
    assert!(!shown.contains("hush") && !shown.contains("dXNlcjpodXNo"), "{shown}");
    SdkError::<std::io::Error>::dispatch_failure(ConnectorError::from(error)).to_string().replace(proxy, "PROXY")
}

#[tokio::test]
async fn http_goes_to_the_proxy_whole_and_with_what_the_proxy_asks_for() {
    let proxy = Server::start([vec![OK.to_owned(); 2]]).await;
    let transport = HyperTransport::new(settings(ProxyConfig::http(with_password(&proxy)).unwrap()));
    for _ in 0..2 {
        let mut response = transport.send(get("http://origin.invalid:8080")).await.unwrap();
        assert_eq!(loopback::read_body(&mut response).await.unwrap(), b"ok");
        let expected = "GET http://origin.invalid:8080/a?b=c HTTP/1.1\r\nhost: origin.invalid:8080\r\n\
                        proxy-authorization: Basic dXNlcjpodXNo\r\n\r\n";
        assert_eq!(proxy.last_request(), expected);
    }
    assert_eq!(proxy.connections(), 1);
}

#[tokio::test]
async fn what_is_excepted_goes_to_its_host_which_learns_no_password() {
    let origin = Server::start([vec![OK.to_owned()]]).await;
    let proxy = ProxyConfig::all("http://user:hush@127.0.0.1:9").unwrap().no_proxy("127.0.0.0/8");
    assert_eq!(ask(settings(proxy), &origin.origin).await.unwrap(), b"ok");
    let host = origin.origin.trim_start_matches("http://");
    assert_eq!(origin.last_request(), format!("GET /a?b=c HTTP/1.1\r\nhost: {host}\r\n\r\n"));
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_with_what_to_do() {
    // Its reasons are not told: it was told a password, and may say that back.
    let asks = ": it asks for a user and password, or for others; they stand in its address, \
                `http://user:password@host:port`";
    for (answer, kind, told) in [
        ("407 Proxy Authentication Required", TransportErrorKind::User, &*format!("refused it with status 407{asks}")),
        (
            "403 Forbidden",
            TransportErrorKind::User,
            "refused it with status 403: it does not allow this host or port; if it is to be reached directly, \
             name it in NO_PROXY",
        ),
        ("502 Bad Gateway", TransportErrorKind::Connect, "refused it with status 502: it could not reach the host"),
        ("429 Slow", TransportErrorKind::Connect, "refused it with status 429"),
    ] {
        let proxy = Server::start([vec![format!("HTTP/1.1 {answer}\r\ncontent-length: 3\r\n\r\nhmm")]]).await;
        let error = ask(settings(ProxyConfig::all(with_password(&proxy)).unwrap()), "https://origin.invalid").await;
        let error = error.unwrap_err();
        assert_eq!(error.kind(), kind, "{answer}");
        let begin = if kind == TransportErrorKind::User { "the request cannot be sent" } else { "could not connect" };
        let expected = format!(
            "the call failed: {begin}: the proxy PROXY (from code), asked for a connection to origin.invalid:443, {told}"
        );
        assert_eq!(line(error, &proxy.origin), expected);
        let request = "CONNECT origin.invalid:443 HTTP/1.1\r\nhost: origin.invalid:443\r\nproxy-authorization: Basic \
                       dXNlcjpodXNo\r\n\r\n";
        assert_eq!(proxy.last_request(), request);
    }

    let proxy = Server::start([vec!["HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n".to_owned()]]).await;
    let error = ask(settings(ProxyConfig::all(&proxy.origin).unwrap()), "http://origin.invalid").await.unwrap_err();
    let expected = format!(
        "the call failed: the request cannot be sent: the proxy PROXY (from code) refused it with status 407{asks}"
    );
    assert_eq!((error.kind(), line(error, &proxy.origin)), (TransportErrorKind::User, expected));
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_is_not_there_or_does_not_answer_is_named() {
    let (_nobody, variable) = loopback::nobody();
    let address = format!("http://{variable}");
    for origin in ["https://origin.invalid", "http://origin.invalid"] {
        let error = ask(settings(ProxyConfig::all(&variable).unwrap()), origin).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        let line = line(error, &address);
        let expected = "the call failed: could not connect: no TCP connection to the proxy PROXY (from code): ";
        assert!(line.starts_with(expected) && line.contains("refused"), "{line}");
    }

    let silent = Server::start([vec![NO_ANSWER.to_owned()]]).await;
    let error = ask(settings(ProxyConfig::all(&silent.origin).unwrap()), "https://origin.invalid").await.unwrap_err();
    let expected = "the call failed: connecting took too long: no connection to origin.invalid within 3.1s through the \
                    proxy PROXY (from code)";
    assert_eq!((error.kind(), line(error, &silent.origin).as_str()), (TransportErrorKind::ConnectTimeout, expected));

    let closing = Server::start([]).await;
    let error = ask(settings(ProxyConfig::all(&closing.origin).unwrap()), "https://origin.invalid").await.unwrap_err();
    let line = line(error, &closing.origin);
    let expected = "the call failed: could not connect: the proxy PROXY (from code), asked for a connection to \
                    origin.invalid:443, ";
    // Whether it closes before the request came or after is a race of its own.
    assert!(line.starts_with(expected) && (line.contains("closed the") || line.contains("broke the")), "{line}");
}

/// A proxy that gives tunnels to wherever it is asked, over connections that `accept` makes of those that come.
async fn tunnels<T, F>(accept: impl Fn(TcpStream) -> F + Send + 'static) -> u16
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Future<Output = T> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = accept(stream).await;
            tokio::spawn(async move {
                let request = loopback::read_request(&mut stream).await;
                let to = request.strip_prefix("CONNECT ").unwrap().split(' ').next().unwrap().to_owned();
                let mut onward = TcpStream::connect(to).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut stream, &mut onward).await;
            });
        }
    });
    port
}

#[tokio::test]
async fn https_goes_through_a_tunnel_to_a_server_that_is_checked_as_ever() {
    let known = root("known");
    let port = tls_server::serve(server(&issue(&known, "localhost"), ALL_VERSIONS, None)).await;
    let proxy = tunnels(|stream| async { stream }).await;
    let through = |context| {
        let mut settings = settings(ProxyConfig::https(format!("127.0.0.1:{proxy}")).unwrap());
        settings.tls_context = context;
        settings
    };
    let origin = format!("https://localhost:{port}");
    assert_eq!(ask(through(tls_server::trusting(&known)), &origin).await.unwrap(), b"ok");
    let error = ask(through(tls_server::trusting(&root("other"))), &origin).await.unwrap_err();
    assert!(line(error, "no proxy").contains(&format!("the certificate of localhost:{port} leads to no root")));
}

#[tokio::test]
async fn a_proxy_that_speaks_tls_is_checked_and_learns_no_client_certificate() {
    let (known, clients) = (root("known"), root("clients"));
    let (issued, asked) = (issue(&known, "localhost"), issue_client(&clients));
    let port = tls_server::serve(server(&issued, ALL_VERSIONS, Some(&clients))).await;
    // It asks for certificates, and breaks off the handshake with a client that shows one of another authority.
    let acceptor = TlsAcceptor::from(Arc::new(server_that_may_be_shown(&issued, &root("strangers"))));
    let proxy = tunnels(move |stream| {
        let acceptor = acceptor.clone();
        async move { acceptor.accept(stream).await.unwrap() }
    })
    .await;
    let mut settings = settings(ProxyConfig::https(format!("https://user:hush@localhost:{proxy}")).unwrap());
    settings.tls_context = TlsContext::builder()
        .with_trust_store(TrustStore::empty().with_pem_certificate(known.pem()))
        .with_client_certificate(asked.pem(), asked.key_pem())
        .build()
        .unwrap();
    assert_eq!(ask(settings, &format!("https://localhost:{port}")).await.unwrap(), b"ok");
}

#[tokio::test]
async fn what_a_proxy_refuses_in_tls_is_told_of_the_proxy() {
    let (known, clients) = (root("known"), root("clients"));
    let check = async |name: &str, clients: Option<&Root>, told: &str| {
        let port = tls_server::serve(server(&issue(&known, name), &[&TLS12], clients)).await;
        let address = format!("https://localhost:{port}");
        let mut settings = settings(ProxyConfig::https(&address).unwrap());
        let asked = issue_client(&known);
        let context = tls_server::trusting(&known).to_builder().with_client_certificate(asked.pem(), asked.key_pem());
        settings.tls_context = context.build().unwrap();
        let error = ask(settings, "https://origin.invalid").await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Tls);
        let line = line(error, &address);
        let expected = format!("the call failed: no secure connection: {told}: ");
        assert!(line.starts_with(&expected), "{line}");
    };
    let told = "the proxy PROXY (from code) asks for a client certificate, and proxies are shown none";
    check("localhost", Some(&clients), told).await;
    let told = "the certificate of the proxy PROXY (from code) is for other.example: check its address, and whose \
                server this is";
    check("other.example", None, told).await;
}
