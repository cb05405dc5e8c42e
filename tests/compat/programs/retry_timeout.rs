//! Retries and timeouts, set by code in the ways that the configuration crate and the client crate offer.

use std::time::{Duration, Instant};

use aws_config::retry::{RetryConfig, RetryConfigBuilder, RetryMode};
use aws_config::timeout::{TimeoutConfig, TimeoutConfigBuilder};
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::Credentials;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};

#[path = "support/script.rs"]
mod script;

use script::{PAGE, Script, Step};

const BUSY: Step = Step::Answer(503, &[], r#"{"message":"busy"}"#);
const THROTTLED: Step = Step::Answer(429, &[("x-amzn-errortype", "TooManyRequestsException")], "{}");
const GOOD: Step = Step::Answer(200, &[], PAGE);

#[tokio::main]
async fn main() {
    values();
    let quick = RetryConfig::standard()
        .with_initial_backoff(Duration::from_millis(1))
        .with_max_backoff(Duration::from_millis(2));
    run("standard", &[BUSY, BUSY, GOOD], quick.clone(), TimeoutConfig::disabled()).await;
    run("throttled", &[THROTTLED, GOOD], quick.clone(), TimeoutConfig::disabled()).await;
    run("used up", &[BUSY], quick.clone().with_max_attempts(2), TimeoutConfig::disabled()).await;
    run("disabled", &[BUSY, GOOD], RetryConfig::disabled(), TimeoutConfig::disabled()).await;
    run("not to be retried", &[Step::Answer(400, &[], "{}"), GOOD], quick.clone(), TimeoutConfig::disabled()).await;
    run("hang up", &[Step::HangUp, GOOD], quick.clone(), TimeoutConfig::disabled()).await;
    let attempt = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1)).build();
    run("attempt times out", &[Step::Silence, GOOD], quick.clone(), attempt).await;
    let operation = TimeoutConfig::builder().operation_timeout(Duration::from_millis(300)).build();
    run("operation times out", &[Step::Silence], quick.clone(), operation).await;
    let read = TimeoutConfig::builder().read_timeout(Duration::from_millis(300)).build();
    run("read times out", &[Step::Silence], quick.with_max_attempts(1), read).await;
}

fn values() {
    for config in [RetryConfig::standard(), RetryConfig::disabled(), RetryConfig::standard().with_max_attempts(7)] {
        println!("{} {} {}", config.mode() == RetryMode::Standard, config.max_attempts(), config.has_retry());
        println!("{:?}", config.max_backoff());
    }
    let built = RetryConfigBuilder::new().max_attempts(4).max_backoff(Duration::from_secs(9)).build();
    println!("{} {:?}", built.max_attempts(), built.max_backoff());
    let timeouts =
        TimeoutConfigBuilder::new().connect_timeout(Duration::from_secs(1)).disable_operation_timeout().build();
    println!("{:?} {:?} {}", timeouts.connect_timeout(), timeouts.operation_timeout(), timeouts.has_timeouts());
    let more = timeouts.to_builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    println!("{:?} {:?} {}", more.operation_attempt_timeout(), more.read_timeout(), more == more.clone());
    println!("{}", TimeoutConfig::disabled().has_timeouts());
}

async fn run(name: &str, steps: &[Step], retry: RetryConfig, timeouts: TimeoutConfig) {
    let script = Script::start(steps);
    let config = load(&script, retry, timeouts).await;
    let start = Instant::now();
    let result = Client::new(&config).list_layers().send().await;
    let outcome = match &result {
        Ok(output) => format!("{} layer", output.layers().len()),
        Err(SdkError::TimeoutError(_)) => "timeout".to_owned(),
        Err(SdkError::DispatchFailure(failure)) => format!("dispatch, timeout={}", failure.is_timeout()),
        Err(error) => format!("{:?} {:?}", error.raw_response().map(|raw| raw.status().as_u16()), error.code()),
    };
    println!(
        "{name}: {outcome} after {} requests, soon: {}",
        script.count(),
        start.elapsed() < Duration::from_secs(10)
    );
}

async fn load(script: &Script, retry: RetryConfig, timeouts: TimeoutConfig) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region("us-east-1")
        .credentials_provider(Credentials::new("akid", "secret", None, None, "compat"))
        .endpoint_url(script.url())
        .retry_config(retry)
        .timeout_config(timeouts)
        .load()
        .await
}
