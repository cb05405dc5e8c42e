//! `ListLayers` through a real proxy, tinyproxy on loopback, whose log shows what went through it. Where it is not
//! installed the cases are ignored, but for CI, where its absence is a failure.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, retry::RetryConfig};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{Process, ScriptedEnvironment};
use tinsmith_stand_in::{ACCESS_KEY_ID, Layers, SECRET_ACCESS_KEY, StandIn};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// A client, a proxy, a server, and what has to come of them.
struct Case {
    name: &'static str,
    /// How the client speaks with the server.
    scheme: Scheme,
    /// The port that the client asks for, where it is not the server's.
    port: Option<u16>,
    asks: Asks,
    /// The variables beside those of the service. `{proxy}` is the proxy's address, `{server}` the port of the server.
    variables: &'static [(&'static str, &'static str)],
    expected: Expected,
}

#[derive(Clone, Copy)]
enum Scheme {
    Http,
    Https,
}

/// Whether the proxy asks for the password.
#[derive(Clone, Copy, PartialEq)]
enum Asks {
    Nobody,
    ForPassword,
}

#[derive(Clone, Copy)]
enum Expected {
    /// Layers, and this in the log of the proxy, with the same names in braces as in variables.
    Through(&'static str),
    /// Layers, and nothing in the log of the proxy.
    Around,
    /// This in the error.
    Refused(&'static str),
}

use Asks::{ForPassword, Nobody};
use Expected::{Around, Refused, Through};
use Scheme::{Http, Https};

const WITH_PASSWORD: &str = "http://me:open%2Esesame@{proxy}";
const REFUSED_HTTP: &str = "the proxy http://{proxy} (from HTTP_PROXY) refused it with status 407: it asks for a user";
const REFUSED_HTTPS: &str = "the proxy http://{proxy} (from HTTPS_PROXY), asked for a connection to localhost:{server}, refused \
                             it with status 407 Proxy Authentication Required: it asks for a user";
const REFUSED_PORT: &str = "asked for a connection to localhost:1, refused it with status 403";

/// A request by HTTPS through a proxy that asks for nothing, which is what the others differ from.
const PLAIN: Case = Case {
    name: "https",
    scheme: Https,
    port: None,
    asks: Nobody,
    variables: &[("https_proxy", "{proxy}")],
    expected: Through("CONNECT localhost:{server}"),
};

const CASES: [Case; 10] = [
    PLAIN,
    Case {
        name: "http",
        scheme: Http,
        variables: &[("HTTP_PROXY", "http://{proxy}")],
        expected: Through("GET http://localhost:{server}/2018-10-31/layers"),
        ..PLAIN
    },
    Case { name: "all", variables: &[("ALL_PROXY", "http://{proxy}/")], ..PLAIN },
    Case {
        name: "http_with_password",
        scheme: Http,
        asks: ForPassword,
        variables: &[("HTTP_PROXY", WITH_PASSWORD)],
        expected: Through("GET http://localhost:{server}/"),
        ..PLAIN
    },
    Case { name: "https_with_password", asks: ForPassword, variables: &[("HTTPS_PROXY", WITH_PASSWORD)], ..PLAIN },
    Case {
        name: "http_without_password",
        scheme: Http,
        asks: ForPassword,
        variables: &[("HTTP_PROXY", "http://{proxy}")],
        expected: Refused(REFUSED_HTTP),
        ..PLAIN
    },
    Case {
        name: "https_without_password",
        asks: ForPassword,
        variables: &[("HTTPS_PROXY", "http://{proxy}")],
        expected: Refused(REFUSED_HTTPS),
        ..PLAIN
    },
    Case {
        name: "https_at_a_forbidden_port",
        port: Some(1),
        variables: &[("HTTPS_PROXY", "http://{proxy}")],
        expected: Refused(REFUSED_PORT),
        ..PLAIN
    },
    Case {
        name: "http_excepted",
        scheme: Http,
        variables: &[("HTTP_PROXY", "http://{proxy}"), ("NO_PROXY", "a, localhost:{server}")],
        expected: Around,
        ..PLAIN
    },
    Case {
        name: "https_excepted",
        variables: &[("ALL_PROXY", "http://{proxy}"), ("no_proxy", ".LOCALHOST")],
        expected: Around,
        ..PLAIN
    },
];

fn main() -> ExitCode {
    let is_there = Command::new("tinyproxy").arg("-v").stdout(Stdio::null()).status().is_ok();
    let is_ignored = !is_there && std::env::var("CI").is_err();
    let trials = CASES.map(|case| Trial::test(case.name, move || check(&case)).with_ignored_flag(is_ignored));
    libtest_mimic::run(&Arguments::from_args(), trials.into()).exit_code()
}

fn check(case: &Case) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let folder = tempfile::tempdir()?;
        let stand_in = StandIn::builder().layers(Layers::generate(120)).region("us-east-2").start().await?;
        let (secure, authority) = secure(stand_in.address()).await?;
        let bundle = folder.path().join("root.pem");
        std::fs::write(&bundle, authority)?;
        let proxy = Proxy::start(folder.path(), case.asks, secure)?;

        let (scheme, port) = match case.scheme {
            Http => ("http", stand_in.address().port()),
            Https => ("https", secure),
        };
        let filled = |text: &str| text.replace("{proxy}", &proxy.address).replace("{server}", &port.to_string());
        let endpoint = format!("{scheme}://localhost:{}", case.port.unwrap_or(port));
        let own = [
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
            ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
            ("AWS_REGION", "us-east-2"),
            ("AWS_ENDPOINT_URL", &endpoint),
            ("AWS_CA_BUNDLE", bundle.to_str().ok_or("a path that is no text")?),
        ];
        let given = case.variables.iter().map(|(name, value)| (*name, filled(value)));
        let environment: ScriptedEnvironment =
            own.map(|(name, value)| (name, value.to_owned())).into_iter().chain(given).collect();
        let sources = Arc::new(Sources::read(environment, &Process, Choice::default()));
        let client = Client::from_conf(Config::builder().retry_config(RetryConfig::disabled()).load(sources));

        let listed = client.list_layers().into_paginator().items().send().try_collect().await;
        let log = std::fs::read_to_string(&proxy.log)?;
        let (got, requests) =
            (listed.map(|layers| layers.len()).map_err(|error| error.to_string()), stand_in.requests());
        let passed = match (&case.expected, &got) {
            (Through(line), Ok(120)) => log.contains(&filled(line)),
            (Around, Ok(120)) => !log.contains("Request"),
            (Refused(part), Err(told)) => told.contains(&filled(part)) && requests.is_empty(),
            _ => false,
        };
        // What is for the proxy goes no further.
        let kept = !format!("{requests:?}").to_lowercase().contains("proxy-authorization");
        if passed && kept { Ok(()) } else { Err(format!("{got:?}\n{requests:?}\n{log}").into()) }
    })
}

