//! Shapes and their members.

use super::{Element, Entry, ErrorCase, Named, Protocol, Type};

pub use crate::smithy::TimestampFormat;

/// Markdown, one paragraph.
pub type Docs = String;

/// That something should no longer be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// What to use in its place, or why: a line.
    pub note: Option<String>,
    /// The date or the version from which on.
    pub since: Option<String>,
}

/// A structure or a union.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// All of its members.
    Structure(Structure),
    /// Exactly one of its members.
    Union(Union),
}

/// A structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    /// Its type.
    pub name: String,
    /// What it is.
    pub docs: Docs,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Its fields, in the order of the model.
    pub fields: Vec<Field>,
    /// Whether `Clone` and `PartialEq` are derived: no field is a stream.
    pub derives_clone: bool,
    /// Whether `Default` is derived: each field begins as its type does, none as the model says.
    pub derives_default: bool,
    /// Whether `Debug` is derived: no field is sensitive.
    pub derives_debug: bool,
    /// Its builder.
    pub builder: Builder,
}

/// The builder of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builder {
    /// Its type.
    pub name: String,
    /// Whether building fails where a required member is missing.
    pub fallible: bool,
}

/// An error: a structure, and what its operation must know.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorShape {
    /// Its members.
    pub structure: Structure,
    /// How its field `message` holds text, if it has one.
    pub message: Option<Message>,
    /// Whether that text never appears in logs.
    pub is_secret: bool,
}

/// How an error holds its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// As text that may be missing.
    Optional,
    /// As text.
    Always,
}

/// A field of a structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, which is also the accessor's and the setter's.
    pub name: String,
    /// What it is.
    pub docs: Docs,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// What it holds.
    pub of: Type,
    /// Whether a `Box` stands around it, because its type holds itself.
    pub boxed: bool,
    /// Whether it may be missing.
    pub presence: Presence,
    /// Whether what it holds never appears in logs.
    pub sensitive: bool,
    /// What the accessor shows.
    pub shown: Shown,
    /// The setters of the builder.
    pub setter: Setter,
    /// How it travels.
    pub member: Member,
}

/// Whether a field may be missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// It is an `Option`.
    Optional,
    /// It is always there; whoever builds it must give it.
    Required,
    /// It is always there, and begins as its type does, or with this value.
    Defaulted(Option<Value>),
}

/// A value that a field begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
    /// A value of an enum.
    Enum(Named, String),
    /// Bytes.
    Blob(Vec<u8>),
    /// The digits of a number of any size.
    Digits(String),
    /// Whole seconds since 1970, and the nanoseconds after those.
    Timestamp(i64, u32),
    /// What a document says.
    Document(DocumentValue),
}

/// A value of a document. Lists and maps are empty.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentValue {
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
    /// An empty list.
    List,
    /// An empty map.
    Map,
}

/// What an accessor shows. Where the field is an `Option`, so is what is shown, but for slices.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// `&str`
    Text,
    /// The value itself.
    Copied,
    /// A reference to the value.
    Borrowed,
    /// A slice; empty where the list is missing.
    Slice(Element),
}

/// The setters of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Setter {
    /// The one that takes the whole value, or clears it: `set_marker`.
    pub set: String,
    /// What the other one takes.
    pub given: Given,
}

/// What a setter takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// The value.
    Value,
    /// An element, to be added.
    Element(Element),
    /// A key and this value, to be added.
    Entry(Entry),
}

/// How a member travels.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Where.
    pub place: Place,
    /// Its name there; empty where it has none.
    pub name: String,
    /// The name that the model gives it, where that is another.
    pub called: Option<String>,
    /// The format of a timestamp, where it is not what the protocol has for the place.
    pub timestamp: Option<TimestampFormat>,
    /// What text or bytes are, where they travel outside the document and the model says it.
    pub media_type: Option<String>,
    /// Whether a request says a fresh UUID where the caller gives nothing.
    pub is_token: bool,
    /// Whether the prefix of the host has a label of its name.
    pub is_host_label: bool,
    /// Whether the elements of the list, or the entries of the map, stand in the structure itself.
    pub flattened: bool,
    /// Whether it is an attribute of the element of its structure.
    pub attribute: bool,
    /// Whether an answer without it is none.
    pub is_required: bool,
    /// The element of a list, or key and value of a map, where more is to be said of them.
    pub inner: Vec<Member>,
}

/// Where a member travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the document that is the body.
    Body,
    /// In the query, under its name.
    Query,
    /// In the query: every entry of a map.
    QueryParams,
    /// In a header of its name.
    Header,
    /// In headers: every entry of a map, the name before its key.
    PrefixHeaders,
    /// In the path, at the label of its name.
    Label,
    /// It is the body.
    Payload,
    /// It is the status code.
    ResponseCode,
    /// In a header of its event.
    EventHeader,
    /// It is the payload of its event.
    EventPayload,
}

/// A union.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// Its type.
    pub name: String,
    /// What it is.
    pub docs: Docs,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Its variants, in the order of the model.
    pub variants: Vec<UnionVariant>,
    /// What more there is to it where its members are the events of a stream.
    pub events: Option<Events>,
}

/// What a stream of events has beside them.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    /// The enum of its exceptions, which stands beside the union.
    pub error: String,
    /// The exceptions, in the order of the model, each with its name in the union.
    pub exceptions: Vec<ErrorCase>,
    /// How all of them travel.
    pub protocol: Protocol,
}

/// A variant of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// Its name.
    pub name: String,
    /// What it is.
    pub docs: Docs,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// What it holds, if anything.
    pub of: Option<Type>,
    /// Whether a `Box` stands around that.
    pub boxed: bool,
    /// Whether that never appears in logs.
    pub sensitive: bool,
    /// The method that asks for it: `is_text`.
    pub is: String,
    /// The method that shows what it holds: `as_text`.
    pub shown: String,
    /// How it travels.
    pub member: Member,
}

/// An open enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// Its type.
    pub name: String,
    /// What it is.
    pub docs: Docs,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Whether its values never appear in logs.
    pub sensitive: bool,
    /// Its values, by name.
    pub variants: Vec<Variant>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: String,
    /// What it means, where the model says so.
    pub docs: Option<Docs>,
    /// What the model says where it should no longer be used.
    pub deprecated: Option<Deprecated>,
    /// Its text on the wire.
    pub value: String,
}
