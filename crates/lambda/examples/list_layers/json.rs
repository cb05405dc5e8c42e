//! JSON as the AWS command line prints it: members in the order of the model, absent ones left out, four spaces.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value};
use tinsmith_lambda::types::{LayerVersionsListItem, LayersListItem};

/// A listing: `{"Layers": […], "NextToken": "…"}`, the token only where there is more.
pub(crate) fn listing(layers: &[LayersListItem], next_token: Option<&str>) -> Value {
    object([
        ("Layers", Some(layers.iter().map(layer).collect::<Vec<_>>().into())),
        ("NextToken", next_token.map(Value::from)),
    ])
}

/// Writes a value and the end of its last line.
pub(crate) fn write(out: &mut impl Write, value: &Value) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, PrettyFormatter::with_indent(b"    ")))?;
    writeln!(out)
}

fn layer(layer: &LayersListItem) -> Value {
    object([
        ("LayerName", layer.layer_name().map(Value::from)),
        ("LayerArn", layer.layer_arn().map(Value::from)),
        ("LatestMatchingVersion", layer.latest_matching_version().map(version)),
    ])
}

fn version(version: &LayerVersionsListItem) -> Value {
    let runtimes = version.compatible_runtimes.as_deref();
    let architectures = version.compatible_architectures.as_deref();
    object([
        ("LayerVersionArn", version.layer_version_arn().map(Value::from)),
        ("Version", Some(version.version().into())),
        ("Description", version.description().map(Value::from)),
        ("CreatedDate", version.created_date().map(Value::from)),
        ("CompatibleArchitectures", architectures.map(|all| all.iter().map(|one| one.as_str()).collect())),
        ("CompatibleRuntimes", runtimes.map(|all| all.iter().map(|runtime| runtime.as_str()).collect())),
        ("LicenseInfo", version.license_info().map(Value::from)),
    ])
}

/// An object of the members that are there.
fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let there = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}
