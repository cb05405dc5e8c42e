//! Compares what compiled rules answer with what a case expects. Both become JSON, so that neither the compiler of
//! rule sets nor the types of the runtime decide what is equal.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use tinsmith_runtime::endpoint::{AuthScheme, Endpoint, EndpointError, Property};

/// Fails unless the answer is the expected one: an endpoint, whole, or an error, word by word where there are any.
pub(crate) fn check(about: &str, answer: Result<Endpoint, EndpointError>, expected: &str) {
    let mut expected: Value = serde_json::from_str(expected).unwrap();
    if expected == json!({ "error": null }) {
        assert!(answer.is_err(), "{about}: expected an error, found {answer:?}");
        return;
    }
    normalize(&mut expected);
    let found = match &answer {
        Ok(endpoint) => json!({ "endpoint": of_endpoint(endpoint) }),
        Err(error) => json!({ "error": error.to_string() }),
    };
    assert_eq!(found, expected, "{about}");
}

/// Takes out what says nothing: empty headers and properties, and settings of signatures that are off.
fn normalize(expected: &mut Value) {
    let Some(endpoint) = expected.get_mut("endpoint").and_then(Value::as_object_mut) else { return };
    let schemes = endpoint.get_mut("properties").and_then(|properties| properties.get_mut("authSchemes"));
    for scheme in schemes.and_then(Value::as_array_mut).into_iter().flatten() {
        let off = |name: &str, value: &Value| name.starts_with("disable") && *value == json!(false);
        if let Some(scheme) = scheme.as_object_mut() {
            scheme.retain(|name, value| !off(name, value));
        }
    }
    endpoint.retain(|_, value| *value != json!({}));
}

fn of_endpoint(endpoint: &Endpoint) -> Value {
    let mut headers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in endpoint.headers.iter() {
        headers.entry(name).or_default().push(value);
    }
    let mut properties = of_properties(&endpoint.properties);
    if !endpoint.auth_schemes.is_empty() {
        properties.insert("authSchemes".to_owned(), endpoint.auth_schemes.iter().map(of_scheme).collect());
    }
    let mut found = json!({ "url": endpoint.url });
    if !headers.is_empty() {
        found["headers"] = json!(headers);
    }
    if !properties.is_empty() {
        found["properties"] = Value::Object(properties);
    }
    found
}

fn of_scheme(scheme: &AuthScheme) -> Value {
    let mut found = of_properties(&scheme.properties);
    let mut set = |name: &str, value: Value| found.insert(name.to_owned(), value);
    set("name", json!(scheme.name));
    if let Some(name) = &scheme.signing_name {
        set("signingName", json!(name));
    }
    if let Some(region) = &scheme.signing_region {
        set("signingRegion", json!(region));
    }
    if !scheme.signing_region_set.is_empty() {
        set("signingRegionSet", json!(scheme.signing_region_set));
    }
    if scheme.disable_double_encoding {
        set("disableDoubleEncoding", json!(true));
    }
    if scheme.disable_normalize_path {
        set("disableNormalizePath", json!(true));
    }
    Value::Object(found)
}

fn of_properties(properties: &BTreeMap<&'static str, Property>) -> Map<String, Value> {
    properties.iter().map(|(name, value)| ((*name).to_owned(), of_property(value))).collect()
}

fn of_property(value: &Property) -> Value {
    match value {
        Property::Bool(value) => json!(value),
        Property::Integer(value) => json!(value),
        Property::Text(text) => json!(text),
        Property::List(items) => items.iter().map(of_property).collect(),
        Property::Map(entries) => Value::Object(of_properties(entries)),
        _ => panic!("a property of another kind: {value:?}"),
    }
}
