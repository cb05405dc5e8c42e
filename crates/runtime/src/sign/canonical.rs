//! The canonical request: method, path, query, headers and body hash in the one form that both sides agree on.

use std::cmp::Ordering;

use super::{Said, Settings, push_payload};
use crate::http::Request;
use crate::http::percent::{Plain, push_encoded};

/// Headers that proxies and transports may add or change on the way, and the signature itself: they stay unsigned.
const UNSIGNED: [&str; 9] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// A header or a parameter: its name and its value.
type Pair<'a> = (&'a str, &'a str);

/// The headers to sign, sorted by name; the values of one name keep their order.
pub(super) struct SignedHeaders<'a> {
    pairs: Vec<Pair<'a>>,
    /// The names in lower case, with `;` between them.
    pub(super) names: String,
}

impl<'a> SignedHeaders<'a> {
    /// Collects the headers that a request has, and its host.
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "texts that are in memory together have room for a byte each beside them"
    )]
    pub(super) fn of(request: &'a Request) -> Self {
        let mut pairs = Vec::with_capacity(request.headers.len() + 1);
        pairs.extend(request.headers.iter().filter(|(name, _)| !is_unsigned(name) && !is_host(name)));
        pairs.push(("host", host(request)));
        sort(&mut pairs, |(a, _), (b, _)| compare_names(a, b));
        let length = pairs.iter().map(|(name, _)| name.len() + 1).sum();
        let mut headers = Self { pairs, names: String::new() };
        let mut names = String::with_capacity(length);
        for group in headers.groups() {
            if !names.is_empty() {
                names.push(';');
            }
            push_lower(&mut names, group);
        }
        headers.names = names;
        headers
    }

    /// Writes a line `name:value,value` for each name.
    fn push_lines(&self, out: &mut String) {
        for group in self.groups() {
            push_lower(out, group);
            for (index, (_, value)) in group.iter().enumerate() {
                out.push(if index == 0 { ':' } else { ',' });
                push_value(out, value);
            }
            out.push('\n');
        }
    }

    /// The pairs of each name.
    fn groups(&self) -> impl Iterator<Item = &[Pair<'a>]> {
        self.pairs.chunk_by(|(a, _), (b, _)| a.eq_ignore_ascii_case(b))
    }
}

/// The host that a request will be sent to, as its header says it.
pub(super) fn host(request: &Request) -> &str {
    request.headers.get("host").unwrap_or_else(|| request.authority())
}

/// Writes the canonical request.
#[allow(clippy::arithmetic_side_effects, reason = "memory is at most half of what a `usize` counts")]
pub(super) fn request(request: &Request, headers: &SignedHeaders<'_>, body: &Said, settings: &Settings) -> String {
    let headers_length: usize = headers.pairs.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
    let mut out = String::with_capacity(2 * (request.path.len() + request.query.len()) + headers_length + 96);
    out.push_str(request.method);
    out.push('\n');
    push_path(&mut out, &request.path, settings);
    out.push('\n');
    push_query(&mut out, &request.query);
    out.push('\n');
    headers.push_lines(&mut out);
    out.push('\n');
    out.push_str(&headers.names);
    out.push('\n');
    push_payload(&mut out, body);
    out
}

fn push_path(out: &mut String, path: &str, settings: &Settings) {
    let plain = if settings.double_encode_path { Plain::Slash } else { Plain::SlashAndEscapes };
    if path.is_empty() {
        out.push('/');
    } else if settings.normalize_path && path.as_bytes().windows(2).any(|pair| matches!(pair, b"//" | b"/.")) {
        push_normalized(out, path, plain);
    } else {
        push_encoded(out, path, plain);
    }
}

/// Writes a path without its empty segments and with `.` and `..` resolved (RFC 3986, section 5.2.4).
fn push_normalized(out: &mut String, path: &str, plain: Plain) {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    for segment in &segments {
        out.push('/');
        push_encoded(out, segment, plain);
    }
    let ends_in_folder = matches!(path.rsplit('/').next(), Some("" | "." | ".."));
    if segments.is_empty() || ends_in_folder {
        out.push('/');
    }
}

/// Writes the pairs of a query, sorted by encoded key, then by encoded value; a key without `=` has an empty value.
fn push_query(out: &mut String, query: &str) {
    if query.is_empty() {
        return;
    }
    let mut encoded = String::with_capacity(query.len().saturating_add(query.len() / 2));
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        push_encoded(&mut encoded, key, Plain::Escapes);
        encoded.push('=');
        push_encoded(&mut encoded, value, Plain::Escapes);
        encoded.push('&');
    }
    // Not the same as sorting whole texts: `=` is greater than the `-` and `.` that a longer key may go on with.
    let mut pairs: Vec<Pair<'_>> = encoded.split_terminator('&').filter_map(|pair| pair.split_once('=')).collect();
    sort(&mut pairs, Ord::cmp);
    for (index, (key, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        out.push_str(key);
        out.push('=');
        out.push_str(value);
    }
}

