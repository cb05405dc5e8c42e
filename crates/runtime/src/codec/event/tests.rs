//! Events of every kind, written and read, and messages that are none.
#![allow(dead_code, unreachable_pub, reason = "the macros are made for crates, and define more than is tested here")]

use crate::codec::RestJson1;
use crate::codec::fixture::{Choice, Required, structure};
use crate::event_stream::{EventProtocol, Header, HeaderValue, Message};
use crate::primitives::{Blob, DateTime};
use crate::union;
use crate::wire::{Facets, Member, Place};

structure!(Headers {
    0 flag: Option<bool> = Member::at(Place::EventHeader, "flag"),
    1 byte: Option<i8> = Member::at(Place::EventHeader, "byte"),
    2 short: Option<i16> = Member::at(Place::EventHeader, "short"),
    3 int: Option<i32> = Member::at(Place::EventHeader, "int"),
    4 long: Option<i64> = Member::at(Place::EventHeader, "long"),
    5 blob: Option<Blob> = Member::at(Place::EventHeader, "blob"),
    6 text: Option<String> = Member::at(Place::EventHeader, "text"),
    7 time: Option<DateTime> = Member::at(Place::EventHeader, "time"),
});

structure!(Bytes { 0 payload: Option<Blob> = Member::at(Place::EventPayload, "payload"), });

structure!(Image { 0 payload: Option<Blob> = Member::at(Place::EventPayload, "payload").with(&PNG), });

structure!(Text { 0 payload: Option<String> = Member::at(Place::EventPayload, "payload"), });

structure!(Nested {
    0 header: Option<String> = Member::at(Place::EventHeader, "header"),
    1 payload: Option<Required> = Member::at(Place::EventPayload, "payload"),
});

structure!(Either { 0 payload: Option<Choice> = Member::at(Place::EventPayload, "payload"), });

structure!(Mixed {
    0 header: Option<String> = Member::at(Place::EventHeader, "header"),
    1 number: Option<i32> = Member::body("number"),
    2 text: Option<String> = Member::body("text"),
});

static PNG: Facets = Facets { media_type: Some("image/png"), ..Facets::NONE };

union! {
    /// Events of every kind.
    pub enum Events {
        #[methods(is_headers, as_headers)] Headers(Headers) = Member::body("headers"),
        #[methods(is_bytes, as_bytes)] Bytes(Bytes) = Member::body("bytes"),
        #[methods(is_image, as_image)] Image(Image) = Member::body("image"),
        #[methods(is_text, as_text)] Text(Text) = Member::body("text"),
        #[methods(is_nested, as_nested)] Nested(Nested) = Member::body("nested"),
        #[methods(is_either, as_either)] Either(Either) = Member::body("either"),
        #[methods(is_mixed, as_mixed)] Mixed(Mixed) = Member::body("mixed"),
        #[methods(is_end, as_end)] End = Member::body("end"),
    }
}

fn text(name: &'static str, value: &'static str) -> Header {
    Header::new(name, HeaderValue::String(value.into()))
}

/// An event of this name, of this content type if any, with these headers.
fn event(name: &'static str, content_type: &'static str, more: Vec<Header>, payload: &'static str) -> Message {
    let mut headers = vec![text(":message-type", "event"), text(":event-type", name)];
    if !content_type.is_empty() {
        headers.push(text(":content-type", content_type));
    }
    headers.extend(more);
    Message::new_from_parts(headers, payload)
}

fn read(message: &Message) -> Result<Events, String> {
    RestJson1::read_event(message).map_err(|error| error.to_string())
}

