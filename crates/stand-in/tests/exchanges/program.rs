//! The binary: how another process starts it, finds it and stops it.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::client::{PATH, Reply, send};

/// Starts the program and reads the line that it prints.
fn start(arguments: &[&str]) -> (Child, SocketAddr) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_tinsmith-stand-in"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("http://").unwrap_or_else(|| panic!("no URL: {line}")).parse().unwrap();
    (program, address)
}

async fn get(address: SocketAddr) -> Reply {
    send(address, &format!("GET {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await
}

#[tokio::test]
async fn it_stops_when_standard_input_ends() {
    let arguments =
        ["--layers", "7", "--region", "eu-north-1", "--no-signature-check", "--fault", "html-503", "--exit-with-stdin"];
    let (mut program, address) = start(&arguments);
    assert_eq!(get(address).await.status(), 503);
    let page = get(address).await;
    assert_eq!(page.names().len(), 7);
    assert!(page.json()["Layers"][0]["LayerArn"].as_str().unwrap().starts_with("arn:aws:lambda:eu-north-1:"));
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
}

#[cfg(unix)]
#[tokio::test]
async fn it_stops_on_signals() {
    for signal in ["-INT", "-TERM"] {
        let (mut program, address) = start(&["--rate-limit", "15"]);
        assert_eq!(get(address).await.code(), "MissingAuthenticationTokenException");
        assert!(Command::new("kill").args([signal, &program.id().to_string()]).status().unwrap().success());
        assert!(program.wait().unwrap().success(), "{signal}");
    }
}

#[tokio::test]
async fn it_serves_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layers.json");
    std::fs::write(&file, r#"{"Layers": [{"LayerName": "from-a-file"}]}"#).unwrap();
    let (mut program, address) =
        start(&["--layers", file.to_str().unwrap(), "--no-signature-check", "--exit-with-stdin"]);
    assert_eq!(get(address).await.names(), ["from-a-file"]);
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
}

#[test]
fn it_speaks_tls_and_leaves_its_root() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("root.pem");
    let mut program = Command::new(env!("CARGO_BIN_EXE_tinsmith-stand-in"))
        .args(["--tls", root.to_str().unwrap(), "--exit-with-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("https://127.0.0.1:"), "{line}");
    assert!(std::fs::read_to_string(&root).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    drop(program.stdin.take());
    assert!(program.wait().unwrap().success());
}

#[test]
fn it_prints_a_page() {
    let page = |more: &[&str]| {
        let arguments = [&["--print-page", "--layers", "60"], more].concat();
        let output = Command::new(env!("CARGO_BIN_EXE_tinsmith-stand-in")).args(arguments).output().unwrap();
        let page: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.stdout, page)
    };
    let (text, plain) = page(&[]);
    assert_eq!(plain["Layers"].as_array().unwrap().len(), 50);
    let (other, shuffled) = page(&["--shuffle", "1"]);
    assert_eq!(plain, shuffled);
    assert_ne!(text, other);
}

#[test]
fn it_says_what_is_wrong() {
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--layers", "/no/such/file"], 1, "tinsmith-stand-in: /no/such/file cannot be read: "),
        (&["--fault", "thottle"], 2, "`thottle` is no fault; there are: none, throttle, "),
        (&["--access-key", "AKID"], 2, "--secret-key"),
    ];
    for (arguments, status, says) in cases {
        let mut program = Command::new(env!("CARGO_BIN_EXE_tinsmith-stand-in"));
        let mut program = program.args(*arguments).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut error = String::new();
        program.stderr.take().unwrap().read_to_string(&mut error).unwrap();
        assert_eq!(program.wait().unwrap().code(), Some(*status), "{arguments:?}");
        assert!(error.contains(says), "{arguments:?}: {error}");
    }
}
