//! The example of `docs/errors.md`.

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Region};
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::RequestId;
use tinsmith_lambda::operation::invoke::{InvokeError, InvokeOutput};
use tinsmith_lambda::primitives::Blob;
use tinsmith_lambda::test_util::{InstantSleep, NeverClient, Reply, ScriptedTransport};

/// What a service answers with this status, code and message.
fn answer(status: u16, code: &str, message: &str) -> Reply {
    let body = format!(r#"{{"Message": "{message}"}}"#);
    Reply::new(status).header("x-amzn-errortype", code).header("x-amzn-requestid", "5f3c").body(body)
}

/// A client that is given these answers.
fn client(answers: impl IntoIterator<Item = Reply>) -> Client {
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    let settings = settings.sleep_impl(InstantSleep::default()).http_client(ScriptedTransport::new(answers));
    Client::from_conf(settings.build())
}

/// Calls a function.
async fn invoke(client: &Client) -> Result<InvokeOutput, SdkError<InvokeError>> {
    client.invoke().function_name("orders").payload(Blob::new("{}")).send().await
}

#[tokio::test]
async fn a_line_for_the_log() {
    let refused = invoke(&client([answer(404, "ResourceNotFoundException", "Function not found: orders")])).await;
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Invoke failed: ResourceNotFoundException: Function not found: orders (status 404, request id 5f3c, 1 attempt)"
    );
}

#[derive(Debug, PartialEq)]
enum Wrong {
    /// Come back later.
    Busy,
    /// Somebody has to let us.
    Denied,
    Other(String),
}

fn wrong(error: SdkError<InvokeError>) -> Wrong {
    match error.code() {
        Some("TooManyRequestsException") => Wrong::Busy,
        Some("AccessDeniedException") => Wrong::Denied,
        _ => Wrong::Other(error.to_string()),
    }
}

#[tokio::test]
async fn by_code() {
    let denied = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:InvokeFunction";
    let error = invoke(&client([answer(403, "AccessDeniedException", denied)])).await.unwrap_err();
    assert_eq!((error.message(), error.request_id()), (Some(denied), Some("5f3c")));
    assert_eq!(wrong(error), Wrong::Denied, "of which the model of Lambda says nothing");

    let busy = || answer(429, "TooManyRequestsException", "Rate Exceeded.");
    let error = invoke(&client([busy(), busy(), busy()])).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "it was tried again before it was told");
    assert_eq!(wrong(error), Wrong::Busy);
}

#[tokio::test]
async fn by_type() {
    let throttled = answer(429, "TooManyRequestsException", "Rate Exceeded.").header("retry-after", "1");
    let error = invoke(&client([throttled.clone(), throttled.clone(), throttled])).await.unwrap_err();
    match error.into_service_error() {
        InvokeError::TooManyRequestsException(error) => assert_eq!(error.retry_after_seconds(), Some("1")),
        InvokeError::ResourceNotFoundException(error) => panic!("no function: {:?}", error.message()),
        other => panic!("{other}"),
    }

    let error = invoke(&client([answer(404, "ResourceNotFoundException", "gone")])).await.unwrap_err();
    assert!(error.as_service_error().is_some_and(InvokeError::is_resource_not_found_exception));
}

async fn layers_and_function(client: &Client) -> Result<usize, tinsmith_lambda::Error> {
    let layers = client.list_layers().send().await?;
    client.get_function().function_name("orders").send().await?;
    Ok(layers.layers().len())
}

#[tokio::test]
async fn one_type_for_several_operations() {
    let answers = [Reply::new(200).body("{}"), answer(404, "ResourceNotFoundException", "gone")];
    let error = layers_and_function(&client(answers)).await.unwrap_err();
    assert!(matches!(error, tinsmith_lambda::Error::ResourceNotFoundException(_)));
}

#[tokio::test]
async fn how_far_it_came() {
    let nameless = client([]).invoke().send().await.unwrap_err();
    assert!(matches!(nameless, SdkError::ConstructionFailure(_)), "{nameless}");

    let settings = client([]).config().to_builder().http_client(NeverClient::new());
    let limit = std::time::Duration::from_secs(1);
    let limits = tinsmith_lambda::config::timeout::TimeoutConfig::builder().operation_timeout(limit).build();
    let late = invoke(&Client::from_conf(settings.timeout_config(limits).build())).await.unwrap_err();
    assert!(matches!(late, SdkError::TimeoutError(_)), "{late}");

    let broken = invoke(&client([])).await.unwrap_err();
    assert!(matches!(&broken, SdkError::DispatchFailure(failure) if failure.is_io()), "{broken}");

    let page = Reply::new(502).body("<html>Bad Gateway</html>");
    let refused = invoke(&client([page.clone(), page.clone(), page])).await.unwrap_err();
    let SdkError::ServiceError(error) = &refused else { panic!("{refused}") };
    assert_eq!((error.raw().status().as_u16(), error.raw().bytes()), (502, &b"<html>Bad Gateway</html>"[..]));
}
