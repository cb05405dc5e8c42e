//! Whole waits over scripted answers: every kind of acceptor, every end, and how long lies between polls.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use super::poll::{Next, next};
use super::{Acceptor, State, Waited, Waiter, Waiting};
use crate::client::Handle;
use crate::config::Config;
use crate::config::retry::RetryConfig;
use crate::credentials::services::sso::operation::get_role_credentials::{
    GetRoleCredentials, GetRoleCredentialsInput, GetRoleCredentialsOutput,
};
use crate::error::ProvideErrorMetadata;
use crate::operation::Operation;
use crate::region::Region;
use crate::test_util::{FixedClock, FixedRandom, InstantSleep, Reply, ScriptedTransport};
use crate::time::{Clock, Sleep};
use crate::transport::BoxFuture;
use crate::waiter::error::WaiterError;

/// An operation with an answer that stands for a state, and errors.
static READY: Waiter<GetRoleCredentials> = Waiter {
    name: "Ready",
    min_delay: 2,
    max_delay: 10,
    acceptors: &[
        Acceptor::input_output(
            State::Failure,
            "it is the one that was asked for",
            |input: &GetRoleCredentialsInput, output| is(output, input.role_name.as_deref().unwrap_or_default()),
        ),
        Acceptor::output(State::Success, "State is Ready", |output| is(output, "Ready")),
        Acceptor::output(State::Failure, "State is Failed", |output| is(output, "Failed")),
        Acceptor::output(State::Retry, "State is Pending", |output| is(output, "Pending")),
        Acceptor::error(State::Retry, "ResourceNotFoundException"),
        Acceptor::error(State::Failure, "UnauthorizedException"),
    ],
};

static GONE: Waiter<GetRoleCredentials> = Waiter {
    name: "Gone",
    acceptors: &[Acceptor::succeeds(State::Retry, true), Acceptor::succeeds(State::Success, false)],
    ..READY
};

fn is(output: &GetRoleCredentialsOutput, state: &str) -> bool {
    output.role_credentials.as_ref().and_then(|at| at.access_key_id.as_deref()) == Some(state)
}

