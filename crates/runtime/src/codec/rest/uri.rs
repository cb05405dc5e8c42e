//! Paths and queries from the URI pattern of an operation, such as `/layers/{LayerName}/versions?list=all`.

use crate::codec::WriteError;
use crate::endpoint::rules::is_valid_host_label;
use crate::http::percent::{Plain, push_encoded};

/// The path of a pattern, its labels replaced by the values given for them, and its constant query.
///
/// A label takes one segment; a greedy one (`{Key+}`) keeps its slashes. The segments between are sent as they are. What
/// stands after the `=` of a label is its value where none is given (`{accountId=-}`).
pub(super) fn expand(
    pattern: &'static str,
    labels: &[(&'static str, String)],
) -> Result<(String, &'static str), WriteError> {
    let (mut rest, query) = pattern.split_once('?').unwrap_or((pattern, ""));
    let mut path = String::with_capacity(pattern.len().saturating_add(32));
    while let Some((literal, label, after)) = next_label(rest) {
        path.push_str(literal);
        let (label, default) = label.split_once('=').unwrap_or((label, ""));
        let (name, greedy) = label.strip_suffix('+').map_or((label, false), |name| (name, true));
        let given = labels.iter().find(|(label, value)| *label == name && !value.is_empty());
        let value = given.map_or(default, |(_, value)| value);
        if value.is_empty() {
            return Err(WriteError::new(name, "is part of the path: set it to a value that is not empty"));
        }
        if leads_elsewhere(value, greedy) {
            return Err(WriteError::new(name, "is part of the path, in which `.` and `..` would lead elsewhere"));
        }
        push_encoded(&mut path, value, if greedy { Plain::Slash } else { Plain::Unreserved });
        rest = after;
    }
    path.push_str(rest);
    Ok((path, query))
}

/// Whether a value has a segment that servers take out of a path, and with `..` the one before it: the request would then
/// mean another resource, or another operation, than the one that was called. Encoding the dots would not help, as they
/// mean the same (RFC 3986, section 6.2.2).
fn leads_elsewhere(value: &str, greedy: bool) -> bool {
    let is_dots = |segment: &str| segment == "." || segment == "..";
    if greedy { value.split('/').any(is_dots) } else { is_dots(value) }
}

/// The prefix of a host, its labels replaced by values that can be part of a host's name.
pub(crate) fn expand_host(pattern: &'static str, labels: &[(&'static str, String)]) -> Result<String, WriteError> {
    let mut rest = pattern;
    let mut host = String::new();
    while let Some((literal, name, after)) = next_label(rest) {
        host.push_str(literal);
        let value = labels.iter().find(|(label, _)| *label == name).map_or("", |(_, value)| value);
        if !is_valid_host_label(value, false) {
            let reason = "is part of the host: set it to 1 to 63 letters, digits and inner hyphens";
            return Err(WriteError::new(name, reason));
        }
        host.push_str(value);
        rest = after;
    }
    host.push_str(rest);
    Ok(host)
}

/// The text before the first label, the label, and the text behind it.
fn next_label(pattern: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (literal, rest) = pattern.split_once('{')?;
    let (label, after) = rest.split_once('}')?;
    Some((literal, label, after))
}

/// A query under construction, percent-encoded.
#[derive(Debug, Default)]
pub(super) struct Query(String);

impl Query {
    /// Adds what is encoded already.
    pub(super) fn push_constant(&mut self, query: &str) {
        if !query.is_empty() {
            self.separate();
            self.0.push_str(query);
        }
    }

    pub(super) fn push(&mut self, key: &str, value: &str) {
        self.separate();
        push_encoded(&mut self.0, key, Plain::Unreserved);
        self.0.push('=');
        push_encoded(&mut self.0, value, Plain::Unreserved);
    }

    /// Whether there is a pair of this key.
    pub(super) fn has(&self, key: &str) -> bool {
        let mut encoded = String::new();
        push_encoded(&mut encoded, key, Plain::Unreserved);
        self.0.split('&').any(|pair| pair.split('=').next() == Some(&encoded))
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    fn separate(&mut self) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &'static str, labels: &[(&'static str, &str)], path: &str, query: &str) {
        let labels: Vec<_> = labels.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        assert_eq!(expand(pattern, &labels), Ok((path.to_owned(), query)), "{pattern}");
    }

    #[test]
    fn labels_are_encoded_and_greedy_ones_keep_slashes() {
        check("/2018-10-31/layers", &[], "/2018-10-31/layers", "");
        check("/?a=b&c", &[], "/", "a=b&c");
        check("/a/{B}/c", &[("B", "ü/ +%")], "/a/%C3%BC%2F%20%2B%25/c", "");
        check("/{B}/x/{Key+}", &[("Key", "a b/c//~"), ("B", "-._~")], "/-._~/x/a%20b/c//~", "");
        check("/{A=-}/{B=-}/{C=-}", &[("A", ""), ("B", "=")], "/-/%3D/-", "");
        check("/ReDosLiteral/{str}/(a+)+", &[("str", "abc")], "/ReDosLiteral/abc/(a+)+", "");
    }

    #[test]
    fn a_label_without_a_value_is_an_error_that_names_it() {
        for labels in [vec![], vec![("Name", String::new())]] {
            let error = expand("/a/{Name}", &labels).unwrap_err();
            assert_eq!(error.to_string(), "Name is part of the path: set it to a value that is not empty");
        }
    }

    #[test]
    fn a_label_leads_nowhere_else() {
        for (pattern, value) in
            [("/a/{Name}", "."), ("/a/{Name}", ".."), ("/a/{Name+}", "x/../y"), ("/a/{Name+}", "..")]
        {
            let error = expand(pattern, &[("Name", value.to_owned())]).unwrap_err();
            assert_eq!(error.to_string(), "Name is part of the path, in which `.` and `..` would lead elsewhere");
        }
        check("/a/{Name}", &[("Name", "...")], "/a/...", "");
        check("/a/{Name}", &[("Name", "x/..")], "/a/x%2F..", "");
        check("/a/{Name+}", &[("Name", ".x/y..")], "/a/.x/y..", "");
    }

    #[test]
    fn a_prefix_of_a_host_takes_labels_of_hosts_alone() {
        let check = |value: &str, expected: Result<&str, &str>| {
            let host = expand_host("data.{Name}.", &[("Name", value.to_owned())]);
            assert_eq!(host.as_deref().map_err(ToString::to_string), expected.map_err(str::to_owned), "{value}");
        };
        let refused = Err("Name is part of the host: set it to 1 to 63 letters, digits and inner hyphens");
        check("a-1", Ok("data.a-1."));
        for value in ["", "a.b", "a/b", "a@b", "-a", "ü"] {
            check(value, refused);
        }
        assert_eq!(expand_host("", &[]), Ok(String::new()));
    }

    #[test]
    fn keys_are_found_as_they_were_pushed() {
        let mut query = Query::default();
        query.push_constant("a&b=c");
        query.push("d=&", "e f");
        assert!(query.has("a") && query.has("b") && query.has("d=&"));
        assert!(!query.has("c") && !query.has("d"));
        assert_eq!(query.into_string(), "a&b=c&d%3D%26=e%20f");
    }
}
