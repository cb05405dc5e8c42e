//! `cargo xtask minimal`: whether the runtime compiles with the oldest versions that it says it takes.
//!
//! A package under `target/minimal` depends on the runtime, and itself on what the runtime depends on: so cargo takes the oldest of
//! each of these (`-Z direct-minimal-versions`), and the newest of what they depend on in turn, which is theirs to say. `aws-lc-rs`
//! and the official crates are left out.

use std::collections::BTreeMap;

use anyhow::ensure;
use serde_json::Value;

use crate::workspace::{self, Metadata};
use crate::{fs, process};

/// What users pay for.
const RUNTIME: &str = "tinsmith-runtime";
/// Left out are those of programs with the official crates, which choose the versions there, and what builds C for a minute.
const LEFT_OUT: &str = "aws-";
/// Features that need nothing of that, beside the default ones.
const FEATURES: [&str; 4] = ["gzip", "http2", "serde", "webpki-roots"];

pub(super) fn run() -> anyhow::Result<()> {
    let root = workspace::root();
    let metadata = workspace::metadata(&root, false)?;
    let folder = metadata.target_directory.join("minimal");
    let runtime = root.join("crates/runtime");
    fs::replace(&folder.join("Cargo.toml"), &manifest(&metadata, &runtime.display().to_string()))?;
    fs::replace(&folder.join("src/lib.rs"), "")?;
    // The option is not stable; the versions that it finds are compiled as ever.
    let mut resolve = process::cargo(&folder);
    resolve.env("RUSTC_BOOTSTRAP", "1").args(["update", "--quiet", "-Z", "direct-minimal-versions"]);
    ensure!(
        resolve.status()?.success(),
        "the oldest versions that are asked for do not fit together: ask for newer ones"
    );
    let mut check = process::cargo(&folder);
    check.args(["check", "--quiet", "--locked", "--target-dir"]).arg(metadata.target_directory.join("minimal-build"));
    ensure!(
        check.status()?.success(),
        "{RUNTIME} does not compile with the oldest versions that it asks for: ask for newer ones in Cargo.toml"
    );
    println!("{RUNTIME} compiles with the oldest versions that it asks for, of all but {LEFT_OUT}*");
    Ok(())
}

/// The package. A JSON string of a path or of a version is one of TOML.
fn manifest(metadata: &Metadata, runtime: &str) -> String {
    let outside = metadata.outside(RUNTIME).into_iter().filter(|(name, _)| !name.starts_with(LEFT_OUT));
    let versions: BTreeMap<&str, &str> = outside.map(|(name, on)| (name, on.req.as_str())).collect();
    let (path, features) = (Value::from(runtime), Value::from(FEATURES.to_vec()));
    let mut text = format!(
        "[package]\nname = \"minimal\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         {RUNTIME} = {{ path = {path}, features = {features} }}\n"
    );
    for (name, version) in versions {
        text += &format!("{name} = {{ version = {}, default-features = false }}\n", Value::from(version));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::manifest;
    use serde_json::json;

    #[test]
    fn what_is_asked_for() {
        let package = |name: &str, on: serde_json::Value| {
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "manifest_path": "/w/Cargo.toml",
                    "dependencies": on })
        };
        let metadata = serde_json::from_value(json!({
            "packages": [
                package("tinsmith-runtime", json!([
                    { "name": "tinsmith-core", "kind": null, "req": "^0.1.0" },
                    { "name": "hyper", "kind": null, "req": "^1.7" },
                    { "name": "aws-lc-rs", "kind": null, "req": "^1" },
                    { "name": "insta", "kind": "dev", "req": "^1" },
                ])),
                package("tinsmith-core", json!([{ "name": "bytes", "kind": null, "req": "^1.11" }])),
            ],
            "target_directory": "/w/target",
            "workspace_members": ["tinsmith-runtime", "tinsmith-core"],
        }))
        .unwrap();
        let expected = "tinsmith-runtime = { path = \"/w\", features = [\"gzip\",\"http2\",\"serde\",\"webpki-roots\"] }\n\
                        bytes = { version = \"^1.11\", default-features = false }\n\
                        hyper = { version = \"^1.7\", default-features = false }\n";
        let manifest = manifest(&metadata, "/w");
        assert_eq!(manifest.split_once("[dependencies]\n").map(|(_, after)| after), Some(expected), "{manifest}");
    }
}
