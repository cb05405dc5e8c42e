//! The cache of credentials, seen by what requests are signed with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::collection::vec;
use proptest::prelude::*;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::credentials::{CredentialsError, ProvideCredentials, future};
use tinsmith_runtime::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
use tinsmith_runtime::time::Clock;

use crate::{check, wait};

/// Gives credentials that live for so long from now on, or is down; at once, or when it is asked a second time.
#[derive(Clone, Debug)]
struct Provider {
    clock: FixedClock,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    life: Option<Duration>,
    is_slow: bool,
    /// When those that were given end.
    ends: HashMap<String, SystemTime>,
}

impl ProvideCredentials for Provider {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let is_slow = self.state.lock().unwrap().is_slow;
            if is_slow {
                tokio::task::yield_now().await;
            }
            let mut state = self.state.lock().unwrap();
            let life = state.life.ok_or_else(|| CredentialsError::provider_error("down"))?;
            let (key, end) = (format!("AK{}", state.ends.len()), self.clock.now() + life);
            state.ends.insert(key.clone(), end);
            Ok(Credentials::new(key, "secret", None, Some(end), "test"))
        })
    }
}

/// So many seconds pass, and then the provider gives credentials that live for so many, or none; and there is a call.
#[derive(Clone, Debug)]
struct Step {
    passed: u64,
    life: Option<u64>,
    is_slow: bool,
}

#[test]
fn no_call_is_signed_by_what_has_expired_while_there_is_something_fresh() {
    let passed = prop_oneof![Just(0), 1..40u64, 200..400u64, 3_000..4_000u64];
    let life = proptest::option::weighted(0.7, prop_oneof![1..60u64, 250..350u64, Just(3_600)]);
    let step = (passed, life, any::<bool>()).prop_map(|(passed, life, is_slow)| Step { passed, life, is_slow });
    check(100, &vec(step, 1..30), |steps| wait(calls(&steps)));
}

async fn calls(steps: &[Step]) {
    let clock = FixedClock::at_unix(1_700_000_000);
    let provider = Provider { clock: clock.clone(), state: Arc::default() };
    let transport = ScriptedTransport::new(steps.iter().map(|_| Reply::new(200).body("{}")));
    let config = Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(provider.clone())
        .http_client(transport.clone())
        .time_source(clock.clone())
        .sleep_impl(InstantSleep::default());
    let client = Client::from_conf(config.build());
    for step in steps {
        clock.advance(Duration::from_secs(step.passed));
        {
            let mut state = provider.state.lock().unwrap();
            (state.life, state.is_slow) = (step.life.map(Duration::from_secs), step.is_slow);
        }
        let sent = transport.requests().len();
        let called = client.list_layers().send().await;
        match transport.requests().get(sent) {
            Some(request) => {
                let header = request.headers.get("authorization").unwrap();
                let key = header.split_once("Credential=").and_then(|(_, scope)| scope.split('/').next()).unwrap();
                let end = provider.state.lock().unwrap().ends[key];
                assert!(clock.now() < end, "{key} ended at {:?}", end.duration_since(UNIX_EPOCH));
                called.unwrap();
            }
            None => assert!(step.life.is_none(), "no call, where there were credentials: {called:?}"),
        }
        // What was begun ahead of the end goes on.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
    }
}
