//! What a service refuses, and what never comes to it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Builder, Config, Credentials, Region, StalledStreamProtectionConfig};
use tinsmith_lambda::error::{DisplayErrorContext, SdkError};
use tinsmith_lambda::operation::RequestId;
use tinsmith_lambda::primitives::Blob;
use tinsmith_lambda::test_util::{InstantSleep, NeverClient, Reply, ScriptedTransport};
use tinsmith_stand_in::{ACCESS_KEY_ID, Fault, SECRET_ACCESS_KEY, StandIn};

use crate::Told;

pub(crate) async fn mistakes() -> Vec<Told> {
    vec![
        ("A key that AWS does not know", keys("AKIDUNKNOWN", SECRET_ACCESS_KEY).await),
        ("A secret that is not that of the key", other_secret().await),
        ("Credentials that are over", refused(403, "ExpiredTokenException", EXPIRED).await),
        ("No permission", refused(403, "AccessDeniedException", DENIED).await),
        ("A clock that is wrong", clock().await),
        ("Too many calls", throttled().await),
        ("A number out of its range", shown(lambda().await.1.list_layers().max_items(100).send().await)),
        ("A marker that is empty", shown(lambda().await.1.list_layers().marker("").send().await)),
        ("A member that is missing", shown(lambda().await.1.invoke().payload(Blob::new("{}")).send().await)),
        ("A function that is not there", shown(lambda().await.1.invoke().function_name("orders").send().await)),
        ("A limit that is too short", limit().await),
        ("No tokio runtime", std::thread::spawn(without_runtime).join().unwrap()),
    ]
}

const EXPIRED: &str = "The security token included in the request is expired";
const DENIED: &str = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:ListLayers on \
                      resource: * because no identity-based policy allows the lambda:ListLayers action";

/// A Lambda on loopback, and a client of it.
async fn lambda() -> (StandIn, Client) {
    let server = StandIn::builder().start().await.unwrap();
    let client = Client::from_conf(of(&server).build());
    (server, client)
}

fn of(server: &StandIn) -> Builder {
    Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None))
        .sleep_impl(InstantSleep::default())
        // The sleep of a test takes no time: limits would be over at once.
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
}

/// What is printed, but for the id of the request, which is another each time.
fn shown<T, E>(result: Result<T, SdkError<E>>) -> String
where
    E: std::error::Error + RequestId + 'static,
    SdkError<E>: std::error::Error + RequestId,
{
    let Err(error) = result else { panic!("it was no mistake") };
    let line = error.to_string();
    assert_eq!(DisplayErrorContext(&error).to_string(), line, "the line says all");
    match error.request_id() {
        Some(id) => line.replace(id, "…"),
        None => line,
    }
}

async fn keys(id: &str, secret: &str) -> String {
    let server = StandIn::builder().start().await.unwrap();
    let settings = of(&server).credentials_provider(Credentials::from_keys(id, secret, None));
    shown(Client::from_conf(settings.build()).list_layers().send().await)
}

/// The service goes on with what should have been signed, which is another each time.
async fn other_secret() -> String {
    let line = keys(ACCESS_KEY_ID, "wJalrXUtnFEMI").await;
    let (sentence, rest) = line.split_once("  The Canonical String").unwrap();
    format!("{sentence} …{}", &rest[rest.find(" (status").unwrap()..])
}

/// What the live service says, and the stand-in does not.
async fn refused(status: u16, code: &str, message: &str) -> String {
    let body = format!(r#"{{"message": "{message}"}}"#);
    let answer = Reply::new(status).header("x-amzn-errortype", code).header("x-amzn-requestid", "…").body(body);
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    let client = Client::from_conf(settings.http_client(ScriptedTransport::new([answer])).build());
    shown(client.list_layers().send().await)
}

/// Half an hour off, where the client is told not to see to it.
async fn clock() -> String {
    let server = StandIn::builder().clock_offset(1800).start().await.unwrap();
    let settings = of(&server).disable_clock_skew_correction(true);
    let line = shown(Client::from_conf(settings.build()).list_layers().send().await);
    let is_date = |word: &str| word.ends_with('Z') && word.len() == "20231114T221320Z".len();
    let dates: Vec<_> = line.split([' ', '(']).filter(|word| is_date(word)).map(str::to_owned).collect();
    dates.iter().fold(line, |line, date| line.replace(date, "…"))
}

async fn throttled() -> String {
    let server = StandIn::builder().faults(vec!["throttle".parse::<Fault>().unwrap(); 3]).start().await.unwrap();
    shown(Client::from_conf(of(&server).build()).list_layers().send().await)
}

async fn limit() -> String {
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    let limits = TimeoutConfig::builder().operation_timeout(Duration::from_millis(5)).build();
    let settings = settings.http_client(NeverClient::new()).sleep_impl(InstantSleep::default()).timeout_config(limits);
    shown(Client::from_conf(settings.build()).list_layers().send().await)
}

/// Driven by something else than tokio.
fn without_runtime() -> String {
    let settings = Config::builder().region(Region::new("us-east-2")).credentials_provider(Credentials::for_tests());
    let call = pin!(Client::from_conf(settings.build()).list_layers().send());
    match call.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => shown(result),
        Poll::Pending => panic!("it waits for nothing"),
    }
}
