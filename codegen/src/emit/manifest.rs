//! What stands beside the sources: Cargo.toml, and a rustfmt.toml that leaves them as they are.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::files::{Files, MARK};
use crate::ir::feature::{COMMON, Common};
use crate::ir::{Finish, Http2, Operation, Service};
use crate::plan::{Form, RuntimeSource};

/// The lines of a hand-written Cargo.toml between which the features are generated.
const BEGIN: &str = "# tinsmith: features, generated";
const END: &str = "# tinsmith: end";

/// The widest that a line may be.
const WIDTH: usize = 120;

/// Adds what the form needs.
///
/// # Errors
///
/// A Cargo.toml that is there has no place for the features, or lacks one of the runtime's.
pub(super) fn add(files: &mut Files, service: &Service, form: &Form, origin: &str) -> Result<(), Diagnostic> {
    let manifest = match form {
        Form::Module | Form::RuntimeModule => return Ok(()),
        Form::Crate { manifest } => {
            check(manifest, &needs(service))?;
            spliced(manifest, &features(service))?
        }
        Form::NewCrate { name, runtime } => whole(service, name, runtime, origin),
    };
    files.insert("Cargo.toml", manifest);
    let keep = "# The generator formats the files beside this one.\ndisable_all_formatting = true\n";
    files.insert("src/rustfmt.toml", format!("# {MARK}{origin}\n{keep}"));
    Ok(())
}

/// The features: those of the official crates, handed on to the runtime, and where operations are such, theirs.
fn features(service: &Service) -> String {
    let operations: Vec<_> = service.operations.iter().filter_map(|operation| operation.feature.as_ref()).collect();
    let http2 = service.http2 != Http2::Possible
        || service.operations.iter().any(|operation| operation.http2 && operation.feature.is_none());
    let is_on = |common: &&Common| common.is_default || http2 && common.name == "http2";
    let common = COMMON.iter().filter(is_on).map(|common| common.name);
    let chosen = operations.iter().filter(|feature| feature.is_default).map(|feature| feature.name.as_str());
    let mut text = format!("[features]\n{}", feature("default", common.chain(chosen)));
    for Common { name, docs, of_runtime, .. } in COMMON {
        let passed_on = format!("tinsmith-runtime/{name}");
        let passed_on = of_runtime.then_some(passed_on.as_str());
        text.push_str(&format!("# {docs}\n{}", feature(name, passed_on.into_iter())));
    }
    if !operations.is_empty() {
        let names = || operations.iter().map(|feature| feature.name.as_str());
        text.push_str(&format!(
            "# Every operation. Each is compiled with its feature alone, and so is what it uses.\n{}",
            feature("full", names())
        ));
        for operation in &service.operations {
            let needs = of_runtime(operation).map(|name| format!("tinsmith-runtime/{name}"));
            let http2 = operation.http2.then_some("http2");
            let line =
                operation.feature.as_ref().map(|of| feature(&of.name, needs.as_deref().into_iter().chain(http2)));
            text.extend(line);
        }
    }
    text
}

/// A feature with what it turns on, as many on a line as fit.
fn feature<'a>(name: &str, turns_on: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<_> = turns_on.map(quoted).collect();
    let line = format!("{name} = [{}]\n", all.join(", "));
    if line.len() <= WIDTH + 1 {
        return line;
    }
    let (mut text, mut line) = (format!("{name} = [\n"), String::from("   "));
    for item in &all {
        if line.len() + item.len() + 2 > WIDTH {
            text.push_str(&std::mem::replace(&mut line, String::from("   ")));
            text.push('\n');
        }
        line.push_str(&format!(" {item},"));
    }
    format!("{text}{line}\n]\n")
}

/// The feature of the runtime that an operation cannot do without.
fn of_runtime(operation: &Operation) -> Option<&'static str> {
    operation.finish.contains(&Finish::Gzip).then_some("gzip")
}

/// The features of the runtime that a service cannot do without, whichever of its own are on.
fn needs(service: &Service) -> BTreeSet<&'static str> {
    let always = service.operations.iter().filter(|operation| operation.feature.is_none());
    always.filter_map(of_runtime).collect()
}

/// Looks whether a manifest names these features of the runtime: its dependencies are written by hand.
fn check(manifest: &str, needs: &BTreeSet<&str>) -> Result<(), Diagnostic> {
    let missing = needs.iter().find(|feature| !manifest.contains(&quoted(feature)));
    missing.map_or(Ok(()), |feature| {
        let reason =
            format!("an operation needs the feature `{feature}` of tinsmith-runtime: name it in its `features`");
        Err(Diagnostic::new("Cargo.toml", reason))
    })
}

/// The text with the features in their place.
fn spliced(manifest: &str, features: &str) -> Result<String, Diagnostic> {
    let parts = manifest.split_once(&format!("{BEGIN}\n")).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let (before, after) = parts.ok_or_else(|| {
        let reason = format!("has no place for its features: expected the line `{BEGIN}`, and after it `{END}`");
        Diagnostic::new("Cargo.toml", reason)
    })?;
    Ok(format!("{before}{BEGIN}\n{features}{END}{after}"))
}

/// A whole Cargo.toml. It has no `[workspace]`, so that the crate can become a member of one.
fn whole(service: &Service, name: &str, runtime: &RuntimeSource, origin: &str) -> String {
    let runtime = match runtime {
        RuntimeSource::Path(path) => format!("path = {}", quoted(path)),
        RuntimeSource::Version(version) => format!("version = {}", quoted(version)),
    };
    let description = quoted(&format!("A thin client of {}.", service.title));
    let name = quoted(name);
    let features = features(service);
    let needs: Vec<_> = needs(service).into_iter().map(quoted).collect();
    let needs = if needs.is_empty() { String::new() } else { format!(", features = [{}]", needs.join(", ")) };
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
tinsmith-runtime = {{ {runtime}, default-features = false{needs} }}
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
    use std::collections::BTreeSet;

    use super::{BEGIN, END, check, feature, quoted, spliced};

    #[test]
    fn features_are_spliced() {
        let manifest =
            |features: &str| format!("[package]\nname = \"x\"\n\n{BEGIN}\n{features}{END}\n\n[dependencies]\n");
        let expected = manifest("new = []\n");
        assert_eq!(spliced(&manifest("old = []\n"), "new = []\n"), Ok(expected.clone()));
        assert_eq!(spliced(&expected, "new = []\n"), Ok(expected));
        for bad in ["", BEGIN, END, &format!("{END}\n{BEGIN}\n")] {
            assert!(spliced(bad, "new = []\n").is_err(), "{bad}");
        }
    }

    #[test]
    fn long_features_are_wrapped() {
        assert_eq!(feature("a", ["b", "c"].into_iter()), "a = [\"b\", \"c\"]\n");
        let long = feature("full", ["get-function-configuration"; 5].into_iter());
        let name = r#""get-function-configuration""#;
        assert_eq!(long, format!("full = [\n    {name}, {name}, {name},\n    {name}, {name},\n]\n"));
    }

    #[test]
    fn a_feature_that_is_needed_is_named() {
        let manifest = "tinsmith-runtime = { workspace = true, features = [\"gzip\"] }";
        assert_eq!(check(manifest, &["gzip"].into()), Ok(()));
        assert_eq!(check("", &BTreeSet::new()), Ok(()));
        let fault = check("", &["gzip"].into()).unwrap_err().to_string();
        assert!(fault.contains("the feature `gzip` of tinsmith-runtime"), "{fault}");
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
