//! What is done to the requests of some operations before they are signed: what a service wants in each of them, a
//! compressed body, the digest of a body. It is done to what the caller and hooks have made of a request, attempt by
//! attempt.
//!
//! An operation names what it needs in [`Operation::FINISH`](crate::operation::Operation::FINISH). These are references
//! to values, so that a program holds the code of those alone that its operations name.

mod content_md5;
#[cfg(feature = "gzip")]
mod gzip;
mod md5;
mod moved;
mod tree_hash;

use std::fmt;
use std::future::poll_fn;

pub use content_md5::ContentMd5;
#[cfg(feature = "gzip")]
pub use gzip::Gzip;
pub use moved::{PresignedAsGet, QueryAsForm};
pub use tree_hash::TreeHash;

use crate::config::Config;
use crate::error::BoxError;
use crate::http::{Body, Headers, Request};
use crate::operation::ServiceMeta;

/// A step before signing.
pub trait Finish: fmt::Debug + Sync {
    /// Changes the request, behind the edits of the caller: what these say stays, and what they put there is what counts.
    ///
    /// # Errors
    ///
    /// The request cannot be sent as the operation wants it.
    fn finish(&self, request: &mut Request, purpose: Purpose, config: &Config) -> Result<(), BoxError>;

    /// What is to read a body that is a stream, to tell of it what these headers do not say yet: of a stream,
    /// [`finish`](Self::finish) sees nothing. Steps that leave bodies alone have none.
    fn reading(&self, headers: &Headers) -> Option<Box<dyn Reading>> {
        let _ = headers;
        None
    }
}

/// Reads a body before it is sent.
pub trait Reading: Send {
    /// Takes the next part of it.
    fn read(&mut self, part: &[u8]);
    /// Tells what was read, unless the headers say it.
    fn tell(self: Box<Self>, headers: &mut Headers);
}

/// What a request is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// To be sent by us.
    Sending,
    /// To be signed in its address, and sent by others: its body as they have it.
    Presigning,
}

/// Takes the steps, in order, and adds the headers that the service wants, but where the request has them.
pub(crate) fn apply(
    steps: &[&dyn Finish],
    request: &mut Request,
    purpose: Purpose,
    service: &ServiceMeta,
    config: &Config,
) -> Result<(), BoxError> {
    for (name, value) in service.headers {
        if request.headers.get(name).is_none() {
            request.headers.insert(*name, *value);
        }
    }
    steps.iter().try_for_each(|step| step.finish(request, purpose, config))
}

/// Has a body that is a stream read by the steps that have something to tell of it, part by part, before it is begun again
/// to be sent.
pub(crate) async fn read(steps: &[&dyn Finish], request: &mut Request) -> Result<(), BoxError> {
    let mut readings: Vec<_> = steps.iter().filter_map(|step| step.reading(&request.headers)).collect();
    if readings.is_empty() {
        return Ok(());
    }
    let Some(mut body) = request.body.try_clone() else {
        return Err(
            "the service wants digests of the body in headers before it, and the body is a stream that can be \
                    read once only: give bytes or a file, or set these headers"
                .into(),
        );
    };
    while let Some(part) = poll_fn(|cx| body.poll_chunk(cx)).await.transpose()? {
        readings.iter_mut().for_each(|reading| reading.read(&part));
    }
    readings.into_iter().for_each(|reading| reading.tell(&mut request.headers));
    Ok(())
}

/// The bytes of a body of which a digest is to be told in this header.
///
/// # Errors
///
/// It is a stream, which nobody reads before it is sent.
fn whole<'a>(body: &'a Body, header: &str) -> Result<&'a [u8], BoxError> {
    body.bytes().ok_or_else(|| {
        format!(
            "the service wants a digest of the body in {header}, and the body is a stream: give bytes, or the digest"
        )
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Handle;
    use crate::client::customize::CustomizableOperation;
    use crate::config::tests::LAMBDA;
    use crate::credentials::services::sts::operation::assume_role::AssumeRole;
    use crate::hook::{Attempt, Hook};
    use crate::operation::{Meta, Operation};
    use crate::sign::{hex, sha256};
    use crate::test_util::{Reply, ScriptedTransport};

    /// Adds to the path.
    #[derive(Debug)]
    struct Adds(&'static str);

    impl Finish for Adds {
        fn finish(&self, request: &mut Request, purpose: Purpose, _: &Config) -> Result<(), BoxError> {
            request.path += &format!("{}, {purpose:?}; ", self.0);
            Ok(())
        }
    }

    #[test]
    fn steps_are_taken_in_order_and_headers_of_the_caller_stay() {
        let service = ServiceMeta { headers: &[("accept", "application/json"), ("x-version", "1")], ..LAMBDA };
        for (purpose, path) in
            [(Purpose::Sending, "a, Sending; b, Sending; "), (Purpose::Presigning, "a, Presigning; b, Presigning; ")]
        {
            let mut request = Request::default();
            request.headers.insert("Accept", "text/csv");
            apply(&[&Adds("a"), &Adds("b")], &mut request, purpose, &service, &Config::builder().build()).unwrap();
            assert_eq!(request.path, path);
            assert_eq!(request.headers.iter().collect::<Vec<_>>(), [("Accept", "text/csv"), ("x-version", "1")]);
        }
    }

    /// An operation whose requests tell the hash of their bodies.
    struct Hashed;

    impl Operation for Hashed {
        type Input = <AssumeRole as Operation>::Input;
        type Output = <AssumeRole as Operation>::Output;
        type Error = <AssumeRole as Operation>::Error;
        type Protocol = <AssumeRole as Operation>::Protocol;
        const META: &'static Meta = AssumeRole::META;
        const FINISH: &'static [&'static dyn Finish] = &[&TreeHash];
    }

    /// Numbers the body by the attempt.
    #[derive(Debug)]
    struct Numbers;

    impl Hook for Numbers {
        fn before_send(&self, attempt: &Attempt, request: &mut Request) -> Result<(), BoxError> {
            let numbered = [request.bytes(), attempt.number().to_string().as_bytes()].concat();
            *request.body_mut() = numbered.into();
            Ok(())
        }
    }

    #[tokio::test]
    async fn what_callers_and_hooks_make_of_a_body_is_what_is_hashed() {
        let transport = ScriptedTransport::new([Reply::new(503), Reply::new(400)]);
        let config = Config::builder().with_test_defaults_v2().http_client(transport.clone());
        let handle = Handle::new(config.build(), Hashed::META.service);
        let call = CustomizableOperation::<Hashed>::new(handle, Default::default()).hook(Numbers);
        let edited = call.mutate_request(|request| *request.body_mut() = "edited ".into());
        assert!(edited.send().await.is_err());
        let requests = transport.requests();
        assert_eq!(requests.iter().map(Request::bytes).collect::<Vec<_>>(), [&b"edited 1"[..], b"edited 2"]);
        for request in requests {
            let hash = hex(&sha256(request.bytes()));
            assert_eq!(request.headers.get("x-amz-content-sha256"), Some(&*hash));
            assert_eq!(request.headers.get("x-amz-sha256-tree-hash"), Some(&*hash));
        }
    }
}
