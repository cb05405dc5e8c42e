//! A short list of headers: a dozen pairs are found faster in a line than in a hash map.

use std::borrow::Cow;

/// Headers in the order in which they were set or received.
#[derive(Clone, Default, PartialEq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    /// No headers.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every value of a name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Replaces all values of a name with one.
    pub fn insert(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let name = name.into();
        self.remove(&name);
        self.0.push((name, value.into()));
    }

    /// Adds a value beside those that the name has.
    pub fn append(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// Removes every value of a name.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    }

    /// Every pair, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Makes sure that a pair is sent as one header: a name is a token (RFC 9110, section 5.6.2), and a value has nothing that
/// would end it, nor other control characters (section 5.5).
///
/// # Errors
///
/// What is wrong with it, and what to do.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(), &'static str> {
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_of_token) {
        return Err("is no name of a header: use letters, digits and hyphens");
    }
    if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        return Err("is sent as a header: remove its line breaks and control characters");
    }
    Ok(())
}

/// Headers whose values are credentials, or are made from them.
const SECRET: [&str; 8] = [
    "authorization",
    "cookie",
    "proxy-authorization",
    "set-cookie",
    "x-amz-s3session-token",
    "x-amz-security-token",
    "x-amz-sso_bearer_token",
    "x-aws-ec2-metadata-token",
];

/// Whether the value of a header may be shown to nobody.
pub(crate) fn is_secret_header(name: &str) -> bool {
    SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown =
            self.iter().map(|(name, value)| (name, if is_secret_header(name) { "** redacted **" } else { value }));
        f.debug_map().entries(shown).finish()
    }
}

impl<N: Into<Cow<'static, str>>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_order_is_kept() {
        let mut headers: Headers = [("A", "1"), ("b", "2"), ("a", "3")].into_iter().collect();
        assert_eq!(headers.get("a"), Some("1"));
        assert_eq!(headers.get_all("a").collect::<Vec<_>>(), ["1", "3"]);
        headers.insert("A", "4");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("b", "2"), ("A", "4")]);
    }

    #[test]
    fn what_is_sent_as_one_header_is_one() {
        for (name, value) in [("x-a", "b c\td"), ("X!a", "ü"), ("a", "")] {
            assert_eq!(check_header(name, value), Ok(()), "{name}: {value}");
        }
        for (name, value) in
            [("", "a"), ("a b", "c"), ("ü", "c"), ("a:", "c"), ("a", "b\r\nc: d"), ("a", "\0"), ("a", "\x7f")]
        {
            assert!(check_header(name, value).is_err(), "{name}: {value}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let names = ["Authorization", "x-amz-security-token", "x-amz-sso_bearer_token"];
        let headers: Headers = names.map(|name| (name, "hush")).into_iter().collect();
        assert!(!format!("{headers:?}").contains("hush"));
    }
}
