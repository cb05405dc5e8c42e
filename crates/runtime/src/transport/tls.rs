//! TLS for connections: rustls with ring, and the roots of the platform or of a bundle.

use std::sync::Arc;

use bytes::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::connect::ConnectError;

/// The TLS set-up of a transport, made when the first `https` connection asks for it: reading the roots of a platform
/// takes longer than a call.
#[derive(Clone)]
pub(super) struct Tls(Arc<Setup>);

struct Setup {
    ca_bundle: Option<Bytes>,
    connector: OnceCell<TlsConnector>,
}

impl Tls {
    /// A set-up that trusts a bundle of PEM certificates, or else the roots of the platform.
    pub(super) fn new(ca_bundle: Option<Bytes>) -> Self {
        Self(Arc::new(Setup { ca_bundle, connector: OnceCell::new() }))
    }

    /// Does the handshake with a host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub(super) async fn connect(
        &self,
        host: &str,
        tcp: TcpStream,
    ) -> Result<TokioIo<TlsStream<TcpStream>>, ConnectError> {
        let failed = |cause: std::io::Error| match cause.get_ref().and_then(|cause| cause.downcast_ref()) {
            Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                ConnectError::UnknownRoot(host.to_owned(), cause)
            }
            _ => ConnectError::Tls(host.to_owned(), cause),
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let name = ServerName::try_from(bare.to_owned()).map_err(|error| failed(std::io::Error::other(error)))?;
        let connector = self.0.connector.get_or_try_init(|| connector(self.0.ca_bundle.clone())).await?;
        connector.connect(name, tcp).await.map(TokioIo::new).map_err(failed)
    }
}

/// Reads the roots, off the threads that drive calls, and puts the set-up together.
async fn connector(ca_bundle: Option<Bytes>) -> Result<TlsConnector, ConnectError> {
    let roots = tokio::task::spawn_blocking(move || match ca_bundle {
        Some(pem) => roots_of_bundle(&pem),
        None => roots_of_platform(),
    });
    let roots = roots.await.map_err(|error| ConnectError::Roots(format!("reading the trusted roots: {error}")))??;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        // TLS 1.2 and 1.3.
        .with_safe_default_protocol_versions()
        .map_err(|error| ConnectError::Roots(format!("setting up TLS: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// The roots of the platform. Of its many certificates, those that rustls cannot read are left out.
fn roots_of_platform() -> Result<RootCertStore, ConnectError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let problems: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(ConnectError::Roots(format!(
            "this platform has no trusted root certificates ({}): install them (often a package `ca-certificates`), \
             name a file of them in SSL_CERT_FILE, or set a CA bundle",
            if problems.is_empty() { "none found".to_owned() } else { problems.join("; ") }
        )));
    }
    Ok(roots)
}

/// The roots of a bundle, each of which must be readable: it was named by hand.
fn roots_of_bundle(pem: &[u8]) -> Result<RootCertStore, ConnectError> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let invalid =
            |error: String| ConnectError::Roots(format!("certificate {} of the CA bundle: {error}", index + 1));
        let certificate = certificate.map_err(|error| invalid(error.to_string()))?;
        roots.add(certificate).map_err(|error| invalid(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(ConnectError::Roots("the CA bundle holds no certificate: PEM text is expected".to_owned()));
    }
    Ok(roots)
}
