//! Shapes of every kind as JSON, as `serde_json::Value`, and in formats that are not for people.
#![allow(dead_code, unreachable_pub, reason = "the macros are made for crates, and define more than is tested here")]

mod binary;
mod faults;
mod primitives;

use serde_json::{Value, json};

use super::{Deserialize, Deserializer, Serialize, Serializer};
use crate::codec::fixture::{Choice, Everything, Page, page};
use crate::http::Body;
use crate::primitives::{Blob, ByteStream};
use crate::wire::{Facets, Member, Place, StreamMember};
use crate::{members, open_enum, union};

/// Gives shapes of the fixtures what `data!` gives generated ones.
macro_rules! fixtures {
    ($($name:ident)*) => {$( crate::data! { $name } )*};
}

fixtures!(Everything Choice Page);

/// A shape whose members travel in all places, under other names than the model's.
#[derive(Clone, Debug, Default, PartialEq)]
struct Places {
    label: Option<String>,
    size: Option<i32>,
    tags: Option<std::collections::HashMap<Color, String>>,
    status: i32,
    payload: Option<Blob>,
}

members! {
    Places {
        label: Option<&str> = Member::label("the-label").called("Label"),
        size: Option<i32> = Member::header("X-Size").called("Size"),
        tags: Option<&std::collections::HashMap<Color, String>> = Member::at(Place::PrefixHeaders, "X-Tag-").called("Tags"),
        status: i32 = Member::at(Place::ResponseCode, "").called("Status"),
        payload: Option<&Blob> = Member::at(Place::Payload, "").with(&Facets::NONE).called("Payload"),
    }
}

/// A shape that has a stream.
#[derive(Debug, Default)]
struct Upload {
    name: Option<String>,
    content: ByteStream,
}

members! {
    Upload with content: ByteStream = StreamMember::new("content").called("Content"); {
        name: Option<&str> = Member::body("Name"),
    }
}

/// A shape without members.
#[derive(Debug, Default, PartialEq)]
struct Empty;

members!(Empty);

open_enum! {
    /// A color.
    pub enum Color {
        /// Red.
        Red = "red",
    }
}

union! {
    /// A form.
    pub enum Form {
        /// A number of corners.
        #[methods(is_corners, as_corners)]
        Corners(i32) = Member::body("corners"),
        /// None.
        #[methods(is_round, as_round)]
        Round = Member::body("round-form").called("Round"),
        /// One within another.
        #[methods(is_within, as_within)]
        Within(Box<Form>) = Member::body("within"),
    }
}

/// Reads and writes a value by text and by `Value`, which gives `data` again.
fn check<T: Serialize + for<'de> Deserialize<'de> + std::fmt::Debug>(data: Value) -> T {
    check_as(data.clone(), data)
}

/// Reads and writes a value, which gives `expected`, and then that again.
fn check_as<T: Serialize + for<'de> Deserialize<'de> + std::fmt::Debug>(data: Value, expected: Value) -> T {
    let mut value: T = serde_json::from_str(&data.to_string()).unwrap();
    for _ in 0..2 {
        let text = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected, "written as text");
        assert_eq!(serde_json::to_value(&value).unwrap(), expected, "written as a value");
        value = serde_json::from_value(expected.clone()).unwrap();
    }
    value
}

#[test]
fn every_kind_of_member_goes_both_ways() {
    check::<Everything>(json!({
        "text": "é\n\"", "flag": false, "byte": -128, "long": i64::MIN, "single": 0.5, "double": 1e300, "blob": "AAEC/w==",
        "epoch": "2019-12-16T23:48:18.123456789Z", "dateTime": "0001-01-01T00:00:00Z", "httpDate": "9999-12-31T23:59:59Z",
        "dense": [1, 2], "sparse": [null, 3], "denseMap": {"b": "2", "a": "1"}, "sparseMap": {"x": null, "y": ""},
        "nested": {"nested": {"text": "", "plain": {}, "count": 0}, "plain": {}, "count": 7},
        "choice": {"inner": {"inner": {"number": 7}}}, "dates": ["1969-12-31T23:59:59.5Z"],
        "plain": {"second": 2}, "count": 8, "matrix": [[], [1, -1]],
    }));
    let page = page(3).replace(",\"NextMarker\":null", "").replace("\"LicenseInfo\":null,", "");
    check::<Page>(serde_json::from_str(&page).unwrap());
    assert_eq!(check::<Empty>(json!({})), Empty);
}

