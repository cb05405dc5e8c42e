//! What stands beside the sources: Cargo.toml, and a rustfmt.toml that leaves them as they are.

use crate::diagnostic::Diagnostic;
use crate::files::{Files, MARK};
use crate::ir::Service;
use crate::plan::{Form, RuntimeSource};

/// The lines of a hand-written Cargo.toml between which the features are generated.
const BEGIN: &str = "# tinsmith: features, generated";
const END: &str = "# tinsmith: end";

/// Adds what the form needs.
///
/// # Errors
///
/// A Cargo.toml that is there has no place for the features.
pub(super) fn add(files: &mut Files, service: &Service, form: &Form, origin: &str) -> Result<(), Diagnostic> {
    let manifest = match form {
        Form::Module | Form::RuntimeModule => return Ok(()),
        Form::Crate { manifest } => spliced(manifest)?,
        Form::NewCrate { name, runtime } => whole(service, name, runtime, origin),
    };
    files.insert("Cargo.toml", manifest);
    let keep = "# The generator formats the files beside this one.\ndisable_all_formatting = true\n";
    files.insert("src/rustfmt.toml", format!("# {MARK}{origin}\n{keep}"));
    Ok(())
}

/// The features: those of the official crates, handed on to the runtime.
fn features() -> &'static str {
    "\
[features]
default = [\"default-https-client\", \"rustls\", \"rt-tokio\", \"tracing\"]
# The transport: HTTP/1.1 by hyper, with pooled connections.
default-https-client = [\"tinsmith-runtime/default-https-client\"]
# TLS for that transport: rustls with ring.
rustls = [\"tinsmith-runtime/rustls\"]
# The same with aws-lc-rs, by itself or in place of ring.
aws-lc-rs = [\"tinsmith-runtime/aws-lc-rs\"]
# Mozilla's roots, for platforms that have none.
webpki-roots = [\"tinsmith-runtime/webpki-roots\"]
# HTTP/2 with servers that choose it.
http2 = [\"tinsmith-runtime/http2\"]
# Timers from tokio.
rt-tokio = [\"tinsmith-runtime/rt-tokio\"]
# Spans and events of each call.
tracing = [\"tinsmith-runtime/tracing\"]
# Settings and credentials of the official `aws-config`, used as they are.
aws-config = [\"tinsmith-runtime/aws-config\"]
# Doors that a test can script.
test-util = [\"tinsmith-runtime/test-util\"]
# Accepted, as the official crates have it; without effect.
behavior-version-latest = []
"
}

/// The text with the features in their place.
fn spliced(manifest: &str) -> Result<String, Diagnostic> {
    let parts = manifest.split_once(&format!("{BEGIN}\n")).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or_else(|| {
        let reason = format!("has no place for its features: expected the line `{BEGIN}`, and after it `{END}`");
        Diagnostic::new("Cargo.toml", reason)
    })?;
    Ok(format!("{before}{BEGIN}\n{}{END}{after}", features()))
}

/// A whole Cargo.toml. It has no `[workspace]`, so that the crate can become a member of one.
fn whole(service: &Service, name: &str, runtime: &RuntimeSource, origin: &str) -> String {
    let runtime = match runtime {
        RuntimeSource::Path(path) => format!("path = {}", quoted(path)),
        RuntimeSource::Version(version) => format!("version = {}", quoted(version)),
    };
    let description = quoted(&format!("A thin client of {}.", service.title));
    let name = quoted(name);
    let features = features();
    format!(
        "\
# {MARK}{origin}

[package]
name = {name}
description = {description}
version = \"0.1.0\"
edition = \"2024\"
rust-version = \"1.88\"
publish = false

{features}
[dependencies]
tinsmith-runtime = {{ {runtime}, default-features = false }}
"
    )
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, features, quoted, spliced};

    #[test]
    fn features_are_spliced() {
        let manifest =
            |features: &str| format!("[package]\nname = \"x\"\n\n{BEGIN}\n{features}{END}\n\n[dependencies]\n");
        let expected = manifest(features());
        assert_eq!(spliced(&manifest("old = []\n")), Ok(expected.clone()));
        assert_eq!(spliced(&expected), Ok(expected));
        for bad in ["", BEGIN, END, &format!("{END}\n{BEGIN}\n")] {
            assert!(spliced(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn text_is_quoted() {
        for (text, expected) in
            [("a", r#""a""#), (r"C:\x", r#""C:\\x""#), ("a\"b", r#""a\"b""#), ("a\nb", r#""a\u000Ab""#)]
        {
            assert_eq!(quoted(text), expected);
        }
    }
}
