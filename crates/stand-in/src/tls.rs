//! TLS in front of a server on loopback, with a root that is made for it: for clients that are to be measured over `https`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::relay::{LinkFault, Relay};

/// Speaks TLS 1.2 and 1.3 to clients and passes on what they say, in the clear, to a server on loopback. Dropping it
/// breaks off its connections.
#[derive(Debug)]
pub struct TlsFront {
    relay: Relay,
    url: String,
}

impl TlsFront {
    /// Listens on a free port of 127.0.0.1, on the tokio runtime that this is called in.
    ///
    /// # Errors
    /// No port is free, or no certificate can be made.
    pub async fn start(behind: SocketAddr) -> io::Result<Self> {
        let relay = Relay::start_tls(behind, |_| LinkFault::None).await?;
        Ok(Self { url: relay.url(), relay })
    }

    /// Where it listens: `https://127.0.0.1:PORT`, without a slash at the end. Its certificate is for `localhost` too.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The root that signed its certificate, as PEM: clients have to trust it. No one has its key but this process.
    pub fn root_pem(&self) -> &str {
        self.relay.root_pem()
    }
}

/// Who a server on loopback says it is: rightly, and in two ways that nobody should believe.
pub(crate) struct Identities {
    pub(crate) root_pem: String,
    pub(crate) right: TlsAcceptor,
    /// The same root, and another name.
    pub(crate) misnamed: TlsAcceptor,
    /// The right name, and another root.
    pub(crate) unknown: TlsAcceptor,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Identities {
    pub(crate) fn new() -> Result<Self, Failure> {
        let (root, other) = (root("Tinsmith stand-in")?, root("Nobody")?);
        let names = [Ipv4Addr::LOCALHOST.to_string(), "localhost".to_owned()];
        let elsewhere = ["elsewhere.example".to_owned()];
        Ok(Self {
            root_pem: root.pem(),
            right: acceptor(&root, &names)?,
            misnamed: acceptor(&root, &elsewhere)?,
            unknown: acceptor(&other, &names)?,
        })
    }
}

type Root = CertifiedIssuer<'static, KeyPair>;

fn root(name: &str) -> Result<Root, Failure> {
    let mut root = CertificateParams::default();
    root.distinguished_name.push(DnType::CommonName, name);
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    Ok(CertifiedIssuer::self_signed(root, KeyPair::generate()?)?)
}

/// Shows a certificate for these names.
fn acceptor(root: &Root, names: &[String]) -> Result<TlsAcceptor, Failure> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(names)?.signed_by(&key, root)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
