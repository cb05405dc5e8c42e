//! What is sent: method, address, headers and signature.

use tinsmith_lambda::types::{Architecture, Runtime};

use crate::client::{ok, scripted, scripted_with};

#[tokio::test]
async fn nothing_is_asked_for_that_was_not_set() {
    let held = scripted([ok("{}")]);
    held.client.list_layers().send().await.unwrap();
    let [request] = &held.transport.requests()[..] else { panic!() };
    assert_eq!(
        (request.method, request.uri().as_str()),
        ("GET", "https://lambda.us-east-2.amazonaws.com/2018-10-31/layers")
    );
    assert!(request.body.is_empty());
    assert_eq!(request.headers.get("content-type"), None);
    let signature = request.headers.get("authorization").unwrap();
    assert!(
        signature.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20231114/us-east-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature="),
        "{signature}"
    );
    assert_eq!(request.headers.get("x-amz-date"), Some("20231114T221320Z"));
}

/// Points 4 and 9: values that no model lists, and a marker that needs encoding.
#[tokio::test]
async fn everything_that_was_set_is_asked_for() {
    let held = scripted([ok("{}")]);
    let request = held.client.list_layers();
    request
        .compatible_runtime(Runtime::from("python4.2"))
        .compatible_architecture(Architecture::X8664)
        .marker("a+b/=& ü")
        .max_items(51)
        .await
        .unwrap();
    let query = held.transport.requests()[0].query.clone();
    let mut pairs: Vec<&str> = query.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "CompatibleArchitecture=x86_64",
            "CompatibleRuntime=python4.2",
            "Marker=a%2Bb%2F%3D%26%20%C3%BC",
            "MaxItems=51"
        ]
    );
}

#[tokio::test]
async fn a_token_is_signed_and_attempts_are_counted() {
    use tinsmith_lambda::config::Credentials;
    use tinsmith_runtime::test_util::Reply;
    let temporary = Credentials::new("AKIDEXAMPLE", "secret", Some("the-token".to_owned()), None, "test");
    let held = scripted_with([Reply::new(500), ok("{}")], |config| config.credentials_provider(temporary));
    held.client.list_layers().send().await.unwrap();
    let [first, second] = &held.transport.requests()[..] else { panic!() };
    let authorization = first.headers.get("authorization").unwrap();
    assert!(authorization.contains("SignedHeaders=host;x-amz-date;x-amz-security-token"), "{authorization}");
    assert_eq!(first.headers.get("x-amz-security-token"), Some("the-token"));
    assert_eq!(first.headers.get("amz-sdk-invocation-id"), second.headers.get("amz-sdk-invocation-id"));
    assert_eq!(first.headers.get("amz-sdk-request"), Some("attempt=1; max=3"));
    assert_eq!(second.headers.get("amz-sdk-request"), Some("attempt=2; max=3"));
}

#[tokio::test]
async fn other_endpoints() {
    let uri = async |settings: fn(tinsmith_lambda::config::Builder) -> tinsmith_lambda::config::Builder| {
        let held = scripted_with([ok("{}")], settings);
        held.client.list_layers().send().await.map_err(|error| error.to_string())?;
        Ok::<_, String>(held.transport.requests()[0].uri())
    };
    assert_eq!(
        uri(|c| c.use_fips(true)).await.unwrap(),
        "https://lambda-fips.us-east-2.amazonaws.com/2018-10-31/layers"
    );
    assert_eq!(uri(|c| c.use_dual_stack(true)).await.unwrap(), "https://lambda.us-east-2.api.aws/2018-10-31/layers");
    let with_path = uri(|c| c.endpoint_url("http://localhost:4566/proxy/")).await.unwrap();
    assert_eq!(with_path, "http://localhost:4566/proxy/2018-10-31/layers");
    let refused = uri(|c| c.endpoint_url("http://localhost:4566").use_fips(true)).await.unwrap_err();
    assert!(refused.contains("FIPS and custom endpoint are not supported"), "{refused}");
    let refused = uri(|c| c.endpoint_url("localhost:4566")).await.unwrap_err();
    assert!(refused.contains("localhost:4566"), "{refused}");
    let refused = uri(|c| c.region(None)).await.unwrap_err();
    assert!(refused.contains("no region"), "{refused}");
    let refused = uri(|c| c.region(tinsmith_lambda::config::Region::new("evil.example/"))).await.unwrap_err();
    assert!(refused.contains("evil.example/"), "{refused}");
}

