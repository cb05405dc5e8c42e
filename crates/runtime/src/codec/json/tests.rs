//! What the reader accepts and makes of it, beside `serde_json` where that is the measure; and what the writer writes.

mod against_serde;
mod names;
mod numbers;

use std::collections::HashMap;
use std::fmt::Debug;

use super::{MAX_DEPTH, read, write};
use crate::codec::fixture::{Choice, Count, Everything, Page, Required, Runtime, page};
use crate::primitives::{Blob, DateTime, Document};
use crate::wire::Wire;

/// A document with a member of every kind, as the writer has it but for one escape.
const EVERYTHING: &str = concat!(
    r#"{"text":"a\"\\\/\u0001é\n","flag":true,"byte":-128,"long":9007199254740993,"single":1.1,"double":1e300,"#,
    r#""blob":"Zm9v","epoch":1398796238.5,"dateTime":"2014-04-29T18:30:38Z","#,
    r#""httpDate":"Tue, 29 Apr 2014 18:30:38 GMT","dense":[1,2],"sparse":[1,null],"denseMap":{"a":"b","c":"d"},"#,
    r#""sparseMap":{"a":null,"b":"c"},"nested":{"nested":{"text":"","plain":{},"count":7},"plain":{},"count":7},"#,
    r#""choice":{"inner":{"number":5}},"dates":["1970-01-01T00:00:00Z"],"plain":{"first":1,"second":2},"count":8,"#,
    r#""matrix":[[1],[],[2,3]]}"#
);

fn check(text: &str, expected: Everything) {
    assert_eq!(read::<Everything>(text.as_bytes()).unwrap(), expected, "{text}");
}

fn check_error<T: Wire + Debug>(text: &str, error: &str) {
    assert_eq!(read::<T>(text.as_bytes()).unwrap_err().to_string(), error, "{text}");
}

fn none() -> Everything {
    Everything::default()
}

#[test]
fn a_page_is_read_in_whatever_order_its_members_are() {
    let read: Page = read(page(3).as_bytes()).unwrap();
    assert_eq!(read.next_marker, None);
    let layers = read.layers.unwrap();
    assert_eq!(layers.len(), 3);
    assert_eq!(layers[2].layer_name.as_deref(), Some("layer-3"));
    let version = layers[2].latest_matching_version.as_ref().unwrap();
    assert_eq!(version.version, 3);
    assert_eq!(version.description.as_deref(), Some("Helpers \"of\" the team, number 3"));
    assert_eq!(version.license_info, None);
    let runtimes = [Runtime::Python312, Runtime::Unknown("python3.13".to_owned())];
    assert_eq!(version.compatible_runtimes.as_deref(), Some(&runtimes[..]));
}