/// Writes a value without its outer white space, each run of it inside as one space.
fn push_value(out: &mut String, value: &str) {
    for (index, word) in value.split_ascii_whitespace().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// Writes the name that a group of pairs shares, in lower case.
fn push_lower(out: &mut String, group: &[(&str, &str)]) {
    let begun = out.len();
    out.push_str(group.first().map_or("", |(name, _)| name));
    // The end of a text is a boundary of it, always.
    if let Some(name) = out.get_mut(begun..) {
        name.make_ascii_lowercase();
    }
}

fn is_unsigned(name: &str) -> bool {
    UNSIGNED.iter().any(|unsigned| name.eq_ignore_ascii_case(unsigned))
}

fn is_host(name: &str) -> bool {
    name.eq_ignore_ascii_case("host")
}

/// Sorts headers or parameters; what is equal keeps its order. How they compare is called, and not compiled in, so that one
/// sort does for both.
fn sort<'a>(pairs: &mut [Pair<'a>], compare: fn(&Pair<'a>, &Pair<'a>) -> Ordering) {
    pairs.sort_by(compare);
}

fn compare_names(a: &str, b: &str) -> Ordering {
    a.bytes().map(|byte| byte.to_ascii_lowercase()).cmp(b.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalized_and_encoded_once_more() {
        check_path("", "/", "/");
        check_path("/", "/", "/");
        check_path("/a/./b/../c", "/a/c", "/a/c");
        check_path("/a/b/..", "/a/", "/a/");
        check_path("/../../a", "/a", "/a");
        check_path("//a//b/.", "/a/b/", "/a/b/");
        check_path("/.hidden/..x", "/.hidden/..x", "/.hidden/..x");
        check_path("/a%20b/%zz%", "/a%2520b/%25zz%25", "/a%20b/%25zz%25");
        check_path("/a b/ü@:", "/a%20b/%C3%BC%40%3A", "/a%20b/%C3%BC%40%3A");
    }

    fn check_path(path: &str, twice: &str, once: &str) {
        for (double_encode_path, expected) in [(true, twice), (false, once)] {
            let mut out = String::new();
            push_path(&mut out, path, &Settings { double_encode_path, ..Settings::STANDARD });
            assert_eq!(out, expected, "{path:?}, double encoding {double_encode_path}");
        }
    }

    #[test]
    fn a_path_can_be_left_as_it_is() {
        let mut out = String::new();
        push_path(&mut out, "//a/../b/.", &Settings { normalize_path: false, ..Settings::STANDARD });
        assert_eq!(out, "//a/../b/.");
    }

    #[test]
    fn queries_are_sorted_by_encoded_key_then_value() {
        check_query("", "");
        check_query("&&", "");
        check_query("b=2&a=1", "a=1&b=2");
        check_query("a-b=1&a=2&a.c=3", "a=2&a-b=1&a.c=3");
        check_query("k=b&k=a&k=", "k=&k=a&k=b");
        check_query("flag", "flag=");
        check_query("k=a=b", "k=a%3Db");
        check_query("z=1&%C3%BC=2&ü=1", "%C3%BC=1&%C3%BC=2&z=1");
        check_query("m=a%2Bb%2F%3D%26", "m=a%2Bb%2F%3D%26");
        check_query("m=a+b/c", "m=a%2Bb%2Fc");
    }

    fn check_query(query: &str, expected: &str) {
        let mut out = String::new();
        push_query(&mut out, query);
        assert_eq!(out, expected, "{query:?}");
    }

    #[test]
    fn headers_are_joined_sorted_and_trimmed_and_volatile_ones_left_out() {
        let request = Request {
            origin: "https://localhost:8443".to_owned(),
            headers: [
                ("X-B", " two \t words "),
                ("user-agent", "me"),
                ("x-a", "1"),
                ("x-b", ""),
                ("X-A", "0"),
                ("x-a-b", "2"),
            ]
            .into_iter()
            .collect(),
            ..Request::default()
        };
        let headers = SignedHeaders::of(&request);
        let mut lines = String::new();
        headers.push_lines(&mut lines);
        assert_eq!(lines, "host:localhost:8443\nx-a:1,0\nx-a-b:2\nx-b:two words,\n");
        assert_eq!(headers.names, "host;x-a;x-a-b;x-b");
    }
}
