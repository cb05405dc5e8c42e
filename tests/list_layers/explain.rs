//! What a client says of its settings: what the program has, and where the calls of this service go.

use tinsmith_lambda::config::Region;

use crate::client::scripted_with;

#[tokio::test]
async fn a_client_tells_where_its_calls_go_and_sends_nothing() {
    let told = |region: &'static str, fips, url: Option<&str>| {
        let client = scripted_with([], |mut config| {
            config.set_region(Region::new(region)).set_use_fips(fips).set_endpoint_url(url.map(str::to_owned));
            config
        });
        let explanation = client.client.as_ref().explain();
        let row = explanation.row("endpoint of Lambda").unwrap();
        let problem = row.problem.as_ref().map(|problem| format!(" wrong: {problem}")).unwrap_or_default();
        assert!(client.transport.requests().is_empty());
        format!("{} ({}){problem}", row.value, row.origin)
    };
    assert_eq!(told("us-east-2", None, None), "https://lambda.us-east-2.amazonaws.com (default)");
    assert_eq!(told("us-east-2", Some(true), None), "https://lambda-fips.us-east-2.amazonaws.com (default)");
    assert_eq!(told("us-east-2", None, Some("http://localhost:1/x")), "http://localhost:1/x (code)");
    assert_eq!(
        told("a/b", None, None),
        "none (default) wrong: region, set in code, is \"a/b\", and should be ASCII letters, digits and hyphens inside, \
         such as `us-east-1`"
    );
}
