//! Hooks: what they see of each attempt, what they may change, and in which order they are asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tinsmith_lambda::client::customize::CustomizableOperation;
use tinsmith_lambda::config::http::HttpRequest;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Attempt, Hook, Outcome};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::ListLayers;
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_runtime::error::BoxError;
use tinsmith_runtime::test_util::{FixedClock, Reply};
use tinsmith_runtime::transport::TransportErrorKind;

use crate::client::{ok, scripted, scripted_with};

/// Writes down what it sees, numbers the attempts in a header, and refuses one of them.
#[derive(Clone, Debug)]
struct Noting {
    name: &'static str,
    refuses: Option<u32>,
    seen: Arc<Mutex<Vec<String>>>,
    clock: FixedClock,
}

fn noting(name: &'static str) -> Noting {
    Noting { name, refuses: None, seen: Arc::default(), clock: FixedClock::at_unix(1_700_000_000) }
}

impl Noting {
    fn note(&self, text: String) {
        self.seen.lock().unwrap().push(format!("{}: {text}", self.name));
    }

    fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

impl Hook for Noting {
    fn before_send(&self, attempt: &Attempt, request: &mut HttpRequest) -> Result<(), BoxError> {
        self.note(format!("{} {} {}", attempt.service(), attempt.operation(), attempt.number()));
        if self.refuses == Some(attempt.number()) {
            return Err(format!("{} refuses", self.name).into());
        }
        request.headers_mut().append("x-number", format!("{} {}", self.name, attempt.number()));
        self.clock.advance(Duration::from_secs(1));
        Ok(())
    }

    fn after_response(&self, attempt: &Attempt, outcome: &Outcome<'_>) {
        let status = outcome.response().map(|response| response.status().as_u16());
        let failure = outcome.failure().map(ToString::to_string);
        self.note(format!("{} {status:?} {failure:?} {:?}", attempt.number(), outcome.elapsed()));
    }
}

/// Each attempt begins with the request as the caller made it, and the signature covers what the hooks make of it.
#[tokio::test]
async fn each_attempt_is_seen_and_may_be_changed() {
    let (client, call) = (noting("client"), noting("call"));
    let call = Noting { seen: client.seen.clone(), clock: client.clock.clone(), ..call };
    let held = scripted_with([Reply::new(500), Reply::Failure(TransportErrorKind::Io), ok("{}")], |config| {
        config.hook(client.clone()).time_source(client.clock.clone())
    });
    held.client.list_layers().customize().hook(call).send().await.unwrap();
    let failed = "an error without a code or a body";
    let broken = "the connection broke: as the script has it";
    let expected = [
        "client: Lambda ListLayers 1".to_owned(),
        "call: Lambda ListLayers 1".to_owned(),
        format!("client: 1 Some(500) Some({failed:?}) 2s"),
        format!("call: 1 Some(500) Some({failed:?}) 2s"),
        "client: Lambda ListLayers 2".to_owned(),
        "call: Lambda ListLayers 2".to_owned(),
        format!("client: 2 None Some({broken:?}) 2s"),
        format!("call: 2 None Some({broken:?}) 2s"),
        "client: Lambda ListLayers 3".to_owned(),
        "call: Lambda ListLayers 3".to_owned(),
        "client: 3 Some(200) None 2s".to_owned(),
        "call: 3 Some(200) None 2s".to_owned(),
    ];
    assert_eq!(client.seen(), expected);
    for (number, sent) in (1..).zip(held.transport.requests()) {
        let headers: Vec<_> = sent.headers.get_all("x-number").map(str::to_owned).collect();
        assert_eq!(headers, [format!("client {number}"), format!("call {number}")]);
        assert!(sent.headers.get("authorization").unwrap().contains(";x-number,"), "{sent:?}");
    }
}

/// What a hook refuses is not sent, and no other hook is asked.
#[tokio::test]
async fn a_refusal_ends_the_call() {
    for number in 1..=2 {
        let client = Noting { refuses: Some(number), ..noting("client") };
        let held = scripted_with([Reply::new(500)], |config| config.hook(client.clone()));
        let call = noting("call");
        let error = held.client.list_layers().customize().hook(call.clone()).send().await.unwrap_err();
        assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error:?}");
        assert!(error.to_string().contains("client refuses"), "{error}");
        let sent = number as usize - 1;
        assert_eq!((error.attempts() as usize, held.transport.requests().len()), (sent, sent));
        // One note before each attempt, and one after each that was made.
        assert_eq!((client.seen().len(), call.seen().len()), (1 + 2 * sent, 2 * sent));
    }
}

/// What code puts into a request stays one header, and one request, for any transport.
#[tokio::test]
async fn what_would_break_a_request_is_not_sent() {
    #[derive(Debug)]
    struct Breaks;

    impl Hook for Breaks {
        fn before_send(&self, _: &Attempt, request: &mut HttpRequest) -> Result<(), BoxError> {
            request.headers_mut().insert("x-team", "a\r\nhost: elsewhere");
            Ok(())
        }
    }

    type Request = CustomizableOperation<ListLayers>;
    let check = async |said: &str, change: fn(Request) -> Request| {
        let held = scripted([ok("{}")]);
        let error = change(held.client.list_layers().customize()).send().await.unwrap_err();
        assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error:?}");
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(held.transport.requests().len(), 0);
    };
    let header = "x-team is sent as a header: remove its line breaks";
    check(header, |call| call.hook(Breaks)).await;
    check(header, |call| call.mutate_request(|request| request.headers_mut().insert("x-team", "a\nb"))).await;
    check("is no name of a header", |call| call.mutate_request(|request| request.headers_mut().insert("a b", "")))
        .await;
    check("percent-encode it", |call| call.mutate_request(|request| request.path.push_str(" HTTP/1.1\r\n"))).await;
    check("percent-encode it", |call| call.mutate_request(|request| request.query.push('\0'))).await;
}

#[tokio::test]
async fn an_attempt_that_takes_too_long_is_seen() {
    let client = noting("client");
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(3)).build();
    let held = scripted_with([Reply::Silence, ok("{}")], |config| config.hook(client.clone()).timeout_config(timeouts));
    held.client.list_layers().send().await.unwrap();
    assert_eq!(client.seen()[1], "client: 1 None Some(\"the attempt took longer than 3s\") 0ns");
}

/// Nothing is sent then, by us at least.
#[tokio::test]
async fn presigning_is_no_attempt() {
    let client = noting("client");
    let held = scripted_with([], |config| config.hook(client.clone()));
    let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    held.client.list_layers().presigned(presigning).await.unwrap();
    assert_eq!(client.seen(), [""; 0]);
    assert_eq!(scripted([]).client.config().hooks().len(), 0);
}
