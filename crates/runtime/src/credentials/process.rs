//! Credentials that a program of the user prints: `credential_process` of a profile.

use std::fmt;
use std::io;

use super::document::Document;
use super::{CredentialsError, Result};
use crate::error::without_secrets;
use crate::profile::Value;
use crate::shell::{Output, Shell};
use crate::transport::BoxFuture;

/// The most that the program may print, in bytes.
const OUTPUT: usize = 64 << 10;
/// The most characters that are shown of what it says on its standard error.
const SAID: usize = 500;

/// Runs the line, and reads the credentials that it prints, by the contract of the SDKs: JSON with `Version` 1,
/// `AccessKeyId`, `SecretAccessKey`, and perhaps `SessionToken`, `Expiration` and `AccountId`. The shell of the platform
/// runs the line, as the official SDK for Rust has it. The account is the profile's where the program names none.
pub(super) fn credentials<'a>(
    shell: &dyn Shell,
    profile: &'a str,
    line: &'a Value,
    account: Option<&'a str>,
) -> BoxFuture<'a, Result> {
    let run = shell.run(line.text.trim(), OUTPUT);
    Box::pin(async move { read(run.await, profile, line, account) })
}

fn read(output: io::Result<Output>, profile: &str, line: &Value, account: Option<&str>) -> Result {
    let failed = |what: &dyn fmt::Display| {
        let place = &line.place;
        CredentialsError::provider_error(format!("credential_process of profile `{profile}` at {place} {what}"))
    };
    let output = output.map_err(|error| failed(&format_args!("could not be run to its end: {error}")))?;
    if output.code != Some(0) {
        let ended = output.code.map_or("was ended by a signal".to_owned(), |code| format!("ended with status {code}"));
        return Err(failed(&format_args!("{ended}; {}", said(&output.stderr))));
    }
    let unusable = |why: &dyn fmt::Display| failed(&format_args!("printed what is of no use: {why}"));
    let mut document = Document::read(&output.stdout).map_err(|why| unusable(&why))?;
    document.account = document.account.take().or_else(|| account.map(str::to_owned));
    match document.version {
        Some(1) => document.credentials("ProcessProvider").map_err(|why| unusable(&why)),
        Some(other) => Err(unusable(&format_args!("its Version is {other}, and should be 1"))),
        None => Err(unusable(&"it has no Version, which should be 1")),
    }
}

/// The beginning of what a program said, on one line, as the official SDKs show it: it is the one thing that tells why. What
/// may be the credentials themselves, as JSON or as variables, is not shown.
fn said(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let text = without_secrets(text.trim());
    let letters = text.to_ascii_lowercase().replace('_', "");
    if text.is_empty() {
        return "it said nothing on its standard error".to_owned();
    }
    if ["secretaccesskey", "sessiontoken"].iter().any(|name| letters.contains(name)) {
        return "what it said on its standard error names keys, and is not shown".to_owned();
    }
    let shown: String = text.chars().take(SAID).flat_map(char::escape_debug).collect();
    let more = if text.chars().nth(SAID).is_some() { "…" } else { "" };
    format!("it said: {shown}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Place;
    use crate::shell::{Output, ScriptedShell};

    const KEYS: &str = r#""AccessKeyId": "AK", "SecretAccessKey": "the-secret""#;

    async fn run(output: Output) -> Result {
        let place = Place { path: "/f".into(), line: 2 };
        let line = Value { text: " get keys ".to_owned(), place, nested: Default::default() };
        credentials(&ScriptedShell::from_iter([("get keys", output)]), "p", &line, Some("1")).await
    }

    fn printed(text: impl Into<Vec<u8>>) -> Output {
        Output { code: Some(0), stdout: text.into(), stderr: b"noise".to_vec() }
    }

    #[tokio::test]
    async fn what_is_printed_is_taken() {
        let check = async |members: &str, account: &str| {
            let got = run(printed(format!("{{{KEYS}, {members}}}"))).await.unwrap();
            assert_eq!((got.access_key_id(), got.secret_access_key()), ("AK", "the-secret"));
            assert_eq!(
                (got.account_id().map(|id| id.as_str()), got.provider_name()),
                (Some(account), "ProcessProvider")
            );
        };
        check("\"Version\": 1", "1").await;
        check("\"Version\": 1, \"AccountId\": \"2\"", "2").await;
    }

    #[tokio::test]
    async fn what_fails_says_why_and_shows_no_secret() {
        let check = async |output: Output, expected: &str| {
            let told = run(output).await.unwrap_err().to_string();
            let source = "the source of credentials failed: credential_process of profile `p` at /f:2";
            assert_eq!(told, format!("{source} {expected}"));
        };
        let failed = |code, said: &str| Output { code, stdout: b"the-secret".to_vec(), stderr: said.into() };
        check(failed(Some(3), ""), "ended with status 3; it said nothing on its standard error").await;
        check(failed(Some(1), "log\nin first\n"), "ended with status 1; it said: log\\nin first").await;
        check(failed(Some(1), "sent Bearer 0123456789abcdef"), "ended with status 1; it said: sent Bearer …").await;
        for keys in ["{\"SecretAccessKey\": \"S\"}", "export AWS_SECRET_ACCESS_KEY=S", "AWS_SESSION_TOKEN=S"] {
            let not_shown = "ended with status 1; what it said on its standard error names keys, and is not shown";
            check(failed(Some(1), &format!("trace: {keys}")), not_shown).await;
        }
        check(failed(None, "\x1b"), "was ended by a signal; it said: \\u{1b}").await;
        let long = format!("ended with status 1; it said: {}…", "é".repeat(500));
        check(failed(Some(1), &"é".repeat(501)), &long).await;

        let useless = |why| format!("printed what is of no use: {why}");
        check(printed("invalid"), &useless("it is not a JSON object, or breaks off at byte 0")).await;
        check(printed(format!("{{{KEYS}}}")), &useless("it has no Version, which should be 1")).await;
        check(printed(format!("{{{KEYS}, \"Version\": 2}}")), &useless("its Version is 2, and should be 1")).await;
        check(printed("{\"Version\": 1}"), &useless("it has no AccessKeyId")).await;
        let long = "could not be run to its end: it printed more than 65536 bytes";
        check(printed(vec![b' '; 65537]), long).await;
    }
}
