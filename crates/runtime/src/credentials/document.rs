//! The JSON document in which programs, containers and instances give credentials.

use zeroize::Zeroize;

use super::Credentials;
use crate::codec::json;
use crate::primitives::{DateTime, DateTimeFormat};
use crate::wire::{Member, Reader, Wire};

/// The document, read. Its sources differ in which members they give, and in the name of the token. What became no
/// credentials is overwritten when it is dropped.
#[derive(Default)]
pub(super) struct Document {
    /// The version of the form; programs say it.
    pub(super) version: Option<i64>,
    /// Whether the source succeeded, or how it failed.
    pub(super) code: Option<String>,
    /// What went wrong.
    pub(super) message: Option<String>,
    /// The account that the credentials belong to.
    pub(super) account: Option<String>,
    key: Option<String>,
    secret: Option<String>,
    session_token: Option<String>,
    token: Option<String>,
    expiration: Option<String>,
}

impl Wire for Document {
    const MEMBERS: &'static [Member] = &[
        Member::body("AccessKeyId"),
        Member::body("SecretAccessKey"),
        Member::body("SessionToken"),
        Member::body("Token"),
        Member::body("Expiration"),
        Member::body("AccountId"),
        Member::body("Version"),
        Member::body("Code"),
        Member::body("Message"),
        Member::body("code"),
        Member::body("message"),
    ];

    fn read_member<R: Reader>(&mut self, index: usize, at: &'static Member, r: &mut R) -> Result<(), R::Error> {
        match index {
            0 => self.key.read(at, r),
            1 => self.secret.read(at, r),
            2 => self.session_token.read(at, r),
            3 => self.token.read(at, r),
            4 => self.expiration.read(at, r),
            5 => self.account.read(at, r),
            6 => self.version.read(at, r),
            7 | 9 => self.code.read(at, r),
            8 | 10 => self.message.read(at, r),
            _ => r.skip(),
        }
    }
}

impl Document {
    /// Reads the document. An error says where it is wrong, and shows nothing of it: it may be a secret.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        json::read(bytes).map_err(|error| {
            let at = error.offset().map_or(String::new(), |offset| format!(" at byte {offset}"));
            match error.path() {
                "" => format!("it is not a JSON object, or breaks off{at}"),
                path => format!("its {path} is not as it should be{at}"),
            }
        })
    }

    /// The credentials in it. Both parts of the key must be there; the rest may be absent.
    pub(super) fn credentials(mut self, provider_name: &'static str) -> Result<Credentials, String> {
        let there = |part: Option<String>, name| {
            part.filter(|part| !part.trim().is_empty()).ok_or_else(|| format!("it has no {name}"))
        };
        let mut builder = Credentials::builder()
            .access_key_id(there(self.key.take(), "AccessKeyId")?)
            .secret_access_key(there(self.secret.take(), "SecretAccessKey")?)
            .provider_name(provider_name);
        let token = if self.session_token.is_some() { &mut self.session_token } else { &mut self.token };
        builder.set_session_token(token.take().filter(|token| !token.is_empty()));
        builder.set_account_id(self.account.take().filter(|account| !account.is_empty()).map(Into::into));
        if let Some(text) = &self.expiration {
            let time = DateTime::from_str(text, DateTimeFormat::DateTimeWithOffset).ok();
            let expiry = time.and_then(|time| time.try_into().ok());
            builder.set_expiry(Some(expiry.ok_or("its Expiration is not a time such as 2038-01-19T03:14:07Z")?));
        }
        Ok(builder.build())
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        self.secret.zeroize();
        self.session_token.zeroize();
        self.token.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Credentials, String> {
        Document::read(text.as_bytes())?.credentials("test")
    }

    #[test]
    fn tokens_have_two_names_and_most_may_be_absent() {
        let check = |text: &str, token: Option<&str>, expiry: Option<u64>| {
            let got = read(text).unwrap();
            let seconds = |time: std::time::SystemTime| time.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
            assert_eq!((got.access_key_id(), got.secret_access_key()), ("A", "S"), "{text}");
            assert_eq!((got.session_token(), got.expiry().map(seconds)), (token, expiry), "{text}");
        };
        check(r#"{"AccessKeyId": "A", "SecretAccessKey": "S"}"#, None, None);
        let null =
            r#"{"AccessKeyId": "A", "SecretAccessKey": "S", "Token": null, "Expiration": null, "AccountId": ""}"#;
        check(null, None, None);
        let token =
            r#"{"Token": "T", "AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "1970-01-01T00:01:00Z"}"#;
        check(token, Some("T"), Some(60));
        let session = r#"{"SessionToken": "T", "AccessKeyId": "A", "SecretAccessKey": "S", "More": [{}],
            "Expiration": "1970-01-01T01:01:00+01:00"}"#;
        check(session, Some("T"), Some(60));
    }

    #[test]
    fn what_is_wrong_is_said_without_showing_it() {
        let check = |text: &str, expected: &str| assert_eq!(read(text).unwrap_err(), expected, "{text}");
        check("", "it has no AccessKeyId");
        check("{", "it is not a JSON object, or breaks off at byte 1");
        check("the-secret", "it is not a JSON object, or breaks off at byte 0");
        check(r#"{"AccessKeyId": "A", "SecretAccessKey": " "}"#, "it has no SecretAccessKey");
        check(r#"{"SecretAccessKey": 123}"#, "its SecretAccessKey is not as it should be at byte 20");
        let time = r#"{"AccessKeyId": "A", "SecretAccessKey": "S", "Expiration": "the-secret"}"#;
        check(time, "its Expiration is not a time such as 2038-01-19T03:14:07Z");
    }
}
