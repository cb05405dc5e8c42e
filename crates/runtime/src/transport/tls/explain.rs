//! What a failed handshake means, and what can be done about it.

use std::io;

use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

use super::TlsError;
use super::context::{TlsContext, TrustStore};
use crate::primitives::DateTime;

/// A failure during the handshake.
pub(super) fn failure(peer: &str, context: &TlsContext, error: io::Error) -> TlsError {
    match cause(&error) {
        Some(cause) => TlsError::refused(sentence(peer, context, cause), error),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            TlsError::broken(format!("{peer} closed the connection during the TLS handshake: {IS_IT_TLS}"), error)
        }
        None => TlsError::broken(format!("the connection to {peer} broke during the TLS handshake"), error),
    }
}

/// A failure while reading, when the handshake seemed to be over: what is no word of TLS is left as it is.
pub(super) fn later_failure(peer: &str, context: &TlsContext, error: io::Error) -> io::Error {
    match cause(&error) {
        Some(cause) => {
            let told = sentence(peer, context, cause);
            io::Error::new(error.kind(), TlsError::refused(told, error))
        }
        None => error,
    }
}

/// What rustls says.
fn cause(error: &io::Error) -> Option<&Error> {
    error.get_ref()?.downcast_ref()
}

const IS_IT_TLS: &str = "does it speak TLS on this port? If it is plain HTTP, the endpoint URL begins with `http://`";

fn sentence(peer: &str, context: &TlsContext, error: &Error) -> String {
    match error {
        Error::InvalidCertificate(error) => certificate(peer, &context.trust_store, error),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            format!("{peer} does not answer in TLS: {IS_IT_TLS}")
        }
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => too_old(peer),
        Error::PeerIncompatible(_) => {
            format!(
                "{peer} and this client have no way of encryption in common: its TLS is outdated, or set too narrow"
            )
        }
        Error::AlertReceived(alert) => refusal(peer, context.client.is_some(), *alert),
        _ => format!("the TLS handshake with {peer} failed"),
    }
}

fn too_old(peer: &str) -> String {
    format!("{peer} speaks no version of TLS that is safe: it has to be set to TLS 1.2 or 1.3")
}

/// What is wrong with the certificate of a server.
fn certificate(peer: &str, trusted: &TrustStore, error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => unknown_issuer(peer, trusted),
        CertificateError::BadSignature => format!(
            "the certificate of {peer} is not signed by the root of {} that has the name of its authority: add the one \
             that is in use now",
            trusted.bundles.last().map_or("this platform", |bundle| &bundle.name)
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
        CertificateError::NotValidYet => format!("the certificate of {peer} is not valid yet: {}", dated("replaced")),
        CertificateError::NotValidYetContext { time, not_before } => format!(
            "the certificate of {peer} is valid from {} on, and here it is {}: {}",
            at(*not_before),
            at(*time),
            dated("replaced")
        ),
        CertificateError::NotValidForName => another_name(peer, &[]),
        CertificateError::NotValidForNameContext { presented, .. } => another_name(peer, presented),
        _ => format!("the certificate of {peer} cannot be trusted"),
    }
}

fn unknown_issuer(peer: &str, trusted: &TrustStore) -> String {
    match trusted.bundles.last() {
        None if trusted.native_roots => format!(
            "the certificate of {peer} leads to no root that this platform trusts: install the root of its authority, \
             or name a file that holds it (PEM) in AWS_CA_BUNDLE or as `ca_bundle` in the profile"
        ),
        None => format!("the certificate of {peer} leads to none of Mozilla's roots, which are all that is trusted"),
        Some(bundle) => format!(
            "the certificate of {peer} leads to no root of {}: add that of its authority there, as PEM",
            bundle.name
        ),
    }
}

fn another_name(peer: &str, presented: &[String]) -> String {
    let names = match presented {
        [] => "another name".to_owned(),
        // As rustls has them: `DnsName("a.example")`, `IpAddress(127.0.0.1)`.
        names => names.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", "),
    };
    format!("the certificate of {peer} is for {names}: check the endpoint URL, and whose server this is")
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

/// What it means that a server sends an alert.
fn refusal(peer: &str, has_certificate: bool, alert: AlertDescription) -> String {
    use AlertDescription as Alert;
    match alert {
        Alert::ProtocolVersion => too_old(peer),
        Alert::CertificateRequired => wanted(peer, "asks for a client certificate"),
        Alert::HandshakeFailure if !has_certificate => wanted(
            peer,
            "refuses the TLS handshake: it has no way of encryption in common with this client, or asks for a client certificate",
        ),
        Alert::UnknownCA if has_certificate => {
            format!(
                "{peer} does not know who issued the client certificate: its root must be known there, and all between given here"
            )
        }
        Alert::CertificateExpired if has_certificate => {
            format!("{peer} refuses the client certificate: it has expired")
        }
        Alert::CertificateRevoked if has_certificate => format!("{peer} refuses the client certificate: it is revoked"),
        Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateUnknown
        | Alert::DecryptError
        | Alert::AccessDenied
            if has_certificate =>
        {
            format!("{peer} refuses the client certificate")
        }
        Alert::UnrecognisedName => format!("{peer} has no certificate for this name: check the endpoint URL"),
        _ => format!("{peer} refuses the TLS handshake"),
    }
}

fn wanted(peer: &str, what: &str) -> String {
    format!("{peer} {what}, and none is set: see `TlsContextBuilder::with_client_certificate`")
}
