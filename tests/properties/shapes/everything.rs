//! A shape with members of every kind, as they would be generated: Lambda has but some of them.

use std::collections::HashMap;

use tinsmith_runtime::primitives::{BigDecimal, BigInteger, Blob, DateTime, Document};
use tinsmith_runtime::wire::{Facets, Member, Place, TimestampFormat};
use tinsmith_runtime::{members, union};

/// A member of every kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Everything {
    text: Option<String>,
    flag: Option<bool>,
    byte: Option<i8>,
    short: Option<i16>,
    integer: i32,
    long: Option<i64>,
    single: Option<f32>,
    double: Option<f64>,
    whole: Option<BigInteger>,
    decimal: Option<BigDecimal>,
    blob: Option<Blob>,
    time: Option<DateTime>,
    date_time: Option<DateTime>,
    http_date: Option<DateTime>,
    epoch: Option<DateTime>,
    list: Option<Vec<String>>,
    lists: Option<Vec<Vec<DateTime>>>,
    sparse: Option<Vec<Option<i32>>>,
    flat: Option<Vec<Blob>>,
    map: Option<HashMap<String, Vec<i64>>>,
    sparse_map: Option<HashMap<String, Option<String>>>,
    flat_map: Option<HashMap<String, bool>>,
    nested: Option<Box<Everything>>,
    choice: Option<Choice>,
    choices: Option<Vec<Choice>>,
    anything: Document,
}

static FLATTENED: Facets = Facets { flattened: true, ..Facets::NONE };

members! {
    Everything {
        text: Option<&str> = Member::body("text"),
        flag: Option<bool> = Member::body("flag"),
        byte: Option<i8> = Member::body("byte"),
        short: Option<i16> = Member::body("short"),
        integer: i32 = Member::body("integer"),
        long: Option<i64> = Member::body("long"),
        single: Option<f32> = Member::body("single"),
        double: Option<f64> = Member::body("double"),
        whole: Option<&BigInteger> = Member::body("whole"),
        decimal: Option<&BigDecimal> = Member::body("decimal"),
        blob: Option<&Blob> = Member::body("blob"),
        time: Option<&DateTime> = Member::body("time"),
        date_time: Option<&DateTime> = Member::body("dateTime").timestamp(TimestampFormat::DateTime),
        http_date: Option<&DateTime> = Member::body("httpDate").timestamp(TimestampFormat::HttpDate),
        epoch: Option<&DateTime> = Member::body("epoch").timestamp(TimestampFormat::EpochSeconds),
        list: &[String] = Member::body("list").of(&[Member::body("item")]),
        lists: &[Vec<DateTime>] = Member::body("lists")
            .of(&[Member::body("").of(&[Member::body("").timestamp(TimestampFormat::HttpDate)])]),
        sparse: &[Option<i32>] = Member::body("sparse"),
        flat: &[Blob] = Member::body("flat").with(&FLATTENED),
        map: Option<&HashMap<String, Vec<i64>>> = Member::body("map").of(&[Member::body("k"), Member::body("v")]),
        sparse_map: Option<&HashMap<String, Option<String>>> = Member::body("sparseMap"),
        flat_map: Option<&HashMap<String, bool>> = Member::body("flatMap").with(&FLATTENED),
        nested: Option<&Everything> = Member::body("nested"),
        choice: Option<&Choice> = Member::body("choice"),
        choices: &[Choice] = Member::body("choices"),
        anything: &Document = Member::body("anything"),
    }
}

union! {
    /// One of several.
    pub enum Choice {
        #[methods(is_text, as_text)]
        Text(String) = Member::body("text"),
        #[methods(is_number, as_number)]
        Number(f64) = Member::body("number"),
        #[methods(is_inner, as_inner)]
        Inner(Box<Everything>) = Member::body("inner"),
        #[methods(is_nothing, as_nothing)]
        Nothing = Member::body("nothing"),
    }
}

union! {
    /// Events whose members are in headers, in a payload, or in a document that is the payload.
    pub enum Happening {
        #[methods(is_headers, as_headers)]
        Headers(InHeaders) = Member::body("headers"),
        #[methods(is_document, as_document)]
        Document(Everything) = Member::body("document"),
        #[methods(is_nothing, as_nothing)]
        Nothing = Member::body("nothing"),
    }
}

/// An event with headers of every kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct InHeaders {
    flag: Option<bool>,
    byte: Option<i8>,
    short: Option<i16>,
    integer: Option<i32>,
    long: Option<i64>,
    blob: Option<Blob>,
    text: Option<String>,
    time: Option<DateTime>,
    payload: Option<Box<Everything>>,
}

members! {
    InHeaders {
        flag: Option<bool> = Member::at(Place::EventHeader, "flag"),
        byte: Option<i8> = Member::at(Place::EventHeader, "byte"),
        short: Option<i16> = Member::at(Place::EventHeader, "short"),
        integer: Option<i32> = Member::at(Place::EventHeader, "integer"),
        long: Option<i64> = Member::at(Place::EventHeader, "long"),
        blob: Option<&Blob> = Member::at(Place::EventHeader, "blob"),
        text: Option<&str> = Member::at(Place::EventHeader, "text"),
        time: Option<&DateTime> = Member::at(Place::EventHeader, "time"),
        payload: Option<&Everything> = Member::at(Place::EventPayload, "payload"),
    }
}
