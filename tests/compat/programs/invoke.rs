//! Invokes functions: what goes in, what comes out, how they fail.

use std::time::Duration;

use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::timeout::TimeoutConfig;
use aws_sdk_lambda::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::operation::invoke::builders::{InvokeFluentBuilder, InvokeInputBuilder};
use aws_sdk_lambda::operation::invoke::{InvokeError, InvokeInput, InvokeOutput};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{InvocationType, LogType};
use aws_sdk_lambda::{Client, Error};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

const ID: (&str, &str) = ("x-amzn-requestid", "9a8b");
const STEPS: &[Step] = &[
    Step::Answer(
        200,
        &[ID, ("x-amz-executed-version", "7"), ("x-amz-log-result", "U1RBUlQ="), ("content-type", "application/json")],
        r#"{"sum":3}"#,
    ),
    Step::Answer(202, &[ID], ""),
    Step::Answer(204, &[ID], ""),
    Step::Answer(
        200,
        &[ID, ("x-amz-function-error", "Unhandled"), ("x-amz-executed-version", "$LATEST")],
        r#"{"errorMessage":"division by zero","errorType":"ZeroDivisionError"}"#,
    ),
    Step::Answer(
        404,
        &[ID, ("x-amzn-errortype", "ResourceNotFoundException")],
        r#"{"Type":"User","Message":"Function not found: nobody"}"#,
    ),
    Step::Answer(
        429,
        &[ID, ("x-amzn-errortype", "TooManyRequestsException"), ("retry-after", "1")],
        r#"{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}"#,
    ),
    Step::Answer(
        413,
        &[ID, ("x-amzn-errortype", "RequestTooLargeException")],
        r#"{"Type":"User","message":"Request must be smaller"}"#,
    ),
    Step::Answer(502, &[ID, ("x-amzn-errortype", "EC2UnexpectedException")], r#"{"EC2ErrorCode":"X","Message":"no"}"#),
    Step::Answer(400, &[ID, ("x-amzn-errortype", "BrandNewException")], r#"{"message":"never heard of"}"#),
];

#[tokio::main]
async fn main() -> Result<(), Error> {
    let script = Script::start(STEPS);
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let config = aws_sdk_lambda::config::Builder::from(&config)
        .endpoint_url(script.url())
        .retry_config(RetryConfig::disabled())
        .timeout_config(TimeoutConfig::builder().operation_timeout(Duration::from_secs(20)).build());
    let client = Client::from_conf(config.build());

    let request = client.invoke().function_name("adder").qualifier("live").log_type(LogType::Tail);
    answer(&request.payload(Blob::new(r#"{"a":1,"b":2}"#)).send().await?);
    let request = client.invoke().function_name("adder").invocation_type(InvocationType::Event);
    answer(&request.client_context("e30=").set_payload(Some(Blob::new(b"[]".to_vec()))).send().await?);
    let dry = InvokeInput::builder().function_name("adder").invocation_type("DryRun".into());
    answer(&dry.send_with(&client).await?);
    let named =
        client.invoke().function_name("arn:aws:lambda:us-east-1:123456789012:function:div").payload(Blob::new("0"));
    answer(&named.send().await?);
    for name in ["nobody", "busy", "big", "cloud", "new"] {
        failure(client.invoke().function_name(name)).await;
    }
    for (index, target) in script.targets().iter().enumerate() {
        println!("{target} {:?}", script.body(index));
        let headers = ["x-amz-invocation-type", "x-amz-log-type", "x-amz-client-context"];
        println!("  {:?}", headers.map(|name| script.header(index, name)));
    }
    inputs();
    root(client.invoke().function_name("new").send().await.map_err(Error::from));
    unnamed(&client).await;
    Ok(())
}

fn answer(output: &InvokeOutput) {
    println!("{} {:?} {:?}", output.status_code(), output.executed_version(), output.request_id());
    println!("{:?} {:?}", output.function_error(), output.log_result());
    let payload = output.payload().map(|payload| String::from_utf8_lossy(payload.as_ref()).into_owned());
    println!("{payload:?}");
}

async fn failure(request: InvokeFluentBuilder) {
    let Err(error) = request.send().await else { return println!("no failure") };
    println!("{:?} {:?} {:?}", error.code(), error.message(), error.request_id());
    println!("{:?}", error.raw_response().map(|response| response.status().as_u16()));
    if let SdkError::ServiceError(context) = &error {
        println!(
            "{} {}",
            context.err().is_resource_not_found_exception(),
            context.err().is_too_many_requests_exception()
        );
    }
    match error.into_service_error() {
        InvokeError::ResourceNotFoundException(inner) => println!("{:?} {:?}", inner.message(), inner.r#type()),
        InvokeError::TooManyRequestsException(inner) => {
            println!("{:?} {:?}", inner.reason(), inner.retry_after_seconds)
        }
        InvokeError::RequestTooLargeException(inner) => println!("too large: {inner}"),
        InvokeError::Ec2UnexpectedException(inner) => println!("{:?} {:?}", inner.ec2_error_code(), inner.message),
        other => println!("{:?} {:?}", other.meta().code(), other.meta().message()),
    }
}

fn inputs() {
    let input = InvokeInputBuilder::default().function_name("adder").payload(Blob::new("secret words")).build();
    let Ok(input) = input else { return println!("not built") };
    println!(
        "{:?} {:?} {:?}",
        input.function_name(),
        input.payload().map(|blob| blob.as_ref().len()),
        input.qualifier()
    );
    println!("{} {}", format!("{input:?}").contains("secret"), input == input.clone());
    println!("{:?} {:?}", InvocationType::values(), LogType::values());
    println!("{:?} {}", InvocationType::from("Later").as_str(), InvocationType::RequestResponse);
}

fn root(result: Result<InvokeOutput, Error>) {
    match result {
        Ok(_) => println!("no failure"),
        Err(Error::ResourceNotFoundException(inner)) => println!("{inner}"),
        Err(other) => println!("{:?} {:?}", other.code(), other.request_id()),
    }
}

/// A request without the name that its path needs.
async fn unnamed(client: &Client) {
    let result = client.invoke().send().await;
    println!("{}", matches!(&result, Err(SdkError::ConstructionFailure(_))));
    println!("{:?}", result.err().and_then(|error| error.into_source().ok()).is_some());
    let result = client.invoke().function_name("").send().await;
    println!("{}", matches!(result, Err(SdkError::ConstructionFailure(_))));
}
