//! Credentials of a container, from the agent that its platform runs beside it: ECS, and EKS Pod Identity.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::agent::{Agent, Limits, is_header_value, said, shown};
use super::document::Document;
use super::settings::{CONTAINER_FULL_URI, CONTAINER_RELATIVE_URI, CONTAINER_TOKEN, CONTAINER_TOKEN_FILE};
use super::{CredentialsError, Doors, Result, provides_credentials};
use crate::config::{Origin, SettingError, Sources};
use crate::http::Request;
use crate::user_agent::Metric;

const RELATIVE: &str = CONTAINER_RELATIVE_URI.variable();
const FULL: &str = CONTAINER_FULL_URI.variable();
const TOKEN: &str = CONTAINER_TOKEN.variable();
const TOKEN_FILE: &str = CONTAINER_TOKEN_FILE.variable();

/// Where the agent of ECS is, to which the relative address belongs.
const ECS: &str = "http://169.254.170.2";
/// What an address may begin with, for errors.
const ALLOWED: &str = "https:// with any host, or http:// with 169.254.170.2, 169.254.170.23, [fd00:ec2::23], \
                       localhost or another loopback address";
/// The most of a file with a token that is read, in bytes.
const TOKEN_LENGTH: u64 = 64 << 10;

const LIMITS: Limits = Limits { connect: Duration::from_secs(2), read: Duration::from_secs(5), attempts: 3 };

/// Asks the agent at `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with the token in
/// the file `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or in `AWS_CONTAINER_AUTHORIZATION_TOKEN`, if there is one. The file
/// is read each time: its token is short-lived.
///
/// Over plain http, only the addresses of the platforms' own agents and of this machine are asked: any other host would
/// be given the token.
#[derive(Debug)]
pub struct ContainerCredentials {
    agent: Agent,
}

impl ContainerCredentials {
    /// Reads the variables of these sources.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self { agent: Agent::new(sources, doors.into()) }
    }

    async fn load(&self) -> Result {
        let request = self.request().await?;
        let uri = request.uri();
        let failed =
            |why: String| CredentialsError::provider_error(format!("the agent of the container at {uri}: {why}"));
        let answer = self.agent.ask(request, LIMITS).await.map_err(failed)?;
        let document = Document::read(&answer.body);
        if answer.status != 200 {
            let why = match &document {
                Ok(Document { code: Some(code), message, .. }) => {
                    format!("{}: {}", shown(code.as_bytes()), shown(message.as_deref().unwrap_or_default().as_bytes()))
                }
                _ => said(&answer.body),
            };
            return Err(failed(format!("it answered with status {}: {why}", answer.status)));
        }
        let credentials = document.and_then(|document| document.credentials("EcsContainer"));
        let credentials = credentials.map_err(|why| failed(format!("its answer is of no use: {why}")))?;
        Ok(credentials.made_by([Metric::CredentialsHttp]))
    }

    async fn request(&self) -> std::result::Result<Request, CredentialsError> {
        let (origin, rest) = self.address()?;
        let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
        let path = if path.is_empty() { "/" } else { path };
        let (path, query) = (path.to_owned(), query.to_owned());
        let mut request = Request { method: "GET", origin, path, query, ..Request::default() };
        request.headers.insert("accept", "application/json");
        if let Some(token) = self.token().await? {
            request.headers.insert("authorization", token);
        }
        Ok(request)
    }

    /// The origin of the agent, and what follows it.
    fn address(&self) -> std::result::Result<(String, String), CredentialsError> {
        let malformed = |name: &'static str, held: &str, allowed: &str| {
            let origin = Origin::Variable(name.into());
            CredentialsError::invalid_configuration(SettingError::malformed(&origin, name, held, allowed))
        };
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if let Some(held) = self.agent.sources.variable(RELATIVE) {
            let path = held.trim();
            return match path.starts_with('/') && is_plain(path) {
                true => Ok((ECS.to_owned(), path.to_owned())),
                false => Err(malformed(RELATIVE, path, "a path such as `/v2/credentials/ID`")),
            };
        }
        let Some(held) = self.agent.sources.variable(FULL) else {
            return Err(CredentialsError::not_loaded(format!("{RELATIVE} and {FULL} are not set")));
        };
        let refused = || malformed(FULL, &held, &format!("an address that begins with {ALLOWED}"));
        let (scheme, rest) = held.trim().split_once("://").filter(|_| is_plain(held.trim())).ok_or_else(refused)?;
        let (authority, rest) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let scheme = scheme.to_ascii_lowercase();
        match is_allowed(&scheme, authority) {
            true => Ok((format!("{scheme}://{authority}"), rest.to_owned())),
            false => Err(refused()),
        }
    }

    async fn token(&self) -> std::result::Result<Option<String>, CredentialsError> {
        let (token, place) = if let Some(path) = self.agent.sources.variable(TOKEN_FILE) {
            let read = self.agent.doors.read(&path, TOKEN_LENGTH).await;
            let bytes = read.map_err(|error| {
                let path = shown(path.as_bytes());
                CredentialsError::invalid_configuration(format!(
                    "{TOKEN_FILE} is {path}, which cannot be read: {error}"
                ))
            })?;
            (String::from_utf8_lossy(&bytes).into_owned(), "the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names")
        } else if let Some(token) = self.agent.sources.variable(TOKEN) {
            (token, TOKEN)
        } else {
            return Ok(None);
        };
        match is_header_value(&token) {
            true => Ok(Some(token)),
            false => Err(CredentialsError::invalid_configuration(format!(
                "the token in {place} cannot be sent in a header: it should be printable ASCII without a line break"
            ))),
        }
    }
}

