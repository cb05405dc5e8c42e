//! Presigned requests: signed in the query, to be sent later and by anyone who has the address.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Handle;
use super::core::Extras;
use crate::call::{self, Caller, Cause, Ended, Written};
use crate::endpoint::{Builtins, Rules};
use crate::error::{BoxError, BuildError, Context, SdkError};
use crate::finish::Purpose;
use crate::http::{Body, Headers, Request};
use crate::operation::{Meta, Operation};
use crate::sign;
use crate::transport::BoxFuture;

/// For how long a presigned request is valid.
#[derive(Clone, Debug)]
pub struct PresigningConfig {
    expires_in: Duration,
}

impl PresigningConfig {
    /// Valid for this long from now on, between a second and a week.
    ///
    /// # Errors
    ///
    /// The duration lies outside these bounds.
    pub fn expires_in(expires_in: Duration) -> Result<Self, BuildError> {
        let week = Duration::from_secs(7 * 24 * 60 * 60);
        if expires_in < Duration::from_secs(1) || expires_in > week {
            let reason = format!("a presigned request is valid for 1 second to 7 days, and not for {expires_in:?}");
            return Err(BuildError::new(reason));
        }
        Ok(Self { expires_in })
    }

    /// For how long the request is valid.
    pub fn expires(&self) -> Duration {
        self.expires_in
    }
}

/// A request that is signed in its address. Whoever has it can send it until it expires, so that its `Debug` hides
/// the query.
#[derive(Clone)]
pub struct PresignedRequest {
    /// Without its body, which is for the sender to bring.
    request: Arc<Request>,
}

impl PresignedRequest {
    /// The method.
    pub fn method(&self) -> &str {
        self.request.method
    }

    /// The whole address.
    pub fn uri(&self) -> String {
        self.request.uri()
    }

    /// Headers that must be sent as they are.
    pub fn headers(&self) -> &Headers {
        &self.request.headers
    }
}

impl fmt::Debug for PresignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { method, origin, path, .. } = &*self.request;
        f.debug_struct("PresignedRequest")
            .field("method", method)
            .field("uri", &format_args!("{origin}{path}?…"))
            .finish()
    }
}

impl Handle {
    /// Signs the request of an input without sending it.
    ///
    /// # Errors
    ///
    /// The request cannot be put together, there are no credentials, they do not come within the timeout of the
    /// operation, the operation is called with a bearer token or by anybody, or it sends events.
    pub async fn presigned<O: Operation>(
        &self,
        mut input: O::Input,
        presigning: PresigningConfig,
    ) -> Result<PresignedRequest, SdkError<O::Error>> {
        let request = self.written::<O>(&mut input)?;
        let input = &input;
        let resolve = O::ENDPOINT.map(|resolve| move |builtins: &Builtins<'_>| resolve(input, builtins));
        let rules = resolve.as_ref().map(|resolve| resolve as Rules<'_>);
        let written = Written { request, rules, finish: O::FINISH };
        let context = Context { operation: O::META.name, attempts: 0 };
        self.within_timeout(O::META, written, presigning)
            .await
            .map(|request| PresignedRequest { request: Arc::new(request) })
            .map_err(|cause| Ended { cause, context }.into_error::<O>())
    }

    /// Boxed, as a call is, so that it is compiled here.
    fn within_timeout<'a>(
        &'a self,
        meta: &'static Meta,
        written: Written<'a>,
        presigning: PresigningConfig,
    ) -> BoxFuture<'a, Result<Request, Cause>> {
        Box::pin(async move {
            let signing = async { self.presign(meta, written, presigning).await.map_err(Cause::Construction) };
            call::within_operation(&self.core, signing).await
        })
    }

    async fn presign(
        &self,
        meta: &'static Meta,
        written: Written<'_>,
        presigning: PresigningConfig,
    ) -> Result<Request, BoxError> {
        let extras = Extras::default();
        let mut prepared = call::prepare(&self.core, meta, written, &extras)?;
        let mut request = std::mem::take(&mut prepared.request);
        prepared.finish(&mut request, Purpose::Presigning)?;
        prepared.read(&mut request).await?;
        let credentials = match call::caller(&prepared).await? {
            Caller::Signs(credentials) => credentials,
            Caller::Bears(_) => {
                return Err(format!(
                    "{} is called with a bearer token, which no address can hold, and so cannot be presigned; where \
                     the service takes signatures too, set `auth_scheme_preference` to `sigv4`",
                    meta.name
                )
                .into());
            }
            Caller::Nobody => return Err(format!("{} goes unsigned, and so cannot be presigned", meta.name).into()),
        };
        let payload = call::payload(meta, &request).await?;
        let (identity, scope, settings) = call::signing(&prepared, &credentials, self.core.skew(), payload)?;
        sign::presign(&mut request, &identity, &scope, &settings, presigning.expires_in, &self.core.shared.keys)?;
        request.body = Body::empty();
        Ok(request)
    }
}
