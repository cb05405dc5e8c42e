//! The header `content-md5` (RFC 1864), by which a service sees whether a body arrived as it was sent.

use super::md5::md5;
use super::{Finish, Purpose, whole};
use crate::config::Config;
use crate::error::BoxError;
use crate::http::Request;
use crate::primitives::base64;

/// Tells the MD5 digest of the body, unless the caller gave one (Smithy's `httpChecksumRequired`).
#[derive(Clone, Copy, Debug)]
pub struct ContentMd5;

impl Finish for ContentMd5 {
    fn finish(&self, request: &mut Request, _: Purpose, _: &Config) -> Result<(), BoxError> {
        if request.headers.get("content-md5").is_none() {
            let digest = base64::encode(&md5(whole(&request.body, "content-md5")?));
            request.headers.insert("content-md5", digest);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_the_body_is_told_unless_the_caller_gave_one() {
        let check = |body: &'static [u8], given: Option<&str>, expected: &str| {
            let mut request = Request { body: body.into(), ..Request::default() };
            if let Some(given) = given {
                request.headers.insert("Content-MD5", given);
            }
            ContentMd5.finish(&mut request, Purpose::Sending, &Config::builder().build()).unwrap();
            assert_eq!(request.headers.get_all("content-md5").collect::<Vec<_>>(), [expected]);
        };
        check(b"", None, "1B2M2Y8AsgTpgAmY7PhCfg==");
        check(b"hello world", None, "XrY7u+Ae7tCTyyK7j1rNww==");
        check(b"hello world", Some("the caller's"), "the caller's");
    }
}
