//! The model as plain data.

use std::collections::BTreeMap;

use super::{ShapeId, Traits};

/// A model in which every id resolves.
#[derive(Clone, Debug)]
pub struct Model {
    /// What faults call its file.
    pub file: String,
    /// Every shape, those of the prelude included, sorted by id.
    pub shapes: BTreeMap<ShapeId, Shape>,
}

/// A shape.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its id.
    pub id: ShapeId,
    /// What it is.
    pub kind: ShapeKind,
    /// What is said of it.
    pub traits: Traits,
}

/// What a shape is.
#[derive(Clone, Debug)]
pub enum ShapeKind {
    /// Named members, in the order of the model.
    Structure(Vec<Member>),
    /// Exactly one of these members.
    Union(Vec<Member>),
    /// A list (or a set) of its member.
    List(Member),
    /// A map; its key is a string.
    Map {
        /// The key.
        key: Member,
        /// The value.
        value: Member,
    },
    /// A string with names for values of it (an `enum` shape, or a string with the `enum` trait).
    Enum(Vec<EnumValue>),
    /// An integer with names for values of it.
    IntEnum(Vec<IntEnumValue>),
    /// Text.
    String,
    /// Bytes.
    Blob,
    /// True or false.
    Boolean,
    /// 8 bits.
    Byte,
    /// 16 bits.
    Short,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
    /// Single precision.
    Float,
    /// Double precision.
    Double,
    /// An integer of any size.
    BigInteger,
    /// A decimal number of any size.
    BigDecimal,
    /// A point in time.
    Timestamp,
    /// Anything that JSON can say.
    Document,
    /// What a service can be asked.
    Operation(Operation),
    /// What operations of a service have in common.
    Resource(Resource),
    /// A service.
    Service(Service),
}

/// A member: of a structure or a union, or the `member` of a list, the `key` or `value` of a map.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in the model.
    pub name: String,
    /// Its shape.
    pub target: ShapeId,
    /// What is said of the member; what is said of its target stands there.
    pub traits: Traits,
}

/// A named value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its name: the model's, or for an `enum` trait without names, the value with `_` for what cannot stand in a name.
    pub name: String,
    /// Its text on the wire.
    pub value: String,
    /// What is said of it.
    pub traits: Traits,
}

/// A named value of an integer enum.
#[derive(Clone, Debug)]
pub struct IntEnumValue {
    /// Its name.
    pub name: String,
    /// Its number on the wire.
    pub value: i32,
    /// What is said of it.
    pub traits: Traits,
}

/// What a service can be asked.
#[derive(Clone, Debug)]
pub struct Operation {
    /// A structure, or `smithy.api#Unit`.
    pub input: ShapeId,
    /// A structure, or `smithy.api#Unit`.
    pub output: ShapeId,
    /// Structures with the `error` trait, in the order of the model, without those of the service.
    pub errors: Vec<ShapeId>,
}

/// What operations have in common.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Lifecycle operations (`create`, `put`, `read`, `update`, `delete`, `list`), then `operations`, then
    /// `collectionOperations`.
    pub operations: Vec<ShapeId>,
    /// Resources below this one.
    pub resources: Vec<ShapeId>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    /// The version of its API.
    pub version: String,
    /// The operations it lists itself. [`Model::operations`] has all.
    pub operations: Vec<ShapeId>,
    /// The resources below it.
    pub resources: Vec<ShapeId>,
    /// Errors that every operation can answer.
    pub errors: Vec<ShapeId>,
    /// Shapes that go by another name within this service.
    pub rename: BTreeMap<ShapeId, String>,
}

impl Shape {
    /// Its members: those of a structure or a union, of a list and of a map; none otherwise.
    pub fn members(&self) -> Vec<&Member> {
        match &self.kind {
            ShapeKind::Structure(members) | ShapeKind::Union(members) => members.iter().collect(),
            ShapeKind::List(member) => vec![member],
            ShapeKind::Map { key, value } => vec![key, value],
            _ => Vec::new(),
        }
    }
}

impl ShapeKind {
    /// The name of its type in Smithy's IDL.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Structure(_) => "structure",
            Self::Union(_) => "union",
            Self::List(_) => "list",
            Self::Map { .. } => "map",
            Self::Enum(_) => "enum",
            Self::IntEnum(_) => "intEnum",
            Self::String => "string",
            Self::Blob => "blob",
            Self::Boolean => "boolean",
            Self::Byte => "byte",
            Self::Short => "short",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::BigInteger => "bigInteger",
            Self::BigDecimal => "bigDecimal",
            Self::Timestamp => "timestamp",
            Self::Document => "document",
            Self::Operation(_) => "operation",
            Self::Resource(_) => "resource",
            Self::Service(_) => "service",
        }
    }

    /// Whether a member can be of it: all but operations, resources and services.
    pub fn is_data(&self) -> bool {
        !matches!(self, Self::Operation(_) | Self::Resource(_) | Self::Service(_))
    }
}
