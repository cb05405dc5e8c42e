//! An operation with events in both directions, as the generator writes it, and a client of it.

#![allow(unreachable_pub, dead_code, reason = "the macros write what a generated crate publishes")]

use tinsmith_runtime::codec::RestJson1;
use tinsmith_runtime::config::retry::RetryConfig;
use tinsmith_runtime::config::{Builder, Config};
use tinsmith_runtime::credentials::Credentials;
use tinsmith_runtime::endpoint::{Builtins, Endpoint, EndpointError};
use tinsmith_runtime::event_stream::{EventReceiver, EventStreamSender};
use tinsmith_runtime::operation::{Auth, Meta, Operation, Protocol, ResponseMetadata, Sensitive, ServiceMeta};
use tinsmith_runtime::region::Region;
use tinsmith_runtime::retry::Policy;
use tinsmith_runtime::wire::{Member, Place, StreamMember};
use tinsmith_runtime::{
    builder, error_enum, event_error, event_stream, fluent, members, operation_error, output, service_client, union,
};

/// A word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    pub text: Option<String>,
}

members! { Word { text: Option<&str> = Member::at(Place::EventPayload, "Text"), } }

union! {
    /// What is said.
    pub enum Words {
        #[methods(is_word, as_word)]
        Word(Word) = Member::body("Word"),
    }
}

event_error! {
    #[into(Error)]
    /// What goes wrong while words are said.
    pub enum WordsError {}
}

event_stream!(Words, WordsError, RestJson1);

#[derive(Debug, Default)]
pub struct TalkInput {
    pub words: EventStreamSender<Words, WordsError>,
}

members! { TalkInput with words: EventStreamSender<Words, WordsError> = StreamMember::events("words"); {} }

builder! {
    TalkBuilder => TalkInput with stream {
        words(stream EventStreamSender<Words, WordsError>) set_words(Option<EventStreamSender<Words, WordsError>>),
    }
}

#[derive(Debug, Default)]
pub struct TalkOutput {
    pub words: EventReceiver<Words, WordsError>,
    metadata: ResponseMetadata,
}

members! { TalkOutput with words: EventReceiver<Words, WordsError> = StreamMember::events("words"); {} }

output!(TalkOutput, metadata);

operation_error! {
    #[into(Error)]
    /// What a talk is refused with.
    pub enum TalkError {}
}

error_enum! {
    /// Any error.
    pub enum Error {}
}

service_client! {
    #[of(SERVICE)]
    /// A client of the talker.
    pub struct Client {}
}

fluent! {
    impl Client {
        /// Talks.
        talk: TalkBuilder => Talk(TalkInput),
    }
}

static SERVICE: ServiceMeta = ServiceMeta {
    id: "Talker",
    version: "2026-01-01",
    signing_name: "talker",
    headers: &[],
    endpoint,
    error_metadata: RestJson1::error_metadata,
};

fn endpoint(builtins: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
    Ok(Endpoint::new(builtins.endpoint.unwrap_or("https://talker.example")))
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Talk;

impl Operation for Talk {
    type Input = TalkInput;
    type Output = TalkOutput;
    type Error = TalkError;
    type Protocol = RestJson1;
    const META: &'static Meta = &Meta {
        name: "Talk",
        service: &SERVICE,
        method: "POST",
        host_prefix: "",
        uri: "/talk",
        retryable: &[],
        retry: Policy::STANDARD,
        answer_seconds: 60,
        auth: &[Auth::SigV4],
        sensitive: Sensitive::None,
    };
}

/// A word.
pub(crate) fn word(text: &str) -> Words {
    Words::Word(Word { text: Some(text.to_owned()) })
}

/// Settings that need nothing of the machine.
pub(crate) fn config(origin: &str) -> Builder {
    Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(origin)
}