/// A server that speaks TLS, and leads to another that does not: its port, and its authority as PEM.
async fn secure(to: SocketAddr) -> Result<(u16, String), Failed> {
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let (mut near, mut far) = (acceptor.accept(stream).await?, TcpStream::connect(to).await?);
                copy_bidirectional(&mut near, &mut far).await
            });
        }
    });
    Ok((port, authority.pem()))
}

/// A running tinyproxy; it ends with this.
struct Proxy {
    address: String,
    log: PathBuf,
    process: Child,
}

impl Proxy {
    /// Starts one that leads to one port alone by `CONNECT`. It has to be told which port is its own, and another test
    /// may take that first: then it is told another.
    fn start(folder: &Path, asks: Asks, to: u16) -> Result<Self, Failed> {
        const PORTS: usize = 5;
        let mut told = String::new();
        for _ in 0..PORTS {
            let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
            let mut proxy = Self::start_at(address, folder, asks, to)?;
            if proxy.listens()? {
                return Ok(proxy);
            }
            told = std::fs::read_to_string(&proxy.log).unwrap_or_default();
        }
        Err(format!("tinyproxy listens at none of {PORTS} ports; of the last it says: {told}").into())
    }

    fn start_at(address: SocketAddr, folder: &Path, asks: Asks, to: u16) -> Result<Self, Failed> {
        let (log, config) = (folder.join("log"), folder.join("tinyproxy.conf"));
        let mut text = format!(
            "Listen 127.0.0.1\nPort {}\nTimeout 60\nMaxClients 20\nAllow 127.0.0.1\nConnectPort {to}\nLogLevel Info\nLogFile \"{}\"\n",
            address.port(),
            log.display()
        );
        if asks == ForPassword {
            text.push_str("BasicAuth me open.sesame\n");
        }
        std::fs::write(&config, text)?;
        let process = Command::new("tinyproxy").arg("-d").arg("-c").arg(&config).stdout(Stdio::null()).spawn()?;
        Ok(Self { address: address.to_string(), log, process })
    }

    /// Waits until it listens, by its own word: whoever answers at its address could be another. `false` if it ended in
    /// place of that, as it does where its port is taken.
    fn listens(&mut self) -> Result<bool, Failed> {
        let patience = Instant::now() + Duration::from_secs(15);
        while Instant::now() < patience {
            if self.process.try_wait()?.is_some() {
                return Ok(false);
            }
            // There is no log yet where it has just begun.
            if std::fs::read_to_string(&self.log).is_ok_and(|log| log.contains("Accepting connections")) {
                return Ok(true);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("tinyproxy does not listen at {}: {}", self.address, std::fs::read_to_string(&self.log)?).into())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
