//! What the error of a call says on its line, what it turns into, and how large it is.

#![allow(unreachable_pub, reason = "the macros write what a generated crate publishes")]

use std::error::Error as _;
use std::time::Duration;

use super::*;
use crate::http::{Body, Headers, Response, StatusCode};
use crate::operation::ModeledError;
use crate::transport::{TransportError, TransportErrorKind};
use crate::waiter::error::{ExceededMaxWait, WaiterError};
use crate::wire::Member;
use crate::{error_enum, members, modeled_error, service_error};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Busy {
    pub message: Option<String>,
    meta: ErrorMetadata,
}

members! { Busy { message: Option<&str> = Member::body("message"), } }
modeled_error!(Busy, message);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Required {
    pub message: String,
    meta: ErrorMetadata,
}

members! { Required { message: &str = Member::body("message"), } }
modeled_error!(Required, required message);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Silent {
    meta: ErrorMetadata,
}

members! { Silent {} }
modeled_error!(Silent);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Secret {
    pub message: Option<String>,
    meta: ErrorMetadata,
}

members! { Secret { message: Option<&str> = Member::body("message"), } }
modeled_error!(Secret, secret message);

/// What a model calls sensitive is for the program, and for nobody who reads its logs.
#[test]
fn a_secret_message_is_not_shown() {
    let meta = ErrorMetadata::builder().code("Secret").message("the key is 42").build();
    let error = Secret::default().with_metadata(meta);
    assert_eq!(error.message(), Some("the key is 42"));
    assert_eq!(error.meta().message(), Some("the key is 42"));
    assert_eq!(error.to_string(), "Secret: ** redacted **");
    assert_eq!(error.meta().to_string(), "Secret: ** redacted **");
    let shown = format!("{:?}", error.meta());
    assert!(shown.contains("** redacted **") && !shown.contains("42"), "{shown}");
}

error_enum! {
    /// An operation's errors.
    pub enum Refused { Busy(Busy), }
}

service_error! {
    /// The service's errors.
    pub enum OfTheService { Busy(Busy), }
}

type Failed = SdkError<Refused>;

fn raw() -> Response {
    let headers: Headers = [("x-amzn-requestid", "id-1")].into_iter().collect();
    Response::new(StatusCode::new(429), headers, Body::whole("a body"))
}

fn context(attempts: u32) -> Context {
    Context { operation: "ListLayers", attempts }
}

fn busy(message: &str) -> Refused {
    Refused::Busy(Busy { message: Some(message.to_owned()), ..Busy::default() })
}

/// A failure of each kind as a call makes it, what it says, and what its cause says.
fn of_each_kind() -> Vec<(Failed, &'static str, &'static str)> {
    let broken = || TransportError::new(TransportErrorKind::Io, "reset by peer");
    vec![
        (SdkError::construction("no region".into(), context(0)), "ListLayers failed: no region", "no region"),
        (
            SdkError::timeout("took longer than 1s".into(), context(2)),
            "ListLayers failed: took longer than 1s (2 attempts)",
            "took longer than 1s",
        ),
        (
            SdkError::dispatch(broken(), context(1)),
            "ListLayers failed: the connection broke: reset by peer (1 attempt)",
            "the connection broke",
        ),
        (
            SdkError::unreadable("not\nJSON".into(), raw(), context(1)),
            "ListLayers failed: not JSON (status 429, request id id-1, 1 attempt)",
            "not\nJSON",
        ),
        (
            SdkError::service(busy("come\nlater\u{1b}[2J"), raw(), context(3)),
            "ListLayers failed: Busy: come later\\u{1b}[2J (status 429, request id id-1, 3 attempts)",
            "Busy: come later\\u{1b}[2J",
        ),
    ]
}

#[test]
fn one_line_says_it_all() {
    for (failed, line, cause) in of_each_kind() {
        assert_eq!(failed.to_string(), line);
        // What the line has said is not said again.
        assert_eq!(DisplayErrorContext(&failed).to_string(), line);
        assert!(failed.source().is_none(), "{line}");
        assert_eq!(failed.into_source().unwrap().to_string(), cause);
    }
    let by_hand: Failed = SdkError::construction_failure("a reason");
    assert_eq!(by_hand.to_string(), "the call failed: a reason");
}

/// Whatever length a service or a proxy chooses, the line stays one, and the error itself has all of it.
#[test]
fn what_others_say_at_length_is_cut_in_the_line_alone() {
    let (long, cut) = ("x".repeat(100_000), |most: usize| format!("{}…", "x".repeat(most)));
    let headers: Headers = [("x-amzn-requestid", long.as_str())].into_iter().collect();
    let raw = || Response::new(StatusCode::new(500), headers.clone(), Body::whole(""));
    let notes = format!("(status 500, request id {}, 1 attempt)", cut(128));
    let modelled = Failed::service(busy(&long), raw(), context(1));
    assert_eq!(modelled.to_string(), format!("ListLayers failed: Busy: {} {notes}", cut(512)));
    assert_eq!(modelled.request_id(), Some(long.as_str()));
    let meta = ErrorMetadata::builder().code(&*long).message(&*long).build();
    let unhandled = Failed::service(Refused::Unhandled(Unhandled::new(None, meta)), raw(), context(1));
    assert_eq!(unhandled.to_string(), format!("ListLayers failed: {}: {} {notes}", cut(128), cut(512)));
    assert_eq!((unhandled.code(), unhandled.message()), (Some(long.as_str()), Some(long.as_str())));
}

