//! What code and settings say of TLS: plain data, read when the first `https` connection asks for it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

/// Whom the TLS of a [`HyperTransport`](crate::transport::hyper::HyperTransport) trusts, and who it says it is. The
/// default trusts the roots of the platform, and has no certificate of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsContext {
    pub(super) trust_store: TrustStore,
    pub(super) client: Option<ClientCertificate>,
}

/// Collects a [`TlsContext`].
#[derive(Clone, Debug, Default)]
pub struct TlsContextBuilder(TlsContext);

/// The root certificates that are trusted.
///
/// By default these are the platform's, and with the feature `webpki-roots` those of Mozilla where the platform has
/// none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustStore {
    pub(super) native_roots: bool,
    pub(super) webpki_roots: bool,
    pub(super) bundles: Vec<Bundle>,
}

/// Root certificates as PEM text, and what they are called in errors.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bundle {
    pub(super) name: Arc<str>,
    pub(super) pem: Bytes,
}

/// A chain of certificates and its private key, as PEM text.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ClientCertificate {
    pub(super) chain: Bytes,
    pub(super) key: Bytes,
}

impl TlsContext {
    /// Nothing said yet.
    pub fn builder() -> TlsContextBuilder {
        TlsContextBuilder::default()
    }

    /// This context, to be changed.
    pub fn to_builder(&self) -> TlsContextBuilder {
        TlsContextBuilder(self.clone())
    }

    /// Trusts a bundle that a setting names, and nothing else; `name` is what errors call it.
    pub(crate) fn of_bundle(name: impl Into<Arc<str>>, pem: Bytes) -> Self {
        let bundles = vec![Bundle { name: name.into(), pem }];
        Self { trust_store: TrustStore { bundles, ..TrustStore::empty() }, client: None }
    }
}

impl TlsContextBuilder {
    /// Sets the roots that are trusted.
    pub fn with_trust_store(mut self, trust_store: TrustStore) -> Self {
        self.0.trust_store = trust_store;
        self
    }

    /// Sets the certificate that is shown to servers that ask for one: a chain, that of the client first, and its
    /// private key (PKCS #8, PKCS #1 or SEC 1), both as PEM text. They may stand in one text that is given twice.
    pub fn with_client_certificate(mut self, chain_pem: impl Into<Vec<u8>>, key_pem: impl Into<Vec<u8>>) -> Self {
        self.0.client = Some(ClientCertificate { chain: chain_pem.into().into(), key: key_pem.into().into() });
        self
    }

    /// The context. What its texts hold is read by the first `https` connection.
    ///
    /// # Errors
    ///
    /// One of the texts is not what it should be at the first glance: PEM with a certificate, or with a private key
    /// that is not encrypted.
    pub fn build(self) -> Result<TlsContext, TlsContextError> {
        let TlsContext { trust_store, client } = &self.0;
        if !trust_store.bundles.iter().all(|bundle| holds_certificate(&bundle.pem)) {
            return Err(TlsContextError("a certificate of the trust store is not in PEM"));
        }
        if let Some(ClientCertificate { chain, key }) = client {
            if !holds_certificate(chain) {
                return Err(TlsContextError("the client certificate is not in PEM"));
            }
            if !contains(key, b" PRIVATE KEY-----") {
                return Err(TlsContextError("the key of the client certificate is not in PEM"));
            }
            if contains(key, b"-----BEGIN ENCRYPTED PRIVATE KEY-----") {
                return Err(TlsContextError("the key of the client certificate is encrypted: decrypt it first"));
            }
        }
        Ok(self.0)
    }
}

impl TrustStore {
    /// No root at all.
    pub fn empty() -> Self {
        Self { native_roots: false, webpki_roots: false, bundles: Vec::new() }
    }

    /// Trusts the roots of the platform, or not; by default it does. `SSL_CERT_FILE` and `SSL_CERT_DIR` say where they
    /// are, where that is not the usual place.
    pub fn with_native_roots(mut self, enable_native_roots: bool) -> Self {
        self.native_roots = enable_native_roots;
        self
    }

    /// Trusts Mozilla's roots, as they were when this program was built, or not; by default only where the platform has
    /// none. Without those of the platform the first connection is quicker: no file is read.
    #[cfg(feature = "webpki-roots")]
    pub fn with_webpki_roots(mut self, enable_webpki_roots: bool) -> Self {
        self.webpki_roots = enable_webpki_roots;
        self
    }

    /// Trusts one more root, or several, as PEM text.
    pub fn with_pem_certificate(mut self, pem_bytes: impl Into<Vec<u8>>) -> Self {
        self.add_pem_certificate(pem_bytes);
        self
    }

    /// Trusts one more root, or several, as PEM text.
    pub fn add_pem_certificate(&mut self, pem_bytes: impl Into<Vec<u8>>) -> &mut Self {
        let pem = Bytes::from(pem_bytes.into());
        self.bundles.push(Bundle { name: "the trust store that is set in code".into(), pem });
        self
    }
}

/// The roots of the platform.
impl Default for TrustStore {
    fn default() -> Self {
        Self::empty().with_native_roots(true)
    }
}

/// Whether a text holds a certificate in PEM, at the first glance.
pub(crate) fn holds_certificate(pem: &[u8]) -> bool {
    contains(pem, b"-----BEGIN CERTIFICATE-----")
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The name alone: a bundle is long.
impl fmt::Debug for Bundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bundle({:?}, {} bytes)", self.name, self.pem.len())
    }
}

/// No part of the key; the certificate says little as PEM.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate(** redacted **)")
    }
}

/// A text of a [`TlsContext`] that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsContextError(&'static str);

impl fmt::Display for TlsContextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for TlsContextError {}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const KEY: &str = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

    #[test]
    fn what_is_no_pem_is_refused_when_it_is_built() {
        let check = |builder: TlsContextBuilder, expected: Option<&str>| {
            let told = builder.build().err().map(|error| error.to_string());
            assert_eq!(told.as_deref(), expected);
        };
        let trusting =
            |pem: &str| TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(pem));
        check(trusting(CERTIFICATE).with_client_certificate(CERTIFICATE, KEY), None);
        let sec1 = KEY.replace("PRIVATE", "EC PRIVATE");
        check(TlsContext::builder().with_client_certificate(CERTIFICATE, sec1), None);
        for none in ["", KEY] {
            check(trusting(none), Some("a certificate of the trust store is not in PEM"));
        }
        let client = |chain: &str, key: &str| TlsContext::builder().with_client_certificate(chain, key);
        check(client(KEY, KEY), Some("the client certificate is not in PEM"));
        check(client(CERTIFICATE, CERTIFICATE), Some("the key of the client certificate is not in PEM"));
        let encrypted = KEY.replace("PRIVATE", "ENCRYPTED PRIVATE");
        check(
            client(CERTIFICATE, &encrypted),
            Some("the key of the client certificate is encrypted: decrypt it first"),
        );
    }

    #[test]
    fn no_key_is_shown() {
        let builder = TlsContext::builder().with_client_certificate(CERTIFICATE, KEY);
        for shown in [format!("{builder:?}"), format!("{:#?}", builder.build())] {
            assert!(shown.contains("redacted") && !shown.contains("c2VjcmV0") && !shown.contains("AAAA"), "{shown}");
        }
    }
}
