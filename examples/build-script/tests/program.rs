//! The program, run as it is: its client calls, and reads what is answered.

use std::process::Command;

use tinsmith_stand_in::{ACCESS_KEY_ID, Layers, SECRET_ACCESS_KEY, StandIn};

#[tokio::test(flavor = "multi_thread")]
async fn lists_layers() {
    let server = StandIn::builder().layers(Layers::reference()).start().await.expect("the stand-in starts");
    let output = Command::new(env!("CARGO_BIN_EXE_build-script"))
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY)
        .env("AWS_REGION", "us-east-2")
        .output()
        .expect("the program starts");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "build-tools\nmy-layer\nnode-metrics\nshared-fonts\n");
}
