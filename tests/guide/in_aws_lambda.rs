//! The example of `docs/in-aws-lambda.md`.

use std::sync::Arc;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Builder, Config};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::ListLayersError;
use tinsmith_lambda::test_util::{InstantSleep, Reply, ScriptedTransport};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};

/// What a handler does with an event, whatever crate hands it over.
async fn handle(client: &Client, page_size: i32) -> Result<usize, SdkError<ListLayersError>> {
    Ok(client.list_layers().max_items(page_size).send().await?.layers().len())
}

/// Limits that leave a function of ten seconds the time to say what went wrong.
fn limits() -> TimeoutConfig {
    let second = Duration::from_secs(1);
    TimeoutConfig::builder().operation_attempt_timeout(3 * second).operation_timeout(8 * second).build()
}

/// The settings that Lambda gives a function: region, keys with their token, and the id of its trace.
fn in_lambda(code: Builder) -> Config {
    let environment = ScriptedEnvironment::from_iter([
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "ASIAFUNCTION"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "token"),
        ("AWS_LAMBDA_FUNCTION_NAME", "orders"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_rust"),
        ("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1"),
    ]);
    code.load(Arc::new(Sources::read(environment, &ScriptedFiles::default(), Choice::default())))
}

#[tokio::test]
async fn nothing_has_to_be_set() {
    let transport = ScriptedTransport::new((0..2).map(|_| Reply::new(200).body(r#"{"Layers": []}"#)));
    // In a function: `tinsmith_config::from_env().timeout_config(limits()).load().await`.
    let settings = Config::builder().http_client(transport.clone()).sleep_impl(InstantSleep::default());
    let client = Client::from_conf(in_lambda(settings.timeout_config(limits())));

    for _event in 0..2 {
        handle(&client, 10).await.unwrap();
    }

    for request in transport.requests() {
        assert_eq!(request.origin, "https://lambda.eu-central-1.amazonaws.com");
        let header = |name: &str| request.headers.get(name).unwrap_or_default();
        assert!(header("authorization").contains("Credential=ASIAFUNCTION/"));
        assert_eq!(header("x-amz-security-token"), "token");
        assert_eq!(header("x-amzn-trace-id"), "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
        assert!(header("user-agent").contains("exec-env/AWS_Lambda_rust"));
    }
}