#[test]
fn events_are_messages_and_back() {
    let check = |value: Events, message: Message| {
        assert_eq!(RestJson1::write_event(&value).unwrap(), message);
        assert_eq!(read(&message), Ok(value));
    };
    let json = "application/json";
    let some = |text: &str| Some(text.to_owned());
    let all = Headers {
        flag: Some(false),
        byte: Some(-1),
        short: Some(i16::MIN),
        int: Some(3),
        long: Some(4_294_967_294),
        blob: Some(Blob::new("foo")),
        text: some("é"),
        time: Some(DateTime::from_millis(1_730_384_114_500)),
    };
    let headers = vec![
        Header::new("flag", HeaderValue::Bool(false)),
        Header::new("byte", HeaderValue::Byte(-1)),
        Header::new("short", HeaderValue::Int16(i16::MIN)),
        Header::new("int", HeaderValue::Int32(3)),
        Header::new("long", HeaderValue::Int64(4_294_967_294)),
        Header::new("blob", HeaderValue::ByteArray("foo".into())),
        text("text", "é"),
        Header::new("time", HeaderValue::Timestamp(DateTime::from_millis(1_730_384_114_500))),
    ];
    check(Events::Headers(all), event("headers", "", headers, ""));
    check(Events::Headers(Headers::default()), event("headers", "", vec![], ""));
    let bytes = |payload: &str| Bytes { payload: Some(Blob::new(payload)) };
    check(Events::Bytes(bytes("a")), event("bytes", "application/octet-stream", vec![], "a"));
    // No bytes are something else than none: for some services they are the last of them.
    check(Events::Bytes(bytes("")), event("bytes", "application/octet-stream", vec![], ""));
    check(Events::Bytes(Bytes::default()), event("bytes", "", vec![], ""));
    check(Events::Image(Image { payload: Some(Blob::new("a")) }), event("image", "image/png", vec![], "a"));
    check(Events::Text(Text { payload: some("é") }), event("text", "text/plain", vec![], "é"));
    let payload = Some(Required { first: Some(1), second: None });
    let nested = Nested { header: some("h"), payload };
    check(Events::Nested(nested), event("nested", json, vec![text("header", "h")], r#"{"first":1}"#));
    let either = Either { payload: Some(Choice::Number(1)) };
    check(Events::Either(either), event("either", json, vec![], r#"{"number":1}"#));
    let mixed = Mixed { header: some("h"), number: Some(1), text: some("t") };
    check(Events::Mixed(mixed), event("mixed", json, vec![text("header", "h")], r#"{"number":1,"text":"t"}"#));
    check(Events::Mixed(Mixed::default()), event("mixed", json, vec![], "{}"));
    check(Events::End, event("end", "", vec![], ""));
}

#[test]
fn an_absent_structure_that_is_the_payload_is_empty() {
    let written = RestJson1::write_event(&Events::Nested(Nested::default())).unwrap();
    assert_eq!(written, event("nested", "application/json", vec![], "{}"));
}

#[test]
fn an_event_that_the_model_lacks_is_unknown_and_not_sent() {
    assert_eq!(read(&event("later", "image/gif", vec![], "{")), Ok(Events::Unknown));
    let told = RestJson1::write_event(&Events::Unknown).unwrap_err().to_string();
    assert_eq!(told, "the event is none that the model lists: it cannot be sent");
}

#[test]
fn what_is_read_may_differ_in_what_does_not_matter() {
    let check = |message: Message, expected: Events| assert_eq!(read(&message), Ok(expected));
    let some = Events::Mixed(Mixed { number: Some(1), ..Mixed::default() });
    check(event("mixed", "", vec![], r#"{"number":1}"#), some.clone());
    check(event("mixed", "Application/JSON; charset=utf-8", vec![], r#"{"number":1,"more":[]}"#), some);
    check(event("mixed", "application/json", vec![], ""), Events::Mixed(Mixed::default()));
    // An integer may come in a wider type than its own.
    let wide = Header::new("byte", HeaderValue::Int64(-128));
    let narrow = Headers { byte: Some(-128), ..Headers::default() };
    check(event("headers", "", vec![wide], ""), Events::Headers(narrow));
}

#[test]
fn what_cannot_be_read_names_its_place() {
    let check = |message: Message, expected: &str| assert_eq!(read(&message), Err(expected.to_owned()));
    let header = |name, value| event("headers", "", vec![Header::new(name, value)], "");
    let number = HeaderValue::Int32(128);
    check(header("text", number.clone()), "headers.text: expected text, found an integer of 32 bits");
    check(header("blob", HeaderValue::Uuid(1)), "headers.blob: expected bytes, found a UUID");
    check(
        header("byte", number),
        "headers.byte: expected an integer that its member can hold, found an integer of 32 bits",
    );
    check(header("flag", HeaderValue::String("true".into())), r#"headers.flag: expected a boolean, found "true""#);
    check(header("time", HeaderValue::Int64(1)), "headers.time: expected a point in time, found an integer of 64 bits");
    check(
        event("mixed", "application/json", vec![], r#"{"number":"x"}"#),
        r#"mixed.number: expected an integer from -2147483648 to 2147483647, found "x" (at byte 10)"#,
    );
    check(
        event("mixed", "text/html", vec![], "{}"),
        r#"mixed: expected a payload of application/json, found "text/html""#,
    );
    check(
        event("bytes", "text/plain", vec![], "x"),
        r#"bytes: expected a payload of application/octet-stream, found "text/plain""#,
    );
    check(
        event("text", "application/json", vec![], "{}"),
        r#"text: expected a payload of text/plain, found "application/json""#,
    );
    let broken = Message::new_from_parts(event("text", "", vec![], "").headers().to_vec(), vec![b'a', 0xff]);
    check(broken, "text: expected text in UTF-8, found other bytes (at byte 1)");
    check(Message::new(""), "header :event-type: expected text, found no such header");
    let wrong = Message::new("").add_header(Header::new(":event-type", HeaderValue::ByteArray("mixed".into())));
    check(wrong, "header :event-type: expected text, found bytes");
}

#[test]
fn exceptions_go_by_their_names() {
    let error = Mixed { header: None, number: Some(1), text: None };
    let written = RestJson1::write_exception("mixed", &error).unwrap();
    let headers = vec![
        text(":message-type", "exception"),
        text(":exception-type", "mixed"),
        text(":content-type", "application/json"),
    ];
    assert_eq!(written, Message::new_from_parts(headers, r#"{"number":1}"#));
    assert_eq!(RestJson1::read_exception::<Mixed>(&written).unwrap(), error);
}
