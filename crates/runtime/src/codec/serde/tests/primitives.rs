//! The values of `primitives` by themselves.

use serde_json::{Value, json};

use super::{check, check_as};
use crate::codec::serde::{Deserialize, Serialize};
use crate::primitives::{BigDecimal, BigInteger, Blob, ByteStream, DateTime, Document, Number};

#[test]
fn values_go_both_ways() {
    check::<Blob>(json!("AAEC"));
    assert_eq!(check::<ByteStream>(json!("aGk=")).bytes(), Some(&b"hi"[..]));
    check::<DateTime>(json!("2019-12-16T23:48:18.52Z"));
    let with_offset = json!("2019-12-17T00:48:18+01:00");
    let time = check_as::<DateTime>(with_offset, json!("2019-12-16T23:48:18Z"));
    assert_eq!(time, DateTime::from_secs(1_576_540_098));
    for number in [json!(u64::MAX), json!(i64::MIN), json!(0), json!(-1), json!(1.5), json!(1e300)] {
        check::<Number>(number);
    }
    for word in ["NaN", "Infinity", "-Infinity"] {
        assert!(matches!(check::<Number>(json!(word)), Number::Float(value) if !value.is_finite()));
    }
    for other in ["1", "nan", "inf", ""] {
        assert!(serde_json::from_value::<Number>(json!(other)).is_err(), "{other}");
    }
}

#[test]
fn numbers_of_any_size_keep_their_digits_as_text() {
    check::<BigInteger>(json!("-123456789012345678901234567890"));
    check::<BigDecimal>(json!("0.100e-4000"));
    check_as::<BigInteger>(json!(u64::MAX), json!("18446744073709551615"));
    check_as::<BigDecimal>(json!(-7), json!("-7"));
    check_as::<BigDecimal>(json!(0.1), json!("0.1"));
    let fault = |data: Value| serde_json::from_value::<BigInteger>(data).unwrap_err().to_string();
    assert_eq!(
        fault(json!(1e30)),
        "invalid type: floating point `1e+30`, expected an integer, as text where it is large"
    );
    assert_eq!(fault(json!("1.0")), "invalid value: other text, expected an integer, as text where it is large");
    assert!(serde_json::from_value::<BigDecimal>(json!("1.")).is_err());
}

#[test]
fn documents_are_what_they_say() {
    let data = json!({ "a": [1, -1, 1.5, "x", true, null, {}], "b": { "c": u64::MAX } });
    let document = check::<Document>(data);
    assert_eq!(document.as_object().and_then(|entries| entries.get("a")?.as_array()).map(Vec::len), Some(7));
    assert_eq!(serde_json::to_value(Document::from(f64::NAN)).unwrap(), json!("NaN"));
}

/// With its feature `arbitrary_precision`, `serde_json` gives numbers as maps with one entry.
#[test]
fn numbers_may_come_with_all_their_digits() {
    let number = |digits: &str| json!({ "$serde_json::private::Number": digits });
    fn read<T: for<'de> Deserialize<'de> + Serialize>(data: Value) -> Value {
        serde_json::from_value::<T>(data).and_then(serde_json::to_value).unwrap()
    }
    assert_eq!(read::<Document>(json!([number("1.5"), number("7")])), json!([1.5, 7]));
    assert_eq!(read::<Number>(number("-1e3")), json!(-1000.0));
    let long = "12345678901234567890123.4567890";
    assert_eq!(read::<BigDecimal>(number(long)), json!(long));
    assert_eq!(read::<BigInteger>(number("36893488147419103232")), json!("36893488147419103232"));
    assert_eq!(read::<super::Everything>(json!({ "double": number("1e-7") }))["double"], json!(1e-7));
    assert!(serde_json::from_value::<super::Everything>(json!({ "double": { "a": "1" } })).is_err());
    for (digits, long) in [("7", 7), ("1.00", 1), ("1e3", 1000), ("-9223372036854775808", i64::MIN), ("0e99", 0)] {
        assert_eq!(read::<super::Everything>(json!({ "long": number(digits) }))["long"], json!(long), "{digits}");
        assert_eq!(read::<BigInteger>(number(digits)), json!(long.to_string()), "{digits}");
    }
    for digits in ["1.5", "1e-1", "9223372036854775808", "1e99"] {
        let read = serde_json::from_value::<super::Everything>(json!({ "long": number(digits) }));
        assert!(read.is_err(), "{digits}");
    }
    assert!(serde_json::from_value::<Document>(number("1e999")).is_err());
}

/// Only what is a number in all is taken for one.
#[test]
fn maps_may_have_the_name_that_stands_for_numbers() {
    let name = "$serde_json::private::Number";
    for data in [
        json!({ name: { "a": 1 } }),
        json!({ name: "7", "b": 1 }),
        json!({ name: "seven" }),
        json!({ name: "+7" }),
        json!({ name: null }),
    ] {
        check::<Document>(data);
    }
}
