//! All layers by a page loop written by hand, as it is done where no pager is known.

use aws_config::BehaviorVersion;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::error::SdkError;
use aws_sdk_lambda::operation::list_layers::{ListLayersError, ListLayersInput};
use aws_sdk_lambda::types::LayersListItem;

#[path = "support/show.rs"]
mod show;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let client = Client::new(&aws_config::load_defaults(BehaviorVersion::latest()).await);
    let layers = all_layers(&client, 3).await?;
    show::layers(&layers);

    let mut input = ListLayersInput::builder().max_items(4);
    let mut names = Vec::new();
    loop {
        let page = input.clone().send_with(&client).await?;
        names.extend(page.layers().iter().filter_map(|layer| layer.layer_name().map(str::to_owned)));
        match page.next_marker() {
            Some(marker) if !marker.is_empty() => input = input.marker(marker),
            _ => break,
        }
    }
    println!("{} by send_with, {} by the fluent builder", names.len(), layers.len());
    Ok(())
}

async fn all_layers(client: &Client, page_size: i32) -> Result<Vec<LayersListItem>, SdkError<ListLayersError>> {
    let mut layers = Vec::new();
    let mut marker = None;
    loop {
        let page = client.list_layers().set_marker(marker).set_max_items(Some(page_size)).send().await?;
        println!("page of {}", page.layers().len());
        marker = page.next_marker().map(String::from);
        layers.extend(page.layers.unwrap_or_default());
        if marker.is_none() {
            return Ok(layers);
        }
    }
}
