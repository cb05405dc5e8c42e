//! One call with settings of its own, and one whose request is changed before it is signed and sent.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::config::{BehaviorVersion, Config, Credentials, Region};

#[path = "support/script.rs"]
mod script;

use script::{PAGE, Script, Step};

#[tokio::main]
async fn main() -> Result<(), aws_sdk_lambda::Error> {
    let script = Script::start(&[Step::Answer(200, &[], PAGE)]);
    let client = Client::from_conf(
        Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("first", "secret", None, None, "compat"))
            .endpoint_url("http://127.0.0.1:9")
            .retry_config(RetryConfig::disabled())
            .build(),
    );

    let other = Config::builder().endpoint_url(script.url()).region(Region::new("eu-west-3"));
    let output = client.list_layers().marker("a+b/=&").customize().config_override(other.clone()).send().await?;
    println!("{} layer", output.layers().len());
    println!("{:?}", scope(&script, 0));

    let other = other.credentials_provider(Credentials::new("second", "secret", None, None, "compat"));
    let customized = client.list_layers().max_items(1).customize();
    customized
        .config_override(other)
        .mutate_request(|request| {
            request.headers_mut().insert("x-compat", "changed");
        })
        .send()
        .await?;
    println!("{:?} {:?}", scope(&script, 1), script.header(1, "x-compat"));
    println!("{:#?}", script.targets());
    Ok(())
}

/// Who signed a request, and where for: the credential of its authorization without the date.
fn scope(script: &Script, request: usize) -> Option<String> {
    let authorization = script.header(request, "authorization")?;
    let credential = authorization.split_once("Credential=")?.1.split_once(',')?.0;
    let parts: Vec<&str> = credential.split('/').collect();
    Some(format!("{} {} {}", parts.first()?, parts.get(2)?, parts.get(3)?))
}
