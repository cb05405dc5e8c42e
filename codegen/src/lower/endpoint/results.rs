//! What a rule answers with: an endpoint, its ways to sign, its headers and properties.

use serde_json::{Map, Value};

use super::Lowering;
use crate::fault::{below, item, kind};
use crate::ir::endpoint::{AuthChange, AuthScheme, Endpoint, Expr, Property};

impl Lowering {
    pub(super) fn endpoint(&mut self, at: &str, value: &Value) -> Option<Endpoint> {
        let object = self.faults.object(at, value)?;
        let url = self.faults.member(at, object, "url").and_then(|url| self.text(&below(at, "url"), url));
        let headers = object.get("headers").map(|headers| self.headers(&below(at, "headers"), headers));
        let mut endpoint = Endpoint {
            url: url?.passed(),
            auth_schemes: Vec::new(),
            headers: headers.unwrap_or_default(),
            properties: Vec::new(),
        };
        let at = below(at, "properties");
        for (name, value) in object.get("properties").and_then(|p| self.faults.object(&at, p)).into_iter().flatten() {
            let at = below(&at, name);
            if name == "authSchemes" {
                endpoint.auth_schemes = self.auth_schemes(&at, value);
            } else {
                endpoint.properties.extend(self.property(&at, value).map(|property| (name.clone(), property)));
            }
        }
        Some(endpoint)
    }

    fn headers(&mut self, at: &str, value: &Value) -> Vec<(String, Expr)> {
        let mut headers = Vec::new();
        for (name, values) in self.faults.object(at, value).into_iter().flatten() {
            let at = below(at, name);
            let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
            if name.is_empty() || !name.bytes().all(is_token) {
                self.faults.add(&at, "this is no name of a header");
            }
            for (index, value) in self.faults.array(&at, values).into_iter().flatten().enumerate() {
                let value = self.text(&item(&at, index), value);
                headers.extend(value.map(|value| (name.clone(), value.passed())));
            }
        }
        headers
    }

    fn auth_schemes(&mut self, at: &str, value: &Value) -> Vec<AuthScheme> {
        let mut schemes = Vec::new();
        for (index, value) in self.faults.array(at, value).into_iter().flatten().enumerate() {
            let at = item(at, index);
            schemes.extend(self.faults.object(&at, value).and_then(|object| self.auth_scheme(&at, object)));
        }
        schemes
    }

    fn auth_scheme(&mut self, at: &str, object: &Map<String, Value>) -> Option<AuthScheme> {
        let name = self.faults.member(at, object, "name").and_then(|name| self.text(&below(at, "name"), name));
        let mut changes = Vec::new();
        for (key, value) in object.iter().filter(|(key, _)| *key != "name") {
            self.auth_change(&below(at, key), key, value, &mut changes);
        }
        Some(AuthScheme { name: name?.passed(), changes })
    }

    fn auth_change(&mut self, at: &str, key: &str, value: &Value, changes: &mut Vec<AuthChange>) {
        match key {
            "signingName" => changes.extend(self.text(at, value).map(|v| AuthChange::SigningName(v.passed()))),
            "signingRegion" => changes.extend(self.text(at, value).map(|v| AuthChange::SigningRegion(v.passed()))),
            "signingRegionSet" => {
                for (index, value) in self.faults.array(at, value).into_iter().flatten().enumerate() {
                    let region = self.text(&item(at, index), value);
                    changes.extend(region.map(|v| AuthChange::SigningRegionOfSet(v.passed())));
                }
            }
            "disableDoubleEncoding" | "disableNormalizePath" => match self.faults.boolean(at, value) {
                // `false` is what goes without saying.
                Some(true) if key == "disableDoubleEncoding" => changes.push(AuthChange::DisableDoubleEncoding),
                Some(true) => changes.push(AuthChange::DisableNormalizePath),
                Some(false) | None => {}
            },
            _ => changes.extend(self.property(at, value).map(|value| AuthChange::Property(key.to_owned(), value))),
        }
    }

    fn property(&mut self, at: &str, value: &Value) -> Option<Property> {
        self.deeper(at, |this| match value {
            Value::Bool(value) => Some(Property::Boolean(*value)),
            Value::String(_) => this.text(at, value).map(|text| Property::Text(text.passed())),
            Value::Number(number) if number.is_i64() => number.as_i64().map(Property::Integer),
            Value::Array(values) => {
                let items = values.iter().enumerate();
                items
                    .map(|(index, value)| this.property(&item(at, index), value))
                    .collect::<Option<_>>()
                    .map(Property::List)
            }
            Value::Object(object) => {
                let entries =
                    object.iter().map(|(key, value)| Some((key.clone(), this.property(&below(at, key), value)?)));
                entries.collect::<Option<_>>().map(Property::Map)
            }
            Value::Null | Value::Number(_) => {
                let found = kind(value);
                let expected = "a string, a boolean, a whole number, a list or an object";
                this.faults.add(at, format!("expected {expected}, found {found}"));
                None
            }
        })
    }
}
