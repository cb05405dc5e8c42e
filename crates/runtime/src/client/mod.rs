//! What generated clients are made of: the [`Handle`] that a client and its requests hold, and what a request can do.

pub(crate) mod core;
pub mod customize;
mod declare;
mod fluent;
pub mod presigning;
pub(crate) mod target;

use std::convert::Infallible;
use std::sync::Arc;

use self::core::{Core, Extras};
use crate::call::{self, Cause, Ended, Reply, Written};
use crate::config::{self, Builder, Config, Explanation, SettingError};
use crate::endpoint::{Builtins, Rules};
use crate::error::{BoxError, Context, ErrorMetadata, SdkError};
use crate::http::{Request, Response};
use crate::operation::{Operation, OperationError, Protocol, ResponseContext, ResponseMetadata, ServiceMeta};
use crate::wire::Wire;

/// What sending gives.
pub type Sent<O> = Result<<O as Operation>::Output, SdkError<<O as Operation>::Error>>;

/// The settings, connections and retry quota of a client, shared by its clones and by the requests made from it.
#[derive(Clone, Debug)]
pub struct Handle {
    core: Arc<Core>,
}

impl Handle {
    /// Takes settings for a client of this service. Nothing is checked or connected before the first call.
    pub fn new(config: Config, service: &'static ServiceMeta) -> Self {
        Self { core: Arc::new(Core::new(config, service)) }
    }

    /// Reads the settings from environment and profile, and checks what the first call would need.
    ///
    /// # Errors
    ///
    /// A setting is malformed, or region or credentials are missing.
    pub async fn from_env(service: &'static ServiceMeta) -> Result<Self, SettingError> {
        Ok(Self::new(config::from_env(service).await?, service))
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.core.config
    }

    /// What each setting is and where it came from, and the endpoint that calls go to. Nothing is sent.
    pub fn explain(&self) -> Explanation {
        self.core.config.explain_for(self.core.service)
    }

    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// Sends an input.
    ///
    /// # Errors
    ///
    /// Whatever went wrong in the end: see [`SdkError`].
    pub async fn send<O: Operation>(&self, mut input: O::Input) -> Sent<O> {
        self.send_with::<O>(&mut input, Extras::default()).await
    }

    /// Sends an input. A stream in it is taken out of it.
    pub(crate) async fn send_with<O: Operation>(&self, input: &mut O::Input, mut extras: Extras) -> Sent<O> {
        let request = self.written::<O>(input)?;
        let input = &*input;
        let resolve = O::ENDPOINT.map(|resolve| move |builtins: &Builtins<'_>| resolve(input, builtins));
        let rules = resolve.as_ref().map(|resolve| resolve as Rules<'_>);
        extras.output_stream = O::Output::STREAM;
        match call::run(&self.core, O::META, Written { request, rules, finish: O::FINISH }, &extras).await {
            Ok(reply) => read::<O>(reply),
            Err(ended) => Err(ended.into_error::<O>()),
        }
    }

    pub(crate) fn with(&self, changes: Builder) -> Self {
        Self { core: Arc::new(self.core.with(changes)) }
    }

    /// The request of an input, without endpoint and signature.
    fn written<O: Operation>(&self, input: &mut O::Input) -> Result<Request, SdkError<O::Error>> {
        let mut write = || -> Result<Request, BoxError> {
            let mut request = O::Protocol::write_request(O::META, input, &*self.core.random)?;
            if let Some(stream) = O::Input::STREAM {
                stream.put(input.take_stream(), &mut request)?;
            }
            Ok(request)
        };
        write().map_err(|error| SdkError::construction(error, Context { operation: O::META.name, attempts: 0 }))
    }
}

fn read<O: Operation>(Reply { mut response, attempts }: Reply) -> Sent<O> {
    match O::Protocol::read_response::<O::Output>(&response) {
        Ok(mut output) => {
            output.set_response_metadata(ResponseMetadata::of(&response, attempts));
            if O::Output::STREAM.is_some() {
                output.put_stream(std::mem::take(response.body_mut()));
            }
            Ok(output)
        }
        Err(error) => Err(SdkError::unreadable(error.into(), response, Context { operation: O::META.name, attempts })),
    }
}

impl Ended {
    pub(crate) fn into_error<O: Operation>(self) -> SdkError<O::Error> {
        let context = self.context;
        match self.refusal() {
            Ok((meta, response)) => {
                let error = O::Error::read::<O::Protocol>(&response, meta);
                SdkError::service(error, response, context)
            }
            Err(other) => other.map_service_error(|never| match never {}),
        }
    }

    /// What the service said, or what else went wrong, which is the same for all operations.
    fn refusal(self) -> Result<(ErrorMetadata, Response), SdkError<Infallible>> {
        let Self { cause, context } = self;
        Err(match cause {
            Cause::Construction(error) => SdkError::construction(error, context),
            Cause::Timeout(error) => SdkError::timeout(error.into(), context),
            Cause::Dispatch(error) | Cause::Silence(error) => SdkError::dispatch(error, context),
            Cause::Unreadable(error, response) => SdkError::unreadable(error.into(), response, context),
            Cause::Refused(meta, response, _) => return Ok((meta, response)),
        })
    }
}
