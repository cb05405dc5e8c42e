//! Tests of the token of a sign-in: when it is refreshed, what is kept of it, and what is said where there is none.

use std::future::poll_fn;
use std::path::Path;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use super::super::{SsoCredentials, SsoRole, sha1};
use super::*;
use crate::config::{Builder, retry::RetryConfig, scripted, timeout::TimeoutConfig};
use crate::credentials::ProvideCredentials;
use crate::environment::{Files, ScriptedFiles};
use crate::http::{Request, Response};
use crate::primitives::{DateTime, DateTimeFormat};
use crate::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
use crate::token::ProvideToken;
use crate::transport::{BoxFuture, SharedTransport, Transport, TransportError, TransportErrorKind};

const PATH: &str = "/h/.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
const LOGIN: &str = "run `aws sso login --sso-session dev`";

/// A sign-in whose token ends at 00:10, with a registration that ends the day after, and members of others.
const FILE: &str = r#"{"startUrl": "https://start", "region": "us-west-2", "accessToken": "first", "more": [1, null, {"a": 1.5}],
    "expiresAt": "2023-01-01T00:10:00Z", "clientId": "client", "clientSecret": "client-secret",
    "registrationExpiresAt": "2023-01-02T12:00:00Z", "refreshToken": "refresh-secret"}"#;

fn answer(text: &str) -> Reply {
    Reply::new(200).body(text.to_owned())
}

fn second() -> Reply {
    answer(r#"{"tokenType": "Bearer", "accessToken": "second", "expiresIn": 28800, "refreshToken": "next-refresh"}"#)
}

/// Answers after having written a file, as another process may.
#[derive(Clone, Debug)]
struct Meanwhile(ScriptedTransport, ScriptedFiles, Option<String>);

impl Transport for Meanwhile {
    fn send(&self, request: Request) -> BoxFuture<'_, std::result::Result<Response, TransportError>> {
        if let Some(text) = &self.2 {
            self.1.replace(Path::new(PATH), text.as_bytes()).unwrap();
        }
        // Whoever asks has to wait, as for any network.
        Box::pin(async move {
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
            self.0.send(request).await
        })
    }
}

/// Files that are read alone.
#[derive(Debug)]
struct ReadOnly(ScriptedFiles);

impl Files for ReadOnly {
    fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        self.0.read(path, limit)
    }
}

struct Bench {
    provider: SsoTokenProvider,
    /// Those of a role by the same sign-in.
    credentials: SsoCredentials,
    transport: ScriptedTransport,
    files: ScriptedFiles,
    clock: FixedClock,
}

fn time(text: &str) -> SystemTime {
    DateTime::from_str(text, DateTimeFormat::DateTime).unwrap().try_into().unwrap()
}

struct World<'a> {
    session: Option<&'a str>,
    file: &'a str,
    replies: &'a [Reply],
    /// What another process writes during a refresh.
    meanwhile: Option<String>,
    read_only: bool,
}

const WORLD: World<'_> = World { session: Some("dev"), file: FILE, replies: &[], meanwhile: None, read_only: false };

/// A provider at midnight.
fn bench(world: &World<'_>) -> Bench {
    let World { session, file, replies, meanwhile, read_only } = world;
    let transport = ScriptedTransport::new(replies.iter().cloned());
    let path = format!("/h/.aws/sso/cache/{}.json", sha1::hex(session.unwrap_or("https://start")));
    let files = ScriptedFiles::from_iter([(path, *file)]);
    let clock = FixedClock::new(time("2023-01-01T00:00:00Z"));
    let door: Arc<dyn Files> = if *read_only { Arc::new(ReadOnly(files.clone())) } else { Arc::new(files.clone()) };
    let doors = Doors {
        http_client: Some(SharedTransport::new(Meanwhile(transport.clone(), files.clone(), meanwhile.clone()))),
        clock: Arc::new(clock.clone()),
        sleep: Arc::new(InstantSleep::default()),
        files: door,
        // Sleep that takes no time would cut the pause that the transport makes. A refresh token is sent once all the same.
        code: Builder::new().retry_config(RetryConfig::standard()).timeout_config(TimeoutConfig::disabled()),
        ..Doors::default()
    };
    let sign_in = SignIn {
        profile: Some("p".to_owned()),
        session: session.map(str::to_owned),
        region: "us-west-2".to_owned(),
        start_url: "https://start".to_owned(),
    };
    let sources = scripted(&[], "");
    let role = SsoRole { account_id: "1".to_owned(), role_name: "r".to_owned() };
    let credentials = SsoCredentials::new(sign_in.clone(), role, sources.clone(), doors.clone());
    Bench { provider: doors.token(&sign_in, &sources), credentials, transport, files, clock }
}

