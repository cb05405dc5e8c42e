//! Pagers: pages and items, limits, resume tokens, and servers whose tokens lead nowhere.

use std::time::Duration;

use tinsmith_lambda::error::SdkError;
use tinsmith_runtime::client::presigning::PresigningConfig;
use tinsmith_runtime::test_util::Reply;

use crate::client::{Scripted, ok, scripted, scripted_with};

/// A page of layers with these names, and the token of the next one.
fn page(names: &[&str], next: Option<&str>) -> Reply {
    let layers: Vec<String> = names.iter().map(|name| format!(r#"{{"LayerName": "{name}"}}"#)).collect();
    let next = next.map_or("null".to_owned(), |token| format!("\"{token}\""));
    ok(format!(r#"{{"NextMarker": {next}, "Layers": [{}]}}"#, layers.join(", ")))
}

/// Three pages of two, two and one.
fn five() -> Scripted {
    scripted([page(&["a", "b"], Some("m2")), page(&["c", "d"], Some("m3")), page(&["e"], None)])
}

/// The marker of each request.
fn markers(held: &Scripted) -> Vec<Option<String>> {
    let marker = |query: &str| query.split('&').find_map(|pair| pair.strip_prefix("Marker=").map(str::to_owned));
    held.transport.requests().iter().map(|request| marker(&request.query)).collect()
}

#[tokio::test]
async fn all_pages_and_all_items() {
    let held = five();
    let mut pages = held.client.list_layers().into_paginator().page_size(2).send();
    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.layers().len());
    }
    assert_eq!(sizes, [2, 2, 1]);
    assert_eq!(markers(&held), [None, Some("m2".into()), Some("m3".into())]);
    assert!(held.transport.requests().iter().all(|request| request.query.contains("MaxItems=2")));
    assert_eq!(pages.resume_token(), None);

    let items = five().client.list_layers().into_paginator().items().send();
    let names: Vec<String> =
        items.try_collect().await.unwrap().into_iter().flat_map(|layer| layer.layer_name).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
}

/// Nothing is sent before it is asked for.
#[tokio::test]
async fn pagers_are_lazy() {
    let held = five();
    let mut items = held.client.list_layers().into_paginator().items().send();
    assert_eq!(held.transport.requests().len(), 0);
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert_eq!(held.transport.requests().len(), 1);
}

/// The tokens are those of boto3, byte for byte.
#[tokio::test]
async fn a_limit_and_where_to_go_on() {
    let token = |json: &str| base64(json);
    for (limit, names, resume) in [
        (0, vec![], Some(token(r#"{"Marker": null}"#))),
        (1, vec!["a"], Some(token(r#"{"Marker": null, "boto_truncate_amount": 1}"#))),
        (2, vec!["a", "b"], Some(token(r#"{"Marker": "m2"}"#))),
        (3, vec!["a", "b", "c"], Some(token(r#"{"Marker": "m2", "boto_truncate_amount": 1}"#))),
        (5, vec!["a", "b", "c", "d", "e"], None),
        (9, vec!["a", "b", "c", "d", "e"], None),
    ] {
        let mut items = five().client.list_layers().into_paginator().items().limit(limit).send();
        let mut got = Vec::new();
        while let Some(layer) = items.try_next().await.unwrap() {
            got.extend(layer.layer_name);
        }
        assert_eq!((got, items.resume_token()), (names.iter().map(|n| n.to_string()).collect(), resume), "{limit}");

        let mut pages = five().client.list_layers().into_paginator().limit(limit).send();
        let mut count = 0;
        while let Some(page) = pages.try_next().await.unwrap() {
            count += page.layers().len();
        }
        assert_eq!(count, names.len(), "{limit} in pages");
    }
}

/// Who wants nothing is where they were.
#[tokio::test]
async fn no_item_at_all() {
    let token = base64(r#"{"Marker": "m2", "boto_truncate_amount": 1}"#);
    let held = scripted([]);
    let mut items = held.client.list_layers().into_paginator().items().starting_token(token.clone()).limit(0).send();
    assert!(items.next().await.is_none());
    assert_eq!(items.resume_token(), Some(token));
}

/// A listing that is resumed anywhere gives every item once and in order.
#[tokio::test]
async fn resumed_anywhere() {
    for stop in 0..=5 {
        let first = five();
        let mut items = first.client.list_layers().into_paginator().items().send();
        let mut names = Vec::new();
        for _ in 0..stop {
            names.extend(items.next().await.unwrap().unwrap().layer_name);
        }
        let Some(token) = items.resume_token() else {
            assert_eq!(stop, 5);
            continue;
        };
        let rest: Vec<Reply> = match stop {
            0 | 1 => vec![page(&["a", "b"], Some("m2")), page(&["c", "d"], Some("m3")), page(&["e"], None)],
            2 | 3 => vec![page(&["c", "d"], Some("m3")), page(&["e"], None)],
            _ => vec![page(&["e"], None)],
        };
        let second = scripted(rest);
        let items = second.client.list_layers().into_paginator().items().starting_token(token).send();
        names.extend(items.try_collect().await.unwrap().into_iter().flat_map(|layer| layer.layer_name));
        assert_eq!(names, ["a", "b", "c", "d", "e"], "stopped after {stop}");
    }
}

#[tokio::test]
async fn a_token_that_is_none_is_refused_before_anything_is_sent() {
    // Not base64, not JSON, not a text, and the token of an operation that calls it otherwise.
    let others = base64(r#"{"NextToken": "m2", "boto_truncate_amount": 1}"#);
    let negative = base64(r#"{"Marker": "m2", "boto_truncate_amount": -1}"#);
    for token in ["m2", "bTI=", "eyJNYXJrZXIiOiAxfQ==", "", &others, &negative] {
        let held = five();
        let pages = held.client.list_layers().into_paginator().starting_token(token.to_owned()).send();
        let error = pages.try_collect().await.unwrap_err();
        assert!(error.to_string().contains("starting token"), "{token}: {error}");
        assert_eq!(held.transport.requests().len(), 0);
    }
}

/// Point 7: the page comes, and then the error; and so it is with tokens that go round in a circle.
#[tokio::test]
async fn a_repeated_token_is_an_error() {
    let held = scripted([page(&["a"], Some("m2")), page(&["b"], Some("m2")), page(&["c"], None)]);
    let mut items = held.client.list_layers().into_paginator().items().send();
    assert_eq!(items.next().await.unwrap().unwrap().layer_name(), Some("a"));
    assert_eq!(items.next().await.unwrap().unwrap().layer_name(), Some("b"));
    let error = items.next().await.unwrap().unwrap_err();
    assert!(matches!(error, SdkError::ConstructionFailure(_)), "{error:?}");
    assert!(error.to_string().contains("m2"), "{error}");
    assert!(items.next().await.is_none());

    for length in [2usize, 3, 7, 50] {
        let replies = (0..1000).map(|n| page(&["x"], Some(&format!("m{}", n % length))));
        let all: Result<Vec<_>, _> = scripted(replies).client.list_layers().into_paginator().send().collect().await;
        assert!(all.unwrap_err().to_string().contains("a second time"), "{length}");
    }

    // What is not followed does not matter.
    let held = scripted([page(&["a"], Some("m2")), page(&["b"], Some("m2"))]);
    let mut items = held.client.list_layers().into_paginator().items().limit(2).send();
    assert!(items.next().await.unwrap().is_ok() && items.next().await.unwrap().is_ok());
    assert!(items.next().await.is_none());
    assert_eq!(items.resume_token(), Some(base64(r#"{"Marker": "m2"}"#)));

    let held = scripted([page(&["a"], Some("m")), page(&["b"], Some("m")), page(&["c"], None)]);
    let items = held.client.list_layers().into_paginator().stop_on_duplicate_token(false).items().send();
    assert_eq!(items.try_collect().await.unwrap().len(), 3);
}

/// Point 8, and point 6 in a listing: an empty page goes on, an empty token ends.
#[tokio::test]
async fn empty_pages_and_empty_tokens() {
    let held = scripted([page(&[], Some("m2")), ok(r#"{"NextMarker": "m3"}"#), page(&["a"], Some(""))]);
    let items = held.client.list_layers().into_paginator().items().send();
    assert_eq!(items.try_collect().await.unwrap().len(), 1);
    assert_eq!(held.transport.left(), 0);
}

/// An error ends the listing, which can be resumed at the page that failed.
#[tokio::test]
async fn an_error_ends_and_can_be_resumed() {
    use tinsmith_lambda::config::retry::RetryConfig;
    let replies = [page(&["a", "b"], Some("m2")), Reply::new(500)];
    let held = scripted_with(replies, |config| config.retry_config(RetryConfig::disabled()));
    let mut items = held.client.list_layers().into_paginator().items().send();
    items.next().await.unwrap().unwrap();
    items.next().await.unwrap().unwrap();
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
    assert_eq!(items.resume_token(), Some(base64(r#"{"Marker": "m2"}"#)));
}

/// Whatever is waited for can be waited for on another thread.
#[test]
fn futures_travel() {
    fn travels<T: Send + 'static>(_: T) {}
    let client = five().client;
    let request = || client.list_layers();
    travels(request().send());
    travels(request().into_future());
    travels(request().customize().send());
    travels(request().presigned(PresigningConfig::expires_in(Duration::from_secs(1)).unwrap()));
    travels(request().into_paginator().send());
    travels(request().into_paginator().send().try_collect());
    travels(request().into_paginator().items().send());
    travels(request().into_paginator().items().send().collect::<Vec<_>>());
}

/// As Python's `base64.b64encode` does.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let shown = place <= chunk.len();
            encoded.push(if shown { ALPHABET[bits >> (18 - 6 * place) & 63].into() } else { '=' });
        }
    }
    encoded
}
