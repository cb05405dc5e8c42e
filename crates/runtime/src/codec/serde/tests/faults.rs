//! What cannot be read or written: each error names the path of members, and what was expected there.

use serde_json::{Value, json};

use super::{Everything, Form, Upload};
use crate::codec::fixture::Choice;
use crate::codec::serde::{Deserialize, MAX_DEPTH};
use crate::primitives::{DateTime, Document};

fn fault<T: for<'de> Deserialize<'de>>(data: &Value) -> String {
    let by_value = serde_json::from_value::<T>(data.clone()).err().expect("it can be read").to_string();
    let by_text = serde_json::from_str::<T>(&data.to_string()).err().expect("it can be read").to_string();
    assert!(by_text.starts_with(&by_value), "{by_text}");
    by_value
}

#[test]
fn values_of_other_types_are_named_by_their_path() {
    let check = |data: Value, expected: &str| assert_eq!(fault::<Everything>(&data), expected, "{data}");
    check(json!([]), "invalid type: sequence, expected a map of members");
    check(json!({ "text": 1 }), "invalid type: integer `1`, expected a string for `text`");
    check(json!({ "flag": "true" }), "invalid type: string \"true\", expected true or false for `flag`");
    check(json!({ "byte": 128 }), "invalid value: integer `128`, expected an integer from -128 to 127 for `byte`");
    check(
        json!({ "long": 0.5 }),
        "invalid value: floating point `0.5`, expected an integer from -9223372036854775808 to 9223372036854775807 for `long`",
    );
    check(
        json!({ "long": 9223372036854775808u64 }),
        "invalid value: integer `9223372036854775808`, expected an integer from -9223372036854775808 to 9223372036854775807 \
         for `long`",
    );
    check(
        json!({ "nested": { "matrix": [[1], [2, "3"]] } }),
        "invalid type: other text, expected an integer from -32768 to 32767 for `nested.matrix[1][1]`",
    );
    check(json!({ "double": "1.5" }), "invalid type: other text, expected a number of double precision for `double`");
    check(
        json!({ "single": 1e39 }),
        "invalid value: floating point `1e+39`, expected a number of single precision for `single`",
    );
    check(json!({ "blob": "se-cret" }), "invalid value: other text, expected base64 in a string for `blob`");
    check(
        json!({ "dates": ["2020-01-01T00:00:00Z", "today"] }),
        "invalid value: other text, expected a date-time like 2019-12-16T23:48:18Z for `dates[1]`",
    );
    check(json!({ "denseMap": { "a.b\n": {} } }), "invalid type: map, expected a string for `denseMap.a.b\\n`");
}

#[test]
fn unions_hold_one_member() {
    let one = "expected exactly one member in a union";
    for (data, length) in [
        (json!({}), 0),
        (json!({ "corners": null, "__type": "x" }), 0),
        (json!({ "corners": 1, "Round": {} }), 2),
        (json!({ "corners": 1, "new": {} }), 2),
        (json!({ "new": {}, "newer": {} }), 2),
    ] {
        assert_eq!(fault::<Form>(&data), format!("invalid length {length}, {one}"), "{data}");
    }
    let within = json!({ "choice": { "inner": {} } });
    assert_eq!(fault::<Everything>(&within), format!("invalid length 0, {one} for `choice.inner`"));
}

#[test]
fn what_has_no_spelling_is_not_written() {
    let fault = |value: Everything| serde_json::to_string(&value).unwrap_err().to_string();
    let choice = Some(Choice::Inner(Box::new(Choice::Unknown)));
    assert_eq!(
        fault(Everything { choice, ..Everything::default() }),
        "an unknown variant cannot be written: it is known only to the service for `choice.inner`"
    );
    let dates = Some(vec![DateTime::from_secs(0), DateTime::from_secs(i64::MAX)]);
    assert_eq!(
        fault(Everything { dates, ..Everything::default() }),
        "a year between 1 and 9999 was expected for `dates[1]`"
    );
    assert!(serde_json::to_string(&Upload::default()).is_ok());
}

#[test]
fn nesting_is_bounded() {
    // `serde_json` has a bound of its own for text, and none for what is in memory.
    let nested = |depth: usize, inner: Value| (1..depth).fold(inner, |inner, _| json!({ "nested": inner }));
    let read = serde_json::from_value::<Everything>;
    assert!(read(nested(MAX_DEPTH, json!({ "text": "" }))).is_ok());
    for inner in [json!({ "plain": {} }), json!({ "dense": [] }), json!({ "denseMap": {} })] {
        let error = read(nested(MAX_DEPTH, inner)).unwrap_err().to_string();
        assert!(error.starts_with("expected no deeper nesting than 128 for `nested.nested."), "{error}");
    }
    let array = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert!(serde_json::from_value::<Document>(array(MAX_DEPTH)).is_ok());
    assert!(serde_json::from_value::<Document>(array(MAX_DEPTH + 1)).is_err());
}
