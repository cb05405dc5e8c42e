//! Every kind of failure, and what people ask an error.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::http::HttpResponse;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::config::{BehaviorVersion, Builder, Config, Credentials, Region};
use aws_sdk_lambda::error::{DisplayErrorContext, ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use aws_sdk_lambda::types::ThrottleReason;

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

type Failure = SdkError<ListLayersError, HttpResponse>;

const ID: (&str, &str) = ("x-amzn-requestid", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
const JSON: (&str, &str) = ("content-type", "application/json");
const TYPED: &str = "InvalidParameterValueException:http://internal.amazon.com/coral/com.amazonaws.awsgirapi/";

/// Answers by the name under which they are printed.
const ANSWERS: &[(&str, Step)] = &[
    (
        "modelled",
        Step::Answer(400, &[ID, JSON, ("x-amzn-errortype", TYPED)], r#"{"Type":"User","message":"Invalid Marker"}"#),
    ),
    (
        "throttled",
        Step::Answer(
            429,
            &[ID, JSON, ("x-amzn-errortype", "TooManyRequestsException"), ("retry-after", "7")],
            r#"{"Reason":"CallerRateLimitExceeded","Type":"User","message":"Rate exceeded"}"#,
        ),
    ),
    (
        "internal",
        Step::Answer(500, &[ID, ("x-amzn-errortype", "ServiceException")], r#"{"Type":"Service","Message":"sorry"}"#),
    ),
    (
        "unmodelled",
        Step::Answer(400, &[ID, ("x-amzn-errortype", "ValidationException")], r#"{"message":"1 validation error"}"#),
    ),
    ("code in the body", Step::Answer(403, &[ID], r#"{"code":"ExpiredTokenException","message":"expired"}"#)),
    (
        "type in the body",
        Step::Answer(403, &[ID], r#"{"__type":"com.amazon#AccessDeniedException","Message":"denied"}"#),
    ),
    ("no code", Step::Answer(404, &[ID, JSON], r#"{"message":"nothing here"}"#)),
    ("empty", Step::Answer(500, &[ID], "")),
    ("html", Step::Answer(503, &[ID, ("content-type", "text/html")], "<html><body>Service Unavailable</body></html>")),
    ("cut short", Step::CutShort),
    ("truncated", Step::Answer(200, &[ID, JSON], r#"{"Layers":[{"LayerName":"#)),
    ("hang up", Step::HangUp),
    ("silence", Step::Silence),
];

#[tokio::main]
async fn main() {
    for (name, step) in ANSWERS {
        let script = Script::start(&[*step]);
        report(name, call(settings().endpoint_url(script.url())).await);
        println!("{name}: requests {}", script.count());
    }
    let refused = call(settings().endpoint_url(refusing_url())).await;
    println!("refused: io {}", matches!(&refused, Err(SdkError::DispatchFailure(failure)) if failure.is_io()));
    report("refused", refused);
    by_hand();
}

fn settings() -> Builder {
    let timeouts = TimeoutConfig::builder().operation_timeout(Duration::from_millis(500)).build();
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("akid", "secret", None, None, "compat"))
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
}

async fn call(settings: Builder) -> Result<ListLayersOutput, Failure> {
    Client::from_conf(settings.build()).list_layers().send().await
}

/// An address where nobody listens any more.
fn refusing_url() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
    format!("http://{}", listener.local_addr().expect("a bound socket has an address"))
}

/// Prints what a failure says of itself, each line with the name of the case.
fn report(name: &str, result: Result<ListLayersOutput, Failure>) {
    println!("{name}: id of the result {:?}", result.request_id());
    let Err(failure) = result else { return println!("{name}: no error") };
    println!("{name}: {}", kind(&failure));
    println!("{name}: code {:?} message {:?} id {:?}", failure.code(), failure.message(), failure.request_id());
    let response = failure.raw_response();
    println!("{name}: status {:?}", response.map(|response| response.status().as_u16()));
    println!("{name}: {:?}", response.map(|raw| (raw.status().is_client_error(), raw.status().is_server_error())));
    println!("{name}: {:?}", response.and_then(|response| response.headers().get("content-type")));
    let service = failure.as_service_error();
    println!("{name}: metadata {:?}", service.map(|error| (error.meta().code(), error.meta().extra("aws_request_id"))));
    println!("{name}: parameter {:?}", service.map(ListLayersError::is_invalid_parameter_value_exception));
    println!("{name}: service {:?}", service.map(ListLayersError::is_service_exception));
    println!("{name}: throttled {:?}", service.map(ListLayersError::is_too_many_requests_exception));
    let shown = DisplayErrorContext(&failure).to_string();
    println!("{name}: shown with code {}", failure.code().is_none_or(|code| shown.contains(code)));
    println!("{name}: owned {}", own(failure));
}

fn kind(failure: &Failure) -> String {
    match failure {
        SdkError::ConstructionFailure(_) => "construction".to_owned(),
        SdkError::TimeoutError(_) => "timeout".to_owned(),
        SdkError::DispatchFailure(failure) => {
            let network = failure.is_io() || failure.is_other();
            format!("dispatch network={network} timeout={} user={}", failure.is_timeout(), failure.is_user())
        }
        SdkError::ResponseError(context) => format!("response {}", context.raw().status().as_u16()),
        SdkError::ServiceError(context) => {
            format!("service {} {}", context.raw().status().as_u16(), context.err().code().unwrap_or("-"))
        }
        other => format!("unknown {}", other.code().is_some()),
    }
}

/// What people do with an error that they own.
fn own(failure: Failure) -> String {
    match failure.into_service_error() {
        ListLayersError::InvalidParameterValueException(inner) => format!("{:?} {:?}", inner.message(), inner.r#type),
        ListLayersError::ServiceException(inner) => format!("{:?} {:?}", inner.message, inner.r#type()),
        ListLayersError::TooManyRequestsException(inner) => {
            let by_rate = inner.reason == Some(ThrottleReason::CallerRateLimitExceeded);
            let meta = (inner.meta().code(), inner.request_id());
            format!("{:?} {:?} {by_rate} {meta:?}", inner.message(), inner.retry_after_seconds())
        }
        error if error.code() == Some("ValidationException") => format!("validation {:?}", error.message()),
        error => format!("{:?} {:?}", error.code(), error.request_id()),
    }
}

/// Errors that people make in their own tests.
fn by_hand() {
    let metadata = ErrorMetadata::builder().code("Busy").message("later").custom("aws_request_id", "abc").build();
    let error = ListLayersError::generic(metadata.clone());
    println!("by hand: {:?} {:?} {:?}", error.code(), error.message(), error.request_id());
    println!("by hand: {}", error.meta() == &metadata);
    println!("by hand: {:?}", ListLayersError::unhandled("a sentence").code());

    let failure: Failure = SdkError::construction_failure("no way");
    println!("by hand: {}", failure.into_source().map_or("none".to_owned(), |source| source.to_string()));
    let mapped = SdkError::<_, ()>::service_error(error, ()).map_service_error(|error| error.code().map(str::len));
    println!("by hand: {:?}", mapped.as_service_error());
}
