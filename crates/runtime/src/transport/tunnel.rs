//! Asks a proxy for a tunnel to a server: `CONNECT`, RFC 9110, section 9.3.6.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How many bytes the head of the proxy's answer may have.
const MAX_HEAD: usize = 16 * 1024;

/// Why there is no tunnel.
#[derive(Debug)]
pub(super) enum TunnelError {
    /// The proxy answered with another status than success, and this reason; none where it was told a password.
    Refused(u16, String),
    /// The connection to the proxy broke.
    Broken(io::Error),
    /// The proxy closed the connection without an answer.
    Closed,
    /// What the proxy answered is not HTTP.
    Malformed,
    /// The head of its answer has more than [`MAX_HEAD`] bytes.
    TooLong,
}

/// Turns a connection to a proxy into one to a host and port. `authorization` is what the proxy is told.
pub(super) async fn open<T>(io: &mut T, to: &str, authorization: Option<&str>) -> Result<(), TunnelError>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = format!("CONNECT {to} HTTP/1.1\r\nhost: {to}\r\n");
    if let Some(authorization) = authorization {
        request.extend(["proxy-authorization: ", authorization, "\r\n"]);
    }
    request.push_str("\r\n");
    write(io, request.as_bytes()).await.map_err(TunnelError::Broken)?;
    let (head, more) = read_head(io).await?;
    match status(&head).ok_or(TunnelError::Malformed)? {
        // Whoever the tunnel leads to waits to be spoken to.
        (200..=299, _) if more => Err(TunnelError::Malformed),
        (200..=299, _) => Ok(()),
        // Whoever was told a password may say it back.
        (status, _) if authorization.is_some() => Err(TunnelError::Refused(status, String::new())),
        (status, reason) => Err(TunnelError::Refused(status, reason)),
    }
}

async fn write<T: AsyncWrite + Unpin>(io: &mut T, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = poll_fn(|cx| Pin::new(&mut *io).poll_write(cx, bytes)).await?;
        bytes = bytes.get(count..).filter(|_| count > 0).ok_or(io::ErrorKind::WriteZero)?;
    }
    poll_fn(|cx| Pin::new(&mut *io).poll_flush(cx)).await
}

/// Reads the head of the answer, and says whether something came after it.
async fn read_head<T: AsyncRead + Unpin>(io: &mut T) -> Result<(Vec<u8>, bool), TunnelError> {
    const END: &[u8] = b"\r\n\r\n";
    let (mut head, mut chunk) = (Vec::new(), [0; 1024]);
    loop {
        let mut buffer = ReadBuf::new(&mut chunk);
        poll_fn(|cx| Pin::new(&mut *io).poll_read(cx, &mut buffer)).await.map_err(TunnelError::Broken)?;
        match buffer.filled() {
            [] if head.is_empty() => return Err(TunnelError::Closed),
            [] => return Err(TunnelError::Malformed),
            come => head.extend_from_slice(come),
        }
        if let Some(start) = head.windows(END.len()).position(|window| window == END) {
            let more = start.saturating_add(END.len()) < head.len();
            head.truncate(start);
            return Ok((head, more));
        }
        if head.len() > MAX_HEAD {
            return Err(TunnelError::TooLong);
        }
    }
}

/// The status of an answer, and the reason that stands behind it.
fn status(head: &[u8]) -> Option<(u16, String)> {
    const SHOWN: usize = 80;
    let line = String::from_utf8_lossy(head.split(|byte| *byte == b'\r').next()?);
    let (version, rest) = line.split_once(' ')?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_status = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    let shown = || reason.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    (version.starts_with("HTTP/1.") && is_status).then(|| Some((status.parse().ok()?, shown())))?
}

impl TunnelError {
    /// Whether another attempt could not be expected to fare better: the proxy does not do it for us.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Refused(400..=499, _)) && !matches!(self, Self::Refused(408 | 429, _))
    }
}

