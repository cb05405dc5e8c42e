//! The handshake: rustls with aws-lc-rs or ring, in TLS 1.2 or 1.3.

use std::sync::Arc;

use hyper::Uri;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, SignatureScheme};
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::context::{ClientCertificate, TlsContext};
use super::explain::Peer;
use super::{TlsError, roots};
use crate::transport::route::host;
use crate::transport::stream::BoxedIo;
use crate::transport::watched::Watched;

/// The TLS set-up of a transport, made when the first `https` connection asks for it: reading the roots of a platform
/// takes longer than a call.
#[derive(Clone)]
pub(in crate::transport) struct Tls(Arc<Setup>);

struct Setup {
    context: TlsContext,
    config: OnceCell<Arc<ClientConfig>>,
}

/// A connection in TLS, whose late failures are explained.
pub(in crate::transport) type Secured = Watched<TlsStream<BoxedIo>, Peer>;

impl Tls {
    pub(in crate::transport) fn new(context: TlsContext) -> Self {
        Self(Arc::new(Setup { context, config: OnceCell::new() }))
    }

    /// Does the handshake with the host of an address, over a connection to it or to a proxy that leads there.
    pub(in crate::transport) async fn connect(&self, address: &Uri, io: BoxedIo) -> Result<Secured, TlsError> {
        let Setup { context, config } = &*self.0;
        let config = config.get_or_try_init(|| client_config(context)).await?;
        let name = address.authority().map(ToString::to_string).unwrap_or_default();
        shake_hands(config.clone(), Peer::server(name, context.clone()), address, io).await
    }

    /// The same with a proxy, of which HTTP/1.1 is wanted, and which learns nothing of the client certificate. `name` is
    /// what errors call it.
    pub(in crate::transport) async fn connect_to_proxy(
        &self,
        name: String,
        address: &Uri,
        io: BoxedIo,
    ) -> Result<Secured, TlsError> {
        let Setup { context, config } = &*self.0;
        let mut config = ClientConfig::clone(config.get_or_try_init(|| client_config(context)).await?);
        config.alpn_protocols.clear();
        config.client_auth_cert_resolver = Arc::new(NoCertificate);
        shake_hands(Arc::new(config), Peer::proxy(name, context.clone()), address, io).await
    }
}

async fn shake_hands(config: Arc<ClientConfig>, peer: Peer, address: &Uri, io: BoxedIo) -> Result<Secured, TlsError> {
    match TlsConnector::from(config).connect(server_name(address)?, io).await {
        Ok(stream) => Ok(Watched::new(stream, peer)),
        Err(error) => Err(peer.failure(error)),
    }
}

/// A client without a certificate.
#[derive(Debug)]
struct NoCertificate;

impl ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Whom the certificate has to be for: a name, an IPv4 address, or an IPv6 address.
fn server_name(address: &Uri) -> Result<ServerName<'static>, TlsError> {
    ServerName::try_from(host(address).to_owned()).map_err(|_| {
        let host = address.host().unwrap_or_default();
        TlsError::setup(format!("{host:?} is no host name that a certificate can be for"))
    })
}

/// Reads roots and certificates, off the threads that drive calls, and puts the set-up together.
async fn client_config(context: &TlsContext) -> Result<Arc<ClientConfig>, TlsError> {
    let context = context.clone();
    let config = tokio::task::spawn_blocking(move || {
        let roots = roots::of(&context.trust_store)?;
        let unsupported = |error: rustls::Error| TlsError::setup(format!("TLS cannot be set up: {error}"));
        let builder = ClientConfig::builder_with_provider(Arc::new(provider()))
            // TLS 1.2 and 1.3.
            .with_safe_default_protocol_versions()
            .map_err(unsupported)?
            .with_root_certificates(roots);
        let mut config = match &context.client {
            None => builder.with_no_client_auth(),
            Some(client) => {
                let (chain, key) = client_certificate(client)?;
                builder.with_client_auth_cert(chain, key).map_err(|error| {
                    TlsError::setup(format!("the client certificate and its key cannot be used: {error}"))
                })?
            }
        };
        if cfg!(feature = "http2") {
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(Arc::new(config))
    });
    config.await.unwrap_or_else(|error| Err(TlsError::setup(format!("TLS cannot be set up: {error}"))))
}

/// Who does the cryptography. It is always passed explicitly: what else in a program uses rustls changes nothing here.
fn provider() -> CryptoProvider {
    #[cfg(feature = "aws-lc-rs")]
    return rustls::crypto::aws_lc_rs::default_provider();
    #[cfg(not(feature = "aws-lc-rs"))]
    rustls::crypto::ring::default_provider()
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Reads a client certificate. What is wrong with the key is told without a part of it.
fn client_certificate(client: &ClientCertificate) -> Result<Identity, TlsError> {
    let invalid = |what: &str, error: PemError| TlsError::setup(format!("{what} cannot be read: {error}"));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&client.chain).collect();
    let chain = chain.map_err(|error| invalid("the client certificate", error))?;
    let key = PrivateKeyDer::from_pem_slice(&client.key).map_err(|error| match error {
        PemError::Io(_) | PemError::NoItemsFound => invalid("the key of the client certificate", error),
        _ => TlsError::setup("the key of the client certificate cannot be read: its PEM is broken"),
    })?;
    Ok((chain, key))
}

/// Whether both sides agreed on HTTP/2.
#[cfg(feature = "http2")]
pub(in crate::transport) fn is_http2(secured: &Secured) -> bool {
    secured.io.get_ref().1.alpn_protocol() == Some(b"h2")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_is_set_up_before_the_first_connection() {
        let tls = Tls::new(TlsContext::default());
        assert!(tls.0.config.get().is_none());
        let address = Uri::from_static("https://localhost:1");
        // The peer hangs up at once.
        assert!(tls.connect(&address, Box::pin(tokio::io::empty())).await.is_err());
        assert!(tls.0.config.get().is_some());
    }
}