#[tokio::test]
async fn one_request_can_differ() {
    let held = scripted([ok("{}"), ok("{}")]);
    let changes = tinsmith_lambda::config::Builder::new().endpoint_url("http://localhost:1");
    let request = held.client.list_layers().customize().config_override(changes);
    request.mutate_request(|request| request.headers.insert("x-mine", "1")).send().await.unwrap();
    held.client.list_layers().send().await.unwrap();
    let [first, second] = &held.transport.requests()[..] else { panic!() };
    assert_eq!((first.origin.as_str(), first.headers.get("x-mine")), ("http://localhost:1", Some("1")));
    assert!(first.headers.get("authorization").unwrap().contains("host;x-amz-date;x-mine"));
    assert_eq!(
        (second.origin.as_str(), second.headers.get("x-mine")),
        ("https://lambda.us-east-2.amazonaws.com", None)
    );
}

/// A user agent names the client, unless its caller says who asks.
#[tokio::test]
async fn user_agents() {
    let held = scripted([ok("{}"), ok("{}")]);
    held.client.list_layers().send().await.unwrap();
    let request = held.client.list_layers().customize();
    request.mutate_request(|request| request.headers.insert("User-Agent", "mine")).send().await.unwrap();
    let [first, second] = &held.transport.requests()[..] else { panic!() };
    let agent = first.headers.get("user-agent").unwrap();
    assert!(agent.starts_with("tinsmith/") && agent.contains(" api/lambda#2015-03-31"), "{agent}");
    assert_eq!(second.headers.get_all("user-agent").collect::<Vec<_>>(), ["mine"]);
}

/// The features that a call made use of are told in the order of the specification's examples, client first.
#[tokio::test]
async fn the_user_agent_tells_what_was_made_use_of() {
    let held = scripted([ok("{}"), ok("{}"), ok("{}")]);
    held.client.list_layers().send().await.unwrap();
    held.client.list_layers().into_paginator().send().next().await.unwrap().unwrap();
    let other = tinsmith_lambda::config::Config::builder().endpoint_url("http://localhost:1");
    held.client.list_layers().customize().config_override(other).send().await.unwrap();
    let metrics = |sent: &tinsmith_runtime::http::Request| {
        let agent = sent.headers.get("user-agent").unwrap_or_default();
        agent.split(' ').find_map(|part| part.strip_prefix("m/")).map(str::to_owned)
    };
    let told: Vec<_> = held.transport.requests().iter().filter_map(metrics).collect();
    assert_eq!(told, ["E,e", "E,C,e", "E,N,e"]);
}

/// Neither the secret nor what is made of it is in the `Debug` of anything that a program holds.
#[tokio::test]
async fn no_secret_is_shown() {
    use tinsmith_lambda::config::Credentials;
    let keys = Credentials::new("AKIDEXAMPLE", "the-secret", Some("the-token".to_owned()), None, "test");
    let held = scripted_with([ok("{}")], |config| config.credentials_provider(keys));
    let request = held.client.list_layers();
    let mut shown = format!("{:?} {request:?} {:?}", held.client, request.clone().customize());
    shown += &format!("{:?} {:?}", request.clone().into_paginator(), request.clone().into_paginator().items().send());
    shown += &format!("{:?}", request.clone().send().await);
    shown += &format!("{:?}", request.send().await.unwrap_err());
    shown += &format!("{:?}", held.transport.requests());
    assert!(shown.contains("AKIDEXAMPLE") && shown.contains("authorization"), "{shown}");
    for secret in ["the-secret", "the-token", "Signature="] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn presigned() {
    use std::time::Duration;
    use tinsmith_runtime::client::presigning::PresigningConfig;
    let held = scripted([]);
    let presigning = PresigningConfig::expires_in(Duration::from_secs(60)).unwrap();
    let request = held.client.list_layers().max_items(5).presigned(presigning).await.unwrap();
    let uri = request.uri();
    assert!(
        uri.starts_with(
            "https://lambda.us-east-2.amazonaws.com/2018-10-31/layers?MaxItems=5&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
        ),
        "{uri}"
    );
    for part in ["X-Amz-Expires=60", "X-Amz-SignedHeaders=host", "X-Amz-Signature="] {
        assert!(uri.contains(part), "{part} in {uri}");
    }
    assert!(!format!("{request:?}").contains("X-Amz-Signature"));
    assert!(PresigningConfig::expires_in(Duration::from_millis(999)).is_err());
    assert!(PresigningConfig::expires_in(Duration::from_secs(604_801)).is_err());
}
