//! Runs a row: a server, a client, and the calls, each of which asks for something else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Config, Credentials, Region};
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use tinsmith_lambda::types::{LayersListItem, Runtime};
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_runtime::test_util::SeededRandom;
use tinsmith_runtime::time::Sleep;
use tinsmith_runtime::transport::BoxFuture;
use tinsmith_stand_in::{ACCESS_KEY_ID, Layers, RecordedRequest, SECRET_ACCESS_KEY, StandIn};
use tokio::task::JoinSet;

use crate::account::Account;
use crate::quota;
use crate::rows::Row;

/// How many calls a row makes, and how many different ones there are.
pub(crate) const CALLS: u64 = 300;

/// A call that has not ended by then is lost.
const LOST_AFTER: Duration = Duration::from_secs(20);

/// What is filtered by; with the size of a page it makes each call another one.
const RUNTIMES: [&str; 15] = [
    "java17",
    "java21",
    "nodejs20.x",
    "nodejs22.x",
    "nodejs24.x",
    "nodejs26.x",
    "provided.al2",
    "provided.al2023",
    "python3.9",
    "python3.10",
    "python3.11",
    "python3.12",
    "python3.13",
    "python3.15",
    "dotnet8",
];

/// How long pages are: from 1 to this.
const SIZES: u64 = CALLS / RUNTIMES.len() as u64;

/// What a call brought, and by how many attempts.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) answer: Result<Vec<LayersListItem>, String>,
    pub(crate) attempts: u64,
}

/// The right answer of each call.
pub(crate) type Truth = Vec<Vec<LayersListItem>>;

/// Asks a server without faults.
pub(crate) async fn truth() -> Truth {
    let server = StandIn::builder().layers(layers()).start().await.unwrap();
    let client = Client::from_conf(config(&server).build());
    let mut answers = Vec::new();
    for number in 0..CALLS {
        answers.push(call(&client, number, None).await.answer.unwrap());
    }
    answers
}

/// Makes the calls of a row, and does its accounts.
pub(crate) async fn row(row: Row, truth: Arc<Truth>) -> Account {
    let server = (row.server)(StandIn::builder().layers(layers())).start().await.unwrap();
    let client = Client::from_conf((row.client)(config(&server).sleep_impl(Brisk(row.limits_from))).build());
    let outcomes = calls(&client, &row).await;
    let quota = quota::left(&client).await;
    let account = Account::new(&row, outcomes, &truth, &server, quota);
    server.shutdown().await;
    account
}

fn layers() -> Layers {
    Layers::generate(200)
}

/// Settings for a client of a server.
pub(crate) fn config(server: &StandIn) -> Builder {
    Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::new(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None, None, "test"))
        .randomness(SeededRandom::new(1))
}

/// Makes all calls, so many of them at once; gives what became of each by the time that it is lost.
async fn calls(client: &Client, row: &Row) -> Vec<Option<Outcome>> {
    let Row { calls, at_once, method, .. } = *row;
    let outcomes = Arc::new(Mutex::new(vec![None; calls as usize]));
    let mut callers = JoinSet::new();
    for caller in 0..at_once {
        let (client, outcomes) = (client.clone(), outcomes.clone());
        callers.spawn(async move {
            for number in (caller..calls).step_by(at_once as usize) {
                let outcome = call(&client, number, method).await;
                outcomes.lock().unwrap()[number as usize] = Some(outcome);
            }
        });
    }
    let all = async { while callers.join_next().await.is_some() {} };
    // Those that are missing then are counted.
    let _ = tokio::time::timeout(LOST_AFTER, all).await;
    outcomes.lock().unwrap().clone()
}

/// The call of a number: no two ask for the same.
async fn call(client: &Client, number: u64, method: Option<&'static str>) -> Outcome {
    let size = i32::try_from(1 + number % SIZES).unwrap();
    let runtime = Runtime::from(RUNTIMES[(number / SIZES) as usize]);
    let call = client.list_layers().max_items(size).compatible_runtime(runtime).customize();
    let call = call.mutate_request(move |request| request.method = method.unwrap_or(request.method));
    match call.send().await {
        Ok(page) => Outcome { attempts: attempts(&page), answer: Ok(page.layers.unwrap_or_default()) },
        Err(error) => Outcome { attempts: error.attempts().into(), answer: Err(kind(&error)) },
    }
}

/// Which call a request belongs to, by what it asks for.
pub(crate) fn call_of(request: &RecordedRequest) -> usize {
    let value = |name| request.query_value(name).unwrap();
    let runtime = RUNTIMES.iter().position(|runtime| *runtime == value("CompatibleRuntime")).unwrap();
    runtime * SIZES as usize + value("MaxItems").parse::<usize>().unwrap() - 1
}

fn attempts(page: &ListLayersOutput) -> u64 {
    page.response_metadata().attempts().into()
}

/// How a call ended, in a word or two.
fn kind(error: &SdkError<ListLayersError>) -> String {
    match error {
        SdkError::ServiceError(context) => match context.err().code() {
            Some(code) => code.to_owned(),
            None => format!("status {}", context.raw().status()),
        },
        SdkError::ResponseError(_) => "unreadable".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "dispatch: timeout".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_io() => "dispatch: io".to_owned(),
        other => other.to_string(),
    }
}

/// Waits between attempts take no time; waits from this length on are limits, and take theirs.
#[derive(Debug)]
struct Brisk(Duration);

impl Sleep for Brisk {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let limit = (duration >= self.0).then(|| tokio::time::sleep(duration));
        Box::pin(async {
            match limit {
                Some(limit) => limit.await,
                None => tokio::task::yield_now().await,
            }
        })
    }
}
