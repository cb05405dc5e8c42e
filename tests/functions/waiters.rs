//! Lambda's six waiters, each to each of its ends: what was waited for, what rules it out, the end of the time, and a
//! future that is dropped.

use std::time::Duration;

use tinsmith_lambda::client::Waiters;
use tinsmith_runtime::waiter::error::WaiterError;
use tinsmith_stand_in::{Function, Look};

use crate::{client, server, until};

const MINUTE: Duration = Duration::from_secs(60);

/// Waits for functions that come to be in these ways. What was waited for is there after three looks, and ruled out after
/// two; a function that stays as it is was looked at `polls` times in a minute, and no more once the wait is dropped.
macro_rules! check {
    ($waiter:ident, $looks:expr, $fails:expr, $told:literal, $polls:literal) => {{
        let (name, looks, fails): (_, [Look; 3], Option<Look>) = (stringify!($waiter), $looks, $fails);
        let first = looks[0].clone();
        let comes = Function::new("comes").version("1").looks(looks);
        let stays = Function::new("stays").looks([first.clone()]);
        let failing = fails.map(|fails| Function::new("fails").looks([first, fails]));
        let looked = |function: &Function| function.look_count();
        let server = server([comes.clone(), stays.clone()].into_iter().chain(failing.clone())).await;
        let client = client(&server);

        client.$waiter().function_name("comes").wait(MINUTE).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(looked(&comes), 3, "{name}");

        if let Some(failing) = failing {
            let error = client.$waiter().function_name("fails").wait(MINUTE).await.unwrap_err();
            assert!(matches!(error, WaiterError::FailureState(_)), "{name}: {error:?}");
            assert!(error.to_string().contains($told), "{name}: {error}");
            assert_eq!(looked(&failing), 2, "{name}");
        }

        let error = client.$waiter().function_name("stays").wait(MINUTE).await.unwrap_err();
        let WaiterError::ExceededMaxWait(exceeded) = &error else { panic!("{name}: {error:?}") };
        assert_eq!((exceeded.max_wait(), exceeded.poll_count()), (MINUTE, $polls), "{name}: {error}");
        assert_eq!(looked(&stays), $polls, "{name}");

        let waiting = tokio::spawn(client.$waiter().function_name("stays").wait(100 * MINUTE));
        until("three polls", || looked(&stays) >= $polls + 3).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled(), "{name}");
        let at_the_end = looked(&stays);
        // Ten polls would have fit into it.
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(looked(&stays) <= at_the_end + 1, "{name} goes on");
    }};
}

#[tokio::test]
async fn function_active() {
    let looks = || [Look::state("Pending"), Look::state("Inactive"), Look::state("Active")];
    let fails = || Some(Look::state("Failed").with("StateReasonCode", "ImageDeleted"));
    check!(wait_until_function_active, looks(), fails(), "State is Failed", 12);
    check!(wait_until_published_version_active, looks(), fails(), "State is Failed", 12);
    check!(wait_until_function_active_v2, looks(), fails(), "Configuration.State is Failed", 60);
}

#[tokio::test]
async fn function_updated() {
    let looks = || [Look::update("InProgress"), Look::update("InProgress"), Look::update("Successful")];
    let fails = || Some(Look::update("Failed"));
    check!(wait_until_function_updated, looks(), fails(), "LastUpdateStatus is Failed", 12);
    check!(wait_until_function_updated_v2, looks(), fails(), "Configuration.LastUpdateStatus is Failed", 60);
}

/// The one that waits for what the others take for an error.
#[tokio::test]
async fn function_exists() {
    let looks = [Look::absent(), Look::absent(), Look::state("Pending")];
    check!(wait_until_function_exists, looks, None, "", 60);
    let server = server([Function::new("f").looks([Look::absent()])]).await;
    let client = client(&server);
    for name in ["f", "nobody"] {
        let error = client.wait_until_function_active_v2().function_name(name).wait(MINUTE).await.unwrap_err();
        assert!(matches!(error, WaiterError::OperationFailed(_)), "{error:?}");
        assert!(error.to_string().contains("ResourceNotFoundException: Function not found: arn:"), "{error}");
    }
}

/// The answer that ended the wait is there to be read.
#[tokio::test]
async fn the_last_answer_is_given() {
    let looks = [Look::state("Pending"), Look::state("Active")];
    let server = server([Function::new("f").version("1").looks(looks)]).await;
    let waited = client(&server).wait_until_published_version_active().function_name("f").qualifier("1").wait(MINUTE);
    let output = waited.await.unwrap().into_result().unwrap();
    assert_eq!((output.version(), output.state().map(|state| state.as_str())), (Some("1"), Some("Active")));
    assert!(server.requests().iter().all(|request| request.query == "Qualifier=1"));
}

/// What fails on the way is tried again within a poll, as the settings say.
#[tokio::test]
async fn a_poll_is_a_call_with_attempts() {
    let function = Function::new("f").looks([Look::state("Pending"), Look::state("Active")]);
    let server = server([function.clone()]).await;
    server.faults(["throttle", "html-503"].map(|fault| fault.parse().unwrap()));
    client(&server).wait_until_function_active_v2().function_name("f").wait(MINUTE).await.unwrap();
    assert_eq!((server.request_count(), function.look_count()), (4, 2));
}
