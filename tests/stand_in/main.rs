//! `ListLayers` over real sockets, against the stand-in: signatures that it checks, connections that it breaks.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod clock_skew;

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Credentials, Region, retry::RetryConfig};
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use tinsmith_lambda::types::Runtime;
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_stand_in::{ACCESS_KEY_ID, Fault, Layers, SECRET_ACCESS_KEY, StandIn};

/// Settings for a client of this server.
fn config(server: &StandIn) -> Builder {
    Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test"))
}

async fn server(layers: Layers) -> StandIn {
    StandIn::builder().layers(layers).start().await.unwrap()
}

/// The example of boto3's reference page, whole.
#[tokio::test]
async fn the_reference_example() {
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).build());
    let page = client.list_layers().compatible_runtime(Runtime::Python37).send().await.unwrap();
    let [layer] = page.layers() else { panic!("{page:?}") };
    let version = layer.latest_matching_version().unwrap();
    assert_eq!(layer.layer_name(), Some("my-layer"));
    assert_eq!(layer.layer_arn(), Some("arn:aws:lambda:us-east-2:123456789012:layer:my-layer"));
    assert_eq!(version.layer_version_arn(), Some("arn:aws:lambda:us-east-2:123456789012:layer:my-layer:2"));
    assert_eq!((version.version(), version.description()), (2, Some("My layer")));
    assert_eq!(version.created_date(), Some("2018-11-15T00:37:46.592+0000"));
    assert_eq!(version.compatible_runtimes(), [Runtime::Python36, Runtime::Python37]);
    assert_eq!(page.next_marker(), None);
}

/// Every page has a marker that needs encoding, and a signature over it that the server computes by itself.
#[tokio::test]
async fn a_thousand_layers_in_pages() {
    let server = server(Layers::generate(1000)).await;
    let client = Client::from_conf(config(&server).build());
    let items = client.list_layers().into_paginator().page_size(30).items().send();
    let names: Vec<_> = items.try_collect().await.unwrap().into_iter().map(|layer| layer.layer_name.unwrap()).collect();
    assert_eq!(names.len(), 1000);
    assert!(names.is_sorted());
    assert_eq!(server.request_count(), 34);
}

/// An unknown value goes out as it is, and the refusal comes back as the live service words it.
#[tokio::test]
async fn an_unknown_runtime_is_the_services_to_refuse() {
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).build());
    let error = client.list_layers().compatible_runtime(Runtime::from("cobol")).await.unwrap_err();
    assert_eq!(error.code(), Some("ValidationException"));
    assert!(error.message().unwrap().contains("Value 'cobol' at 'compatibleRuntime'"), "{error}");
    // Values that the service knows and the model does not are no error.
    client.list_layers().compatible_runtime(Runtime::from("byol")).await.unwrap();
}

#[tokio::test]
async fn wrong_credentials_are_told_by_code() {
    let server = server(Layers::reference()).await;
    let code = async |credentials: Credentials| {
        let client = Client::from_conf(config(&server).credentials_provider(credentials).build());
        client.list_layers().await.unwrap_err().code().map(str::to_owned)
    };
    let wrong_secret = Credentials::new(ACCESS_KEY_ID, "wrong", None, None, "test");
    assert_eq!(code(wrong_secret).await.as_deref(), Some("InvalidSignatureException"));
    let unknown = Credentials::new("AKIDUNKNOWN", "secret", None, None, "test");
    assert_eq!(code(unknown).await.as_deref(), Some("UnrecognizedClientException"));
}

/// What a presigned address is worth: anyone who has it gets the answer, without any header of ours.
#[tokio::test]
async fn a_presigned_request_is_accepted() {
    use tinsmith_runtime::client::presigning::PresigningConfig;
    use tinsmith_runtime::http::Request;
    use tinsmith_runtime::transport::{Transport, hyper::HyperTransport};
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).build());
    let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let presigned = client.list_layers().compatible_runtime(Runtime::Python37).presigned(presigning).await.unwrap();
    let uri = presigned.uri();
    let (path, query) = uri.strip_prefix(server.url()).unwrap().split_once('?').unwrap();
    let plain = Request {
        method: "GET",
        origin: server.url().into(),
        path: path.into(),
        query: query.into(),
        ..Default::default()
    };
    let response = HyperTransport::default().send(plain).await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
}

/// What the first attempt meets, what comes of the call, and how many attempts it took.
#[tokio::test]
async fn faults_of_one_attempt() {
    let (server, all) = (server(Layers::reference()).await, Layers::reference().len());
    for (fault, attempts) in [
        ("throttle", 2),
        ("throttle-in-body", 2),
        ("throttle-bare", 2),
        ("throttle-date", 2),
        ("throttle-garbage", 2),
        ("throttle-ms", 2),
        ("service-error", 2),
        ("html-503", 2),
        ("empty-500", 2),
        ("reset-after-request", 2),
        ("close-after-request", 2),
        ("reset-mid-body", 2),
        ("close-mid-body", 2),
        ("truncated-body", 2),
        ("length-too-long", 2),
        ("not-http", 2),
        ("slow-headers", 1),
        ("slow-body", 1),
    ] {
        // A sleep that takes no time also cuts what has a limit, so that only the waits between attempts may use it.
        let client = Client::from_conf(config(&server).sleep_impl(Hasty).build());
        server.fault(fault.parse().unwrap());
        let page = client.list_layers().send().await.unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!((page.layers().len(), page.response_metadata().attempts()), (all, attempts), "{fault}");
    }
    // What cannot be read is not tried again: the service would answer the same.
    for (fault, told) in [("not-json", "status 200"), ("truncated-json", "status 200"), ("oversized", "67108864 bytes")]
    {
        let client = Client::from_conf(config(&server).build());
        server.fault(fault.parse().unwrap());
        let error = client.list_layers().send().await.unwrap_err();
        assert!(matches!(error, SdkError::ResponseError(_)), "{fault}: {error:?}");
        assert!(error.to_string().contains(told) && error.to_string().contains("1 attempt"), "{fault}: {error}");
        assert!(error.to_string().len() < 1000, "{fault}: {error}");
    }
}