#[tokio::test]
async fn the_first_acceptor_that_knows_an_answer_ends_the_wait_or_goes_on() {
    let check = async |waiter, replies: Vec<Reply>, expected: Result<(), &str>, polls: usize| {
        let left = replies.len() - polls;
        let (transport, _, waited) = wait(waiter, replies, Duration::from_secs(600)).await;
        assert_eq!(waited.map(drop).map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        assert_eq!(transport.left(), left);
    };
    check(&READY, vec![state("Ready"), state("Ready")], Ok(()), 1).await;
    check(&READY, vec![state("Pending"), state("Other"), refused(404), state("Ready")], Ok(()), 4).await;
    check(&GONE, vec![state("Pending"), refused(500)], Ok(()), 2).await;
    let failed = "waiting for Ready failed: State is Failed (2 polls of GetRoleCredentials in 2s)";
    check(&READY, vec![state("Pending"), state("Failed"), state("Ready")], Err(failed), 2).await;
    let asked = "waiting for Ready failed: it is the one that was asked for (1 poll of GetRoleCredentials in 0ns)";
    check(&READY, vec![state("role")], Err(asked), 1).await;
    let refusal = "waiting for Ready failed: UnauthorizedException: UnauthorizedException: no \
        (1 poll of GetRoleCredentials in 0ns)";
    check(&READY, vec![refused(401)], Err(refusal), 1).await;
    let unknown = "waiting for Ready failed: GetRoleCredentials failed: TooManyRequestsException: no \
        (status 429, 1 attempt) (1 poll of GetRoleCredentials in 0ns)";
    check(&READY, vec![refused(429)], Err(unknown), 1).await;
    let broken = "waiting for Gone failed: GetRoleCredentials failed: the connection broke: the script has no more answers (1 attempt) \
        (1 poll of GetRoleCredentials in 0ns)";
    check(&GONE, vec![], Err(broken), 0).await;
}

#[tokio::test]
async fn a_wait_ends_when_its_time_is_over() {
    let check = async |replies: Vec<Reply>, most: f64, expected: &str, slept: &[u64]| {
        let most = Duration::from_secs_f64(most);
        let (_, sleep, waited) = wait(&READY, replies, most).await;
        let Err(error @ WaiterError::ExceededMaxWait(_)) = waited else { panic!("the wait ended otherwise") };
        assert_eq!(error.to_string(), expected);
        assert_eq!(sleep.slept(), slept.iter().map(|ms| Duration::from_millis(*ms)).collect::<Vec<_>>());
        let WaiterError::ExceededMaxWait(error) = error else { return };
        assert_eq!((error.max_wait(), error.poll_count()), (most, slept.len() as u32 + 1));
    };
    let pending = || (0..20).map(|_| state("Pending")).collect::<Vec<_>>();
    let line = |most: &str, polls: &str, elapsed: &str| {
        format!(
            "waiting for Ready took longer than {most} ({polls} of GetRoleCredentials in {elapsed}); the last answer \
             was: State is Pending"
        )
    };
    // 2 seconds, 4 seconds, and then what leaves 2 of all.
    check(pending(), 8.5, &line("8.5s", "4 polls", "6.5s"), &[2000, 4000, 500]).await;
    check(pending(), 30.0, &line("30s", "6 polls", "28s"), &[2000, 4000, 8000, 10_000, 4000]).await;
    check(pending(), 1.0, &line("1s", "1 poll", "0ns"), &[]).await;
    check(pending(), 0.0, &line("0ns", "1 poll", "0ns"), &[]).await;
    let unknown = "waiting for Ready took longer than 1s (1 poll of GetRoleCredentials in 0ns); the last answer was \
        none that the waiter knows";
    check(vec![state("Other")], 1.0, unknown, &[]).await;
}

/// The specification: chance between `minDelay` and `min(minDelay * 2^(polls - 1), maxDelay)`, so that `minDelay` is left.
#[test]
fn delays() {
    let check = |polls, left: f64, chance, expected: Option<(f64, bool)>| {
        let found = next(&READY, polls, Duration::from_secs_f64(left), chance);
        let expected = expected.map(|(delay, last)| Next { delay: Duration::from_secs_f64(delay), last });
        assert_eq!(found, expected, "{polls} polls, {left} s left, chance {chance}");
    };
    for (polls, most) in [(1, 2.0), (2, 4.0), (3, 8.0), (4, 10.0), (33, 10.0), (u32::MAX, 10.0)] {
        check(polls, 1e6, 0.0, Some((2.0, false)));
        check(polls, 1e6, 0.5, Some((2.0 + (most - 2.0) / 2.0, false)));
        check(polls, 1e6, 1.0, Some((most, false)));
    }
    check(2, 6.1, 1.0, Some((4.0, false)));
    check(2, 6.0, 1.0, Some((4.0, true)));
    check(2, 5.0, 1.0, Some((3.0, true)));
    check(2, 2.5, 1.0, Some((0.5, true)));
    check(2, 2.0, 1.0, None);
    check(2, 0.0, 1.0, None);
    check(1, Duration::MAX.as_secs_f64() / 2.0, 1.0, Some((2.0, false)));
    let backwards = Waiter { min_delay: 10, max_delay: 2, ..READY };
    assert_eq!(next(&backwards, 9, Duration::MAX, 1.0), Some(Next { delay: Duration::from_secs(10), last: false }));
}

#[tokio::test]
async fn errors_give_what_they_hold() {
    let (_, _, waited) = wait(&READY, vec![state("Failed")], Duration::from_secs(9)).await;
    let Err(WaiterError::FailureState(failure)) = waited else { panic!("the wait ended otherwise") };
    assert!(failure.final_poll().as_result().is_ok_and(|output| is(output, "Failed")));
    assert!(failure.into_final_poll().map(|_| 1).map_err(|_| 2).into_result() == Ok(1));
    let (_, _, waited) = wait(&READY, vec![refused(429)], Duration::from_secs(9)).await;
    let Err(error) = waited else { panic!("the wait ended otherwise") };
    assert_eq!(error.code(), Some("TooManyRequestsException"));
    let WaiterError::OperationFailed(failure) = error else { panic!("the wait ended otherwise") };
    assert_eq!(failure.error().attempts(), 1);
    assert_eq!(failure.into_error().code(), Some("TooManyRequestsException"));
}

/// What cannot be sent is told as that, and nothing is.
#[tokio::test]
async fn requests_that_cannot_be_put_together_end_the_wait() {
    let transport = ScriptedTransport::new([]);
    let config = Config::builder().http_client(transport.clone()).sleep_impl(InstantSleep::default());
    let handle = Handle::new(config.build(), GetRoleCredentials::META.service);
    let waited = Waiting::new(handle, &READY).wait(GetRoleCredentialsInput::default(), Duration::from_secs(9)).await;
    let Err(error @ WaiterError::ConstructionFailure(_)) = waited else { panic!("the wait ended otherwise") };
    assert!(error.to_string().starts_with("waiting failed: GetRoleCredentials failed: "), "{error}");
    assert!(transport.requests().is_empty());
}

/// The timers of tokio, whose time a test can stop; without features the runtime has none of its own.
#[derive(Debug)]
struct PausedTimer;

impl Sleep for PausedTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// An answer that does not come is not waited for any longer than the wait may take, and one who goes away leaves nothing.
#[tokio::test(start_paused = true)]
async fn a_wait_is_bounded_and_can_be_dropped() {
    let settings = || config(ScriptedTransport::new([state("Pending"), Reply::Silence]));
    let sleeping = settings().sleep_impl(PausedTimer).build();
    let begun = tokio::time::Instant::now();
    let waited = begin(sleeping, &READY, Duration::from_secs(20)).await;
    let Err(error @ WaiterError::ExceededMaxWait(_)) = waited else { panic!("the wait ended otherwise") };
    assert_eq!(begun.elapsed().as_secs(), 20);
    assert!(error.to_string().ends_with("the last answer has not come"), "{error}");

    let transport = ScriptedTransport::new([state("Pending"), state("Ready")]);
    let mut waiting = Box::pin(begin(config(transport.clone()).build(), &READY, Duration::MAX));
    let mut polled =
        pin!(std::future::poll_fn(|cx: &mut Context<'_>| Poll::Ready(waiting.as_mut().poll(cx).is_ready())));
    assert!(!polled.as_mut().await);
    drop(waiting);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(transport.left(), 1);
}

/// The time of day jumps by an hour each time that anybody looks, and the wait has a minute.
#[tokio::test]
async fn a_clock_that_is_set_neither_ends_a_wait_nor_makes_it_longer() {
    #[derive(Debug)]
    struct Jumps {
        forwards: bool,
        looks: AtomicU64,
    }

    impl Clock for Jumps {
        fn now(&self) -> SystemTime {
            let hours = Duration::from_secs(3600 * (1 + self.looks.fetch_add(1, Ordering::Relaxed)));
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            if self.forwards { now + hours } else { now - hours }
        }
    }

    for forwards in [true, false] {
        let transport = ScriptedTransport::new([state("Pending"), state("Pending"), state("Ready")]);
        let clock = Jumps { forwards, looks: AtomicU64::new(0) };
        let settings = config(transport.clone()).time_source(clock).sleep_impl(InstantSleep::default());
        assert!(begin(settings.build(), &READY, Duration::from_secs(60)).await.is_ok());
        assert_eq!(transport.left(), 0);
    }
}

/// What AWS counts names the waiter, and not a call beside it.
#[tokio::test]
async fn polls_say_that_they_are() {
    let metrics = |transport: &ScriptedTransport| {
        let agent = transport.requests()[0].headers.get("user-agent").unwrap().to_owned();
        let metrics = agent.split(' ').find_map(|word| word.strip_prefix("m/")).unwrap().to_owned();
        metrics.split(',').any(|id| id == "B")
    };
    let (transport, _, _) = wait(&READY, vec![state("Ready")], Duration::from_secs(1)).await;
    assert!(metrics(&transport));
    let transport = ScriptedTransport::new([state("Ready")]);
    let handle = Handle::new(config(transport.clone()).build(), GetRoleCredentials::META.service);
    handle.send::<GetRoleCredentials>(input()).await.unwrap();
    assert!(!metrics(&transport));
}

async fn wait(
    waiter: &'static Waiter<GetRoleCredentials>,
    replies: Vec<Reply>,
    most: Duration,
) -> (ScriptedTransport, InstantSleep, Waited<GetRoleCredentials>) {
    let (transport, clock) = (ScriptedTransport::new(replies), FixedClock::at_unix(0));
    let sleep = InstantSleep::moving(clock.clone());
    let config = config(transport.clone()).time_source(clock).sleep_impl(sleep.clone()).build();
    (transport, sleep, begin(config, waiter, most).await)
}

async fn begin(
    config: Config,
    waiter: &'static Waiter<GetRoleCredentials>,
    most: Duration,
) -> Waited<GetRoleCredentials> {
    Waiting::new(Handle::new(config, GetRoleCredentials::META.service), waiter).wait(input(), most).await
}

fn input() -> GetRoleCredentialsInput {
    let (role, token) = (Some("role".to_owned()), Some("token".to_owned()));
    GetRoleCredentialsInput { role_name: role, account_id: Some("1".to_owned()), access_token: token }
}

fn config(transport: ScriptedTransport) -> crate::config::Builder {
    Config::builder()
        .region(Region::from_static("us-east-1"))
        .retry_config(RetryConfig::disabled())
        .randomness(FixedRandom::new(u64::MAX))
        .http_client(transport)
}

fn state(state: &str) -> Reply {
    Reply::new(200).body(format!(r#"{{"roleCredentials": {{"accessKeyId": "{state}"}}}}"#))
}

fn refused(status: u16) -> Reply {
    let code = match status {
        401 => "UnauthorizedException",
        404 => "ResourceNotFoundException",
        429 => "TooManyRequestsException",
        _ => "Other",
    };
    Reply::new(status).header("x-amzn-errortype", code).body(r#"{"message": "no"}"#)
}
