//! The example of `docs/testing.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use tinsmith_lambda::Client;
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::list_layers::ListLayersError;
use tinsmith_lambda::types::Runtime;

/// A layer that a function may use.
#[derive(Debug, PartialEq)]
struct Usable {
    name: String,
    version: i64,
}

/// Why there is no list of layers.
#[derive(Debug, PartialEq)]
enum Failure {
    /// Lambda is asked too often: come back later.
    Busy,
    /// Anything else, as a sentence for the log.
    Other(String),
}

/// The layers for a runtime whose licence is one of these, from all pages.
async fn usable_layers(client: &Client, runtime: &str, licences: &[&str]) -> Result<Vec<Usable>, Failure> {
    let listing = client.list_layers().compatible_runtime(Runtime::from(runtime));
    let mut layers = listing.into_paginator().page_size(2).items().send();
    let mut usable = Vec::new();
    while let Some(layer) = layers.next().await {
        let layer = layer?;
        let Some(latest) = layer.latest_matching_version() else { continue };
        if latest.license_info().is_some_and(|licence| licences.contains(&licence)) {
            let name = layer.layer_name().unwrap_or_default().to_owned();
            usable.push(Usable { name, version: latest.version() });
        }
    }
    Ok(usable)
}

impl From<SdkError<ListLayersError>> for Failure {
    fn from(error: SdkError<ListLayersError>) -> Self {
        match error.code() {
            Some("TooManyRequestsException") => Self::Busy,
            _ => Self::Other(error.to_string()),
        }
    }
}

use std::time::{Duration, UNIX_EPOCH};

use tinsmith_lambda::config::{Builder, Config, Credentials, Region};
use tinsmith_lambda::test_util::{
    FixedClock, InstantSleep, NeverClient, Reply, ScriptedCredentials, ScriptedTransport,
};

/// Settings with nothing of this machine in them: no profile, no variable, no clock, no network.
fn settings() -> Builder {
    Config::builder().with_test_defaults().region(Region::new("us-east-2")).sleep_impl(InstantSleep::default())
}

