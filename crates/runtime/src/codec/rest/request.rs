//! Writes an operation's input into a request: each member to its place.

use std::collections::HashMap;

use super::uri::{self, Query};
use super::{DocumentWriter, Route, list};
use crate::codec::text::{float, single, timestamp};
use crate::codec::{WriteError, sorted};
use crate::http::{Headers, Request, check_header};
use crate::primitives::{Blob, DateTime, DateTimeFormat, Document, base64};
use crate::random::{self, Random};
use crate::wire::{ELEMENT, Key, Member, Place, Wire, Writer};

/// Writes a request that has of its origin only what the operation puts before the host.
///
/// There is a document in the body if the table has a member for one, even if none is set (then it is empty). The
/// content type is that of what is in the body, unless a header member of the input says it. Text with a media type is
/// base64 in a header (Smithy, mediaType).
pub(crate) fn write_request<D: DocumentWriter, T: Wire>(
    route: Route,
    input: &T,
    random: &dyn Random,
) -> Result<Request, WriteError> {
    let mut writer = RequestWriter::<D>::new(T::MEMBERS.iter().any(in_document), random);
    input.write_members(&mut writer)?;
    writer.finish(route)
}

/// Whether a member of an input goes into the document. A status code is bound in outputs alone.
fn in_document(member: &Member) -> bool {
    matches!(member.place, Place::Body | Place::ResponseCode)
}

struct RequestWriter<'a, D> {
    parts: Parts<'a>,
    /// An open structure that takes the members of the body.
    document: Option<D>,
}

