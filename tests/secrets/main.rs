//! No secret is told: not by a `Debug`, an error or an event at any level, whichever way credentials are come by.
//!
//! Each scenario is whole: variables, files and a cloud in, calls of a client out. What it lets be seen is collected, and
//! searched for each secret that it used, as it is, percent-encoded and in base64.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod cloud;
mod forms;
mod listener;
mod proxy;
mod scenario;

use std::fmt::Write as _;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Region, retry::RetryConfig};
use tinsmith_lambda::error::DisplayErrorContext;
use tinsmith_lambda::operation::create_function::CreateFunctionOutput;
use tinsmith_lambda::types::{Environment, EnvironmentResponse};
use tinsmith_runtime::client::Handle;
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_runtime::credentials::ProvideCredentials;
use tinsmith_runtime::credentials::services::sso::operation::get_role_credentials::{
    GetRoleCredentials, GetRoleCredentialsInput,
};
use tinsmith_runtime::credentials::services::sso_oidc::operation::create_token::{CreateToken, CreateTokenInput};
use tinsmith_runtime::credentials::services::sts::operation::{
    assume_role::{AssumeRole, AssumeRoleInput},
    assume_role_with_web_identity::{AssumeRoleWithWebIdentity, AssumeRoleWithWebIdentityInput},
};
use tinsmith_runtime::credentials::services::{sso, sso_oidc, sts};
use tinsmith_runtime::token::Token;

use cloud::{PASSWORD, SECRET};
use listener::{listen, listen_to};
use proxy::RefusingProxy;
use scenario::{SCENARIOS, Scenario, World};

#[test]
fn whichever_way_credentials_are_come_by() {
    for scenario in SCENARIOS {
        let world = scenario.world();
        let shown = listen(|| watched(&world));
        check(scenario.name, &shown, &world);
        assert!(!world.signatures.borrow().is_empty(), "{}: nothing is presigned", scenario.name);
        let agent =
            world.cloud.requests().iter().rev().find_map(|sent| sent.headers.get("user-agent").map(str::to_owned));
        assert!(agent.as_ref().is_some_and(|agent| agent.contains(scenario.metrics)), "{}: {agent:?}", scenario.name);
        for said in [
            "tinsmith::settings",
            "tinsmith::call",
            "tinsmith::wire",
            "tinsmith::credentials",
            "** redacted **",
            scenario.says,
        ] {
            assert!(shown.contains(said), "{}: no {said} in {shown}", scenario.name);
        }
    }
}

/// What fails must say why, and no more.
#[test]
fn whichever_way_they_are_not() {
    for scenario in SCENARIOS {
        for status in [200, 400, 403, 500] {
            let world = scenario.world();
            world.cloud.fail(status);
            let shown = listen(|| watched(&world));
            check(scenario.name, &shown, &world);
        }
    }
}

#[test]
fn a_process_that_fails() {
    let scenario = Scenario::FAILING_PROCESS;
    let world = scenario.world();
    let shown = listen(|| watched(&world));
    check(scenario.name, &shown, &world);
    assert!(shown.contains("ended with status 1; what it said on its standard error names keys"), "{shown}");
}

/// Whoever listens to the messages alone sees both ways.
#[test]
fn messages_alone() {
    let world = Scenario::KEYS.world();
    let shown = listen_to("tinsmith::wire", || async {
        let _ = Client::from_conf(world.config()).list_layers().send().await;
        String::new()
    });
    check("messages alone", &shown, &world);
    for said in ["request=Request", "response=Response", "** redacted **"] {
        assert!(shown.contains(said), "no {said} in {shown}");
    }
}

/// The services that credentials are asked of: nobody can print what is sent to them and comes back, and what is told of
/// the calls has no secret.
#[test]
fn calls_of_the_services() {
    let world = Scenario::KEYS.world();
    let secret = || Some(SECRET.to_owned());
    let shown = listen(|| async {
        let config = world.config();
        let client = Handle::new(config.clone(), &sts::SERVICE);
        client.send::<AssumeRole>(AssumeRoleInput { token_code: secret(), ..Default::default() }).await.unwrap();
        let role = AssumeRoleWithWebIdentityInput { web_identity_token: secret(), ..Default::default() };
        client.send::<AssumeRoleWithWebIdentity>(role).await.unwrap();
        let client = Handle::new(config.clone(), &sso::SERVICE);
        let role = GetRoleCredentialsInput { access_token: secret(), ..Default::default() };
        client.send::<GetRoleCredentials>(role).await.unwrap();
        let client = Handle::new(config, &sso_oidc::SERVICE);
        let token = CreateTokenInput { client_secret: secret(), refresh_token: secret(), ..Default::default() };
        client.send::<CreateToken>(token).await.unwrap();
        String::new()
    });
    check("services", &shown, &world);
    for said in ["AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials", "CreateToken"] {
        assert!(shown.contains(said), "no {said} in {shown}");
    }
}