impl Bench {
    async fn get(&self) -> std::result::Result<String, String> {
        let got = self.provider.provide_token().await;
        got.map(|token| token.token().to_owned()).map_err(|error| error.to_string())
    }

    /// Moves the clock there, and asks for the token.
    async fn check(&self, at: &str, expected: &str, asked: usize) {
        let now = crate::time::Clock::now(&self.clock);
        self.clock.advance(time(&format!("2023-01-01T{at}Z")).duration_since(now).unwrap());
        let got = self.get().await.unwrap_or_else(|error| error);
        assert!(!got.contains("secret"), "{got}");
        assert_eq!((got.as_str(), self.transport.requests().len()), (expected, asked), "at {at}");
    }

    /// Asks, and goes away as soon as that is waited for.
    async fn leave(&self) {
        let mut asked = self.provider.provide_token();
        let polled = poll_fn(|cx| Poll::Ready(Pin::new(&mut asked).poll(cx))).await;
        assert!(polled.is_pending(), "{polled:?}");
    }

    fn file(&self) -> serde_json::Value {
        serde_json::from_slice(&self.files.read(Path::new(PATH), 1 << 20).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_refresh_is_tried_ahead_of_the_end_and_not_too_often() {
    let lost = Reply::Failure(TransportErrorKind::Io);
    let bench = bench(&World { replies: &[Reply::new(500), lost, second()], ..WORLD });
    bench.check("00:00:00", "first", 0).await;
    bench.check("00:04:59", "first", 0).await;
    bench.check("00:05:00", "first", 1).await;
    bench.check("00:05:29", "first", 1).await;
    bench.check("00:05:30", "first", 2).await;
    bench.check("00:06:00", "second", 3).await;
    bench.check("08:00:59", "second", 3).await;
}

#[tokio::test]
async fn all_who_need_a_sign_in_share_what_is_known_of_its_token() {
    let bench = bench(&World { replies: &[Reply::new(500)], ..WORLD });
    bench.check("00:09:59", "first", 1).await;
    let _ = bench.credentials.provide_credentials().await;
    let asked = bench.transport.requests();
    assert!(asked.iter().filter(|request| request.path == "/token").count() == 1, "{asked:?}");
}

#[tokio::test]
async fn what_is_new_is_kept_beside_what_others_know() {
    let bench = bench(&World { replies: &[second(), answer(r#"{"accessToken": "third", "expiresIn": 60}"#)], ..WORLD });
    bench.check("00:05:00", "second", 1).await;
    let mut expected: serde_json::Value = serde_json::from_str(FILE).unwrap();
    expected["accessToken"] = "second".into();
    expected["refreshToken"] = "next-refresh".into();
    expected["expiresAt"] = "2023-01-01T08:05:00Z".into();
    assert_eq!(bench.file(), expected);
    let requests = bench.transport.requests();
    let [request] = requests.as_slice() else { panic!("there is one request") };
    let sent: serde_json::Value = serde_json::from_slice(request.bytes()).unwrap();
    let refreshed = serde_json::json!({"clientId": "client", "clientSecret": "client-secret",
        "grantType": "refresh_token", "refreshToken": "refresh-secret"});
    assert_eq!(sent, refreshed);
    assert_eq!(request.origin, "https://oidc.us-west-2.amazonaws.com");
    assert_eq!(request.headers.get("authorization"), None);
    // The file has it now, and what somebody else signs in for there counts, though it last for less.
    let other = FILE.replace("first", "other").replace("2023-01-01T00:10:00Z", "2023-01-01T04:00:00Z");
    bench.files.replace(Path::new(PATH), other.as_bytes()).unwrap();
    bench.check("00:06:00", "other", 1).await;
    bench.files.replace(Path::new(PATH), expected.to_string().as_bytes()).unwrap();
    // Without a new refresh token the old one stays.
    bench.check("08:05:00", "third", 2).await;
    assert_eq!(bench.file()["refreshToken"], "next-refresh");
}

#[tokio::test]
async fn a_token_that_cannot_be_kept_in_the_file_is_kept_here() {
    let check = async |world: World<'_>| {
        let third = answer(r#"{"accessToken": "third", "expiresIn": 3600}"#);
        let bench = bench(&World { replies: &[second(), third], ..world });
        bench.check("00:09:00", "second", 1).await;
        bench.files.replace(Path::new(PATH), FILE.as_bytes()).unwrap();
        bench.check("04:00:00", "second", 1).await;
        assert_eq!(bench.file()["accessToken"], "first");
        // The refresh token that came with it is the one that is good now.
        bench.check("08:06:00", "third", 2).await;
        let sent =
            bench.transport.requests().pop().map(|request| String::from_utf8_lossy(request.bytes()).into_owned());
        assert!(sent.is_some_and(|sent| sent.contains("next-refresh")));
    };
    check(World { read_only: true, ..WORLD }).await;
    // Another process is halfway through with writing it.
    check(World { meanwhile: Some(FILE.split_at(FILE.len() / 2).0.to_owned()), ..WORLD }).await;
}

#[tokio::test]
async fn another_process_may_refresh_or_sign_in_at_the_same_time() {
    let by_other = |end: &str| {
        Some(FILE.replace("2023-01-01T00:10:00Z", end).replace("first", "other").replace("refresh-secret", "of-other"))
    };
    // The grant was used up by the other one.
    let refused = Reply::new(400).body(r#"{"error": "invalid_grant", "__type": "InvalidGrantException"}"#);
    let slower = bench(&World { replies: &[refused], meanwhile: by_other("2023-01-01T08:00:00Z"), ..WORLD });
    slower.check("00:10:00", "other", 1).await;
    slower.check("00:10:01", "other", 1).await;
    // Who signed in anew has a token that lasts longer, which stays.
    let signed_in = bench(&World { replies: &[second()], meanwhile: by_other("2023-01-01T08:30:00Z"), ..WORLD });
    signed_in.check("00:10:00", "second", 1).await;
    assert_eq!(signed_in.file()["refreshToken"], "of-other");
    signed_in.check("00:10:01", "other", 1).await;
}

#[tokio::test]
async fn who_asks_is_told_what_to_do() {
    let check = async |world: World<'_>, at: &str, expected: &str| {
        let asked = world.replies.len();
        bench(&world).check(at, &format!("the source of bearer tokens failed: {expected}"), asked).await;
    };
    let expired = format!("the token in {PATH} has expired");
    for member in ["clientId", "clientSecret", "refreshToken", "registrationExpiresAt"] {
        let lacks = format!("{expired} and cannot be refreshed, as it has no {member} beside it; {LOGIN}");
        check(World { file: &FILE.replace(member, "x"), ..WORLD }, "00:10:00", &lacks).await;
    }
    let registration = "and cannot be refreshed, as the registration of the client beside it has expired too";
    for end in ["2023-01-01T00:10:00Z", "soon", "2022-12-31T00:00:00+09:00"] {
        let file = FILE.replace("2023-01-02T12:00:00Z", end);
        check(World { file: &file, ..WORLD }, "00:10:00", &format!("{expired} {registration}; {LOGIN}")).await;
    }
    for (reply, why) in [
        (answer("{}"), "the answer has no token"),
        (answer(r#"{"accessToken": "a-secret"}"#), "the answer has a token that lasts for no time"),
        (answer(r#"{"accessToken": "a-secret", "expiresIn": -1}"#), "the answer has a token that lasts for no time"),
    ] {
        let told = format!("{expired}, and was not refreshed: {why}; {LOGIN}");
        check(World { replies: &[reply], ..WORLD }, "00:10:00", &told).await;
    }
}

#[tokio::test]
async fn without_a_session_a_token_serves_until_its_end() {
    let legacy = bench(&World { session: None, replies: &[second()], ..WORLD });
    legacy.check("00:09:59", "first", 0).await;
    let path = format!("/h/.aws/sso/cache/{}.json", sha1::hex("https://start"));
    let told = format!("the token in {path} has expired; run `aws sso login --profile p`");
    legacy.check("00:10:00", &format!("the source of bearer tokens failed: {told}"), 0).await;
}

#[tokio::test]
async fn a_token_that_has_expired_is_tried_again_after_a_pause() {
    let bench = bench(&World { replies: &[answer("{}"), second()], ..WORLD });
    let told = format!(
        "the source of bearer tokens failed: the token in {PATH} has expired, and was not refreshed: the answer has no token; {LOGIN}"
    );
    bench.check("00:10:00", &told, 1).await;
    bench.check("00:10:29", &told, 1).await;
    bench.check("00:10:30", "second", 2).await;
}

#[tokio::test]
async fn a_file_is_read_whatever_it_holds() {
    let check = async |file: &str, expected: std::result::Result<&str, &str>| {
        let got = bench(&World { file, ..WORLD }).get().await;
        let failed = |why| format!("the source of bearer tokens failed: {PATH} {why}; {LOGIN}");
        assert_eq!(got, expected.map(str::to_owned).map_err(failed), "{file}");
    };
    let holds_none = Err("holds no token");
    let deep = format!(r#"{{"accessToken": "a", "expiresAt": "2023-02-01T00:00:00Z", "x": {}1"#, "[".repeat(1000));
    let half = FILE.split_at(FILE.len() / 2).0;
    for file in ["", "null", "[]", "{}", half, &deep, r#"{"accessToken": 1, "expiresAt": "2023-02-01T00:00:00Z"}"#] {
        check(file, holds_none).await;
    }
    for end in ["1672617600", "\"\"", "\"2023-02-01\"", "\"2023-02-01T00:00:00\"", "\"99999-02-01T00:00:00Z\"", "null"]
    {
        check(&format!(r#"{{"accessToken": "a-secret", "expiresAt": {end}}}"#), holds_none).await;
    }
    for end in ["2023-02-01T00:00:00Z", "2023-02-01T00:00:00UTC", "2023-01-01T05:30:01.5+05:30", "9999-12-31T23:59:59Z"]
    {
        check(&format!(r#"{{"AccessToken": "a", "EXPIRESAT": "{end}", "clientId": 7}}"#), Ok("a")).await;
    }
    let huge =
        format!(r#"{{"accessToken": "a", "expiresAt": "2023-02-01T00:00:00Z", "x": "{}"}}"#, "x".repeat(1 << 16));
    let told = bench(&World { file: &huge, ..WORLD }).get().await.unwrap_err();
    assert!(told.ends_with(&format!("cannot be read from {PATH}: it has more than 65536 bytes; {LOGIN}")), "{told}");
}

#[tokio::test]
async fn many_who_ask_at_once_refresh_once_whoever_goes_away() {
    let bench = Arc::new(bench(&World { replies: &[second(), second()], ..WORLD }));
    bench.clock.advance(Duration::from_secs(600));
    let ask = |bench: Arc<Bench>| tokio::spawn(async move { bench.get().await });
    let asks: Vec<_> = (0..1000).map(|_| ask(bench.clone())).collect();
    // Not even the one that began it needs to stay.
    bench.leave().await;
    for ask in asks {
        assert_eq!(ask.await.unwrap(), Ok("second".to_owned()));
    }
    assert_eq!(bench.transport.requests().len(), 1);
    let shown = format!("{:?}", bench.provider);
    assert!(!shown.contains("second") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_refresh_that_all_have_left_goes_on_all_the_same() {
    let bench = bench(&World { replies: &[second()], ..WORLD });
    bench.clock.advance(Duration::from_secs(600));
    bench.leave().await;
    // Who comes now waits for it.
    bench.check("00:10:00", "second", 1).await;
    assert_eq!(bench.file()["refreshToken"], "next-refresh");
}

#[test]
fn without_tokio_a_refresh_that_all_have_left_is_begun_anew() {
    let bench = bench(&World { replies: &[second()], ..WORLD });
    bench.clock.advance(Duration::from_secs(600));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(pin!(bench.leave()).poll(&mut cx).is_ready());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(bench.get()), Ok("second".to_owned()));
}
