//! The example of `docs/streams-and-waiters.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_stand_in::{ACCESS_KEY_ID, Function, Functions, SECRET_ACCESS_KEY, StandIn};

/// A Lambda on loopback with one function, and a client of it.
async fn lambda(function: Function) -> (StandIn, Client) {
    let server = StandIn::builder().functions(Functions::new([function])).start().await.unwrap();
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
    (server, Client::from_conf(config.build()))
}

use std::error::Error;
use std::path::Path;

use tinsmith_lambda::primitives::ByteStream;

/// Queues what a file holds, which is never in memory as a whole.
#[allow(deprecated, reason = "of Lambda's operations it is the one with a streaming body")]
async fn queue(client: &Client, name: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let args = ByteStream::from_path(file).await?;
    client.invoke_async().function_name(name).invoke_args(args).send().await?;
    Ok(())
}

#[tokio::test]
async fn a_file_is_read_again_for_another_attempt() {
    let (server, client) = lambda(Function::new("f")).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    std::fs::write(&file, "{\"order\": 7}").unwrap();

    server.fault("html-503".parse().unwrap());
    queue(&client, "f", &file).await.unwrap();

    let bodies: Vec<_> = server.requests().into_iter().map(|request| request.body).collect();
    assert_eq!(bodies, [b"{\"order\": 7}", b"{\"order\": 7}"]);
}

use tinsmith_lambda::types::InvokeWithResponseStreamResponseEvent as Event;

/// What a function answers, each piece given to `show` as soon as it is there.
async fn tell(client: &Client, name: &str, mut show: impl FnMut(&str)) -> Result<(), String> {
    let call = client.invoke_with_response_stream().function_name(name).send();
    let mut events = call.await.map_err(|error| error.to_string())?.event_stream;
    while let Some(event) = events.recv().await.map_err(|error| error.to_string())? {
        match event {
            Event::PayloadChunk(chunk) => {
                let piece = chunk.payload().map(AsRef::as_ref).unwrap_or_default();
                show(&String::from_utf8_lossy(piece));
            }
            Event::InvokeComplete(end) => {
                return end.error_details().map_or(Ok(()), |details| Err(format!("the function failed: {details}")));
            }
            // What a later version of the service sends beside them.
            _ => {}
        }
    }
    Err("the answer was cut short".to_owned())
}

use tinsmith_stand_in::{EventFault, Fault, Outcome};

#[tokio::test]
async fn what_is_told() {
    let failure = "the function failed: {\"errorMessage\":\"no ink\",\"errorType\":\"Empty\"}";
    let after_one = |fault| Fault::Events { after: 1, fault };
    let cases = [
        (Outcome::pieces(["to", "day"]), Fault::None, "today", Ok(())),
        (Outcome::pieces(["to"]).then_fails("Empty", "no ink"), Fault::None, "to", Err(failure)),
        (Outcome::pieces(["to", "day"]), after_one(EventFault::End), "to", Err("the answer was cut short")),
        (
            Outcome::pieces(["to", "day"]),
            after_one(EventFault::Checksum),
            "to",
            Err("a frame of the event stream is damaged"),
        ),
        (Outcome::pieces(["to", "day"]), after_one(EventFault::Reset), "to", Err("the connection broke")),
    ];
    for (outcome, fault, shown, expected) in cases {
        let (server, client) = lambda(Function::new("f").answers(outcome)).await;
        server.fault(fault);
        let mut said = String::new();
        let told = tell(&client, "f", |piece| said.push_str(piece)).await;
        assert_eq!(said, shown);
        match expected {
            Ok(()) => assert_eq!(told, Ok(())),
            Err(why) => assert!(told.as_ref().is_err_and(|error| error.contains(why)), "{told:?}"),
        }
    }
}

use tinsmith_stand_in::Gate;

#[tokio::test]
async fn the_first_piece_is_there_before_the_second_is_written() {
    let gate = Gate::new();
    let (server, client) = lambda(Function::new("f").answers(Outcome::pieces(["one", "two"]).gate(&gate))).await;
    gate.let_pass(1);
    let output = client.invoke_with_response_stream().function_name("f").send().await.unwrap();
    let mut events = output.event_stream;
    let first = events.recv().await.unwrap().unwrap();
    assert_eq!(first.as_payload_chunk().unwrap().payload().unwrap().as_ref(), b"one");
    assert_eq!(server.open_streams(), 1);

    // The second would never come: the stream is ended from here.
    drop(events);
    let ended = async {
        while server.open_streams() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), ended).await.expect("the stream ends");
}

use std::time::Duration;

use tinsmith_lambda::client::Waiters;
use tinsmith_lambda::waiters::function_active_v2::WaitUntilFunctionActiveV2Error as Ended;
use tinsmith_runtime::waiter::error::WaiterError;

/// Whether a function can be invoked, within a time.
async fn is_ready(client: &Client, name: &str, within: Duration) -> Result<bool, Ended> {
    match client.wait_until_function_active_v2().function_name(name).wait(within).await {
        Ok(_) => Ok(true),
        // It may become so yet.
        Err(WaiterError::ExceededMaxWait(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

use tinsmith_lambda::test_util::{InstantSleep, Reply, ScriptedTransport};

/// An answer of `GetFunction`.
fn state(state: &str) -> Reply {
    Reply::new(200).body(format!(r#"{{"Configuration": {{"State": "{state}"}}}}"#))
}

#[tokio::test]
async fn functions_become_ready_or_do_not() {
    let check = async |answers: Vec<Reply>, expected: Result<bool, &str>| {
        let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
        let settings = settings.http_client(ScriptedTransport::new(answers)).sleep_impl(InstantSleep::default());
        let ready = is_ready(&Client::from_conf(settings.build()), "f", Duration::from_secs(60)).await;
        assert_eq!(ready.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    };
    let absent = Reply::new(404).header("x-amzn-errortype", "ResourceNotFoundException").body(r#"{"Message": "no f"}"#);
    check(vec![state("Pending"), state("Pending"), state("Active")], Ok(true)).await;
    check((0..60).map(|_| state("Pending")).collect(), Ok(false)).await;
    check(
        vec![state("Failed")],
        Err("waiting for FunctionActiveV2 failed: Configuration.State is Failed (1 poll of GetFunction in 0ns)"),
    )
    .await;
    check(
        vec![absent],
        Err("waiting for FunctionActiveV2 failed: GetFunction failed: ResourceNotFoundException: no f (status 404, \
             1 attempt) (1 poll of GetFunction in 0ns)"),
    )
    .await;
}
