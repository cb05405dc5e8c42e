//! Formats that are not for people: CBOR, which says what comes next, and bincode, which does not.

use std::fmt::Debug;

use serde_json::json;

use super::{Everything, Form, Places, Upload};
use crate::codec::serde::{Deserialize, Serialize};
use crate::primitives::{BigDecimal, Blob, DateTime, Document};

fn by_cbor<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
    of_cbor(&to_cbor(value)).unwrap()
}

fn to_cbor<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn of_cbor<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, String> {
    ciborium::from_reader(bytes).map_err(|error| format!("{error}"))
}

fn by_bincode<T: Serialize + for<'de> Deserialize<'de>>(value: &T) -> T {
    bincode::deserialize(&bincode::serialize(value).unwrap()).unwrap()
}

fn check<T: Serialize + for<'de> Deserialize<'de> + PartialEq + Debug>(value: T) {
    assert_eq!(by_cbor(&value), value, "CBOR");
    assert_eq!(by_bincode(&value), value, "bincode");
}

#[test]
fn shapes_go_both_ways() {
    check(Everything::default());
    let everything = json!({
        "text": "é", "flag": true, "byte": -128, "long": i64::MIN, "single": 0.1, "double": 0.1, "blob": "AAEC/w==",
        "epoch": "2019-12-16T23:48:18.123456789Z", "dense": [1, 2], "sparse": [null, 3], "denseMap": {"b": "2", "a": "1"},
        "sparseMap": {"x": null, "y": ""}, "nested": {"nested": {"text": "", "count": 0}},
        "choice": {"inner": {"inner": {"number": 7}}}, "dates": ["1969-12-31T23:59:59.5Z"], "matrix": [[], [1, -1]],
    });
    check(serde_json::from_value::<Everything>(everything).unwrap());
    check(
        serde_json::from_value::<Places>(json!({ "Label": "a", "Tags": { "red": "1" }, "Payload": "aGk=" })).unwrap(),
    );
    check(Form::Within(Box::new(Form::Round)));
    let upload: Upload = serde_json::from_value(json!({ "Content": "aGk=" })).unwrap();
    assert_eq!(by_cbor(&upload).content.bytes(), upload.content.bytes());
    assert_eq!(by_bincode(&upload).content.bytes(), upload.content.bytes());
}

#[test]
fn values_go_both_ways() {
    check(Blob::new("hi"));
    check("0.100e-4000".parse::<BigDecimal>().unwrap());
    // What RFC 3339 has no year for is a pair like any other.
    for seconds in [0, -1, i64::MIN, i64::MAX] {
        check(DateTime::from_secs_and_nanos(seconds, 999_999_999));
    }
    let infinite = Everything { single: Some(f32::INFINITY), double: Some(f64::NEG_INFINITY), ..Everything::default() };
    check(infinite);
    let nan = by_bincode(&Everything { double: Some(f64::NAN), ..Everything::default() });
    assert!(nan.double.is_some_and(f64::is_nan));
}

#[test]
fn bytes_are_bytes_and_times_are_pairs() {
    assert_eq!(to_cbor(&Blob::new("hi")), b"\x42hi");
    assert_eq!(to_cbor(&DateTime::from_secs_and_nanos(1, 2)), b"\x82\x01\x02");
    let nanos = of_cbor::<DateTime>(b"\x82\x01\x1a\x3b\x9a\xca\x00").unwrap_err();
    assert!(nanos.contains("a pair of seconds and of nanoseconds within one"), "{nanos}");
}

/// A format has to say what comes next for what no table says.
#[test]
fn documents_and_unknown_members_need_a_format_that_says_what_they_are() {
    let document: Document = serde_json::from_value(json!({ "a": [1, -1, 1.5, "x", true, null, {}] })).unwrap();
    assert_eq!(by_cbor(&document), document);
    assert!(bincode::deserialize::<Document>(&bincode::serialize(&document).unwrap()).is_err());
    let later = std::collections::HashMap::from([("later", Some("x")), ("Label", Some("a"))]);
    let read: Places = of_cbor(&to_cbor(&later)).unwrap();
    assert_eq!(read.label.as_deref(), Some("a"));
    assert!(bincode::deserialize::<Places>(&bincode::serialize(&later).unwrap()).is_err());
}
