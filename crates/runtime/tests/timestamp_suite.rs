//! The suite of timestamps: every format, parsed and written. Cases are those found in `conformance/timestamps`.

use std::error::Error;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tinsmith_runtime::primitives::{DateTime, DateTimeFormat};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/timestamps", trials)
}

/// A trial a case, named by its section, place and time.
fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let suite: Value = serde_json::from_str(&fs::read_to_string(folder.join("date_time_format_test_suite.json"))?)?;
    let mut trials = Vec::new();
    for (section, cases) in suite.as_object().ok_or("the suite is no object")? {
        let check = match section.split_once('_') {
            Some(("parse", _)) => check_parse,
            Some(("format", _)) => check_format,
            _ => continue,
        };
        let format = match section.split_once('_').map(|(_, format)| format) {
            Some("epoch_seconds") => DateTimeFormat::EpochSeconds,
            Some("http_date") => DateTimeFormat::HttpDate,
            Some("date_time") => DateTimeFormat::DateTime,
            _ => return Err(format!("there is no format for {section}").into()),
        };
        for (index, case) in cases.as_array().ok_or("a section is no list")?.iter().enumerate() {
            let name = format!("{section}::{index:03}::{}", case["iso8601"].as_str().unwrap_or_default());
            let case = case.clone();
            trials.push(Trial::test(name, move || check(&case, format).map_err(|e| Failed::from(e.to_string()))));
        }
    }
    if trials.is_empty() { Err("it holds no case".into()) } else { Ok(trials) }
}

fn check_parse(case: &Value, format: DateTimeFormat) -> Outcome<()> {
    let text = case["smithy_format_value"].as_str().ok_or("the case has no text")?;
    compare(case, DateTime::from_str(text, format).ok(), canonical(case)?)
}

fn check_format(case: &Value, format: DateTimeFormat) -> Outcome<()> {
    let text = case["smithy_format_value"].as_str().unwrap_or_default().to_owned();
    compare(case, canonical(case)?.fmt(format).ok(), text)
}

/// Compares a result with what the case expects: an error or this value.
fn compare<T: PartialEq + std::fmt::Debug>(case: &Value, got: Option<T>, value: T) -> Outcome<()> {
    let expected =
        if case["error"].as_bool().ok_or("the case does not say whether it fails")? { None } else { Some(value) };
    if got == expected { Ok(()) } else { Err(format!("expected {expected:?}, got {got:?}").into()) }
}

fn canonical(case: &Value) -> Outcome<DateTime> {
    let seconds = case["canonical_seconds"].as_str().ok_or("the case has no seconds")?.parse()?;
    let nanos = case["canonical_nanos"].as_u64().ok_or("the case has no nanoseconds")?;
    Ok(DateTime::from_secs_and_nanos(seconds, u32::try_from(nanos)?))
}
