//! What requests tell of the program that sends them, by suites that others wrote: the header of an invocation of AWS
//! Lambda, and the ids of the features in the user agent.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};
use tinsmith_runtime::http::Headers;
use tinsmith_runtime::test_util::{Reply, ScriptedTransport};
use tinsmith_runtime::user_agent::METRICS;

fn main() -> std::process::ExitCode {
    tinsmith_suites::run("conformance", trials)
}

fn trials(conformance: &Path) -> anyhow::Result<Vec<Trial>> {
    let read = |path: &str| anyhow::Ok(std::fs::read(conformance.join(path))?);
    let cases: Vec<Value> = serde_json::from_slice(&read("credentials/aws-runtime/recursion-detection.json")?)?;
    let trace = |(index, case): (usize, Value)| Trial::test(format!("trace::{index}"), move || check_trace(&case));
    let mut trials: Vec<_> = cases.into_iter().enumerate().map(trace).collect();
    let ids: BTreeMap<String, String> = serde_json::from_slice(&read("user_agent/feature_id_to_metric_value.json")?)?;
    trials.extend(METRICS.iter().map(|(name, id)| {
        let expected = ids.get(*name).cloned();
        Trial::test(format!("metrics::{name}"), move || same(&Some((*id).to_owned()), &expected))
    }));
    Ok(trials)
}

/// Calls with the variables and headers of a case, by a client that loaded its settings.
fn check_trace(case: &Value) -> Result<(), Failed> {
    let variables = case["env"].as_object().ok_or("there is no env")?;
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    let environment: ScriptedEnvironment = variables.iter().filter_map(text).collect();
    let before = headers(&case["requestHeadersBefore"])?;
    let transport = ScriptedTransport::new([Reply::new(200).body("{}")]);
    let config = Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::from_keys("AK", "secret-of-the-test", None))
        .http_client(transport.clone())
        .load(Arc::new(Sources::read(environment, &ScriptedFiles::default(), Choice::default())));
    let request = Client::from_conf(config).list_layers().customize();
    let request = request.mutate_request(move |request| {
        before.iter().for_each(|(name, value)| request.headers_mut().append(name, value));
    });
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(request.send())?;
    let requests = transport.requests();
    let sent = requests.first().ok_or("nothing was sent")?;
    let traced = |headers: &Headers| headers.get_all(HEADER).map(str::to_owned).collect::<Vec<_>>();
    same(&traced(&sent.headers), &traced(&headers(&case["requestHeadersAfter"])?))?;
    let signature = sent.headers.get("authorization").unwrap_or_default();
    same(&signature.contains(HEADER), &false)
}

const HEADER: &str = "x-amzn-trace-id";

fn headers(lines: &Value) -> Result<Headers, Failed> {
    let lines = lines.as_array().ok_or("the headers are no list")?;
    let pair = |line: &Value| line.as_str()?.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    lines.iter().map(|line| pair(line).ok_or_else(|| format!("no header: {line}").into())).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(got: &T, expected: &T) -> Result<(), Failed> {
    if got == expected { Ok(()) } else { Err(format!("got {got:?}, expected {expected:?}").into()) }
}
