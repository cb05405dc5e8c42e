//! The cases of AWS's specification of retries: both revisions of the standard mode (outcome, quota and delay after every
//! response), the rate limit of the adaptive mode, and the error codes that all SDKs agree on.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use libtest_mimic::Trial;
use serde_json::Value;
use tinsmith_runtime::http::Headers;
use tinsmith_runtime::retry::{self, Cubic, Decision, Failure, Policy, Quota, RateLimiter, Skew};
use tinsmith_runtime::transport::TransportErrorKind;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Lists the cases of a file.
type List = fn(&'static str, &Value) -> Outcome<Vec<Trial>>;

const FILES: [(&str, List); 4] = [
    ("standard-2.1", |name, suite| standard(name, suite, Policy::STANDARD)),
    ("standard-2.0", |name, suite| standard(name, suite, Policy::BEFORE_2026)),
    ("adaptive", adaptive),
    ("error-codes", error_codes),
];

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance/retries", trials)
}

fn trials(folder: &Path) -> Outcome<Vec<Trial>> {
    let mut trials = Vec::new();
    for (name, list) in FILES {
        trials.extend(list(name, &serde_json::from_slice(&fs::read(folder.join(format!("{name}.json")))?)?)?);
    }
    Ok(trials)
}

fn trial(file: &str, name: &str, check: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    Trial::test(format!("{file}: {name}"), move || check().map_err(|error| error.to_string().into()))
}

/// Some lists of cases are in one file and not in the other, but none may be in neither.
fn standard(file: &str, suite: &Value, defaults: Policy) -> Outcome<Vec<Trial>> {
    let lists = ["cases", "extra"].into_iter().filter_map(|list| suite[list].as_array());
    let play = |case: Value| {
        let name = case["name"].as_str().unwrap_or_default().to_owned();
        trial(file, &name, move || play(&case, defaults))
    };
    let trials: Vec<Trial> = lists.flatten().cloned().map(play).collect();
    if trials.is_empty() { Err("the suite has no list of cases".into()) } else { Ok(trials) }
}

/// Plays the responses of a case, and compares what is decided after each.
fn play(case: &Value, defaults: Policy) -> Outcome {
    let given = &case["given"];
    let policy = policy(given, defaults);
    let initial = given["initial_retry_tokens"].as_u64().unwrap_or(u64::from(Quota::CAPACITY));
    let quota = Quota::new(u32::try_from(initial)?);
    let random = given["exponential_base"].as_f64().unwrap_or(1.0);
    let (mut attempt, mut spent) = (1, None);
    for step in case["responses"].as_array().ok_or("the case has no responses")? {
        let (response, expected) = (&step["response"], &step["expected"]);
        let (outcome, delay) = if response["status_code"] == 200 {
            quota.give_back(spent.take());
            attempt = 1;
            ("success", None)
        } else {
            match retry::decide(&policy, &quota, attempt, failure(response)?, asked(response), random) {
                Decision::Retry { delay, cost } => {
                    spent = Some(cost);
                    attempt += 1;
                    ("retry_request", Some(delay))
                }
                Decision::GiveUp => ("max_attempts_exceeded", None),
                Decision::QuotaExceeded { delay } => ("retry_quota_exceeded", Some(delay).filter(|d| !d.is_zero())),
            }
        };
        let got = (outcome, u64::from(quota.tokens()), delay.map(|delay| delay.as_secs_f64()));
        let wanted = (
            expected["outcome"].as_str().unwrap_or_default(),
            expected["retry_quota"].as_u64().unwrap_or_default(),
            expected["delay"].as_f64(),
        );
        if got != wanted {
            return Err(format!("after {response}: {got:?}, expected {wanted:?}").into());
        }
    }
    Ok(())
}

fn policy(given: &Value, mut policy: Policy) -> Policy {
    if given["service"] == "dynamodb" {
        (policy.max_attempts, policy.base) = (4, Duration::from_millis(25));
    }
    if let Some(attempts) = given["max_attempts"].as_u64().and_then(|n| u32::try_from(n).ok()) {
        policy.max_attempts = attempts;
    }
    if let Some(seconds) = given["max_backoff_time"].as_f64() {
        policy.max_backoff = Duration::from_secs_f64(seconds);
    }
    policy.long_polling = given["long_polling"] == true;
    policy
}

/// What failed: an answer with a status, or, where there was none, an error of a kind.
fn failure(response: &Value) -> Outcome<Option<Failure>> {
    Ok(match (response["status_code"].as_u64(), response["error_kind"].as_str()) {
        (Some(status), None) => retry::classify_response(u16::try_from(status)?, response["error_code"].as_str(), &[]),
        (None, Some("TransientError")) => retry::classify_transport(TransportErrorKind::ReadTimeout),
        (None, Some("ThrottlingError")) => Some(Failure::Throttling),
        (None, Some("ServerError")) => Some(Failure::Transient),
        other => return Err(format!("a response that nobody knows how to play: {other:?}").into()),
    })
}

