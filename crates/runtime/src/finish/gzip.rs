//! Bodies compressed by gzip (RFC 1952), for operations whose service takes them so (Smithy's `requestCompression`).
//!
//! Deflate is by miniz_oxide, which is safe Rust and has one dependency of its own; flate2 would bring three more crates,
//! and nothing of it is needed beside the few bytes that stand around the data.

use miniz_oxide::deflate::{CompressionLevel, compress_to_vec};

use super::{Finish, Purpose};
use crate::config::Config;
use crate::error::BoxError;
use crate::event_stream::crc32;
use crate::http::Request;

/// Compresses the body, where it has as many bytes as the settings ask for. What the caller says of its encoding stays,
/// and gzip is said behind it.
#[derive(Clone, Copy, Debug)]
pub struct Gzip;

impl Finish for Gzip {
    fn finish(&self, request: &mut Request, purpose: Purpose, config: &Config) -> Result<(), BoxError> {
        let is_off = config.disable_request_compression().unwrap_or_default();
        let least = config.request_min_compression_size_bytes().unwrap_or(LEAST);
        // A stream has none: it goes as it is.
        let length = request.bytes().len();
        // Who sends a presigned request has the body as it was.
        if purpose != Purpose::Sending || is_off || length == 0 || u32::try_from(length).is_ok_and(|it| it < least) {
            return Ok(());
        }
        request.body = compressed(request.bytes()).into();
        let given: Vec<_> = request.headers.get_all(NAME).filter(|value| !value.trim().is_empty()).collect();
        let encodings = given.into_iter().chain(["gzip"]).collect::<Vec<_>>().join(", ");
        request.headers.insert(NAME, encodings);
        Ok(())
    }
}

const NAME: &str = "content-encoding";

/// How long a body is at least that is compressed, in bytes, where nothing else is said.
const LEAST: u32 = 10_240;

/// A member of a gzip file: no name, no time, no system.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut whole = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    whole.extend(compress_to_vec(bytes, CompressionLevel::DefaultLevel as u8));
    whole.extend(crc32::of(bytes).to_le_bytes());
    // Its length by 2 to the power of 32.
    whole.extend((bytes.len() as u32).to_le_bytes());
    whole
}

#[cfg(test)]
mod tests {
    use miniz_oxide::inflate::decompress_to_vec;

    use super::*;

    /// Finishes a request, and shows its encodings, and its body as it was.
    #[track_caller]
    fn check(body: &[u8], config: &Config, purpose: Purpose, given: &[&str], expected: Option<&str>) {
        let mut request = Request { body: body.to_vec().into(), ..Request::default() };
        given.iter().for_each(|given| request.headers.append("Content-Encoding", *given));
        Gzip.finish(&mut request, purpose, config).unwrap();
        let sent = request.bytes();
        let Some(expected) = expected else {
            assert_eq!(sent, body);
            assert_eq!(request.headers.get_all(NAME).collect::<Vec<_>>(), given);
            return;
        };
        assert_eq!(request.headers.get_all(NAME).collect::<Vec<_>>(), [expected]);
        let (data, trailer) = sent.split_at(sent.len() - 8);
        assert_eq!(data[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!(decompress_to_vec(&data[10..]).unwrap(), body);
        let [crc, length] = [&trailer[..4], &trailer[4..]].map(|word| u32::from_le_bytes(word.try_into().unwrap()));
        assert_eq!((crc, length), (crc32::of(body), body.len() as u32));
    }

    #[test]
    fn bodies_of_enough_bytes_are_compressed() {
        let (open, body) = (Config::builder().build(), vec![b'a'; 10_240]);
        check(&body, &open, Purpose::Sending, &[], Some("gzip"));
        check(&body, &open, Purpose::Sending, &["custom"], Some("custom, gzip"));
        check(&body, &open, Purpose::Sending, &["a, b", "c"], Some("a, b, c, gzip"));
        check(&body, &open, Purpose::Sending, &[""], Some("gzip"));
        check(&body, &open, Purpose::Presigning, &["custom"], None);
        check(&body[1..], &open, Purpose::Sending, &["custom"], None);
        let config = |builder: crate::config::Builder| builder.build();
        check(
            b"a",
            &config(Config::builder().request_min_compression_size_bytes(1)),
            Purpose::Sending,
            &[],
            Some("gzip"),
        );
        check(b"", &config(Config::builder().request_min_compression_size_bytes(0)), Purpose::Sending, &[], None);
        check(
            &body,
            &config(Config::builder().request_min_compression_size_bytes(10_241)),
            Purpose::Sending,
            &[],
            None,
        );
        check(&body, &config(Config::builder().disable_request_compression(true)), Purpose::Sending, &[], None);
    }

    #[test]
    fn bodies_that_do_not_shrink_come_back_too() {
        let body: Vec<u8> = (0..70_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        check(&body, &Config::builder().build(), Purpose::Sending, &[], Some("gzip"));
    }
}
