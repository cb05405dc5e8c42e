//! The cases of AWS's specification of retries, standard mode, revision 2.1: outcome, quota and delay after every
//! response.

mod shared;

use std::error::Error;
use std::fs;
use std::time::{Duration, SystemTime};

use libtest_mimic::{Arguments, Trial};
use serde_json::Value;
use tinsmith_runtime::http::Headers;
use tinsmith_runtime::retry::{self, Decision, Policy, Quota};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> std::process::ExitCode {
    let arguments = Arguments::from_args();
    let trials = match shared::folder("conformance/retries") {
        Ok(folder) => trials(&folder.join("standard-2.1.json")).unwrap_or_else(|error| {
            let message = error.to_string();
            vec![Trial::test("standard-2.1", move || Err(message.into()))]
        }),
        Err(absent) => {
            let ignored = !absent.is_failure;
            vec![Trial::test("standard-2.1", move || Err(absent.message.into())).with_ignored_flag(ignored)]
        }
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(file: &std::path::Path) -> Outcome<Vec<Trial>> {
    let suite: Value = serde_json::from_slice(&fs::read(file)?)?;
    let mut trials = Vec::new();
    for list in ["cases", "extra"] {
        for case in suite[list].as_array().ok_or("the suite has no list of cases")? {
            let (name, case) = (case["name"].as_str().unwrap_or_default().to_owned(), case.clone());
            trials.push(Trial::test(name, move || check(&case).map_err(|error| error.to_string().into())));
        }
    }
    Ok(trials)
}

/// Plays the responses of a case, and compares what is decided after each.
fn check(case: &Value) -> Outcome {
    let given = &case["given"];
    let policy = policy(given);
    let initial = given["initial_retry_tokens"].as_u64().unwrap_or(u64::from(Quota::CAPACITY));
    let quota = Quota::new(u32::try_from(initial)?);
    let random = given["exponential_base"].as_f64().unwrap_or(1.0);
    let (mut attempt, mut spent) = (1, None);
    for step in case["responses"].as_array().ok_or("the case has no responses")? {
        let (response, expected) = (&step["response"], &step["expected"]);
        let status = u16::try_from(response["status_code"].as_u64().ok_or("a response without a status")?)?;
        let (outcome, delay) = if status == 200 {
            quota.give_back(spent.take());
            attempt = 1;
            ("success", None)
        } else {
            let failure = retry::classify_response(status, response["error_code"].as_str(), &[]);
            let asked = retry::retry_after(&headers(response), SystemTime::UNIX_EPOCH);
            match retry::decide(&policy, &quota, attempt, failure, asked, random) {
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

fn policy(given: &Value) -> Policy {
    let mut policy = Policy::STANDARD;
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

fn headers(response: &Value) -> Headers {
    let pairs = response["headers"].as_object().into_iter().flatten();
    pairs.filter_map(|(name, value)| Some((name.clone(), value.as_str()?))).collect()
}
