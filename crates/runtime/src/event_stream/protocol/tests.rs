//! What messages mean.

use super::super::fixture::{Denied, Events, EventsError, chunk};
use super::super::{Header, HeaderValue, Message};
use super::*;
use crate::codec::RestJson1;

fn message(headers: &[(&'static str, &'static str)], payload: &'static str) -> Message {
    let header =
        |(name, value): &(&'static str, &'static str)| Header::new(*name, HeaderValue::String((*value).into()));
    Message::new_from_parts(headers.iter().map(header).collect(), payload)
}

fn read(message: &Message) -> Result<Received<Events, EventsError>, ReadError> {
    Received::read::<RestJson1>(message)
}

fn error(headers: &[(&'static str, &'static str)], payload: &'static str) -> EventsError {
    match read(&message(headers, payload)) {
        Ok(Received::Error(error)) => error,
        other => panic!("{other:?}"),
    }
}

const DENIED: [(&str, &str); 2] = [(":message-type", "exception"), (":exception-type", "denied")];

#[test]
fn an_event_is_one() {
    let event = message(&[(":message-type", "event"), (":event-type", "chunk")], "some");
    assert!(matches!(read(&event), Ok(Received::Event(event)) if event == chunk("some")));
}

#[test]
fn an_exception_of_the_model_has_members_and_metadata() {
    let told = error(&DENIED, r#"{"message":"enough"}"#);
    let EventsError::Denied(denied) = &told else { panic!("{told:?}") };
    assert_eq!((denied.message(), told.code(), told.message()), (Some("enough"), Some("denied"), Some("enough")));
    assert!(told.is_denied());
    // What is said in another way than the model's, and what cannot be read, keeps its type.
    for (payload, message) in
        [(r#"{"Message":"enough"}"#, Some("enough")), ("<html>", None), (r#"{"message":1}"#, None)]
    {
        let told = error(&DENIED, payload);
        let EventsError::Denied(denied) = &told else { panic!("{told:?}") };
        assert_eq!(denied.message(), message, "{payload}");
    }
}

#[test]
fn other_errors_keep_code_and_message() {
    let check = |told: EventsError, code, message| {
        assert!(matches!(told, EventsError::Unhandled(_)), "{told:?}");
        assert_eq!((told.code(), told.message()), (code, message));
    };
    let later = [(":message-type", "exception"), (":exception-type", "later")];
    check(error(&later, r#"{"message":"m"}"#), Some("later"), Some("m"));
    check(error(&later, ""), Some("later"), None);
    let of_the_stream = [(":message-type", "error"), (":error-code", "500"), (":error-message", "broke")];
    check(error(&of_the_stream, ""), Some("500"), Some("broke"));
    check(error(&of_the_stream[..1], ""), None, None);
}

#[test]
fn what_means_nothing_is_refused() {
    let check = |message: &Message, expected: &str| {
        assert_eq!(read(message).map_err(|error| error.to_string()).err().as_deref(), Some(expected));
    };
    check(&message(&[], ""), "header :message-type: expected text, found no such header");
    let bytes = Header::new(":message-type", HeaderValue::ByteArray("event".into()));
    check(&Message::new("").add_header(bytes), "header :message-type: expected text, found bytes");
    let other = "header :message-type: expected event, exception or error, found \"other\"";
    check(&message(&[(":message-type", "other")], ""), other);
    check(&message(&DENIED[..1], ""), "header :exception-type: expected text, found no such header");
}

#[test]
fn exceptions_are_sent_by_their_names() {
    let denied = Denied { message: Some("enough".to_owned()), ..Denied::default() };
    let written = EventsError::Denied(denied).write::<RestJson1>().unwrap();
    let headers = [DENIED[0], DENIED[1], (":content-type", "application/json")];
    assert_eq!(written, message(&headers, r#"{"message":"enough"}"#));
    let told = EventsError::unhandled("mine").write::<RestJson1>().unwrap_err().to_string();
    assert_eq!(told, "the exception is none that the model lists: it cannot be sent");
}
