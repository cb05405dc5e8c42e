//! Streams of bytes: made of memory and of files, read whole, chunk by chunk, and by tokio's traits; and one that is sent.

use std::error::Error;
use std::path::{Path, PathBuf};

use aws_sdk_lambda::Client;
use aws_sdk_lambda::config::BehaviorVersion;
use aws_sdk_lambda::config::retry::RetryConfig;
use aws_sdk_lambda::primitives::{AggregatedBytes, Blob, ByteStream, ByteStreamError, FsBuilder, Length, SdkBody};
use tokio::io::{AsyncBufReadExt, AsyncReadExt};

#[path = "support/script.rs"]
mod script;

use script::{Script, Step};

const TEXT: &[u8] = b"first line\nsecond line\nthird";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    of_memory().await?;
    let path = std::env::temp_dir().join(format!("compat-{}.txt", std::process::id()));
    std::fs::write(&path, TEXT)?;
    let read = async {
        of_a_file(&path).await?;
        sent(&path).await
    };
    let read = read.await;
    std::fs::remove_file(&path)?;
    read?;
    not_there().await;
    bodies();
    Ok(())
}

async fn of_memory() -> Result<(), ByteStreamError> {
    let stream = ByteStream::from_static(TEXT);
    println!("{:?} {:?}", stream.size_hint(), stream.bytes().map(<[u8]>::len));
    println!("{}", String::from_utf8_lossy(&stream.collect().await?.into_bytes()));
    println!("{:?}", ByteStream::from(vec![1_u8, 2, 3]).collect().await.map(AggregatedBytes::to_vec)?);
    println!("{:?}", ByteStream::new(SdkBody::from("a body")).collect().await?.to_vec());
    println!("{:?}", ByteStream::from(SdkBody::from(String::from("another"))).into_inner().bytes());
    println!("{}", ByteStream::default().collect().await?.into_bytes().is_empty());

    let mut stream = ByteStream::from_static(b"bit by bit");
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        length += chunk?.len();
    }
    println!("{length} {:?}", stream.try_next().await?.map(|chunk| chunk.len()));
    let segments = ByteStream::from_static(b"segments").collect().await?.into_segments();
    println!("{:?}", segments.map(|segment| segment.len()).collect::<Vec<_>>());
    let mapped = ByteStream::from_static(b"before").map(|body| {
        let length = body.bytes().map_or(0, <[u8]>::len);
        SdkBody::from(format!("{length} bytes"))
    });
    println!("{:?}", mapped.collect().await?.to_vec());
    Ok(())
}

async fn of_a_file(path: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let stream = ByteStream::from_path(path).await?;
    println!("{:?} {:?}", stream.size_hint(), stream.bytes());
    println!("{}", stream.collect().await?.to_vec() == TEXT);

    let parts = [(0, Length::Exact(5)), (6, Length::Exact(4)), (23, Length::UpTo(100)), (11, Length::UpTo(6))];
    for (offset, length) in parts {
        let part = ByteStream::read_from().path(path).offset(offset).length(length).buffer_size(3).build().await?;
        let size = part.size_hint();
        println!("{size:?} {}", String::from_utf8_lossy(&part.collect().await?.into_bytes()));
    }
    let too_long = FsBuilder::new().path(path).offset(20).length(Length::Exact(100)).build().await;
    println!("{}", too_long.is_err());
    println!("{}", ByteStream::read_from().path(path).offset(1_000).build().await.is_err());

    let mut lines = ByteStream::from_path(PathBuf::from(path)).await?.into_async_read().lines();
    while let Some(line) = lines.next_line().await? {
        println!("> {line}");
    }
    let mut text = String::new();
    ByteStream::from_static(b"all at once").into_async_read().read_to_string(&mut text).await?;
    println!("{text}");
    Ok(())
}

/// An operation whose input is a stream.
#[allow(deprecated, reason = "the service deprecates the one operation that takes a stream")]
async fn sent(path: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let script = Script::start(&[
        Step::Answer(202, &[], ""),
        Step::Answer(202, &[], ""),
        Step::Answer(500, &[("x-amzn-errortype", "ServiceException")], r#"{"Message":"again"}"#),
        Step::Answer(202, &[], ""),
    ]);
    let config = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(script.url());
    let quickly = RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1));
    let client = Client::new(&config.retry_config(quickly).load().await);
    let request = || client.invoke_async().function_name("worker");
    println!("{}", request().invoke_args(ByteStream::from_static(br#"{"a":1}"#)).send().await?.status());
    println!("{}", request().set_invoke_args(Some(vec![b'{', b'}'].into())).send().await?.status());
    println!("{}", request().invoke_args(ByteStream::from_path(path).await?).send().await?.status());
    for (index, target) in script.targets().iter().enumerate() {
        println!("{target} {:?} {:?}", script.header(index, "content-length"), script.body(index));
    }
    Ok(())
}

async fn not_there() {
    let missing: ByteStreamError = match ByteStream::from_path("/nowhere/at/all").await {
        Ok(stream) => return println!("{stream:?}"),
        Err(error) => error,
    };
    println!("{}", missing.source().is_some());
    let error: std::io::Error = missing.into();
    println!("{}", error.get_ref().is_some());
}

fn bodies() {
    let body = SdkBody::from(TEXT);
    println!("{:?} {:?}", body.content_length(), body.try_clone().and_then(|body| body.bytes().map(<[u8]>::len)));
    println!("{:?} {:?}", SdkBody::empty().bytes(), SdkBody::empty().content_length());
    let blob = Blob::new(TEXT);
    println!("{} {}", blob == Blob::from(TEXT.to_vec()), Blob::from(&b"few"[..]).into_inner().len());
}
