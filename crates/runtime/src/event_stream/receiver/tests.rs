//! Streams that end well, that do not, and that stand still.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Waker;
use std::time::Duration;

use super::super::fixture::{Events, EventsError, chunk};
use super::super::{EventProtocol, Header, HeaderValue, write};
use super::*;
use crate::codec::RestJson1;
use crate::error::ProvideErrorMetadata;
use crate::http::{Chunks, Silence};
use crate::test_util::InstantSleep;
use crate::transport::TransportErrorKind;

type Receiver = EventReceiver<Events, EventsError>;

/// Gives these chunks, each after a wait of one poll; then it ends, breaks or stands still. It says when it is dropped.
struct Script {
    chunks: std::vec::IntoIter<Bytes>,
    end: End,
    waits: bool,
    is_dropped: Arc<AtomicBool>,
}

#[derive(Clone, Copy)]
enum End {
    Well,
    Broken,
    Never,
}

impl Drop for Script {
    fn drop(&mut self) {
        self.is_dropped.store(true, Ordering::Relaxed);
    }
}

impl Chunks for Script {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        self.waits = !self.waits;
        if self.waits {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        match (self.chunks.next(), self.end) {
            (Some(chunk), _) => Poll::Ready(Some(Ok(chunk))),
            (None, End::Well) => Poll::Ready(None),
            (None, End::Broken) => Poll::Ready(Some(Err(TransportError::new(TransportErrorKind::Io, "cut")))),
            (None, End::Never) => Poll::Pending,
        }
    }
}

fn scripted(chunks: Vec<Bytes>, end: End) -> (Receiver, Arc<AtomicBool>) {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let script = Script { chunks: chunks.into_iter(), end, waits: false, is_dropped: is_dropped.clone() };
    let mut receiver = Receiver::default();
    receiver.put(Body::arriving(script));
    (receiver, is_dropped)
}

fn frame(text: &str) -> Bytes {
    write(&RestJson1::write_event(&chunk(text)).unwrap()).unwrap()
}

fn denied() -> Bytes {
    let header = |name, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let headers = vec![header(":message-type", "exception"), header(":exception-type", "denied")];
    write(&Message::new_from_parts(headers, r#"{"message":"enough"}"#)).unwrap()
}

/// All that comes: the texts of events, and what the error says.
async fn all(mut receiver: Receiver) -> (Vec<String>, Option<String>) {
    let mut texts = Vec::new();
    loop {
        match receiver.recv().await {
            Ok(Some(Events::Chunk(chunk))) => texts.push(chunk.text.unwrap_or_default()),
            Ok(Some(Events::Unknown)) => texts.push("unknown".to_owned()),
            Ok(None) => return (texts, None),
            Err(error) => {
                assert!(matches!(receiver.recv().await, Ok(None)), "an error is the last of it");
                return (texts, Some(error.to_string()));
            }
        }
    }
}

#[tokio::test]
async fn events_come_until_the_stream_ends() {
    let joined = Bytes::from([frame("a"), frame("b"), frame("c")].concat());
    for size in 1..=joined.len() {
        let pieces = joined.chunks(size).map(Bytes::copy_from_slice).collect();
        assert_eq!(all(scripted(pieces, End::Well).0).await, (vec!["a".into(), "b".into(), "c".into()], None));
    }
    assert_eq!(all(scripted(Vec::new(), End::Well).0).await, (vec![], None));
    assert_eq!(all(Receiver::default()).await, (vec![], None));
}

#[tokio::test]
async fn what_goes_wrong_is_told_after_what_came_before() {
    let check = async |chunks: &[Bytes], end, expected: &str| {
        let given = [&[frame("a")], chunks].concat();
        let (receiver, is_dropped) = scripted(given, end);
        let (texts, why) = all(receiver).await;
        assert_eq!((texts, why.as_deref()), (vec!["a".to_owned()], Some(expected)));
        assert!(is_dropped.load(Ordering::Relaxed), "the connection is let go");
    };
    check(&[denied(), frame("b")], End::Well, "the event stream failed: Denied: enough").await;
    check(&[], End::Broken, "the event stream failed: the connection broke: cut").await;
    let cut = "the event stream failed: the event stream ended within a frame, after 5 bytes of it";
    check(&[frame("b").slice(..5)], End::Well, cut).await;
    let damaged = "the event stream failed: a frame of the event stream is damaged: its prelude says the checksum 00000000, and has 3fca88c5";
    check(&[Bytes::from(vec![1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0])], End::Never, damaged).await;
    let meaningless = write(&Message::new("x")).unwrap();
    let told = "the event stream failed: header :message-type: expected text, found no such header";
    check(&[meaningless], End::Well, told).await;
}

#[tokio::test]
async fn an_exception_is_an_error_of_the_service() {
    let (mut receiver, _) = scripted(vec![denied()], End::Never);
    let error = receiver.recv().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("denied"), Some("enough")));
    assert!(matches!(error.raw_response(), Some(RawMessage::Decoded(message)) if !message.payload().is_empty()));
    assert!(error.into_service_error().is_denied());
}

#[tokio::test]
async fn a_stream_that_stands_still_is_given_up() {
    let (mut receiver, is_dropped) = scripted(vec![frame("a")], End::Never);
    let body = std::mem::take(&mut receiver.body);
    let silence = Silence::new(Duration::from_secs(60), Arc::new(InstantSleep::default()));
    receiver.put(body.handed_on(Some(silence), None));
    let (_, why) = all(receiver).await;
    let expected = "the event stream failed: the connection broke: the body of the response stood still for 60s";
    assert_eq!(why.as_deref(), Some(expected));
    assert!(is_dropped.load(Ordering::Relaxed));
}

#[test]
fn a_dropped_receiver_drops_the_connection_and_a_dropped_future_loses_nothing() {
    let half = frame("a").len() / 2;
    let (mut receiver, is_dropped) = scripted(vec![frame("a").slice(..half), frame("a").slice(half..)], End::Never);
    let mut cx = Context::from_waker(Waker::noop());
    let mut polls = 0;
    let event = loop {
        polls += 1;
        // Each poll is that of another future.
        if let Poll::Ready(event) = std::pin::pin!(receiver.recv()).poll(&mut cx) {
            break event;
        }
    };
    assert_eq!((event.unwrap(), polls), (Some(chunk("a")), 3));
    assert!(!is_dropped.load(Ordering::Relaxed));
    drop(receiver);
    assert!(is_dropped.load(Ordering::Relaxed));
}

#[tokio::test]
async fn it_is_a_stream_too() {
    let (receiver, _) = scripted(vec![frame("a"), denied()], End::Never);
    let mut receiver = std::pin::pin!(receiver);
    let next = async |receiver: &mut Pin<&mut Receiver>| poll_fn(|cx| receiver.as_mut().poll_next(cx)).await;
    assert_eq!(next(&mut receiver).await.unwrap().unwrap(), chunk("a"));
    assert!(next(&mut receiver).await.unwrap().is_err());
    assert!(next(&mut receiver).await.is_none());
}
