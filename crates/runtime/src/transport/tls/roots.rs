//! The root certificates that a trust store stands for.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_native_certs::CertificateResult;

use super::TlsError;
use super::context::{Bundle, TrustStore};

/// Reads the roots of a trust store; it blocks. Those of the platform are read once a process.
pub(super) fn of(trusted: &TrustStore) -> Result<Arc<RootCertStore>, TlsError> {
    let mut roots = if trusted.native_roots { of_platform()? } else { Arc::new(RootCertStore::empty()) };
    #[cfg(feature = "webpki-roots")]
    if trusted.webpki_roots {
        Arc::make_mut(&mut roots).extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    for bundle in &trusted.bundles {
        add(Arc::make_mut(&mut roots), bundle)?;
    }
    if roots.is_empty() {
        return Err(TlsError::setup("the trust store that is set in code is empty: no server can be trusted by it"));
    }
    Ok(roots)
}

/// The roots of the platform, which all transports of a process share. A failure is not kept: the next connection
/// looks again.
fn of_platform() -> Result<Arc<RootCertStore>, TlsError> {
    static FOUND: Mutex<Option<Arc<RootCertStore>>> = Mutex::new(None);
    let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(roots) = &*found {
        return Ok(roots.clone());
    }
    let roots = Arc::new(of_found(rustls_native_certs::load_native_certs())?);
    *found = Some(roots.clone());
    Ok(roots)
}

/// Of the many certificates of a platform, those that rustls cannot read are left out.
fn of_found(found: CertificateResult) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    // Where somebody named a place (in SSL_CERT_FILE) and it cannot be read, others are no answer.
    #[cfg(feature = "webpki-roots")]
    if roots.is_empty() && found.errors.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    if roots.is_empty() {
        let problems: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
        return Err(TlsError::setup(format!(
            "this platform has no trusted root certificates ({}): install them (often a package `ca-certificates`), \
             or name a file of them in AWS_CA_BUNDLE or SSL_CERT_FILE",
            if problems.is_empty() { "none found".to_owned() } else { problems.join("; ") }
        )));
    }
    Ok(roots)
}

/// Adds the roots of a bundle, each of which must be readable: it was named by hand.
fn add(roots: &mut RootCertStore, bundle: &Bundle) -> Result<(), TlsError> {
    let before = roots.len();
    for (certificate, number) in CertificateDer::pem_slice_iter(&bundle.pem).zip(1u32..) {
        let invalid =
            |error: String| TlsError::setup(format!("certificate {number} of {} cannot be read: {error}", bundle.name));
        let certificate = certificate.map_err(|error| invalid(error.to_string()))?;
        roots.add(certificate).map_err(|error| invalid(error.to_string()))?;
    }
    if roots.len() == before {
        return Err(TlsError::setup(format!("{} holds no certificate: PEM text is expected", bundle.name)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustls_native_certs::ErrorKind;

    use super::*;

    #[test]
    fn the_roots_of_the_platform_are_read_once() {
        let [first, second] = [(); 2].map(|()| of(&TrustStore::default()).expect("this platform has roots"));
        assert!(Arc::ptr_eq(&first, &second));
        assert!(!first.is_empty());
    }

    /// A platform without certificates, or with none that can be read.
    fn bare(errors: &[&str]) -> CertificateResult {
        let mut found = CertificateResult::default();
        let at = |path: &&str| rustls_native_certs::Error {
            context: "failed to open file",
            kind: ErrorKind::Io { inner: std::io::ErrorKind::NotFound.into(), path: path.into() },
        };
        found.errors = errors.iter().map(at).collect();
        found
    }

    #[test]
    fn a_platform_without_roots_is_told() {
        let told = of_found(bare(&["/a.pem", "/b.pem"])).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains("/a.pem") && told.contains("/b.pem") && told.contains("SSL_CERT_FILE"), "{told}");
        let nothing = of_found(bare(&[])).map(|roots| roots.len()).map_err(|error| error.to_string());
        // Where somebody named a file that is not there, Mozilla's roots are no answer; else they are.
        #[cfg(feature = "webpki-roots")]
        assert_eq!(nothing, Ok(webpki_roots::TLS_SERVER_ROOTS.len()));
        #[cfg(not(feature = "webpki-roots"))]
        assert!(nothing.is_err_and(|told| told.contains("none found")));
    }

    #[cfg(feature = "webpki-roots")]
    #[test]
    fn mozillas_roots_stand_alone_or_beside_those_of_the_platform() {
        let mozilla = TrustStore::empty().with_webpki_roots(true);
        let alone = of(&mozilla).expect("they are compiled in").len();
        assert_eq!(alone, webpki_roots::TLS_SERVER_ROOTS.len());
        let both = of(&mozilla.with_native_roots(true)).expect("this platform has roots").len();
        assert_eq!(both, alone + of(&TrustStore::default()).expect("this platform has roots").len());
    }
}
