//! Bodies of events, unsigned and signed.

use std::future::poll_fn;
use std::time::{Duration, UNIX_EPOCH};

use super::super::fixture::{Denied, Events, EventsError, chunk};
use super::super::{Decoder, HeaderValue};
use super::*;
use crate::codec::RestJson1;
use crate::http::{Headers, Request};
use crate::sign::{Identity, KeyCache, Payload, Scope, Settings, sign};

type Item = Result<Events, EventsError>;

/// The items of a stream, there at once.
struct Items(std::vec::IntoIter<Item>);

impl Stream for Items {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Item>> {
        Poll::Ready(self.0.next())
    }
}

fn body(items: Vec<Item>) -> Body {
    EventStreamSender::from(Items(items.into_iter())).take()
}

/// The messages of a body, one a chunk, and why it fails.
async fn messages(mut body: Body) -> (Vec<Message>, Option<String>) {
    let mut messages = Vec::new();
    loop {
        match poll_fn(|cx| body.poll_chunk(cx)).await {
            Some(Ok(mut chunk)) => {
                messages.push(Decoder::default().next(&mut chunk).unwrap().unwrap());
                assert!(chunk.is_empty());
            }
            Some(Err(error)) => return (messages, std::error::Error::source(&error).map(ToString::to_string)),
            None => return (messages, None),
        }
    }
}

fn denied() -> EventsError {
    EventsError::Denied(Denied { message: Some("enough".to_owned()), ..Denied::default() })
}

#[tokio::test]
async fn each_item_is_a_message() {
    let expected = [
        RestJson1::write_event(&chunk("a")).unwrap(),
        denied().write::<RestJson1>().unwrap(),
        RestJson1::write_event(&chunk("b")).unwrap(),
    ];
    let (found, why) = messages(body(vec![Ok(chunk("a")), Err(denied()), Ok(chunk("b"))])).await;
    assert_eq!((&found[..], why), (&expected[..], None));
    let (found, why) = messages(EventStreamSender::<Events, EventsError>::default().take()).await;
    assert_eq!((found, why), (vec![], None));
    let (found, _) = messages(EventStreamSender::<_, EventsError>::once(Ok(chunk("a"))).take()).await;
    assert_eq!(found, expected[..1]);
}

#[tokio::test]
async fn what_cannot_be_sent_ends_the_body() {
    let (found, why) = messages(body(vec![Ok(chunk("a")), Ok(Events::Unknown), Ok(chunk("b"))])).await;
    assert_eq!(found.len(), 1);
    assert_eq!(why.as_deref(), Some("the event is none that the model lists: it cannot be sent"));
    let (_, why) = messages(body(vec![Err(EventsError::unhandled("mine"))])).await;
    assert_eq!(why.as_deref(), Some("the exception is none that the model lists: it cannot be sent"));
}

#[tokio::test]
async fn signed_messages_carry_others_and_a_last_one_carries_nothing() {
    let at = UNIX_EPOCH + Duration::from_secs(123_456_789);
    let mut request = Request {
        method: "POST",
        origin: "https://example.com".to_owned(),
        path: "/".to_owned(),
        headers: Headers::new(),
        body: body(vec![Ok(chunk("a")), Ok(chunk("b"))]),
        ..Request::default()
    };
    let identity = Identity { access_key_id: "AKID", secret_access_key: "secret", session_token: None };
    let scope = Scope { region: "us-east-1", service: "events", time: at };
    let settings = Settings { payload: Payload::Frames, ..Settings::STANDARD };
    let signed = sign(&mut request, &identity, &scope, &settings, &KeyCache::new()).unwrap();
    let said = "STREAMING-AWS4-HMAC-SHA256-EVENTS";
    assert_eq!(request.headers.get("x-amz-content-sha256"), Some(said));
    assert!(signed.canonical_request().ends_with(&format!("\n{said}")));

    assert!(request.body.is_event_stream() && !Body::whole("x").is_event_stream());
    let signer = FrameSigner::new(&signed, &identity, &scope);
    request.body.sign_frames(FrameSigning { signer, now: Box::new(move || at) });
    let (found, why) = messages(request.body).await;
    assert_eq!((found.len(), why), (3, None));
    let mut again = FrameSigner::new(&signed, &identity, &scope);
    let payloads = [&b"a"[..], b"b"];
    for (index, message) in found.iter().enumerate() {
        assert_eq!(
            again.sign(message.payload().clone(), at).as_ref(),
            Ok(message),
            "the chain begins with the request"
        );
        let carried = Decoder::default().next(&mut message.payload().clone()).unwrap();
        assert_eq!(carried.as_ref().map(|carried| &carried.payload()[..]), payloads.get(index).copied());
        assert!(matches!(message.headers()[1].value(), HeaderValue::ByteArray(signature) if signature.len() == 32));
    }
}
