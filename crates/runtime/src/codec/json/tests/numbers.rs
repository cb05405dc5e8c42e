//! Numbers of any size: every digit that arrives is there, and goes out again.

use std::collections::HashMap;

use super::{check_error, read, write};
use crate::codec::fixture::structure;
use crate::primitives::{BigDecimal, BigInteger};
use crate::wire::Member;

structure!(Numbers {
    0 whole: Option<BigInteger> = Member::body("whole"),
    1 decimal: Option<BigDecimal> = Member::body("decimal"),
    2 dense: Option<Vec<BigDecimal>> = Member::body("dense"),
    3 sparse: Option<HashMap<String, Option<BigInteger>>> = Member::body("sparse"),
});

#[test]
fn digits_are_kept() {
    let long = "7".repeat(5_000);
    for text in [
        "{}",
        r#"{"whole":-18446744073709551616,"decimal":0.10000000000000000000000000000000000000000000010}"#,
        r#"{"whole":0,"decimal":-1.50E+400,"dense":[1,2.0,3e-5],"sparse":{"a":null,"b":1}}"#,
        &format!(r#"{{"whole":{long},"decimal":-{long}.{long}}}"#),
    ] {
        let numbers: Numbers = read(text.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(write(&numbers).unwrap()).unwrap(), text);
    }
}

#[test]
fn an_integer_may_be_spelt_as_a_decimal() {
    for (text, expected) in [("1.0", "1"), ("-1.50e1", "-15"), ("1E20", "100000000000000000000"), ("-0", "-0")] {
        let numbers: Numbers = read(format!(r#"{{"whole":{text}}}"#).as_bytes()).unwrap();
        assert_eq!(numbers.whole.map(|whole| whole.to_string()).as_deref(), Some(expected));
    }
}

#[test]
fn nothing_else_is_a_number() {
    for (value, expected) in [
        (r#""whole":1.5"#, "whole: expected an integer, found 1.5 (at byte 9)"),
        (r#""whole":1e999999999"#, "whole: expected an integer, found 1e999999999 (at byte 9)"),
        (r#""whole":"1""#, "whole: expected an integer, found \"1\" (at byte 9)"),
        (r#""decimal":"NaN""#, "decimal: expected a number, found \"NaN\" (at byte 11)"),
        (r#""decimal":01"#, "decimal: expected no leading zero in a number, found '0' (at byte 11)"),
        (r#""dense":[1,true]"#, "dense[1]: expected a number, found true (at byte 12)"),
        (r#""dense":[1,-]"#, "dense[1]: expected a digit, found ']' (at byte 13)"),
    ] {
        check_error::<Numbers>(&format!("{{{value}}}"), expected);
    }
}
