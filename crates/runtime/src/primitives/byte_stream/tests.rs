//! Streams of every origin, read in every way.

use std::error::Error as _;

use bytes::Buf;
use futures_core::Stream;

use super::*;

/// A stream of these chunks; it breaks off behind them, or ends.
fn chunks(chunks: &[&'static [u8]], breaks: bool) -> ByteStream {
    let mut left: Vec<_> = chunks.iter().rev().map(|chunk| Ok(Bytes::from_static(chunk))).collect();
    if breaks {
        left.insert(0, Err("the tape tore"));
    }
    ByteStream::from_stream(Popped(left))
}

struct Popped(Vec<Result<Bytes, &'static str>>);

impl Stream for Popped {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop())
    }
}

#[tokio::test]
async fn all_of_it_in_one_piece() {
    let check = async |stream: ByteStream, expected: &[u8], length: Option<u64>| {
        assert_eq!(stream.size_hint(), (length.unwrap_or_default(), length), "{stream:?}");
        let whole = stream.collect().await.unwrap();
        assert_eq!(whole.remaining(), expected.len());
        assert_eq!(whole.clone().into_segments().collect::<Vec<_>>().concat(), expected);
        assert_eq!((whole.clone().to_vec(), &whole.into_bytes()[..]), (expected.to_vec(), expected));
    };
    check(ByteStream::default(), b"", Some(0)).await;
    check(ByteStream::from_static(b"abc"), b"abc", Some(3)).await;
    check(b"abc".to_vec().into(), b"abc", Some(3)).await;
    check(Bytes::from_static(b"abc").into(), b"abc", Some(3)).await;
    check(chunks(&[], false), b"", None).await;
    check(chunks(&[b"a", b"", b"bc"], false), b"abc", None).await;
    check(chunks(&[b"ab", b"c"], false).with_length(3), b"abc", Some(3)).await;
}

#[tokio::test]
async fn chunk_by_chunk() {
    let mut stream = chunks(&[b"ab", b"c"], true).with_length(9);
    assert_eq!(stream.try_next().await.unwrap().as_deref(), Some(&b"ab"[..]));
    assert_eq!(stream.size_hint(), (7, Some(7)));
    assert!(matches!(stream.next().await, Some(Ok(chunk)) if chunk == "c"));
    let error = stream.try_next().await.unwrap_err();
    let told = format!("{error}: {}", error.source().unwrap());
    assert_eq!(told, "the stream broke off: the tape tore");
    assert!(chunks(&[b"ab"], true).collect().await.is_err());
}

#[test]
fn pieces_are_gone_through_as_one() {
    let mut whole = AggregatedBytes::default();
    for chunk in ["ab", "", "cde", "f"] {
        whole.push(Bytes::from_static(chunk.as_bytes()));
    }
    whole.advance(0);
    assert_eq!((whole.remaining(), whole.chunk()), (6, &b"ab"[..]));
    whole.advance(3);
    assert_eq!((whole.remaining(), whole.chunk()), (3, &b"de"[..]));
    assert_eq!(whole.copy_to_bytes(3), "def");
    assert_eq!((whole.remaining(), whole.chunk()), (0, &b""[..]));
}

#[test]
fn nothing_of_the_bytes_is_shown() {
    let of = |stream: ByteStream| format!("{stream:?}");
    assert_eq!(of(ByteStream::from_static(b"secret")), "ByteStream(6 bytes)");
    assert_eq!(of(chunks(&[b"secret"], false)), "ByteStream(a stream)");
    assert_eq!(of(chunks(&[b"secret"], false).with_length(6)), "ByteStream(a stream of 6 bytes)");
    assert_eq!(of(ByteStream::new(Body::taken())), "ByteStream(taken)");
    let mut whole = AggregatedBytes::default();
    whole.push(Bytes::from_static(b"secret"));
    assert_eq!(format!("{whole:?}"), "AggregatedBytes(6 bytes)");
}

#[tokio::test]
async fn what_can_be_begun_again_says_so() {
    let check = async |stream: ByteStream, expected: Option<&[u8]>| {
        let mut body = stream.into_inner();
        assert_eq!(body.is_repeatable(), expected.is_some(), "{body:?}");
        let length = body.content_length();
        let first = ByteStream::new(body.next()).collect().await.unwrap();
        match (body.try_clone(), expected) {
            (Some(again), Some(expected)) => {
                assert_eq!((again.content_length(), again.is_repeatable()), (length, true));
                let again = ByteStream::new(again).collect().await.unwrap();
                assert_eq!((first.to_vec(), again.to_vec()), (expected.to_vec(), expected.to_vec()));
            }
            (None, None) => {
                let error = ByteStream::new(body).collect().await.unwrap_err();
                assert_eq!(error.source().unwrap().to_string(), "it can be read once only, and was");
            }
            (again, _) => panic!("{again:?}"),
        }
    };
    check(ByteStream::from_static(b"abc"), Some(b"abc")).await;
    check(chunks(&[b"abc"], false), None).await;
    check(Body::retryable(|| chunks(&[b"ab", b"c"], false).into_inner()).into(), Some(b"abc")).await;
    check(ByteStream::from(Body::retryable(|| chunks(&[b"abc"], false).into_inner())).with_length(3), Some(b"abc"))
        .await;
    check(Body::retryable(|| Body::from("abc")).into(), Some(b"abc")).await;
    let behind = |body: Body| match body.bytes() {
        Some(bytes) => Body::from([bytes, b"!"].concat()),
        None => body.with_length(3),
    };
    check(ByteStream::from_static(b"abc").map(behind), Some(b"abc!")).await;
    check(chunks(&[b"abc"], false).map(behind), None).await;
    check(ByteStream::from(Body::retryable(|| chunks(&[b"abc"], false).into_inner())).map(behind), Some(b"abc")).await;
}

