//! Whole calls of operations with each list of auth schemes: what is sent, and what is not.

#![allow(unreachable_pub, reason = "the macros write what a generated crate publishes")]

use std::time::Duration;

use crate::client::Handle;
use crate::client::presigning::PresigningConfig;
use crate::codec::RestJson1;
use crate::config::{Builder, Config, scripted};
use crate::credentials::Credentials;
use crate::endpoint::{AuthScheme, Builtins, Endpoint, EndpointError};
use crate::error::ErrorMetadata;
use crate::http::Response;
use crate::operation::{Auth, Meta, Operation, OperationError, Protocol, ResponseMetadata, Sensitive, ServiceMeta};
use crate::region::Region;
use crate::retry::Policy;
use crate::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
use crate::token::{ProvideToken, SharedTokenProvider, Token, TokenError, future};
use crate::{error_enum, members, output};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nothing {
    metadata: ResponseMetadata,
}

members! { Nothing {} }
output!(Nothing, metadata);

error_enum! {
    /// No error is modelled.
    pub enum Refused {}
}

impl OperationError for Refused {
    fn read<P: Protocol>(_: &Response, meta: ErrorMetadata) -> Self {
        Self::Unhandled(crate::error::Unhandled::new(None, meta))
    }
}

static SERVICE: ServiceMeta = ServiceMeta {
    id: "Test Runtime",
    version: "2020-01-08",
    signing_name: "test",
    headers: &[],
    endpoint: resolve,
    error_metadata: RestJson1::error_metadata,
};

/// The endpoint that is set, or else one of each kind, by region.
fn resolve(builtins: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
    Ok(match (builtins.endpoint, builtins.region) {
        (Some(url), _) => Endpoint::new(url),
        (None, Some("plain")) => Endpoint::new("http://test.example"),
        (None, Some("loopback")) => Endpoint::new("http://127.0.0.1:1"),
        (None, Some("several")) => Endpoint::new("https://test.example")
            .auth_scheme(AuthScheme::new("sigv4a").signing_region_of_set("*"))
            .auth_scheme(AuthScheme::new("sigv4-s3express")),
        _ => Endpoint::new("https://test.example"),
    })
}

macro_rules! operations {
    ($($name:ident: $($auth:ident)+;)*) => {
        $(
            struct $name;

            impl Operation for $name {
                type Input = Nothing;
                type Output = Nothing;
                type Error = Refused;
                type Protocol = RestJson1;
                const META: &'static Meta = &Meta {
                    name: stringify!($name),
                    service: &SERVICE,
                    method: "GET",
                    host_prefix: "",
                    uri: "/",
                    retryable: &[],
                    retry: Policy::STANDARD,
                    answer_seconds: 60,
                    auth: &[$(Auth::$auth),+],
                    sensitive: Sensitive::None,
                };
            }
        )*
    };
}

operations! {
    Signed: SigV4;
    Unsigned: SigV4Unsigned;
    Borne: HttpBearer;
    Either: SigV4 HttpBearer;
    Optional: SigV4 None;
    Open: None;
}

struct Called {
    /// The scheme of the first request, and its token where it has one; or what was told instead.
    outcome: Result<String, String>,
    transport: ScriptedTransport,
}

/// Calls once, with these settings over those that every test has.
async fn call<O: Operation>(config: Builder, reply: Reply) -> Called
where
    O::Input: Default,
{
    let transport = ScriptedTransport::new([reply]);
    let config = config.http_client(transport.clone()).time_source(FixedClock::at_unix(0));
    let config = config.sleep_impl(InstantSleep::default()).build();
    let told = Handle::new(config, &SERVICE).send::<O>(O::Input::default()).await.map(|_| ());
    let outcome = match transport.requests().first() {
        Some(request) => Ok(match request.headers.get("authorization") {
            Some(text) if text.starts_with("AWS4-HMAC-SHA256 ") => "signed".to_owned(),
            Some(text) => text.to_owned(),
            None => "open".to_owned(),
        }),
        None => Err(told.map_or_else(|error| error.to_string(), |()| String::new())),
    };
    Called { outcome, transport }
}

fn in_region(region: &'static str) -> Builder {
    Config::builder().region(Region::new(region))
}

fn signer() -> Builder {
    in_region("r").credentials_provider(keys())
}

fn keys() -> Credentials {
    Credentials::from_keys("AK", "the-secret", Some("the-session".to_owned()))
}

fn both() -> Builder {
    signer().token_provider(Token::from("the-token"))
}

async fn check<O: Operation<Input = Nothing>>(config: Builder, expected: Result<&str, &str>) {
    let outcome = call::<O>(config, Reply::new(200)).await.outcome;
    assert_eq!(outcome, expected.map(str::to_owned).map_err(str::to_owned), "{}", O::META.name);
}