/// What is said to be too long is not read to find that out: here nothing would come, and a body cut off is tried again.
#[tokio::test]
async fn a_body_that_is_said_to_be_too_long_is_not_read() {
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).build());
    let headers = vec![("content-length".to_owned(), "67108865".to_owned())];
    server.fault(Fault::Respond { status: 200, headers, body: Vec::new() });
    let error = client.list_layers().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error:?}");
    assert!(error.to_string().contains("longer than 67108864 bytes"), "{error}");
    assert_eq!((error.attempts(), server.request_count()), (1, 1));
}

/// Waits between attempts are a hundred times shorter; limits stay as they are.
#[derive(Debug)]
struct Hasty;

impl tinsmith_runtime::time::Sleep for Hasty {
    fn sleep(&self, duration: Duration) -> tinsmith_runtime::transport::BoxFuture<'static, ()> {
        let short = if duration < Duration::from_secs(10) { duration / 100 } else { duration };
        Box::pin(tokio::time::sleep(short))
    }
}

/// Point 19: more requests at once than the service takes a second. All get through, throttled or not.
#[tokio::test]
async fn fifteen_requests_a_second() {
    let server = StandIn::builder().layers(Layers::reference()).rate_limit(15).start().await.unwrap();
    let retries = RetryConfig::standard().with_max_attempts(20);
    let client = Client::from_conf(config(&server).retry_config(retries).build());
    let calls: Vec<_> = (0..40).map(|_| tokio::spawn(client.list_layers().send())).collect();
    for call in calls {
        let page: Result<ListLayersOutput, SdkError<ListLayersError>> = call.await.unwrap();
        assert_eq!(page.unwrap().layers().len(), Layers::reference().len());
    }
    assert!(server.request_count() > 40, "nothing was throttled");
}

/// A call that is dropped is over, and the client goes on.
#[tokio::test]
async fn a_dropped_call_is_cancelled() {
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).build());
    server.fault(Fault::SlowHeaders(Duration::from_secs(30)));
    let slow = tokio::time::timeout(Duration::from_millis(100), client.list_layers().send()).await;
    assert!(slow.is_err());
    assert_eq!(client.list_layers().send().await.unwrap().layers().len(), Layers::reference().len());
}

/// A limit that only what never comes reaches, however busy the machine is.
const LIMIT: Duration = Duration::from_secs(3);

/// A body that stands still is an error, bounded by the read timeout.
#[tokio::test]
async fn a_stalled_body_is_an_error() {
    use tinsmith_lambda::config::timeout::TimeoutConfig;
    let server = server(Layers::reference()).await;
    let limit = TimeoutConfig::builder().read_timeout(LIMIT).build();
    let settings = config(&server).timeout_config(limit).retry_config(RetryConfig::disabled());
    let client = Client::from_conf(settings.build());
    server.fault(Fault::StalledBody);
    let error = client.list_layers().send().await.unwrap_err();
    assert!(matches!(error, SdkError::ResponseError(_)), "{error}");
    assert!(error.to_string().contains("stood still for 3s"), "{error}");
}

/// Without a read timeout, the protection of streams bounds it; a body that only pauses comes whole.
#[tokio::test]
async fn a_body_that_comes_too_slowly_is_an_error_unless_protection_is_off() {
    use tinsmith_lambda::config::StalledStreamProtectionConfig as Protection;
    let server = server(Layers::reference()).await;
    let list = async |protection: Protection, pause| {
        let settings = config(&server).stalled_stream_protection(protection).retry_config(RetryConfig::disabled());
        server.fault(Fault::SlowBody { piece: 1000, pause: Duration::from_millis(pause) });
        Client::from_conf(settings.build()).list_layers().send().await.map_err(|error| error.to_string())
    };
    let protected = |grace| Protection::enabled().grace_period(grace).build();
    let error = list(protected(Duration::from_millis(100)), 60_000).await.unwrap_err();
    assert!(error.contains("stood still for 100ms"), "{error}");
    let count = Layers::reference().len();
    assert_eq!(list(protected(LIMIT), 1).await.map(|page| page.layers().len()), Ok(count));
    assert_eq!(list(Protection::disabled(), 150).await.map(|page| page.layers().len()), Ok(count));
}

/// The waits that the quota allows are the specification's, whoever sleeps them.
#[tokio::test]
async fn retries_end_and_the_last_answer_is_told() {
    let server = server(Layers::reference()).await;
    let client = Client::from_conf(config(&server).sleep_impl(Hasty).build());
    server.faults([Fault::Empty(500), Fault::Html(502), Fault::Html(503)]);
    let error = client.list_layers().send().await.unwrap_err();
    assert!(error.to_string().contains("503") && error.to_string().contains("3 attempts"), "{error}");
}
