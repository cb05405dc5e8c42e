//! The example of `docs/transport.md`, which shows the rest of this file piece by piece.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region, SettingError};
use tinsmith_runtime::transport::hyper::HyperTransport;
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, StandIn};

/// A client with these settings that keeps so many connections while it has no use for them.
fn client(config: &Config, kept: usize) -> Result<Client, SettingError> {
    let mut settings = config.transport_settings()?;
    settings.pool_max_idle_per_host = kept;
    let transport = HyperTransport::new(settings);
    Ok(Client::from_conf(config.to_builder().http_client(transport).build()))
}

#[tokio::test]
async fn connections_are_kept_or_not() {
    for (kept, opened) in [(1, 1), (0, 3)] {
        let server = StandIn::builder().region("us-east-2").start().await.unwrap();
        let config = Config::builder()
            .region(Region::new("us-east-2"))
            .endpoint_url(server.url())
            .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
        let client = client(&config.build(), kept).unwrap();

        for _ in 0..3 {
            client.list_layers().send().await.unwrap();
        }
        assert_eq!(server.connection_count(), opened);
    }
}

use tinsmith_runtime::transport::proxy::ProxyConfig;

#[tokio::test]
async fn who_goes_through_a_proxy() {
    let proxies = ProxyConfig::https("http://me:open%20sesame@proxy.example:3128").unwrap();
    let proxies = proxies.no_proxy("internal.example, 10.0.0.0/8, [::1]:8080");

    let proxy = |scheme, host, port| proxies.proxy_for(scheme, host, port).unwrap().map(ToString::to_string);
    assert_eq!(proxy("https", "lambda.us-east-2.amazonaws.com", 443).unwrap(), "http://proxy.example:3128");
    assert_eq!(proxy("http", "lambda.us-east-2.amazonaws.com", 80), None, "for `http://` none is set");
    assert_eq!(proxy("https", "vault.internal.example", 443), None, "a name, and all below it");
    assert_eq!(proxy("https", "10.1.2.3", 443), None, "an address in a network");
    assert_eq!(proxy("https", "[::1]", 8080), None, "an address at one port");

    let config = tinsmith_config::from_env().proxy_config(proxies).load().await;
    let explanation = config.explain().to_string();
    assert!(explanation.contains("proxy.example:3128") && !explanation.contains("sesame"), "{explanation}");
}

use tinsmith_runtime::transport::hyper::HyperSettings;
use tinsmith_runtime::transport::tls::{TlsContext, TlsContextError, TrustStore};

/// Trusts one authority beside those of the platform, and shows a certificate to servers that ask for one. All are PEM.
fn secured(settings: &mut HyperSettings, authority: &str, chain: &str, key: &str) -> Result<(), TlsContextError> {
    let trusted = TrustStore::default().with_pem_certificate(authority);
    let tls = TlsContext::builder().with_trust_store(trusted).with_client_certificate(chain, key);
    settings.tls_context = tls.build()?;
    Ok(())
}

#[test]
fn what_is_no_certificate_is_told_at_once() {
    let mut settings = Config::builder().build().transport_settings().unwrap();
    let certificate = "-----BEGIN CERTIFICATE-----\nMII…\n-----END CERTIFICATE-----\n";
    let error = secured(&mut settings, certificate, certificate, "/etc/tls/key.pem").unwrap_err();
    assert_eq!(error.to_string(), "the key of the client certificate is not in PEM");
}

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tinsmith_lambda::test_util::{Reply, ScriptedTransport};
use tinsmith_runtime::http::{Request, Response};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError};

/// Counts what goes over another transport.
#[derive(Clone, Debug)]
struct Counted<T> {
    below: T,
    sent: Arc<AtomicUsize>,
}

impl<T: Transport> Transport for Counted<T> {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        self.below.send(request)
    }
}

#[tokio::test]
async fn every_attempt_goes_over_it() {
    let below = ScriptedTransport::new([Reply::new(500), Reply::new(200).body(r#"{"Layers": []}"#)]);
    let counted = Counted { below, sent: Arc::default() };
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .credentials_provider(Credentials::for_tests())
        .http_client(counted.clone());

    Client::from_conf(config.build()).list_layers().send().await.unwrap();

    assert_eq!(counted.sent.load(Ordering::Relaxed), 2, "one attempt that failed, and one that did not");
}
