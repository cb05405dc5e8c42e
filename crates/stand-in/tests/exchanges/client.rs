//! A client of sockets and strings, which sees what a tolerant HTTP library would hide.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const PATH: &str = "/2018-10-31/layers";

/// What came back until the connection ended, and how it ended.
#[derive(Debug, Default)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) error: Option<io::ErrorKind>,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.head().split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head().lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.bytes.get(self.head().len() + 4..).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body())
            .unwrap_or_else(|e| panic!("{e} in {}", String::from_utf8_lossy(&self.bytes)))
    }

    /// The error code in `x-amzn-errortype`, without what follows the colon.
    pub(crate) fn code(&self) -> &str {
        self.header("x-amzn-errortype").and_then(|value| value.split(':').next()).unwrap_or_default()
    }

    pub(crate) fn message(&self) -> String {
        self.json()["message"].as_str().unwrap_or_default().to_owned()
    }

    /// The names of the layers on this page.
    pub(crate) fn names(&self) -> Vec<String> {
        let page = self.json();
        let layers = page["Layers"].as_array().unwrap_or_else(|| panic!("no layers in {page}"));
        layers.iter().map(|layer| layer["LayerName"].as_str().unwrap().to_owned()).collect()
    }

    fn head(&self) -> &str {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(self.bytes.len());
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

/// Who signs, for what, and when.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) key: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) token: Option<&'a str>,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    /// Seconds to add to the machine's clock.
    pub(crate) offset: i64,
}

impl Default for Signer<'_> {
    fn default() -> Self {
        Self {
            key: ACCESS_KEY_ID,
            secret: SECRET_ACCESS_KEY,
            token: None,
            region: "us-east-2",
            service: "lambda",
            offset: 0,
        }
    }
}

impl Signer<'_> {
    /// A GET with an `Authorization` header. The query is sorted and encoded already.
    pub(crate) fn get(&self, address: SocketAddr, path: &str, query: &str) -> String {
        let date = self.date();
        let mut headers = vec![("host", address.to_string()), ("x-amz-date", date.clone())];
        headers.extend(self.token.map(|token| ("x-amz-security-token", token.to_owned())));
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let signature = self.sign(&date, &format!("GET\n{path}\n{query}\n{canonical}\n{names}\n{}", digest("")));
        let credential = self.credential(&date);
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let question = if query.is_empty() { "" } else { "?" };
        format!(
            "GET {path}{question}{query} HTTP/1.1\r\n{lines}connection: close\r\nauthorization: AWS4-HMAC-SHA256 \
             Credential={credential}, SignedHeaders={names}, Signature={signature}\r\n\r\n"
        )
    }

    /// A POST with an `Authorization` header. The hash of the body is said to be this, where that is not nothing.
    pub(crate) fn post(&self, address: SocketAddr, path: &str, hash: &str, body: &str) -> String {
        let date = self.date();
        let (told, real) = (hash.to_owned(), digest(body));
        let mut headers = vec![("host", address.to_string()), ("x-amz-date", date.clone())];
        if !hash.is_empty() {
            headers.insert(1, ("x-amz-content-sha256", told));
        }
        let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let canonical: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let hash = if hash.is_empty() { &real } else { hash };
        let signature = self.sign(&date, &format!("POST\n{path}\n\n{canonical}\n{names}\n{hash}"));
        let credential = self.credential(&date);
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "POST {path} HTTP/1.1\r\n{lines}connection: close\r\ncontent-length: {}\r\nauthorization: \
             AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}\r\n\r\n{body}",
            body.len()
        )
    }

    /// A presigned GET of the operation, without parameters of its own.
    pub(crate) fn presigned(&self, address: SocketAddr, expires: u32) -> String {
        let date = self.date();
        let token = self.token.map(|token| format!("&X-Amz-Security-Token={token}")).unwrap_or_default();
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}&X-Amz-Date={date}&X-Amz-Expires={expires}{token}\
             &X-Amz-SignedHeaders=host",
            self.credential(&date).replace('/', "%2F")
        );
        let canonical = format!("GET\n{PATH}\n{query}\nhost:{address}\n\nhost\n{}", digest(""));
        let signature = self.sign(&date, &canonical);
        format!(
            "GET {PATH}?{query}&X-Amz-Signature={signature} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
        )
    }

    fn credential(&self, date: &str) -> String {
        format!("{}/{}/{}/{}/aws4_request", self.key, &date[..8], self.region, self.service)
    }

    fn sign(&self, date: &str, canonical: &str) -> String {
        let scope = format!("{}/{}/{}/aws4_request", &date[..8], self.region, self.service);
        let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", digest(canonical));
        let first = format!("AWS4{}", self.secret).into_bytes();
        let key = [&date[..8], self.region, self.service, "aws4_request", &text].iter().fold(first, |key, part| {
            Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(part).finalize().into_bytes().to_vec()
        });
        hex(&key)
    }

    /// The time of signing, cut out of an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
    fn date(&self) -> String {
        let by = Duration::from_secs(self.offset.unsigned_abs());
        let now = SystemTime::now();
        let text = httpdate::fmt_http_date(if self.offset < 0 { now - by } else { now + by });
        let month = "JanFebMarAprMayJunJulAugSepOctNovDec".find(&text[8..11]).unwrap() / 3 + 1;
        format!("{}{month:02}{}T{}Z", &text[12..16], &text[5..7], text[17..25].replace(':', ""))
    }
}

/// Sends a signed request for layers, and reads to the end.
pub(crate) async fn list(stand_in: &StandIn, query: &str) -> Reply {
    send(stand_in.address(), &Signer::default().get(stand_in.address(), PATH, query)).await
}

/// What is to come soon. Ten seconds are far more than anything takes here.
pub(crate) async fn within<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let come = tokio::time::timeout(Duration::from_secs(10), coming).await;
    come.unwrap_or_else(|_| panic!("it did not come in ten seconds: {what}"))
}

/// Sends bytes, and reads until the connection ends.
pub(crate) async fn send(address: SocketAddr, request: &str) -> Reply {
    let mut reply = Reply::default();
    let exchange = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request.as_bytes()).await?;
        stream.read_to_end(&mut reply.bytes).await
    };
    let ended = within("end of the exchange", exchange).await;
    reply.error = ended.err().map(|e| e.kind());
    reply
}

fn digest(text: &str) -> String {
    hex(&Sha256::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