#[tokio::test]
async fn the_first_scheme_whose_identity_is_there_is_used() {
    let bearer = || in_region("r").token_provider(Token::from("the-token"));
    check::<Signed>(both(), Ok("signed")).await;
    check::<Borne>(both(), Ok("Bearer the-token")).await;
    check::<Either>(both(), Ok("signed")).await;
    check::<Either>(bearer(), Ok("Bearer the-token")).await;
    check::<Optional>(bearer(), Ok("open")).await;
    check::<Optional>(signer(), Ok("signed")).await;
    check::<Open>(both(), Ok("open")).await;
    let none = "no bearer token: `token_provider` is not set in code, and the settings were not loaded from the \
                environment; set it, or load them: `Client::from_env()`, or `load_from_env()` of tinsmith-config";
    check::<Borne>(signer(), Err(&format!("Borne failed: {none}"))).await;
    let neither = call::<Either>(in_region("r"), Reply::new(200)).await.outcome.unwrap_err();
    assert!(
        neither.starts_with("Either failed: there is nobody to call Either as; sigv4: no credentials"),
        "{neither}"
    );
    assert!(neither.contains("; httpBearerAuth: no bearer token"), "{neither}");
}

/// Answers with this error.
#[derive(Clone, Debug)]
struct Failing(TokenError);

impl ProvideToken for Failing {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        future::ProvideToken::ready(Err(self.0.clone()))
    }
}

#[tokio::test]
async fn nobody_calls_as_someone_else_than_they_think() {
    let first = |error| signer().auth_scheme_preference(["httpBearerAuth"]).token_provider(Failing(error));
    check::<Either>(first(TokenError::not_loaded("none is set")), Ok("signed")).await;
    let outcome = call::<Either>(first(TokenError::provider_error("it expired")), Reply::new(200)).await.outcome;
    assert_eq!(outcome, Err("Either failed: the source of bearer tokens failed: it expired".to_owned()));
}

#[tokio::test]
async fn settings_order_the_schemes() {
    let check = async |variables: &[(&str, &str)], code: fn(Builder) -> Builder, expected: &str| {
        let loaded = code(both()).load(scripted(variables, "[profile p]\nauth_scheme_preference = httpBearerAuth\n"));
        let outcome = call::<Either>(loaded.into_builder(), Reply::new(200)).await.outcome;
        assert_eq!(outcome.as_deref(), Ok(expected), "{variables:?}");
    };
    let (bears, same) = ("Bearer the-token", |builder: Builder| builder);
    let preference = |value| ("AWS_AUTH_SCHEME_PREFERENCE", value);
    check(&[], same, "signed").await;
    check(&[preference("httpBearerAuth")], same, bears).await;
    check(&[preference("sigv4a, smithy.api#httpBearerAuth")], same, bears).await;
    check(&[preference("sigv4,httpBearerAuth")], same, "signed").await;
    check(&[("AWS_PROFILE", "p")], same, bears).await;
    check(&[("AWS_PROFILE", "p"), preference("sigv4")], same, "signed").await;
    let in_code = |builder: Builder| builder.auth_scheme_preference(["httpBearerAuth"]);
    check(&[preference("sigv4")], in_code, bears).await;
    let malformed = signer().load(scripted(&[preference("sigv4;x")], ""));
    let told = "Signed failed: AWS_AUTH_SCHEME_PREFERENCE is \"sigv4;x\", and should be names of auth schemes with \
                commas between, such as `sigv4,httpBearerAuth`";
    self::check::<Signed>(malformed.into_builder(), Err(told)).await;
}

#[tokio::test]
async fn a_variable_holds_the_token_of_one_service() {
    let check = async |variables: &[(&str, &str)], code: fn(Builder) -> Builder, expected: &str| {
        let loaded = code(signer()).load(scripted(variables, ""));
        let outcome = call::<Either>(loaded.into_builder(), Reply::new(200)).await.outcome;
        assert_eq!(outcome.as_deref(), Ok(expected), "{variables:?}");
    };
    let same = |builder: Builder| builder;
    let by_id = ("AWS_BEARER_TOKEN_TEST_RUNTIME", " by-id ");
    let by_signing_name = ("AWS_BEARER_TOKEN_TEST", "by-name");
    check(&[by_id, by_signing_name], same, "Bearer by-id").await;
    check(&[by_signing_name], same, "Bearer by-name").await;
    check(&[("AWS_BEARER_TOKEN_OTHER", "other"), ("AWS_BEARER_TOKEN_TEST", " ")], same, "signed").await;
    // It stands before what others prefer, and after what code says.
    check(&[by_id, ("AWS_AUTH_SCHEME_PREFERENCE", "sigv4")], same, "Bearer by-id").await;
    check(&[by_id], |builder| builder.auth_scheme_preference(["sigv4"]), "signed").await;
    let by_code =
        |builder: Builder| builder.token_provider(Token::from("by-code")).auth_scheme_preference(["httpBearerAuth"]);
    check(&[by_id], by_code, "Bearer by-code").await;
    // An operation that takes signatures alone is signed.
    let loaded = signer().load(scripted(&[by_id], ""));
    self::check::<Signed>(loaded.into_builder(), Ok("signed")).await;
}

