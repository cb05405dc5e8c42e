//! What does not build, or builds without what it needs: said by cargo, rustc, the generator, and a program.

use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;
use tinsmith_codegen::{Plan, build};
use xtask::process::cargo;

use crate::Told;
use crate::page::words;

pub(crate) fn mistakes() -> Vec<Told> {
    vec![
        ("An operation that is misspelt", misspelt()),
        ("A feature that is misspelt", feature()),
        ("An operation whose feature is off", method("invoke")),
        ("A method that is misspelt", method("list_layer")),
        ("The transport is off", transport()),
    ]
}

/// What `tinsmith generate` and build scripts say.
fn misspelt() -> String {
    let path = root().join("model/lambda.json");
    let plan = Plan { operations: vec!["ListLayer".to_owned()], ..Plan::default() };
    build::module("lambda.json", &std::fs::read_to_string(path).unwrap(), &plan).unwrap_err().to_string()
}

fn feature() -> String {
    let program = Program::new("\"list-layer\"", "fn main() {}");
    // Which feature it has that is closest, cargo tells in other words from version to version.
    quoted(&program.run(), "package `mistake` depends on `tinsmith-lambda` with feature `list-layer` but", '.')
}

/// What the compiler says of a method that the client does not have.
fn method(name: &str) -> String {
    let main = format!("fn main() {{ let _ = |client: &tinsmith_lambda::Client| client.{name}(); }}");
    let answer = Program::new("\"list-layers\"", &main).run();
    quoted(&answer, &format!("error[E0599]: no method named `{name}` found"), '\n')
}

fn transport() -> String {
    let program = Program::new("\"list-layers\"", WITHOUT_TRANSPORT);
    String::from_utf8(program.run().stdout).unwrap()
}

/// The sentence of an answer that begins so.
fn quoted(answer: &Output, begins: &str, ends: char) -> String {
    let said = String::from_utf8_lossy(&answer.stderr);
    assert!(!answer.status.success(), "{said}");
    let from = said.find(begins).unwrap_or_else(|| panic!("it does not say {begins:?}:\n{said}"));
    words(said[from..].split(ends).next().unwrap())
}

/// Nothing is waited for, so that there is nothing to drive.
const WITHOUT_TRANSPORT: &str = r#"
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};

fn main() {
    let keys = Credentials::from_keys("AKIDEXAMPLE", "secret", None);
    let settings = Config::builder().region(Region::new("us-east-2")).credentials_provider(keys);
    let call = pin!(Client::from_conf(settings.build()).list_layers().send());
    if let Poll::Ready(Err(error)) = call.poll(&mut Context::from_waker(Waker::noop())) {
        println!("{error}");
    }
}
"#;

/// A program of somebody else, who has the client without its default features.
struct Program(TempDir);

impl Program {
    fn new(features: &str, main: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let manifest = MANIFEST.replace("ROOT", root().to_str().unwrap()).replace("FEATURES", features);
        std::fs::create_dir(folder.path().join("src")).unwrap();
        std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        std::fs::write(folder.path().join("src/main.rs"), main).unwrap();
        // Versions that are here already are as good as any, and need no network.
        std::fs::copy(root().join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
        Self(folder)
    }

    fn run(&self) -> Output {
        // That of this test, so that what all depend on is built once.
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().nth(3).unwrap();
        cargo(self.0.path()).args(["run", "--quiet"]).env("CARGO_TARGET_DIR", target).output().unwrap()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

const MANIFEST: &str = r#"
[package]
name = "mistake"
version = "0.1.0"
edition = "2024"

[dependencies]
tinsmith-lambda = { path = "ROOT/crates/lambda", default-features = false, features = [FEATURES] }

[workspace]
"#;
