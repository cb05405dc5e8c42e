//! The rows: which fault, which settings, and what must come of it.

use std::ops::RangeInclusive;
use std::time::Duration;

use tinsmith_lambda::config::Builder as Config;
use tinsmith_lambda::config::retry::RetryConfig;
use tinsmith_lambda::config::timeout::TimeoutConfig;
use tinsmith_runtime::retry::Quota;
use tinsmith_stand_in::{Builder as Server, CodePlace, End, Fault, RetryAfter};

use crate::run::CALLS;

/// What is changed of a server.
type Change = fn(Server) -> Server;

/// A fault, and what must come of it. Where chance decides, numbers are bounds; where the seed does, they are exact.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) server: Change,
    pub(crate) client: fn(Config) -> Config,
    pub(crate) calls: u64,
    /// How many calls are under way at once.
    pub(crate) at_once: u64,
    /// How many calls get their answer.
    pub(crate) right: RangeInclusive<u64>,
    /// How the others may end.
    pub(crate) errors: &'static [&'static str],
    /// How many requests meet the fault, as the server counts them.
    pub(crate) served: RangeInclusive<u64>,
    /// How many attempts bring no right answer.
    pub(crate) faulty: RangeInclusive<u64>,
    /// How many attempts the server did not see, because the connection ended before it read them.
    pub(crate) unseen: RangeInclusive<u64>,
    /// How many attempts the server saw once more, on another connection: safe ones alone, where the one that had been
    /// kept ended before the answer began.
    pub(crate) again: RangeInclusive<u64>,
    /// How many connections there are: fewer than calls where they are kept, no fewer than are ended.
    pub(crate) connections: RangeInclusive<u64>,
    /// Sends this in place of GET, which is safe.
    pub(crate) method: Option<&'static str>,
    /// What a retry after this fault costs of the quota.
    pub(crate) cost: RangeInclusive<u32>,
    /// Waits from this length on are limits, and take their time; shorter ones are between attempts, and take none.
    pub(crate) limits_from: Duration,
}

impl Row {
    /// Whether the row takes the time of its limits, however fast the machine is.
    pub(crate) fn waits(&self) -> bool {
        self.limits_from <= LIMIT
    }
}

const TRANSIENT: RangeInclusive<u32> = 14..=14;
const THROTTLING: RangeInclusive<u32> = 5..=5;

const fn exactly(number: u64) -> RangeInclusive<u64> {
    number..=number
}

/// A row of which every call must get its answer, by one attempt: what the others differ from.
const PLAIN: Row = Row {
    name: "none",
    server: |server| server,
    client: |config| config,
    calls: CALLS,
    at_once: 30,
    right: exactly(CALLS),
    errors: &[],
    served: exactly(0),
    faulty: exactly(0),
    unseen: exactly(0),
    again: exactly(0),
    connections: 1..=CALLS - 1,
    method: None,
    cost: TRANSIENT,
    limits_from: Duration::from_secs(10),
};

/// Seed and share of the calls that meet a fault: 91 of the 300, and 21 of the first 60.
const SEED: u64 = 7;
const SHARE: u8 = 30;
const HIT: u64 = 91;
const FEW: u64 = 60;
const FEW_HIT: u64 = 21;

/// A fault for the first attempt of some calls, which the second mends.
fn mended(name: &'static str, server: Change) -> Row {
    Row { name, server, served: exactly(HIT), faulty: exactly(HIT), ..PLAIN }
}

