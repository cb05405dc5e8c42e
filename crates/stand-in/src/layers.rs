//! The layers that the stand-in serves: from a file, generated, or those of the reference example.

use std::cmp::Reverse;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::file::{self, FileError};
use crate::operation;

mod generate;
mod order;

/// The account that owns layers and functions: the one of AWS's documentation.
pub(crate) const ACCOUNT: &str = "123456789012";

/// A layer with one of its versions, as `aws lambda list-layers` prints it.
///
/// Members are served in the order written here, which is not the model's: live services keep an order of their own. See
/// [`Layers::shuffled`] for others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Layer {
    /// The version that is shown.
    #[serde(default)]
    pub latest_matching_version: LayerVersion,
    /// The ARN without a version.
    #[serde(default)]
    pub layer_arn: Option<String>,
    /// The name, by which layers are sorted.
    pub layer_name: String,
}

/// A version of a layer. What is `None` is served as `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayerVersion {
    /// Runtime identifiers, by which `CompatibleRuntime` filters.
    pub compatible_runtimes: Option<Vec<String>>,
    /// When it was made, in Lambda's form: `2018-11-15T00:37:46.592+0000`.
    pub created_date: Option<String>,
    /// The licence: an SPDX identifier, a URL or a text.
    pub license_info: Option<String>,
    /// The version number.
    pub version: i64,
    /// The ARN with the version.
    pub layer_version_arn: Option<String>,
    /// A text about it.
    pub description: Option<String>,
    /// Instruction sets, by which `CompatibleArchitecture` filters.
    pub compatible_architectures: Option<Vec<String>>,
}

/// A set of layers, sorted by name. Entries of one name are versions of one layer, of which a listing shows the newest
/// that matches its filters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    sorted: Vec<Listed>,
    /// What decides the order of members, where it is not the one in which they are written above.
    seed: Option<u64>,
}

/// A layer, and what a page says of it. That is written ahead, so that a page costs little and the same everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) layer: Layer,
    pub(crate) json: String,
}

impl Layers {
    /// The layers given, in any order.
    pub fn new(layers: impl IntoIterator<Item = Layer>) -> Self {
        let mut sorted: Vec<Layer> = layers.into_iter().collect();
        sorted.sort_by(|a, b| {
            let key = |layer: &Layer| Reverse(layer.latest_matching_version.version);
            a.layer_name.cmp(&b.layer_name).then_with(|| key(a).cmp(&key(b)))
        });
        let listed = |layer: Layer| Listed { json: order::written(&layer), layer };
        Self { sorted: sorted.into_iter().map(listed).collect(), seed: None }
    }

    /// Serves the members of each object in an order drawn from the seed, another one in each object. Services promise
    /// none, and a reader that is quick in the order of its model alone is not quick.
    #[must_use]
    pub fn shuffled(mut self, seed: u64) -> Self {
        for (number, listed) in (0..).zip(&mut self.sorted) {
            listed.json = order::shuffled(&listed.layer, seed, number);
        }
        self.seed = Some(seed);
        self
    }

    /// What is answered to a request without parameters: the first page, of up to 50 layers.
    pub fn first_page(&self) -> String {
        operation::first_page(self)
    }

    /// So many layers with so many faces: the same for the same number. Their ARNs are in us-east-2.
    pub fn generate(count: usize) -> Self {
        Self::generate_in("us-east-2", count)
    }

    /// Like [`Layers::generate`], with ARNs of another region.
    pub fn generate_in(region: &str, count: usize) -> Self {
        Self::new((0..count).map(|index| generate::layer(region, index)))
    }

    /// The layer of the example in boto3's reference, `my-layer`, among others that `CompatibleRuntime=python3.7`
    /// leaves out.
    pub fn reference() -> Self {
        Self::reference_in("us-east-2")
    }

    /// Like [`Layers::reference`], with ARNs of another region.
    pub fn reference_in(region: &str) -> Self {
        generate::reference(region)
    }

    /// Reads what `aws lambda list-layers --output json` prints: an object with a list `Layers`. Members that are not
    /// known are passed over.
    ///
    /// # Errors
    /// The text is not JSON of that form; the message says where.
    pub fn from_json(json: &[u8]) -> Result<Self, FileError> {
        Self::parse("layers", json)
    }

