//! Takes out what opens something: a recording is committed to a repository.

use bytes::Bytes;

use super::Exchange;
use crate::http::{Headers, is_secret_header, shown_query};

/// What stands in the place of a secret.
const REDACTED: &str = "** redacted **";

/// Members of bodies that are secrets: of STS, SSO, SSO OIDC, sign-in, containers and instances, in JSON, XML and forms.
const SECRET: [&str; 24] = [
    "SecretAccessKey",
    "secretAccessKey",
    "SessionToken",
    "sessionToken",
    "Token",
    "WebIdentityToken",
    "TokenCode",
    "SAMLAssertion",
    "accessToken",
    "access_token",
    "refreshToken",
    "refresh_token",
    "idToken",
    "id_token",
    "clientSecret",
    "client_secret",
    "deviceCode",
    "device_code",
    "codeVerifier",
    "code_verifier",
    "assertion",
    "client_assertion",
    "subjectToken",
    "subject_token",
];

/// The member of requests that trades the code of a sign-in for a token. In answers, it is the code of an error.
const SIGN_IN_CODE: &str = "code";

/// Where instances hand out the token that their other answers are asked with: the whole body is the secret.
const INSTANCE_TOKEN: &str = "/latest/api/token";

/// A request without its secrets, so that it can be compared with one that was recorded without them.
pub(super) fn request(exchange: Exchange) -> Exchange {
    Exchange {
        uri: uri(&exchange.uri),
        request_headers: headers(&exchange.request_headers),
        request_body: request_body(&exchange.request_body),
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

/// The body of a request, without the values of secret members.
pub(super) fn request_body(bytes: &[u8]) -> Bytes {
    body(bytes, |name| name == SIGN_IN_CODE || SECRET.contains(&name))
}

/// The body of the answer to this request, without the values of secret members.
pub(super) fn response_body(to: &Exchange, bytes: &Bytes) -> Bytes {
    let path = to.uri.split('?').next().unwrap_or_default();
    if to.method == "PUT" && path.ends_with(INSTANCE_TOKEN) && !bytes.is_empty() {
        return Bytes::from_static(REDACTED.as_bytes());
    }
    body(bytes, |name| SECRET.contains(&name))
}

/// What the body is shows in how it begins: instances call their JSON plain text. What is no text stays as it is.
fn body(bytes: &[u8], is_secret: impl Fn(&str) -> bool) -> Bytes {
    let Ok(text) = std::str::from_utf8(bytes) else { return Bytes::copy_from_slice(bytes) };
    Bytes::from(match text.trim_start().chars().next() {
        Some('{' | '[') => json(text, is_secret),
        Some('<') => xml(text, is_secret),
        _ => form(text, is_secret),
    })
}

/// Each string that a colon and another string follow is the name of a member.
fn json(text: &str, is_secret: impl Fn(&str) -> bool) -> String {
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(begins) = rest.find('"') {
        let (before, string) = rest.split_at(begins + 1);
        let (name, behind) = string.split_at(end_of_string(string));
        let gap = if is_secret(name) { begin_of_value(behind) } else { None };
        shown.extend([before, name]);
        rest = match gap {
            Some(gap) => {
                let (gap, value) = behind.split_at(gap);
                shown.extend([gap, REDACTED]);
                value.split_at(end_of_string(value)).1
            }
            None => behind,
        };
        // The quote that ends it begins nothing.
        if let Some(behind) = rest.strip_prefix('"') {
            shown.push('"');
            rest = behind;
        }
    }
    shown + rest
}

/// Where the text of a member's value begins, behind the text of its name: after a quote, a colon and a quote.
fn begin_of_value(behind: &str) -> Option<usize> {
    let colon = behind.strip_prefix('"')?.trim_start().strip_prefix(':')?;
    Some(behind.len() - colon.trim_start().strip_prefix('"')?.len())
}

/// Where a string of JSON ends: at the next quote that no backslash escapes, or with the text.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let ends = |&(_, c): &(usize, char)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    };
    text.char_indices().find(ends).map_or(text.len(), |(at, _)| at)
}

/// What stands in an element is secret up to the next tag that ends one.
fn xml(text: &str, is_secret: impl Fn(&str) -> bool) -> String {
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, tag)) = rest.split_once('<') {
        shown.extend([before, "<"]);
        rest = tag;
        let Some((name, value)) = tag.split_once('>').filter(|(name, _)| is_secret(name)) else { continue };
        shown.extend([name, ">", REDACTED]);
        rest = value.split_at(value.find("</").unwrap_or(value.len())).1;
    }
    shown + rest
}

/// A text that is no form has no pairs with such a name either.
fn form(text: &str, is_secret: impl Fn(&str) -> bool) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={REDACTED}"),
        _ => pair.to_owned(),
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_of_json_xml_and_forms() {
        let check = |text: &'static str, expected: &str| {
            let bytes = Bytes::from_static(text.as_bytes());
            assert_eq!(response_body(&Exchange::default(), &bytes), expected, "{text}");
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
        check(
            r#"[{"a": "\\", "refreshToken": "hush", "b": "Token"}]"#,
            r#"[{"a": "\\", "refreshToken": "** redacted **", "b": "Token"}]"#,
        );
        check("client_assertion=hush&clientSecret=hush", "client_assertion=** redacted **&clientSecret=** redacted **");
        check("<Token>hush", "<Token>** redacted **");
        check_same(r#"{"a": "\"Token\": ", "b": "="}"#);
        check_same("<NextToken>n</NextToken><Token/><a");
        check_same("");
    }

    #[test]
    fn a_code_is_a_secret_in_requests_alone() {
        let check = |text: &'static str, expected: &str| {
            let bytes = Bytes::from_static(text.as_bytes());
            assert_eq!(request_body(&bytes), expected, "{text}");
            assert_eq!(response_body(&Exchange::default(), &bytes), text, "{text}");
        };
        check(r#"{"code": "hush", "Code": "c"}"#, r#"{"code": "** redacted **", "Code": "c"}"#);
        check("grant_type=authorization_code&code=hush", "grant_type=authorization_code&code=** redacted **");
    }

    #[test]
    fn the_token_of_an_instance_is_its_whole_answer() {
        let check = |method: &str, uri: &str, body: &'static str, expected: &str| {
            let to = Exchange { method: method.to_owned(), uri: uri.to_owned(), ..Exchange::default() };
            assert_eq!(response_body(&to, &Bytes::from_static(body.as_bytes())), expected, "{method} {uri}");
        };
        check("PUT", "http://169.254.169.254/latest/api/token", "hush==", REDACTED);
        check("PUT", "http://[fd00:ec2::254]/latest/api/token?a", "hush==", REDACTED);
        check("PUT", "http://169.254.169.254/latest/api/token", "", "");
        check("GET", "http://169.254.169.254/latest/meta-data/ami-id", "ami-1", "ami-1");
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
