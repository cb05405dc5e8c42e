//! Requests whose bodies are streams: what is signed of them, and how long their answers may take.

use std::future::poll_fn;
use std::task::{Poll, ready};
use std::time::Duration;

use super::Cause;
use crate::client::core::Core;
use crate::config::timeout::AnswerLimit;
use crate::error::BoxError;
use crate::http::{Body, Progress, Request, Response, Silence, failed};
use crate::operation::{Auth, Meta};
use crate::sign::{self, Hasher, Payload};
use crate::time::within;
use crate::transport::{Transport, TransportError};

/// Sends a request, and waits for the beginning of its answer: once the stream is sent, for as long as it may take. While
/// it is sent, each chunk has that time to be taken. How long the program takes for the next one is its own affair.
///
/// An answer may begin before the stream is at its end: how far that has come goes with it then.
pub(super) async fn send(
    core: &Core,
    meta: &Meta,
    mut request: Request,
) -> Result<(Response, Option<Progress>), Cause> {
    let announced = announced(&request).map_err(Cause::Construction)?;
    let (body, progress) = std::mem::take(&mut request.body).watched(announced);
    let limit = core.timeouts.answer_limit(Duration::from_secs(meta.answer_seconds.into()), 0);
    request.body = body;
    if announced == Some(0) {
        nothing(core, std::mem::take(&mut request.body), &progress, limit).await.map_err(Cause::Dispatch)?;
    }
    let mut sending = core.transport.send(request);
    let mut silence = limit.map(|limit| (Silence::new(limit.after, core.sleep.clone()), limit));
    let sent = poll_fn(|cx| {
        if let Poll::Ready(sent) = sending.as_mut().poll(cx) {
            return Poll::Ready(sent.map_err(Cause::Dispatch));
        }
        // This has us woken when the stream fails: of that, not all transports would tell.
        let mark = progress.mark(cx);
        if let Some(error) = progress.failure() {
            return Poll::Ready(Err(Cause::Dispatch(error)));
        }
        let Some((silence, limit)) = &mut silence else { return Poll::Pending };
        ready!(silence.poll(mark, cx));
        Poll::Ready(Err(Cause::silence(*limit)))
    })
    .await;
    // A request without its end is none, whatever was answered to its beginning.
    if let Some(error) = progress.failure() {
        return Err(Cause::Dispatch(error));
    }
    let on_its_way = (!progress.is_over()).then_some(progress);
    Ok((sent?, on_its_way))
}

/// Makes sure that a stream which was announced as empty is. No transport would ask for any of it, so that this is where
/// one is noticed that is longer, or that does not end.
async fn nothing(
    core: &Core,
    mut body: Body,
    progress: &Progress,
    limit: Option<AnswerLimit>,
) -> Result<(), TransportError> {
    let end = poll_fn(|cx| body.poll_chunk(cx));
    match limit {
        None => drop(end.await),
        Some(AnswerLimit { after, .. }) => {
            let late = |_| failed(format!("it did not end within {after:?}, and 0 bytes were announced"));
            within(&*core.sleep, after, end).await.map(drop).map_err(late)?;
        }
    }
    progress.failure().map_or(Ok(()), Err)
}

/// How many bytes a body is said to have: by the header, where one says it, or by itself.
fn announced(request: &Request) -> Result<Option<u64>, BoxError> {
    let mut said = request.headers.get_all("content-length");
    let Some(length) = said.next() else { return Ok(request.body.content_length()) };
    // Who reads the request could take another one for its length, and what is left over for another request.
    if said.next().is_some() {
        return Err("the request has more than one header content-length".into());
    }
    match length.parse() {
        // `parse` takes a sign, RFC 9110 does not (section 8.6).
        Ok(number) if length.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Some(number)),
        _ => Err("the header content-length is no number of bytes".into()),
    }
}