/// What is written outside the document, whatever codec writes that one: it is compiled once for all of them.
struct Parts<'a> {
    /// What idempotency tokens are made of.
    random: &'a dyn Random,
    /// The member at hand.
    at: &'static Member,
    /// Whether it is written for the prefix of the host.
    is_host_label: bool,
    /// The name of its entry at hand, if it is a map.
    key: String,
    /// Its values so far, if it is a list in a header.
    values: Option<Vec<String>>,
    labels: Vec<(&'static str, String)>,
    query: Query,
    headers: Headers,
    /// Entries of maps, which give way to members of their own.
    query_params: Vec<(String, String)>,
    prefix_headers: Vec<(String, String)>,
    /// The body, with its content type: the member that is it, or the document.
    body: Option<(&'static str, Vec<u8>)>,
}

impl<'a, D: DocumentWriter> RequestWriter<'a, D> {
    fn new(document: bool, random: &'a dyn Random) -> Self {
        let document = document.then(|| {
            let mut document = D::default();
            document.open();
            document
        });
        Self { parts: Parts::new(random), document }
    }

    fn finish(mut self, route: Route) -> Result<Request, WriteError> {
        if let (Some(mut document), None) = (self.document, &self.parts.body) {
            document.close();
            self.parts.body = Some((D::MEDIA_TYPE, document.into_bytes()));
        }
        self.parts.finish(route)
    }

    /// Makes a document of its own the body.
    fn payload(&mut self, write: &mut dyn FnMut(&mut D) -> Result<(), WriteError>) -> Result<(), WriteError> {
        let mut document = D::default();
        write(&mut document)?;
        self.parts.body = Some((D::MEDIA_TYPE, document.into_bytes()));
        Ok(())
    }
}

impl<'a> Parts<'a> {
    fn new(random: &'a dyn Random) -> Self {
        Self {
            random,
            at: &ELEMENT,
            is_host_label: false,
            key: String::new(),
            values: None,
            labels: Vec::new(),
            query: Query::default(),
            headers: Headers::new(),
            query_params: Vec::new(),
            prefix_headers: Vec::new(),
            body: None,
        }
    }

    fn finish(mut self, route: Route) -> Result<Request, WriteError> {
        let (path, constant) = uri::expand(route.uri, &self.labels)?;
        let origin = uri::expand_host(route.host_prefix, &self.labels)?;
        let mut query = Query::default();
        query.push_constant(constant);
        query.push_constant(&self.query.into_string());
        // A list in a map is several pairs of one key: only what was there before the map has precedence over it.
        let params: Vec<_> = self.query_params.iter().filter(|(key, _)| !query.has(key)).collect();
        for (key, value) in params {
            query.push(key, value);
        }
        for (name, value) in self.prefix_headers {
            if self.headers.get(&name).is_none() {
                self.headers.insert(name, value);
            }
        }
        let (content_type, body) = self.body.unzip();
        if let Some(content_type) = content_type.filter(|_| self.headers.get("content-type").is_none()) {
            self.headers.insert("content-type", content_type);
        }
        let (query, body) = (query.into_string(), body.unwrap_or_default().into());
        Ok(Request { method: route.method, origin, path, query, headers: self.headers, body })
    }

    /// Puts a value to the place of the member at hand.
    fn put(&mut self, value: String) -> Result<(), WriteError> {
        match self.at.place {
            _ if self.is_host_label => self.labels.push((self.at.name, value)),
            Place::Label => self.labels.push((self.at.name, value)),
            Place::Query => self.query.push(self.at.name, &value),
            Place::QueryParams => self.query_params.push((self.key.clone(), value)),
            Place::Header => match &mut self.values {
                Some(values) => values.push(value),
                None => self.header(value)?,
            },
            Place::PrefixHeaders => {
                let name = format!("{}{}", self.at.name, self.key);
                check_header(&name, &value).map_err(|reason| WriteError::new(name.clone(), reason))?;
                self.prefix_headers.push((name, value));
            }
            Place::Payload => self.body = Some((self.media_type("text/plain"), value.into_bytes())),
            _ => return Err(misplaced(self.at)),
        }
        Ok(())
    }

    /// What the member at hand is as a body.
    fn media_type(&self, default: &'static str) -> &'static str {
        self.at.facets.media_type.unwrap_or(default)
    }

    fn header(&mut self, value: String) -> Result<(), WriteError> {
        check_header(self.at.name, &value).map_err(|reason| WriteError::new(self.at.name, reason))?;
        self.headers.insert(self.at.name, value);
        Ok(())
    }
}

/// No valid model binds such a value there.
fn misplaced(at: &'static Member) -> WriteError {
    WriteError::new(at.name, "has a value that cannot travel where the model puts it")
}

impl<D: DocumentWriter> Writer for RequestWriter<'_, D> {
    type Error = WriteError;

    fn member<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        if at.facets.idempotency_token && value.absent() {
            return self.member(at, &random::uuid(self.parts.random));
        }
        if at.facets.host_label && !value.absent() {
            self.parts.at = at;
            self.parts.is_host_label = true;
            value.write(at, self)?;
            self.parts.is_host_label = false;
        }
        if in_document(at) {
            return self.document.as_mut().map_or(Err(misplaced(at)), |document| document.member(at, value));
        }
        self.parts.at = at;
        if !value.absent() {
            return value.write(at, self);
        }
        // A structure that is the body is empty where it is absent; a union cannot be.
        if at.place == Place::Payload && !T::MEMBERS.is_empty() && !T::UNION {
            return self.payload(&mut |document| {
                document.open();
                document.close();
                Ok(())
            });
        }
        Ok(())
    }

    fn structure<T: Wire>(&mut self, at: &'static Member, value: &T) -> Result<(), WriteError> {
        match self.parts.at.place {
            Place::Payload => self.payload(&mut |document| document.structure(at, value)),
            _ => Err(misplaced(self.parts.at)),
        }
    }

    fn list<T: Wire>(&mut self, at: &'static Member, items: &[T]) -> Result<(), WriteError> {
        if self.parts.at.place == Place::Payload {
            return self.payload(&mut |document| document.list(at, items));
        }
        if self.parts.at.place == Place::Header {
            self.parts.values = Some(Vec::new());
        }
        for item in items {
            item.write(at.element(), self)?;
        }
        match self.parts.values.take() {
            Some(values) => self.parts.header(values.join(", ")),
            None => Ok(()),
        }
    }

    fn map<K: Key, T: Wire>(&mut self, at: &'static Member, entries: &HashMap<K, T>) -> Result<(), WriteError> {
        match self.parts.at.place {
            Place::Payload => return self.payload(&mut |document| document.map(at, entries)),
            Place::QueryParams | Place::PrefixHeaders => {}
            _ => return Err(misplaced(self.parts.at)),
        }
        for (key, value) in sorted(entries) {
            key.clone_into(&mut self.parts.key);
            value.write(at.value(), self)?;
        }
        Ok(())
    }

    /// Outside documents nothing stands for what is absent.
    fn null(&mut self) -> Result<(), WriteError> {
        Ok(())
    }

    fn text(&mut self, at: &'static Member, text: &str) -> Result<(), WriteError> {
        if self.parts.at.place == Place::Header && at.facets.media_type.is_some() {
            return self.parts.put(base64::encode(text.as_bytes()));
        }
        let quoted = self.parts.values.is_some();
        self.parts.put(if quoted { list::quote(text).into_owned() } else { text.to_owned() })
    }

    fn boolean(&mut self, _: &'static Member, value: bool) -> Result<(), WriteError> {
        self.parts.put(value.to_string())
    }

    fn integer(&mut self, _: &'static Member, value: i64) -> Result<(), WriteError> {
        self.parts.put(value.to_string())
    }

    fn single(&mut self, _: &'static Member, value: f32) -> Result<(), WriteError> {
        self.parts.put(single(value))
    }

    fn float(&mut self, _: &'static Member, value: f64) -> Result<(), WriteError> {
        self.parts.put(float(value))
    }

    fn number(&mut self, _: &'static Member, digits: &str) -> Result<(), WriteError> {
        self.parts.put(digits.to_owned())
    }

    fn blob(&mut self, _: &'static Member, value: &Blob) -> Result<(), WriteError> {
        if self.parts.at.place == Place::Payload {
            self.parts.body = Some((self.parts.media_type("application/octet-stream"), value.as_ref().to_vec()));
            return Ok(());
        }
        self.parts.put(base64::encode(value.as_ref()))
    }

    fn timestamp(&mut self, at: &'static Member, value: &DateTime) -> Result<(), WriteError> {
        let default = match self.parts.at.place {
            Place::Header | Place::PrefixHeaders => DateTimeFormat::HttpDate,
            _ => DateTimeFormat::DateTime,
        };
        self.parts.put(timestamp(self.parts.at, value, at.timestamp.or(default))?)
    }

    fn document(&mut self, at: &'static Member, value: &Document) -> Result<(), WriteError> {
        match self.parts.at.place {
            Place::Payload => self.payload(&mut |document| document.document(at, value)),
            _ => Err(misplaced(self.parts.at)),
        }
    }
}
