//! Writes wire tables as form parameters: `Filters.member.1.Name=a&Filters.member.1.Values.member.1=b`.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::codec::text::{float, single, timestamp};
use crate::codec::{WriteError, sorted};
use crate::http::percent::{Plain, push_encoded};
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document, base64};
use crate::random::{self, Random};
use crate::wire::{Key, Member, Wire, Writer};

/// Writes parameters one after the other, percent-encoded. Elements of lists and entries of maps are counted from 1.
pub(crate) struct QueryWriter<'a> {
    out: String,
    /// The name of the value at hand: the names of the members that lead to it, with dots.
    path: String,
    /// What idempotency tokens are made of.
    random: &'a dyn Random,
    /// The member at hand, if its text is a part of the host too.
    host_label: Option<&'static str>,
    host_labels: Vec<(&'static str, String)>,
}

impl<'a> QueryWriter<'a> {
    pub(crate) fn new(random: &'a dyn Random) -> Self {
        Self { out: String::new(), path: String::new(), random, host_label: None, host_labels: Vec::new() }
    }

    /// The parameters, and what members say of the host.
    pub(crate) fn finish(self) -> (String, Vec<(&'static str, String)>) {
        (self.out, self.host_labels)
    }

    /// Writes a parameter that is no member.
    pub(crate) fn parameter(&mut self, name: &str, value: &str) {
        self.within(name, |w| w.put(value));
    }

    /// Does something under a name below the one at hand; nothing is below an empty name.
    fn within<V>(&mut self, name: &str, write: impl FnOnce(&mut Self) -> V) -> V {
        let length = self.path.len();
        if !self.path.is_empty() && !name.is_empty() {
            self.path.push('.');
        }
        push_encoded(&mut self.path, name, Plain::Unreserved);
        let written = write(self);
        self.path.truncate(length);
        written
    }

    /// Writes so many values, each below its number. This is compiled once for all of them.
    fn each(
        &mut self,
        name: &str,
        count: usize,
        write: &mut dyn FnMut(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.within(name, |w| {
            let length = w.path.len();
            for number in 1..=count {
                // Writing into a string does not fail.
                let _ = write!(w.path, ".{number}");
                write(w)?;
                w.path.truncate(length);
            }
            Ok(())
        })
    }

    fn put(&mut self, value: &str) {
        if !self.out.is_empty() {
            self.out.push('&');
        }
        self.out.push_str(&self.path);
        self.out.push('=');
        push_encoded(&mut self.out, value, Plain::Unreserved);
    }
}

impl Writer for QueryWriter<'_> {
    type Error = WriteError;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        let is_of_input = self.path.is_empty();
        if value.absent() {
            let is_token = is_of_input && at.facets.idempotency_token;
            return if is_token { self.member(at, &random::uuid(self.random)) } else { Ok(()) };
        }
        self.host_label = Some(at.name).filter(|_| is_of_input && at.facets.host_label);
        self.within(at.name, |w| value.write(at, w))
    }

    /// A structure has no parameter of its own: one without members is as one that is absent.
    fn structure<T: Wire>(&mut self, _: &'static Member, value: &T) -> Result<(), WriteError> {
        value.write_members(self)
    }

    /// An empty list is a parameter without a value, which tells it from one that is absent.
    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), WriteError> {
        if items.is_empty() {
            self.put("");
        }
        let name = if at.facets.flattened { "" } else { at.element().name_or("member") };
        let mut left = items.iter();
        self.each(name, items.len(), &mut |w| left.next().map_or(Ok(()), |item| item.write(at.element(), w)))
    }

    /// An empty map is as one that is absent.
    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), WriteError> {
        let name = if at.facets.flattened { "" } else { "entry" };
        let mut left = sorted(entries).into_iter();
        self.each(name, entries.len(), &mut |w| {
            let Some((key, value)) = left.next() else { return Ok(()) };
            w.parameter(at.key().name_or("key"), key);
            w.within(at.value().name_or("value"), |w| value.write(at.value(), w))
        })
    }

    fn null(&mut self) -> Result<(), WriteError> {
        self.put("");
        Ok(())
    }

    fn text(&mut self, _: &'static Member, text: &str) -> Result<(), WriteError> {
        if let Some(label) = self.host_label.take() {
            self.host_labels.push((label, text.to_owned()));
        }
        self.put(text);
        Ok(())
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), WriteError> {
        self.put(if value { "true" } else { "false" });
        Ok(())
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), WriteError> {
        self.put(&value.to_string());
        Ok(())
    }

    fn single(&mut self, _: &'static Member, value: f32) -> Result<(), WriteError> {
        self.put(&single(value));
        Ok(())
    }

    fn float(&mut self, _: &'static Member, value: f64) -> Result<(), WriteError> {
        self.put(&float(value));
        Ok(())
    }

    fn number(&mut self, _: &'static Member, digits: &str) -> Result<(), WriteError> {
        self.put(digits);
        Ok(())
    }

    fn blob(&mut self, _: &'static Member, value: &Blob) -> Result<(), WriteError> {
        self.put(&base64::encode(value.as_ref()));
        Ok(())
    }

    fn timestamp(&mut self, at: &'static Member, value: &DateTime) -> Result<(), WriteError> {
        let text = timestamp(at, value, at.timestamp.or(DateTimeFormat::DateTime))?;
        self.put(&text);
        Ok(())
    }

    fn document(&mut self, at: &'static Member, _: &Document) -> Result<(), WriteError> {
        Err(WriteError::new(at.name, "is a document, which form parameters cannot carry"))
    }
}
