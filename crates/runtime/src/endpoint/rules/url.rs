//! `parseURL`.

use core::net::{Ipv4Addr, Ipv6Addr};

/// The parts of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The host, and the port where there is one; brackets stay around an IPv6 address.
    pub authority: &'a str,
    /// The path as it was written; `/` where there is none.
    pub path: &'a str,
    /// The path with a slash at both ends.
    pub normalized_path: String,
    /// Whether the host is an address of IPv4 or IPv6.
    pub is_ip: bool,
}

/// `parseURL`: nothing where the text is no URL of HTTP, or has a query, which the rules engine forbids, or a
/// fragment or user information, which no endpoint has a use for. Labels of the host are not checked.
pub fn parse_url(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = ["https", "http"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known))?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_ip = is_ip(authority)?;
    if !path.bytes().all(|b| is_host_byte(b) || b"/:@".contains(&b)) {
        return None;
    }
    let path = if path.is_empty() { "/" } else { path };
    let slash = if path.ends_with('/') { "" } else { "/" };
    Some(Url { scheme, authority, path, normalized_path: format!("{path}{slash}"), is_ip })
}

/// Whether the authority's host is an IP address; nothing where it is no authority at all.
fn is_ip(authority: &str) -> Option<bool> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        host.parse::<Ipv6Addr>().ok()?;
        return (port.is_empty() || is_port(port.strip_prefix(':')?)).then_some(true);
    }
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let well_formed = !host.is_empty() && host.bytes().all(is_host_byte) && port.is_none_or(is_port);
    well_formed.then(|| host.parse::<Ipv4Addr>().is_ok())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// What a registered name is made of (RFC 3986, section 3.2.2).
fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_fall_into_parts() {
        let check = |text: &str, expected: Option<(&str, &str, &str, &str, bool)>| {
            let url = parse_url(text);
            let found = url.as_ref().map(|u| (u.scheme, u.authority, u.path, u.normalized_path.as_str(), u.is_ip));
            assert_eq!(found, expected, "{text}");
        };
        check("https://example.com", Some(("https", "example.com", "/", "/", false)));
        check("http://example.com:80/foo/bar", Some(("http", "example.com:80", "/foo/bar", "/foo/bar/", false)));
        check("http://example.com/foo/", Some(("http", "example.com", "/foo/", "/foo/", false)));
        check("HTTP://example.com", Some(("http", "example.com", "/", "/", false)));
        check("http://99_ab-.com", Some(("http", "99_ab-.com", "/", "/", false)));
        check("https://127.0.0.1:99", Some(("https", "127.0.0.1:99", "/", "/", true)));
        check("https://999.999.abc.blah", Some(("https", "999.999.abc.blah", "/", "/", false)));
        check("https://[fe80::1]", Some(("https", "[fe80::1]", "/", "/", true)));
        check("https://[fe80::1]:443/x", Some(("https", "[fe80::1]:443", "/x", "/x/", true)));
        for wrong in [
            "",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://:80",
            "https:///path",
            "http://abc.com:a/foo",
            "http://abc.com:/foo",
            "http://abc.com:99999",
            "https://[fe80::1",
            "https://[zz]",
            "https://[fe80::1]443",
            "https://user@example.com",
            "https://example.com?x=1",
            "https://example.com/path?x=1",
            "https://example.com#x",
            "https://exa mple.com",
            "https://exämple.com",
            "https://example.com/a b",
        ] {
            check(wrong, None);
        }
    }
}
