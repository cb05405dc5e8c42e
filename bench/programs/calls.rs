//! The calls, written for the official crates. Two packages compile this very file: `official`, and `ours`, whose
//! manifest names other packages.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::types::LayersListItem;

use crate::driver::Error;

/// How long the names of one page are together.
pub async fn page(client: &Client, size: Option<i32>) -> Result<usize, Error> {
    let page = client.list_layers().set_max_items(size).send().await?;
    Ok(page.layers().iter().map(length).sum())
}

/// How many layers there are, and how long their names are together.
pub async fn walk(client: &Client, size: Option<i32>) -> Result<(usize, usize), Error> {
    let mut pages = client.list_layers().into_paginator();
    if let Some(size) = size {
        pages = pages.page_size(size);
    }
    let mut items = pages.items().send();
    let (mut count, mut names) = (0, 0);
    while let Some(layer) = items.next().await {
        count += 1;
        names += length(&layer?);
    }
    Ok((count, names))
}

fn length(layer: &LayersListItem) -> usize {
    layer.layer_name().map_or(0, str::len)
}
