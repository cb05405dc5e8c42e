//! Credentials of an EC2 instance, from its metadata service (IMDS), in version 2: with a token.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::agent::{Agent, Answer, Limits, is_header_value, said, shown};
use super::document::Document;
use super::{CredentialsError, Doors, Result, provides_credentials};
use crate::config::settings::{IMDS_ATTEMPTS, IMDS_DISABLED, IMDS_ENDPOINT, IMDS_ENDPOINT_MODE, IMDS_TIMEOUT, is_url};
use crate::config::{Origin, SettingError, Sources};
use crate::http::Request;
use crate::http::percent::{Plain, push_encoded};
use crate::user_agent::Metric;

const TOKEN_PATH: &str = "/latest/api/token";
const ROLE_PATH: &str = "/latest/meta-data/iam/security-credentials/";
/// For how long the token is asked for, in seconds: the longest that there is.
const TOKEN_TTL: &str = "21600";

/// Asks the metadata service for the credentials of the role that the instance has.
///
/// `AWS_EC2_METADATA_DISABLED` turns it off. `AWS_EC2_METADATA_SERVICE_ENDPOINT` and `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`
/// say where it is, `AWS_METADATA_SERVICE_TIMEOUT` (1 s) how long a connection and an answer may take, and
/// `AWS_METADATA_SERVICE_NUM_ATTEMPTS` (4) how often each request is tried; a profile can say all of these too.
#[derive(Debug)]
pub struct ImdsCredentials {
    agent: Agent,
    endpoint: Option<String>,
    mode: Option<EndpointMode>,
}

/// By which protocol the metadata service is reached where no address is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointMode {
    /// At `169.254.169.254`.
    #[default]
    IpV4,
    /// At `fd00:ec2::254`.
    IpV6,
}

impl FromStr for EndpointMode {
    type Err = ();

    /// Reads `IPv4` or `IPv6`, in whatever case.
    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        match () {
            () if text.eq_ignore_ascii_case("IPv4") => Ok(Self::IpV4),
            () if text.eq_ignore_ascii_case("IPv6") => Ok(Self::IpV6),
            () => Err(()),
        }
    }
}

impl ImdsCredentials {
    /// Reads the settings of these sources, each time it is asked.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self { agent: Agent::new(sources, doors.into()), endpoint: None, mode: None }
    }

    /// Sets where the service is, before any other setting.
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }

    /// Sets how the service is reached where no address of it is set.
    pub fn endpoint_mode(mut self, mode: EndpointMode) -> Self {
        self.mode = Some(mode);
        self
    }

    async fn load(&self) -> Result {
        let is_off = self.agent.sources.get(&IMDS_DISABLED).map_err(CredentialsError::invalid_configuration)?;
        if let Some(off) = is_off.filter(|is_off| is_off.value) {
            let by = off.origin.named(IMDS_DISABLED.key);
            return Err(CredentialsError::not_loaded(format!("it is turned off by {by}")));
        }
        let (endpoint, limits) = self.settings().map_err(CredentialsError::invalid_configuration)?;
        let failed =
            |why: String| CredentialsError::provider_error(format!("the metadata service at {endpoint}: {why}"));
        // Off EC2 nobody answers here, or another cloud's service does, which knows of no such token. Other failures are
        // those of a source that is there.
        let asked = self.agent.ask(request("PUT", &endpoint, TOKEN_PATH, TTL, TOKEN_TTL), limits).await;
        let answer = asked.map_err(CredentialsError::not_loaded)?;
        if let status @ (400 | 404 | 405) = answer.status {
            let why = format!(
                "{endpoint} is no metadata service of EC2: asked for a token, it answered with status {status}"
            );
            return Err(CredentialsError::not_loaded(why));
        }
        let token = text(answer, "the token").map_err(failed)?;
        let get = async |path: &str| self.agent.ask(request("GET", &endpoint, path, TOKEN, &token), limits).await;

        let answer = get(ROLE_PATH).await.map_err(failed)?;
        if answer.status == 404 {
            return Err(CredentialsError::not_loaded(format!("the instance has no role, says {endpoint}")));
        }
        let role = text(answer, "the name of the role").map_err(failed)?;
        let mut path = ROLE_PATH.to_owned();
        push_encoded(&mut path, &role, Plain::Unreserved);
        let answer = get(&path).await.map_err(failed)?;
        let document = succeeded(answer, "the credentials").map_err(failed)?;
        let document = Document::read(&document);
        let credentials = document.and_then(|document| match &document.code {
            Some(code) if !code.eq_ignore_ascii_case("Success") => {
                let message = document.message.as_deref().unwrap_or_default();
                Err(format!("its code is {}: {}", shown(code.as_bytes()), shown(message.as_bytes())))
            }
            _ => document.credentials("Imds"),
        });
        let credentials = credentials.map_err(|why| failed(format!("the credentials are of no use: {why}")))?;
        Ok(credentials.made_by([Metric::CredentialsImds]))
    }

    /// Where the service is and how long it may take.
    fn settings(&self) -> std::result::Result<(String, Limits), SettingError> {
        let sources = &self.agent.sources;
        let endpoint = match &self.endpoint {
            Some(endpoint) if is_url(endpoint) => Some(endpoint.clone()),
            Some(wrong) => {
                return Err(SettingError::malformed(&Origin::Code, "endpoint", wrong, IMDS_ENDPOINT.allowed));
            }
            None => sources.get(&IMDS_ENDPOINT)?.map(|endpoint| endpoint.value),
        };
        let endpoint = match endpoint {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => self.default_endpoint()?.to_owned(),
        };
        let timeout = sources.get(&IMDS_TIMEOUT)?.map_or(Duration::from_secs(1), |timeout| timeout.value);
        let attempts = sources.get(&IMDS_ATTEMPTS)?.map_or(4, |attempts| attempts.value);
        Ok((endpoint, Limits { connect: timeout, read: timeout, attempts }))
    }

    fn default_endpoint(&self) -> std::result::Result<&'static str, SettingError> {
        let mode = match self.mode {
            Some(mode) => mode,
            None => self.agent.sources.get(&IMDS_ENDPOINT_MODE)?.map_or(EndpointMode::IpV4, |mode| mode.value),
        };
        Ok(match mode {
            EndpointMode::IpV4 => "http://169.254.169.254",
            EndpointMode::IpV6 => "http://[fd00:ec2::254]",
        })
    }
}

