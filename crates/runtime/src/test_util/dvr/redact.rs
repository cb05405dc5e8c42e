//! Takes out what opens something: a recording is committed to a repository.

use std::borrow::Cow;

use bytes::Bytes;

use super::Exchange;
use crate::http::{Headers, is_secret_header, shown_query};

/// What stands in the place of a secret.
const REDACTED: &str = "** redacted **";

/// Members of bodies that are secrets: of STS, SSO, SSO OIDC, containers and instances, in JSON, XML and forms.
const SECRET: [&str; 15] = [
    "SecretAccessKey",
    "secretAccessKey",
    "SessionToken",
    "sessionToken",
    "Token",
    "WebIdentityToken",
    "TokenCode",
    "SAMLAssertion",
    "accessToken",
    "refreshToken",
    "idToken",
    "clientSecret",
    "deviceCode",
    "assertion",
    "subjectToken",
];

/// A request without its secrets, so that it can be compared with one that was recorded without them.
pub(super) fn request(exchange: Exchange) -> Exchange {
    Exchange {
        uri: uri(&exchange.uri),
        request_headers: headers(&exchange.request_headers),
        request_body: body(&exchange.request_body),
        ..exchange
    }
}

/// Headers without the values of secret ones.
pub(super) fn headers(headers: &Headers) -> Headers {
    let shown = |(name, value): (&str, &str)| {
        let value = if is_secret_header(name) { REDACTED } else { value };
        (name.to_owned(), value.to_owned())
    };
    headers.iter().map(shown).collect()
}

/// An address without the values of secret parameters.
pub(super) fn uri(uri: &str) -> String {
    match uri.split_once('?') {
        Some((place, query)) => format!("{place}?{}", shown_query(query)),
        None => uri.to_owned(),
    }
}

/// A body without the values of secret members. What is no text stays as it is.
pub(super) fn body(bytes: &Bytes) -> Bytes {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.clone() };
    let mut text = Cow::Borrowed(text);
    for name in SECRET {
        for (before, after) in [(format!("\"{name}\""), '"'), (format!("<{name}>"), '<'), (format!("{name}="), '&')] {
            if text.contains(&before) {
                text = Cow::Owned(without(&text, &before, after));
            }
        }
    }
    match text {
        Cow::Borrowed(_) => bytes.clone(),
        Cow::Owned(text) => Bytes::from(text),
    }
}

/// A text without what stands between `before` and the next `after`.
fn without(text: &str, before: &str, after: char) -> String {
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(before) {
        let (head, tail) = rest.split_at(at + before.len());
        shown.push_str(head);
        rest = tail;
        let begins = match after {
            '"' => value_of_json(tail),
            // In a form, the name begins with the text or behind a `&`.
            '&' if !matches!(head.strip_suffix(before).and_then(|head| head.chars().next_back()), None | Some('&')) => {
                None
            }
            _ => Some(0),
        };
        if let Some(begins) = begins {
            let (gap, value) = tail.split_at(begins);
            shown.push_str(gap);
            shown.push_str(REDACTED);
            rest = value.split_at(end(value, after)).1;
        }
    }
    shown + rest
}

/// Where the text of a JSON member begins, behind its name: after a colon and a quote.
fn value_of_json(tail: &str) -> Option<usize> {
    let text = tail.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(tail.len() - text.len())
}

/// Where a value ends: at the next `after` that no backslash escapes, or with the text.
fn end(value: &str, after: char) -> usize {
    let mut escaped = false;
    let ends = |&(_, c): &(usize, char)| {
        let ends = c == after && !escaped;
        escaped = after == '"' && c == '\\' && !escaped;
        ends
    };
    value.char_indices().find(ends).map_or(value.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_of_json_xml_and_forms() {
        let check = |text: &'static str, expected: &str| {
            assert_eq!(body(&Bytes::from_static(text.as_bytes())), expected, "{text}");
        };
        let check_same = |text: &'static str| check(text, text);
        check(
            r#"{"AccessKeyId": "AK", "SecretAccessKey" : "hu\"sh", "Token":"hush"}"#,
            r#"{"AccessKeyId": "AK", "SecretAccessKey" : "** redacted **", "Token":"** redacted **"}"#,
        );
        check(
            "<R><SecretAccessKey>hush</SecretAccessKey><SessionToken>hush</SessionToken></R>",
            "<R><SecretAccessKey>** redacted **</SecretAccessKey><SessionToken>** redacted **</SessionToken></R>",
        );
        check("Action=A&WebIdentityToken=hush&Version=1", "Action=A&WebIdentityToken=** redacted **&Version=1");
        check("TokenCode=123456", "TokenCode=** redacted **");
        check(r#"{"accessToken": "hush"#, r#"{"accessToken": "** redacted **"#);
        check_same(r#"{"Token": null, "NextToken": "n", "Tokens": ["Token"]}"#);
        check_same("NextToken=n&MyToken=m");
        check_same("");
    }

    #[test]
    fn secrets_are_taken_out_of_headers_and_addresses() {
        let sent = [("Authorization", "hush"), ("x-amz-security-token", "hush"), ("x-a", "b")].into_iter().collect();
        let shown = headers(&sent);
        assert_eq!(
            shown.iter().collect::<Vec<_>>(),
            [("Authorization", REDACTED), ("x-amz-security-token", REDACTED), ("x-a", "b")]
        );
        assert_eq!(uri("https://h/p?X-Amz-Signature=hush&a=b"), "https://h/p?X-Amz-Signature=** redacted **&a=b");
        assert_eq!(uri("https://h/p"), "https://h/p");
    }
}
