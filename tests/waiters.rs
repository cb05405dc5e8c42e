//! Lambda's six waiters over scripted answers: what ends each of them, and what does not.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::client::Waiters;
use tinsmith_lambda::config::{Config, Region};
use tinsmith_lambda::waiters::function_active::{FunctionActiveFinalPoll, WaitUntilFunctionActiveError};
use tinsmith_runtime::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
use tinsmith_runtime::waiter::error::WaiterError;

/// Waits, and compares the end: nothing where what was waited for came, else the line of the error; and how many requests
/// were sent.
macro_rules! check {
    ($waiter:ident, $replies:expr, $expected:expr, $polls:expr) => {{
        let (client, transport) = client($replies);
        let waited = client.$waiter().function_name("f").wait(Duration::from_secs(60)).await;
        let ended = waited.map(drop).map_err(|error| error.to_string());
        assert_eq!(ended, $expected.map_err(str::to_owned), stringify!($waiter));
        assert_eq!(transport.requests().len(), $polls, stringify!($waiter));
        assert!(transport.requests().iter().all(|sent| sent.path.contains("/functions/f")));
    }};
}

const REACHED: Result<(), &str> = Ok(());

#[tokio::test]
async fn those_that_ask_for_the_configuration() {
    let state = |state: &str| Reply::new(200).body(format!(r#"{{"State": "{state}"}}"#));
    let active = || vec![state("Pending"), state("New"), Reply::new(200).body("{}"), state("Active")];
    check!(wait_until_function_active, active(), REACHED, 4);
    check!(wait_until_published_version_active, active(), REACHED, 4);
    let failed =
        |waiter| format!("waiting for {waiter} failed: State is Failed (2 polls of GetFunctionConfiguration in 5s)");
    let failing = || vec![state("Pending"), state("Failed"), state("Active")];
    check!(wait_until_function_active, failing(), Err::<(), &str>(&failed("FunctionActive")), 2);
    check!(wait_until_published_version_active, failing(), Err::<(), &str>(&failed("PublishedVersionActive")), 2);

    let status = |status: &str| Reply::new(200).body(format!(r#"{{"LastUpdateStatus": "{status}"}}"#));
    check!(wait_until_function_updated, vec![status("InProgress"), status("Successful")], REACHED, 2);
    let failed =
        "waiting for FunctionUpdated failed: LastUpdateStatus is Failed (1 poll of GetFunctionConfiguration in 0ns)";
    check!(wait_until_function_updated, vec![status("Failed")], Err::<(), &str>(failed), 1);
    let absent = "waiting for FunctionUpdated failed: GetFunctionConfiguration failed: ResourceNotFoundException: no f \
        (status 404, 1 attempt) (2 polls of GetFunctionConfiguration in 5s)";
    check!(wait_until_function_updated, vec![status("InProgress"), not_found()], Err::<(), &str>(absent), 2);
}

#[tokio::test]
async fn those_that_ask_for_the_function() {
    let of =
        |member: &str, value: &str| Reply::new(200).body(format!(r#"{{"Configuration": {{"{member}": "{value}"}}}}"#));
    let state = |value| of("State", value);
    check!(wait_until_function_active_v2, vec![state("Pending"), Reply::new(200), state("Active")], REACHED, 3);
    let failed = "waiting for FunctionActiveV2 failed: Configuration.State is Failed (1 poll of GetFunction in 0ns)";
    check!(wait_until_function_active_v2, vec![state("Failed")], Err::<(), &str>(failed), 1);

    let status = |value| of("LastUpdateStatus", value);
    check!(wait_until_function_updated_v2, vec![status("InProgress"), status("Successful")], REACHED, 2);
    let failed =
        "waiting for FunctionUpdatedV2 failed: Configuration.LastUpdateStatus is Failed (1 poll of GetFunction in 0ns)";
    check!(wait_until_function_updated_v2, vec![status("Failed")], Err::<(), &str>(failed), 1);

    check!(wait_until_function_exists, vec![not_found(), not_found(), Reply::new(200)], REACHED, 3);
    let refused = Reply::new(403).header("x-amzn-errortype", "AccessDeniedException").body(r#"{"Message": "not you"}"#);
    let unknown = "waiting for FunctionExists failed: GetFunction failed: AccessDeniedException: not you \
        (status 403, 1 attempt) (2 polls of GetFunction in 1s)";
    check!(wait_until_function_exists, vec![not_found(), refused], Err::<(), &str>(unknown), 2);
}

/// The names and types are the official crate's.
#[tokio::test]
async fn a_wait_ends_with_its_time() {
    let (client, _) = client((0..99).map(|_| Reply::new(200).body(r#"{"State": "Pending"}"#)).collect());
    let waiting = client.wait_until_function_active().function_name("f").set_qualifier(Some("1".to_owned()));
    assert_eq!(waiting.as_input().qualifier(), Some("1"));
    let waited: Result<FunctionActiveFinalPoll, WaitUntilFunctionActiveError> =
        waiting.wait(Duration::from_secs(30)).await;
    let Err(WaiterError::ExceededMaxWait(error)) = waited else { panic!("{waited:?}") };
    assert_eq!((error.max_wait().as_secs(), error.elapsed().as_secs(), error.poll_count()), (30, 25, 6));
}

fn not_found() -> Reply {
    Reply::new(404).header("x-amzn-errortype", "ResourceNotFoundException").body(r#"{"Message": "no f"}"#)
}

/// A client whose chance is always the least, so that each delay is.
fn client(replies: Vec<Reply>) -> (Client, ScriptedTransport) {
    let (transport, clock) = (ScriptedTransport::new(replies), FixedClock::at_unix(0));
    let config = Config::builder()
        .with_test_defaults()
        .region(Region::new("eu-central-1"))
        .time_source(clock.clone())
        .sleep_impl(InstantSleep::moving(clock))
        .http_client(transport.clone())
        .build();
    (Client::from_conf(config), transport)
}
