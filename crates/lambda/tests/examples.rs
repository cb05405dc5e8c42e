//! The examples, run as they are against a Lambda on loopback: what each prints, what it says on standard error, and its status. Those
//! that have tests of their own (`list_layers`, `tested`) are built by cargo for these alone.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::path::PathBuf;
use std::process::{Command, Output};

use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};

/// What a program printed and said, and its status.
type Ran = (i32, String, String);

#[tokio::test]
async fn first_call() {
    let server = StandIn::builder().start().await.unwrap();
    let listed = "build-tools 7\nmy-layer 2\nnode-metrics 31\nshared-fonts 1\n";
    assert_eq!(run(&server, "first_call", &[]).await, (0, listed.to_owned(), String::new()));
}

#[tokio::test]
async fn all_regions() {
    let server = StandIn::builder().start().await.unwrap();
    let (status, listed, told) = run(&server, "all_regions", &["us-east-2", "eu-west-9"]).await;
    let mut progress: Vec<_> = told.lines().filter_map(|line| line.split_once(' ')).collect();
    progress.sort_unstable_by_key(|(_, said)| *said);
    // The stand-in is of one region, as services are.
    let [(_, refused), (_, answered)] = progress[..] else { panic!("{told}") };
    assert!(refused.starts_with("eu-west-9: ListLayers failed: InvalidSignatureException: "), "{told}");
    assert_eq!((status, answered), (1, "us-east-2: 4 layers"));
    assert_eq!(listed.lines().count(), 4, "{listed}");
    assert!(listed.starts_with("us-east-2\tbuild-tools\t"), "{listed}");
}

#[tokio::test]
async fn invoke() {
    let server = StandIn::builder().start().await.unwrap();
    let (status, answer, log) = run(&server, "invoke", &["my-function", "{\"a\": 1}"]).await;
    assert_eq!((status, &*answer), (0, "{\"a\": 1}"));
    assert!(log.starts_with("START RequestId: "), "{log}");
    let (status, answer, _) = run(&server, "invoke", &["my-failing-function"]).await;
    assert!(status == 2 && answer.contains("Runtime.ImportModuleError"), "{answer}");
    let (status, _, told) = run(&server, "invoke", &["nobody"]).await;
    assert!(status == 1 && told.starts_with("Invoke failed: ResourceNotFoundException: "), "{told}");
}

#[tokio::test]
async fn invoke_with_response_stream() {
    let server = StandIn::builder().start().await.unwrap();
    let answered = run(&server, "invoke_with_response_stream", &["my-streaming-function"]).await;
    assert_eq!(answered, (0, "Streams come piece by piece.".to_owned(), String::new()));
}

#[tokio::test]
async fn wait_until_active() {
    let server = StandIn::builder().start().await.unwrap();
    let (status, answer, _) = run(&server, "wait_until_active", &["my-function"]).await;
    assert_eq!((status, &*answer), (0, "my-function is active: $LATEST\n"));
}

#[tokio::test]
async fn custom_credentials() {
    let server = StandIn::builder().session_credentials("ASIARENEWED", "secret", "token").start().await.unwrap();
    let file = std::env::temp_dir().join(format!("custom_credentials.{}.json", std::process::id()));
    let document = r#"{"Version": 1, "AccessKeyId": "ASIARENEWED", "SecretAccessKey": "secret", "SessionToken": "token",
                       "Expiration": "2099-01-02T03:04:05Z"}"#;
    std::fs::write(&file, document).unwrap();
    let (status, listed, told) = run(&server, "custom_credentials", &[file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!((status, listed.lines().next(), &*told), (0, Some("build-tools"), ""));

    let (status, _, told) = run(&server, "custom_credentials", &["/nowhere"]).await;
    assert_eq!(status, 1);
    let says =
        "ListLayers failed: the source of credentials failed: /nowhere: No such file or directory (os error 2)\n";
    assert_eq!(told, says);
}

#[tokio::test]
async fn presign() {
    let server = StandIn::builder().start().await.unwrap();
    let (status, address, _) = run(&server, "presign", &["60"]).await;
    let begins = format!("{}/2018-10-31/layers?X-Amz-Algorithm=AWS4-HMAC-SHA256&", server.url());
    assert!(status == 0 && address.starts_with(&begins) && address.contains("X-Amz-Expires=60&"), "{address}");
    let (status, _, told) = run(&server, "presign", &["soon"]).await;
    assert_eq!((status, &*told), (1, "\"soon\" is no number of seconds\n"));
}

/// Runs an example against a server, with the settings that it needs and no others.
async fn run(server: &StandIn, example: &str, arguments: &[&str]) -> Ran {
    let program = built(example);
    let mut command = Command::new(&program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    let settings = [
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_ENDPOINT_URL", server.url()),
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("AWS_REGION", "us-east-2"),
    ];
    command.envs(settings).args(arguments);
    // A thread waits for the program, so that the server answers it meanwhile.
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    let Output { status, stdout, stderr } = ended.unwrap_or_else(|error| {
        panic!("{}: {error}: `cargo test -p tinsmith-lambda --all-features` builds it", program.display())
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}

/// Where cargo puts it: beside the folder of tests.
fn built(example: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().and_then(std::path::Path::parent).unwrap().join("examples").join(example)
}
