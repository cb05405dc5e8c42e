//! What it takes to sign a request and to decide on a failed attempt: parts of each call, without a network. Those that
//! need a service are in `tests/benches/`.
//!
//! `cargo bench --package tinsmith-runtime --bench call`; `-- sign` for those whose name holds that.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use divan::{AllocProfiler, Bencher, black_box};
use tinsmith_runtime::http::{Body, Headers, Request};
use tinsmith_runtime::retry::{Policy, Quota, classify_response, decide, retry_after};
use tinsmith_runtime::sign::{self, Identity, KeyCache, Scope, Settings};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The key of AWS's examples.
const IDENTITY: Identity<'_> = Identity {
    access_key_id: "AKIDEXAMPLE",
    secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    session_token: None,
};

/// A signature with the key of the day, which a client keeps.
#[divan::bench(args = [0, 1024, 65536])]
fn sign(bencher: Bencher<'_, '_>, body: usize) {
    let (keys, scope) = (KeyCache::new(), scope());
    bencher
        .with_inputs(|| request(body))
        .bench_refs(|request| sign::sign(request, &IDENTITY, &scope, &Settings::STANDARD, &keys));
}

/// The first signature of a day, whose key has to be derived.
#[divan::bench]
fn sign_with_a_new_key(bencher: Bencher<'_, '_>) {
    let scope = scope();
    bencher
        .with_inputs(|| (request(0), KeyCache::new()))
        .bench_refs(|(request, keys)| sign::sign(request, &IDENTITY, &scope, &Settings::STANDARD, keys));
}

#[divan::bench]
fn presign(bencher: Bencher<'_, '_>) {
    let (keys, scope, expires) = (KeyCache::new(), scope(), Duration::from_secs(900));
    bencher
        .with_inputs(|| request(0))
        .bench_refs(|request| sign::presign(request, &IDENTITY, &scope, &Settings::STANDARD, expires, &keys));
}

/// What a status and its headers mean, and what follows from it.
#[divan::bench(args = [200, 429, 503])]
fn retry(bencher: Bencher<'_, '_>, status: u16) {
    let mut headers = Headers::new();
    headers.insert("retry-after", "2");
    let now = SystemTime::now();
    bencher.with_inputs(Quota::default).bench_refs(|quota| {
        let failure = classify_response(black_box(status), None, &[]);
        decide(&Policy::STANDARD, quota, 1, failure, retry_after(&headers, now), 0.5)
    });
}

fn scope() -> Scope<'static> {
    Scope { region: "us-east-2", service: "lambda", time: UNIX_EPOCH + Duration::from_secs(1_800_000_000) }
}

fn request(body: usize) -> Request {
    Request {
        method: "GET",
        origin: "https://lambda.us-east-2.amazonaws.com".to_owned(),
        path: "/2018-10-31/layers".to_owned(),
        query: "MaxItems=50".to_owned(),
        body: Body::whole(vec![b'x'; body]),
        ..Request::default()
    }
}
