//! A shape with a member of every kind, as generated code has them, and values of it that are drawn from bytes.

use std::collections::HashMap;

use arbitrary::{Arbitrary, Result, Unstructured};
use tinsmith_runtime::primitives::{BigDecimal, BigInteger, Blob, DateTime, Document};
use tinsmith_runtime::wire::{Facets, Member, TimestampFormat};
use tinsmith_runtime::{members, union};

/// A member of every kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everything {
    pub text: Option<String>,
    pub flag: Option<bool>,
    pub byte: Option<i8>,
    pub long: Option<i64>,
    pub single: Option<f32>,
    pub double: Option<f64>,
    pub blob: Option<Blob>,
    pub epoch: Option<DateTime>,
    pub date_time: Option<DateTime>,
    pub http_date: Option<DateTime>,
    pub integer: Option<BigInteger>,
    pub decimal: Option<BigDecimal>,
    pub dense: Option<Vec<i32>>,
    pub sparse: Option<Vec<Option<String>>>,
    pub dense_map: Option<HashMap<String, f64>>,
    pub sparse_map: Option<HashMap<String, Option<bool>>>,
    pub flat: Option<Vec<String>>,
    pub nested: Option<Box<Everything>>,
    pub choice: Option<Choice>,
    pub document: Option<Document>,
}

static FLATTENED: Facets = Facets { flattened: true, ..Facets::NONE };

members! {
    Everything {
        text: Option<&str> = Member::body("text"),
        flag: Option<bool> = Member::body("flag"),
        byte: Option<i8> = Member::body("byte"),
        long: Option<i64> = Member::body("long"),
        single: Option<f32> = Member::body("single"),
        double: Option<f64> = Member::body("double"),
        blob: Option<&Blob> = Member::body("blob"),
        epoch: Option<&DateTime> = Member::body("epoch").timestamp(TimestampFormat::EpochSeconds),
        date_time: Option<&DateTime> = Member::body("dateTime").timestamp(TimestampFormat::DateTime),
        http_date: Option<&DateTime> = Member::body("httpDate").timestamp(TimestampFormat::HttpDate),
        integer: Option<&BigInteger> = Member::body("integer"),
        decimal: Option<&BigDecimal> = Member::body("decimal"),
        dense: &[i32] = Member::body("dense"),
        sparse: &[Option<String>] = Member::body("sparse"),
        dense_map: Option<&HashMap<String, f64>> = Member::body("denseMap"),
        sparse_map: Option<&HashMap<String, Option<bool>>> = Member::body("sparseMap"),
        flat: &[String] = Member::body("flat").with(&FLATTENED),
        nested: Option<&Everything> = Member::body("nested"),
        choice: Option<&Choice> = Member::body("choice"),
        document: Option<&Document> = Member::body("document"),
    }
}

union! {
    /// One of some.
    pub enum Choice {
        /// Text.
        #[methods(is_text, as_text)]
        Text(String) = Member::body("text"),
        /// A number.
        #[methods(is_number, as_number)]
        Number(i32) = Member::body("number"),
        /// One of some, again.
        #[methods(is_inner, as_inner)]
        Inner(Box<Choice>) = Member::body("inner"),
        /// Nothing.
        #[methods(is_nothing, as_nothing)]
        Nothing = Member::body("nothing"),
    }
}

/// A value that every codec can carry to the last digit: times of the years 1 to 9999, to the microsecond.
impl<'a> Arbitrary<'a> for Everything {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        nested(u, 4)
    }
}

fn nested(u: &mut Unstructured<'_>, depth: usize) -> Result<Everything> {
    Ok(Everything {
        text: u.arbitrary()?,
        flag: u.arbitrary()?,
        byte: u.arbitrary()?,
        long: u.arbitrary()?,
        single: u.arbitrary()?,
        double: u.arbitrary()?,
        blob: u.arbitrary::<Option<Vec<u8>>>()?.map(Blob::new),
        epoch: time(u, 1_000)?,
        date_time: time(u, 1_000)?,
        http_date: time(u, 1_000_000_000)?,
        integer: integer(u)?,
        decimal: u.arbitrary::<Option<f64>>()?.and_then(|float| format!("{float:e}").parse().ok()),
        dense: u.arbitrary()?,
        sparse: u.arbitrary()?,
        dense_map: u.arbitrary()?,
        sparse_map: u.arbitrary()?,
        flat: u.arbitrary()?,
        nested: if depth > 0 && u.arbitrary()? { Some(Box::new(nested(u, depth - 1)?)) } else { None },
        choice: if u.arbitrary()? { Some(choice(u, depth)?) } else { None },
        // Nothing, as a member, is one that is not there.
        document: Some(crate::document::draw(u, depth)?).filter(|document| !document.is_null()),
    })
}

/// A time of a whole number of so many nanoseconds.
fn time(u: &mut Unstructured<'_>, whole: u32) -> Result<Option<DateTime>> {
    if !u.arbitrary()? {
        return Ok(None);
    }
    let seconds = u.int_in_range(-62_135_596_800..=253_402_300_799)?;
    let nanos = u.int_in_range(0..=999_999_999)?;
    Ok(Some(DateTime::from_secs_and_nanos(seconds, nanos / whole * whole)))
}

fn integer(u: &mut Unstructured<'_>) -> Result<Option<BigInteger>> {
    let number: Option<i128> = u.arbitrary()?;
    Ok(number.and_then(|number| number.to_string().parse().ok()))
}

fn choice(u: &mut Unstructured<'_>, depth: usize) -> Result<Choice> {
    Ok(match u.int_in_range(0..=3)? {
        0 => Choice::Text(u.arbitrary()?),
        1 => Choice::Number(u.arbitrary()?),
        2 if depth > 0 => Choice::Inner(Box::new(choice(u, depth - 1)?)),
        _ => Choice::Nothing,
    })
}
