//! Rules about what users are promised: each dependency of the runtime has its row in ARCHITECTURE.md, and none asks for a
//! newer Rust than we do.

use std::collections::BTreeSet;

use crate::workspace::{Metadata, Package};

/// Where the rows are.
const HEADING: &str = "\n## Dependencies of the runtime\n";

/// `page` is ARCHITECTURE.md, and `from` the package whose dependencies users pay for.
pub(super) fn faults(metadata: &Metadata, page: &str, from: &str) -> Vec<String> {
    let mut faults = rows(&metadata.outside(from).into_keys().collect(), page);
    faults.extend(versions(metadata));
    faults
}

/// The first cell of a row begins with its crates, and the last one is their cost.
fn rows(dependencies: &BTreeSet<&str>, page: &str) -> Vec<String> {
    let Some((_, section)) = page.split_once(HEADING) else {
        return vec![format!("ARCHITECTURE.md: expected a section `{}`", HEADING.trim())];
    };
    let section = section.split("\n## ").next().unwrap_or_default();
    let (mut named, mut faults) = (BTreeSet::new(), Vec::new());
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        if cells.len() != 4 || cells.contains(&"") {
            faults.push(format!("ARCHITECTURE.md: expected four cells (crate, for what, instead, cost): {row}"));
        }
        // Behind the crates, prose may name features.
        let crates = cells.first().into_iter().flat_map(|first| first.split(", ")).take_while(|it| it.starts_with('`'));
        named.extend(crates.filter_map(|it| it.split('`').nth(1)));
    }
    let missing = dependencies.difference(&named);
    faults.extend(missing.map(|name| format!("ARCHITECTURE.md: {name} is a dependency of the runtime and has no row")));
    let left = named.difference(dependencies);
    faults.extend(left.map(|name| format!("ARCHITECTURE.md: {name} has a row and is no dependency of the runtime")));
    faults
}

/// No package, be it for tests alone, asks for a newer Rust than the oldest that one of ours promises.
fn versions(metadata: &Metadata) -> Vec<String> {
    let ours = metadata.packages.iter().filter(|package| metadata.is_ours(package));
    let mut promised = Vec::new();
    let mut faults = Vec::new();
    for package in ours {
        match package.rust_version.as_deref() {
            Some(version) => promised.push(version),
            None => faults.push(format!("{}: names no `rust-version`", package.name)),
        }
    }
    let Some(promise) = promised.into_iter().min_by_key(|version| parts(version)) else { return faults };
    for package in &metadata.packages {
        let Some(asked) = package.rust_version.as_deref().filter(|asked| parts(asked) > parts(promise)) else {
            continue;
        };
        let Package { name, version, .. } = package;
        faults.push(format!("{name} {version}: asks for Rust {asked}, and {promise} is promised"));
    }
    faults
}

/// The numbers of a version; what is left out is zero.
fn parts(version: &str) -> [u64; 3] {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(u64::MAX));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Metadata, faults};
    use serde_json::json;

    fn check(page: &str, expected: &[&str]) {
        let package = |name: &str, rust: Option<&str>, on: &[(&str, Option<&str>)]| {
            let on: Vec<_> = on.iter().map(|(name, kind)| json!({ "name": name, "kind": kind })).collect();
            json!({ "id": name, "name": name, "version": "1.0.0", "license": "MIT", "manifest_path": "/w/Cargo.toml",
                    "dependencies": on, "rust_version": rust })
        };
        let metadata: Metadata = serde_json::from_value(json!({
            "packages": [
                package("runtime", Some("1.88"), &[("core", None), ("hyper", None), ("insta", Some("dev"))]),
                package("core", Some("1.88"), &[("bytes", None)]),
                package("forgetful", None, &[("serde", None)]),
                package("bytes", Some("1.88.0"), &[]),
                package("hyper", None, &[]),
                package("insta", Some("1.100"), &[]),
            ],
            "target_directory": "/w/target",
            "workspace_members": ["runtime", "core", "forgetful"],
        }))
        .unwrap();
        let of_versions =
            ["forgetful: names no `rust-version`", "insta 1.0.0: asks for Rust 1.100, and 1.88 is promised"];
        let expected: Vec<_> = expected.iter().chain(&of_versions).collect();
        assert_eq!(faults(&metadata, page, "runtime").iter().collect::<Vec<_>>(), expected, "{page}");
    }

    #[test]
    fn promises() {
        let page = |rows: &str| {
            format!("# A\n\n## Dependencies of the runtime\n\n| crate | a | b | c |\n{rows}\n\n## B\n| `x` |")
        };
        let bytes = "| `bytes`, of which the feature `std` alone | a | b | c |\n";
        check(&page(&format!("{bytes}| `hyper` (by feature `http`) | a | b | c |")), &[]);
        check(&page(bytes), &["ARCHITECTURE.md: hyper is a dependency of the runtime and has no row"]);
        check(
            &page(&format!("{bytes}| `hyper`, `insta` | a | b | – |")),
            &["ARCHITECTURE.md: insta has a row and is no dependency of the runtime"],
        );
        check(
            &page(&format!("{bytes}| `hyper` | a | b |")),
            &["ARCHITECTURE.md: expected four cells (crate, for what, instead, cost): | `hyper` | a | b |"],
        );
        check("# A\n", &["ARCHITECTURE.md: expected a section `## Dependencies of the runtime`"]);
    }
}