#[test]
fn what_is_no_error_of_the_service_becomes_the_unhandled_one_with_its_cause() {
    for (failed, line, cause) in of_each_kind() {
        let from_the_service = failed.as_service_error().is_some();
        let error = failed.into_service_error();
        assert_eq!(matches!(error, Refused::Busy(_)), from_the_service, "{line}");
        assert_eq!(error.to_string(), if from_the_service { cause } else { line });
        assert_eq!((error.code(), error.message()), (None, None));
    }
}

#[test]
fn what_came_is_reached_from_the_error() {
    for (failed, line, _) in of_each_kind() {
        let answered = line.contains("id-1");
        assert_eq!(failed.raw_response().map(Response::bytes), answered.then_some(&b"a body"[..]), "{line}");
        assert_eq!(failed.request_id(), answered.then_some("id-1"), "{line}");
        let attempts = failed.attempts();
        let mapped = failed.map_service_error(|error| Box::new(error) as BoxError);
        assert_eq!(mapped.to_string(), line);
        assert_eq!((mapped.attempts(), mapped.request_id()), (attempts, answered.then_some("id-1")), "{line}");
    }
    // As tests of others make it, with a response of their own.
    assert_eq!(Failed::service_error(busy("x"), raw()).request_id(), Some("id-1"));
    assert_eq!(Failed::response_error("x", raw()).request_id(), Some("id-1"));
    assert_eq!(Failed::from(BuildError::new("x is missing")).to_string(), "the call failed: x is missing");
}

#[test]
fn what_no_operation_refuses_with_is_an_error_of_the_service_with_its_cause() {
    let seconds = Duration::from_secs;
    let waited = WaiterError::<(), Refused>::ExceededMaxWait(ExceededMaxWait::new(seconds(1), seconds(2), 3));
    let line = waited.to_string();
    assert_eq!(OfTheService::from(waited).to_string(), line);
    assert_eq!(OfTheService::from(BuildError::new("x is missing")).to_string(), "x is missing");
    assert_eq!(OfTheService::Busy(Busy::default()).to_string(), "Busy");
}

#[test]
fn failures_of_the_transport_have_the_official_kinds() {
    use TransportErrorKind::{Connect, ConnectTimeout, Io, Protocol, ReadTimeout, Tls, User};
    for (kind, expected) in [
        (Connect, [true, false, false, false]),
        (Tls, [true, false, false, false]),
        (Io, [true, false, false, false]),
        (ConnectTimeout, [false, true, false, false]),
        (ReadTimeout, [false, true, false, false]),
        (User, [false, false, true, false]),
        (Protocol, [false, false, false, true]),
    ] {
        let SdkError::DispatchFailure(failure) = Failed::dispatch(TransportError::new(kind, "x"), context(1)) else {
            panic!("{kind:?}");
        };
        assert_eq!(
            [failure.is_io(), failure.is_timeout(), failure.is_user(), failure.is_other()],
            expected,
            "{kind:?}"
        );
    }
}

#[test]
fn a_message_that_the_protocol_found_fills_the_member_that_has_none() {
    let meta = || ErrorMetadata::builder().code("Busy").message("found").build();
    assert_eq!(Busy::default().with_metadata(meta()).message(), Some("found"));
    let own = Busy { message: Some("own".to_owned()), ..Busy::default() };
    assert_eq!(own.with_metadata(meta()).message(), Some("own"));
    assert_eq!(Required::default().with_metadata(meta()).message(), "found");
    assert_eq!(Silent::default().with_metadata(meta()).to_string(), "Silent: found");
    assert_eq!((Busy::default().to_string(), Required::default().to_string()), ("Busy".into(), "Required".into()));
}

#[test]
fn an_unhandled_error_says_what_the_service_said_and_else_its_cause() {
    let meta = || Some(ErrorMetadata::builder().code("New").build());
    let cause = || BoxError::from("a cause");
    let told = |error: Refused| DisplayErrorContext(error).to_string();
    assert_eq!(told(Refused::create_unhandled_error(cause(), meta())), "New: a cause");
    assert_eq!(told(Refused::create_unhandled_error(cause(), None)), "a cause");
}

/// Results of calls are moved about; an error is a pointer beside its kind.
#[test]
fn errors_are_small() {
    assert!(size_of::<Failed>() <= 16, "{}", size_of::<Failed>());
    assert!(size_of::<ErrorMetadata>() <= 8);
}

/// A future that is spawned on another thread needs errors that go there.
#[test]
fn errors_travel_between_threads() {
    fn travels<T: Send + Sync + 'static>(_: &T) {}
    let failed = Failed::timeout_error(format!("{:?}", Duration::ZERO));
    travels(&failed);
    travels(&failed.into_service_error());
}
