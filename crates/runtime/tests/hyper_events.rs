//! Events in both directions at once, over HTTP/2 and HTTP/1.1: each that is sent is signed by itself, and answered before
//! the next one is there.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

#[expect(dead_code, reason = "this suite has servers of its own")]
mod loopback;
mod talker;
#[expect(dead_code, reason = "what only the suite of TLS needs")]
mod tls_server;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use hyper::body::{Body, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ALL_VERSIONS;
use talker::{Client, Words, WordsError, config, word};
use tinsmith_runtime::event_stream::{Decoder, HeaderValue};
use tls_server::{issue, root, server, transport, trusting};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

/// Answers with what it is sent, message by message, taken out of its signature. An unsigned one ends it, and so does the
/// empty one that is the last.
struct Echo {
    body: Incoming,
    decoder: Decoder,
    piece: Bytes,
}

impl Body for Echo {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Self { body, decoder, piece } = &mut *self;
        loop {
            if let Some(message) = decoder.next(piece).unwrap() {
                let is_signed = matches!(message.headers(), [date, signature]
                    if date.name().as_str() == ":date" && matches!(signature.value(), HeaderValue::ByteArray(_)));
                let carried = message.payload().clone();
                return Poll::Ready((is_signed && !carried.is_empty()).then(|| Ok(Frame::data(carried))));
            }
            match std::task::ready!(Pin::new(&mut *body).poll_frame(cx)) {
                Some(Ok(frame)) => *piece = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

async fn echo(request: Request<Incoming>) -> Result<Response<Echo>, Infallible> {
    let said = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let body_hash = said("x-amz-content-sha256");
    let answer = Response::builder().status(match body_hash.as_deref() {
        Some("STREAMING-AWS4-HMAC-SHA256-EVENTS") => 200,
        _ => 403,
    });
    assert_eq!(said("content-type").as_deref(), Some("application/vnd.amazon.eventstream"));
    let echo = Echo { body: request.into_body(), decoder: Decoder::default(), piece: Bytes::new() };
    Ok(answer.body(echo).unwrap())
}

async fn serve(listener: TcpListener, acceptor: Option<TlsAcceptor>) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            let server = auto::Builder::new(TokioExecutor::new());
            let _ = match acceptor {
                None => server.serve_connection(TokioIo::new(stream), service_fn(echo)).await,
                Some(acceptor) => {
                    let stream = acceptor.accept(stream).await.unwrap();
                    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
                    server.serve_connection(TokioIo::new(stream), service_fn(echo)).await
                }
            };
        });
    }
}

/// What a test says, when it says it.
struct Said(mpsc::UnboundedReceiver<Words>);

impl Stream for Said {
    type Item = Result<Words, WordsError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|word| word.map(Ok))
    }
}

/// Says a word, waits for its echo, and says the next.
async fn talk(client: Client) {
    let (say, said) = mpsc::unbounded_channel();
    say.send(word("0")).unwrap();
    let mut output = client.talk().words(Said(said).into()).send().await.unwrap();
    for number in 1..5 {
        let heard = output.words.recv().await.unwrap();
        assert_eq!(heard, Some(word(&(number - 1).to_string())));
        say.send(word(&number.to_string())).unwrap();
    }
    assert_eq!(output.words.recv().await.unwrap(), Some(word("4")));
    drop(say);
    assert_eq!(output.words.recv().await.unwrap(), None);
}

#[tokio::test]
async fn over_http2() {
    let known = root("known");
    let mut settings = server(&issue(&known, "localhost"), ALL_VERSIONS, None);
    settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(serve(listener, Some(TlsAcceptor::from(Arc::new(settings)))));
    talk(Client::from_conf(config(&origin).http_client(transport(trusting(&known))).build())).await;
}

#[tokio::test]
async fn over_http1() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(serve(listener, None));
    talk(Client::from_conf(config(&origin).build())).await;
}
