//! What a task asks, and whether the answer is the one that the server meant to give. No two questions have the same answer for
//! long: one that went to another call would be a wrong one.

use std::fmt::Debug;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::primitives::{Blob, ByteStream};
use tinsmith_lambda::types::{InvokeWithResponseStreamResponseEvent as Event, LayersListItem, Runtime};
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::dice::Dice;
use crate::key::CallId;
use crate::ledger::CallEnd;
use crate::server::{self, ECHO, PIECES, REGION, pieces_of};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Question {
    /// One page of layers, of so many, for a runtime.
    Page { runtime: &'static str, size: u64 },
    /// All layers for a runtime, in pages of so many, or the first ones of all.
    Walk { runtime: &'static str, page: u64, limit: Option<u64> },
    /// So many bytes, back.
    Echo { bytes: u64 },
    /// So many bytes of a stream, to be taken.
    Upload { bytes: u64 },
    /// So many pieces, as they come.
    Stream { pieces: u64 },
}

/// How a call ended.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) end: CallEnd,
    /// How many attempts were made, where the client says it of the whole.
    pub(crate) said: Option<u32>,
    pub(crate) is_streamed: bool,
}

/// The layers that there are.
#[derive(Debug)]
pub(crate) struct Truth(Vec<LayersListItem>);

const RUNTIMES: [&str; 6] = ["java17", "nodejs20.x", "nodejs24.x", "provided.al2023", "python3.9", "python3.12"];

/// The most that a page holds.
const PAGE: u64 = 50;

impl Question {
    /// The next one.
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        let runtime = *dice.choose(&RUNTIMES);
        match dice.below(100) {
            0..30 => Self::Page { runtime, size: 1 + dice.below(PAGE) },
            30..40 => {
                let page = 3 + dice.below(PAGE - 3);
                Self::Walk { runtime, page, limit: dice.chance(40).then(|| 1 + dice.below(60)) }
            }
            40..75 => Self::Echo { bytes: dice.below(20_000) },
            75..82 => Self::Upload { bytes: dice.below(100_000) },
            _ => Self::Stream { pieces: dice.below(9) },
        }
    }

    /// Whether what is asked is read as it comes.
    pub(crate) fn is_streamed(self) -> bool {
        matches!(self, Self::Stream { .. })
    }

    /// Asks, and looks at the answer.
    pub(crate) async fn ask(self, client: &Client, truth: &Truth, call: CallId) -> Told {
        match self {
            Self::Page { runtime, size } => page(client, truth, runtime, size).await,
            Self::Walk { runtime, page, limit } => walk(client, truth, runtime, page, limit).await,
            Self::Echo { bytes } => echo(client, call, bytes).await,
            Self::Upload { bytes } => upload(client, call, bytes).await,
            Self::Stream { pieces } => stream(client, call, pieces).await,
        }
    }
}

impl Truth {
    /// Asks a server without faults for all layers, and looks whether they are as they were made: 200, sorted by name.
    pub(crate) async fn find() -> Result<Self, Box<dyn std::error::Error>> {
        let server = server::stand_in().start().await?;
        let config = Config::builder()
            .region(Region::new(REGION))
            .endpoint_url(server.url())
            .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
        let client = Client::from_conf(config.build());
        let layers = client.list_layers().into_paginator().items().send().try_collect().await?;
        server.shutdown().await;
        match layers.len() == 200 && layers.is_sorted_by(|one, next| one.layer_name() < next.layer_name()) {
            true => Ok(Self(layers)),
            false => Err(format!("the layers are not 200 in their order, but {}", layers.len()).into()),
        }
    }

    /// Those for a runtime, in their order.
    fn of(&self, runtime: &str) -> Vec<&LayersListItem> {
        let fits = |layer: &&LayersListItem| {
            let version = layer.latest_matching_version();
            version.is_some_and(|version| version.compatible_runtimes().iter().any(|known| known.as_str() == runtime))
        };
        self.0.iter().filter(fits).collect()
    }
}

async fn page(client: &Client, truth: &Truth, runtime: &str, size: u64) -> Told {
    let asked = client.list_layers().compatible_runtime(Runtime::from(runtime)).max_items(size as i32);
    match asked.send().await {
        Ok(page) => {
            let all = truth.of(runtime);
            let expected: Vec<_> = all.iter().copied().take(size as usize).collect();
            let is_right = page.layers().iter().eq(expected.iter().copied())
                && page.next_marker().is_some() == (all.len() as u64 > size);
            answered(is_right, &page.layers().len(), page.response_metadata().attempts())
        }
        Err(error) => failed(&error),
    }
}