#[test]
fn members_go_by_the_names_of_the_model() {
    let places = check::<Places>(json!({
        "Label": "a", "Size": 1, "Tags": {"blue": "2", "red": "1"}, "Status": 200, "Payload": "aGk=",
    }));
    assert_eq!((places.payload, places.status), (Some(Blob::new("hi")), 200));
    // The names on the wire are none.
    check_as::<Places>(json!({ "the-label": "a", "X-Size": 1, "": 3 }), json!({ "Status": 0 }));
}

#[test]
fn what_is_absent_null_or_unknown_leaves_what_default_gives() {
    let count = json!({ "count": 7, "plain": {} });
    check_as::<Everything>(json!({}), count.clone());
    check_as::<Everything>(json!({ "count": null, "text": null, "nested": null, "dense": null, "plain": null }), count);
    let unknown = json!({ "Later": { "a": [1, {}] }, "Other": null, "dense": [1, null, 2], "denseMap": { "a": null } });
    check_as::<Everything>(unknown, json!({ "dense": [1, 2], "denseMap": {}, "count": 7, "plain": {} }));
    check_as::<Everything>(
        json!({ "long": 1.0, "byte": -0.0 }),
        json!({ "long": 1, "byte": 0, "count": 7, "plain": {} }),
    );
}

#[test]
fn a_member_that_comes_twice_is_the_last_one() {
    let read = |text: &str| serde_json::to_value(serde_json::from_str::<Everything>(text).unwrap()).unwrap();
    let once = json!({ "text": "b", "plain": { "second": 2 }, "count": 7 });
    assert_eq!(read(r#"{"text":"a","plain":{"first":1},"plain":{"second":2},"text":"b"}"#), once);
}

#[test]
fn numbers_without_digits_are_words() {
    for word in ["NaN", "Infinity", "-Infinity"] {
        check::<Everything>(json!({ "single": word, "double": word, "plain": {}, "count": 7 }));
    }
}

#[test]
fn unions_are_maps_of_one() {
    assert_eq!(check::<Form>(json!({ "corners": 3 })), Form::Corners(3));
    assert_eq!(check::<Form>(json!({ "Round": {} })), Form::Round);
    assert_eq!(check::<Form>(json!({ "within": { "Round": {} } })), Form::Within(Box::new(Form::Round)));
    let extra = json!({ "corners": null, "__type": "a.b#Form", "Round": { "later": 1 }, "new": null });
    assert_eq!(check_as::<Form>(extra, json!({ "Round": {} })), Form::Round);
    let unknown: Form = serde_json::from_value(json!({ "new": { "a": 1 } })).unwrap();
    assert!(unknown.is_unknown());
}

#[test]
fn enums_are_open() {
    assert_eq!(check::<Color>(json!("red")), Color::Red);
    assert_eq!(check::<Color>(json!("blue")).as_str(), "blue");
}

#[test]
fn a_stream_is_its_bytes_where_these_are_in_memory() {
    let upload = check::<Upload>(json!({ "Name": "a", "Content": "aGk=" }));
    assert_eq!(upload.content.bytes(), Some(&b"hi"[..]));
    assert!(check_as::<Upload>(json!({ "Content": null }), json!({})).content.bytes().is_some_and(<[u8]>::is_empty));
    let taken = Upload { content: ByteStream::new(Body::taken()), ..Upload::default() };
    let error = serde_json::to_string(&taken).unwrap_err().to_string();
    assert!(error.ends_with("`collect` them first for `Content`"), "{error}");
}

/// A structure of a program, which holds one of ours.
struct Mine(Option<Places>);

impl Serialize for Mine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Mine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self)
    }
}

#[test]
fn shapes_stand_within_the_types_of_a_program() {
    let read = |text: &str| serde_json::from_str::<Mine>(text).unwrap();
    assert_eq!(serde_json::to_string(&read("null")).unwrap(), "null");
    assert_eq!(serde_json::to_string(&read(r#"{"Size":3}"#)).unwrap(), r#"{"Size":3,"Status":0}"#);
}
