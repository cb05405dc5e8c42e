//! The shapes of a page of layers as a program writes them for serde: everything is there or not, and all text is owned.
#![allow(dead_code, reason = "who reads a page looks at what it needs, and all of it is decoded")]

use serde::Deserialize;
#[cfg(feature = "rates")]
use serde::Serialize;

/// A page of layers.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    pub next_marker: Option<String>,
    pub layers: Option<Vec<Layer>>,
}

/// A layer.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Layer {
    pub layer_name: Option<String>,
    pub layer_arn: Option<String>,
    pub latest_matching_version: Option<Version>,
}

/// A version of a layer.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Version {
    pub layer_version_arn: Option<String>,
    pub version: Option<i64>,
    pub description: Option<String>,
    pub created_date: Option<String>,
    pub compatible_runtimes: Option<Vec<String>>,
    pub license_info: Option<String>,
    pub compatible_architectures: Option<Vec<String>>,
}
