//! Invokes functions whose answers come as streams of events.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::operation::invoke_with_response_stream::{
    InvokeWithResponseStreamError, InvokeWithResponseStreamInput, InvokeWithResponseStreamOutput,
};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::primitives::event_stream::{EventReceiver, Header, HeaderValue, Message, StrBytes};
use aws_sdk_lambda::types::error::InvokeWithResponseStreamResponseEventError;
use aws_sdk_lambda::types::{
    InvokeWithResponseStreamCompleteEvent, InvokeWithResponseStreamResponseEvent, LogType,
    ResponseStreamingInvocationType,
};

#[path = "support/script.rs"]
mod script;

use script::{Frame, Script, Step};

const HEADERS: &[(&str, &str)] = &[
    ("content-type", "application/vnd.amazon.eventstream"),
    ("x-amzn-requestid", "77"),
    ("x-amz-executed-version", "3"),
];
const DONE: Frame = Frame {
    headers: &[(":message-type", "event"), (":event-type", "InvokeComplete"), (":content-type", "application/json")],
    payload: r#"{"LogResult":"TE9H"}"#,
    broken: false,
};

const fn chunk(payload: &'static str) -> Frame {
    let headers =
        &[(":message-type", "event"), (":event-type", "PayloadChunk"), (":content-type", "application/octet-stream")];
    Frame { headers, payload, broken: false }
}