/// Whether an agent may be asked at this place.
fn is_allowed(scheme: &str, authority: &str) -> bool {
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host.parse().map(IpAddr::V6).ok(), port),
        None => {
            let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
            (host.parse().map(IpAddr::V4).ok(), port)
        }
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let name = authority.strip_suffix(port).unwrap_or_default();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let is_close = match host {
        Some(address) => {
            let agents = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"].map(|agent| agent.parse().ok());
            address.is_loopback() || agents.contains(&Some(address))
        }
        None => name.eq_ignore_ascii_case("localhost"),
    };
    is_port && ((scheme == "http" && is_close) || (scheme == "https" && (is_name || host.is_some())))
}

provides_credentials!(ContainerCredentials);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;
    use crate::credentials::ProvideCredentials;
    use crate::environment::ScriptedFiles;
    use crate::test_util::{FixedRandom, InstantSleep, Reply, ScriptedTransport};
    use crate::transport::{SharedTransport, TransportErrorKind};

    const KEYS: &str = r#"{"AccessKeyId": "AK", "SecretAccessKey": "S", "Token": "T"}"#;

    async fn load(
        variables: &[(&str, &str)],
        replies: impl IntoIterator<Item = Reply>,
    ) -> (std::result::Result<String, String>, Vec<Request>) {
        let transport = ScriptedTransport::new(replies);
        let files = ScriptedFiles::from_iter([("/good", "from-file"), ("/bad", "a\r\nx: y")]);
        let doors = Doors {
            http_client: Some(SharedTransport::new(transport.clone())),
            sleep: Arc::new(InstantSleep::default()),
            random: Arc::new(FixedRandom::new(0)),
            files: Arc::new(files),
            ..Doors::default()
        };
        let provided = ContainerCredentials::new(scripted(variables, ""), doors).provide_credentials().await;
        let provided = provided.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.to_string());
        (provided, transport.requests())
    }

    #[tokio::test]
    async fn only_allowed_places_are_asked() {
        for (name, held, asked) in [
            (RELATIVE, "/v2/a?b=c", Some("http://169.254.170.2/v2/a?b=c")),
            (RELATIVE, "v2", None),
            (RELATIVE, "@evil.example/", None),
            (RELATIVE, "/a b", None),
            (FULL, "http://169.254.170.23/v1", Some("http://169.254.170.23/v1")),
            (FULL, "http://[fd00:ec2::23]/v1", Some("http://[fd00:ec2::23]/v1")),
            (FULL, "http://[FD00:EC2:0::23]:80/v1", Some("http://[FD00:EC2:0::23]:80/v1")),
            (FULL, "http://127.9.9.9:8080?a=1", Some("http://127.9.9.9:8080/?a=1")),
            (FULL, "http://[::1]:9", Some("http://[::1]:9/")),
            (FULL, "HTTP://LocalHost/", Some("http://LocalHost/")),
            (FULL, "https://anywhere.example:8443/x", Some("https://anywhere.example:8443/x")),
            (FULL, "https://10.0.0.1/x", Some("https://10.0.0.1/x")),
            (FULL, "http://anywhere.example/", None),
            (FULL, "http://169.254.169.254/", None),
            (FULL, "http://127.0.0.1.evil.example/", None),
            (FULL, "http://localhost@evil.example/", None),
            (FULL, "http://169.254.170.2:80@evil.example/", None),
            (FULL, "http://169.254.170.2#@evil.example/", None),
            (FULL, "http://evil.example\\@localhost/", None),
            (FULL, "http://[::1].evil.example/", None),
            (FULL, "http://localhost:http/", None),
            (FULL, "https://", None),
            (FULL, "https://a,b/", None),
            (FULL, "ftp://localhost/", None),
            (FULL, "/v1", None),
        ] {
            let (provided, requests) = load(&[(name, held)], [Reply::new(200).body(KEYS)]).await;
            assert_eq!(requests.first().map(Request::uri).as_deref(), asked, "{held}");
            match asked {
                Some(_) => assert_eq!(provided, Ok("AK".to_owned())),
                None => assert!(provided.unwrap_err().contains(&format!("{name} is ")), "{held}"),
            }
        }
        let (told, _) = load(&[(FULL, "http://me:the-secret@localhost/")], []).await;
        assert!(told.is_err_and(|told| told.contains("is …@\"localhost/\", and should be")));
        let (told, _) = load(&[(FULL, "http://evil.example/")], []).await;
        let expected = "the source of credentials is set up wrongly: AWS_CONTAINER_CREDENTIALS_FULL_URI is \
                        \"http://evil.example/\", and should be an address that begins with https:// with any host, or http:// \
                        with 169.254.170.2, 169.254.170.23, [fd00:ec2::23], localhost or another loopback address";
        assert_eq!(told, Err(expected.to_owned()));
    }

    #[tokio::test]
    async fn the_token_is_sent_unless_it_would_break_the_header() {
        let check = async |variables: &[(&str, &str)], sent: std::result::Result<Option<&str>, &str>| {
            let variables = [&[(RELATIVE, "/a")], variables].concat();
            let (provided, requests) = load(&variables, [Reply::new(200).body(KEYS)]).await;
            let token = requests.first().and_then(|request| request.headers.get("authorization"));
            assert_eq!(token, sent.ok().flatten(), "{variables:?}");
            let told = provided.map(drop).err().unwrap_or_default();
            assert!(told.contains(sent.err().unwrap_or_default()) && !told.contains("x: y"), "{told}");
            assert_eq!(requests.len(), usize::from(sent.is_ok()));
        };
        check(&[], Ok(None)).await;
        check(&[(TOKEN, "Basic abc")], Ok(Some("Basic abc"))).await;
        check(&[(TOKEN, "unused"), (TOKEN_FILE, "/good")], Ok(Some("from-file"))).await;
        check(&[(TOKEN, "a\nx: y")], Err("the token in AWS_CONTAINER_AUTHORIZATION_TOKEN cannot be sent")).await;
        check(&[(TOKEN_FILE, "/bad")], Err("the token in the file that AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")).await;
        let absent = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is /absent, which cannot be read: entity not found";
        check(&[(TOKEN_FILE, "/absent"), (TOKEN, "a")], Err(absent)).await;
    }

    #[tokio::test]
    async fn what_fails_is_tried_again_or_told() {
        let check = async |replies: Vec<Reply>, asked: usize, expected: std::result::Result<&str, &str>| {
            let (provided, requests) = load(&[(RELATIVE, "/a")], replies).await;
            let agent = "the source of credentials failed: the agent of the container at http://169.254.170.2/a:";
            let expected = expected.map(str::to_owned).map_err(|why| format!("{agent} {why}"));
            assert_eq!((provided, requests.len()), (expected, asked));
        };
        let good = || Reply::new(200).body(KEYS);
        let broken = || Reply::Failure(TransportErrorKind::Connect);
        check(vec![Reply::new(500), good()], 2, Ok("AK")).await;
        check(vec![broken(), good().breaks(), good()], 3, Ok("AK")).await;
        check(vec![Reply::Silence, good()], 2, Ok("AK")).await;
        let gone = "no answer from http://169.254.170.2 in 3 attempts: could not connect: as the script has it";
        check(vec![broken(), broken(), broken(), good()], 3, Err(gone)).await;
        let refused = Reply::new(403).body(r#"{"code": "Denied", "message": "not\nyou"}"#);
        check(vec![refused], 1, Err(r"it answered with status 403: Denied: not\nyou")).await;
        check(vec![Reply::new(404).body("<html>")], 1, Err("it answered with status 404: <html>")).await;
        check(vec![Reply::new(200).body("{}")], 1, Err("its answer is of no use: it has no AccessKeyId")).await;
        let (told, requests) = load(&[], []).await;
        assert!(told.unwrap_err().starts_with("no credentials: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and"));
        assert!(requests.is_empty());
    }
}
