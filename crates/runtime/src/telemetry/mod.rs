//! What a call lets be seen: spans and events of the crate `tracing`.
//!
//! A program sees them by a subscriber, such as that of `tracing-subscriber`; `docs/tracing-and-hooks.md`, the page for users,
//! has one that is run.
//!
//! Each call is a span `call`, with `rpc.service` and `rpc.method`, and, once it has ended, `attempts`, `status` and
//! `request_id`; each attempt is a span `attempt` in it, with its `number`. What happens in them:
//!
//! | target | level | what |
//! |---|---|---|
//! | `tinsmith::call` | debug | where the call goes, whose credentials sign it, how each attempt ended and how long it took, a retry with its delay and reason, that there is none and why |
//! | `tinsmith::wire` | debug | the signed request, the head of the answer |
//! | `tinsmith::wire` | trace | the beginnings of both bodies, where the model marks nothing in them as sensitive |
//! | `tinsmith::credentials` | debug | which sources were passed over, which one answered, what is refreshed |
//! | `tinsmith::credentials` | warn | a refresh that failed while the credentials at hand still serve |
//! | `tinsmith::settings` | debug, warn | what was loaded from where; what in the shared files was passed over, and why |
//!
//! Failures of a call are told by its result, so that no event of them is above debug.
//!
//! Secrets are in no event, at no level: signatures, session tokens and other secret headers and parameters are shown as
//! `** redacted **`, secret keys not at all. Of an operation whose model marks a part of the head as sensitive, method and
//! host alone are shown.
//!
//! All of this is behind the feature `tracing`, which is on by default. Without it, nothing of it is compiled. With it,
//! and without a subscriber, a call pays for looking whether there is one.

mod event;
mod span;

pub(crate) use event::*;
pub(crate) use span::{attempt, operation};
