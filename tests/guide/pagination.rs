//! The example of `docs/pagination.md`.

use tinsmith_lambda::Client;
use tinsmith_lambda::config::{Config, Credentials, Region};
use tinsmith_lambda::error::SdkError;
use tinsmith_lambda::operation::list_layers::ListLayersError;
use tinsmith_lambda::types::LayersListItem;
use tinsmith_stand_in::{ACCESS_KEY_ID, Layers, SECRET_ACCESS_KEY, StandIn};

/// A Lambda on loopback with 120 layers, and a client of it.
async fn lambda() -> (StandIn, Client) {
    let server = StandIn::builder().layers(Layers::generate(120)).start().await.unwrap();
    let config = Config::builder()
        .region(Region::new("us-east-2"))
        .endpoint_url(server.url())
        .credentials_provider(Credentials::from_keys(ACCESS_KEY_ID, SECRET_ACCESS_KEY, None));
    (server, Client::from_conf(config.build()))
}

/// One by one: no more than a page is in memory.
async fn count(client: &Client) -> Result<usize, SdkError<ListLayersError>> {
    let mut layers = client.list_layers().into_paginator().items().send();
    let mut count = 0;
    while let Some(layer) = layers.try_next().await? {
        count += usize::from(layer.layer_name().is_some());
    }
    Ok(count)
}

/// As one list, or the first error.
async fn all(client: &Client) -> Result<Vec<LayersListItem>, SdkError<ListLayersError>> {
    client.list_layers().into_paginator().items().send().try_collect().await
}

#[tokio::test]
async fn items_of_all_pages() {
    let (server, client) = lambda().await;
    assert_eq!(count(&client).await.unwrap(), 120);
    assert_eq!(server.request_count(), 3, "a page of ListLayers holds 50 layers at most");
    assert_eq!(all(&client).await.unwrap().len(), 120);
}

#[tokio::test]
async fn whole_pages() {
    let (server, client) = lambda().await;
    let mut pages = client.list_layers().into_paginator().page_size(40).send();
    assert_eq!(server.request_count(), 0);

    let mut sizes = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        sizes.push(page.layers().len());
    }
    assert_eq!(sizes, [40, 40, 40]);
}

#[tokio::test]
async fn a_listing_goes_on_elsewhere() {
    let (_server, client) = lambda().await;
    let pager = || client.list_layers().into_paginator().page_size(50).items();

    let mut first = pager().limit(70).send();
    let mut names = Vec::new();
    while let Some(layer) = first.try_next().await.unwrap() {
        names.extend(layer.layer_name);
    }
    let token = first.resume_token().expect("there are more");

    let rest = pager().starting_token(token).send().try_collect().await.unwrap();
    names.extend(rest.into_iter().filter_map(|layer| layer.layer_name));
    let whole: Vec<_> = all(&client).await.unwrap().into_iter().filter_map(|layer| layer.layer_name).collect();
    assert_eq!(names, whole, "each layer once, and in order");
}

#[tokio::test]
async fn by_hand() {
    let (_server, client) = lambda().await;
    let (mut marker, mut count) = (None, 0);
    loop {
        let page = client.list_layers().set_marker(marker).send().await.unwrap();
        count += page.layers().len();
        marker = page.next_marker;
        if marker.is_none() {
            break;
        }
    }
    assert_eq!(count, 120);
}

use tinsmith_lambda::test_util::{InstantSleep, Reply, ScriptedTransport};

#[tokio::test]
async fn a_token_that_comes_twice() {
    let same = || Reply::new(200).body(r#"{"Layers": [{"LayerName": "fonts"}], "NextMarker": "m"}"#);
    let settings = Config::builder().with_test_defaults().region(Region::new("us-east-2"));
    let settings = settings.sleep_impl(InstantSleep::default()).http_client(ScriptedTransport::new([same(), same()]));
    let mut layers = Client::from_conf(settings.build()).list_layers().into_paginator().items().send();

    assert!(layers.next().await.unwrap().is_ok() && layers.next().await.unwrap().is_ok());
    let error = layers.next().await.unwrap().unwrap_err().to_string();
    let said = "the service gave the page token \"m\" for Marker a second time, so that the listing was stopped";
    assert!(error.contains(said), "{error}");
    assert!(layers.next().await.is_none());
}
