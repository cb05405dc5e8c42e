//! The commands of `docs/your-own-service.md`, run one after the other in a folder with the model that they name.

use std::path::Path;
use std::process::Command;

#[test]
fn each_command_does_what_it_should() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/your-own-service.md")).expect("the page is there");
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    std::fs::copy(root.join("model/lambda.json"), folder.path().join("lambda.json")).expect("the model is there");

    let commands: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("tinsmith ")).collect();
    for command in &commands {
        let arguments = command.split(' ').map(|argument| argument.trim_matches('\''));
        let mut tinsmith = Command::new(env!("CARGO_BIN_EXE_tinsmith"));
        let output = tinsmith.args(arguments).current_dir(folder.path()).output().expect("the program starts");
        assert!(output.status.success(), "tinsmith {command}: {}", String::from_utf8_lossy(&output.stderr));
    }

    assert_eq!(commands.len(), 6);
    for written in ["client/Cargo.toml", "client/src/operation/invoke.rs", "src/lambda/mod.rs", "model/lambda.json"] {
        assert!(folder.path().join(written).is_file(), "{written}");
    }
}
