//! Writes wire tables as JSON, without white space.

use std::collections::HashMap;
use std::io::Write as _;

use super::scan::plain_bytes;
use crate::codec::rest::DocumentWriter;
use crate::codec::text::{float_name, timestamp};
use crate::codec::{WriteError, sorted};
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document, Number, base64};
use crate::wire::{Key, Member, Wire, Writer};

/// Writes one document. What an absent member, element or value becomes is said at [`Writer`].
#[derive(Debug, Default)]
pub(crate) struct JsonWriter {
    out: Vec<u8>,
}

impl JsonWriter {
    fn name(&mut self, name: &str) {
        // No value ends with an opening bracket: what ends with one has no entry yet.
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        self.string(name);
        self.out.push(b':');
    }

    fn string(&mut self, text: &str) {
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some((plain, [byte, after @ ..])) = rest.split_at_checked(plain_bytes(rest)) {
            self.out.extend_from_slice(plain);
            self.escape(*byte);
            rest = after;
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let letter = match byte {
            b'"' | b'\\' => byte,
            0x8 => b'b',
            0xC => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => return self.display(format_args!("\\u{byte:04x}")),
        };
        self.out.extend_from_slice(&[b'\\', letter]);
    }

    fn display(&mut self, value: std::fmt::Arguments<'_>) {
        // Writing into a vector does not fail.
        let _ = self.out.write_fmt(value);
    }
}

impl DocumentWriter for JsonWriter {
    const MEDIA_TYPE: &'static str = "application/json";

    fn open(&mut self) {
        self.out.push(b'{');
    }

    fn close(&mut self) {
        self.out.push(b'}');
    }

    fn into_bytes(self) -> Vec<u8> {
        self.out
    }
}

impl Writer for JsonWriter {
    type Error = WriteError;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        if value.absent() {
            return Ok(());
        }
        self.name(at.name);
        value.write(at, self)
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, value: &T) -> Result<(), WriteError> {
        self.open();
        value.write_members(self)?;
        self.close();
        Ok(())
    }

    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), WriteError> {
        self.out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            item.write(at.element(), self)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), WriteError> {
        self.open();
        for (key, value) in sorted(entries) {
            self.name(key);
            value.write(at.value(), self)?;
        }
        self.close();
        Ok(())
    }

    fn null(&mut self) -> Result<(), WriteError> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn text(&mut self, _: &'static Member, text: &str) -> Result<(), WriteError> {
        self.string(text);
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), WriteError> {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), WriteError> {
        self.display(format_args!("{value}"));
        Ok(())
    }

    fn single(&mut self, at: &'static Member, value: f32) -> Result<(), WriteError> {
        if value.is_finite() {
            self.display(format_args!("{value:?}"));
            return Ok(());
        }
        self.float(at, value.into())
    }

    fn float(&mut self, _: &'static Member, value: f64) -> Result<(), WriteError> {
        match float_name(value) {
            Some(name) => self.string(name),
            // The shortest digits that give the same float; large and small ones with an exponent.
            None => self.display(format_args!("{value:?}")),
        }
        Ok(())
    }

    fn number(&mut self, _: &'static Member, digits: &str) -> Result<(), WriteError> {
        self.out.extend_from_slice(digits.as_bytes());
        Ok(())
    }

    fn blob(&mut self, _: &'static Member, value: &Blob) -> Result<(), WriteError> {
        self.string(&base64::encode(value.as_ref()));
        Ok(())
    }

    fn timestamp(&mut self, at: &'static Member, value: &DateTime) -> Result<(), WriteError> {
        let format = at.timestamp.or(DateTimeFormat::EpochSeconds);
        let text = timestamp(at, value, format)?;
        match format {
            DateTimeFormat::EpochSeconds => self.out.extend_from_slice(text.as_bytes()),
            _ => self.string(&text),
        }
        Ok(())
    }

    fn document(&mut self, at: &'static Member, value: &Document) -> Result<(), WriteError> {
        match value {
            Document::Object(entries) => self.map(at, entries),
            Document::Array(items) => self.list(at, items),
            Document::Number(Number::PosInt(number)) => {
                self.display(format_args!("{number}"));
                Ok(())
            }
            Document::Number(Number::NegInt(number)) => self.integer(at, *number),
            Document::Number(Number::Float(number)) => self.float(at, *number),
            Document::String(text) => self.text(at, text),
            Document::Bool(value) => self.boolean(at, *value),
            Document::Null => self.null(),
        }
    }
}