fn asked(response: &Value) -> Option<Duration> {
    let pairs = response["headers"].as_object().into_iter().flatten();
    let headers: Headers = pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?))).collect();
    let explicit = response["explicit_delay_s"].as_f64().map(Duration::from_secs_f64);
    explicit.or_else(|| retry::retry_after(&headers, SystemTime::UNIX_EPOCH))
}

fn adaptive(file: &'static str, suite: &Value) -> Outcome<Vec<Trial>> {
    let tables = suite.as_object().ok_or("the suite has no tables")?.iter().filter(|(name, _)| *name != "description");
    let trials = tables.map(|(name, table)| {
        let check: fn(&Value) -> Outcome = match &**name {
            "beta_decrease" => beta_decrease,
            "cubic_success" | "cubic_throttle_and_success" => cubic,
            "sending_rates" => sending_rates,
            _ => |_| Err("a table that nobody knows how to read".into()),
        };
        let table = table.clone();
        trial(file, name, move || check(&table))
    });
    Ok(trials.collect())
}

fn beta_decrease(table: &Value) -> Outcome {
    close(Cubic::after_throttling(number(&table["rate"])?), &table["expected"], "the rate")
}

/// The rate alone. What the table calls the last maximum is, after throttling, the rate that was left.
fn cubic(table: &Value) -> Outcome {
    let start = |name: &str| table[name].as_f64();
    let mut cubic = Cubic {
        last_max_rate: start("last_max_rate").ok_or("no last_max_rate")?,
        throttled_at: start("time_of_last_throttle").ok_or("no time_of_last_throttle")?,
    };
    let mut rate = 0.0;
    for attempt in table["attempts"].as_array().ok_or("the table has no attempts")? {
        let now = number(&attempt["seconds_since_unix_epoch"])?;
        rate = if attempt["throttled"] == true {
            let last_max_rate = Cubic::after_throttling(rate);
            cubic = Cubic { last_max_rate, throttled_at: now };
            last_max_rate
        } else {
            cubic.rate_at(now)
        };
        close(rate, &attempt["expected_calculated_rate"], &format!("the rate at {now}"))?;
    }
    Ok(())
}

/// The limiter whole.
fn sending_rates(table: &Value) -> Outcome {
    let limiter = RateLimiter::new(SystemTime::UNIX_EPOCH);
    for attempt in table["attempts"].as_array().ok_or("the table has no attempts")? {
        let now = number(&attempt["seconds_since_unix_epoch"])?;
        limiter.learn(SystemTime::UNIX_EPOCH + Duration::from_secs_f64(now), attempt["throttled"] == true);
        let measured = &attempt["expected_tokens_retrieved_per_second"];
        close(limiter.measured_rate(), measured, &format!("the measured rate at {now}"))?;
        close(limiter.rate(), &attempt["expected_token_refill_rate"], &format!("the rate at {now}"))?;
    }
    Ok(())
}

fn number(value: &Value) -> Outcome<f64> {
    value.as_f64().ok_or_else(|| format!("{value} is no number").into())
}

fn close(got: f64, expected: &Value, what: &str) -> Outcome {
    let expected = number(expected)?;
    let is_close = (got - expected).abs() <= 1e-9 * expected.abs().max(1.0);
    if is_close { Ok(()) } else { Err(format!("{what} is {got}, expected {expected}").into()) }
}

fn error_codes(file: &'static str, suite: &Value) -> Outcome<Vec<Trial>> {
    let lists = suite.as_object().ok_or("the suite has no lists")?.iter().filter(|(name, _)| *name != "source");
    let trials = lists.map(|(name, list)| {
        let fits: fn(&Value) -> bool = match &**name {
            "throttling_error_codes" => |code| by_code(code) == Some(Failure::Throttling),
            "transient_error_codes" => |code| matches!(by_code(code), Some(Failure::Transient | Failure::Unanswered)),
            "transient_status_codes" => |status| by_status(status) == Some(Failure::Transient),
            "clock_skew_error_codes" => refused_for_its_date,
            // A fact of one service: the table of its operation has it, and nothing else knows of it.
            "sts_extra_transient_error_codes" => |code| by_code(code).is_none(),
            _ => |_| false,
        };
        let list = list.as_array().cloned().unwrap_or_default();
        trial(file, name, move || match list.iter().find(|entry| !fits(entry)) {
            None if !list.is_empty() => Ok(()),
            None => Err("the list is empty".into()),
            Some(entry) => Err(format!("{entry} is not classified so").into()),
        })
    });
    Ok(trials.collect())
}

fn by_code(code: &Value) -> Option<Failure> {
    retry::classify_code(code.as_str()?)
}

fn by_status(status: &Value) -> Option<Failure> {
    retry::classify_response(u16::try_from(status.as_u64()?).ok()?, None, &[])
}

/// Whether a refusal with this code is worth another attempt where the clock was ten minutes off, and only there.
fn refused_for_its_date(code: &Value) -> bool {
    let headers = [("date", "Thu, 01 Jan 1970 00:10:00 GMT")].into_iter().collect();
    let measured = Skew::measure(&headers, SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH);
    let (Some(code), Some(measured)) = (code.as_str(), measured) else { return false };
    measured.classify(code, Skew::default()).is_some() && measured.classify(code, measured).is_none()
}
