//! Frames of an event stream, each signed by itself: what a frame carries is another one, and its headers say when that
//! was signed, and how (`AWS4-HMAC-SHA256-PAYLOAD`).
//!
//! Each signature counts in the one before, the first that of the request, so that no frame can be left out, repeated or
//! moved. The last frame is signed too, and empty: without it the stream was cut off.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use zeroize::Zeroizing;

use super::{Identity, KeyCache, Scope, Signed, SigningError, hash, keys, time};
use crate::event_stream::{FrameError, Header, HeaderValue, Message, write_headers};
use crate::primitives::DateTime;

const ALGORITHM: &str = "AWS4-HMAC-SHA256-PAYLOAD";

/// Signs the frames of one stream, in their order.
pub struct FrameSigner {
    secret: Zeroizing<String>,
    region: String,
    service: String,
    /// A stream may go on for longer than a day, for which alone a key is good.
    keys: KeyCache,
    /// The signature before.
    previous: hash::Digest,
}

impl fmt::Debug for FrameSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameSigner")
            .field("region", &self.region)
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

impl FrameSigner {
    /// Goes on from the signature of the request that carries the stream.
    pub fn new(request: &Signed, identity: &Identity<'_>, scope: &Scope<'_>) -> Self {
        Self {
            secret: identity.secret_access_key.to_owned().into(),
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            keys: KeyCache::new(),
            previous: request.signature,
        }
    }

    /// The message that carries this frame with its signature. No bytes at all are the end of the stream.
    ///
    /// # Errors
    ///
    /// The time lies outside the years that a signature can name.
    pub fn sign(&mut self, frame: Bytes, at: SystemTime) -> Result<Message, SigningError> {
        let text = time::timestamp(at).ok_or(SigningError::Time)?;
        let date = Header::new(":date", HeaderValue::Timestamp(whole_seconds(at)));
        let string_to_sign = self.string_to_sign(&text, &date, &frame)?;
        let key = self.keys.signing_key(&self.secret, time::date(&text), &self.region, &self.service);
        self.previous = key.sign(string_to_sign.as_bytes());
        let signature = Header::new(":chunk-signature", HeaderValue::ByteArray(self.previous.to_vec().into()));
        Ok(Message::new_from_parts(vec![date, signature], frame))
    }

    fn string_to_sign(&self, text: &str, date: &Header, frame: &[u8]) -> Result<String, SigningError> {
        let mut headers = Vec::with_capacity(16);
        write_headers(std::slice::from_ref(date), &mut headers).map_err(|_: FrameError| SigningError::Time)?;
        let mut out = String::with_capacity(320);
        for line in [ALGORITHM, text] {
            out.push_str(line);
            out.push('\n');
        }
        for part in [time::date(text), &self.region, &self.service] {
            out.push_str(part);
            out.push('/');
        }
        out.push_str(keys::TERMINATOR);
        for digest in [self.previous, hash::sha256(&headers), hash::sha256(frame)] {
            out.push('\n');
            hash::push_hex(&mut out, &digest);
        }
        Ok(out)
    }
}

/// The time as the text of a signature has it: without a fraction of a second.
fn whole_seconds(at: SystemTime) -> DateTime {
    DateTime::from_secs(DateTime::from(at).secs())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::event_stream;

    fn signer(previous: &[u8]) -> FrameSigner {
        let signed = Signed {
            canonical_request: String::new(),
            string_to_sign: String::new(),
            signature: hash::sha256(previous),
        };
        let identity = Identity {
            access_key_id: "ANOTREAL",
            secret_access_key: "notrealrnrELgWzOk3IfjzDKtFBhDby",
            session_token: None,
        };
        let scope = Scope { region: "us-east-1", service: "testservice", time: UNIX_EPOCH };
        FrameSigner::new(&signed, &identity, &scope)
    }

    fn signature(message: &Message) -> String {
        let mut hex = String::new();
        let Some(HeaderValue::ByteArray(bytes)) = message.header(":chunk-signature") else { panic!("{message:?}") };
        hash::push_hex(&mut hex, &bytes[..].try_into().unwrap());
        hex
    }

    fn carried() -> Bytes {
        let message =
            Message::new("test payload").add_header(Header::new("some-header", HeaderValue::String("value".into())));
        event_stream::write(&message).unwrap()
    }

    /// What `aws-sigv4` 1.6.4 has in its own test of the same name.
    #[test]
    fn string_to_sign() {
        let at = UNIX_EPOCH + Duration::new(123_456_789, 1234);
        let date = Header::new(":date", HeaderValue::Timestamp(whole_seconds(at)));
        let made = signer(b"last message sts").string_to_sign("19731129T213309Z", &date, &carried()).unwrap();
        let expected = "AWS4-HMAC-SHA256-PAYLOAD\n\
            19731129T213309Z\n\
            19731129/us-east-1/testservice/aws4_request\n\
            be1f8c7d79ef8e1abc5254a2c70e4da3bfaf4f07328f527444e1fc6ea67273e2\n\
            0c0e3b3bf66b59b976181bd7d401927bbd624107303c713fd1e5f3d3c8dd1b1e\n\
            f2eba0f2e95967ee9fbc6db5e678d2fd599229c0d04b11e4fc8e0f2a02a806c6";
        assert_eq!(made, expected);
    }

    /// The signatures that `aws-sigv4` 1.6.4 makes one after the other: of two frames, of one on the next day, and of the end.
    #[test]
    fn signatures_are_a_chain() {
        let mut signer = signer(b"last message sts");
        let days = [0, 0, 1, 1];
        let frames = [carried(), carried(), carried(), Bytes::new()];
        let expected = [
            "08fed460df836999e1c4137962a3d6ad66a9e8c1bf8e8888e3cbeee26bbf774d",
            "bafc997fa299ca5d5dc6927db1584393c648e0cfa56612bb8660b9086dad296b",
            "d762f7a6515cfac96e83d4f683f4380284620b3a77eeae1eb8de3e24f92caed3",
            "05f6bdc2c38213fa08f57e576ec2f89eb5af0cfdd3cd6351808372ac1ebf91b2",
        ];
        for ((day, frame), expected) in days.into_iter().zip(frames).zip(expected) {
            let at = UNIX_EPOCH + Duration::new(123_456_789 + day * 86_400, 1234);
            let message = signer.sign(frame.clone(), at).unwrap();
            assert_eq!(signature(&message), expected);
            assert_eq!(message.payload(), &frame);
            let date = HeaderValue::Timestamp(DateTime::from_secs(123_456_789 + day as i64 * 86_400));
            assert_eq!(message.header(":date"), Some(&date));
        }
    }

    #[test]
    fn no_secret_is_shown_and_no_year_is_made_up() {
        let mut signer = signer(b"");
        assert!(!format!("{signer:?}").contains("notreal"));
        let never = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        assert_eq!(signer.sign(Bytes::new(), never), Err(SigningError::Time));
    }
}
