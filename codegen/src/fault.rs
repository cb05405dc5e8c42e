//! Faults inside a JSON document: its place there, and why it cannot stand.

use std::fmt;

use serde_json::{Map, Value};

/// One fault. Faults are collected, so that one run shows all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path from the root of the document: `rules[1].conditions[0].argv[1]`.
    pub at: String,
    /// What is wrong there, and what was expected.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, reason } = self;
        if at.is_empty() { f.write_str(reason) } else { write!(f, "{at}: {reason}") }
    }
}

/// The faults found so far, and readers that add to them what they miss.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, at: &str, reason: impl Into<String>) {
        self.0.push(Fault { at: at.to_owned(), reason: reason.into() });
    }

    /// The value, if nothing was found on the way to it.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }

    pub(crate) fn object<'v>(&mut self, at: &str, value: &'v Value) -> Option<&'v Map<String, Value>> {
        self.expect(at, value, "an object", Value::as_object)
    }

    pub(crate) fn array<'v>(&mut self, at: &str, value: &'v Value) -> Option<&'v [Value]> {
        self.expect(at, value, "an array", |v| v.as_array().map(Vec::as_slice))
    }

    pub(crate) fn text<'v>(&mut self, at: &str, value: &'v Value) -> Option<&'v str> {
        self.expect(at, value, "a string", Value::as_str)
    }

    pub(crate) fn boolean(&mut self, at: &str, value: &Value) -> Option<bool> {
        self.expect(at, value, "a boolean", Value::as_bool)
    }

    /// A member that must be there.
    pub(crate) fn member<'v>(&mut self, at: &str, object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
        let member = object.get(name);
        if member.is_none() {
            self.add(at, format!("`{name}` is missing"));
        }
        member
    }

    fn expect<'v, T>(
        &mut self,
        at: &str,
        value: &'v Value,
        what: &str,
        get: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let found = get(value);
        if found.is_none() {
            self.add(at, format!("expected {what}, found {}", kind(value)));
        }
        found
    }
}

/// What kind of JSON a value is, as an error says it.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The path of a member.
pub(crate) fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

/// The path of an item.
pub(crate) fn item(at: &str, index: usize) -> String {
    format!("{at}[{index}]")
}
