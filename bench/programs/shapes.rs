//! The shapes of a page of layers as a program writes them for serde: everything is there or not, and all text is owned.
//! What is not there is not written.
#![allow(dead_code, reason = "who reads a page looks at what it needs, and all of it is decoded")]

use serde::Deserialize;
#[cfg(feature = "rates")]
use serde::Serialize;

/// A page of layers.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Page {
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub next_marker: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub layers: Option<Vec<Layer>>,
}

/// A layer.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Layer {
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub layer_name: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub layer_arn: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub latest_matching_version: Option<Version>,
}

/// A version of a layer.
#[derive(Deserialize)]
#[cfg_attr(feature = "rates", derive(Serialize))]
#[serde(rename_all = "PascalCase")]
pub struct Version {
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub layer_version_arn: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub version: Option<i64>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub description: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub created_date: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub compatible_runtimes: Option<Vec<String>>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub license_info: Option<String>,
    #[cfg_attr(feature = "rates", serde(skip_serializing_if = "Option::is_none"))]
    pub compatible_architectures: Option<Vec<String>>,
}