    /// Reads a file as [`Layers::from_json`] reads a text.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 64 MiB, or is not of that form; the message names the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let (path, json) = file::read(path.as_ref())?;
        Self::parse(&path, &json)
    }

    /// How many layers there are, versions of one name counted once.
    pub fn len(&self) -> usize {
        self.sorted.chunk_by(Listed::is_version_of).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The newest version that matches, of each layer whose name comes after the one given, in ascending order.
    pub(crate) fn matching<'a>(
        &'a self,
        after: Option<&str>,
        matches: impl Fn(&LayerVersion) -> bool + 'a,
    ) -> impl Iterator<Item = &'a Listed> {
        let start =
            after.map_or(0, |after| self.sorted.partition_point(|listed| listed.layer.layer_name.as_str() <= after));
        let rest = self.sorted.get(start..).unwrap_or_default();
        rest.chunk_by(Listed::is_version_of)
            .filter_map(move |versions| versions.iter().find(|listed| matches(&listed.layer.latest_matching_version)))
    }

    /// Whether a page says where it ends before it lists anything.
    pub(crate) fn marker_first(&self) -> bool {
        self.seed.is_some_and(order::marker_first)
    }

    fn parse(input: &str, json: &[u8]) -> Result<Self, FileError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Listing {
            layers: Vec<Layer>,
        }
        let listing: Listing = serde_json::from_slice(json).map_err(|e| {
            FileError::new(input, format!("is not what `aws lambda list-layers --output json` prints: {e}"))
        })?;
        Ok(Self::new(listing.layers))
    }
}

impl Listed {
    fn is_version_of(&self, other: &Self) -> bool {
        self.layer.layer_name == other.layer.layer_name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(name: &str, version: i64, runtimes: &[&str]) -> Layer {
        let runtimes = Some(runtimes.iter().map(ToString::to_string).collect());
        let latest_matching_version = LayerVersion { version, compatible_runtimes: runtimes, ..Default::default() };
        Layer { latest_matching_version, layer_arn: None, layer_name: name.into() }
    }

    #[test]
    fn the_newest_version_that_matches() {
        let layers =
            Layers::new([layer("b", 1, &["x"]), layer("a", 2, &["y"]), layer("a", 10, &["z"]), layer("a", 9, &["y"])]);
        let found = |after, runtime: &'static str| {
            let of_runtime = move |v: &LayerVersion| {
                v.compatible_runtimes.iter().flatten().any(|r| r == runtime || runtime.is_empty())
            };
            let found = layers.matching(after, of_runtime);
            found.map(|l| (l.layer.layer_name.as_str(), l.layer.latest_matching_version.version)).collect::<Vec<_>>()
        };
        assert_eq!(layers.len(), 2);
        assert_eq!(found(None, ""), [("a", 10), ("b", 1)]);
        assert_eq!(found(None, "y"), [("a", 9)]);
        assert_eq!(found(Some("a"), ""), [("b", 1)]);
        assert_eq!(found(Some("aa"), ""), [("b", 1)]);
        assert_eq!(found(Some("b"), ""), []);
    }

    #[test]
    fn a_file_as_the_aws_cli_prints_it() {
        let json = br#"{"NextToken": "x", "Layers": [
            {"LayerName": "b", "LayerArn": "arn:b", "LatestMatchingVersion": {"Version": 3, "NotYetKnown": [1]}},
            {"LayerName": "a", "LatestMatchingVersion": {"Description": null, "CompatibleRuntimes": ["x"]}}]}"#;
        let layers = Layers::from_json(json).unwrap();
        let names: Vec<_> = layers.sorted.iter().map(|l| l.layer.layer_name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(layers.sorted[1].layer.latest_matching_version.version, 3);

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("layers.json");
        std::fs::write(&path, json).unwrap();
        assert_eq!(Layers::from_file(&path), Ok(layers));
    }

    #[test]
    fn what_is_no_listing() {
        for (json, says) in [
            ("", "EOF"),
            ("[]", "invalid"),
            ("{}", "missing field `Layers`"),
            (r#"{"Layers":[{}]}"#, "missing field `LayerName`"),
        ] {
            let error = Layers::from_json(json.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("layers is not what") && error.contains(says), "{json}: {error}");
        }
        let error = Layers::from_file("/no/such/file").unwrap_err().to_string();
        assert!(error.starts_with("/no/such/file cannot be read: "), "{error}");
    }
}
