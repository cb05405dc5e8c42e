//! The CA bundle that a setting names: read with the shared files, and trusted in place of the platform's roots.

use std::path::Path;

use bytes::Bytes;

use super::settings::CA_BUNDLE;
use super::{Resolved, SettingError, Sources};
use crate::environment::Files;
use crate::transport::tls::{TlsContext, holds_certificate};

/// The largest bundle that is read, in bytes. That of a platform has about a quarter of a million.
const LIMIT: u64 = 4 << 20;

/// The TLS of clients, where a setting names a bundle. Its certificates are read by the first `https` connection.
pub(super) fn read(sources: &Sources, files: &dyn Files) -> Result<Option<TlsContext>, SettingError> {
    let Some(Resolved { value: path, origin }) = sources.get(&CA_BUNDLE)? else { return Ok(None) };
    let unusable =
        |why: &str| SettingError::malformed(&origin, CA_BUNDLE.key, &path, &format!("{}: {why}", CA_BUNDLE.allowed));
    let pem = files.read(Path::new(&path), LIMIT).map_err(|error| unusable(&error.to_string()))?;
    if !holds_certificate(&pem) {
        return Err(unusable("there is no line `-----BEGIN CERTIFICATE-----` in it"));
    }
    let name = format!("the CA bundle {path} ({})", origin.named(CA_BUNDLE.key));
    Ok(Some(TlsContext::of_bundle(name, Bytes::from(pem))))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::{Builder, Choice};
    use crate::environment::{ScriptedEnvironment, ScriptedFiles};

    const PEM: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    /// What the client's transport trusts, or what its first call tells.
    fn load(variables: &[(&str, &str)], config: &str) -> Result<TlsContext, String> {
        let environment: ScriptedEnvironment = [("HOME", "/h")].iter().chain(variables).copied().collect();
        let large = "#".repeat(4 << 20) + PEM;
        let files = ScriptedFiles::from_iter([
            ("/h/.aws/config", config),
            ("/ca.pem", PEM),
            ("/ca.der", "\u{30}\u{82}"),
            ("/large.pem", &large),
        ]);
        let sources = Sources::read(environment, &files, Choice::default());
        let config = Builder::new().load(Arc::new(sources));
        match config.problems() {
            Some(problem) => Err(problem.to_string()),
            None => config.transport_settings().map(|settings| settings.tls_context).map_err(|error| error.to_string()),
        }
    }

    #[test]
    fn the_bundle_that_is_named_is_trusted() {
        let of = |name: &'static str| Ok(TlsContext::of_bundle(name, Bytes::from(PEM)));
        let profile = "[default]\nca_bundle = /ca.pem\n";
        assert_eq!(load(&[], ""), Ok(TlsContext::default()));
        assert_eq!(load(&[("AWS_CA_BUNDLE", " ")], ""), Ok(TlsContext::default()));
        assert_eq!(load(&[("AWS_CA_BUNDLE", "/ca.pem")], ""), of("the CA bundle /ca.pem (AWS_CA_BUNDLE)"));
        assert_eq!(load(&[], profile), of("the CA bundle /ca.pem (`ca_bundle` at /h/.aws/config:2)"));
        let other = "[default]\nca_bundle = /nothing.pem\n";
        assert_eq!(load(&[("AWS_CA_BUNDLE", "/ca.pem")], other), of("the CA bundle /ca.pem (AWS_CA_BUNDLE)"));
    }

    #[test]
    fn a_bundle_that_cannot_be_used_is_told_by_the_first_call() {
        let check = |variables: &[(&str, &str)], config: &str, expected: &str| {
            assert_eq!(load(variables, config), Err(expected.to_owned()));
        };
        let should = "and should be a file of certificates in PEM";
        let told = format!("AWS_CA_BUNDLE is \"/nothing.pem\", {should}: entity not found");
        check(&[("AWS_CA_BUNDLE", "/nothing.pem")], "", &told);
        let told = format!("AWS_CA_BUNDLE is \"/large.pem\", {should}: it has more than 4194304 bytes");
        check(&[("AWS_CA_BUNDLE", "/large.pem")], "", &told);
        let told = format!(
            "`ca_bundle` at /h/.aws/config:2 is \"/ca.der\", {should}: there is no line `-----BEGIN CERTIFICATE-----` in it"
        );
        check(&[], "[default]\nca_bundle = /ca.der\n", &told);
    }
}
