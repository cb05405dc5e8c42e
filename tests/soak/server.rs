//! The servers: a stand-in that does to each request what the plan says, behind relays that do the same to connections.

use std::io;

use tinsmith_stand_in::{
    ACCESS_KEY_ID, Builder, CodePlace, Fault, Function, Functions, Invocation, Layers, Outcome, RecordedRequest, Relay,
    SECRET_ACCESS_KEY, StandIn,
};

use crate::doors::{Ends, KEYS, Run, short_lived};
use crate::key::{HEADER, Key};
use crate::plan::{Answer, Effect, Trouble};

/// The region that all of this is in.
pub(crate) const REGION: &str = "us-east-2";

/// The functions: one gives back what it is given, and one answers piece by piece.
pub(crate) const ECHO: &str = "echo";
pub(crate) const PIECES: &str = "pieces";

/// What calls are sent to.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) stand_in: StandIn,
    pub(crate) plain: Relay,
    pub(crate) tls: Relay,
}

impl Servers {
    /// Starts them on the runtime that this is called in.
    pub(crate) async fn start(run: &Run) -> io::Result<Self> {
        let deciding = run.clone();
        let known = (0..KEYS).map(short_lived);
        let stand_in = known
            .fold(stand_in().credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), |stand_in, (key, token)| {
                stand_in.session_credentials(key, SECRET_ACCESS_KEY, token)
            });
        let stand_in = stand_in.record(0).decided_by(move |request| decide(&deciding, request)).start().await?;
        let behind = stand_in.address();
        let plan = run.plan();
        let plain = Relay::start(behind, move |connection| plan.link(false, connection)).await?;
        let tls = Relay::start_tls(behind, move |connection| plan.link(true, connection)).await?;
        Ok(Self { stand_in, plain, tls })
    }

    /// How many connections are open, from clients or behind the relays.
    pub(crate) fn open(&self) -> usize {
        self.of_clients() + self.stand_in.open_connections()
    }

    /// How many connections from clients are open.
    pub(crate) fn of_clients(&self) -> usize {
        self.plain.open_connections() + self.tls.open_connections()
    }

    /// How many connections there were from clients.
    pub(crate) fn accepted(&self) -> u64 {
        self.plain.connection_count() + self.tls.connection_count()
    }
}

/// A stand-in with what is asked for, and without faults.
pub(crate) fn stand_in() -> Builder {
    let functions = [Function::new(ECHO), Function::new(PIECES).runs(pieces)];
    StandIn::builder().region(REGION).layers(Layers::generate(200)).functions(Functions::new(functions))
}

/// The pieces that a payload `"NAME COUNT"` is answered with.
pub(crate) fn pieces_of(name: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |piece| format!("{name}:{piece};"))
}

fn pieces(invocation: &Invocation) -> Outcome {
    let payload = String::from_utf8_lossy(&invocation.payload);
    let (name, count) = payload.trim_matches('"').split_once(' ').unwrap_or_default();
    Outcome::pieces(pieces_of(name, count.parse().unwrap_or_default()))
}

/// What becomes of a request, which is written down.
fn decide(run: &Run, request: &RecordedRequest) -> Fault {
    let Some(key) = request.header(HEADER).and_then(|name| name.parse::<Key>().ok()) else {
        run.ledger().sums.violation("a request without a name was seen".to_owned());
        return Fault::None;
    };
    let answer = match request.path.as_str() {
        path if path.ends_with("/layers") => Answer::Document,
        path if path.ends_with("/response-streaming-invocations") => Answer::Events,
        _ => Answer::Bytes,
    };
    let now = run.elapsed();
    let end = access_key(request).and_then(|key| run.end_of(key));
    let mut ledger = run.ledger();
    let trouble = match end.filter(|end| end.real <= now) {
        None => run.plan().trouble(key, answer, now),
        Some(Ends { said, .. }) => {
            if ledger.begun_at(key).is_some_and(|begun| said < begun) {
                ledger
                    .sums
                    .violation(format!("attempt {key} began at {now:?} with credentials that had ended at {said:?}"));
            }
            Trouble { name: "credentials ended on the way", fault: expired(), effect: Effect::Fails }
        }
    };
    ledger.seen(key, request.connection, &trouble);
    trouble.fault
}

/// The access key that signed a request.
fn access_key(request: &RecordedRequest) -> Option<&str> {
    let (_, credential) = request.header("authorization")?.split_once("Credential=")?;
    Some(credential.split_once('/')?.0)
}

fn expired() -> Fault {
    let message = "The security token included in the request is expired".into();
    Fault::Error { status: 403, code: "ExpiredTokenException".into(), place: CodePlace::HeaderWithUri, message }
}
