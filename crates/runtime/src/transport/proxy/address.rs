//! A proxy, and how it is read from an address with a user and a password in it.

use std::error::Error;
use std::fmt;

use crate::config::Origin;
use crate::primitives::base64;

/// A proxy: where it is, what it is told, and who said so. It is shown without user and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    is_tls: bool,
    host: String,
    port: u16,
    authorization: Option<String>,
    origin: Origin,
}

impl Proxy {
    /// Whether TLS is spoken with the proxy itself.
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Its host; an IPv6 address is in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What the header `proxy-authorization` holds, a secret.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// Where it was set.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Tells it this user and password (the scheme Basic, RFC 7617), in place of those in its address.
    pub(super) fn set_basic_auth(&mut self, username: &[u8], password: &[u8]) {
        self.authorization = Some(basic(username, password));
    }

    /// Reads `[scheme://][user[:password]@]host[:port][/]`.
    pub(super) fn parse(text: &str, origin: Origin) -> Result<Self, ProxyError> {
        match Self::read(text.trim(), &origin) {
            Ok(proxy) => Ok(proxy),
            Err(why) => Err(ProxyError::malformed(&origin, why)),
        }
    }

    /// What is wrong with it is told in words that show nothing of it.
    fn read(text: &str, origin: &Origin) -> Result<Self, &'static str> {
        if text.contains(|sign: char| sign.is_whitespace() || sign.is_control()) {
            return Err("there is white space or a control character in it");
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let is_tls = match &*scheme.to_ascii_lowercase() {
            "http" => false,
            "https" => true,
            socks if socks.starts_with("socks") => return Err("SOCKS proxies are not supported"),
            _ => return Err("its scheme is neither http nor https"),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may have an `@` of its own.
        let (user, host) = rest.rsplit_once('@').map_or((None, rest), |(user, host)| (Some(user), host));
        if rest.contains(['/', '?', '#']) {
            return Err("something stands after its host and port, or a `/`, `?` or `#` of its password is not \
                        percent-encoded");
        }
        let (host, port) = host_and_port(host)?;
        let port = port.unwrap_or(if is_tls { 443 } else { 80 });
        let authorization = user.filter(|user| !user.is_empty()).map(|user| {
            let (name, password) = user.split_once(':').unwrap_or((user, ""));
            basic(&percent_decoded(name), &percent_decoded(password))
        });
        Ok(Self { is_tls, host: host.to_owned(), port, authorization, origin: origin.clone() })
    }
}

/// The address, without user and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { is_tls, host, port, .. } = self;
        write!(f, "{}://{host}:{port}", if *is_tls { "https" } else { "http" })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self}, from {})", self.origin)
    }
}

/// Why an address is none of a proxy. The address itself, which may hold a password, is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyError(String);

impl ProxyError {
    fn malformed(origin: &Origin, why: &str) -> Self {
        let what = match origin {
            Origin::Variable(name) => name,
            _ => "the proxy set in code",
        };
        Self(format!(
            "{what} is no address of a proxy: {why}; it should be `http://host:port` or `https://host:port`, with \
             `user:password@` before the host where the proxy asks for them (what it is now is not shown, as it may hold \
             a password)"
        ))
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ProxyError {}

fn host_and_port(text: &str) -> Result<(&str, Option<u16>), &'static str> {
    const PORT: &str = "its port is no number from 1 to 65535";
    let (host, port) = match text.strip_prefix('[').and_then(|text| text.find(']')) {
        // After the bracket that is stripped, and the one that is found.
        Some(end) => text.split_at_checked(end.saturating_add(2)).unwrap_or((text, "")),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(port.parse().ok().filter(|port| *port > 0).ok_or(PORT)?)
        }
        None if port.is_empty() => None,
        _ => return Err(PORT),
    };
    let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let is_host = match inside {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        }
    };
    if is_host { Ok((host, port)) } else { Err("it has no host, or one that is neither a name nor an address") }
}

/// The credentials of the scheme Basic, RFC 7617.
fn basic(username: &[u8], password: &[u8]) -> String {
    format!("Basic {}", base64::encode(&[username, b":", password].concat()))
}

/// Decodes `%41`; a `%` that begins no such triple stands for itself, as the URL standard of WHATWG has it.
fn percent_decoded(text: &str) -> Vec<u8> {
    let (mut decoded, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let [byte, after @ ..] = rest {
        let triple = match rest {
            [b'%', high, low, after @ ..] => hex(*high).zip(hex(*low)).map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (byte, after) = triple.unwrap_or((*byte, after));
        decoded.push(byte);
        rest = after;
    }
    decoded
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(bool, &str, u16, Option<&str>), &str>) {
        let got = Proxy::read(text, &Origin::Code);
        let got = got.as_ref().map(|got| (got.is_tls, &*got.host, got.port, got.authorization()));
        match expected {
            Ok(expected) => assert_eq!(got, Ok(expected), "{text}"),
            Err(part) => assert!(got.is_err_and(|told| told.contains(part)), "{text}"),
        }
    }

    #[test]
    fn addresses_are_read() {
        check("http://proxy:3128", Ok((false, "proxy", 3128, None)));
        check("proxy.example:3128/", Ok((false, "proxy.example", 3128, None)));
        check("HTTP://10.0.0.1", Ok((false, "10.0.0.1", 80, None)));
        check("https://proxy", Ok((true, "proxy", 443, None)));
        check("[::1]", Ok((false, "[::1]", 80, None)));
        check("https://[fe80::1]:8443", Ok((true, "[fe80::1]", 8443, None)));
        for (text, clear) in [
            ("Aladdin:open%20sesame", "Aladdin:open sesame"),
            ("u%3Aser:p%40%C3%A9", "u:ser:p@é"),
            ("user:p@ss%", "user:p@ss%"),
            ("user:%zz%4", "user:%zz%4"),
            ("user:a:b", "user:a:b"),
            ("user", "user:"),
        ] {
            let header = format!("Basic {}", base64::encode(clear.as_bytes()));
            check(&format!("http://{text}@host:1"), Ok((false, "host", 1, Some(&header))));
        }
        check("http://@host:1", Ok((false, "host", 1, None)));
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, why) in [
            ("socks5h://host:1", "SOCKS"),
            ("ftp://host", "neither http nor https"),
            ("://host", "neither http nor https"),
            ("http://", "no host"),
            ("http://user:secret@", "no host"),
            ("http://ho%73t", "neither a name"),
            ("http://[host]", "neither a name"),
            ("http://[::1", "its port"),
            ("http://::1", "its port"),
            ("http://host:", "its port"),
            ("http://host:0", "its port"),
            ("http://host:65536", "its port"),
            ("http://host:+1", "its port"),
            ("http://[::1]x", "its port"),
            ("http://user:pa/ss@host", "percent-encoded"),
            ("http://host:1/path", "stands after"),
            ("http://host:1?query", "stands after"),
            ("http://ho st", "white space"),
            ("http://user:pass\r\nx: y@host", "control character"),
        ] {
            check(text, Err(why));
        }
    }
}
