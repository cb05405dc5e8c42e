//! A short list of headers: a dozen pairs are found faster in a line than in a hash map.

#[cfg(feature = "default-https-client")]
use bytes::Bytes;

/// Headers in the order in which they were set or received.
#[derive(Clone, Default)]
pub struct Headers {
    /// The names and values of all pairs, one behind the other: a call sets and receives a dozen pairs, which would be
    /// two allocations each.
    text: String,
    pairs: Vec<Pair>,
}

/// Where a pair stands in the text: from `name` to `value`, and from there to `end`.
#[derive(Clone, Copy)]
struct Pair {
    name: usize,
    value: usize,
    end: usize,
}

impl Headers {
    /// No headers.
    pub const fn new() -> Self {
        Self { text: String::new(), pairs: Vec::new() }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// Every value of a name, in order.
    pub fn get_all<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        #[allow(clippy::arithmetic_side_effects, reason = "a value begins where its name ends, or behind that")]
        // By length first: a call asks a dozen times, mostly for what is not there.
        let pairs = self.pairs.iter().filter(move |pair| pair.value - pair.name == name.len());
        let named = pairs.filter(move |pair| is_same(self.part(pair.name, pair.value), name));
        named.map(|pair| self.part(pair.value, pair.end))
    }

    /// Replaces all values of a name with one.
    pub fn insert(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.remove(name.as_ref());
        self.append(name, value);
    }

    /// Adds a value beside those that the name has.
    pub fn append(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) {
        self.append_with(name.as_ref(), |text| text.push_str(value.as_ref()));
    }

    /// Adds a value beside those that the name has, which is written where it is kept.
    pub(crate) fn append_with(&mut self, name: &str, write: impl FnOnce(&mut String)) {
        let begin = self.text.len();
        self.text.push_str(name);
        let value = self.text.len();
        write(&mut self.text);
        self.pairs.push(Pair { name: begin, value, end: self.text.len() });
    }

    /// Makes room for so many pairs more, which have so many bytes together.
    pub(crate) fn reserve(&mut self, pairs: usize, bytes: usize) {
        self.text.reserve(bytes);
        self.pairs.reserve(pairs);
    }

    /// Removes every value of a name.
    pub fn remove(&mut self, name: &str) {
        if self.get(name).is_some() {
            *self = self.iter().filter(|(n, _)| !n.eq_ignore_ascii_case(name)).collect();
        }
    }

    /// Every pair, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|pair| (self.part(pair.name, pair.value), self.part(pair.value, pair.end)))
    }

    /// Every pair, in order; the values share one copy of the text.
    #[cfg(feature = "default-https-client")]
    pub(crate) fn iter_shared(&self) -> impl Iterator<Item = (&str, Bytes)> {
        let text = Bytes::copy_from_slice(self.text.as_bytes());
        self.pairs.iter().map(move |pair| (self.part(pair.name, pair.value), text.slice(pair.value..pair.end)))
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// Whether two names are the same. Most that are have the same case, too, which is found out many bytes at a time.
fn is_same(a: &str, b: &str) -> bool {
    a == b || a.eq_ignore_ascii_case(b)
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

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut headers = Self::new();
        pairs.into_iter().for_each(|(name, value)| headers.append(name, value));
        headers
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
        headers.append_with("c", |value| value.push('5'));
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("b", "2"), ("A", "4"), ("c", "5")]);
        let other = [("b", "2"), ("A", "4"), ("c", "5")].into_iter().collect();
        assert_eq!(headers, other);
        headers.remove("B");
        assert_ne!(headers, other);
        assert_eq!((headers.len(), headers.get("b"), headers.get("C")), (2, None, Some("5")));
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
