//! Rules about sources: their heads and sizes, what a `#[allow]` says, and which words stand where.

use std::path::Path;

use tinsmith_codegen::files::is_generated;

use crate::lock::read_lock;
use crate::{fs, workspace};

/// Folders of hand-written and generated Rust; workspaces of their own follow their own rules.
const FOLDERS: [&str; 8] = ["bench", "cli", "codegen", "crates", "examples", "fuzz", "xtask", "tests"];
const ELSEWHERE: [&str; 1] = ["tests/compat/"];

/// Lines of a hand-written file, and of the one function that everyone reads.
const MOST_LINES: usize = 600;
const MOST_LINES_OF_CALL: usize = 300;

/// Code that is a function of its arguments.
const PURE: [&str; 5] = [
    "codegen/src/",
    "crates/runtime/src/codec",
    "crates/runtime/src/endpoint",
    "crates/runtime/src/retry",
    "crates/runtime/src/sign",
];

/// How the world would enter it.
const WORLD: [&str; 11] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "SystemTime::now",
    "Instant::now",
    "SystemClock",
];

/// Where services have no names, and the places in it where they do: in sources of credentials, and in what all SDKs call
/// variables, settings and features.
const NAMELESS: [&str; 2] = ["codegen/src/emit", "crates/runtime/src/"];
const NAMED: [&str; 5] = [
    "crates/runtime/src/call/trace.rs",
    "crates/runtime/src/config/rows.rs",
    "crates/runtime/src/credentials",
    "crates/runtime/src/profile",
    "crates/runtime/src/user_agent/metric.rs",
];

/// What stands before code that only tests have.
const TEST: &str = "#[cfg(test)]";

pub(super) fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let lock = read_lock(&root.join("model/model.lock"))?;
    let services: Vec<_> = lock.models().filter_map(|file| file.strip_suffix(".json")).collect();
    let mut files = Vec::new();
    for folder in FOLDERS {
        for path in fs::rust_files(&root.join(folder))? {
            let name = workspace::shown(root, &path).replace('\\', "/");
            if !ELSEWHERE.iter().any(|elsewhere| name.starts_with(elsewhere)) {
                files.push((name, fs::read(&path)?));
            }
        }
    }
    let tests: Vec<_> = files.iter().flat_map(|(name, text)| test_modules(name, text)).collect();
    let mut faults = Vec::new();
    for (name, text) in &files {
        faults.extend(file(name, text));
        if !tests.iter().any(|tests| name.starts_with(tests)) {
            faults.extend(words(name, text, &services));
        }
    }
    Ok(faults)
}

/// The modules of a file that only tests have (`#[cfg(test)] mod tests;`), as the beginnings of their paths.
fn test_modules(name: &str, text: &str) -> Vec<String> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let base = match file {
        "lib.rs" | "main.rs" | "mod.rs" => folder,
        _ => name.trim_end_matches(".rs"),
    };
    let lines: Vec<_> = text.lines().collect();
    let tested = lines.windows(2).filter(|pair| pair.first() == Some(&TEST)).filter_map(|pair| pair.last());
    let modules = tested.filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    modules.flat_map(|module| [format!("{base}/{module}.rs"), format!("{base}/{module}/")]).collect()
}

/// What one file breaks, be it a test or not. `name` is its path from the root.
fn file(name: &str, text: &str) -> Vec<String> {
    let generated = is_generated(text);
    let mut faults = Vec::new();
    if !generated {
        faults.extend(head_and_size(name, text));
    }
    faults.extend(allows(name, text, generated));
    faults.extend(links(name, text));
    faults
}

/// A comment of a macro is a text, in which nothing is put in the place of `$crate`: rustdoc makes a link of it that leads
/// nowhere, and does not say so.
fn links(name: &str, text: &str) -> Vec<String> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim_start()));
    let lost = lines.filter(|(_, line)| line.starts_with("///") && line.contains("]($crate"));
    lost.map(|(number, _)| format!("{name}:{number}: a link to `$crate` leads nowhere: name the crate")).collect()
}

/// Words that stand where they must not.
fn words(name: &str, text: &str, services: &[&str]) -> Vec<String> {
    let starts = |folders: &[&str]| folders.iter().any(|folder| name.starts_with(folder));
    let pure = starts(&PURE);
    let nameless = starts(&NAMELESS) && !starts(&NAMED);
    let mut faults = Vec::new();
    for (number, line) in code(text) {
        for door in WORLD.iter().filter(|door| pure && line.contains(**door)) {
            faults.push(format!("{name}:{number}: touches the world ({door}): take it as an argument"));
        }
        for service in services.iter().filter(|service| nameless && holds_word(line, service)) {
            faults.push(format!("{name}:{number}: names a service ({service}): decide it in `lower`"));
        }
    }
    faults
}

fn head_and_size(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//! ") {
        faults.push(format!("{name}:1: expected `//!` and what the file is for"));
    }
    let lines = text.lines().count();
    let most = if name == "crates/runtime/src/call.rs" { MOST_LINES_OF_CALL } else { MOST_LINES };
    if lines > most {
        faults.push(format!("{name}: has {lines} lines, at most {most} are allowed: split it by what it decides"));
    }
    faults
}

