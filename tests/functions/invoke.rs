//! `Invoke`: who waits for the answer and who does not, what a function fails with, and what the service refuses with.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tinsmith_lambda::Client;
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::RequestId;
use tinsmith_lambda::operation::invoke::{InvokeError, InvokeOutput};
use tinsmith_lambda::primitives::Blob;
use tinsmith_lambda::types::{InvocationType, LogType, ThrottleReason};
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_stand_in::{Function, Look, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{client, config, server, within};

fn payload(output: &InvokeOutput) -> &[u8] {
    output.payload().map(AsRef::as_ref).unwrap_or_default()
}

#[tokio::test]
async fn each_way_to_invoke() {
    let echo = Function::new("echo").version("3").alias("live", "3");
    let server = server([echo]).await;
    let client = client(&server);
    let invoke = || client.invoke().function_name("echo").payload(Blob::new("{\"a\": [1, 2]}"));

    let answer = invoke().send().await.unwrap();
    assert_eq!((answer.status_code(), payload(&answer)), (200, &b"{\"a\": [1, 2]}"[..]));
    assert_eq!((answer.executed_version(), answer.function_error()), (Some("$LATEST"), None));
    assert_eq!(answer.log_result(), None);
    for (name, qualifier, version) in [
        ("echo", Some("live"), "3"),
        ("echo:3", None, "3"),
        ("arn:aws:lambda:us-east-2:123456789012:function:echo:live", None, "3"),
        ("123456789012:function:echo", Some("$LATEST"), "$LATEST"),
    ] {
        let answer = invoke().function_name(name).set_qualifier(qualifier.map(str::to_owned)).send().await.unwrap();
        assert_eq!(answer.executed_version(), Some(version), "{name} {qualifier:?}");
    }

    for (kind, status) in [(InvocationType::Event, 202), (InvocationType::DryRun, 204)] {
        let answer = invoke().invocation_type(kind.clone()).send().await.unwrap();
        assert_eq!((answer.status_code(), payload(&answer)), (status, &b""[..]), "{kind}");
        assert_eq!(answer.executed_version(), None, "{kind}");
    }
    // The same bytes went out each time, signed.
    assert!(server.requests().iter().all(|request| request.body == b"{\"a\": [1, 2]}"));
}

#[tokio::test]
async fn what_a_function_sees() {
    let server = server([Function::new("f").runs(|call| {
        let context = call.client_context.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        Outcome::answer(format!("{context} {} {:?}", String::from_utf8_lossy(&call.payload), call.tenant_id))
    })])
    .await;
    let invoke = client(&server).invoke().function_name("f");
    assert_eq!(payload(&invoke.clone().send().await.unwrap()), b" {} None");
    let context = BASE64_STANDARD.encode(b"{\"client\": 1}");
    let answer = invoke.client_context(context).tenant_id("blue").payload(Blob::new("7")).send().await.unwrap();
    assert_eq!(payload(&answer), b"{\"client\": 1} 7 Some(\"blue\")");
}

#[tokio::test]
async fn a_function_that_fails_is_no_error_of_the_call() {
    let fails = Outcome::failure("ZeroDivisionError", "division by zero").log("before it failed\n");
    let server = server([Function::new("f").answers(fails)]).await;
    let answer = client(&server).invoke().function_name("f").log_type(LogType::Tail).send().await.unwrap();
    assert_eq!((answer.status_code(), answer.function_error()), (200, Some("Unhandled")));
    let error: serde_json::Value = serde_json::from_slice(payload(&answer)).unwrap();
    assert_eq!(
        (&error["errorType"], &error["errorMessage"]),
        (&"ZeroDivisionError".into(), &"division by zero".into())
    );
    let log = String::from_utf8(BASE64_STANDARD.decode(answer.log_result().unwrap()).unwrap()).unwrap();
    assert!(log.starts_with(&format!("START RequestId: {}", answer.request_id().unwrap())), "{log}");
    assert!(log.contains("\nbefore it failed\n"), "{log}");
    assert_eq!(server.request_count(), 1);
}

/// Calls, and gives the error with its line.
async fn refused(name: &str, payload: impl Into<Vec<u8>>, kind: Option<InvocationType>) -> (InvokeError, String) {
    let server = server([
        Function::new("f"),
        Function::new("busy").throttled(),
        Function::new("new").looks([Look::state("Pending")]),
    ])
    .await;
    let call = client(&server).invoke().function_name(name).payload(Blob::new(payload)).set_invocation_type(kind);
    let error = call.send().await.unwrap_err();
    assert!(matches!(error, SdkError::ServiceError(_)), "{error:?}");
    let line = error.to_string();
    (error.into_service_error(), line)
}

#[tokio::test]
async fn what_the_service_refuses() {
    let (error, line) = refused("nobody", "1", None).await;
    let InvokeError::ResourceNotFoundException(error) = error else { panic!("{line}") };
    let message = "Function not found: arn:aws:lambda:us-east-2:123456789012:function:nobody";
    assert_eq!((error.message(), error.r#type()), (Some(message), Some("User")));
    assert!(line.contains("Invoke") && line.contains("ResourceNotFoundException") && line.contains(message), "{line}");

    let (error, line) = refused("f", "{\"a\":", None).await;
    let InvokeError::InvalidRequestContentException(error) = error else { panic!("{line}") };
    assert!(error.message().unwrap().starts_with("Could not parse request body into json: "), "{line}");

    let megabyte = 1024 * 1024;
    for (size, kind, most) in [(6, None, "6291456"), (1, Some(InvocationType::Event), "1048576")] {
        let (error, line) = refused("f", vec![b'1'; size * megabyte + 1], kind).await;
        assert!(error.is_request_too_large_exception() && line.contains(most) && line.contains("status 413"), "{line}");
    }

    let (error, line) = refused("new", "1", None).await;
    assert!(error.is_resource_conflict_exception() && line.contains("Pending"), "{line}");

    let (error, line) = refused("busy", "1", None).await;
    let InvokeError::TooManyRequestsException(error) = error else { panic!("{line}") };
    assert_eq!(error.reason(), Some(&ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded));
    assert_eq!((error.retry_after_seconds(), error.message()), (Some("1"), Some("Rate exceeded")));
    assert!(line.contains("3 attempts"), "{line}");

    // What no model lists keeps its code.
    let (error, line) = refused("a b", "1", None).await;
    assert_eq!(error.code(), Some("ValidationException"), "{line}");
    assert!(line.contains("Value 'a b' at 'functionName'"), "{line}");
    let (error, line) = refused("f:1", "1", Some(InvocationType::from("Later"))).await;
    assert_eq!(error.code(), Some("ValidationException"), "{line}");
}

/// The largest payloads that there may be, both ways.
#[tokio::test]
async fn six_megabytes_go_and_come() {
    let server = server([Function::new("echo")]).await;
    let text = format!("\"{}\"", "x".repeat(6 * 1024 * 1024 - 2));
    let answer = client(&server).invoke().function_name("echo").payload(Blob::new(text.clone())).send().await.unwrap();
    assert_eq!((payload(&answer).len(), answer.function_error()), (text.len(), None));
    assert_eq!(payload(&answer), text.as_bytes());
}

#[tokio::test]
async fn attempts_give_the_same_payload() {
    let server = server([Function::new("echo")]).await;
    for fault in ["throttle", "html-503", "reset-after-request", "truncated-body"] {
        server.fault(fault.parse().unwrap());
        server.forget_requests();
        let answer = client(&server).invoke().function_name("echo").payload(Blob::new("[1]")).send().await.unwrap();
        assert_eq!((payload(&answer), answer.response_metadata().attempts()), (&b"[1]"[..], 2), "{fault}");
        let bodies: Vec<_> = server.requests().into_iter().map(|request| request.body).collect();
        assert_eq!(bodies, [b"[1]", b"[1]"], "{fault}");
    }
}

/// The connection of a call that is dropped is closed, and no other attempt is made: the next request is that of the next
/// call.
#[tokio::test]
async fn a_call_that_is_dropped_is_over() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = server([]).await;
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::from_conf(config(&server).endpoint_url(url).build());
    let call = tokio::spawn(client.invoke().function_name("dropped").send());
    let (mut connection, _) = within("the first call", listener.accept()).await.unwrap();
    head(&mut connection).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let mut rest = Vec::new();
    // It may have been reset as well: both are the end of it.
    let _ = within("the end of the connection", connection.read_to_end(&mut rest)).await;
    assert!(rest.is_empty(), "{rest:?}");

    let next = tokio::spawn(client.invoke().function_name("next").send());
    let (mut connection, _) = within("the next call", listener.accept()).await.unwrap();
    let request = head(&mut connection).await;
    assert!(request.starts_with("POST /2015-03-31/functions/next/invocations "), "{request}");
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    assert_eq!(within("its answer", next).await.unwrap().unwrap().status_code(), 200);
}

/// The head of a request.
async fn head(connection: &mut TcpStream) -> String {
    let mut came = Vec::new();
    while !came.ends_with(b"\r\n\r\n") {
        assert_ne!(within("a request", connection.read_buf(&mut came)).await.unwrap(), 0, "it ended");
    }
    String::from_utf8(came).unwrap()
}
