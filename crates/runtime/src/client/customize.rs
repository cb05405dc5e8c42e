//! Changes to one request: other settings, and edits of what is sent.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use super::core::Extras;
use super::{Handle, Sent};
use crate::config::Builder;
use crate::error::BoxError;
use crate::hook::{Hook, SharedHook};
use crate::http::Request;
use crate::operation::Operation;
use crate::transport::BoxFuture;

/// A request that is changed before it is sent.
pub struct CustomizableOperation<O: Operation> {
    handle: Handle,
    input: O::Input,
    extras: Extras,
}

impl<O: Operation> CustomizableOperation<O> {
    #[doc(hidden)]
    pub fn new(handle: Handle, input: O::Input) -> Self {
        Self { handle, input, extras: Extras::default() }
    }

    /// Sends this request with these settings; what they leave open is as the client has it.
    pub fn config_override(mut self, changes: impl Into<Builder>) -> Self {
        self.handle = self.handle.with(changes.into());
        self
    }

    /// Changes the request before it is signed.
    pub fn mutate_request(self, edit: impl Fn(&mut Request) + Send + Sync + 'static) -> Self {
        self.map_request(move |mut request| {
            edit(&mut request);
            Ok::<_, BoxError>(request)
        })
    }

    /// Replaces the request before it is signed, or refuses it.
    pub fn map_request<E: Into<BoxError>>(
        mut self,
        edit: impl Fn(Request) -> Result<Request, E> + Send + Sync + 'static,
    ) -> Self {
        self.extras.edits.push(Arc::new(move |request| edit(request).map_err(Into::into)));
        self
    }

    /// Adds something that sees each attempt, after the hooks of the client.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.extras.hooks.push(SharedHook::new(hook));
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Whatever went wrong in the end: see [`SdkError`](crate::error::SdkError).
    pub async fn send(mut self) -> Sent<O> {
        self.handle.send_with::<O>(&mut self.input, self.extras).await
    }
}

impl<O: Operation> IntoFuture for CustomizableOperation<O> {
    type Output = Sent<O>;
    type IntoFuture = BoxFuture<'static, Sent<O>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<O: Operation> fmt::Debug for CustomizableOperation<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomizableOperation").field("operation", &O::META.name).finish_non_exhaustive()
    }
}
