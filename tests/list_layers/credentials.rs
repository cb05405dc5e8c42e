//! Many calls, and credentials that end: the provider is asked once for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use tinsmith_lambda::config::{Credentials, ProvideCredentials, SharedCredentialsProvider};
use tinsmith_runtime::credentials::future;
use tinsmith_runtime::test_util::FixedClock;

use crate::client::{ok, scripted_with};

/// Gives keys that are good for an hour from `from` on for each time that it was asked, and takes a while to do so.
#[derive(Clone, Debug)]
struct Slow {
    asked: Arc<AtomicU32>,
    from: SystemTime,
}

impl ProvideCredentials for Slow {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            let end = self.from + Duration::from_secs(3600) * number;
            Ok(Credentials::new(format!("AKID{number}"), "secret-of-the-test", None, Some(end), "test"))
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_ask_once() {
    const CALLS: usize = 10_000;
    let from = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let (clock, provider) = (FixedClock::new(from), Slow { asked: Arc::default(), from });
    let held = scripted_with(std::iter::repeat_n(ok("{}"), 2 * CALLS), |config| {
        let shared = SharedCredentialsProvider::new(provider.clone());
        config.credentials_provider(shared).time_source(clock.clone())
    });
    for round in 1..=2 {
        let call = || tokio::spawn(held.client.list_layers().send());
        let calls: Vec<_> = (0..CALLS).map(|_| call()).collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        assert_eq!(provider.asked.load(Ordering::SeqCst), round);
        clock.advance(Duration::from_secs(3600));
    }
    let requests = held.transport.requests();
    let signed_with = |number: u32| {
        let key = format!("Credential=AKID{number}/");
        requests.iter().filter(|sent| sent.headers.get("authorization").is_some_and(|by| by.contains(&key))).count()
    };
    assert_eq!((signed_with(1), signed_with(2)), (CALLS, CALLS));
}
