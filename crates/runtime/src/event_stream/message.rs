//! A message of an event stream: headers that have types, and a payload.

use std::fmt;

use bytes::Bytes;

use crate::codec::quoted;
use crate::primitives::DateTime;

/// A message: what one frame carries.
#[derive(Clone, PartialEq)]
pub struct Message {
    headers: Vec<Header>,
    payload: Bytes,
}

impl Message {
    /// A message without headers.
    pub fn new(payload: impl Into<Bytes>) -> Self {
        Self::new_from_parts(Vec::new(), payload)
    }

    /// A message of these parts.
    pub fn new_from_parts(headers: Vec<Header>, payload: impl Into<Bytes>) -> Self {
        Self { headers, payload: payload.into() }
    }

    /// Adds a header.
    pub fn add_header(mut self, header: Header) -> Self {
        self.headers.push(header);
        self
    }

    /// The headers, in the order in which they came.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// The payload.
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }

    /// The value of the first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&HeaderValue> {
        self.headers.iter().find(|header| header.name().as_bytes() == name.as_bytes()).map(Header::value)
    }
}

/// What it is, and how much of it. What a service's own headers and payloads hold may be secret.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut message = f.debug_struct("Message");
        for header in &self.headers {
            message.field(header.name().as_str(), &format_args!("{}", header.shown()));
        }
        message.field("payload", &format_args!("{} bytes", self.payload.len())).finish()
    }
}

/// A header of a message.
#[derive(Clone, PartialEq)]
pub struct Header {
    name: StrBytes,
    value: HeaderValue,
}

impl Header {
    /// A header of this name.
    pub fn new(name: impl Into<StrBytes>, value: impl Into<HeaderValue>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// The name, in which case counts.
    pub fn name(&self) -> &StrBytes {
        &self.name
    }

    /// The value.
    pub fn value(&self) -> &HeaderValue {
        &self.value
    }

    /// The value as it may be shown: the text of a header whose name begins with a colon, as the protocol's own do, which
    /// say what a message is; and of any other only what it is.
    fn shown(&self) -> String {
        match &self.value {
            HeaderValue::String(text) if self.name.as_bytes().starts_with(b":") => quoted(text.as_str()),
            other => other.describe().to_owned(),
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field(self.name.as_str(), &format_args!("{}", self.shown())).finish()
    }
}

/// The value of a header, of one of the types that frames know.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum HeaderValue {
    /// A boolean.
    Bool(bool),
    /// An integer of 8 bits.
    Byte(i8),
    /// An integer of 16 bits.
    Int16(i16),
    /// An integer of 32 bits.
    Int32(i32),
    /// An integer of 64 bits.
    Int64(i64),
    /// Bytes.
    ByteArray(Bytes),
    /// Text.
    String(StrBytes),
    /// A point in time, to the millisecond.
    Timestamp(DateTime),
    /// A UUID.
    Uuid(u128),
}

/// What it is, and not what it holds, which may be secret.
impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

macro_rules! held {
    ($($method:ident -> $of:ty = $variant:ident |$value:ident| $shown:expr;)*) => {$(
        #[doc = concat!("What [`", stringify!($variant), "`](Self::", stringify!($variant), ") holds.")]
        ///
        /// # Errors
        ///
        /// It is of another type, and comes back.
        pub fn $method(&self) -> Result<$of, &Self> {
            match self {
                Self::$variant($value) => Ok($shown),
                _ => Err(self),
            }
        }
    )*};
}

impl HeaderValue {
    held! {
        as_bool -> bool = Bool |value| *value;
        as_byte -> i8 = Byte |value| *value;
        as_int16 -> i16 = Int16 |value| *value;
        as_int32 -> i32 = Int32 |value| *value;
        as_int64 -> i64 = Int64 |value| *value;
        as_byte_array -> &Bytes = ByteArray |value| value;
        as_string -> &StrBytes = String |value| value;
        as_timestamp -> DateTime = Timestamp |value| *value;
        as_uuid -> u128 = Uuid |value| *value;
    }

    /// What it is, for an error.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Self::Bool(_) => "a boolean",
            Self::Byte(_) => "an integer of 8 bits",
            Self::Int16(_) => "an integer of 16 bits",
            Self::Int32(_) => "an integer of 32 bits",
            Self::Int64(_) => "an integer of 64 bits",
            Self::ByteArray(_) => "bytes",
            Self::String(_) => "text",
            Self::Timestamp(_) => "a point in time",
            Self::Uuid(_) => "a UUID",
        }
    }
}

/// Text that shares its bytes with the frame it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct StrBytes(Bytes);

/// How much it is; the text itself may be secret.
impl fmt::Debug for StrBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of text", self.0.len())
    }
}

impl StrBytes {
    /// The bytes.
    pub fn as_bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // It was checked when it was made: to look again is the price of no `unsafe`.
        str::from_utf8(&self.0).unwrap_or_default()
    }

    /// A copy of some text.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    pub fn try_copy_from_slice(slice: &[u8]) -> Result<Self, std::str::Utf8Error> {
        str::from_utf8(slice).map(|text| Self::from(text.to_owned()))
    }
}

impl TryFrom<Bytes> for StrBytes {
    type Error = std::str::Utf8Error;

    fn try_from(bytes: Bytes) -> Result<Self, Self::Error> {
        str::from_utf8(&bytes)?;
        Ok(Self(bytes))
    }
}

impl From<String> for StrBytes {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&'static str> for StrBytes {
    fn from(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }
}

/// What came, for an error: a message, or what was no message.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum RawMessage {
    /// A message that means something else than was expected.
    Decoded(Message),
    /// No message: the bytes, where they are few enough to be kept.
    Invalid(Option<Bytes>),
}

/// What it is, and how much of it.
impl fmt::Debug for RawMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decoded(message) => message.fmt(f),
            Self::Invalid(Some(bytes)) => write!(f, "{} bytes that are no message", bytes.len()),
            Self::Invalid(None) => f.write_str("no message"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        let check = |shown: &dyn fmt::Debug, expected: &str| assert_eq!(format!("{shown:?}"), expected);
        let secret = || HeaderValue::String("secret".into());
        let own = || Header::new(":event-type", HeaderValue::String("Chunk".into()));
        check(&StrBytes::from("secret"), "6 bytes of text");
        check(&secret(), "text");
        check(&HeaderValue::Int64(42), "an integer of 64 bits");
        check(&HeaderValue::ByteArray(Bytes::from_static(b"secret")), "bytes");
        check(&Header::new("pin", secret()), "Header { pin: text }");
        check(&own(), "Header { :event-type: \"Chunk\" }");
        let message = Message::new("secret").add_header(own()).add_header(Header::new("pin", HeaderValue::Byte(7)));
        let shown = "Message { :event-type: \"Chunk\", pin: an integer of 8 bits, payload: 6 bytes }";
        check(&message, shown);
        check(&RawMessage::Decoded(message), shown);
        check(&RawMessage::Invalid(Some(Bytes::from_static(b"secret"))), "6 bytes that are no message");
        check(&RawMessage::Invalid(None), "no message");
    }
}
