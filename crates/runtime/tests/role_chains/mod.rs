//! The suite of role chains: what a profile makes of its `source_profile`s, seen from STS.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::failures;
use crate::recorded::{Form, form};
use crate::world::{Outcome, failed, json_of, same, texts, variables};
use libtest_mimic::Trial;
use serde_json::Value;
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::profile::ProfileCredentials;
use tinsmith_runtime::credentials::{Credentials, Doors, ProvideCredentials};
use tinsmith_runtime::environment::Files;
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::profile::{FileKind, ProfileFiles};
use tinsmith_runtime::time::Sleep;
use tinsmith_runtime::transport::{BoxFuture, SharedTransport, Transport, TransportError};

pub(crate) fn trials(path: &Path) -> Outcome<Vec<Trial>> {
    let cases = json_of(path)?;
    let cases = cases.as_array().filter(|cases| !cases.is_empty()).ok_or("there are no cases")?;
    let trial = |(index, case): (usize, &Value)| {
        let (name, case) = (case["docs"].as_str().unwrap_or_default(), case.clone());
        Trial::test(format!("role-chain::{index}::{name}"), move || check(&case).map_err(failed))
    };
    Ok(cases.iter().enumerate().map(trial).collect())
}

fn check(case: &Value) -> Outcome {
    let cloud = Cloud::default();
    let provided = provide(&case["input"], &cloud);
    // A sign-in without a role gives bearer tokens, and no credentials.
    let gives_credentials =
        |chain: &&Vec<Value>| chain[0]["Sso"].is_null() || chain[0]["Sso"]["sso_role_name"].is_string();
    match case["output"]["ProfileChain"].as_array().filter(gives_credentials) {
        Some(chain) => check_chain(chain, &case["input"]["profiles"], &provided?, &cloud.asked()),
        None => {
            let error = provided.err().ok_or("it is provided, and should not be")?;
            failures::check(case["docs"].as_str().unwrap_or_default(), &error.to_string())
        }
    }
}

