//! The clients: one of each kind that all tasks share, and new ones whenever a task wants one.

use std::error::Error;
use std::time::Duration;

use tinsmith_lambda::Client;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_lambda::config::{Config, Credentials, Region, StalledStreamProtectionConfig};
use tinsmith_runtime::transport::hyper::HyperTransport;
use tinsmith_runtime::transport::tls::{TlsContext, TrustStore};
use tinsmith_stand_in::{ACCESS_KEY_ID, SECRET_ACCESS_KEY};

use crate::doors::{Clerk, Run};
use crate::key::Kind;
use crate::server::{REGION, Servers};

/// The most that a body may have.
pub(crate) const BODY_LIMIT: usize = 256 * 1024;

/// How many idle connections a client keeps, and for how long.
pub(crate) const IDLE: usize = 8;
const IDLE_FOR: Duration = Duration::from_secs(2);

/// Makes clients.
#[derive(Debug)]
pub(crate) struct Clients {
    configs: Vec<(Kind, Config)>,
    tls: TlsContext,
    shared: Vec<(Kind, Client)>,
}

impl Clients {
    pub(crate) fn new(run: &Run, servers: &Servers) -> Result<Self, Box<dyn Error>> {
        let trusted = TrustStore::empty().with_pem_certificate(servers.tls.root_pem());
        let tls = TlsContext::builder().with_trust_store(trusted).build()?;
        let configs = Kind::ALL.map(|kind| (kind, config(kind, run, servers))).to_vec();
        let mut clients = Self { configs, tls, shared: Vec::new() };
        clients.shared = Kind::ALL
            .into_iter()
            .map(|kind| Ok((kind, clients.fresh(kind)?)))
            .collect::<Result<_, Box<dyn Error>>>()?;
        Ok(clients)
    }

    /// The client of a kind that all tasks share.
    pub(crate) fn shared(&self, kind: Kind) -> Result<Client, Box<dyn Error>> {
        let client = self.shared.iter().find(|(of, _)| *of == kind);
        Ok(client.ok_or("there is no such client")?.1.clone())
    }

    /// A client with connections of its own.
    pub(crate) fn fresh(&self, kind: Kind) -> Result<Client, Box<dyn Error>> {
        let (_, config) = self.configs.iter().find(|(of, _)| *of == kind).ok_or("there is no such client")?;
        let mut settings = config.transport_settings()?;
        settings.pool_max_idle_per_host = IDLE;
        settings.pool_idle_timeout = IDLE_FOR;
        settings.tls_context = self.tls.clone();
        Ok(Client::from_conf(config.to_builder().http_client(HyperTransport::new(settings)).build()))
    }
}

/// Limits of seconds, not minutes, so that a fault which takes until then is met often; and no shorter, so that a machine with other
/// work to do keeps them.
fn config(kind: Kind, run: &Run, servers: &Servers) -> Config {
    let relay = if kind.is_secure() { &servers.tls } else { &servers.plain };
    let millis = Duration::from_millis;
    let retries = RetryConfig::standard().with_max_attempts(4);
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(millis(2_000))
        .read_timeout(millis(3_000))
        .operation_attempt_timeout(millis(6_000))
        .operation_timeout(millis(20_000));
    let config = Config::builder()
        .region(Region::new(REGION))
        .endpoint_url(relay.url())
        .body_limit(BODY_LIMIT)
        .retry_config(retries.with_initial_backoff(millis(5)).with_max_backoff(millis(40)))
        .timeout_config(timeouts.build())
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(millis(3_000)).build())
        .hook(Clerk { run: run.clone(), kind });
    let config = match kind {
        Kind::ShortLived => config.credentials_provider(run.clone()),
        _ => config.credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None)),
    };
    if kind == Kind::Astray { config.time_source(run.clone()).build() } else { config.build() }
}
