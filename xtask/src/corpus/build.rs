//! The crates of a corpus: members of one workspace under `target/corpus`, with the versions of our own lock, so that what
//! they share is compiled once. No feature is on: those of a client are for the runtime.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;
use tinsmith_codegen::{Form, RuntimeSource};

use crate::fs;

/// The workspace.
#[derive(Debug)]
pub(super) struct Build {
    folder: PathBuf,
    target: PathBuf,
    /// The workspace of ours.
    root: PathBuf,
}

/// A member with nothing of its own, for what the others share.
const SHARED: &str = "shared";

/// What the compiler made of a crate.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) took: Duration,
    /// Its warnings and errors.
    pub(super) messages: Vec<String>,
}

impl Build {
    pub(super) fn below(root: &Path) -> Self {
        let (folder, target) = (root.join("target/corpus"), root.join("target/corpus-build"));
        Self { folder, target, root: root.to_owned() }
    }

    /// What a service is generated as.
    pub(super) fn form(&self, name: &str) -> Form {
        let runtime = RuntimeSource::Path(self.root.join("crates/runtime").display().to_string());
        Form::NewCrate { name: package(name), runtime }
    }

    /// Where its crate is.
    pub(super) fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(package(name))
    }

    /// Writes the workspace of these services, and compiles what they share.
    pub(super) fn prepare(&self, names: &[&String]) -> anyhow::Result<()> {
        let members: Vec<_> = [SHARED.to_owned()].into_iter().chain(names.iter().map(|name| package(name))).collect();
        let members = Value::from(members);
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members}\n\n[profile.dev]\ndebug = false\n");
        fs::replace(&self.folder.join("Cargo.toml"), &manifest)?;
        fs::replace(&self.folder.join("Cargo.lock"), &fs::read(&self.root.join("Cargo.lock"))?)?;
        let runtime = Value::from(self.root.join("crates/runtime").display().to_string());
        let dependency = format!("tinsmith-runtime = {{ path = {runtime}, default-features = false }}");
        let shared = format!("[package]\nname = \"{SHARED}\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n");
        fs::replace(&self.folder.join(SHARED).join("Cargo.toml"), &shared)?;
        fs::replace(&self.folder.join(SHARED).join("src/lib.rs"), "")?;
        let Compiled { messages, .. } = self.compile(SHARED)?;
        ensure!(messages.is_empty(), "the runtime: {}", messages.join("\n"));
        Ok(())
    }

    /// Compiles a service, also where it was compiled before: its seconds are to be those of a compilation.
    pub(super) fn check(&self, name: &str) -> anyhow::Result<Compiled> {
        let source = self.folder(name).join("src/lib.rs");
        let touched =
            std::fs::File::options().write(true).open(&source).and_then(|file| file.set_modified(SystemTime::now()));
        touched.with_context(|| format!("cannot touch {}", source.display()))?;
        self.compile(&package(name))
    }

    fn compile(&self, package: &str) -> anyhow::Result<Compiled> {
        let started = Instant::now();
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["check", "--quiet", "--no-default-features", "--message-format", "json", "--package", package])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(Stdio::null())
            .output()
            .context("cannot start cargo")?;
        let took = started.elapsed();
        let messages = messages(&output.stdout);
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() || !messages.is_empty(), "cargo cannot check {package}: {}", said.trim());
        Ok(Compiled { took, messages })
    }
}

/// The name of a service's package: that of its file, as cargo takes it.
fn package(name: &str) -> String {
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_', "-");
    format!("corpus-{name}")
}

/// What the compiler says, in what cargo prints: one JSON value a line.
fn messages(stdout: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    struct Line {
        message: Message,
    }
    #[derive(Deserialize)]
    struct Message {
        level: String,
        code: Option<Value>,
        rendered: String,
    }
    let lines = stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    // Sums ("aborting due to …", "3 warnings emitted") have no code, and neither place nor news.
    let is_sum = |message: &Message| message.code.is_none() && !message.rendered.contains("-->");
    let found: Vec<_> = lines.map(|line| line.message).filter(|message| !is_sum(message)).collect();
    found
        .into_iter()
        .filter(|message| ["warning", "error"].contains(&message.level.as_str()))
        .map(|m| m.rendered)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{messages, package};

    #[test]
    fn what_the_compiler_says() {
        let lines = [
            r#"{"reason":"compiler-artifact","target":{"name":"bytes"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"warning","code":{"code":"dead_code"},"rendered":"warning: x is never used\n --> src/a.rs:1:1\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"error","code":null,"rendered":"error: expected `;`\n --> src/b.rs:1:1\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"warning","code":null,"rendered":"warning: 1 warning emitted\n"}}"#,
            r#"{"reason":"compiler-message","message":{"level":"failure-note","code":null,"rendered":"For more --> `rustc --explain E0425`."}}"#,
            r#"{"reason":"build-finished","success":false}"#,
            "",
        ];
        let expected = ["warning: x is never used\n --> src/a.rs:1:1\n", "error: expected `;`\n --> src/b.rs:1:1\n"];
        assert_eq!(messages(lines.join("\n").as_bytes()), expected);
    }

    #[test]
    fn packages() {
        for (name, expected) in [("glacier", "corpus-glacier"), ("a b.2018-11-29", "corpus-a-b-2018-11-29")] {
            assert_eq!(package(name), expected);
        }
    }
}