async fn walk(client: &Client, truth: &Truth, runtime: &str, page: u64, limit: Option<u64>) -> Told {
    let asked = client.list_layers().compatible_runtime(Runtime::from(runtime)).into_paginator().page_size(page as i32);
    let asked = asked.items();
    let mut items = match limit {
        Some(limit) => asked.limit(limit as usize).send(),
        None => asked.send(),
    };
    let mut expected = truth.of(runtime).into_iter().take(limit.unwrap_or(u64::MAX) as usize);
    let mut count = 0;
    let end = loop {
        match (items.try_next().await, &mut expected) {
            (Ok(Some(layer)), expected) => match expected.next() {
                Some(right) if *right == layer => count += 1,
                _ => break CallEnd::Wrong(format!("layer {count} of a walk is {:?}", layer.layer_name())),
            },
            (Ok(None), expected) => match expected.next() {
                None => break CallEnd::Right,
                Some(_) => break CallEnd::Wrong(format!("a walk ended after {count} layers")),
            },
            (Err(error), _) => break CallEnd::Failed(error.to_string()),
        }
    };
    Told { end, said: None, is_streamed: false }
}

async fn echo(client: &Client, call: CallId, bytes: u64) -> Told {
    let payload = payload(call, bytes);
    match client.invoke().function_name(ECHO).payload(Blob::new(payload.clone())).send().await {
        Ok(answer) => {
            let given = answer.payload().map(AsRef::as_ref).unwrap_or_default();
            answered(given == payload, &String::from_utf8_lossy(given), answer.response_metadata().attempts())
        }
        Err(error) => failed(&error),
    }
}

#[allow(deprecated, reason = "of Lambda's operations it is the one with a streaming body")]
async fn upload(client: &Client, call: CallId, bytes: u64) -> Told {
    let body = ByteStream::from(payload(call, bytes));
    match client.invoke_async().function_name(ECHO).invoke_args(body).send().await {
        Ok(answer) => answered(answer.status() == 202, &answer.status(), answer.response_metadata().attempts()),
        Err(error) => failed(&error),
    }
}

async fn stream(client: &Client, call: CallId, pieces: u64) -> Told {
    let payload = Blob::new(format!("\"{call} {pieces}\""));
    let mut answer = match client.invoke_with_response_stream().function_name(PIECES).payload(payload).send().await {
        Ok(answer) => answer,
        Err(error) => return Told { is_streamed: true, ..failed(&error) },
    };
    let said = Some(answer.response_metadata().attempts());
    let name = call.to_string();
    let mut expected = pieces_of(&name, pieces as usize);
    let end = loop {
        match answer.event_stream.recv().await {
            Ok(Some(Event::PayloadChunk(chunk))) => {
                let piece = chunk.payload().map(AsRef::as_ref).unwrap_or_default();
                if expected.next().is_none_or(|expected| expected.as_bytes() != piece) {
                    break CallEnd::Wrong(format!("a stream has {}", String::from_utf8_lossy(piece)));
                }
            }
            Ok(Some(Event::InvokeComplete(_))) => match expected.next() {
                None => break CallEnd::Right,
                Some(missing) => break CallEnd::Wrong(format!("a stream is complete without {missing}")),
            },
            Ok(Some(other)) => break CallEnd::Wrong(format!("a stream has {other:?}")),
            Ok(None) => break CallEnd::Failed("the stream was cut short".to_owned()),
            Err(error) => break CallEnd::Failed(error.to_string()),
        }
    };
    Told { end, said, is_streamed: true }
}

/// JSON that no other call has, of so many bytes and a few more.
fn payload(call: CallId, bytes: u64) -> Vec<u8> {
    let fill: String = call.to_string().chars().chain([' ']).cycle().take(bytes as usize).collect();
    format!("{{\"call\": \"{call}\", \"fill\": \"{fill}\"}}").into_bytes()
}

fn answered(is_right: bool, answer: &dyn Debug, attempts: u32) -> Told {
    let shown = || format!("{answer:?}").chars().take(200).collect();
    let end = if is_right { CallEnd::Right } else { CallEnd::Wrong(shown()) };
    Told { end, said: Some(attempts), is_streamed: false }
}

fn failed<E: std::error::Error + 'static>(error: &SdkError<E>) -> Told
where
    SdkError<E>: std::fmt::Display,
{
    Told { end: CallEnd::Failed(error.to_string()), said: Some(error.attempts()), is_streamed: false }
}
