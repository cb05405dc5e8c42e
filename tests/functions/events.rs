//! `InvokeWithResponseStream`: events as they come, streams that are left, and what each fault is told as.

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::invoke_with_response_stream::{
    InvokeWithResponseStreamError, InvokeWithResponseStreamOutput,
};
use tinsmith_lambda::types::error::InvokeWithResponseStreamResponseEventError;
use tinsmith_lambda::types::{
    InvokeWithResponseStreamResponseEvent as Event, LogType, ResponseStreamingInvocationType,
};
use tinsmith_runtime::event_stream::RawMessage;
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_runtime::time::Sleep;
use tinsmith_runtime::transport::BoxFuture;
use tinsmith_stand_in::{EventFault, Fault, Function, Gate, Outcome, StandIn};
use tokio::sync::watch;

use crate::{client, config, server, until, within};

/// A server whose function `f` writes these pieces.
async fn writing(pieces: &[&'static str]) -> StandIn {
    server([Function::new("f").answers(Outcome::pieces(pieces.iter().copied()))]).await
}

async fn stream(client: &Client) -> InvokeWithResponseStreamOutput {
    client.invoke_with_response_stream().function_name("f").send().await.unwrap()
}

type Failure = SdkError<InvokeWithResponseStreamResponseEventError, RawMessage>;

/// All that comes, an event a line, and the error that ended it.
async fn received(mut output: InvokeWithResponseStreamOutput) -> (Vec<String>, Option<Failure>) {
    let mut events = Vec::new();
    loop {
        match within("an event, or the end", output.event_stream.recv()).await {
            Ok(Some(event)) => events.push(shown(&event)),
            Ok(None) => return (events, None),
            Err(error) => {
                // An error is the last thing.
                assert!(matches!(output.event_stream.recv().await, Ok(None)));
                return (events, Some(error));
            }
        }
    }
}

fn shown(event: &Event) -> String {
    match event {
        Event::PayloadChunk(chunk) => String::from_utf8_lossy(chunk.payload().unwrap().as_ref()).into_owned(),
        Event::InvokeComplete(end) => format!("{:?} {:?}", end.error_code(), end.error_details()),
        other => panic!("{other:?}"),
    }
}

const WHOLE: &str = "None None";

#[tokio::test]
async fn an_answer_comes_whole() {
    let server = writing(&["Hello, ", "", "world"]).await;
    let output = stream(&client(&server)).await;
    assert_eq!((output.status_code(), output.executed_version()), (200, Some("$LATEST")));
    assert_eq!(output.response_stream_content_type(), Some("application/vnd.amazon.eventstream"));
    let (events, error) = received(output).await;
    assert_eq!(events, ["Hello, ", "", "world", WHOLE]);
    assert!(error.is_none() && server.open_streams() == 0);
}

/// One event goes only when the one before was read: nothing waits for more than there is.
#[tokio::test]
async fn events_come_when_they_are_sent() {
    let gate = Gate::new();
    let outcome = Outcome::pieces((0..20).map(|n| n.to_string())).gate(&gate);
    let server = server([Function::new("f").answers(outcome)]).await;
    let mut events = stream(&client(&server)).await.event_stream;
    for n in 0..20 {
        let early = tokio::time::timeout(Duration::from_millis(5), events.recv()).await;
        assert!(early.is_err(), "{n}: {early:?}");
        gate.let_pass(1);
        assert_eq!(shown(&events.recv().await.unwrap().unwrap()), n.to_string());
    }
    assert_eq!(server.open_streams(), 1);
    gate.let_pass(1);
    assert_eq!(shown(&events.recv().await.unwrap().unwrap()), WHOLE);
    assert!(events.recv().await.unwrap().is_none());
}

#[tokio::test]
async fn who_drops_the_stream_ends_it() {
    let gate = Gate::new();
    let server = server([
        Function::new("f").answers(Outcome::pieces(["a", "b"]).gate(&gate)),
        Function::new("g").answers(Outcome::pieces(["c"])),
    ])
    .await;
    let client = client(&server);
    gate.let_pass(1);
    let mut events = stream(&client).await.event_stream;
    assert_eq!(shown(&events.recv().await.unwrap().unwrap()), "a");
    assert_eq!(server.open_streams(), 1);
    drop(events);
    until("the end of the stream", || server.open_streams() == 0).await;
    let next = client.invoke_with_response_stream().function_name("g").send().await.unwrap();
    assert_eq!(received(next).await.0, ["c", WHOLE]);
    assert_eq!(server.connection_count(), 2, "a connection with half an answer on it is of no use");
}

#[tokio::test]
async fn a_function_that_fails_says_so_at_the_end() {
    let fails = Outcome::pieces(["half of "]).then_fails("Boom", "it broke").log("so far");
    let server = server([Function::new("f").answers(fails)]).await;
    let call = client(&server).invoke_with_response_stream().function_name("f").log_type(LogType::Tail);
    let mut events = call.send().await.unwrap().event_stream;
    assert_eq!(shown(&events.recv().await.unwrap().unwrap()), "half of ");
    let end = events.recv().await.unwrap().unwrap();
    let end = end.as_invoke_complete().unwrap();
    assert_eq!(end.error_code(), Some("Unhandled"));
    assert_eq!(end.error_details(), Some(r#"{"errorMessage":"it broke","errorType":"Boom"}"#));
    assert!(end.log_result().is_some());
}

#[tokio::test]
async fn a_dry_run_has_no_events() {
    let server = writing(&["a"]).await;
    let call = client(&server).invoke_with_response_stream().function_name("f");
    let output = call.invocation_type(ResponseStreamingInvocationType::DryRun).send().await.unwrap();
    assert_eq!((output.status_code(), output.executed_version()), (204, None));
    assert!(received(output).await.0.is_empty());
}

/// Until the first byte of the answer it is a call like any other.
#[tokio::test]
async fn what_fails_before_the_stream_is_of_the_call() {
    let server = writing(&["a"]).await;
    let call = client(&server).invoke_with_response_stream().function_name("nobody");
    let error = call.send().await.unwrap_err().into_service_error();
    assert!(matches!(error, InvokeWithResponseStreamError::ResourceNotFoundException(_)), "{error:?}");
    server.fault("throttle".parse().unwrap());
    let output = stream(&client(&server)).await;
    assert_eq!(output.response_metadata().attempts(), 2);
    assert_eq!(received(output).await.0, ["a", WHOLE]);
}

/// What an error of a stream is.
#[derive(Debug, PartialEq)]
enum Told {
    /// Nothing: the stream ended, be it too early.
    End,
    /// An error of the service, with this code and message.
    Service(&'static str, &'static str),
    /// No event.
    Response,
    /// The connection.
    Dispatch,
}

impl Told {
    fn matches(&self, error: Option<&Failure>) -> bool {
        match (self, error) {
            (Self::End, None) => true,
            (Self::Service(code, message), Some(error @ SdkError::ServiceError(_))) => {
                (error.code(), error.message()) == (Some(code), Some(message))
            }
            (Self::Response, Some(SdkError::ResponseError(_))) => true,
            (Self::Dispatch, Some(SdkError::DispatchFailure(_))) => true,
            _ => false,
        }
    }
}

/// After the event that came right, the fault; and no second attempt, as the function has run.
#[tokio::test]
async fn faults_of_the_stream() {
    let after = |after, fault| Fault::Events { after, fault };
    let (code, message) = (|| "Late".to_owned(), || "too late".to_owned());
    let cases = [
        (after(1, EventFault::Checksum), Told::Response, "is damaged: it says the checksum"),
        (after(1, EventFault::Cut), Told::Response, "ended"),
        (after(1, EventFault::End), Told::End, ""),
        (
            after(1, EventFault::Exception { code: code(), message: message() }),
            Told::Service("Late", "too late"),
            "Late: too late",
        ),
        (
            after(1, EventFault::Error { code: code(), message: message() }),
            Told::Service("Late", "too late"),
            "Late: too late",
        ),
        (after(1, EventFault::Reset), Told::Dispatch, ""),
    ];
    for (fault, told, says) in cases {
        let server = writing(&["first", "second"]).await;
        let client = client(&server);
        server.fault(fault.clone());
        let (events, error) = received(stream(&client).await).await;
        assert_eq!(events, ["first"], "{fault:?}: {error:?}");
        assert!(told.matches(error.as_ref()), "{fault:?} is {error:?}");
        let line = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(line.contains(says), "{fault:?}: {line}");
        assert_eq!(server.request_count(), 1, "{fault:?}");
    }
}

/// Silence is an error where code bounds it; a function that works on its answer has its time otherwise.
#[tokio::test]
async fn a_stream_that_stands_still() {
    let server = writing(&["first", "second"]).await;
    let (over, limits) = watch::channel(false);
    let limit = TimeoutConfig::builder().read_timeout(Duration::from_secs(7)).build();
    let client = Client::from_conf(config(&server).sleep_impl(Until(limits)).timeout_config(limit).build());
    server.fault(Fault::Events { after: 1, fault: EventFault::Stall });
    let mut output = stream(&client).await;
    assert_eq!(shown(&output.event_stream.recv().await.unwrap().unwrap()), "first");
    over.send(true).unwrap();
    let (events, error) = received(output).await;
    assert!(events.is_empty() && Told::Dispatch.matches(error.as_ref()), "{events:?} {error:?}");
    assert!(error.unwrap().to_string().contains("7s"));
    assert_eq!(server.request_count(), 1);
}

/// Every limit is over when this says so, and none before.
#[derive(Debug)]
struct Until(watch::Receiver<bool>);

impl Sleep for Until {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        let mut over = self.0.clone();
        Box::pin(async move {
            if over.wait_for(|over| *over).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

/// Faults of HTTP, which know nothing of events.
#[tokio::test]
async fn faults_of_the_connection() {
    for fault in ["reset-mid-body", "close-mid-body", "truncated-body"] {
        let server = writing(&["first", "second", "third", "fourth"]).await;
        let client = Client::from_conf(config(&server).retry_config(RetryConfig::disabled()).build());
        server.fault(fault.parse().unwrap());
        let (events, error) = received(stream(&client).await).await;
        assert!(
            ["first", "second", "third", "fourth"].starts_with(&events.iter().map(String::as_str).collect::<Vec<_>>()),
            "{events:?}"
        );
        assert!(Told::Dispatch.matches(error.as_ref()), "{fault}: {error:?}");
    }
    let pause = Duration::from_millis(2);
    for fault in [Fault::SlowBody { piece: 7, pause }, Fault::SlowHeaders(pause)] {
        let server = writing(&["first", "second"]).await;
        server.fault(fault.clone());
        assert_eq!(received(stream(&client(&server)).await).await.0, ["first", "second", WHOLE], "{fault:?}");
    }
}
