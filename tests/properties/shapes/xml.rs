//! Shapes in XML, as a service with awsQuery writes them: the runtime reads such answers, and writes none.

use std::collections::HashMap;

use tinsmith_runtime::primitives::{Blob, DateTime, DateTimeFormat, Document};
use tinsmith_runtime::wire::{ELEMENT, Key, Member, Place, TimestampFormat, Wire, Writer};

/// The answer to an operation with this output.
pub(crate) fn write_output<T: Wire>(output: &T) -> Result<String, String> {
    let mut writer = XmlWriter(String::new());
    writer.element("AnyResponse", |w| w.element("AnyResult", |w| output.write(&ELEMENT, w)))?;
    Ok(writer.0)
}

struct XmlWriter(String);

impl XmlWriter {
    fn element(&mut self, name: &str, write: impl FnOnce(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.0 += &format!("<{name}>");
        write(self)?;
        self.0 += &format!("</{name}>");
        Ok(())
    }

    fn put(&mut self, text: &str) -> Result<(), String> {
        // A line that ends in a carriage return is read as one that ends in a line feed (XML 1.0, section 2.11).
        self.0 += &text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;");
        Ok(())
    }

    fn named(name: f64) -> Option<&'static str> {
        match name {
            f64::INFINITY => Some("Infinity"),
            f64::NEG_INFINITY => Some("-Infinity"),
            _ => None,
        }
    }
}

fn name_of(at: &'static Member, otherwise: &'static str) -> &'static str {
    if at.name.is_empty() { otherwise } else { at.name }
}

impl Writer for XmlWriter {
    type Error = String;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), String> {
        let bound = [Place::Header, Place::PrefixHeaders, Place::Payload, Place::ResponseCode];
        if value.absent() || bound.contains(&at.place) {
            return Ok(());
        }
        // The elements of a flattened list stand here themselves.
        if at.facets.flattened { value.write(at, self) } else { self.element(at.name, |w| value.write(at, w)) }
    }

    fn structure<T: Wire>(&mut self, _: &'static Member, value: &T) -> Result<(), String> {
        value.write_members(self)
    }

    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), String> {
        let name = if at.facets.flattened { at.name } else { name_of(at.element(), "member") };
        items.iter().try_for_each(|item| self.element(name, |w| item.write(at.element(), w)))
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), String> {
        let name = if at.facets.flattened { at.name } else { "entry" };
        entries.iter().try_for_each(|(key, value)| {
            self.element(name, |w| {
                w.element(name_of(at.key(), "key"), |w| w.put(key.as_ref()))?;
                w.element(name_of(at.value(), "value"), |w| value.write(at.value(), w))
            })
        })
    }

    fn null(&mut self) -> Result<(), String> {
        Err("XML has nothing for `null`".to_owned())
    }

    fn text(&mut self, _: &'static Member, text: &str) -> Result<(), String> {
        self.put(text)
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), String> {
        self.put(&value.to_string())
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), String> {
        self.put(&value.to_string())
    }

    fn single(&mut self, _: &'static Member, value: f32) -> Result<(), String> {
        self.put(Self::named(value.into()).unwrap_or(&value.to_string()))
    }

    fn float(&mut self, _: &'static Member, value: f64) -> Result<(), String> {
        self.put(Self::named(value).unwrap_or(&value.to_string()))
    }

    fn number(&mut self, _: &'static Member, digits: &str) -> Result<(), String> {
        self.put(digits)
    }

    fn blob(&mut self, _: &'static Member, value: &Blob) -> Result<(), String> {
        use base64::Engine as _;
        self.put(&base64::engine::general_purpose::STANDARD.encode(value.as_ref()))
    }

    fn timestamp(&mut self, at: &'static Member, value: &DateTime) -> Result<(), String> {
        let format = match at.timestamp {
            TimestampFormat::EpochSeconds => DateTimeFormat::EpochSeconds,
            TimestampFormat::HttpDate => DateTimeFormat::HttpDate,
            _ => DateTimeFormat::DateTime,
        };
        self.put(&value.fmt(format).map_err(|error| error.to_string())?)
    }

    fn document(&mut self, at: &'static Member, _: &Document) -> Result<(), String> {
        Err(format!("{at:?} is a document, which XML has no form for"))
    }
}
