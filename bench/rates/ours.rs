//! What our codec and our signatures take.

mod measure;

use std::time::SystemTime;

use aws_sdk_lambda::operation::list_layers::ListLayersOutput;
use measure::{Asked, Error};
use tinsmith_runtime::codec::{json, rest_json};
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::sign::{self, Identity, KeyCache, Scope, Settings};

fn main() -> Result<(), Error> {
    let asked = Asked::of_arguments()?;
    match asked.measure() {
        "decode" => {
            let page = asked.page()?;
            let length = page.len();
            let response = Response::new(StatusCode::new(200), Headers::new(), Body::whole(page));
            asked.run(Some(length), || Ok(rest_json::read_response::<ListLayersOutput>(&response)?))
        }
        "encode" => {
            let page: ListLayersOutput = json::read(&asked.page()?)?;
            let length = json::write(&page)?.len();
            asked.run(Some(length), || Ok(json::write(&page)?))
        }
        "sign" => sign(&asked),
        other => Err(measure::unknown(other, "ours has `decode`, `encode` and `sign`")),
    }
}

/// Signs the request of a page, as each attempt does: with the key of the day, which our client keeps. Each signature takes
/// the place of the one before.
fn sign(asked: &Asked) -> Result<(), Error> {
    let keys = KeyCache::new();
    let identity = Identity {
        access_key_id: "AKIDEXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        session_token: None,
    };
    let scope = Scope { region: "us-east-2", service: "lambda", time: SystemTime::now() };
    let mut request = Request {
        method: "GET",
        origin: "https://lambda.us-east-2.amazonaws.com".into(),
        path: "/2018-10-31/layers".into(),
        ..Request::default()
    };
    asked.run(None, || Ok(sign::sign(&mut request, &identity, &scope, &Settings::STANDARD, &keys)?))
}
