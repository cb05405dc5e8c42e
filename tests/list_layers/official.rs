//! A client that is made of the settings of the official crates.

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::SdkConfig;
use aws_types::region::Region;
use tinsmith_lambda::{Client, Config};
use tinsmith_runtime::test_util::ScriptedTransport;

use crate::client::ok;

#[tokio::test]
async fn official_settings_list_layers() {
    let keys = Credentials::new("AKIDOFFICIAL", "secret-of-the-test", Some("the-session".to_owned()), None, "test");
    let official = SdkConfig::builder()
        .region(Region::new("eu-central-1"))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .use_dual_stack(true)
        .build();
    let transport = ScriptedTransport::new([ok(r#"{"Layers": [{"LayerName": "a"}]}"#)]);
    let config = Config::from(&official).into_builder().http_client(transport.clone()).build();
    let listed = Client::from_conf(config).list_layers().send().await.unwrap();
    assert_eq!(listed.layers().iter().filter_map(|layer| layer.layer_name()).collect::<Vec<_>>(), ["a"]);
    let [request] = &*transport.requests() else { panic!("one request, and no other") };
    assert_eq!(request.origin, "https://lambda.eu-central-1.api.aws");
    assert_eq!(request.headers.get("x-amz-security-token"), Some("the-session"));
    let signed = request.headers.get("authorization").unwrap_or_default();
    assert!(signed.contains("Credential=AKIDOFFICIAL/") && signed.contains("/eu-central-1/lambda/"), "{signed}");
}
