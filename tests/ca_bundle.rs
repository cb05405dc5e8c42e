//! A CA bundle, from the setting that names it to the call that trusts it, or says why it does not.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Builder, Credentials, Region};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::credentials::container::ContainerCredentials;
use tinsmith_runtime::credentials::{Doors, ProvideCredentials};
use tinsmith_runtime::environment::{Process, ScriptedEnvironment};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Starts a server with a certificate that it signed itself, in this name, and that answers each request with no
/// layers. Gives its address, and the certificate as PEM.
async fn serve(signed_by: &str) -> (String, String) {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, signed_by);
    let key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&key).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let (listener, acceptor) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), TlsAcceptor::from(Arc::new(config)));
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.unwrap());
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}").await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (host, cert.pem())
}

/// Lists the layers of a server with these settings; what went wrong is what a user sees, with `HOST` and `DIR`.
async fn list(host: &str, folder: &Path, variables: &[(&str, &str)], profile: &str) -> Result<(), String> {
    let home = folder.to_str().unwrap();
    let config = Builder::new()
        .region(Region::new("us-east-2"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret-of-the-test", None, None, "test"))
        .endpoint_url(format!("https://{host}"))
        .load(sources(folder, variables, profile));
    let told = |text: String| text.replace(host, "HOST").replace(home, "DIR");
    Client::new(&config).list_layers().send().await.map(drop).map_err(|error| told(error.to_string()))
}

/// What is set by these variables and in this profile, of files in this folder, which is their `DIR`.
fn sources(folder: &Path, variables: &[(&str, &str)], profile: &str) -> Arc<Sources> {
    let home = folder.to_str().unwrap();
    std::fs::create_dir_all(folder.join(".aws")).unwrap();
    std::fs::write(folder.join(".aws/config"), profile.replace("DIR", home)).unwrap();
    let environment: ScriptedEnvironment = [("HOME", home.to_owned())]
        .into_iter()
        .chain(variables.iter().map(|(name, value)| (*name, value.replace("DIR", home))))
        .collect();
    Arc::new(Sources::read(environment, &Process, Choice::default()))
}

#[tokio::test]
async fn a_call_trusts_the_bundle_that_is_named_and_nothing_else() {
    let (host, pem) = serve("one").await;
    let ((other, _), (again, _)) = (serve("two").await, serve("one").await);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), &pem).unwrap();
    std::fs::write(folder.path().join("ca.txt"), "no certificate").unwrap();
    let broken = format!("{pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    std::fs::write(folder.path().join("broken.pem"), broken).unwrap();

    let by_variable = [("AWS_CA_BUNDLE", "DIR/ca.pem")];
    let by_profile = "[default]\nca_bundle = DIR/ca.pem\n";
    assert_eq!(list(&host, folder.path(), &by_variable, "").await, Ok(()));
    assert_eq!(list(&host, folder.path(), &[], by_profile).await, Ok(()));

    let check = async |host: &str, variables: &[(&str, &str)], profile: &str, expected: &str| {
        let told = list(host, folder.path(), variables, profile).await;
        assert_eq!(told, Err(expected.to_owned()));
    };
    check(
        &host,
        &[],
        "",
        "ListLayers failed: no secure connection: the certificate of HOST leads to no root that this platform trusts: \
         install the root of its authority, or name a file that holds it (PEM) in AWS_CA_BUNDLE or as `ca_bundle` in the \
         profile: invalid peer certificate: UnknownIssuer (1 attempt)",
    )
    .await;
    check(
        &other,
        &[],
        by_profile,
        "ListLayers failed: no secure connection: the certificate of HOST leads to no root of the CA bundle DIR/ca.pem \
         (`ca_bundle` at DIR/.aws/config:2): add that of its authority there, as PEM: invalid peer certificate: \
         UnknownIssuer (1 attempt)",
    )
    .await;
    check(
        &again,
        &by_variable,
        "",
        "ListLayers failed: no secure connection: the certificate of HOST is not signed by the root of the CA bundle \
         DIR/ca.pem (AWS_CA_BUNDLE) that has the name of its authority: add the one that is in use now: invalid peer \
         certificate: BadSignature (1 attempt)",
    )
    .await;
    check(
        &host,
        &[("AWS_CA_BUNDLE", "DIR/nothing.pem")],
        by_profile,
        "ListLayers failed: AWS_CA_BUNDLE is \"DIR/nothing.pem\", and should be a file of certificates in PEM: No such \
         file or directory (os error 2)",
    )
    .await;
    check(
        &host,
        &[("AWS_CA_BUNDLE", "DIR/ca.txt")],
        "",
        "ListLayers failed: AWS_CA_BUNDLE is \"DIR/ca.txt\", and should be a file of certificates in PEM: there is no \
         line `-----BEGIN CERTIFICATE-----` in it",
    )
    .await;
    check(
        &host,
        &[("AWS_CA_BUNDLE", "DIR/broken.pem")],
        "",
        "ListLayers failed: the request cannot be sent: certificate 2 of the CA bundle DIR/broken.pem (AWS_CA_BUNDLE) \
         cannot be read: invalid peer certificate: BadEncoding (1 attempt)",
    )
    .await;
}

/// Which is as well an address of the user's own choice.
#[tokio::test]
async fn the_agent_of_a_container_is_trusted_by_the_same_bundle() {
    let (host, pem) = serve("one").await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), &pem).unwrap();
    let agent = format!("https://{host}/keys");
    let check = async |bundle: &[(&str, &str)], expected: &str| {
        let variables = [&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", &*agent)], bundle].concat();
        let source = ContainerCredentials::new(sources(folder.path(), &variables, ""), Doors::default());
        let told = source.provide_credentials().await.unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    };
    check(&[("AWS_CA_BUNDLE", "DIR/ca.pem")], "its answer is of no use: it has no AccessKeyId").await;
    check(&[], "leads to no root that this platform trusts").await;
}