/// What a program prints of its own inputs and outputs, where a model says that they are sensitive.
#[test]
fn inputs_and_outputs_of_a_client() {
    let world = Scenario::KEYS.world();
    let environment = Environment::builder().variables("KEY", SECRET).build();
    let answer = EnvironmentResponse::builder().variables("KEY", SECRET).build();
    let function = Client::from_conf(world.config()).create_function().environment(environment);
    let output = CreateFunctionOutput::builder().environment(answer).build();
    let shown = format!("{function:?} {:?} {output:?}", function.as_input());
    check("inputs and outputs", &shown, &world);
    assert_eq!(shown.matches("** redacted **").count(), 3, "{shown}");
}

/// Where it does its work: over the real transport, to a proxy that does not take it and says it back.
#[test]
fn the_password_of_a_proxy() {
    for endpoint in ["http://lambda.invalid", "https://lambda.invalid"] {
        let proxy = RefusingProxy::bind();
        let world = Scenario::KEYS.world_behind(proxy.address());
        let shown = listen(|| async {
            proxy.serve();
            let config = Config::builder()
                .region(Region::new("us-east-1"))
                .endpoint_url(endpoint)
                .credentials_provider(world.provider.clone())
                .retry_config(RetryConfig::disabled())
                .load(world.read());
            let shown = format!("{config:?}");
            shown + &called(&Client::from_conf(config), &world).await
        });
        check(endpoint, &shown, &world);
        let refused = format!("the proxy http://{}", proxy.address());
        assert!(shown.contains(&refused) && shown.contains("with status 407"), "{endpoint}: {shown}");
        let received = proxy.received();
        assert!(forms::of(PASSWORD).iter().any(|form| received.contains(form)), "{endpoint}: {received}");
    }
}

/// Makes calls, and gives all that a program could print of what it holds.
async fn watched(world: &World) -> String {
    let mut shown = format!("{:?} {:?}", world.read(), world.doors());
    let _ = write!(shown, "{:?} {:?}", world.provider, world.provider.provide_credentials().await);
    if let Err(error) = world.provider.provide_credentials().await {
        let _ = write!(shown, "{error} {}", DisplayErrorContext(error.clone()));
    }
    let token = Token::new(SECRET, None);
    let config = world.config().to_builder().token_provider(token.clone());
    let _ = write!(shown, "{token:?} {config:?} {:?}", config.clone().build());
    let _ = write!(shown, "{}", called(&Client::from_conf(config.build()), world).await);
    let _ = write!(shown, "{:?}", world.cloud.requests());
    shown
}

/// The same of a client alone.
async fn called(client: &Client, world: &World) -> String {
    let mut shown = format!("{client:?} {:?} {:?}", client.list_layers(), client.list_layers().customize());
    for _ in 0..3 {
        match client.list_layers().marker("m").send().await {
            Ok(page) => drop(write!(shown, "{page:?}")),
            Err(error) => {
                let _ = write!(shown, "{error:?} {error} {:?}", error.raw_response());
                let _ = write!(shown, "{}", DisplayErrorContext(error));
            }
        }
    }
    let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    match client.list_layers().presigned(presigning).await {
        Ok(request) => {
            let _ = write!(shown, "{request:?}");
            let uri = request.uri();
            let (_, signature) = uri.split_once("X-Amz-Signature=").unwrap();
            world.signatures.borrow_mut().push(signature.to_owned());
        }
        Err(error) => drop(write!(shown, "{error:?} {error}")),
    }
    shown
}

/// Searches what was shown for the secrets, and for the signatures that were made with them.
fn check(name: &str, shown: &str, world: &World) {
    let mut secrets = vec![SECRET.to_owned(), PASSWORD.to_owned()];
    secrets.extend_from_slice(&world.signatures.borrow());
    for request in world.cloud.requests() {
        let header = request.headers.get("authorization").unwrap_or_default();
        secrets.extend(header.split_once("Signature=").map(|(_, signature)| signature.to_owned()));
    }
    for form in secrets.iter().flat_map(|secret| forms::of(secret)) {
        if let Some(at) = shown.find(&form) {
            let around = shown.get(at.saturating_sub(400)..at).or(shown.get(..at)).unwrap_or_default();
            panic!("{name}: {form} is told after: {around}");
        }
    }
}
