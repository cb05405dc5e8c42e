//! The program as a person meets it, in a folder of its own: what it writes, what it says of bad input, and what it leaves
//! alone.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Two operations that can be generated, and one that cannot: no type can be made of a list that holds itself.
const MODEL: &str = r#"{ "smithy": "2.0", "shapes": {
    "e#Shop": { "type": "service", "version": "1",
        "operations": [{ "target": "e#ListOrders" }, { "target": "e#Ping" }, { "target": "e#Weave" }],
        "traits": {
            "aws.api#service": { "sdkId": "Shop" }, "aws.auth#sigv4": { "name": "shop" }, "aws.protocols#restJson1": {},
            "smithy.rules#endpointRuleSet": { "version": "1.0", "parameters": {}, "rules": [
                { "type": "endpoint", "conditions": [], "endpoint": { "url": "https://shop.example" } } ] } } },
    "e#ListOrders": { "type": "operation", "output": { "target": "e#Orders" }, "traits": { "smithy.api#http": { "method": "GET", "uri": "/orders" } } },
    "e#Orders": { "type": "structure", "members": { "Names": { "target": "e#Names" } } },
    "e#Names": { "type": "list", "member": { "target": "smithy.api#String" } },
    "e#Ping": { "type": "operation", "traits": { "smithy.api#http": { "method": "GET", "uri": "/ping" } } },
    "e#Weave": { "type": "operation", "input": { "target": "e#Yarn" }, "traits": { "smithy.api#http": { "method": "POST", "uri": "/weave" },
        "smithy.waiters#waitable": { "Woven": { "acceptors": [ { "state": "success", "matcher": { "inputOutput": {
            "path": "length(input.Loop) > `0`", "expected": "true", "comparator": "booleanEquals" } } } ] } } } },
    "e#Yarn": { "type": "structure", "members": { "Loop": { "target": "e#Loop" } } },
    "e#Loop": { "type": "list", "member": { "target": "e#Loop" } }
} }"#;

/// What is said of the one that cannot.
const WEAVE: &str = "model.json: e#Loop: holds itself with no structure in between, so that no type can be made of it; Weave needs \
                     it, and can be left out with `skip`";

const FINE: &str = "generate --model model.json --operations ListOrders --out client";

/// A folder with the model and others that are none.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let no_shape = r#"{ "smithy": "2.0", "shapes": { "e#A": 1, "e#B": {} } }"#;
    for (name, text) in [("model.json", MODEL), ("text.json", "text"), ("shapes.json", no_shape)] {
        std::fs::write(folder.path().join(name), text).expect("the folder can be written");
    }
    folder
}

/// Runs the program there: its status, what it prints, what it says on stderr.
fn run(folder: &Path, arguments: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tinsmith"));
    let output = command.args(arguments.split(' ')).current_dir(folder).output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

/// Runs a command in a fresh folder, and compares all that it says.
#[track_caller]
fn check(arguments: &str, status: i32, stdout: &str, stderr: &str) -> TempDir {
    let folder = folder();
    let expected = (status, stdout.to_owned(), stderr.to_owned());
    assert_eq!(run(folder.path(), arguments), expected, "{arguments}");
    folder
}

/// The files of a folder and of those below it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in std::fs::read_dir(&at).into_iter().flatten().flatten() {
            let path = entry.path();
            match std::fs::read_to_string(&path) {
                Ok(text) => drop(found.insert(path.strip_prefix(folder).unwrap_or(&path).display().to_string(), text)),
                Err(_) => waiting.push(path),
            }
        }
    }
    found
}

#[test]
fn a_crate_is_written_once() {
    let folder = check(FINE, 0, "client: 14 files, 14 written, 0 deleted\n", "");
    let written = files(&folder.path().join("client"));
    let manifest = &written["Cargo.toml"];
    assert!(manifest.contains("name = \"tinsmith-shop\"\n"), "{manifest}");
    let runtime =
        format!("tinsmith-runtime = {{ version = \"{}\", default-features = false }}", env!("CARGO_PKG_VERSION"));
    assert!(manifest.contains(&runtime), "{manifest}");
    assert!(written["src/operation/list_orders.rs"].contains("names: &[String] = Member::body(\"Names\")"));

    let unchanged = (0, "client: 14 files, 0 written, 0 deleted\n".to_owned(), String::new());
    assert_eq!(run(folder.path(), FINE), unchanged);
    assert_eq!(run(folder.path(), &format!("{FINE} --check")), (0, String::new(), String::new()));
    assert_eq!(files(&folder.path().join("client")), written);
}