fn provide(input: &Value, cloud: &Cloud) -> Outcome<Credentials> {
    let contents = sections("profile", &input["profiles"]) + &sections("sso-session", &input["sso_sessions"]);
    let choice = Choice {
        profile: input["selected_profile"].as_str().map(str::to_owned),
        files: ProfileFiles::builder().with_contents(FileKind::Config, contents).build(),
    };
    let environment = variables(&serde_json::json!({ "AWS_REGION": "us-east-1", "HOME": "/home" }));
    let sources = Arc::new(Sources::read(environment, &Token, choice));
    let doors = Doors {
        http_client: Some(SharedTransport::new(cloud.clone())),
        sleep: Arc::new(Instantly),
        files: Arc::new(Token),
        ..Doors::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    Ok(runtime.block_on(ProfileCredentials::new(sources, doors).provide_credentials())?)
}

fn sections(kind: &str, sections: &Value) -> String {
    let sections = sections.as_object().into_iter().flatten();
    let section = |(name, values): (&String, &Value)| {
        let values: String = texts(values).iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        format!("[{kind} {name}]\n{values}")
    };
    sections.map(section).collect()
}

/// Compares the links of a chain with what was asked: each role with the credentials of the link before.
fn check_chain(chain: &[Value], profiles: &Value, provided: &Credentials, asked: &[Asked]) -> Outcome {
    let mut key = None;
    let mut roles = asked.iter().enumerate();
    for link in chain {
        let (kind, link) = link.as_object().and_then(|link| link.iter().next()).ok_or("a link is empty")?;
        key = match kind.as_str() {
            "AccessKey" => link["access_key_id"].as_str().map(str::to_owned),
            "NamedSource" => Some("instance".to_owned()),
            "Sso" => link["sso_role_name"].as_str().map(str::to_owned),
            "AssumeRole" | "WebIdentityToken" => {
                let (index, asked) = roles.next().ok_or_else(|| format!("nobody asked for {link}"))?;
                same(&asked.key, &key, "key that signed")?;
                same(&asked.form, &expected_form(kind, link, profiles, &asked.form)?, "form")?;
                Some(format!("role-{index}"))
            }
            other => return Err(format!("there is a link of an unknown kind: {other}").into()),
        };
    }
    same(&roles.next().is_none(), &true, "whether nothing more was asked")?;
    same(&Some(provided.access_key_id().to_owned()), &key, "access key")
}

/// What is to be sent for a role: what its link says, the time that its profile sets, and nothing else. Where nobody names
/// the session, the name that was sent will do, if STS takes it.
fn expected_form(kind: &str, link: &Value, profiles: &Value, sent: &Form) -> Outcome<Form> {
    let text = |property: &str| link[property].as_str().map(str::to_owned);
    let mut profiles = profiles.as_object().into_iter().flat_map(|profiles| profiles.values());
    let profile = profiles.find(|profile| profile["role_arn"] == link["role_arn"]);
    let made_up = sent.get("RoleSessionName").filter(|name| name.len() >= 2);
    let session_name = text("role_session_name").or(made_up.cloned()).ok_or("the session has no name")?;
    let by_kind = if kind == "AssumeRole" {
        let duration = profile.and_then(|profile| profile["duration_seconds"].as_str()).map(str::to_owned);
        vec![("Action", Some(kind.to_owned())), ("ExternalId", text("external_id")), ("DurationSeconds", duration)]
    } else {
        let token = text("web_identity_token_file").map(|path| format!("token of {path}"));
        vec![("Action", Some("AssumeRoleWithWebIdentity".to_owned())), ("WebIdentityToken", token)]
    };
    let always = [
        ("Version", Some("2011-06-15".to_owned())),
        ("RoleArn", text("role_arn")),
        ("RoleSessionName", Some(session_name)),
    ];
    let pairs = by_kind.into_iter().chain(always);
    Ok(pairs.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// A request to STS.
#[derive(Clone, Debug)]
struct Asked {
    /// The key that signed it.
    key: Option<String>,
    form: Form,
}

/// An instance's metadata service, SSO, and STS, which gives each role a key of its own.
#[derive(Clone, Debug, Default)]
struct Cloud(Arc<Mutex<Vec<Asked>>>);

impl Cloud {
    fn asked(&self) -> Vec<Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answer(&self, request: &Request) -> String {
        if request.origin.contains("169.254.169.254") {
            return match (request.method, request.path.ends_with("security-credentials/")) {
                ("PUT", _) => "token".to_owned(),
                (_, true) => "role".to_owned(),
                _ => r#"{"Code":"Success","AccessKeyId":"instance","SecretAccessKey":"s","Token":"t","Expiration":"2199-01-01T00:00:00Z"}"#.to_owned(),
            };
        }
        if request.origin.contains("portal.sso") {
            let role = request.query.split('&').find_map(|pair| pair.strip_prefix("role_name=")).unwrap_or_default();
            return format!(
                r#"{{"roleCredentials":{{"accessKeyId":"{role}","secretAccessKey":"s","sessionToken":"t","expiration":7258118400000}}}}"#
            );
        }
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = request
            .headers
            .get("authorization")
            .and_then(|signature| signature.split("Credential=").nth(1)?.split('/').next().map(str::to_owned));
        let form = form(&String::from_utf8_lossy(request.bytes()));
        let index = asked.len();
        let action = form.get("Action").cloned().unwrap_or_default();
        asked.push(Asked { key, form });
        format!(
            "<{action}Response><{action}Result><Credentials><AccessKeyId>role-{index}</AccessKeyId><SecretAccessKey>s\
             </SecretAccessKey><SessionToken>t</SessionToken><Expiration>2199-01-01T00:00:00Z</Expiration></Credentials>\
             </{action}Result></{action}Response>"
        )
    }
}

impl Transport for Cloud {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let body = Body::whole(self.answer(&request));
        Box::pin(std::future::ready(Ok(Response::new(StatusCode::new(200), Headers::new(), body))))
    }
}

/// Every file holds a token of its own: that of a sign-in as JSON.
#[derive(Debug)]
struct Token;

impl Files for Token {
    fn read(&self, path: &Path, _: u64) -> io::Result<Vec<u8>> {
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        let cached = r#"{"accessToken": "token", "expiresAt": "2199-01-01T00:00:00Z"}"#;
        Ok(if is_json { cached.into() } else { format!("token of {}\n", path.display()).into() })
    }
}

#[derive(Debug)]
struct Instantly;

impl Sleep for Instantly {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}