const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
const TOKEN: &str = "x-aws-ec2-metadata-token";

fn request(method: &'static str, endpoint: &str, path: &str, header: &'static str, value: &str) -> Request {
    // An address that code or a setting gives may have a path of its own.
    let host = endpoint.find("://").map_or(0, |at| at.saturating_add(3));
    let split =
        endpoint.get(host..).and_then(|rest| rest.find('/')).map_or(endpoint.len(), |at| host.saturating_add(at));
    let (origin, prefix) = endpoint.split_at(split);
    let (origin, path) = (origin.to_owned(), format!("{prefix}{path}"));
    let mut request = Request { method, origin, path, ..Request::default() };
    request.headers.insert(header, value);
    request
}

/// The body of an answer that says it succeeded.
fn succeeded(answer: Answer, what: &str) -> std::result::Result<Vec<u8>, String> {
    match answer.status {
        200 => Ok(answer.body),
        403 => Err(format!(
            "it refused {what} with status 403: access to it is turned off; turn it on for this instance, or set \
             credentials in the environment or a profile"
        )),
        401 => Err(format!("it refused {what} with status 401: its token was not accepted")),
        status => Err(format!("asked for {what}, it answered with status {status}: {}", said(&answer.body))),
    }
}

/// The one line that an answer consists of.
fn text(answer: Answer, what: &str) -> std::result::Result<String, String> {
    let body = succeeded(answer, what)?;
    let text = std::str::from_utf8(&body).unwrap_or_default().trim();
    match is_header_value(text) {
        true => Ok(text.to_owned()),
        false => Err(format!("asked for {what}, it answered with something else than one line of ASCII")),
    }
}

