//! The commands as a person meets them: what they say of bad input, and that they leave nothing half written.

use std::path::Path;
use std::process::{Command, Output};

const MODEL: &str = r#"{ "smithy": "2.0", "shapes": {
    "e#S": { "type": "service", "version": "1", "operations": [{ "target": "e#ListOrders" }], "traits": { "aws.api#service": { "sdkId": "S" } } },
    "e#ListOrders": { "type": "operation", "input": { "target": "e#In" } },
    "e#In": { "type": "structure", "members": { "more": { "target": "e#In" } } }
} }"#;

const DANGLING: &str = r#"{ "smithy": "2.0", "shapes": {
    "e#S": { "type": "service", "operations": [{ "target": "e#Gone" }], "traits": { "smithy.api#http": 1 } }
} }"#;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(folder).output();
    command.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs the command beside the two models: its exit status, and all that it says on stderr.
fn check(arguments: &str, status: i32, message: &str) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    for (name, text) in [("model.json", MODEL), ("dangling.json", DANGLING), ("text.json", "text")] {
        std::fs::write(folder.path().join(name), text).unwrap_or_else(|error| panic!("{error}"));
    }
    let output = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
    assert_eq!(String::from_utf8_lossy(&output.stderr), message, "{arguments}");
    assert_eq!(output.status.code(), Some(status), "{arguments}");
    assert!(!folder.path().join("out").exists(), "{arguments}: wrote something");
}

#[test]
fn bad_input() {
    let misspelt = "error: model.json: e#S: has no operation ListOrder: did you mean ListOrders?\n";
    check("regenerate --model model.json --operations ListOrder --out out", 1, misspelt);
    check("model show ListOrder --model model.json", 1, misspelt);

    let dangling = "error: 2 faults\n  dangling.json: e#S: lists the operation e#Gone, which is not in the model\n  \
                    dangling.json: e#S: @smithy.api#http: invalid type: integer `1`, expected an object\n";
    check("regenerate --model dangling.json --operations * --out out --name x", 1, dangling);
    check("import dangling.json", 1, dangling);
    check("model show * --model dangling.json", 1, dangling);

    let text = "error: text.json: is not JSON: expected ident at line 1 column 2\n";
    check("regenerate --model text.json --operations * --out out", 1, text);
    check("import text.json", 1, text);
    check(
        "import --partitions text.json",
        1,
        "error: text.json: this is not JSON: expected ident at line 1 column 2\n",
    );

    let absent = "error: cannot read absent.json: No such file or directory (os error 2)\n";
    check("import absent.json", 1, absent);
    check("regenerate --model absent.json --operations * --out out", 1, absent);

    let alone = run(Path::new("."), &["regenerate", "--name", "x"]);
    let stderr = String::from_utf8_lossy(&alone.stderr);
    assert!(alone.status.code() == Some(2) && stderr.contains("--model <FILE>"), "{stderr}");

    let targets = "base64, frames, json, model, numbers, profile, round_trip, signature, timestamps, xml";
    check("fuzz gone", 1, &format!("error: there is no target gone; there are {targets}\n"));
    check("fuzz json --input gone", 1, "error: gone is not there, or no file\n");

    let runtime = "error: --runtime nowhere: expected a version, or a folder with a Cargo.toml\n";
    check("regenerate --model model.json --operations * --out out --runtime nowhere", 1, runtime);
}

/// Files of a corpus of which nothing comes: each has a line of its own, and one that is only foreign is no fault where that
/// is said. It is a failure that nothing was compiled.
#[test]
fn a_corpus_without_a_service() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = MODEL.replace("aws.api#service", "aws.protocols#restXml");
    let table = |rows: &[&str]| {
        let head = "model        operations  left out   shapes      lines        bytes  generating   checking  warnings  alone\n";
        let sum = "all of them           0         0        0          0            0      0.00 s     0.00 s         0      0\n";
        format!("{head}{}{sum}", rows.concat())
    };
    let xml = "foreign      speaks restXml, which is not supported yet: expected restJson1 or awsQuery\n";
    let text = "text         nothing of it can be generated\n";
    let note = "\ntext:\n  text.json: is not JSON: expected ident at line 1 column 2\n";
    let check = |files: &[(&str, &str)], arguments: &[&str], status: i32, stdout: &str, stderr: &str| {
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let output = run(folder.path(), &[&["corpus", "."], arguments].concat());
        assert_eq!(String::from_utf8_lossy(&output.stderr), stderr);
        assert_eq!(String::from_utf8_lossy(&output.stdout), stdout);
        assert_eq!(output.status.code(), Some(status));
    };
    check(&[], &[], 1, "", "error: . holds no model: expected files NAME.json\n");
    check(&[("foreign.json", &foreign)], &[], 0, &table(&[xml]), "");
    let fault =
        "\nforeign:\n  foreign.json: e#S: speaks restXml, which is not supported yet: expected restJson1 or awsQuery\n";
    let bad = "error: not whole, or not without a warning: foreign\n";
    check(&[], &["--strict"], 1, &format!("{}{fault}", table(&[xml])), bad);
    let bad = "error: not whole, or not without a warning: text\n";
    check(&[("text.json", "text")], &[], 1, &format!("{}{note}", table(&[xml, text])), bad);
    check(&[], &["--only", "foreign"], 0, &table(&[xml]), "");
    check(&[], &["--only", "foreign,gone"], 1, "", "error: . holds no gone\n");
}

#[test]
fn trees() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("model.json"), MODEL).unwrap();
    let output = run(folder.path(), &["model", "show", "ListOrders", "--model", "model.json"]);
    let tree = "ListOrders\n├─ input: In (structure)\n│  └─ more: In (structure)  … recursive\n└─ output: Unit\n\
                reaches 1 shapes: 1 structure\n";
    assert_eq!(String::from_utf8_lossy(&output.stdout), tree);
    assert!(output.status.success());
}