/// A page of layers, as Lambda writes it.
fn page(layers: &[(&str, i64, &str)], next: Option<&str>) -> Reply {
    let layers = layers.iter().map(|(name, version, licence)| {
        format!(r#"{{"LayerName": "{name}", "LatestMatchingVersion": {{"Version": {version}, "LicenseInfo": "{licence}"}}}}"#)
    });
    let next = next.map_or("null".to_owned(), |marker| format!("{marker:?}"));
    let layers = layers.collect::<Vec<_>>().join(",");
    Reply::new(200).body(format!(r#"{{"Layers": [{layers}], "NextMarker": {next}}}"#))
}

#[tokio::test]
async fn layers_are_filtered_on_all_pages() {
    let transport = ScriptedTransport::new([
        page(&[("fonts", 3, "MIT"), ("pandas", 7, "BSD-3-Clause")], Some("m/1")),
        page(&[("proprietary", 1, "see contract")], None),
    ]);
    let client = Client::from_conf(settings().http_client(transport.clone()).build());

    let usable = usable_layers(&client, "python3.12", &["MIT", "Apache-2.0"]).await.unwrap();

    assert_eq!(usable, [Usable { name: "fonts".to_owned(), version: 3 }]);
    let requests = transport.requests();
    let [first, second] = &requests[..] else { panic!("{requests:?}") };
    assert_eq!(
        first.uri(),
        "https://lambda.us-east-2.amazonaws.com/2018-10-31/layers?CompatibleRuntime=python3.12&MaxItems=2"
    );
    assert!(second.query.contains("Marker=m%2F1"), "{}", second.query);
    assert!(first.headers.get("authorization").unwrap().contains("Credential=ANOTREAL/20090213/us-east-2/lambda/"));
}

fn throttled() -> Reply {
    Reply::new(429).header("x-amzn-errortype", "TooManyRequestsException").header("retry-after", "2")
}

#[tokio::test]
async fn throttling_is_sat_out() {
    let transport = ScriptedTransport::new([throttled(), page(&[("fonts", 3, "MIT")], None)]);
    let sleep = InstantSleep::default();
    let client = Client::from_conf(settings().http_client(transport).sleep_impl(sleep.clone()).build());

    assert_eq!(usable_layers(&client, "python3.12", &["MIT"]).await.unwrap().len(), 1);
    assert_eq!(sleep.slept(), [Duration::from_secs(2)]);
}

#[tokio::test]
async fn throttling_without_end_is_told_apart() {
    let transport = ScriptedTransport::new([throttled(), throttled(), throttled()]);
    let client = Client::from_conf(settings().http_client(transport.clone()).build());

    assert_eq!(usable_layers(&client, "python3.12", &[]).await, Err(Failure::Busy));
    assert_eq!(transport.left(), 0, "three attempts are the default");
}

#[tokio::test]
async fn credentials_that_expire_are_replaced() {
    let (start, hour) = (UNIX_EPOCH + Duration::from_secs(1_700_000_000), Duration::from_secs(3600));
    let keys = |id: &str, end| Credentials::new(id, "secret", Some("token".to_owned()), Some(end), "test");
    let provider = ScriptedCredentials::new([keys("AKIDFIRST", start + hour), keys("AKIDSECOND", start + 2 * hour)]);
    let clock = FixedClock::new(start);
    let transport = ScriptedTransport::new([page(&[], None), page(&[], None), page(&[], None)]);
    let settings = settings().http_client(transport.clone()).credentials_provider(provider.clone());
    let client = Client::from_conf(settings.time_source(clock.clone()).build());

    for minutes in [0, 30, 31] {
        clock.advance(Duration::from_secs(60 * minutes));
        usable_layers(&client, "python3.12", &[]).await.unwrap();
    }

    let signed_by = |id: &str| {
        let by = |value: &str| value.contains(&format!("Credential={id}/"));
        transport.requests().iter().filter(|request| request.headers.get("authorization").is_some_and(by)).count()
    };
    assert_eq!((signed_by("AKIDFIRST"), signed_by("AKIDSECOND"), provider.asked()), (2, 1, 2));
}

use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::timeout::TimeoutConfig;

#[tokio::test]
async fn silence_is_an_error_in_time() {
    let transport = NeverClient::new();
    let limits = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(5)).build();
    let settings = settings().http_client(transport.clone()).timeout_config(limits);
    let client = Client::from_conf(settings.retry_config(RetryConfig::standard().with_max_attempts(2)).build());

    let failure = usable_layers(&client, "python3.12", &[]).await.unwrap_err();

    assert_eq!(failure, Failure::Other("ListLayers failed: the attempt took longer than 5s (2 attempts)".to_owned()));
    assert_eq!(transport.num_calls(), 2);
}

use std::path::Path;

use tinsmith_lambda::test_util::dvr::{RecordingClient, ReplayingClient};
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};

/// Asks a service with the settings of this client, and keeps in a file what it says.
async fn record(real: &Client, file: &Path) {
    let recording = RecordingClient::https();
    let settings = real.config().to_builder().http_client(recording.clone());
    usable_layers(&Client::from_conf(settings.build()), "nodejs22.x", &["MIT"]).await.unwrap();
    recording.dump_to_file(file).unwrap();
}

#[tokio::test]
async fn what_was_recorded_is_played_again() {
    let service = StandIn::builder().start().await.unwrap();
    let keys = Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None);
    let real = Config::builder().region(Region::new("us-east-2")).endpoint_url(service.url());
    let real = Client::from_conf(real.credentials_provider(keys).build());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("layers.json");
    record(&real, &file).await;
    service.shutdown().await;

    let replaying = ReplayingClient::from_file(&file).unwrap().any_host();
    let client = Client::from_conf(settings().http_client(replaying.clone()).build());
    let usable = usable_layers(&client, "nodejs22.x", &["MIT"]).await.unwrap();

    assert_eq!(usable, [Usable { name: "node-metrics".to_owned(), version: 31 }]);
    assert_eq!(replaying.left(), 0, "everything that was recorded was asked for");
}
