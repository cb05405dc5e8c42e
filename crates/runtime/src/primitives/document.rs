//! Documents: members of which the model says nothing but that they are data.

use std::collections::HashMap;

/// Anything that JSON can say.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Document {
    /// Values by name.
    Object(HashMap<String, Document>),
    /// Values in order.
    Array(Vec<Document>),
    /// A number.
    Number(Number),
    /// Text.
    String(String),
    /// True or false.
    Bool(bool),
    /// Nothing.
    #[default]
    Null,
}

/// A number of a [`Document`]. Integers keep all their digits up to 64 bits; what is beyond them is a float.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// An integer that is not negative.
    PosInt(u64),
    /// An integer below zero.
    NegInt(i64),
    /// Any other number.
    Float(f64),
}

impl Number {
    /// Reads a number as JSON spells it; none where it is beyond a float.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(integer) = text.parse() {
            return Some(Self::PosInt(integer));
        }
        if let Ok(integer) = text.parse() {
            return Some(Self::NegInt(integer));
        }
        text.parse().ok().filter(|float: &f64| float.is_finite()).map(Self::Float)
    }
}

impl Document {
    /// The values by name, of an object.
    pub fn as_object(&self) -> Option<&HashMap<String, Document>> {
        match self {
            Self::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The values in order, of an array.
    pub fn as_array(&self) -> Option<&Vec<Document>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number that it is.
    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The text that it is.
    pub fn as_string(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean that it is.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether it is nothing.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl From<bool> for Document {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Document {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<u64> for Document {
    fn from(number: u64) -> Self {
        Self::Number(Number::PosInt(number))
    }
}

impl From<i64> for Document {
    fn from(number: i64) -> Self {
        Self::Number(u64::try_from(number).map_or(Number::NegInt(number), Number::PosInt))
    }
}

impl From<i32> for Document {
    fn from(number: i32) -> Self {
        Self::from(i64::from(number))
    }
}

impl From<f64> for Document {
    fn from(number: f64) -> Self {
        Self::Number(Number::Float(number))
    }
}

impl From<Vec<Document>> for Document {
    fn from(items: Vec<Document>) -> Self {
        Self::Array(items)
    }
}

impl From<HashMap<String, Document>> for Document {
    fn from(entries: HashMap<String, Document>) -> Self {
        Self::Object(entries)
    }
}