/// Text that could be elements asks for room, once there is reason to believe so, and never for much more than there was reason.
#[test]
fn room_for_a_list_is_in_proportion_to_what_came() {
    let rest = "x".repeat(1_000_000);
    let value: Everything = read(format!(r#"{{"dense":[1,2,3,4,5],"text":"{rest}"}}"#).as_bytes()).unwrap();
    let dense = value.dense.unwrap();
    assert!(dense.capacity() <= 64, "{}", dense.capacity());

    let rows = "[1,2,3,4,5],".repeat(1_000);
    let Document::Array(rows) = read(format!("[{rows}[]]").as_bytes()).unwrap() else { panic!() };
    let Document::Array(row) = &rows[500] else { panic!() };
    assert!(row.capacity() <= 8, "{}", row.capacity());
    assert!(rows.capacity() <= 2 * rows.len(), "{}", rows.capacity());
}

#[test]
fn every_kind_of_member_is_read_and_written_back() {
    let time = DateTime::from_secs(1398796238);
    let inner = Everything { text: Some(String::new()), ..none() };
    let value = Everything {
        text: Some("a\"\\/\u{1}é\n".to_owned()),
        flag: Some(true),
        byte: Some(-128),
        long: Some(9007199254740993),
        single: Some(1.1),
        double: Some(1e300),
        blob: Some(Blob::new("foo")),
        epoch: Some(DateTime::from_millis(1398796238500)),
        date_time: Some(time),
        http_date: Some(time),
        dense: Some(vec![1, 2]),
        sparse: Some(vec![Some(1), None]),
        dense_map: Some([("a".to_owned(), "b".to_owned()), ("c".to_owned(), "d".to_owned())].into()),
        sparse_map: Some([("a".to_owned(), None), ("b".to_owned(), Some("c".to_owned()))].into()),
        nested: Some(Box::new(Everything { nested: Some(Box::new(inner)), ..none() })),
        choice: Some(Choice::Inner(Box::new(Choice::Number(5)))),
        dates: Some(vec![DateTime::from_secs(0)]),
        plain: Required { first: Some(1), second: Some(2) },
        count: Count(8),
        matrix: Some(vec![vec![1], vec![], vec![2, 3]]),
    };
    check(EVERYTHING, value.clone());
    assert_eq!(String::from_utf8(write(&value).unwrap()).unwrap(), EVERYTHING.replace(r"\/", "/"));
}

#[test]
fn floats_without_digits_are_text() {
    let text = r#"{"single":"-Infinity","double":"NaN","plain":{},"count":7}"#;
    let value: Everything = read(text.as_bytes()).unwrap();
    assert_eq!(value.single, Some(f32::NEG_INFINITY));
    assert!(value.double.is_some_and(f64::is_nan));
    assert_eq!(write(&value).unwrap(), text.as_bytes());
    let whole = Everything { single: Some(0.1), double: Some(5.0), ..none() };
    assert_eq!(write(&whole).unwrap(), br#"{"single":0.1,"double":5.0,"plain":{},"count":7}"#);
}

#[test]
fn what_is_absent_or_null_leaves_a_member_as_it_was() {
    check("", none());
    check(" { } ", none());
    let names: Vec<_> = Everything::MEMBERS.iter().map(|member| format!("\"{}\":null", member.name)).collect();
    check(&format!("{{{}}}", names.join(" , ")), none());
    check(
        r#"{"x":1,"y":{"a":[{"b":null}],"c":[]},"nested":{"z":"\ud800"}}"#,
        Everything { nested: Some(Box::default()), ..none() },
    );
}

#[test]
fn nulls_stay_in_what_is_sparse_and_go_from_what_is_dense() {
    check(
        r#"{"dense":[null,1,null],"sparse":[null,1,null],"matrix":[null,[null,1]]}"#,
        Everything {
            dense: Some(vec![1]),
            sparse: Some(vec![None, Some(1), None]),
            matrix: Some(vec![vec![1]]),
            ..none()
        },
    );
    check(
        r#"{"denseMap":{"a":null},"sparseMap":{"a":null}}"#,
        Everything { dense_map: Some(HashMap::new()), sparse_map: Some([("a".to_owned(), None)].into()), ..none() },
    );
}

#[test]
fn the_last_of_duplicate_names_wins() {
    check(
        r#"{"long":1,"long":2,"text":"a","text":null,"dense":[1,2],"dense":[3]}"#,
        Everything { long: Some(2), dense: Some(vec![3]), ..none() },
    );
    check(
        r#"{"plain":{"first":1},"plain":{"second":2}}"#,
        Everything { plain: Required { first: None, second: Some(2) }, ..none() },
    );
    check(
        r#"{"nested":{"text":"a","plain":{"first":1}},"nested":{"plain":{"second":2}}}"#,
        Everything {
            nested: Some(Box::new(Everything { plain: Required { first: None, second: Some(2) }, ..none() })),
            ..none()
        },
    );
    check(
        r#"{"choice":{"inner":{"text":"a"},"inner":{"number":5}}}"#,
        Everything { choice: Some(Choice::Inner(Box::new(Choice::Number(5)))), ..none() },
    );
    check(
        r#"{"denseMap":{"a":"1","a":"2"},"choice":{"text":"a","text":"b"}}"#,
        Everything {
            dense_map: Some([("a".to_owned(), "2".to_owned())].into()),
            choice: Some(Choice::Text("b".to_owned())),
            ..none()
        },
    );
}

#[test]
fn names_may_be_spelt_with_escapes() {
    check(
        r#"{"\u0074ext":"a","te\u0078t2":"b","denseMap":{"\n":"c"}}"#,
        Everything {
            text: Some("a".to_owned()),
            dense_map: Some([("\n".to_owned(), "c".to_owned())].into()),
            ..none()
        },
    );
}

#[test]
fn integers_may_be_spelt_as_floats_and_nothing_else() {
    for (text, long) in [
        ("1.0", 1),
        ("1e2", 100),
        ("-0", 0),
        ("-0.0", 0),
        ("1.50E1", 15),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808.0", i64::MIN),
        ("9007199254740993.0", 9007199254740993),
    ] {
        let read = read::<Everything>(format!(r#"{{"long":{text}}}"#).as_bytes());
        let valid = serde_json::from_str::<f64>(text).is_ok();
        assert_eq!(read.ok().map(|value| value.long), valid.then_some(Some(long)), "{text}");
    }
    let expected = "long: expected an integer from -9223372036854775808 to 9223372036854775807, found";
    for text in ["\"1\"", "1.5", "1e-1", "9223372036854775808", "1e400", "true", "-9223372036854775809"] {
        check_error::<Everything>(&format!(r#"{{"long":{text}}}"#), &format!("{expected} {text} (at byte 8)"));
    }
    check_error::<Everything>(r#"{"byte":128}"#, "byte: expected an integer from -128 to 127, found 128 (at byte 8)");
}

#[test]
fn unions_have_exactly_one_member() {
    let choice = |choice| Everything { choice: Some(choice), ..none() };
    check(r#"{"choice":{"__type":"a#B","text":null,"number":3,"other":null}}"#, choice(Choice::Number(3)));
    check(r#"{"choice":{"other":{"text":[1]}}}"#, choice(Choice::Unknown));
    check(r#"{"choice":null}"#, none());
    let error = "choice: expected exactly one member in a union, found '{' (at byte 10)";
    check_error::<Everything>(r#"{"choice":{}}"#, error);
    check_error::<Everything>(r#"{"choice":{"text":null,"__type":"x"}}"#, error);
    for second in [r#""text":"a""#, r#""other":1"#] {
        let error = read::<Everything>(format!(r#"{{"choice":{{"number":1,{second}}}}}"#).as_bytes()).unwrap_err();
        assert!(error.to_string().contains("expected no second member in a union"), "{error}");
    }
}

#[test]
fn errors_say_where_and_what() {
    let version = page(4).replace("\"Version\":4", "\"Version\":\"4\"");
    let offset = version.find("\"4\"").unwrap();
    let expected = "an integer from -9223372036854775808 to 9223372036854775807";
    let path = "Layers[3].LatestMatchingVersion.Version";
    check_error::<Page>(&version, &format!("{path}: expected {expected}, found \"4\" (at byte {offset})"));
    let error = read::<Page>(version.as_bytes()).unwrap_err();
    assert_eq!((error.path(), error.offset()), (path, Some(offset)));

    for (text, error) in [
        ("[]", "the body: expected an object, found '[' (at byte 0)"),
        ("<html>", "the body: expected an object, found '<' (at byte 0)"),
        (" ", "the body: expected an object, found the end of the body (at byte 1)"),
        ("\u{feff}{}", "the body: expected an object, found '\\u{feff}' (at byte 0)"),
        ("{} x", "the body: expected the end of the document, found 'x' (at byte 3)"),
        (r#"{"NextMarker":"a"#, "NextMarker: expected the end of a string, found the end of the body (at byte 16)"),
        (r#"{"NextMarker":{"a":1}}"#, "NextMarker: expected a string, found an object (at byte 14)"),
        (r#"{"NextMarker":nul}"#, "NextMarker: expected null, found 'n' (at byte 14)"),
        (r#"{"x":[1,{"y\n":tru}]}"#, r#"x[1].y\\n: expected true, found 't' (at byte 15)"#),
        (r#"{"Layers":{}}"#, "Layers: expected an array, found '{' (at byte 10)"),
        ("{\"a\":\"\n\"}", "a: expected no control character inside a string, found '\\n' (at byte 6)"),
    ] {
        check_error::<Page>(text, error);
    }
    let not_text = read::<Page>(b"{\"a\":\"\xff\"}").unwrap_err().to_string();
    assert_eq!(not_text, "the body: expected text in UTF-8, found other bytes (at byte 6)");
    let long = format!(r#"{{"flag":"{}"}}"#, "é\\u001b".repeat(1000));
    let long = read::<Everything>(long.as_bytes()).unwrap_err().to_string();
    assert!(long.len() < 300 && long.contains("found \"é\\u{1b}") && !long.contains('\u{1b}'), "{long}");
}

#[test]
fn nesting_has_an_end() {
    for (depth, fits) in [(128, true), (129, false), (10_000, false), (1_000_000, false)] {
        let arrays = format!("{}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let objects = format!("{}{}{}", r#"{"nested":"#.repeat(depth - 1), "{}", "}".repeat(depth - 1));
        for text in [format!(r#"{{"x":{arrays}}}"#), objects.replace("nested", "x"), objects, "[".repeat(depth)] {
            let error = read::<Everything>(text.as_bytes()).map(drop).map_err(|error| error.to_string());
            let object = text.starts_with('{');
            assert_eq!(error.is_ok(), fits && object, "{error:?}");
            assert!(fits || !object || error.is_err_and(|error| error.contains("no deeper nesting than 128")));
        }
    }
}

#[test]
fn documents_keep_what_they_say() {
    let mut deep = "[".repeat(MAX_DEPTH);
    deep.push_str(&"]".repeat(MAX_DEPTH));
    for text in [
        r#"{"a":[1,-2,0.5,18446744073709551615,null,true],"b":{"c":"d\"e"}}"#,
        r#""text""#,
        "null",
        "[]",
        "-9223372036854775808",
        &deep,
    ] {
        let document: Document = read(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(write(&document).unwrap()).unwrap(), text);
    }
    let large: Document = read(b"18446744073709551616").unwrap();
    assert_eq!(large, Document::from(18446744073709551616.0));
    for (text, expected) in [
        ("[1e400]", "[0]: expected a number of double precision, found 1e400 (at byte 1)"),
        ("{\"a\":x}", "a: expected a value, found 'x' (at byte 5)"),
    ] {
        assert_eq!(read::<Document>(text.as_bytes()).unwrap_err().to_string(), expected);
    }
    assert!(read::<Document>(format!("[{deep}]").as_bytes()).is_err());
}
