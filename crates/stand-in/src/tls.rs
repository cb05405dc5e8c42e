//! TLS in front of a server on loopback, with a root that is made for it: for clients that are to be measured over `https`.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Speaks TLS 1.2 and 1.3 to clients and passes on what they say, in the clear, to a server on loopback. Dropping it
/// breaks off its connections.
#[derive(Debug)]
pub struct TlsFront {
    url: String,
    root: String,
    accepting: JoinHandle<()>,
}

impl TlsFront {
    /// Listens on a free port of 127.0.0.1, on the tokio runtime that this is called in.
    ///
    /// # Errors
    /// No port is free, or no certificate can be made.
    pub async fn start(behind: SocketAddr) -> io::Result<Self> {
        let (acceptor, root) = certified().map_err(io::Error::other)?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("https://{}", listener.local_addr()?);
        Ok(Self { url, root, accepting: tokio::spawn(accept(listener, acceptor, behind)) })
    }

    /// Where it listens: `https://127.0.0.1:PORT`, without a slash at the end. Its certificate is for `localhost` too.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The root that signed its certificate, as PEM: clients have to trust it. No one has its key but this process.
    pub fn root_pem(&self) -> &str {
        &self.root
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Makes a root and a certificate.
fn certified() -> Result<(TlsAcceptor, String), Box<dyn std::error::Error + Send + Sync>> {
    let mut root = CertificateParams::default();
    root.distinguished_name.push(DnType::CommonName, "Tinsmith stand-in");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = [Ipv4Addr::LOCALHOST.to_string(), "localhost".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &root)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok((TlsAcceptor::from(Arc::new(config)), root.pem()))
}

/// Accepts for ever. The tasks of connections are held here, so that they end with this one.
async fn accept(listener: TcpListener, acceptor: TlsAcceptor, behind: SocketAddr) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(relay(stream, acceptor.clone(), behind))),
                // Out of descriptors, most likely: some come free when connections end.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Passes on both directions until one side ends. How it ended is for the client to judge.
async fn relay(stream: TcpStream, acceptor: TlsAcceptor, behind: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(behind).await?;
    stream.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let mut client = acceptor.accept(stream).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
