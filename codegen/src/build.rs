//! For build scripts: a model and a list of operations in, one text out, to be written into `OUT_DIR` and included.
//!
//! ```no_run
//! use std::error::Error;
//! use std::path::Path;
//! use std::{env, fs};
//!
//! use tinsmith_codegen::{Plan, build};
//!
//! const MODEL: &str = "model/lambda.json";
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     println!("cargo:rerun-if-changed=build.rs");
//!     println!("cargo:rerun-if-changed={MODEL}");
//!     let plan = Plan { operations: vec!["ListLayers".to_owned()], ..Plan::default() };
//!     let client = build::module(MODEL, &fs::read_to_string(MODEL)?, &plan)?;
//!     fs::write(Path::new(&env::var("OUT_DIR")?).join("lambda.rs"), client)?;
//!     Ok(())
//! }
//! ```
//!
//! The crate depends on `tinsmith-runtime`, and holds the module:
//!
//! ```ignore
//! mod lambda {
//!     include!(concat!(env!("OUT_DIR"), "/lambda.rs"));
//! }
//! ```
//!
//! Where an operation compresses what it sends (`smithy.api#requestCompression`), that crate turns on the feature `gzip` of
//! `tinsmith-runtime`. It turns on `http2` where an operation sends events, or receives some from a service that names `h2`
//! first for them (`eventStreamHttp` of `aws.protocols#restJson1`), and for all of one that names `h2` first for all (`http`
//! there). Crates that are generated whole do so by themselves.
//!
//! In its `[build-dependencies]`, `tinsmith-codegen` needs no default features: they print Rust as people read it.

use std::fmt;

use crate::files::Files;
use crate::plan::{Form, Plan};
use crate::{Diagnostic, diagnostic, generate, smithy};

/// A client as one text, for a module. `file` is what faults call the model; nothing is opened. The form of the plan has no
/// effect.
///
/// # Errors
///
/// All that is wrong with the model or the plan, also where it is wrong with one operation alone: those that are not to
/// fail the build are named under `skip`.
pub fn module(file: &str, text: &str, plan: &Plan) -> Result<String, Refused> {
    let plan = Plan { form: Form::Module, ..plan.clone() };
    let files = smithy::load(file, text).and_then(|model| generate(&model, &plan)).map_err(Refused)?;
    Ok(inline(&files, "", "mod.rs"))
}

/// Why nothing was generated: every fault, a line each. Its `Debug` is its `Display`, for what `main` returns is shown so.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused(pub Vec<Diagnostic>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        diagnostic::write_all(f, &self.0)
    }
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Refused {}

/// A file, each `mod name;` of it with what its file holds: relative to a file that is included, there are no others.
fn inline(files: &Files, folder: &str, path: &str) -> String {
    let mut text = String::new();
    for line in files.0.get(path).map(String::as_str).unwrap_or_default().lines() {
        let below = declared(line).map(|name| format!("{folder}{name}"));
        let file = below.as_ref().map(|below| [format!("{below}.rs"), format!("{below}/mod.rs")]);
        match (below, file.into_iter().flatten().find(|file| files.0.contains_key(file))) {
            (Some(below), Some(file)) => {
                let head = line.trim_end().trim_end_matches(';').trim_end();
                text.push_str(&format!("{head} {{\n{}}}\n", inline(files, &format!("{below}/"), &file)));
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    text
}

/// The module that a line declares without saying what is in it.
fn declared(line: &str) -> Option<&str> {
    let line = line.trim().strip_suffix(';')?.trim_end();
    let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?;
    Some(name.strip_prefix("r#").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::{declared, inline};
    use crate::files::Files;

    #[test]
    fn modules_are_inlined() {
        let mut files = Files::default();
        for (path, text) in [
            ("mod.rs", "// Root.\nmod enums;\npub mod types;\npub mod operation ;\nuse mod_x;\n"),
            ("enums.rs", "//! Enums.\n"),
            ("types.rs", "//! Types.\npub mod error;\n"),
            ("types/error.rs", "//! Errors.\n"),
            ("operation/mod.rs", "pub mod r#match;\n"),
            ("operation/match.rs", "fn f() { mod x; }\n"),
        ] {
            files.insert(path, text);
        }
        let expected = "// Root.\nmod enums {\n//! Enums.\n}\npub mod types {\n//! Types.\npub mod error {\n//! Errors.\n}\n}\n\
                        pub mod operation {\npub mod r#match {\nfn f() { mod x; }\n}\n}\nuse mod_x;\n";
        assert_eq!(inline(&files, "", "mod.rs"), expected);
    }

    #[test]
    fn lines_that_declare() {
        for (line, expected) in [
            ("mod a;", Some("a")),
            ("pub mod r#type;", Some("type")),
            ("pub mod a ;", Some("a")),
            ("mod a {", None),
            ("/// mod a;", None),
            ("    mod a;", Some("a")),
            ("", None),
        ] {
            assert_eq!(declared(line), expected, "{line}");
        }
    }
}