/// A fault of all attempts of some calls, or of calls that are not retried.
fn fatal(name: &'static str, errors: &'static [&'static str], server: Change) -> Row {
    Row { errors, right: exactly(CALLS - HIT), ..mended(name, server) }
}

/// A fault that takes until the read timeout to be found: a limit so long that no answer of a busy machine reaches it.
const LIMIT: Duration = Duration::from_secs(5);

fn timed(name: &'static str, server: Change) -> Row {
    let (calls, at_once, right, hit) = (FEW, FEW, exactly(FEW), exactly(FEW_HIT));
    let hit = Row { served: hit.clone(), faulty: hit, ..PLAIN };
    Row { name, server, client: impatient, calls, at_once, right, limits_from: LIMIT, ..hit }
}

fn timed_once(name: &'static str, errors: &'static [&'static str], server: Change) -> Row {
    let client: fn(Config) -> Config = |config| once(impatient(config));
    Row { client, errors, right: exactly(FEW - FEW_HIT), ..timed(name, server) }
}

fn impatient(config: Config) -> Config {
    config.timeout_config(TimeoutConfig::builder().read_timeout(LIMIT).build())
}

fn patient(config: Config) -> Config {
    config.retry_config(RetryConfig::standard().with_max_attempts(10))
}

fn once(config: Config) -> Config {
    config.retry_config(RetryConfig::disabled())
}

fn first(server: Server, fault: Fault) -> Server {
    server.for_calls(SEED, SHARE, 1, fault)
}

fn always(server: Server, fault: Fault) -> Server {
    server.for_calls(SEED, SHARE, u32::MAX, fault)
}

fn throttle(code: CodePlace, retry_after: RetryAfter) -> Fault {
    Fault::Throttle { code, retry_after }
}

/// The first requests of all meet a fault, whoever sends them, and the quota pays for the retries of some calls only.
/// How many of the later ones get through hangs on who comes first; what the quota paid for does not.
fn storm(name: &'static str, cost: RangeInclusive<u32>, errors: &'static [&'static str], server: Change) -> Row {
    let retries = u64::from(Quota::CAPACITY / cost.start());
    let right = CALLS + retries - STORM..=CALLS / 2;
    let connections = 1..=CALLS + STORM;
    let met = Row { served: exactly(STORM), faulty: exactly(STORM), connections, ..PLAIN };
    Row { name, server, errors, cost, at_once: CALLS, right, ..met }
}

/// More than there are calls, and fewer than they make attempts.
const STORM: u64 = CALLS + 20;

fn raging(server: Server, fault: Fault) -> Server {
    server.faults(std::iter::repeat_n(fault, STORM as usize))
}

/// All rows of the table.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![PLAIN];
    rows.extend(clocks());
    rows.extend(resets());
    rows.extend(pools());
    rows.extend(slow());
    rows.extend(broken());
    rows.extend(storms());
    rows
}

/// The calls that are under way before the first answer tells the time are refused once, and those alone.
fn clocks() -> [Row; 2] {
    let clock = |name, server| Row { name, server, faulty: 1..=PLAIN.at_once, cost: 0..=0, ..PLAIN };
    [
        clock("clock 15 minutes ahead", |server| server.clock_offset(900)),
        clock("clock 15 minutes behind", |server| server.clock_offset(-900)),
    ]
}

fn resets() -> Vec<Row> {
    /// Every fifth request is lost: those that are sent until 300 were not are 374.
    const LOST: u64 = 74;
    const BROKEN: &[&str] = &["dispatch: io"];
    let lost = Row {
        name: "reset before the request",
        server: |server| server.every(5, Fault::ResetBeforeRequest),
        client: patient,
        served: exactly(LOST),
        faulty: 0..=LOST,
        unseen: 0..=LOST,
        ..PLAIN
    };
    let ends: [(_, Change); 2] = [
        ("reset after the request", |server| first(server, Fault::ResetAfterRequest)),
        ("closed after the request", |server| first(server, Fault::CloseAfterRequest)),
    ];
    let ends = ends.into_iter().flat_map(|(name, server)| {
        let (once_only, unsafely) = ("the same, no retries", "the same, by POST, no retries");
        let (again, served) = (1..=HIT, HIT + 1..=2 * HIT);
        let refused = &["dispatch: io", "status 403"];
        [
            Row { again: again.clone(), served: served.clone(), ..mended(name, server) },
            Row { client: once, again, served, ..fatal(once_only, BROKEN, server) },
            // There is no such operation, which is what all others are told. None is sent twice.
            Row {
                client: once,
                method: Some("POST"),
                right: exactly(0),
                faulty: exactly(CALLS),
                ..fatal(unsafely, refused, server)
            },
        ]
    });
    [lost].into_iter().chain(ends).collect()
}

/// Connections that the server ends although it promised to keep them: what is sent on them is lost, and sent once more on
/// a new one. Of a reset, an answer that nobody has read by then is lost too.
fn pools() -> [Row; 2] {
    const ENDED: u64 = CALLS / 3;
    let (served, connections) = (exactly(ENDED), ENDED..=2 * CALLS);
    let pool = |name, server| Row { name, server, served: served.clone(), connections: connections.clone(), ..PLAIN };
    let close = pool("connection closed after every third answer", |s| s.every(3, Fault::EndAfterAnswer(End::Close)));
    let reset = pool("connection reset after every third answer", |s| s.every(3, Fault::EndAfterAnswer(End::Reset)));
    // Each answer that was lost is a request more, of which every third ends a connection again.
    [close, Row { client: patient, served: ENDED..=CALLS / 2, faulty: 0..=ENDED, ..reset }]
}

fn slow() -> [Row; 6] {
    const PAUSE: Duration = Duration::from_millis(20);
    let slow = |name, server| Row { name, server, served: exactly(HIT), ..PLAIN };
    [
        slow("slow headers", |server| first(server, Fault::SlowHeaders(PAUSE))),
        slow("slow body", |server| first(server, Fault::SlowBody { piece: 1_000, pause: PAUSE / 10 })),
        timed("no answer", |server| first(server, Fault::NoAnswer)),
        timed("body stands still", |server| first(server, Fault::StalledBody)),
        timed_once("no answer, no retries", &["dispatch: timeout"], |server| first(server, Fault::NoAnswer)),
        timed_once("body stands still, no retries", &["unreadable"], |server| first(server, Fault::StalledBody)),
    ]
}

fn broken() -> [Row; 7] {
    [
        mended("body cut off by a reset", |server| first(server, Fault::ResetMidBody)),
        mended("body cut off, by its length", |server| first(server, Fault::TruncatedBody)),
        mended("body cut off, in chunks", |server| first(server, Fault::CloseMidBody)),
        mended("length too long", |server| first(server, Fault::WrongLength(100))),
        mended("not HTTP", |server| first(server, Fault::Raw(b"220 mail.example.com ESMTP\r\n".to_vec()))),
        // A whole answer that cannot be read is no better the second time.
        fatal("not JSON", &["unreadable"], |server| always(server, Fault::NotJson)),
        fatal("half of the JSON", &["unreadable"], |server| always(server, Fault::TruncatedJson)),
    ]
}

fn storms() -> [Row; 7] {
    const BUSY: &[&str] = &["TooManyRequestsException"];
    [
        Row {
            cost: THROTTLING,
            ..mended("429 now and then", |server| {
                first(server, throttle(CodePlace::HeaderWithUri, RetryAfter::Milliseconds(3)))
            })
        },
        storm("429 storm, with a code", THROTTLING, BUSY, |server| {
            raging(server, throttle(CodePlace::HeaderWithUri, RetryAfter::Never))
        }),
        storm("429 storm, bare", THROTTLING, &["status 429"], |server| {
            raging(server, throttle(CodePlace::Nowhere, RetryAfter::Never))
        }),
        storm("429 storm, with Retry-After", THROTTLING, BUSY, |server| {
            raging(server, throttle(CodePlace::Body("code"), RetryAfter::Seconds(2)))
        }),
        storm("503 storm, in HTML", TRANSIENT, &["status 503"], |server| raging(server, Fault::Html(503))),
        storm("500 storm, empty", TRANSIENT, &["status 500"], |server| raging(server, Fault::Empty(500))),
        all_at_once(),
    ]
}

/// Each request meets one fault or another, or none, by chance.
fn all_at_once() -> Row {
    Row {
        name: "all of them, by chance",
        server: |server| {
            let faults = [
                Fault::ResetBeforeRequest,
                Fault::ResetAfterRequest,
                Fault::ResetMidBody,
                Fault::TruncatedBody,
                Fault::EndAfterAnswer(End::Close),
                Fault::EndAfterAnswer(End::Reset),
                Fault::Html(503),
                throttle(CodePlace::Nowhere, RetryAfter::Seconds(1)),
            ];
            faults.into_iter().zip(SEED..).fold(server, |server, (fault, seed)| server.at_random(seed, 3, fault))
        },
        client: patient,
        served: 1..=CALLS,
        faulty: 1..=CALLS,
        unseen: 0..=CALLS,
        again: 0..=CALLS,
        cost: 5..=14,
        ..PLAIN
    }
}