#[test]
fn what_is_no_longer_asked_for_goes_and_what_others_wrote_stays() {
    let folder = check(
        "generate --model model.json --operations ListOrders,Ping --out client",
        0,
        "client: 15 files, 15 written, 0 deleted\n",
        "",
    );
    let by_hand = folder.path().join("client/src/operation/by_hand.rs");
    std::fs::write(&by_hand, "//! By hand.\n").unwrap();
    let drift = "error: generated files are not what their models say; the same command without --check mends it: 2 faults\n  \
                 changed: client/src/operation.rs\n  \
                 orphaned: client/src/operation/ping.rs\n";
    assert_eq!(run(folder.path(), &format!("{FINE} --check")), (1, String::new(), drift.to_owned()));
    assert_eq!(run(folder.path(), FINE).1, "client: 14 files, 1 written, 1 deleted\n");
    assert!(by_hand.exists() && !folder.path().join("client/src/operation/ping.rs").exists());

    let foreign = "//! A client of my own.\n";
    std::fs::write(folder.path().join("client/src/client.rs"), foreign).unwrap();
    std::fs::remove_file(folder.path().join("client/src/lib.rs")).unwrap();
    let before = files(folder.path());
    let in_the_way =
        "error: client/src/client.rs stands where a file is generated, and was not generated: move it, or delete it\n";
    assert_eq!(run(folder.path(), FINE), (1, String::new(), in_the_way.to_owned()));
    assert_eq!(files(folder.path()), before, "something was written all the same");
}

/// A client within a folder of another one, of the same model and of another, is none of its orphans.
#[test]
fn a_client_below_another_one_stays() {
    let folder = check(
        "generate --model model.json --operations ListOrders --out src/shop --module",
        0,
        "src/shop: 12 files, 12 written, 0 deleted\n",
        "",
    );
    let other = MODEL.replace("\"Shop\"", "\"Store\"");
    std::fs::write(folder.path().join("other.json"), other).unwrap();
    for (model, out) in [("model.json", "src/shop/v2"), ("other.json", "src/shop/types/store")] {
        let command = format!("generate --model {model} --operations Ping --out {out} --module");
        assert_eq!(run(folder.path(), &command).0, 0);
    }
    let again = "generate --model model.json --operations ListOrders --out src/shop --module";
    let unchanged = "src/shop: 12 files, 0 written, 0 deleted\n".to_owned();
    assert_eq!(run(folder.path(), again), (0, unchanged, String::new()));
    assert_eq!(run(folder.path(), &format!("{again} --check")), (0, String::new(), String::new()));
}

#[test]
fn a_module() {
    let folder = check(
        "generate --model model.json --operations Ping --out src/shop --module",
        0,
        "src/shop: 12 files, 12 written, 0 deleted\n",
        "",
    );
    let written = files(&folder.path().join("src/shop"));
    assert!(written.contains_key("mod.rs") && !written.contains_key("Cargo.toml"), "{:?}", written.keys());
}

#[test]
fn one_bad_operation_does_not_cost_the_others() {
    let all = "generate --model model.json --operations * --out client";
    let left_out = format!("error: operations were left out, the others are there: {WEAVE}\n");
    let folder = check(all, 1, "client: 15 files, 15 written, 0 deleted\n", &left_out);
    assert!(folder.path().join("client/src/operation/ping.rs").exists());
    assert_eq!(run(folder.path(), &format!("{all} --check")), (1, String::new(), left_out));
    let unchanged = (0, "client: 15 files, 0 written, 0 deleted\n".to_owned(), String::new());
    assert_eq!(run(folder.path(), &format!("{all} --skip Weave")), unchanged);

    let alone = "generate --model model.json --operations Weave --out client";
    let folder = check(alone, 1, "", &format!("error: {WEAVE}\n"));
    assert!(!folder.path().join("client").exists());
}

