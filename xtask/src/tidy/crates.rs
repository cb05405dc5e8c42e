//! Rules about crates: who may depend on whom, how many a user pays for, licences and bans.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{licences, promises};
use crate::fs;
use crate::workspace::{self, Metadata, Package};

/// The runtime, on which everything generated stands.
const RUNTIME: &str = "tinsmith-runtime";

/// Crates that a user of a generated crate pays for, itself included.
const MOST_CRATES: usize = 48;

/// Crates that no one here may bring in.
const BANNED: [(&str, &str); 5] = [
    ("native-tls", "TLS is rustls"),
    ("openssl-sys", "TLS is rustls"),
    ("async-trait", "a proc macro in the tree of users; futures are boxed by hand"),
    ("aws-config", "the official crates are peers, in workspaces of their own"),
    ("aws-smithy-runtime", "the official crates are peers, in workspaces of their own"),
];

pub(super) fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let metadata = workspace::metadata(root, true)?;
    let mut faults = dependencies(&metadata);
    faults.extend(promises::faults(&metadata, &fs::read(&root.join("ARCHITECTURE.md"))?, RUNTIME));
    for package in metadata.packages.iter().filter(|package| package.is_generated()) {
        let arguments = ["tree", "-p", &package.name, "-e", "normal", "--prefix", "none", "--format", "{p}"];
        faults.extend(tree(&package.name, &workspace::cargo(root, &arguments)?));
    }
    Ok(faults)
}

/// What `cargo metadata` shows.
fn dependencies(metadata: &Metadata) -> Vec<String> {
    let mut faults = Vec::new();
    let generated: BTreeSet<_> =
        metadata.packages.iter().filter(|p| p.is_generated()).map(|p| p.name.as_str()).collect();
    for package in &metadata.packages {
        let ours = metadata.workspace_members.contains(&package.id);
        if let Err(error) = package.generated() {
            faults.push(format!("{error:#}"));
        }
        if ours && generated.contains(package.name.as_str()) {
            faults.extend(generated_crate(package));
        }
        let forbidden = match package.name.as_str() {
            "tinsmith-codegen" if ours => BTreeSet::from([RUNTIME]),
            "xtask" if ours => generated.clone(),
            _ => BTreeSet::new(),
        };
        for reached in reached(metadata, &package.id).intersection(&forbidden) {
            faults.push(format!("{}: depends on {reached}, directly or not", package.name));
        }
        faults.extend(foreign(package, ours));
    }
    faults
}

/// A generated crate stands on the runtime alone.
fn generated_crate(package: &Package) -> Vec<String> {
    let others = package.dependencies.iter().filter(|on| on.kind.as_deref() != Some("dev") && on.name != RUNTIME);
    others
        .map(|on| format!("{}: is generated and depends on {}: only {RUNTIME} is allowed", package.name, on.name))
        .collect()
}

/// Licences and bans.
fn foreign(package: &Package, ours: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let Package { name, version, .. } = package;
    match package.license.as_deref() {
        Some(licence) if licences::accepted(licence) => {}
        Some(licence) => faults.push(format!("{name} {version}: its licence ({licence}) is not one that we accept")),
        None => faults.push(format!("{name} {version}: names no licence")),
    }
    if let Some((_, reason)) = BANNED.iter().find(|(banned, _)| banned == name && !ours) {
        faults.push(format!("{name} {version}: is banned: {reason}"));
    }
    faults
}

/// The names of all packages that one of the workspace reaches, for whatever purpose.
fn reached<'a>(metadata: &'a Metadata, from: &'a str) -> BTreeSet<&'a str> {
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let edges: BTreeMap<_, _> = nodes.map(|node| (node.id.as_str(), &node.dependencies)).collect();
    let names: BTreeMap<_, _> = metadata.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![from];
    while let Some(id) = waiting.pop() {
        if seen.insert(id) {
            waiting.extend(edges.get(id).into_iter().flat_map(|on| on.iter()).map(String::as_str));
        }
    }
    seen.remove(from);
    seen.into_iter().filter_map(|id| names.get(id).copied()).collect()
}

/// What `cargo tree` shows of a generated crate: a line a crate, `name vVERSION (proc-macro) (path) (*)`.
fn tree(package: &str, tree: &str) -> Vec<String> {
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty());
    let crates: BTreeSet<_> = lines.collect();
    let mut faults = Vec::new();
    if crates.len() > MOST_CRATES {
        faults.push(format!("{package}: brings {} crates, at most {MOST_CRATES} are allowed", crates.len()));
    }
    for line in crates {
        if line.contains("(proc-macro)") || line.starts_with("syn v") {
            faults.push(format!("{package}: brings {line}: no proc macro and no syn in the tree of users"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{Metadata, dependencies, tree};
    use serde_json::json;

    #[test]
    fn trees() {
        let many: String = (0..49).map(|i| format!("crate{i} v1.0.0\n")).collect();
        for (text, expected) in [
            ("a v1.0.0 (/home/a)\nring v0.17.0\n", &[][..]),
            ("a v1.0.0\nsyn v2.0.0\n", &["a: brings syn v2.0.0: no proc macro and no syn in the tree of users"]),
            (
                "a v1.0.0\nb v1.0.0 (proc-macro) (*)\n",
                &["a: brings b v1.0.0 (proc-macro): no proc macro and no syn in the tree of users"],
            ),
            (&many, &["a: brings 49 crates, at most 48 are allowed"]),
        ] {
            assert_eq!(tree("a", text), expected, "{text}");
        }
    }

    #[test]
    fn who_depends_on_whom() {
        let package = |name: &str, licence: &str, on: &[&str], metadata: serde_json::Value| {
            let on: Vec<_> = on.iter().map(|name| json!({ "name": name, "kind": null })).collect();
            json!({ "id": name, "name": name, "version": "1.0.0", "license": licence, "manifest_path": "/w/Cargo.toml",
                    "dependencies": on, "metadata": metadata })
        };
        let tinsmith = json!({ "tinsmith": { "model": "m", "operations": "*" } });
        let metadata: Metadata = serde_json::from_value(json!({
            "packages": [
                package("tinsmith-codegen", "MIT", &[], json!(null)),
                package("tinsmith-runtime", "MIT", &[], json!(null)),
                package("tinsmith-orders", "MIT", &["tinsmith-runtime", "serde"], tinsmith),
                package("xtask", "MIT", &["between"], json!(null)),
                package("between", "GPL-3.0", &[], json!(null)),
                package("native-tls", "MIT", &[], json!(null)),
            ],
            "target_directory": "/w/target",
            "workspace_members": ["tinsmith-codegen", "tinsmith-runtime", "tinsmith-orders", "xtask"],
            "resolve": { "nodes": [
                { "id": "tinsmith-codegen", "dependencies": ["tinsmith-runtime"] },
                { "id": "xtask", "dependencies": ["between"] },
                { "id": "between", "dependencies": ["tinsmith-orders"] },
            ] },
        }))
        .unwrap();
        let expected = [
            "tinsmith-codegen: depends on tinsmith-runtime, directly or not",
            "tinsmith-orders: is generated and depends on serde: only tinsmith-runtime is allowed",
            "xtask: depends on tinsmith-orders, directly or not",
            "between 1.0.0: its licence (GPL-3.0) is not one that we accept",
            "native-tls 1.0.0: is banned: TLS is rustls",
        ];
        assert_eq!(dependencies(&metadata), expected);
    }
}
