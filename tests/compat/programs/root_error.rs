//! `?` into the root error of the crate, and a match on it.

use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_lambda::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_lambda::operation::RequestId;
use aws_sdk_lambda::{Client, Config, Error};

#[path = "support/script.rs"]
mod script;

use script::{PAGE, Script, Step};

const ID: (&str, &str) = ("x-amzn-requestid", "7f6e");

#[tokio::main]
async fn main() -> Result<(), Error> {
    let script = Script::start(&[
        Step::Answer(
            400,
            &[ID, ("x-amzn-errortype", "InvalidParameterValueException")],
            r#"{"Type":"User","message":"no"}"#,
        ),
        Step::Answer(429, &[ID, ("retry-after", "3")], r#"{"code":"TooManyRequestsException","Type":"User"}"#),
        Step::Answer(500, &[ID], r#"{"__type":"ServiceException","Message":"broken"}"#),
        Step::Answer(403, &[ID], r#"{"__type":"AccessDeniedException","Message":"not you"}"#),
        Step::HangUp,
        Step::Answer(200, &[ID], PAGE),
    ]);
    let client = client(script.url());
    while let Err(error) = names(&client).await {
        tell(&error);
    }
    println!("{:?}", names(&client).await?);
    Ok(())
}

fn client(url: &str) -> Client {
    Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("akid", "secret", Some("token".into()), None, "compat"))
            .retry_config(RetryConfig::disabled())
            .endpoint_url(url)
            .build(),
    )
}

async fn names(client: &Client) -> Result<Vec<String>, Error> {
    let output = client.list_layers().send().await?;
    Ok(output.layers().iter().filter_map(|layer| layer.layer_name.clone()).collect())
}

fn tell(error: &Error) {
    match error {
        Error::InvalidParameterValueException(inner) => {
            println!("parameter: {:?} {:?}", inner.message(), inner.r#type())
        }
        Error::TooManyRequestsException(inner) => println!("throttled: wait {:?}", inner.retry_after_seconds()),
        Error::ServiceException(inner) => println!("service: {:?}", inner.message()),
        other if other.code() == Some("AccessDeniedException") => println!("denied: {:?}", other.message()),
        other => println!("other: {:?}", other.code()),
    }
    println!("  code {:?} id {:?}", error.code(), error.request_id());
    println!(
        "  says something: {}",
        !DisplayErrorContext(error).to_string().is_empty() && !error.to_string().is_empty()
    );
}
