//! The function, run as Lambda runs it: with its variables, and events from the Runtime API, which is played here.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tinsmith_stand_in::{Layers, StandIn};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;

const KEYS: [&str; 3] = ["ASIAFUNCTION", "secret", "token"];
const TRACE: &str = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
const EVENTS: [&str; 2] = [r#"{"runtime": "nodejs22.x"}"#, r#"{"runtime": "cobol"}"#];

#[tokio::test(flavor = "multi_thread")]
async fn one_client_answers_each_event() {
    let [id, secret, token] = KEYS;
    let server = StandIn::builder().session_credentials(id, secret, token).layers(Layers::reference());
    let server = server.start().await.expect("the stand-in starts");
    let (said, mut told) = unbounded_channel();
    let lambda = runtime_api(said).await;

    let mut function = Command::new(env!("CARGO_BIN_EXE_in-aws-lambda"))
        .env_clear()
        .envs([("AWS_LAMBDA_RUNTIME_API", lambda.to_string().as_str()), ("AWS_ENDPOINT_URL", server.url())])
        .envs([("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret), ("AWS_SESSION_TOKEN", token)])
        .envs([("AWS_REGION", "us-east-2"), ("AWS_EXECUTION_ENV", "AWS_Lambda_rust")])
        .envs([("AWS_LAMBDA_FUNCTION_NAME", "layers"), ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")])
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the function starts");
    let mut next = async || {
        // It is there to end a test that hangs.
        let told = timeout(Duration::from_secs(60), told.recv()).await;
        told.expect("the function answers").expect("it is told")
    };
    let (answered, refused) = (next().await, next().await);
    function.kill().await.expect("it still waits for events");

    assert_eq!(answered, ("/2018-06-01/runtime/invocation/0/response".to_owned(), r#"["node-metrics"]"#.to_owned()));
    assert_eq!(refused.0, "/2018-06-01/runtime/invocation/1/error");
    assert!(refused.1.contains("ListLayers failed: ValidationException: "), "{}", refused.1);
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.header("x-amzn-trace-id"), Some(TRACE));
        assert!(request.header("user-agent").is_some_and(|agent| agent.contains("exec-env/AWS_Lambda_rust")));
    }
    assert_eq!(server.connection_count(), 1, "connections are kept from one event to the next");
}

/// The Runtime API of Lambda, which hands out the events, and passes on what is told of them.
async fn runtime_api(said: UnboundedSender<(String, String)>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    let handed = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (handed, said) = (Arc::clone(&handed), said.clone());
            let answer = service_fn(move |request| answer(request, Arc::clone(&handed), said.clone()));
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    address
}

async fn answer(
    request: Request<Incoming>,
    handed: Arc<AtomicUsize>,
    said: UnboundedSender<(String, String)>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if request.method() == "GET" {
        let number = handed.fetch_add(1, Ordering::Relaxed);
        let Some(event) = EVENTS.get(number) else { return std::future::pending().await };
        let next = Response::builder()
            .header("lambda-runtime-aws-request-id", number)
            .header("lambda-runtime-deadline-ms", "4102444800000")
            .header("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-2:123456789012:function:layers")
            .header("lambda-runtime-trace-id", TRACE);
        return Ok(next.body(Full::from(*event)).expect("the headers are valid"));
    }
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.expect("it is sent whole").to_bytes();
    said.send((path, String::from_utf8_lossy(&body).into_owned())).expect("the test waits for it");
    Ok(Response::builder().status(202).body(Full::default()).expect("it is valid"))
}
