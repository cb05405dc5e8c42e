//! A client for someone else's project: generated from each official model into an empty folder outside the workspace,
//! the program of `docs/your-own-service.md` builds there, and lists the layers of the stand-in.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use tinsmith_stand_in::{ACCESS_KEY_ID, Layers, SECRET_ACCESS_KEY, StandIn};
use xtask::process::cargo;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("models", |models| {
        let trial = |name| {
            let model = models.join(name).with_extension("json");
            Trial::test(name, move || check(name, &model).map_err(Failed::from))
        };
        Ok::<_, String>(["lambda-2025", "lambda-2026"].map(trial).into())
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Generates, builds a program beside the generated crate, and compares what it prints.
fn check(name: &str, model: &Path) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (client, program) = (folder.path().join("client"), folder.path().join("program"));
    let runtime = root().join("crates/runtime").canonicalize()?;
    let generated = cargo(&root())
        .args(["run", "--quiet", "--package", "xtask", "--", "regenerate", "--operations", "ListLayers", "--model"])
        .arg(model)
        .arg("--out")
        .arg(&client)
        .arg("--runtime")
        .arg(&runtime)
        .output()?;
    succeeded(generated, "the generator")?;

    fs::create_dir_all(program.join("src"))?;
    fs::write(program.join("Cargo.toml"), PACKAGE.replace("NAME", name) + on_the_page("toml")?)?;
    fs::write(program.join("src/main.rs"), on_the_page("rust")?)?;
    // Versions that are here already are as good as any, and need no network.
    fs::copy(root().join("Cargo.lock"), program.join("Cargo.lock"))?;
    // That of this test, so that what all depend on is built once.
    let target =
        std::env::current_exe()?.ancestors().nth(3).ok_or("the test is not in target/PROFILE/deps")?.to_owned();
    let built = cargo(&program).args(["build", "--quiet"]).env("CARGO_TARGET_DIR", &target).output()?;
    succeeded(built, "the build")?;

    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(StandIn::builder().layers(Layers::reference()).start())?;
    let listed = Command::new(target.join("debug").join(name))
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env("AWS_REGION", "us-east-2")
        .output()?;
    let printed = succeeded(listed, "the program")?;
    if printed != "my-layer 2 [Python36, Python37]\n" {
        return Err(format!("the program printed {printed:?}").into());
    }
    Ok(())
}

fn succeeded(output: std::process::Output, what: &str) -> Result<String, String> {
    if !output.status.success() {
        return Err(format!("{what} failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What stands in the first block of this language on the page for users.
fn on_the_page(language: &str) -> Result<&'static str, String> {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).ok_or("the page shows no program")?;
    rest.split_once("```").map(|(block, _)| block).ok_or_else(|| "a block of the page has no end".to_owned())
}

const PAGE: &str = include_str!("../docs/your-own-service.md");

const PACKAGE: &str = r#"
[package]
name = "NAME"
version = "0.1.0"
edition = "2024"

[workspace]

"#;