/// Streams, by what comes of them.
const STREAMS: &[(&str, &[Frame])] = &[
    ("whole", &[chunk("one "), chunk(""), chunk("two"), DONE]),
    ("nothing", &[]),
    ("cut short", &[chunk("one ")]),
    (
        "failed",
        &[chunk("half"), Frame { payload: r#"{"ErrorCode":"Unhandled","ErrorDetails":"boom","Unheard":[1]}"#, ..DONE }],
    ),
    (
        "unheard",
        &[
            Frame {
                headers: &[
                    (":message-type", "event"),
                    (":event-type", "Progress"),
                    (":content-type", "application/json"),
                ],
                payload: "{}",
                broken: false,
            },
            DONE,
        ],
    ),
    (
        "exception",
        &[
            chunk("one"),
            Frame {
                headers: &[
                    (":message-type", "exception"),
                    (":exception-type", "ServiceException"),
                    (":content-type", "application/json"),
                ],
                payload: r#"{"Message":"sorry"}"#,
                broken: false,
            },
        ],
    ),
    (
        "error",
        &[
            chunk("one"),
            Frame {
                headers: &[
                    (":message-type", "error"),
                    (":error-code", "InternalFailure"),
                    (":error-message", "it broke"),
                ],
                payload: "",
                broken: false,
            },
        ],
    ),
    ("checksum", &[chunk("one"), Frame { broken: true, ..DONE }]),
    ("not JSON", &[Frame { payload: "{\"ErrorCode\":", ..DONE }]),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    for (name, frames) in STREAMS {
        let script = Script::start(&[Step::Events(HEADERS, frames)]);
        let output = client(&script).await.invoke_with_response_stream().function_name("stream").send().await?;
        println!("{name}: {} {:?} {:?}", output.status_code(), output.executed_version(), output.request_id());
        events(name, output).await;
    }
    request().await?;
    refused().await;
    by_hand();
    Ok(())
}

async fn client(script: &Script) -> Client {
    let config = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(script.url());
    Client::new(&config.retry_config(RetryConfig::disabled()).load().await)
}

async fn events(name: &str, mut output: InvokeWithResponseStreamOutput) {
    let mut text = Vec::new();
    loop {
        match output.event_stream.recv().await {
            Ok(Some(InvokeWithResponseStreamResponseEvent::PayloadChunk(chunk))) => {
                println!("{name}: chunk of {:?}", chunk.payload().map(|payload| payload.as_ref().len()));
                text.extend(chunk.payload.map(Blob::into_inner).unwrap_or_default());
            }
            Ok(Some(event)) => other(name, &event),
            Ok(None) => break println!("{name}: the end after {:?}", String::from_utf8_lossy(&text)),
            Err(error) => {
                println!("{name}: {} after {}", kind(&error), text.len());
                break println!("{name}: {:?} {:?}", error.code(), error.message());
            }
        }
    }
}

fn other(name: &str, event: &InvokeWithResponseStreamResponseEvent) {
    println!("{name}: {} {} {}", event.is_payload_chunk(), event.is_invoke_complete(), event.is_unknown());
    match event.as_invoke_complete() {
        Ok(complete) => {
            println!("{name}: {:?} {:?} {:?}", complete.error_code(), complete.error_details(), complete.log_result());
            println!("{name}: {}", *complete == InvokeWithResponseStreamCompleteEvent::clone(complete));
        }
        Err(event) => println!("{name}: not complete, {}", event.as_payload_chunk().is_err()),
    }
}

fn kind<R>(error: &SdkError<InvokeWithResponseStreamResponseEventError, R>) -> &'static str {
    match error {
        SdkError::ServiceError(context) if context.err().code().is_some() => "service error with a code",
        SdkError::ServiceError(_) => "service error",
        SdkError::ResponseError(_) => "response error",
        SdkError::DispatchFailure(_) => "dispatch failure",
        _ => "another error",
    }
}

/// What is asked, and a receiver that is handed on.
async fn request() -> Result<(), SdkError<InvokeWithResponseStreamError>> {
    const SHORT: &[Frame] = &[chunk("ok"), DONE];
    let script = Script::start(&[Step::Events(HEADERS, SHORT)]);
    let request = client(&script).await.invoke_with_response_stream().function_name("stream").qualifier("live");
    let request = request.log_type(LogType::Tail).payload(Blob::new("{}")).tenant_id("blue");
    let output = request.invocation_type(ResponseStreamingInvocationType::RequestResponse).send().await?;
    println!("{:?} {:?}", script.targets(), script.body(0));
    let headers = ["x-amz-invocation-type", "x-amz-log-type", "x-amz-tenant-id"];
    println!("{:?}", headers.map(|name| script.header(0, name)));
    println!("{}", count(output.event_stream).await);
    Ok(())
}

async fn count(
    mut events: EventReceiver<InvokeWithResponseStreamResponseEvent, InvokeWithResponseStreamResponseEventError>,
) -> usize {
    let mut count = 0;
    while let Ok(Some(_)) = events.recv().await {
        count += 1;
    }
    count
}

/// A request that is refused before any event comes.
async fn refused() {
    let body = r#"{"Type":"User","Message":"no such function"}"#;
    let script = Script::start(&[Step::Answer(404, &[("x-amzn-errortype", "ResourceNotFoundException")], body)]);
    let input = InvokeWithResponseStreamInput::builder().function_name("nobody");
    let Err(error) = input.send_with(&client(&script).await).await else { return println!("not refused") };
    match error.into_service_error() {
        InvokeWithResponseStreamError::ResourceNotFoundException(inner) => println!("{:?}", inner.message()),
        other => println!("{:?}", other.code()),
    }
}

/// Messages that programs make and take apart themselves.
fn by_hand() {
    let message = Message::new(&b"payload"[..])
        .add_header(Header::new(":event-type", HeaderValue::String("Progress".into())))
        .add_header(Header::new("count", HeaderValue::Int32(3)));
    println!("{} {}", message.headers().len(), message.payload().len());
    for header in message.headers() {
        println!(
            "{} {:?} {:?}",
            header.name().as_str(),
            header.value().as_string().map(StrBytes::as_str).ok(),
            header.value().as_int32().ok()
        );
    }
    println!("{:?} {}", HeaderValue::Bool(true).as_bool().ok(), HeaderValue::Int64(1).as_string().is_err());
    println!("{:?}", StrBytes::from("text").as_str());
}
