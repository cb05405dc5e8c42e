//! Prints layers member by member.

use aws_sdk_lambda::types::{Architecture, LayerVersionsListItem, LayersListItem, Runtime};

/// Prints each layer of a page, or of several.
pub fn layers(layers: &[LayersListItem]) {
    for layer in layers {
        println!("layer {}", layer.layer_name().unwrap_or("-"));
        println!("  arn {}", layer.layer_arn().unwrap_or_default());
        match layer.latest_matching_version() {
            Some(version) => show_version(version),
            None => println!("  no version"),
        }
    }
}

fn show_version(version: &LayerVersionsListItem) {
    println!("  version {} {}", version.version(), version.layer_version_arn().unwrap_or_default());
    println!("  created {:?} description {:?}", version.created_date(), version.description());
    println!("  license {:?}", version.license_info());
    let runtimes: Vec<&str> = version.compatible_runtimes().iter().map(Runtime::as_str).collect();
    let architectures: Vec<&str> = version.compatible_architectures().iter().map(Architecture::as_str).collect();
    println!("  runtimes {} architectures {}", runtimes.join(","), architectures.join(","));
}
