//! Raw objects → [`Shape`]s.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ast::{Object, brief};
use super::id::is_identifier;
use super::{EnumValue, IntEnumValue, Member, Operation, Resource, Service, Shape, ShapeId, ShapeKind, Traits};
use crate::diagnostic::Faults;

/// Reads every shape; one that is malformed is left out, and said.
pub(super) fn read(raw: BTreeMap<ShapeId, Object>, faults: &mut Faults) -> BTreeMap<ShapeId, Shape> {
    let mut shapes = BTreeMap::new();
    for (id, mut object) in raw {
        let mut reader = Reader { id: &id, faults };
        let traits = reader.traits(None, &mut object);
        if let Some(kind) = reader.kind(&mut object, &traits) {
            shapes.insert(id.clone(), Shape { id, kind, traits });
        }
    }
    shapes
}

/// Reads one shape.
struct Reader<'a> {
    id: &'a ShapeId,
    faults: &'a mut Faults,
}

impl Reader<'_> {
    fn kind(&mut self, object: &mut Object, traits: &Traits) -> Option<ShapeKind> {
        let Some(kind) = object.get("type").and_then(Value::as_str).map(str::to_owned) else {
            self.fault("has no `type`");
            return None;
        };
        Some(match kind.as_str() {
            "structure" => ShapeKind::Structure(self.members(object)),
            "union" => ShapeKind::Union(self.members(object)),
            "list" | "set" => ShapeKind::List(self.member(object, "member")?),
            "map" => ShapeKind::Map { key: self.member(object, "key")?, value: self.member(object, "value")? },
            "enum" => ShapeKind::Enum(self.enum_values(object)),
            "intEnum" => ShapeKind::IntEnum(self.int_enum_values(object)),
            "string" => match traits.get("smithy.api#enum") {
                Some(values) => ShapeKind::Enum(self.enum_trait(values)),
                None => ShapeKind::String,
            },
            "blob" => ShapeKind::Blob,
            "boolean" => ShapeKind::Boolean,
            "byte" => ShapeKind::Byte,
            "short" => ShapeKind::Short,
            "integer" => ShapeKind::Integer,
            "long" => ShapeKind::Long,
            "float" => ShapeKind::Float,
            "double" => ShapeKind::Double,
            "bigInteger" => ShapeKind::BigInteger,
            "bigDecimal" => ShapeKind::BigDecimal,
            "timestamp" => ShapeKind::Timestamp,
            "document" => ShapeKind::Document,
            "operation" => ShapeKind::Operation(self.operation(object)),
            "resource" => ShapeKind::Resource(self.resource(object)),
            "service" => ShapeKind::Service(self.service(object)),
            other => {
                self.fault(format!("is of type {other:?}, which Smithy 2.0 does not have"));
                return None;
            }
        })
    }

    fn members(&mut self, object: &mut Object) -> Vec<Member> {
        let members = self.object(object, "members");
        members.into_iter().filter_map(|(name, value)| self.read_member(name, value)).collect()
    }

    fn member(&mut self, object: &mut Object, key: &str) -> Option<Member> {
        match object.remove(key) {
            Some(value) => self.read_member(key.to_owned(), value),
            None => {
                self.fault(format!("has no `{key}`"));
                None
            }
        }
    }

    fn read_member(&mut self, name: String, value: Value) -> Option<Member> {
        if !is_identifier(&name) {
            self.fault(format!("has a member {name:?}: expected an identifier"));
            return None;
        }
        let Value::Object(mut object) = value else {
            self.member_fault(&name, format!("is not a member: expected an object, found {}", brief(&value)));
            return None;
        };
        let traits = self.traits(Some(&name), &mut object);
        let target = object.get("target").and_then(Value::as_str).and_then(ShapeId::parse);
        if target.is_none() {
            self.member_fault(&name, "has no `target`: expected the id of a shape");
        }
        Some(Member { name, target: target?, traits })
    }

    fn enum_values(&mut self, object: &mut Object) -> Vec<EnumValue> {
        let mut values = Vec::new();
        for member in self.members(object) {
            let value = match member.traits.get("smithy.api#enumValue") {
                None => member.name.clone(),
                Some(Value::String(value)) => value.clone(),
                Some(other) => {
                    self.trait_fault(Some(&member.name), "smithy.api#enumValue", &expected("a string", other));
                    continue;
                }
            };
            values.push(EnumValue { name: member.name, value, traits: member.traits });
        }
        values
    }

    fn int_enum_values(&mut self, object: &mut Object) -> Vec<IntEnumValue> {
        let mut values = Vec::new();
        for member in self.members(object) {
            let value = member.traits.get("smithy.api#enumValue");
            match value.and_then(Value::as_i64).and_then(|value| i32::try_from(value).ok()) {
                Some(value) => values.push(IntEnumValue { name: member.name, value, traits: member.traits }),
                None => {
                    let reason = expected("an integer of 32 bits", value.unwrap_or(&Value::Null));
                    self.trait_fault(Some(&member.name), "smithy.api#enumValue", &reason);
                }
            }
        }
        values
    }

    /// The values of the `enum` trait: `[{ value, name, documentation, deprecated }]`.
    fn enum_trait(&mut self, values: &Value) -> Vec<EnumValue> {
        let Value::Array(values) = values else {
            self.trait_fault(None, "smithy.api#enum", &expected("a list", values));
            return Vec::new();
        };
        let mut read = Vec::new();
        for entry in values {
            let Some(value) = entry.get("value").and_then(Value::as_str) else {
                self.trait_fault(None, "smithy.api#enum", &expected("an object with a `value`", entry));
                continue;
            };
            let name = entry.get("name").and_then(Value::as_str).map_or_else(|| name_of(value), str::to_owned);
            let mut traits = Object::new();
            if let Some(documentation) = entry.get("documentation") {
                traits.insert("smithy.api#documentation".to_owned(), documentation.clone());
            }
            if entry.get("deprecated") == Some(&Value::Bool(true)) {
                traits.insert("smithy.api#deprecated".to_owned(), Value::Object(Object::new()));
            }
            let mut object = Object::from_iter([("traits".to_owned(), Value::Object(traits))]);
            let traits = self.traits(Some(&name), &mut object);
            read.push(EnumValue { name, value: value.to_owned(), traits });
        }
        read
    }

    fn operation(&mut self, object: &Object) -> Operation {
        let unit = || ShapeId::prelude("Unit");
        Operation {
            input: self.reference(object, "input").unwrap_or_else(unit),
            output: self.reference(object, "output").unwrap_or_else(unit),
            errors: self.references(object, "errors"),
        }
    }

    fn resource(&mut self, object: &Object) -> Resource {
        let lifecycle = ["create", "put", "read", "update", "delete", "list"];
        let mut operations: Vec<_> = lifecycle.iter().filter_map(|key| self.reference(object, key)).collect();
        operations.extend(self.references(object, "operations"));
        operations.extend(self.references(object, "collectionOperations"));
        Resource { operations, resources: self.references(object, "resources") }
    }

    fn service(&mut self, object: &mut Object) -> Service {
        let mut rename = BTreeMap::new();
        for (from, to) in self.object(object, "rename") {
            match (ShapeId::parse(&from), to) {
                (Some(from), Value::String(to)) if is_identifier(&to) => drop(rename.insert(from, to)),
                (_, to) => self.fault(format!("renames {from:?} to {}: expected an id and a name", brief(&to))),
            }
        }
        Service {
            version: object.get("version").and_then(Value::as_str).unwrap_or_default().to_owned(),
            operations: self.references(object, "operations"),
            resources: self.references(object, "resources"),
            errors: self.references(object, "errors"),
            rename,
        }
    }

    /// `{ "target": id }`; absent is fine.
    fn reference(&mut self, object: &Object, key: &str) -> Option<ShapeId> {
        let value = object.get(key)?;
        let id = value.get("target").and_then(Value::as_str).and_then(ShapeId::parse);
        if id.is_none() {
            self.fault(format!("has a bad `{key}`: {}", expected("{\"target\": id}", value)));
        }
        id
    }

    /// A list of `{ "target": id }`; absent is empty.
    fn references(&mut self, object: &Object, key: &str) -> Vec<ShapeId> {
        match object.get(key) {
            None => Vec::new(),
            Some(Value::Array(entries)) => {
                let wrap = |entry: &Value| Object::from_iter([(key.to_owned(), entry.clone())]);
                entries.iter().filter_map(|entry| self.reference(&wrap(entry), key)).collect()
            }
            Some(other) => {
                self.fault(format!("has bad `{key}`: {}", expected("a list", other)));
                Vec::new()
            }
        }
    }

    fn traits(&mut self, member: Option<&str>, object: &mut Object) -> Traits {
        let values = match object.remove("traits") {
            None => Object::new(),
            Some(Value::Object(values)) => values,
            Some(other) => {
                self.place_fault(member, format!("has bad `traits`: {}", expected("an object", &other)));
                Object::new()
            }
        };
        let (traits, faults) = Traits::checked(values);
        for (trait_id, reason) in faults {
            self.trait_fault(member, &trait_id, &reason);
        }
        traits
    }

    /// An object; absent is empty.
    fn object(&mut self, object: &mut Object, key: &str) -> Object {
        match object.remove(key) {
            None => Object::new(),
            Some(Value::Object(found)) => found,
            Some(other) => {
                self.fault(format!("has bad `{key}`: {}", expected("an object", &other)));
                Object::new()
            }
        }
    }

    fn fault(&mut self, reason: impl Into<String>) {
        self.faults.shape(self.id, reason);
    }

    fn member_fault(&mut self, member: &str, reason: impl Into<String>) {
        self.faults.shape(self.id.member(member), reason);
    }

    fn place_fault(&mut self, member: Option<&str>, reason: String) {
        match member {
            Some(member) => self.member_fault(member, reason),
            None => self.fault(reason),
        }
    }

    fn trait_fault(&mut self, member: Option<&str>, trait_id: &str, reason: &str) {
        match member {
            Some(member) => self.faults.of_trait(self.id.member(member), trait_id, reason),
            None => self.faults.of_trait(self.id, trait_id, reason),
        }
    }
}

fn expected(what: &str, found: &Value) -> String {
    format!("expected {what}, found {}", brief(found))
}

/// A name for a value that has none: `_` for each character that cannot stand in a name, and before a digit.
fn name_of(value: &str) -> String {
    let name: String = value.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("_{name}") } else { name }
}