/// Each `allow` and `expect` says why, in its `reason` or in a comment behind it; generated code has none.
fn allows(name: &str, text: &str, generated: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let mut rest = text;
    for number in 1..=text.lines().count() {
        let attribute = rest.trim_start_matches([' ', '\t']);
        let is_one =
            ["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|lint| attribute.starts_with(lint));
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        if !is_one {
            continue;
        }
        let (whole, after) = attribute.split_once(")]").unwrap_or((attribute, ""));
        let has_reason = whole.contains("reason = \"") || after.trim_start_matches(' ').starts_with("// ");
        if generated {
            faults.push(format!("{name}:{number}: generated code has an `allow`: mend the emitter"));
        } else if !has_reason {
            faults.push(format!("{name}:{number}: an `allow` without its `reason`"));
        }
    }
    faults
}

/// The lines of code with their numbers: without comments, and without the tests at the end.
fn code(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<_> = text.lines().collect();
    let is_tests = |pair: &[&str]| pair.first() == Some(&TEST) && pair.last().is_some_and(|line| line.ends_with(" {"));
    let end = lines.windows(2).position(is_tests).unwrap_or(lines.len());
    let code = lines.into_iter().take(end).enumerate();
    code.map(|(index, line)| (index + 1, line.split_once("//").map_or(line, |(code, _)| code))).collect()
}

/// Whether a line holds a word, in whatever case, and not as a part of a longer one.
fn holds_word(line: &str, word: &str) -> bool {
    let line = line.to_ascii_lowercase();
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::{file, test_modules, words};

    #[test]
    fn rules() {
        let long = format!("//! Long.\n{}", "\n".repeat(600));
        let long_call = format!("//! The call.\n{}", "\n".repeat(300));
        let runtime = "crates/runtime/src/";
        for (name, text, expected) in [
            ("codegen/src/a.rs", "//! Fine.\nuse std::fmt;\n", None),
            (
                "codegen/src/a.rs",
                "use std::fmt;\n",
                Some("codegen/src/a.rs:1: expected `//!` and what the file is for"),
            ),
            (
                "xtask/src/a.rs",
                long.as_str(),
                Some("xtask/src/a.rs: has 601 lines, at most 600 are allowed: split it by what it decides"),
            ),
            (
                &format!("{runtime}call.rs"),
                &long_call,
                Some("crates/runtime/src/call.rs: has 301 lines, at most 300 are allowed: split it by what it decides"),
            ),
            (
                "crates/a/src/lib.rs",
                "//! A.\n// @generated by tinsmith.\n#![allow(x)]\n",
                Some("crates/a/src/lib.rs:3: generated code has an `allow`: mend the emitter"),
            ),
            ("crates/a/src/lib.rs", "// @generated by tinsmith.\nfn a() {}\n", None),
            (
                "xtask/src/a.rs",
                "//! A.\n\n#[allow(dead_code)]\n",
                Some("xtask/src/a.rs:3: an `allow` without its `reason`"),
            ),
            ("xtask/src/a.rs", "//! A.\n    #[allow(x)] // As it must be.\n", None),
            (
                "xtask/src/a.rs",
                "//! A.\n    /// See [`B`]($crate::B).\n",
                Some("xtask/src/a.rs:2: a link to `$crate` leads nowhere: name the crate"),
            ),
            (
                "codegen/src/a.rs",
                "//! A.\n#[cfg(test)]\nmod tests;\nuse std::fs;\n",
                Some("codegen/src/a.rs:4: touches the world (std::fs): take it as an argument"),
            ),
            ("xtask/src/a.rs", "//! A.\n#[expect(\n    x,\n    reason = \"why\"\n)]\n", None),
            (
                "codegen/src/a.rs",
                "//! A.\nlet x = std::fs::read(p);\n",
                Some("codegen/src/a.rs:2: touches the world (std::fs): take it as an argument"),
            ),
            ("codegen/src/a.rs", "//! A.\n// never std::fs\n#[cfg(test)]\nmod tests {\n    use std::fs;\n}\n", None),
            (
                &format!("{runtime}retry/mod.rs"),
                "//! A.\nlet t = Instant::now();\n",
                Some("crates/runtime/src/retry/mod.rs:2: touches the world (Instant::now): take it as an argument"),
            ),
            (&format!("{runtime}call.rs"), "//! A.\nlet t = Instant::now();\n", None),
            (
                &format!("{runtime}call.rs"),
                "//! A.\nif name == \"Lambda\" {}\n",
                Some("crates/runtime/src/call.rs:2: names a service (lambda): decide it in `lower`"),
            ),
            (&format!("{runtime}call.rs"), "//! A.\nlet lambdas = 1; // as Lambda does\n", None),
            (&format!("{runtime}credentials/sts.rs"), "//! A.\nlet x = \"lambda\";\n", None),
        ] {
            let expected: Vec<_> = expected.into_iter().collect();
            let found: Vec<_> = file(name, text).into_iter().chain(words(name, text, &["lambda"])).collect();
            assert_eq!(found, expected, "{name}: {text}");
        }
    }

    #[test]
    fn modules_of_tests() {
        let text = "//! A.\n#[cfg(test)]\nmod tests;\nmod other;\n#[cfg(test)]\npub(crate) mod fixture;\n#[cfg(test)]\nmod x {\n";
        for (name, base) in [("a/mod.rs", "a"), ("a/lib.rs", "a"), ("a/b.rs", "a/b")] {
            let expected = ["tests.rs", "tests/", "fixture.rs", "fixture/"].map(|end| format!("{base}/{end}"));
            assert_eq!(test_modules(name, text), expected, "{name}");
        }
    }
}
