//! What fields hold: references to types, and to the shapes that are defined elsewhere.

/// A reference to a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `String`
    Text,
    /// `bool`
    Boolean,
    /// `i8`
    Byte,
    /// `i16`
    Short,
    /// `i32`
    Integer,
    /// `i64`
    Long,
    /// `f32`
    Float,
    /// `f64`
    Double,
    /// An integer of any size.
    BigInteger,
    /// A decimal number of any size.
    BigDecimal,
    /// Bytes.
    Blob,
    /// A point in time.
    Timestamp,
    /// Anything that JSON can say.
    Document,
    /// A `Vec`.
    List(Box<Element>),
    /// A `HashMap`.
    Map(Box<Entry>),
    /// A shape of the service.
    Named(Named),
    /// The body of a message, as it comes. It is no part of the wire table.
    Stream(Stream),
}

/// What a stream is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Bytes.
    Bytes {
        /// Whether its length has to be known before it is sent.
        requires_length: bool,
    },
    /// Events.
    Events {
        /// The union of them.
        event: Named,
        /// The enum of the exceptions among them.
        error: Named,
        /// Whether a caller sends them; else they are received.
        sent: bool,
    },
}

/// What a list or a map holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its type.
    pub of: Type,
    /// Whether it may be `null`.
    pub sparse: bool,
}

/// What a map holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The type of its keys: text, or an enum.
    pub key: Type,
    /// What it holds under each.
    pub value: Element,
}

/// A reference to a shape.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its type.
    pub name: String,
    /// Where that is defined.
    pub home: Home,
}

/// The file that defines a type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// `enums.rs`
    Enums,
    /// `types.rs`
    Types,
    /// `types/error.rs`
    Errors,
    /// The file of the operation with this module.
    Operation(String),
    /// The file of this module of `types`.
    Group(String),
    /// The file of this module of `types::error`.
    ErrorGroup(String),
}
