//! Any value of any generated shape is the same once it was written and read, by every protocol: inputs as a service reads
//! requests, outputs and errors as it writes responses, events as they travel in a stream.
//!
//! A value is made of the wire table alone, so that what is generated is covered. What no wire can carry is not made, and
//! `any` says each time why.

mod any;
mod everything;
mod service;
mod xml;

use std::cell::Cell;
use std::collections::HashSet;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::any as anything;
use serde_json::Value;
use tinsmith_codegen::smithy;
use tinsmith_lambda::operation;
use tinsmith_lambda::types::InvokeWithResponseStreamResponseEvent;
use tinsmith_runtime::codec::serde::{deserialize, serialize};
use tinsmith_runtime::codec::{AwsQuery, ReadError, RestJson1, WriteError};
use tinsmith_runtime::error::ErrorMetadata;
use tinsmith_runtime::event_stream::{self, Decoder, EventProtocol};
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::operation::{Meta, Operation, OperationError, Protocol};
use tinsmith_runtime::random::Random;
use tinsmith_runtime::test_util::FixedRandom;
use tinsmith_runtime::wire::Wire;

use crate::check;
use any::{Wires, any};
use everything::{Everything, Happening};

/// How many values of each shape.
const CASES: u32 = 40;

/// What goes through the shapes of an operation with these choices.
struct Shapes {
    name: &'static str,
    input: fn(&[u8]),
    output: fn(&[u8]),
    error: fn(&str, &[u8]),
}

macro_rules! operations {
    ($($module:ident::$name:ident,)*) => {
        const OPERATIONS: &[Shapes] = &[$(Shapes {
            name: stringify!($name),
            input: input::<operation::$module::$name>,
            output: output::<<operation::$module::$name as Operation>::Output>,
            error: error::<<operation::$module::$name as Operation>::Error>,
        },)*];
    };
}

tinsmith_tests::every_operation!(operations);

#[test]
fn inputs_arrive_as_they_were_sent() {
    for shapes in OPERATIONS {
        each(shapes.input);
    }
}

#[test]
fn outputs_arrive_as_they_were_sent() {
    for shapes in OPERATIONS {
        each(shapes.output);
    }
    each(output::<Everything>);
}

#[test]
fn errors_arrive_as_they_were_sent() {
    let text = include_str!("../../model/lambda.json");
    let model = smithy::load("lambda.json", text).unwrap();
    let (_, service) = model.service(None).unwrap();
    let mut seen = HashSet::new();
    for (shape, of) in model.operations(service) {
        let shapes = OPERATIONS.iter().find(|shapes| shapes.name == shape.id.name()).unwrap();
        for error in of.errors.iter().filter(|error| seen.insert(error.name())) {
            each(|choices| (shapes.error)(error.name(), choices));
        }
    }
    assert!(!seen.is_empty());
}

#[test]
fn events_arrive_as_they_were_sent() {
    each(event::<InvokeWithResponseStreamResponseEvent>);
    each(event::<Happening>);
}

/// Looks at so many values.
fn each(holds: impl Fn(&[u8])) {
    check(CASES, &vec(anything::<u8>(), 0..300), |choices| holds(&choices));
}

fn input<O: Operation>(choices: &[u8]) {
    let input: O::Input = any(choices, Wires::Http);
    let request = RestJson1::write_request(O::META, &input, &FixedRandom::new(0)).unwrap();
    let shown = format!("{} ? {}, {:?}", request.path, request.query, request.body.bytes());
    is_same(&input, &service::read_input::<O::Input>(O::META, request), &shown);
}

fn output<T: Wire>(choices: &[u8]) {
    response(&any::<T>(choices, Wires::Http));

    let output: T = any(choices, Wires::Xml);
    let body = xml::write_output(&output).unwrap();
    let answer = Response::new(StatusCode::new(200), Headers::new(), Body::whole(body.clone()));
    is_same(&output, &AwsQuery::read_response::<T>(&answer).unwrap(), &body);

    // And as data of programs.
    is_same(&output, &deserialize::<T, _>(data(&output)).unwrap(), "data");
}

/// Whether a response arrives as it was sent.
fn response<T: Wire>(value: &T) {
    let response = service::write_output(value, service::status_of::<T>(&data(value)));
    let shown = String::from_utf8_lossy(response.bytes()).into_owned();
    is_same(value, &RestJson1::read_response::<T>(&response).unwrap(), &shown);
}

fn event<T: Wire>(choices: &[u8]) {
    let event: T = any(choices, Wires::Http);
    let mut frame: Bytes = event_stream::write(&RestJson1::write_event(&event).unwrap()).unwrap();
    let message = Decoder::default().next(&mut frame).unwrap().unwrap();
    is_same(&event, &RestJson1::read_event::<T>(&message).unwrap(), &format!("{message:?}"));
}

/// The error that an operation has by this code.
fn error<E: OperationError>(code: &str, choices: &[u8]) {
    let meta = ErrorMetadata::builder().code(code).build();
    let asked = Response::new(StatusCode::new(400), Headers::new(), Body::whole(choices.to_vec()));
    let error = E::read::<Probe>(&asked, meta);
    assert_eq!(error.code(), Some(code));
    assert!(READ.take(), "{code} is none of its errors");
}

/// What an error is read by: it makes one up of the body, which holds the choices, and looks whether that arrives.
struct Probe;

thread_local! {
    /// Whether it has read an error.
    static READ: Cell<bool> = const { Cell::new(false) };
}

impl Protocol for Probe {
    fn write_request<T: Wire>(_: &Meta, _: &T, _: &dyn Random) -> Result<Request, WriteError> {
        unreachable!("errors are no requests")
    }

    fn read_response<T: Wire>(_: &Response) -> Result<T, ReadError> {
        unreachable!("errors are no outputs")
    }

    fn read_error<T: Wire>(asked: &Response) -> Result<T, ReadError> {
        let error: T = any(asked.bytes(), Wires::Http);
        response(&error);
        READ.set(true);
        Ok(error)
    }

    fn error_metadata(_: &Response) -> ErrorMetadata {
        unreachable!("the code is known")
    }
}

#[track_caller]
fn is_same<T: Wire>(sent: &T, arrived: &T, shown: &str) {
    assert_eq!(data(sent), data(arrived), "{shown}");
}

/// A value as data, which goes by names of the model, and knows of no protocol. That nothing is lost there is for the
/// tests of `data` to say.
fn data<T: Wire>(value: &T) -> Value {
    // A stream that nobody gave is not in memory; it is no member of the table.
    serialize(value, serde_json::value::Serializer).unwrap()
}
