//! The events: one function each. Without the feature `tracing` they do nothing, and take nothing.

use std::fmt;
use std::time::Duration;

use crate::call::{Caller, Cause, Number};
use crate::client::target::Target;
use crate::config::Sources;
use crate::http::{Request, Response};
use crate::operation::Meta;
use crate::retry::Decision;

/// Defines functions that tell of something, where there is somebody to be told.
macro_rules! tells {
    ($($(#[$doc:meta])* $name:ident($($parameter:ident: $type:ty),* $(,)?) $told:block)*) => {$(
        $(#[$doc])*
        #[cfg(feature = "tracing")]
        pub(crate) fn $name($($parameter: $type),*) $told

        $(#[$doc])*
        #[cfg(not(feature = "tracing"))]
        pub(crate) fn $name($(_: $type),*) {}
    )*};
}

/// Whether anybody looks at calls.
pub(crate) fn is_on() -> bool {
    #[cfg(feature = "tracing")]
    return tracing::enabled!(target: "tinsmith::call", tracing::Level::DEBUG)
        || tracing::enabled!(target: "tinsmith::wire", tracing::Level::DEBUG);
    #[cfg(not(feature = "tracing"))]
    false
}

tells! {
    /// Where calls of a client go.
    resolved(target: &Target) {
        tracing::debug!(target: "tinsmith::call", endpoint = %target.url(), region = target.region, "endpoint resolved");
    }

    /// As whom an attempt is made.
    calling(caller: &Caller) {
        match caller {
            Caller::Signs(credentials) => tracing::debug!(
                target: "tinsmith::call",
                source = credentials.provider_name(),
                expiry = credentials.expiry().map(tracing::field::debug),
                "signing"
            ),
            Caller::Bears(token) => tracing::debug!(
                target: "tinsmith::call",
                expiry = token.expiration().map(tracing::field::debug),
                "bearing a token"
            ),
            Caller::Nobody => tracing::debug!(target: "tinsmith::call", "not signed"),
        }
    }

    /// A request, as the transport gets it.
    sending(meta: &Meta, request: &Request) {
        tracing::debug!(target: "tinsmith::wire", request = ?Shown { meta, message: request }, "sending");
        if !request.bytes().is_empty() {
            tracing::trace!(target: "tinsmith::wire", body = %Beginning(meta, request.bytes()), "sending");
        }
    }

    /// How an attempt ended.
    ended(meta: &Meta, result: &Result<Response, Cause>, elapsed: Duration) {
        use crate::error::RequestId as _;
        let response = result.as_ref().map_or_else(Cause::response, Some);
        let status = response.map(|response| response.status().as_u16());
        let request_id = response.and_then(Response::request_id);
        match result {
            Ok(_) => tracing::debug!(target: "tinsmith::call", status, request_id, ?elapsed, "answered"),
            Err(cause) => tracing::debug!(
                target: "tinsmith::call", status, request_id, ?elapsed, failure = %cause, "attempt failed"
            ),
        }
        if let Some(response) = response {
            tracing::debug!(target: "tinsmith::wire", response = ?Shown { meta, message: response }, "received");
            if !response.body().is_streaming() {
                tracing::trace!(target: "tinsmith::wire", body = %Beginning(meta, response.bytes()), "received");
            }
        }
    }

    /// An attempt that the adaptive mode has wait.
    held_back(wait: Duration) {
        tracing::debug!(target: "tinsmith::call", ?wait, "waiting: the rate of attempts is limited");
    }

    /// What comes after an attempt that failed.
    decided(decision: &Decision, this: Number, cause: &Cause) {
        let reason = cause;
        match decision {
            Decision::Retry { delay, .. } => {
                tracing::debug!(target: "tinsmith::call", next = this.number.saturating_add(1), ?delay, %reason, "retrying");
            }
            Decision::GiveUp if this.number >= this.most => {
                tracing::debug!(target: "tinsmith::call", attempts = this.number, %reason, "giving up: that was the last attempt");
            }
            Decision::GiveUp => {
                tracing::debug!(target: "tinsmith::call", %reason, "giving up: no other attempt would fare better");
            }
            Decision::QuotaExceeded { delay } => {
                tracing::debug!(target: "tinsmith::call", ?delay, %reason, "giving up: the quota of retries is used up");
            }
        }
    }

    /// A source of credentials or tokens that is not set up.
    passed_over(what: &str, source: &str, reason: &str) {
        tracing::debug!(target: "tinsmith::credentials", what, source, reason, "passed over");
    }

    /// The first source that is set up, and why it gave nothing, if it failed.
    loaded(what: &str, source: &str, failure: Option<&dyn fmt::Display>) {
        match failure {
            None => tracing::debug!(target: "tinsmith::credentials", what, source, "loaded"),
            Some(error) => tracing::debug!(target: "tinsmith::credentials", what, source, %error, "failed"),
        }
    }

    /// That credentials or a token are asked for, because there are none or they end soon.
    refreshing(what: &str) {
        tracing::debug!(target: "tinsmith::credentials", what, "refreshing");
    }

    /// What came of it. Those at hand may serve until their end, and nobody else tells then that it failed.
    refreshed(what: &str, failure: Option<&dyn fmt::Display>, is_served: bool) {
        match failure {
            None => tracing::debug!(target: "tinsmith::credentials", what, "refreshed"),
            Some(error) if is_served => tracing::warn!(
                target: "tinsmith::credentials", what, %error, "refresh failed: those at hand serve until their end"
            ),
            Some(error) => tracing::debug!(target: "tinsmith::credentials", what, %error, "refresh failed"),
        }
    }

    /// What settings are loaded from.
    settings(sources: &Sources) {
        let profile = sources.profile_name();
        tracing::debug!(
            target: "tinsmith::settings", profile = profile.value, chosen_by = %profile.origin, "settings loaded"
        );
        match sources.profiles() {
            Err(error) => tracing::debug!(target: "tinsmith::settings", %error, "the shared files are of no use"),
            Ok(profiles) => {
                for one in profiles.ignored() {
                    tracing::warn!(
                        target: "tinsmith::settings",
                        section = one.header, place = %one.place, reason = %one.reason, "section passed over"
                    );
                }
            }
        }
    }
}

#[cfg(feature = "tracing")]
use self::shown::{Beginning, Shown};

/// Messages as events show them.
#[cfg(feature = "tracing")]
mod shown {
    use std::fmt;

    use crate::error::{OneLine, without_secrets};
    use crate::http::{Request, Response};
    use crate::operation::{Meta, Sensitive};

    /// The most of a body that is shown, in bytes.
    const BODY: usize = 1024;

    /// The head of a message of an operation.
    pub(super) struct Shown<'a, T> {
        pub(super) meta: &'a Meta,
        pub(super) message: &'a T,
    }

    impl fmt::Debug for Shown<'_, Request> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.meta.sensitive {
                Sensitive::All => write!(f, "{} {} (the rest is sensitive)", self.message.method, self.message.origin),
                _ => self.message.fmt(f),
            }
        }
    }

    impl fmt::Debug for Shown<'_, Response> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.meta.sensitive {
                Sensitive::All => write!(f, "{} (the rest is sensitive)", self.message.status()),
                _ => {
                    let mut head = f.debug_struct("Response");
                    head.field("status", &self.message.status().as_u16()).field("headers", self.message.headers());
                    head.field("body", self.message.body()).finish()
                }
            }
        }
    }

    /// The beginning of a body of an operation, on one line.
    pub(super) struct Beginning<'a>(pub(super) &'a Meta, pub(super) &'a [u8]);

    impl fmt::Display for Beginning<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let Self(meta, body) = self;
            if meta.sensitive != Sensitive::None {
                return write!(f, "{} bytes, which are sensitive", body.len());
            }
            let shown = body.get(..BODY).unwrap_or(body);
            write!(f, "{}", OneLine(&without_secrets(&String::from_utf8_lossy(shown))))?;
            match body.len().saturating_sub(shown.len()) {
                0 => Ok(()),
                more => write!(f, "… and {more} bytes more"),
            }
        }
    }
}