/// The end of a sentence that begins with the proxy.
impl fmt::Display for TunnelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(status, reason) => {
                let reason = reason.trim();
                let space = if reason.is_empty() { "" } else { " " };
                write!(f, "refused it with status {status}{space}{reason}")?;
                f.write_str(match status {
                    407 => AUTHENTICATE,
                    403 => {
                        ": it does not allow this host or port; if it is to be reached directly, name it in NO_PROXY"
                    }
                    502..=504 => ": it could not reach the host",
                    _ => "",
                })
            }
            Self::Broken(_) => f.write_str("broke the connection off"),
            Self::Closed => f.write_str("closed the connection without an answer"),
            Self::Malformed => f.write_str("did not answer as an HTTP proxy does"),
            Self::TooLong => write!(f, "answered with headers of more than {MAX_HEAD} bytes"),
        }
    }
}

/// What to do about status 407.
pub(super) const AUTHENTICATE: &str =
    ": it asks for a user and password, or for others; they stand in its address, `http://user:password@host:port`";

impl Error for TunnelError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Broken(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Asks a proxy that answers this, and closes the connection then if `closes`.
    async fn check(answer: &[u8], closes: bool, expected: Result<(), &str>) {
        ask(None, answer, closes, expected).await;
    }

    async fn ask(authorization: Option<&str>, answer: &[u8], closes: bool, expected: Result<(), &str>) {
        let (mut near, mut far) = tokio::io::duplex(64 * 1024);
        assert!(far.write_all(answer).await.is_ok());
        if closes {
            // What was written arrives all the same.
            assert!(far.shutdown().await.is_ok());
        }
        let opened = open(&mut near, "[::1]:8", authorization).await;
        assert_eq!(opened.map_err(|error| error.to_string()), expected.map_err(str::to_owned));
        drop(near);
        let mut request = String::new();
        assert!(far.read_to_string(&mut request).await.is_ok());
        let told = authorization.map(|told| format!("proxy-authorization: {told}\r\n")).unwrap_or_default();
        assert_eq!(request, format!("CONNECT [::1]:8 HTTP/1.1\r\nhost: [::1]:8\r\n{told}\r\n"));
    }

    #[tokio::test]
    async fn only_success_opens_a_tunnel() {
        check(b"HTTP/1.1 200 Connection established\r\n\r\n", false, Ok(())).await;
        check(b"HTTP/1.0 204\r\ncontent-length: 5\r\n\r\n", false, Ok(())).await;
        let told = "refused it with status 502 Bad Gateway: it could not reach the host";
        check(b"HTTP/1.1 502 Bad Gateway\r\na: b\r\n\r\n<html>", false, Err(told)).await;
        check(b"HTTP/1.1 302 \x1b[31mHi\r\n\r\n", false, Err("refused it with status 302 \\u{1b}[31mHi")).await;
        check(b"HTTP/1.1 100 Continue\r\n\r\n", false, Err("refused it with status 100 Continue")).await;
    }

    #[tokio::test]
    async fn a_proxy_that_is_told_a_password_cannot_say_it_on() {
        let told = Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        ask(told, b"HTTP/1.1 200 OK\r\n\r\n", false, Ok(())).await;
        let answer = b"HTTP/1.1 302 QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n";
        ask(told, answer, false, Err("refused it with status 302")).await;
    }

    #[tokio::test]
    async fn what_is_no_answer_is_told() {
        check(b"", true, Err("closed the connection without an answer")).await;
        let malformed = "did not answer as an HTTP proxy does";
        check(b"HTTP/1.1 200 OK\r\n", true, Err(malformed)).await;
        check(b"HTTP/1.1 200 OK\r\n\r\nhello", false, Err(malformed)).await;
        for line in ["SSH-2.0-OpenSSH", "HTTP/1.1 2000 OK", "HTTP/1.1 +20 OK", "HTTP/2 200 OK", "HTTP/1.1", ""] {
            check(format!("{line}\r\n\r\n").as_bytes(), false, Err(malformed)).await;
        }
        let long = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(MAX_HEAD));
        check(long.as_bytes(), false, Err("answered with headers of more than 16384 bytes")).await;
    }
}