provides_credentials!(ImdsCredentials);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;
    use crate::credentials::ProvideCredentials;
    use crate::test_util::{FixedRandom, InstantSleep, Reply, ScriptedTransport};
    use crate::transport::{SharedTransport, TransportErrorKind};

    const KEYS: &str = r#"{"Code": "Success", "AccessKeyId": "AK", "SecretAccessKey": "S", "Token": "T"}"#;

    /// What is provided, and the requests as `METHOD address token`.
    async fn load(
        variables: &[(&str, &str)],
        config: &str,
        replies: Vec<Reply>,
    ) -> (std::result::Result<String, String>, Vec<String>) {
        let transport = ScriptedTransport::new(replies);
        let doors = Doors {
            http_client: Some(SharedTransport::new(transport.clone())),
            sleep: Arc::new(InstantSleep::default()),
            random: Arc::new(FixedRandom::new(0)),
            ..Doors::default()
        };
        let provided = ImdsCredentials::new(scripted(variables, config), doors).provide_credentials().await;
        let provided = provided.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.to_string());
        let shown = |request: &Request| {
            let token = request.headers.get(TOKEN).unwrap_or_default();
            format!("{} {} {token}", request.method, request.uri())
        };
        (provided, transport.requests().iter().map(shown).collect())
    }

    fn ok(body: &'static str) -> Reply {
        Reply::new(200).body(body)
    }

    #[tokio::test]
    async fn token_role_and_credentials_are_asked_for_in_turn() {
        let (provided, requests) = load(&[], "", vec![ok("t"), ok("a role/x\n"), ok(KEYS)]).await;
        assert_eq!(provided, Ok("AK".to_owned()));
        let role = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
        let expected = [
            "PUT http://169.254.169.254/latest/api/token ".to_owned(),
            format!("GET {role} t"),
            format!("GET {role}a%20role%2Fx t"),
        ];
        assert_eq!(requests, expected);
        let faults =
            vec![Reply::Silence, Reply::new(503), ok("t"), Reply::new(500), ok("r"), ok(KEYS).breaks(), ok(KEYS)];
        let (provided, requests) = load(&[], "", faults).await;
        assert_eq!((provided, requests.len()), (Ok("AK".to_owned()), 7));
    }

    #[tokio::test]
    async fn settings_come_from_variables_and_the_profile() {
        let check = async |variables: &[(&str, &str)], config: &str, expected: &[&str]| {
            let replies = vec![Reply::Failure(TransportErrorKind::Connect); 9];
            let (provided, requests) = load(variables, &format!("[default]\n{config}"), replies).await;
            let expected: Vec<_> = expected.iter().map(|address| format!("PUT {address}/latest/api/token ")).collect();
            assert!(provided.is_err());
            assert_eq!(requests, expected, "{variables:?} {config}");
        };
        check(&[], "", &["http://169.254.169.254"; 4]).await;
        check(&[("AWS_EC2_METADATA_DISABLED", "TRUE")], "", &[]).await;
        check(
            &[("AWS_EC2_METADATA_DISABLED", "false")],
            "metadata_service_num_attempts = 1",
            &["http://169.254.169.254"],
        )
        .await;
        let once = ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1");
        check(&[once], "ec2_metadata_service_endpoint_mode = IPV6", &["http://[fd00:ec2::254]"]).await;
        let both = [once, ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://h:1/p/")];
        check(&both, "ec2_metadata_service_endpoint_mode = IPv7", &["http://h:1/p"]).await;
    }

    #[tokio::test]
    async fn what_is_wrong_or_missing_is_told() {
        let check = async |variables: &[(&str, &str)], replies: Vec<Reply>, expected: &str| {
            assert_eq!(load(variables, "", replies).await.0, Err(expected.to_owned()));
        };
        let none = |why: &str| format!("no credentials: {why}");
        let wrong = |why: &str| format!("the source of credentials is set up wrongly: {why}");
        let failed = |why: &str| {
            format!("the source of credentials failed: the metadata service at http://169.254.169.254: {why}")
        };
        check(&[("AWS_EC2_METADATA_DISABLED", "true")], vec![], &none("it is turned off by AWS_EC2_METADATA_DISABLED"))
            .await;
        let by_profile = load(&[], "[default]\nec2_metadata_disabled = true\n", vec![]).await.0;
        assert_eq!(by_profile, Err(none("it is turned off by `ec2_metadata_disabled` at /h/.aws/config:2")));
        let timeout = [("AWS_METADATA_SERVICE_TIMEOUT", "0")];
        let told = "AWS_METADATA_SERVICE_TIMEOUT is \"0\", and should be a whole number of seconds from 1 to 3600";
        check(&timeout, vec![], &wrong(told)).await;
        let gone =
            "no answer from http://169.254.169.254 in 4 attempts: the connection broke: the script has no more answers";
        check(&[], vec![], &none(gone)).await;
        check(&[], vec![ok("t"), Reply::new(404)], &none("the instance has no role, says http://169.254.169.254"))
            .await;
        for status in [400, 404, 405] {
            let other = format!(
                "http://169.254.169.254 is no metadata service of EC2: asked for a token, it answered with status {status}"
            );
            check(&[], vec![Reply::new(status)], &none(&other)).await;
        }
        let off = failed(
            "it refused the token with status 403: access to it is turned off; turn it on for this instance, or set \
             credentials in the environment or a profile",
        );
        check(&[], vec![Reply::new(403)], &off).await;
        let broken = failed("asked for the token, it answered with something else than one line of ASCII");
        check(&[], vec![ok("a\r\nx: y")], &broken).await;
        let denied = failed("the credentials are of no use: its code is AssumeRoleUnauthorizedAccess: no trust");
        let document = ok(r#"{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no trust"}"#);
        check(&[], vec![ok("t"), ok("r"), document], &denied).await;
    }
}
