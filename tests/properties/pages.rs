//! Listings: whatever the pages are, wherever one stops and goes on, and whatever fails in between.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex};

use proptest::collection::vec;
use proptest::option;
use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_runtime::http::{Body, Headers, Request, Response, StatusCode};
use tinsmith_runtime::test_util::{FixedClock, InstantSleep};
use tinsmith_runtime::transport::{BoxFuture, Transport, TransportError};

use crate::{check, wait};

/// A service whose listing has pages of these sizes; items are numbered through. Before a page comes, it fails so often.
#[derive(Clone, Debug)]
struct Service {
    pages: Vec<usize>,
    faults: Arc<Mutex<HashMap<usize, u32>>>,
}

impl Service {
    fn answer(&self, request: &Request) -> (u16, String) {
        let marker = request.query.split('&').find_map(|pair| pair.strip_prefix("Marker=m"));
        let page: usize = marker.map_or(0, |number| number.parse().unwrap());
        if let Some(left) = self.faults.lock().unwrap().get_mut(&page).filter(|left| **left > 0) {
            *left -= 1;
            return (500, "{}".to_owned());
        }
        let begins: usize = self.pages[..page].iter().sum();
        let layers = (begins..begins + self.pages[page]).map(|number| format!(r#"{{"LayerName":"{number}"}}"#));
        let layers = layers.collect::<Vec<_>>().join(",");
        let next = if page + 1 < self.pages.len() { format!("\"m{}\"", page + 1) } else { "null".to_owned() };
        (200, format!(r#"{{"NextMarker":{next},"Layers":[{layers}]}}"#))
    }
}

impl Transport for Service {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (status, body) = self.answer(&request);
        Box::pin(ready(Ok(Response::new(StatusCode::new(status), Headers::new(), Body::whole(body)))))
    }
}

/// One walk: the listing is given up after so many items, and has a limit, or not.
type Walk = (Option<usize>, Option<usize>);

#[test]
fn each_item_comes_once_and_in_order() {
    let pages = vec(0..4usize, 1..7);
    // Three attempts are one call: from three faults on, a walk ends with an error.
    let faults = vec(0..7u32, 7);
    let walks = vec((option::of(0..9usize), option::of(0..9usize)), 0..6);
    check(200, &(pages, faults, walks), |(pages, faults, walks): (Vec<usize>, Vec<u32>, Vec<Walk>)| {
        let count: usize = pages.iter().sum();
        let faults = Arc::new(Mutex::new(faults.into_iter().enumerate().collect()));
        let client = client(Service { pages, faults });
        let mut names = Vec::new();
        let mut token = None;
        // What is left of the faults ends before these walks do, none of which is given up.
        let walks = walks.into_iter().chain(std::iter::repeat_n((None, None), 30));
        for (stop, limit) in walks {
            let before = names.len();
            token = wait(walk(&client, token, stop, limit, &mut names));
            let most = stop.unwrap_or(usize::MAX).min(limit.unwrap_or(usize::MAX));
            assert!(names.len() - before <= most, "more than {most} in one walk");
            if token.is_none() {
                break;
            }
        }
        assert_eq!(token, None, "the listing came to no end");
        assert_eq!(names, (0..count).map(|number| number.to_string()).collect::<Vec<_>>());
    });
}

/// Goes on from a token, and gives the one to go on from.
async fn walk(
    client: &Client,
    token: Option<String>,
    stop: Option<usize>,
    limit: Option<usize>,
    names: &mut Vec<String>,
) -> Option<String> {
    let mut pager = client.list_layers().into_paginator().items();
    if let Some(token) = token {
        pager = pager.starting_token(token);
    }
    if let Some(limit) = limit {
        pager = pager.limit(limit);
    }
    let mut items = pager.send();
    for _ in 0..stop.unwrap_or(usize::MAX) {
        let Some(Ok(layer)) = items.next().await else { break };
        names.push(layer.layer_name.unwrap());
    }
    items.resume_token()
}

fn client(service: Service) -> Client {
    let config = Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::for_tests())
        .http_client(service)
        .time_source(FixedClock::at_unix(1_700_000_000))
        .sleep_impl(InstantSleep::default());
    Client::from_conf(config.build())
}
