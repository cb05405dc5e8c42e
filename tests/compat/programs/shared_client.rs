//! A client inside other people's types: stored, cloned, shared, moved into tasks, behind a trait of their own.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_lambda::error::SdkError;
use aws_sdk_lambda::operation::list_layers::builders::ListLayersFluentBuilder;
use aws_sdk_lambda::operation::list_layers::{ListLayersError, ListLayersOutput};
use aws_sdk_lambda::types::{Architecture, Runtime};
use aws_sdk_lambda::{Client, Error};

/// What the rest of a program sees of Lambda.
trait Layers {
    fn page(
        &self,
        runtime: Runtime,
    ) -> impl Future<Output = Result<ListLayersOutput, SdkError<ListLayersError>>> + Send;
}

#[derive(Clone, Debug)]
struct Inventory {
    client: Client,
    architecture: Option<Architecture>,
}

impl Inventory {
    fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config), architecture: None }
    }

    fn request(&self) -> ListLayersFluentBuilder {
        self.client.list_layers().set_compatible_architecture(self.architecture.clone())
    }
}

impl Layers for Inventory {
    async fn page(&self, runtime: Runtime) -> Result<ListLayersOutput, SdkError<ListLayersError>> {
        self.request().compatible_runtime(runtime).send().await
    }
}

async fn count(layers: &impl Layers, runtime: Runtime) -> Result<usize, Error> {
    Ok(layers.page(runtime).await?.layers().len())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync + 'static>> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let inventory = Arc::new(Inventory::new(&config));
    require_shareable::<Client>();
    println!("{} for python3.12", count(inventory.as_ref(), Runtime::Python312).await?);

    let mut tasks = BTreeMap::new();
    for runtime in ["java21", "nodejs20.x", "python3.9"] {
        let inventory = Arc::clone(&inventory);
        tasks.insert(runtime, tokio::spawn(async move { inventory.page(Runtime::from(runtime)).await }));
    }
    for (runtime, task) in tasks {
        println!("{runtime}: {}", task.await??.layers().len() < 1_000);
    }

    let client = inventory.client.clone();
    let pager = tokio::spawn(async move { client.list_layers().into_paginator().items().send().try_collect().await });
    println!("{} in all", pager.await??.len());
    let future = require_send(inventory.client.list_layers().customize().send());
    println!("{} by a future that was moved", Box::pin(future).await?.layers().len());
    Ok(())
}

fn require_shareable<T: Clone + Send + Sync + Unpin + 'static>() {}

fn require_send<F: Future + Send + 'static>(future: F) -> F {
    future
}
