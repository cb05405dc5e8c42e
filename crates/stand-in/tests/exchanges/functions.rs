//! Functions, looked at and invoked, as they are seen on the wire.

use serde_json::json;
use tinsmith_stand_in::{Function, Functions, Look, Outcome, StandIn};

use crate::client::{Reply, Signer, send};

pub(crate) async fn start(functions: impl IntoIterator<Item = Function>) -> StandIn {
    StandIn::builder().functions(Functions::new(functions)).check_signatures(false).start().await.unwrap()
}

/// A POST below the path of a function, on a connection that ends after it.
pub(crate) fn post(path: &str, headers: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

pub(crate) async fn invoke(stand_in: &StandIn, name: &str, headers: &str, body: &str) -> Reply {
    let path = format!("/2015-03-31/functions/{name}/invocations");
    send(stand_in.address(), &post(&path, headers, body)).await
}

#[tokio::test]
async fn what_comes_of_an_invocation() {
    let stand_in = start([
        Function::new("echo").version("7").alias("live", "7"),
        Function::new("pieces").answers(Outcome::pieces(["[1,", "2]"])),
        Function::new("fails").answers(Outcome::pieces(["lost"]).then_fails("Boom", "it broke")),
        Function::new("big").answers(Outcome::answer("x".repeat(6 * 1024 * 1024 + 101))),
        Function::new("version").runs(|call| {
            let context = call.client_context.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            Outcome::answer(format!("[\"{}\",\"{context}\"]", call.version))
        }),
    ])
    .await;
    let arn = "arn:aws:lambda:us-east-2:123456789012:function:echo";
    let cases = [
        ("echo", "", "{\"a\": 1}", 200, "{\"a\": 1}", Some("$LATEST"), None),
        ("echo", "", "", 200, "{}", Some("$LATEST"), None),
        ("echo:live", "", "2", 200, "2", Some("7"), None),
        (arn, "", "3", 200, "3", Some("$LATEST"), None),
        ("123456789012%3Afunction%3Aecho%3A7", "", "4", 200, "4", Some("7"), None),
        ("pieces", "", "", 200, "[1,2]", Some("$LATEST"), None),
        ("fails", "", "", 200, r#"{"errorMessage":"it broke","errorType":"Boom"}"#, Some("$LATEST"), Some("Unhandled")),
        ("version", "x-amz-client-context: e30=\r\n", "", 200, "[\"$LATEST\",\"{}\"]", Some("$LATEST"), None),
        ("echo", "x-amz-invocation-type: Event\r\n", "5", 202, "", None, None),
        ("echo", "x-amz-invocation-type: DryRun\r\n", "6", 204, "", None, None),
    ];
    for (name, headers, body, status, answer, version, error) in cases {
        let reply = invoke(&stand_in, name, headers, body).await;
        assert_eq!((reply.status(), String::from_utf8_lossy(reply.body()).as_ref()), (status, answer), "{name}");
        assert_eq!(reply.header("x-amz-executed-version"), version, "{name}");
        assert_eq!(reply.header("x-amz-function-error"), error, "{name}");
        assert_eq!(reply.header("x-amz-log-result"), None, "{name}");
    }
    let reply = invoke(&stand_in, "big", "", "").await;
    assert_eq!(reply.json()["errorType"], "Function.ResponseSizeTooLarge");
    assert_eq!(reply.header("x-amz-function-error"), Some("Unhandled"));
    let path = "/2014-11-13/functions/echo/invoke-async/";
    let reply = send(stand_in.address(), &post(path, "", "1")).await;
    assert_eq!((reply.status(), reply.json()), (202, json!({"Status": 202})));
}

#[tokio::test]
async fn who_is_refused() {
    let stand_in = start([
        Function::new("f").version("1"),
        Function::new("busy").throttled(),
        Function::new("new").looks([Look::state("Pending")]),
        Function::new("none").looks([Look::absent()]),
    ])
    .await;
    let event = "x-amz-invocation-type: Event\r\n";
    let megabytes = |count: usize| format!("\"{}\"", "x".repeat(count * 1024 * 1024));
    let cases = [
        (
            "nobody",
            "",
            "1",
            404,
            "ResourceNotFoundException",
            "Function not found: arn:aws:lambda:us-east-2:123456789012:function:nobody",
        ),
        ("f:2", "", "1", 404, "ResourceNotFoundException", "function:f:2"),
        ("none", "", "1", 404, "ResourceNotFoundException", "function:none"),
        ("210987654321:f", "", "1", 404, "ResourceNotFoundException", "us-east-2:210987654321:function:f"),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
            "",
            "1",
            404,
            "ResourceNotFoundException",
            "Functions from 'eu-west-1'",
        ),
        ("a%20b", "", "1", 400, "ValidationException", "Value 'a b' at 'functionName'"),
        ("f", "x-amz-invocation-type: Later\r\n", "1", 400, "ValidationException", "[Event, RequestResponse, DryRun]"),
        ("f", "x-amz-log-type: Head\r\n", "1", 400, "ValidationException", "Value 'Head' at 'logType'"),
        ("f", "", "{", 400, "InvalidRequestContentException", "Could not parse request body into json: EOF"),
        ("f", "", "{} {}", 400, "InvalidRequestContentException", "trailing characters"),
        ("f", "x-amz-client-context: {}\r\n", "1", 400, "InvalidRequestContentException", "Client context must be"),
        ("busy", "", "1", 429, "TooManyRequestsException", "Rate exceeded"),
        ("new", "", "1", 409, "ResourceConflictException", "in the following state: Pending"),
        ("f", event, &megabytes(1), 413, "RequestTooLargeException", "smaller than 1048576 bytes"),
        ("f", "", &megabytes(6), 413, "RequestTooLargeException", "smaller than 6291456 bytes"),
        ("f", "", &megabytes(20), 413, "RequestTooLargeException", "smaller than 6291456 bytes"),
    ];
    for (name, headers, body, status, code, message) in cases {
        let reply = invoke(&stand_in, name, headers, body).await;
        assert_eq!((reply.status(), reply.code()), (status, code), "{name} {headers}");
        let said = reply.json();
        let said = said["message"].as_str().or(said["Message"].as_str()).unwrap();
        assert!(said.contains(message), "{name}: {said}");
    }
    let reply = invoke(&stand_in, "busy", "", "").await;
    let reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
    assert_eq!((reply.json()["Reason"].as_str(), reply.header("retry-after")), (Some(reason), Some("1")));
    let path = "/2015-03-31/functions/f:1/invocations?Qualifier=2";
    let reply = send(stand_in.address(), &post(path, "", "")).await;
    assert_eq!((reply.status(), reply.code()), (400, "InvalidParameterValueException"));
}

#[tokio::test]
async fn the_end_of_the_log() {
    use base64::Engine;
    let long = "é".repeat(4_000);
    let stand_in = start([
        Function::new("short").answers(Outcome::echo().log("hello")),
        Function::new("long").answers(Outcome::echo().log(long)),
    ])
    .await;
    for (name, size, says) in
        [("short", None, "\nhello\nEND RequestId: "), ("long", Some(4_096), "éé\nEND RequestId: ")]
    {
        let reply = invoke(&stand_in, name, "x-amz-log-type: Tail\r\n", "").await;
        let log = base64::prelude::BASE64_STANDARD.decode(reply.header("x-amz-log-result").unwrap()).unwrap();
        let text = String::from_utf8_lossy(&log).into_owned();
        assert!(text.contains(says) && text.contains(reply.header("x-amzn-requestid").unwrap()), "{text}");
        assert!(size.is_none_or(|size| log.len() == size), "{}", log.len());
        let event = "x-amz-log-type: Tail\r\nx-amz-invocation-type: Event\r\n";
        assert_eq!(invoke(&stand_in, name, event, "").await.header("x-amz-log-result"), None);
    }
}

#[tokio::test]
async fn functions_come_to_be() {
    let looks = [Look::absent(), Look::state("Pending").with("StateReasonCode", "Creating"), Look::state("Active")];
    let file = br#"{"Functions": [{"FunctionName": "g", "MemorySize": 256, "Outcome": {"Answer": null},
        "Looks": [null, {"LastUpdateStatus": "InProgress"}, {"LastUpdateStatus": "Failed"}]}]}"#;
    let from_file = Functions::from_json(file).unwrap();
    let stand_in = StandIn::builder().functions(from_file).start().await.unwrap();
    let look = async |stand_in: &StandIn, path: &str, query: &str| {
        send(stand_in.address(), &Signer::default().get(stand_in.address(), path, query)).await
    };
    assert_eq!(look(&stand_in, "/2015-03-31/functions/g", "").await.status(), 404);
    let seen = look(&stand_in, "/2015-03-31/functions/g", "").await.json();
    let configuration = &seen["Configuration"];
    let members =
        ["State", "LastUpdateStatus", "Version", "FunctionArn"].map(|name| configuration[name].as_str().unwrap());
    let arn = "arn:aws:lambda:us-east-2:123456789012:function:g";
    assert_eq!(members, ["Active", "InProgress", "$LATEST", arn]);
    assert_eq!((&configuration["MemorySize"], &configuration["Timeout"]), (&json!(256), &json!(3)));
    assert!(seen["Code"]["Location"].as_str().unwrap().starts_with("https://awslambda-us-east-2-tasks.s3."));
    for _ in 0..2 {
        let seen = look(&stand_in, "/2015-03-31/functions/g/configuration", "").await.json();
        assert_eq!(seen["LastUpdateStatus"], "Failed");
    }

    let function = Function::new("f").version("1").alias("live", "1").looks(looks);
    let stand_in = StandIn::builder().functions(Functions::new([function.clone()])).start().await.unwrap();
    assert_eq!(look(&stand_in, "/2015-03-31/functions/f/configuration", "").await.status(), 404);
    let seen = look(&stand_in, "/2015-03-31/functions/f/configuration", "Qualifier=live").await.json();
    assert_eq!(
        (&seen["State"], &seen["StateReasonCode"], &seen["Version"]),
        (&"Pending".into(), &"Creating".into(), &"1".into())
    );
    assert_eq!(seen["FunctionArn"], "arn:aws:lambda:us-east-2:123456789012:function:f:live");
    assert_eq!(look(&stand_in, "/2015-03-31/functions/f/configuration", "").await.json()["State"], "Active");
    assert_eq!(function.look_count(), 3);
}

#[tokio::test]
async fn a_body_may_be_left_out_of_the_signature() {
    let stand_in = StandIn::builder().start().await.unwrap();
    let path = "/2015-03-31/functions/my-function/invocations";
    let unsigned = Signer::default().post(stand_in.address(), path, "UNSIGNED-PAYLOAD", "[1]");
    assert_eq!(send(stand_in.address(), &unsigned).await.body(), b"[1]");
    let signed = Signer::default().post(stand_in.address(), path, "", "[1]");
    assert_eq!(send(stand_in.address(), &signed).await.body(), b"[1]");
    let changed = signed.replace("[1]", "[2]");
    assert_eq!(send(stand_in.address(), &changed).await.code(), "InvalidSignatureException");
    assert_eq!(send(stand_in.address(), &unsigned.replace("[1]", "[2]")).await.body(), b"[2]");
}
