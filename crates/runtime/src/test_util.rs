//! Doors that a test holds in its hand: transports that answer from a list or from a recording, a clock that stands
//! still until it is moved, sleep that takes no time, chance that repeats itself, and credentials that open nothing.
//!
//! ```
//! # use tinsmith_runtime::test_util::{Reply, ScriptedTransport};
//! # use tinsmith_runtime::config::Config;
//! let transport = ScriptedTransport::new([Reply::new(200).body(r#"{"Layers": []}"#)]);
//! let config = Config::builder().http_client(transport.clone()).build();
//! // … calls of a client with these settings …
//! assert_eq!(transport.requests().len(), 0);
//! ```

mod doors;
pub mod dvr;
mod scripted;
mod settings;
mod simple;

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::BytesMut;

use crate::http::{Body, Request};
use crate::transport::TransportError;

pub use doors::{FixedClock, FixedRandom, InstantSleep, ScriptedCredentials, SeededRandom};
pub use scripted::{Reply, ScriptedTransport};
pub use simple::{CaptureRequestHandler, CaptureRequestReceiver, NeverClient, capture_request, infallible_client_fn};

/// Reads a body that comes as a stream, so that it can be looked at, and looked at again.
async fn read_body(request: &mut Request) -> Result<(), TransportError> {
    let mut bytes = BytesMut::new();
    let mut body = match request.body.is_streaming() {
        true => std::mem::take(&mut request.body),
        false => return Ok(()),
    };
    while let Some(chunk) = poll_fn(|cx| body.poll_chunk(cx)).await.transpose()? {
        bytes.extend_from_slice(&chunk);
    }
    request.body = Body::whole(bytes.freeze());
    Ok(())
}

/// What a test that panicked left behind is still what happened.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, timeout::TimeoutConfig};
    use crate::http::{Request, Response, StatusCode};
    use crate::random::Random;
    use crate::time::{Clock, Sleep, within};
    use crate::transport::Transport;
    use std::time::Duration;

    #[test]
    fn a_seed_gives_the_same_numbers_and_another_gives_others() {
        let numbers = |seed| {
            let random = SeededRandom::new(seed);
            [random.next_u64(), random.clone().next_u64(), random.next_u64()]
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        assert_ne!(numbers(1)[0], numbers(1)[1]);
    }

    #[tokio::test]
    async fn sleep_moves_the_clock() {
        let clock = FixedClock::at_unix(1000);
        let sleep = InstantSleep::moving(clock.clone());
        sleep.sleep(Duration::from_secs(7)).await;
        drop(sleep.sleep(Duration::from_secs(70)));
        assert_eq!(clock.now(), FixedClock::at_unix(1007).now());
        assert_eq!(sleep.slept(), [Duration::from_secs(7)]);
        sleep.sleep(Duration::MAX).await;
        assert_eq!(clock.now(), FixedClock::at_unix(1007).now());
    }

    #[tokio::test]
    async fn small_transports() {
        let never = NeverClient::new();
        let waiting = never.send(Request::default());
        assert!(within(&InstantSleep::default(), Duration::MAX, waiting).await.is_err());
        assert_eq!(never.num_calls(), 1);

        let (transport, captured) = capture_request(None);
        let request = Request { path: "/p".to_owned(), ..Request::default() };
        assert_eq!(transport.send(request).await.unwrap().status().as_u16(), 200);
        assert_eq!(captured.expect_request().path, "/p");
        capture_request(None).1.expect_no_request();

        let teapot =
            infallible_client_fn(|_| Response::new(StatusCode::new(418), Default::default(), Default::default()));
        assert_eq!(teapot.send(Request::default()).await.unwrap().status().as_u16(), 418);
    }

    #[test]
    fn test_defaults_hold_nothing_of_the_environment() {
        let config = Config::builder().with_test_defaults_v2().build();
        assert_eq!(config.region().map(AsRef::as_ref), Some("us-east-1"));
        assert_eq!(config.clock().now(), FixedClock::at_unix(1_234_567_890).now());
        assert_eq!(crate::random::uuid(&*config.random()), "00000000-0000-4000-8000-000000000000");
        let region = crate::region::Region::new("eu-west-1");
        let config = Config::builder().region(region.clone()).with_test_defaults_v2().build();
        assert_eq!(config.region(), Some(&region));
        assert!(Config::builder().with_test_defaults().build().region().is_none());
    }

    #[test]
    fn test_defaults_limit_nothing_that_was_not_limited() {
        let limits = |before: Option<Duration>, after: Option<Duration>| {
            let limit = |limit: Option<Duration>| match limit {
                Some(limit) => TimeoutConfig::builder().read_timeout(limit).build(),
                None => TimeoutConfig::default(),
            };
            let config = Config::builder().timeout_config(limit(before)).with_test_defaults();
            let config = config.timeout_config(limit(after)).build();
            let answer = config.timeouts().answer_limit(Duration::from_secs(60), 0);
            (answer.map(|limit| limit.after), config.stall_limit())
        };
        let hour = Some(Duration::from_secs(3600));
        assert_eq!(limits(None, None), (None, None));
        assert_eq!(limits(hour, None), (hour, hour));
        assert_eq!(limits(None, hour), (hour, hour));
    }
}
