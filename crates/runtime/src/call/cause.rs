//! Why an attempt ended, and whether another is worth it.

use std::fmt;
use std::time::Duration;

use crate::config::timeout::AnswerLimit;
use crate::error::{BoxError, ErrorMetadata, Line, chain};
use crate::http::{BodyError, Response};
use crate::operation::Meta;
use crate::retry::{self, Failure};
use crate::transport::{TransportError, TransportErrorKind};

/// At which stage an attempt ended.
#[derive(Debug)]
pub(crate) enum Cause {
    /// Before anything was sent.
    Construction(BoxError),
    /// While waiting.
    Timeout(TimedOut),
    /// In the transport.
    Dispatch(TransportError),
    /// With no answer in the time that is usual. Nobody asked for that limit, so the operation may merely be slow, and
    /// another attempt would make it act once more, and wait as long again.
    Silence(TransportError),
    /// In a body that could not be read whole; another attempt may fare better with one that was broken off.
    Unreadable(BodyError, Response),
    /// With an error of the service, which may be one of the time that the request was signed at.
    Refused(ErrorMetadata, Response, Option<Failure>),
}

impl Cause {
    /// No answer began in time.
    pub(super) fn silence(AnswerLimit { after, is_default }: AnswerLimit) -> Self {
        let error = |reason| TransportError::new(TransportErrorKind::ReadTimeout, reason);
        if is_default {
            let how = "set another by `read_timeout` of `TimeoutConfig`, or none by `disable_read_timeout`";
            return Self::Silence(error(format!("the limit is {after:?} by default, {how}")));
        }
        Self::Dispatch(error(format!("the limit is {after:?}")))
    }

    pub(super) fn classify(&self, meta: &Meta) -> Option<Failure> {
        match self {
            Self::Construction(_) | Self::Silence(_) | Self::Unreadable(BodyError::TooLong(_), _) => None,
            Self::Timeout(_) => Some(Failure::Unanswered),
            // The service answered all the same, so that its status counts.
            Self::Unreadable(_, response) => {
                retry::classify_response(response.status().as_u16(), None, &[]).or(Some(Failure::Unanswered))
            }
            Self::Dispatch(error) => retry::classify_transport(error.kind()),
            Self::Refused(error, response, by_date) => {
                retry::classify_response(response.status().as_u16(), error.code(), meta.retryable).or(*by_date)
            }
        }
    }

    pub(crate) fn response(&self) -> Option<&Response> {
        match self {
            Self::Refused(_, response, _) | Self::Unreadable(_, response) => Some(response),
            _ => None,
        }
    }
}

/// One line, with what lies below.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line(f);
        match self {
            Self::Construction(error) => chain(&**error, &mut line),
            Self::Timeout(error) => chain(error, &mut line),
            Self::Dispatch(error) | Self::Silence(error) => chain(error, &mut line),
            Self::Unreadable(error, _) => chain(error, &mut line),
            Self::Refused(error, _, _) => chain(error, &mut line),
        }
    }
}

/// Something took longer than it may.
#[derive(Debug)]
pub(crate) struct TimedOut {
    pub(super) what: &'static str,
    pub(super) limit: Duration,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} took longer than {:?}", self.what, self.limit)
    }
}

impl std::error::Error for TimedOut {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Handle;
    use crate::config::Config;
    use crate::config::timeout::TimeoutConfig;
    use crate::credentials::Credentials;
    use crate::credentials::services::sts::operation::assume_role::{AssumeRole, AssumeRoleInput};
    use crate::operation::Operation;
    use crate::region::Region;
    use crate::test_util::{InstantSleep, NeverClient};

    /// What is waited for a silent service to which so many bytes are sent, and what is said of it.
    async fn silent(timeouts: TimeoutConfig, body: usize) -> (Vec<Duration>, u32, String) {
        let sleep = InstantSleep::default();
        let config = Config::builder().credentials_provider(Credentials::for_tests()).timeout_config(timeouts);
        let config = config.region(Region::new("us-east-2")).http_client(NeverClient::new()).sleep_impl(sleep.clone());
        let input = AssumeRoleInput { role_arn: Some("r".repeat(body)), ..AssumeRoleInput::default() };
        let handle = Handle::new(config.build(), AssumeRole::META.service);
        let error = handle.send::<AssumeRole>(input).await.map(drop).unwrap_err();
        let waits = sleep.slept().into_iter().filter(|wait| *wait >= Duration::from_secs(5)).collect();
        (waits, error.attempts(), error.to_string())
    }

    #[tokio::test]
    async fn only_a_limit_that_was_asked_for_is_worth_another_attempt() {
        let check = async |timeouts, body, waits: &[u64], attempts, said: &str| {
            let waits = waits.iter().map(|seconds| Duration::from_secs(*seconds)).collect();
            let said = format!("AssumeRole failed: the answer took too long to begin: the limit is {said}");
            assert_eq!(silent(timeouts, body).await, (waits, attempts, said));
        };
        let open = TimeoutConfig::default();
        let how = "by default, set another by `read_timeout` of `TimeoutConfig`, or none by `disable_read_timeout`";
        check(open.clone(), 9, &[60], 1, &format!("60s {how} (1 attempt)")).await;
        check(open, 200_000, &[63], 1, &format!("63s {how} (1 attempt)")).await;
        let said = TimeoutConfig::builder().read_timeout(Duration::from_secs(5)).build();
        check(said, 200_000, &[5, 5, 5], 3, "5s (3 attempts)").await;
    }
}