#[cfg(feature = "rt-tokio")]
mod with_tokio {
    use std::path::PathBuf;

    use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _};

    use super::*;

    /// A file that is gone at the end of its test.
    struct Temporary(PathBuf);

    impl Temporary {
        fn new(name: &str, bytes: &[u8]) -> Self {
            let path = std::env::temp_dir().join(format!("tinsmith-{}-{name}", std::process::id()));
            std::fs::write(&path, bytes).unwrap();
            Self(path)
        }
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[tokio::test]
    async fn files_and_parts_of_them() {
        let file = Temporary::new("parts", b"0123456789");
        let check = async |change: fn(FsBuilder) -> FsBuilder, expected: Result<&[u8], &str>| {
            let built = change(ByteStream::read_from().path(&file.0)).build().await;
            match (built, expected) {
                (Ok(stream), Ok(expected)) => {
                    let length = expected.len() as u64;
                    assert_eq!(stream.size_hint(), (length, Some(length)));
                    assert_eq!(stream.collect().await.unwrap().to_vec(), expected);
                }
                (Err(error), Err(expected)) => {
                    let told = error.source().unwrap().to_string().replace(&file.0.display().to_string(), "FILE");
                    assert_eq!(told, expected);
                }
                (built, expected) => panic!("{built:?}, and not {expected:?}"),
            }
        };
        check(|whole| whole, Ok(b"0123456789")).await;
        check(|part| part.buffer_size(3), Ok(b"0123456789")).await;
        check(|part| part.buffer_size(0).offset(8), Ok(b"89")).await;
        check(|part| part.offset(10), Ok(b"")).await;
        check(|part| part.offset(2).length(Length::Exact(3)).buffer_size(2), Ok(b"234")).await;
        check(|part| part.length(Length::UpTo(3)), Ok(b"012")).await;
        check(|part| part.offset(9).length(Length::UpTo(3)), Ok(b"9")).await;
        let told = "FILE: it has 10 bytes, and was to be read from byte 11 on";
        check(|part| part.offset(11), Err(told)).await;
        let told = "FILE: it has 10 bytes, and 3 were to be read from byte 8 on";
        check(|part| part.offset(8).length(Length::Exact(3)), Err(told)).await;
        let told = "FILE: it has 10 bytes, and 18446744073709551615 were to be read from byte 8 on";
        check(|part| part.offset(8).length(Length::Exact(u64::MAX)), Err(told)).await;
        assert!(ByteStream::from_path(file.0.join("nothing")).await.is_err());
        assert!(ByteStream::from_path(std::env::temp_dir()).await.is_err());
        assert!(ByteStream::from_path("/dev/null").await.is_err());
        assert!(FsBuilder::new().build().await.is_err());
    }

    #[tokio::test]
    async fn a_file_is_opened_anew_each_time() {
        let file = Temporary::new("anew", b"before");
        let stream = ByteStream::from_path(&file.0).await.unwrap();
        let body = stream.into_inner();
        for text in ["before", "behind"] {
            std::fs::write(&file.0, text).unwrap();
            let again = ByteStream::new(body.try_clone().unwrap());
            assert_eq!(again.collect().await.unwrap().to_vec(), text.as_bytes());
        }
        std::fs::remove_file(&file.0).unwrap();
        let error = ByteStream::new(body).collect().await.unwrap_err();
        assert!(error.source().unwrap().to_string().starts_with(&file.0.display().to_string()));
    }

    /// What is there is handed on, what is not is an error, and nothing comes twice.
    #[tokio::test]
    async fn a_file_that_becomes_shorter_is_not_whole() {
        let file = Temporary::new("shorter", b"0123456789");
        let mut stream = ByteStream::read_from().path(&file.0).buffer_size(4).build().await.unwrap();
        assert_eq!(stream.try_next().await.unwrap().as_deref(), Some(&b"0123"[..]));
        std::fs::OpenOptions::new().write(true).open(&file.0).unwrap().set_len(6).unwrap();
        assert_eq!(stream.try_next().await.unwrap().as_deref(), Some(&b"45"[..]));
        let error = stream.try_next().await.unwrap_err();
        assert!(
            error.source().unwrap().to_string().ends_with("it was shortened while it was read: 4 bytes are not there")
        );
        std::fs::write(&file.0, b"0123456789").unwrap();
        assert_eq!(stream.try_next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn by_the_traits_of_tokio() {
        let read = || chunks(&[b"two\nli", b"", b"nes\nand ", b"more"], false).into_async_read();
        let mut lines = read().lines();
        let mut found = Vec::new();
        while let Some(line) = lines.next_line().await.unwrap() {
            found.push(line);
        }
        assert_eq!(found, ["two", "lines", "and more"]);
        let mut whole = String::new();
        read().read_to_string(&mut whole).await.unwrap();
        assert_eq!(whole, "two\nlines\nand more");
        let mut torn = chunks(&[b"ab"], true).into_async_read();
        assert!(torn.read_to_end(&mut Vec::new()).await.is_err());
    }
}
