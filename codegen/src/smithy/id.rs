//! Absolute shape ids: `namespace#Name`.

use std::fmt;
use std::sync::Arc;

/// The id of a shape: a namespace of dotted identifiers, `#`, and an identifier.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShapeId(Arc<str>);

impl ShapeId {
    /// Reads an id; `None` if the text is not one, or names a member.
    pub fn parse(text: &str) -> Option<Self> {
        let (namespace, name) = text.split_once('#')?;
        (namespace.split('.').all(is_identifier) && is_identifier(name)).then(|| Self(text.into()))
    }

    /// The shape `name` of Smithy's prelude. The name is one of ours, so that it needs no check.
    pub(crate) fn prelude(name: &str) -> Self {
        Self(format!("smithy.api#{name}").into())
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `#`.
    pub fn namespace(&self) -> &str {
        self.0.split_once('#').map_or("", |(namespace, _)| namespace)
    }

    /// What stands after the `#`.
    pub fn name(&self) -> &str {
        self.0.split_once('#').map_or(&self.0, |(_, name)| name)
    }

    /// The id of a member of this shape: `namespace#Name$member`.
    pub fn member(&self, name: &str) -> String {
        format!("{self}${name}")
    }

    /// Whether the shape belongs to Smithy's prelude, which is in every model.
    pub fn is_prelude(&self) -> bool {
        self.namespace() == "smithy.api"
    }

    /// Whether this is `smithy.api#Unit`, which stands for "nothing".
    pub fn is_unit(&self) -> bool {
        self.as_str() == "smithy.api#Unit"
    }
}

/// Whether the text is an identifier as Smithy has it: letters, digits and `_`, and no digit first.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl fmt::Display for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ShapeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::ShapeId;

    #[test]
    fn ids() {
        for (text, names) in [
            ("com.example#Order", Some(("com.example", "Order"))),
            ("casing#ACRONYM_Inside2", Some(("casing", "ACRONYM_Inside2"))),
            ("crate#_1", Some(("crate", "_1"))),
            ("Order", None),
            ("#Order", None),
            ("com.example#", None),
            ("com..example#Order", None),
            ("com.example#Order$id", None),
            ("com.example#2nd", None),
            ("com.example#a#b", None),
            ("com.example#Größe", None),
        ] {
            let id = ShapeId::parse(text);
            assert_eq!(id.as_ref().map(|id| (id.namespace(), id.name())), names, "{text}");
        }
    }
}