#[test]
fn bad_input() {
    let misspelt = "error: model.json: e#Shop: has no operation ListOrder: did you mean ListOrders?\n";
    check("generate --model model.json --operations ListOrder --out client", 1, "", misspelt);
    check("model show ListOrder --model model.json", 1, "", misspelt);
    let text = "error: text.json: is not JSON: expected ident at line 1 column 2\n";
    let absent = "error: cannot read absent.json: No such file or directory (os error 2)\n";
    let shapes = "error: 2 faults\n  shapes.json: e#A: is not a shape: expected an object, found 1\n  \
                  shapes.json: e#B: has no `type`\n";
    for (model, message) in [("text.json", text), ("absent.json", absent), ("shapes.json", shapes)] {
        let folder = check(&format!("generate --model {model} --operations * --out client"), 1, "", message);
        assert_eq!(files(folder.path()).len(), 3, "something was written");
        check(&format!("model show * --model {model}"), 1, "", message);
        let folder = check(&format!("import {model}"), 1, "", message);
        assert_eq!(files(folder.path()).len(), 3, "something was written");
    }
    let text = |name: &str| format!("{FINE} --name {name}");
    let word = |name: &str| {
        format!("error: --name {name}: expected letters, digits, `-` and `_`, the first of them a letter\n")
    };
    for name in ["1st", "../shop", "läden", "_"] {
        check(&text(name), 1, "", &word(name));
    }
    let taken = "error: --name std: no code could call a crate so: Rust has the name for itself\n";
    check(&text("std"), 1, "", taken);
    let operations = "error: --operations ListOrders,: a name is empty\n";
    check("generate --model model.json --operations ListOrders, --out client", 1, "", operations);
    let out = "error: --out model.json: it is a file, expected a folder, or a new name\n";
    check("generate --model model.json --operations ListOrders --out model.json", 1, "", out);
    let no_file = "error: cannot read .: it is a folder, expected a file\n";
    check("generate --model . --operations ListOrders --out client", 1, "", no_file);
    let runtime = "error: --runtime nowhere: expected a version, or a folder with a Cargo.toml\n";
    check(&format!("{FINE} --runtime nowhere"), 1, "", runtime);
    let (status, _, stderr) = run(folder().path(), "generate --model model.json");
    assert_eq!(status, 2);
    assert!(stderr.contains("--operations <A,B>") && stderr.contains("--out <DIR>"), "{stderr}");
    let (status, _, stderr) = run(folder().path(), &format!("{FINE} --module --name x"));
    assert_eq!(status, 2);
    assert!(stderr.contains("'--module' cannot be used with '--name <NAME>'"), "{stderr}");
}

/// A person's files in the folder stay, whatever they hold, and the command that would mend the rest is not told as if it
/// could take them away.
#[test]
fn what_was_not_generated_stays() {
    let folder = check(FINE, 0, "client: 14 files, 14 written, 0 deleted\n", "");
    let at = |path: &str| folder.path().join("client/src").join(path);
    let unchanged = (0, "client: 14 files, 0 written, 0 deleted\n".to_owned(), String::new());
    std::fs::write(at("mine.rs"), b"// \xff\n").expect("it can be written");
    assert_eq!(run(folder.path(), FINE), unchanged, "a file that is not UTF-8 is none of ours");

    std::fs::write(at("lib.rs"), "//! Mine.\n").expect("it can be written");
    std::fs::remove_file(at("error.rs")).expect("it was generated");
    let stands = "client/src/lib.rs stands where a file is generated, and was not generated: move it, or delete it";
    assert_eq!(run(folder.path(), FINE), (1, String::new(), format!("error: {stands}\n")));
    let told = format!(
        "error: generated files are not what their models say; then the same command without --check mends it: \
         2 faults\n  {stands}\n  missing: client/src/error.rs\n"
    );
    assert_eq!(run(folder.path(), &format!("{FINE} --check")), (1, String::new(), told));
    assert_eq!(std::fs::read_to_string(at("lib.rs")).ok().as_deref(), Some("//! Mine.\n"));
}

#[test]
fn trees() {
    let tree = "ListOrders  GET /orders\n├─ input: Unit\n└─ output: Orders (structure)\n   └─ Names: Names (list)\n      \
                └─ each: String\nreaches 2 shapes: 1 list, 1 structure\n";
    check("model show ListOrders --model model.json", 0, tree, "");
}

#[test]
fn imports() {
    let import = "import model.json --date 2026-03";
    let folder = check(import, 0, "model/shop.json: 2356 bytes\n", "");
    let imported = files(&folder.path().join("model"));
    assert_eq!(imported.keys().collect::<Vec<_>>(), ["model.lock", "shop.json"]);
    assert!(imported["model.lock"].contains("  e#Shop   1        2026-03  "), "{}", imported["model.lock"]);
    assert_eq!(run(folder.path(), "import model.json").0, 0);
    assert_eq!(files(&folder.path().join("model")), imported, "the date is kept");
    assert_eq!(run(folder.path(), "import model/shop.json --into elsewhere").1, "elsewhere/shop.json: 2356 bytes\n");
    // A file of this name that was not imported stays.
    std::fs::remove_file(folder.path().join("elsewhere/model.lock")).expect("it was written");
    let stays = "error: elsewhere/shop.json is there, and model.lock does not list it as imported: move it, or import \
                 --into another folder\n";
    assert_eq!(run(folder.path(), "import model.json --into elsewhere").2, stays);
}
