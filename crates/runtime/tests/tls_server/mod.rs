//! TLS servers on loopback, with authorities that are made for the test.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientCertVerifierBuilder, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tinsmith_runtime::http::Request;
use tinsmith_runtime::transport::hyper::{HyperSettings, HyperTransport};
use tinsmith_runtime::transport::tls::{TlsContext, TrustStore};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::loopback;

/// A certificate authority.
pub(crate) type Root = CertifiedIssuer<'static, KeyPair>;

/// A certificate with its key.
pub(crate) struct Issued {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

pub(crate) fn root(name: &str) -> Root {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Issues a certificate for a name.
pub(crate) fn issue(root: &Root, name: &str) -> Issued {
    issue_as(root, CertificateParams::new([name.to_owned()]).unwrap())
}

/// Issues a certificate for a client.
pub(crate) fn issue_client(root: &Root) -> Issued {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    issue_as(root, params)
}

pub(crate) fn issue_as(root: &Root, params: CertificateParams) -> Issued {
    let key = KeyPair::generate().unwrap();
    Issued { certificate: params.signed_by(&key, root).unwrap(), key }
}

impl Issued {
    pub(crate) fn pem(&self) -> String {
        self.certificate.pem()
    }

    pub(crate) fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    fn der(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        (vec![self.certificate.der().clone()], PrivateKeyDer::try_from(self.key.serialize_der()).unwrap())
    }
}

pub(crate) type Versions<'a> = &'a [&'static SupportedProtocolVersion];

/// A server's set-up, that asks clients for certificates of an authority where one is given.
pub(crate) fn server(issued: &Issued, versions: Versions<'_>, clients: Option<&Root>) -> ServerConfig {
    let builder = ServerConfig::builder_with_provider(provider()).with_protocol_versions(versions).unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(root) => builder.with_client_cert_verifier(verifier(root).build().unwrap()),
    };
    let (chain, key) = issued.der();
    builder.with_single_cert(chain, key).unwrap()
}

/// The set-up of a server that takes clients without a certificate, and of those with one only an authority's.
pub(crate) fn server_that_may_be_shown(issued: &Issued, clients: &Root) -> ServerConfig {
    let (chain, key) = issued.der();
    let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions().unwrap();
    let verifier = verifier(clients).allow_unauthenticated().build().unwrap();
    builder.with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap()
}

fn verifier(clients: &Root) -> ClientCertVerifierBuilder {
    let mut roots = RootCertStore::empty();
    roots.add(clients.der().clone()).unwrap();
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// Starts a server that says "ok" once on each connection, and returns its port.
pub(crate) async fn serve(config: ServerConfig) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate ends the handshake.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                loopback::read_request(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
                let _ = stream.shutdown().await;
            }
        }
    });
    port
}

/// Trusts this authority, and nobody else.
pub(crate) fn trusting(root: &Root) -> TlsContext {
    TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(root.pem())).build().unwrap()
}

/// A transport with this TLS.
pub(crate) fn transport(tls_context: TlsContext) -> HyperTransport {
    let mut settings = HyperSettings::default();
    settings.tls_context = tls_context;
    HyperTransport::new(settings)
}

pub(crate) fn get(origin: &str) -> Request {
    Request { method: "GET", origin: origin.to_owned(), path: "/".to_owned(), ..Request::default() }
}
