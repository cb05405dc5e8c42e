//! `InvokeAsync`: a body from a file, from a stream, from memory; and what becomes of it where something goes wrong.

#![allow(deprecated, reason = "of Lambda's operations it is the one with a streaming body")]

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tinsmith_lambda::Client;
use tinsmith_lambda::error::{ProvideErrorMetadata, SdkError};
use tinsmith_lambda::operation::invoke_async::{InvokeAsyncError, InvokeAsyncOutput};
use tinsmith_lambda::primitives::ByteStream;
use tinsmith_runtime::operation::ResponseContext;
use tinsmith_stand_in::{Function, StandIn};

use crate::{client, server};

/// A stream of these chunks, ready one after the other.
struct Chunks(std::vec::IntoIter<Result<Bytes, &'static str>>);

impl Chunks {
    fn of(chunks: &[Result<&'static str, &'static str>]) -> Self {
        Self(chunks.iter().map(|chunk| chunk.map(Bytes::from)).collect::<Vec<_>>().into_iter())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

async fn echo() -> (StandIn, Client) {
    let server = server([Function::new("f")]).await;
    let client = client(&server);
    (server, client)
}

async fn invoke(client: &Client, args: ByteStream) -> Result<InvokeAsyncOutput, SdkError<InvokeAsyncError>> {
    client.invoke_async().function_name("f").invoke_args(args).send().await
}

/// The body, and the header that says what the signature has of it, of each request.
fn sent(server: &StandIn) -> Vec<(Vec<u8>, Option<String>)> {
    let signed =
        |request: &tinsmith_stand_in::RecordedRequest| request.header("x-amz-content-sha256").map(str::to_owned);
    server.requests().into_iter().map(|request| (request.body.clone(), signed(&request))).collect()
}

const UNSIGNED: Option<&str> = Some("UNSIGNED-PAYLOAD");

#[tokio::test]
async fn a_body_of_each_kind() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"{\"from\": \"a file\"}").unwrap();
    let chunks = || ByteStream::from_stream(Chunks::of(&[Ok("{\"from\": "), Ok(""), Ok("\"chunks\"}")]));
    let part =
        ByteStream::read_from().path(file.path()).offset(9).length(tinsmith_runtime::primitives::Length::Exact(8));
    let cases = [
        (ByteStream::from_static(b"[1]"), "[1]", None),
        (ByteStream::from_path(file.path()).await.unwrap(), "{\"from\": \"a file\"}", None),
        (part.build().await.unwrap(), "\"a file\"", None),
        (chunks(), "{\"from\": \"chunks\"}", UNSIGNED),
        (chunks().with_length(18), "{\"from\": \"chunks\"}", UNSIGNED),
    ];
    for (args, body, signed) in cases {
        let (server, client) = echo().await;
        let name = format!("{args:?}");
        let output = invoke(&client, args).await.unwrap();
        assert_eq!((output.status(), output.response_metadata().attempts()), (202, 1), "{name}");
        assert_eq!(sent(&server), [(body.as_bytes().to_vec(), signed.map(str::to_owned))], "{name}");
    }
}

/// A file is read again for another attempt; a stream that cannot be begun again has one.
#[tokio::test]
async fn attempts() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[1, 2]").unwrap();
    let (server, client) = echo().await;
    server.fault("throttle".parse().unwrap());
    let output = invoke(&client, ByteStream::from_path(file.path()).await.unwrap()).await.unwrap();
    assert_eq!(output.response_metadata().attempts(), 2);
    assert!(sent(&server).iter().all(|(body, _)| body == b"[1, 2]"));

    server.fault("throttle".parse().unwrap());
    let error = invoke(&client, ByteStream::from_stream(Chunks::of(&[Ok("[1]")]))).await.unwrap_err();
    assert_eq!((error.code(), error.attempts()), (Some("TooManyRequestsException"), 1), "{error}");
}

/// The error of the stream is told, whatever the server saw of it; the client goes on.
#[tokio::test]
async fn a_stream_that_fails_is_told() {
    let (server, client) = echo().await;
    let failing = ByteStream::from_stream(Chunks::of(&[Ok("[1, "), Err("the disk is gone")]));
    let error = invoke(&client, failing).await.unwrap_err();
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    let says = ["it is longer than the 2 bytes announced", "it ended after 5 bytes, and 9 were announced"];
    for (length, says) in [2, 9].into_iter().zip(says) {
        let chunks = ByteStream::from_stream(Chunks::of(&[Ok("[1,"), Ok("2]")])).with_length(length);
        let error = invoke(&client, chunks).await.unwrap_err();
        assert!(matches!(error, SdkError::DispatchFailure(_)) && error.to_string().contains(says), "{says}: {error}");
    }
    assert_eq!(server.request_count(), 0, "none of them was completed");
    invoke(&client, ByteStream::from_static(b"[1]")).await.unwrap();
}

#[tokio::test]
async fn what_the_service_refuses() {
    let (_server, client) = echo().await;
    let half = invoke(&client, ByteStream::from_static(b"[1,")).await.unwrap_err().into_service_error();
    assert!(half.is_invalid_request_content_exception(), "{half:?}");
    let nobody = client.invoke_async().function_name("nobody").invoke_args(ByteStream::from_static(b"1"));
    let nobody = nobody.send().await.unwrap_err().into_service_error();
    assert!(nobody.is_resource_not_found_exception(), "{nobody:?}");
    // More than the service takes, and more than it keeps.
    for size in [300 * 1024, 20 * 1024 * 1024] {
        let error = invoke(&client, ByteStream::from(vec![b'1'; size])).await.unwrap_err();
        assert_eq!(error.code(), Some("RequestTooLargeException"), "{error}");
    }
}
