//! The settings of a stand-in.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::delivery::End;
use crate::fault::{Fault, Schedule};
use crate::functions::Functions;
use crate::layers::Layers;
use crate::rate_limit::Bucket;
use crate::recorded::{RecordedRequest, Recorder};
use crate::server::StandIn;
use crate::service::Service;
use crate::signature::Verifier;

/// The access key that is accepted unless others are named: the one of AWS's documentation.
pub const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";

/// The secret of [`ACCESS_KEY_ID`], from the same examples.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// How many requests are kept.
const RECORDED: usize = 10_000;

/// Sets up a [`StandIn`]. Without any setting it serves [`Layers::reference`] and [`Functions::reference`] in
/// us-east-2 on a free port, to [`ACCESS_KEY_ID`], checks signatures, and neither limits the rate nor misbehaves.
#[must_use]
pub struct Builder {
    layers: Layers,
    functions: Functions,
    region: String,
    port: u16,
    accounts: Vec<(String, String, Option<String>)>,
    check_signatures: bool,
    clock_offset: i64,
    rate_limit: Option<u32>,
    recorded: usize,
    idle: Option<(Duration, End)>,
    faults: Schedule,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            layers: Layers::reference(),
            functions: Functions::reference(),
            region: "us-east-2".into(),
            port: 0,
            accounts: Vec::new(),
            check_signatures: true,
            clock_offset: 0,
            rate_limit: None,
            recorded: RECORDED,
            idle: None,
            faults: Schedule::default(),
        }
    }
}

impl Builder {
    /// The layers to serve.
    pub fn layers(mut self, layers: Layers) -> Self {
        self.layers = layers;
        self
    }

    /// The functions to look at and to invoke.
    pub fn functions(mut self, functions: Functions) -> Self {
        self.functions = functions;
        self
    }

    /// The region for which requests must be signed.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// The port on 127.0.0.1; 0 takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Accepts these credentials, and no longer the default ones.
    pub fn credentials(mut self, access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        self.accounts.push((access_key_id.into(), secret_access_key.into(), None));
        self
    }

    /// Accepts these temporary credentials, which must come with their token, and no longer the default ones.
    pub fn session_credentials(
        mut self,
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: impl Into<String>,
    ) -> Self {
        self.accounts.push((access_key_id.into(), secret_access_key.into(), Some(session_token.into())));
        self
    }

    /// Whether signatures are checked. If not, unsigned requests pass too.
    pub fn check_signatures(mut self, check: bool) -> Self {
        self.check_signatures = check;
        self
    }

    /// Sets the stand-in's clock ahead of the machine's by these seconds, or behind it.
    pub fn clock_offset(mut self, seconds: i64) -> Self {
        self.clock_offset = seconds;
        self
    }

    /// Lets so many requests pass a second (Lambda's control plane: 15), and answers the others with 429.
    pub fn rate_limit(mut self, requests_a_second: u32) -> Self {
        self.rate_limit = Some(requests_a_second);
        self
    }

    /// How many requests are kept for [`StandIn::requests`].
    pub fn record(mut self, requests: usize) -> Self {
        self.recorded = requests;
        self
    }

    /// Ends connections on which no request begins for this long; otherwise they are closed after 30 seconds.
    pub fn idle_timeout(mut self, after: Duration, end: End) -> Self {
        self.idle = Some((after, end));
        self
    }

    /// Puts a fault at the end of the queue: each request takes one from its front.
    pub fn fault(self, fault: Fault) -> Self {
        self.faults([fault])
    }

    /// Puts faults at the end of the queue, in their order.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        faults.into_iter().for_each(|fault| self.faults.push(fault));
        self
    }

    /// Once the queue is empty: a fault for every request whose number, counted from 1, is a multiple of `n`.
    pub fn every(mut self, n: u64, fault: Fault) -> Self {
        self.faults.every(n, fault);
        self
    }

    /// Once the queue is empty: a fault for about so many of a hundred requests, the same ones for the same seed.
    pub fn at_random(mut self, seed: u64, percent: u8, fault: Fault) -> Self {
        self.faults.random(seed, percent, fault);
        self
    }

    /// Once the queue is empty, and where no rule above has a fault for a request: a fault for the first `attempts`
    /// attempts of about so many of a hundred calls, the same ones for the same seed, in whatever order they come.
    /// Calls are told apart by path and query; attempts by `amz-sdk-request`, where a request without it is a first one.
    /// [`Fault::ResetBeforeRequest`] comes too late here, and is as [`Fault::ResetAfterRequest`].
    pub fn for_calls(mut self, seed: u64, percent: u8, attempts: u32, fault: Fault) -> Self {
        self.faults.calls(seed, percent, attempts, fault);
        self
    }

    /// Once the queue is empty, and where no rule has a fault for a request: the fault that this says. It is asked once for
    /// each request that was read, while others wait. [`Fault::ResetBeforeRequest`] is as in [`Builder::for_calls`].
    pub fn decided_by(mut self, oracle: impl Fn(&RecordedRequest) -> Fault + Send + Sync + 'static) -> Self {
        self.faults.ask(oracle);
        self
    }

    /// Starts to listen, on the tokio runtime that this is called in.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn start(self) -> io::Result<StandIn> {
        let port = self.port;
        StandIn::start(port, |address| self.service(address.port())).await
    }

    fn service(mut self, port: u16) -> Service {
        if self.accounts.is_empty() {
            self.accounts.push((ACCESS_KEY_ID.into(), SECRET_ACCESS_KEY.into(), None));
        }
        let verifier = Verifier::new(self.region.clone(), "lambda");
        let verifier =
            self.accounts.iter().fold(verifier, |v, (key, secret, token)| v.account(key, secret, token.as_deref()));
        Service {
            region: self.region,
            layers: self.layers,
            functions: self.functions,
            verifier: self.check_signatures.then_some(verifier),
            clock_offset: AtomicI64::new(self.clock_offset),
            bucket: self.rate_limit.map(|a_second| Mutex::new(Bucket::new(a_second, Instant::now()))),
            faults: Mutex::new(self.faults),
            recorder: Mutex::new(Recorder::new(self.recorded)),
            answered: AtomicU64::default(),
            connections: AtomicU64::default(),
            open: Arc::default(),
            overlapping: AtomicU64::default(),
            faulty: AtomicU64::default(),
            unread: AtomicU64::default(),
            streams: Arc::default(),
            idle: self.idle,
            seed: u64::from(port),
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("layers", &self.layers.len())
            .field("functions", &self.functions.len())
            .field("region", &self.region)
            .field("port", &self.port)
            .field("accounts", &self.accounts.iter().map(|(key, ..)| key).collect::<Vec<_>>())
            .field("check_signatures", &self.check_signatures)
            .field("clock_offset", &self.clock_offset)
            .field("rate_limit", &self.rate_limit)
            .field("recorded", &self.recorded)
            .field("idle", &self.idle)
            .field("faults", &self.faults)
            .finish()
    }
}
