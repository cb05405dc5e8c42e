//! Pages and items, by every way that the stream of a pager can be read.

use aws_config::BehaviorVersion;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::SdkError;
use aws_sdk_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use aws_sdk_lambda::types::{LayersListItem, Runtime};

#[path = "support/show.rs"]
mod show;

#[tokio::main]
async fn main() -> Result<(), SdkError<ListLayersError>> {
    let client = Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await);

    let mut pages = client.list_layers().into_paginator().page_size(3).send();
    while let Some(page) = pages.next().await {
        println!("next: page of {}", page?.layers().len());
    }

    let mut pages = client.list_layers().max_items(4).into_paginator().send();
    while let Some(page) = pages.try_next().await? {
        println!("try_next: page of {}", page.layers().len());
    }

    let pages: Result<Vec<ListLayersOutput>, _> =
        client.list_layers().into_paginator().page_size(5).send().collect().await;
    println!("collect: {} pages", pages?.len());
    let pages = client.list_layers().into_paginator().page_size(6).send().try_collect().await?;
    println!("try_collect: {} pages", pages.len());
    let pages: Vec<Result<_, _>> = client.list_layers().into_paginator().page_size(7).send().collect().await;
    println!("collect of results: {} good", pages.iter().filter(|page| page.is_ok()).count());

    let mut items = client.list_layers().into_paginator().page_size(2).items().send();
    while let Some(layer) = items.next().await {
        println!("item {}", layer?.layer_name().unwrap_or_default());
    }
    let first = client.list_layers().into_paginator().items().send().try_next().await?;
    println!("first {:?}", first.as_ref().and_then(LayersListItem::layer_name));

    let python = client.list_layers().compatible_runtime(Runtime::Python312).into_paginator();
    let layers = python.stop_on_duplicate_token(true).items().send().collect::<Result<Vec<_>, _>>().await?;
    show::layers(&layers);
    let names: Vec<LayersListItem> = client.list_layers().into_paginator().items().send().try_collect().await?;
    println!("{} items in all", names.len());
    Ok(())
}
