//! Waits for functions to become what they are to be.

use std::time::Duration;

use aws_sdk_lambda::client::Waiters;
use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::get_function::{GetFunctionError, GetFunctionOutput};
use aws_sdk_lambda::types::State;
use aws_sdk_lambda::waiters::function_active_v2::{FunctionActiveV2FinalPoll, WaitUntilFunctionActiveV2Error};
use aws_sdk_lambda::waiters::function_exists::{FunctionExistsFluentBuilder, WaitUntilFunctionExistsError};
use aws_sdk_lambda::{Client, Error};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

const LONG: Duration = Duration::from_secs(60);
const PENDING: Step = Step::Answer(200, &[], r#"{"Configuration":{"FunctionName":"f","State":"Pending"}}"#);
const ACTIVE: Step = Step::Answer(200, &[], r#"{"Configuration":{"FunctionName":"f","State":"Active"}}"#);
const FAILED: Step = Step::Answer(
    200,
    &[],
    r#"{"Configuration":{"State":"Failed","StateReason":"no network","StateReasonCode":"EniLimitExceeded"}}"#,
);
const MISSING: Step = Step::Answer(
    404,
    &[("x-amzn-errortype", "ResourceNotFoundException"), ("x-amzn-requestid", "55")],
    r#"{"Message":"not yet","Type":"User"}"#,
);
const BROKEN: Step =
    Step::Answer(500, &[("x-amzn-errortype", "ServiceException")], r#"{"Message":"sorry","Type":"Service"}"#);

#[tokio::main]
async fn main() -> Result<(), Error> {
    active().await?;
    failed().await;
    exists().await?;
    tokio::join!(too_long(), of_a_configuration());
    unknown().await;
    without_a_name().await;
    Ok(())
}

async fn client(script: &Script) -> Client {
    let config = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(script.url());
    Client::new(&config.retry_config(RetryConfig::disabled()).load().await)
}

async fn active() -> Result<(), WaitUntilFunctionActiveV2Error> {
    let script = Script::start(&[PENDING, ACTIVE]);
    let waiter = client(&script).await.wait_until_function_active_v2().function_name("f").qualifier("live");
    let poll: FunctionActiveV2FinalPoll = waiter.wait(LONG).await?;
    println!("{:?} {:?}", poll.as_result().ok().map(state), script.targets());
    let output = poll.into_result();
    println!("{:?}", output.ok().and_then(|output| output.configuration).and_then(|function| function.function_name));
    Ok(())
}

fn state(output: &GetFunctionOutput) -> Option<&str> {
    output.configuration().and_then(|function| function.state()).map(State::as_str)
}

async fn failed() {
    let script = Script::start(&[FAILED]);
    let waited = client(&script).await.wait_until_function_active_v2().function_name("f").wait(LONG).await;
    match waited {
        Err(WaitUntilFunctionActiveV2Error::FailureState(failure)) => {
            println!("{:?}", failure.final_poll().as_result().ok().and_then(state));
            let function = failure.into_final_poll().into_result().ok().and_then(|output| output.configuration);
            println!("{:?}", function.and_then(|function| function.state_reason));
        }
        other => println!("not a failure: {}", other.is_ok()),
    }
}

async fn exists() -> Result<(), WaitUntilFunctionExistsError> {
    let script = Script::start(&[MISSING, PENDING]);
    let waiter: FunctionExistsFluentBuilder = client(&script).await.wait_until_function_exists();
    let poll = waiter.set_function_name(Some("f".to_owned())).wait(LONG).await?;
    println!("{:?} {}", poll.as_result().ok().and_then(state), script.count());
    let lengths = poll.map(|output| state(&output).map(str::len)).map_err(|error| error.to_string());
    println!("{:?}", lengths.into_result());
    Ok(())
}

async fn too_long() {
    let script = Script::start(&[PENDING]);
    let waiter = client(&script).await.wait_until_function_active_v2().function_name("f");
    match waiter.wait(Duration::from_millis(1_500)).await {
        Err(WaitUntilFunctionActiveV2Error::ExceededMaxWait(context)) => {
            println!("{:?} {}", context.max_wait(), context.poll_count() >= 2);
            println!("{}", context.elapsed() <= Duration::from_secs(10));
        }
        other => println!("not too long: {}", other.is_ok()),
    }
}

/// A waiter of another operation, as most programs write it.
async fn of_a_configuration() {
    let script = Script::start(&[Step::Answer(200, &[], r#"{"LastUpdateStatus":"Successful","State":"Active"}"#)]);
    let client = client(&script).await;
    let active = client.wait_until_function_active().function_name("f").wait(LONG).await;
    println!("{}", active.is_ok());
    let updated = client.wait_until_function_updated().function_name("f").wait(Duration::from_secs(300)).await;
    if let Err(error) = &updated {
        println!("{error}");
    }
    println!("{:?}", updated.ok().and_then(|poll| poll.into_result().ok()).map(|function| function.last_update_status));
    println!("{}", client.wait_until_published_version_active().function_name("f").wait(LONG).await.is_ok());
    println!("{:?}", script.targets());
}

/// Errors that the waiter does not know end it.
async fn unknown() {
    let script = Script::start(&[BROKEN]);
    let waited = client(&script).await.wait_until_function_exists().function_name("f").wait(LONG).await;
    let Err(error) = waited else { return println!("no error") };
    println!("{:?} {:?}", error.code(), error.message());
    match error {
        WaitUntilFunctionExistsError::OperationFailed(failed) => {
            println!("failed {:?}", failed.error().as_service_error().map(GetFunctionError::is_service_exception));
            println!("{:?}", failed.into_error().into_service_error().code());
        }
        WaitUntilFunctionExistsError::FailureState(failed) => {
            println!("failure {}", failed.final_poll().as_result().is_err())
        }
        _ => println!("another end"),
    }
}

async fn without_a_name() {
    let script = Script::start(&[ACTIVE]);
    let waited = client(&script).await.wait_until_function_active_v2().wait(LONG).await;
    println!("{} {}", waited.is_err(), script.count());
}