/// What a signature says of the body. One that can be begun again is read once to be hashed, unless a header tells its hash,
/// and a second time to be sent. Of one that cannot, and where the operation asks for it, the signature says that it leaves
/// it out.
pub(crate) async fn payload(meta: &Meta, request: &Request) -> Result<Payload, BoxError> {
    let body = &request.body;
    if body.is_event_stream() {
        return Ok(Payload::Frames);
    }
    if meta.auth.contains(&Auth::SigV4Unsigned) {
        return Ok(Payload::Unsigned);
    }
    if !body.is_streaming() {
        return Ok(Payload::Body);
    }
    if let Some(digest) = request.headers.get("x-amz-content-sha256").and_then(sign::from_hex) {
        return Ok(Payload::Digest(digest));
    }
    let Some(mut body) = body.try_clone() else { return Ok(Payload::Unsigned) };
    let mut hash = Hasher::new();
    while let Some(chunk) = poll_fn(|cx| body.poll_chunk(cx)).await.transpose()? {
        hash.update(&chunk);
    }
    Ok(Payload::Digest(hash.finish()))
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Wake, Waker};

    use super::*;
    use crate::config::Config;
    use crate::config::timeout::TimeoutConfig;
    use crate::credentials::services::sts::operation::assume_role::AssumeRole;
    use crate::operation::Operation as _;
    use crate::primitives::ByteStream;
    use crate::test_util::{InstantSleep, NeverClient};
    use crate::transport::{BoxFuture, TransportError};

    /// Takes a body for as long as it is one, and never answers.
    #[derive(Debug)]
    struct Takes;

    impl Transport for Takes {
        fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async move {
                while let Some(Ok(_)) = poll_fn(|cx| request.body.poll_chunk(cx)).await {}
                std::future::pending().await
            })
        }
    }

    /// Hands a body to somebody else, and never answers.
    #[derive(Clone, Debug, Default)]
    struct Passes(Arc<Mutex<Option<Body>>>);

    impl Transport for Passes {
        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            *self.0.lock().unwrap() = Some(request.body);
            Box::pin(std::future::pending())
        }
    }

    /// What comes after the bytes of a stream.
    #[derive(Clone, Copy)]
    enum Then {
        Ends,
        Waits,
        Fails,
    }

    /// A stream of so many bytes.
    struct Bytes(u8, Then);

    impl futures_core::Stream for Bytes {
        type Item = Result<bytes::Bytes, BoxError>;

        fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            match (self.0.checked_sub(1), self.1) {
                (Some(left), _) => {
                    self.0 = left;
                    Poll::Ready(Some(Ok(bytes::Bytes::from_static(b"x"))))
                }
                (None, Then::Ends) => Poll::Ready(None),
                (None, Then::Waits) => Poll::Pending,
                (None, Then::Fails) => Poll::Ready(Some(Err("the tape tore".into()))),
            }
        }
    }

    fn bytes(count: u8, then: Then) -> ByteStream {
        ByteStream::from_stream(Bytes(count, then))
    }

    fn core(transport: impl Transport, sleep: &InstantSleep, timeouts: TimeoutConfig) -> Core {
        let config = Config::builder().http_client(transport).sleep_impl(sleep.clone()).timeout_config(timeouts);
        Core::new(config.build(), AssumeRole::META.service)
    }

    /// What is waited for, and what is told in the end, if there is one.
    fn sent(transport: impl Transport, stream: ByteStream, timeouts: TimeoutConfig) -> (Vec<u64>, Option<String>) {
        let sleep = InstantSleep::default();
        let core = core(transport, &sleep, timeouts);
        let request = Request { body: stream.into_inner(), ..Request::default() };
        let mut sending = pin!(send(&core, AssumeRole::META, request));
        let told = match sending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(sent) => Some(sent.map(drop).unwrap_err().to_string()),
            Poll::Pending => None,
        };
        (sleep.slept().into_iter().map(|wait| wait.as_secs()).collect(), told)
    }

    #[test]
    fn the_wait_for_an_answer_begins_when_the_stream_is_sent() {
        let open = TimeoutConfig::default;
        let silence =
            |told: Option<String>| told.is_some_and(|told| told.starts_with("the answer took too long to begin"));
        let (waits, told) = sent(Takes, bytes(3, Then::Ends), open());
        assert!(silence(told) && waits == [60], "{waits:?}");
        // Nothing of it is taken.
        let (waits, told) = sent(NeverClient::new(), bytes(3, Then::Ends), open());
        assert!(silence(told) && waits == [60], "{waits:?}");
        // It is the program's turn, which may take as long as it likes.
        assert_eq!(sent(Takes, bytes(3, Then::Waits), open()), (vec![], None));
        let five = TimeoutConfig::builder().read_timeout(Duration::from_secs(5)).build();
        let (waits, told) = sent(Takes, bytes(0, Then::Ends), five);
        assert!(silence(told) && waits == [5], "{waits:?}");
        assert_eq!(sent(Takes, bytes(3, Then::Ends), TimeoutConfig::disabled()), (vec![], None));
    }

    #[test]
    fn a_stream_that_was_announced_as_empty_has_to_end() {
        let check = |stream: ByteStream, timeouts, waits: &[u64], why: Option<&str>| {
            let expected = why.map(|why| format!("the body of the request failed: {why}"));
            assert_eq!(sent(NeverClient::new(), stream.with_length(0), timeouts), (waits.to_vec(), expected));
        };
        let late = "it did not end within 60s, and 0 bytes were announced";
        check(bytes(0, Then::Waits), TimeoutConfig::default(), &[60], Some(late));
        check(bytes(0, Then::Waits), TimeoutConfig::disabled(), &[], None);
        let long = "it is longer than the 0 bytes announced";
        check(bytes(1, Then::Waits), TimeoutConfig::default(), &[], Some(long));
    }

    const TORN: &str = "the body of the request failed: the tape tore";

    #[test]
    fn a_stream_that_fails_is_told_by_whatever_transport() {
        for timeouts in [TimeoutConfig::default(), TimeoutConfig::disabled()] {
            assert_eq!(sent(Takes, bytes(3, Then::Fails), timeouts), (vec![], Some(TORN.to_owned())));
        }
    }

    /// Whether somebody was woken.
    #[derive(Default)]
    struct Woken(AtomicBool);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_stream_that_fails_on_another_task_is_told_at_once() {
        let (passes, woken) = (Passes::default(), Arc::new(Woken::default()));
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        let core = core(passes.clone(), &InstantSleep::default(), TimeoutConfig::disabled());
        let request = Request { body: bytes(0, Then::Fails).into_inner(), ..Request::default() };
        let mut sending = pin!(send(&core, AssumeRole::META, request));
        assert!(sending.as_mut().poll(&mut cx).is_pending());
        let mut body = passes.0.lock().unwrap().take().unwrap();
        assert!(matches!(body.poll_chunk(&mut Context::from_waker(Waker::noop())), Poll::Ready(Some(Err(_)))));
        assert!(woken.0.load(Ordering::Relaxed));
        let Poll::Ready(Err(error)) = sending.as_mut().poll(&mut cx) else { panic!("the stream failed") };
        assert_eq!(error.to_string(), TORN);
    }
}