#[tokio::test]
async fn what_identifies_a_caller_goes_over_plain_http_only_where_the_caller_said_so() {
    let told = |name| {
        format!(
            "{name} failed: the endpoint http://test.example is not encrypted, and so neither credentials nor tokens are \
             sent there: expected https, this machine, or an endpoint URL that is set"
        )
    };
    let plain = || both().region(Region::new("plain"));
    check::<Signed>(plain(), Err(&told("Signed"))).await;
    check::<Borne>(plain(), Err(&told("Borne"))).await;
    check::<Optional>(plain(), Err(&told("Optional"))).await;
    check::<Open>(plain(), Ok("open")).await;
    check::<Signed>(plain().endpoint_url("http://proxy.example"), Ok("signed")).await;
    check::<Borne>(plain().endpoint_url("http://proxy.example"), Ok("Bearer the-token")).await;
    let by_variable = plain().load(scripted(&[("AWS_ENDPOINT_URL", "http://proxy.example")], ""));
    check::<Signed>(by_variable.into_builder(), Ok("signed")).await;
    check::<Signed>(both().region(Region::new("loopback")), Ok("signed")).await;
    check::<Borne>(both().region(Region::new("loopback")), Ok("Bearer the-token")).await;
}

#[tokio::test]
async fn nothing_is_sent_to_where_an_answer_points() {
    for status in [301, 302, 303, 307, 308] {
        let redirect = || Reply::new(status).header("location", "https://elsewhere.example/");
        let signed = call::<Signed>(both(), redirect()).await;
        let borne = call::<Borne>(both(), redirect()).await;
        for Called { transport, .. } in [signed, borne] {
            let origins: Vec<_> = transport.requests().into_iter().map(|request| request.origin).collect();
            assert_eq!(origins, ["https://test.example"], "{status}");
        }
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_refused_and_not_shown() {
    for token in ["", "the-token\r\nx-other: 1", "the token", "the-t\u{f6}ken", "the-token\u{7f}"] {
        let config = in_region("r").token_provider(Token::from(token));
        let told = call::<Borne>(config, Reply::new(200)).await.outcome.unwrap_err();
        assert!(told.contains("the bearer token is empty, or holds") && !told.contains("the-t"), "{told}");
    }
}

#[tokio::test]
async fn an_endpoint_that_asks_for_other_signatures_is_not_signed_for() {
    let several = || both().region(Region::new("several"));
    let told = "Signed failed: the endpoint https://test.example asks for the auth schemes sigv4a, sigv4-s3express, and of \
                signatures only sigv4 is supported";
    check::<Signed>(several(), Err(told)).await;
    check::<Either>(several(), Ok("Bearer the-token")).await;
    check::<Open>(several(), Ok("open")).await;
}

#[tokio::test]
async fn a_signature_may_leave_the_body_out() {
    for (called, expected) in [
        (call::<Unsigned>(both(), Reply::new(200)).await, Some("UNSIGNED-PAYLOAD")),
        (call::<Signed>(both(), Reply::new(200)).await, None),
    ] {
        assert_eq!(called.outcome.as_deref(), Ok("signed"));
        assert_eq!(called.transport.requests()[0].headers.get("x-amz-content-sha256"), expected);
    }
}

#[tokio::test]
async fn presigning_takes_a_signature() {
    async fn presigned<O: Operation<Input = Nothing>>(config: Builder) -> Result<(), String> {
        let config = config.time_source(FixedClock::at_unix(0)).build();
        let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
        let presigned = Handle::new(config, &SERVICE).presigned::<O>(Nothing::default(), presigning).await;
        presigned.map(|request| assert!(request.uri().contains("X-Amz-Signature="))).map_err(|error| error.to_string())
    }
    assert_eq!(presigned::<Signed>(both()).await, Ok(()));
    assert_eq!(presigned::<Either>(both()).await, Ok(()));
    let borne = "Borne failed: Borne is called with a bearer token, which no address can hold, and so cannot be presigned; \
                 where the service takes signatures too, set `auth_scheme_preference` to `sigv4`";
    assert_eq!(presigned::<Borne>(both()).await, Err(borne.to_owned()));
    let open = "Open failed: Open goes unsigned, and so cannot be presigned";
    assert_eq!(presigned::<Open>(both()).await, Err(open.to_owned()));
}

/// As many settings as there are ways to print them.
#[tokio::test]
async fn a_token_is_in_no_debug() {
    let config = both().build();
    let handle = Handle::new(config.clone(), &SERVICE);
    let called = call::<Borne>(both(), Reply::new(200)).await;
    let provider = SharedTokenProvider::new(Token::from("the-token"));
    let shown = format!("{config:?} {handle:?} {:?} {provider:?}", called.transport.requests());
    assert!(!shown.contains("the-token") && !shown.contains("the-secret"), "{shown}");
}
