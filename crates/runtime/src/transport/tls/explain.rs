//! What a failed handshake means, and what can be done about it.

use std::io;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

use super::TlsError;
use super::context::TlsContext;
use crate::primitives::DateTime;
use crate::transport::watched::Watch;

/// Who is at the other end, and what has to be known to explain a failure.
///
/// It watches the connection after the handshake too: a server may refuse a client when it has seen its certificate, or
/// that it has none (TLS 1.3). That comes while reading, and is told as a failed handshake is.
pub(in crate::transport) struct Peer {
    name: String,
    is_proxy: bool,
    context: TlsContext,
}

impl Watch for Peer {
    fn read(&mut self, read: io::Result<&[u8]>) -> io::Result<()> {
        read.map(drop).map_err(|error| match cause(&error) {
            Some(cause) => io::Error::new(error.kind(), TlsError::refused(self.sentence(cause), error)),
            // What is no word of TLS is left as it is.
            None => error,
        })
    }
}

/// What rustls says.
fn cause(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

impl Peer {
    /// A server, by its host and port.
    pub(super) fn server(name: String, context: TlsContext) -> Self {
        Self { name, is_proxy: false, context }
    }

    /// A proxy, which learns nothing of the client certificate.
    pub(super) fn proxy(name: String, context: TlsContext) -> Self {
        Self { name, is_proxy: true, context: TlsContext { client: None, ..context } }
    }

    /// Explains a failure during the handshake.
    pub(super) fn failure(&self, error: io::Error) -> TlsError {
        let peer = &self.name;
        match cause(&error) {
            Some(cause) => TlsError::refused(self.sentence(cause), error),
            None if error.kind() == io::ErrorKind::UnexpectedEof => {
                let is_it = self.is_it_tls();
                TlsError::broken(format!("{peer} closed the connection during the TLS handshake: {is_it}"), error)
            }
            None => TlsError::broken(format!("the connection to {peer} broke during the TLS handshake"), error),
        }
    }

    fn sentence(&self, error: &Error) -> String {
        let peer = &self.name;
        match error {
            Error::InvalidCertificate(error) => self.distrust(error),
            Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                format!("{peer} does not answer in TLS: {}", self.is_it_tls())
            }
            Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
            ) => self.too_old(),
            Error::PeerIncompatible(_) => {
                format!(
                    "{peer} and this client have no way of encryption in common: its TLS is outdated, or set too narrow"
                )
            }
            Error::AlertReceived(alert) => self.refusal(*alert),
            _ => format!("the TLS handshake with {peer} failed"),
        }
    }

    /// What it may be that does not speak TLS.
    fn is_it_tls(&self) -> String {
        format!("does it speak TLS on this port? If it is plain HTTP, {} begins with `http://`", self.address())
    }

    /// What says where it is.
    fn address(&self) -> &'static str {
        if self.is_proxy { "its address" } else { "the endpoint URL" }
    }

    fn too_old(&self) -> String {
        format!("{} speaks no version of TLS that is safe: it has to be set to TLS 1.2 or 1.3", self.name)
    }

    /// What is wrong with its certificate.
    fn distrust(&self, error: &CertificateError) -> String {
        let peer = &self.name;
        match error {
            CertificateError::UnknownIssuer => self.unknown_issuer(),
            CertificateError::BadSignature => format!(
                "the certificate of {peer} is not signed by the root of {} that has the name of its authority: add the \
                 one that is in use now",
                self.context.trust_store.bundles.last().map_or("this platform", |bundle| &bundle.name)
            ),
            CertificateError::Expired => format!("the certificate of {peer} has expired: {}", dated("renewed")),
            CertificateError::ExpiredContext { time, not_after } => {
                format!(
                    "the certificate of {peer} expired at {}, and here it is {}: {}",
                    at(*not_after),
                    at(*time),
                    dated("renewed")
                )
            }
            CertificateError::NotValidYet => {
                format!("the certificate of {peer} is not valid yet: {}", dated("replaced"))
            }
            CertificateError::NotValidYetContext { time, not_before } => format!(
                "the certificate of {peer} is valid from {} on, and here it is {}: {}",
                at(*not_before),
                at(*time),
                dated("replaced")
            ),
            CertificateError::NotValidForName => self.another_name(&[]),
            CertificateError::NotValidForNameContext { presented, .. } => self.another_name(presented),
            _ => format!("the certificate of {peer} cannot be trusted"),
        }
    }

    fn unknown_issuer(&self) -> String {
        let (peer, trusted) = (&self.name, &self.context.trust_store);
        match trusted.bundles.last() {
            None if trusted.native_roots => format!(
                "the certificate of {peer} leads to no root that this platform trusts: install the root of its \
                 authority, or name a file that holds it (PEM) in AWS_CA_BUNDLE or as `ca_bundle` in the profile"
            ),
            None => {
                format!("the certificate of {peer} leads to none of Mozilla's roots, which are all that is trusted")
            }
            Some(bundle) => format!(
                "the certificate of {peer} leads to no root of {}: add that of its authority there, as PEM",
                bundle.name
            ),
        }
    }

    fn another_name(&self, presented: &[String]) -> String {
        let names = match presented {
            [] => "another name".to_owned(),
            // As rustls has them: `DnsName("a.example")`, `IpAddress(127.0.0.1)`.
            names => names.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", "),
        };
        let (peer, address) = (&self.name, self.address());
        format!("the certificate of {peer} is for {names}: check {address}, and whose server this is")
    }

    /// What it means that it sends an alert.
    fn refusal(&self, alert: AlertDescription) -> String {
        use AlertDescription as Alert;
        let (peer, has_certificate) = (&self.name, self.context.client.is_some());
        match alert {
            Alert::ProtocolVersion => self.too_old(),
            Alert::CertificateRequired if !has_certificate => {
                format!("{peer} asks for a client certificate, and {}", self.none())
            }
            Alert::HandshakeFailure if !has_certificate => format!(
                "{peer} refuses the TLS handshake: it has no way of encryption in common with this client, or asks for \
                 a client certificate, and {}",
                self.none()
            ),
            Alert::UnknownCA if has_certificate => {
                format!(
                    "{peer} does not know who issued the client certificate: its root must be known there, and all \
                     between given here"
                )
            }
            Alert::CertificateExpired if has_certificate => {
                format!("{peer} refuses the client certificate: it has expired")
            }
            Alert::CertificateRevoked if has_certificate => {
                format!("{peer} refuses the client certificate: it is revoked")
            }
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::DecryptError
            | Alert::AccessDenied
                if has_certificate =>
            {
                format!("{peer} refuses the client certificate")
            }
            Alert::UnrecognisedName => format!("{peer} has no certificate for this name: check {}", self.address()),
            _ => format!("{peer} refuses the TLS handshake"),
        }
    }

    /// Why it is shown no client certificate.
    fn none(&self) -> &'static str {
        match self.is_proxy {
            true => "proxies are shown none",
            false => "none is set: see `TlsContextBuilder::with_client_certificate`",
        }
    }
}

fn bare(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inner.trim_matches('"')
}

fn dated(mended: &str) -> String {
    format!("it has to be {mended}, unless the clock of this machine is wrong")
}

fn at(time: UnixTime) -> DateTime {
    DateTime::from_secs(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
}
