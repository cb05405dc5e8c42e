//! HTTP bindings (Smithy's `http*` traits): members in the path, the query, headers, the status code and the body,
//! around whatever codec writes the document in the body.

mod list;
mod request;
mod response;
mod uri;

pub(crate) use request::write_request;
pub(crate) use response::read_response;
pub(crate) use uri::expand_host;

use super::{ReadError, WriteError};
use crate::wire::{Reader, Writer};

/// Where the requests of an operation go.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// What stands before the host of the endpoint, with labels in braces; empty for nearly all.
    pub host_prefix: &'static str,
    /// The path, with labels in braces (`{Name}`, greedy `{Key+}`), and constant query pairs behind `?`.
    pub uri: &'static str,
}

/// A codec that writes the document of a body.
pub(crate) trait DocumentWriter: Writer<Error = WriteError> + Default {
    /// What its documents are, as a content type.
    const MEDIA_TYPE: &'static str;

    /// Begins the structure whose members follow one by one.
    fn open(&mut self);
    /// Ends it.
    fn close(&mut self);
    /// The document.
    fn into_bytes(self) -> Vec<u8>;
}

/// Reads the value that a document is. What is around the value is compiled once for all shapes, and is told this.
pub(crate) type ReadDocument<'r, D> = dyn FnMut(&mut D) -> Result<(), ReadError> + 'r;

/// A codec that reads the document in a body.
pub(crate) trait DocumentReader<'a>: Reader<Error = ReadError> {
    /// What its documents are, as a content type.
    const MEDIA_TYPE: &'static str;

    /// Reads the document that is the body, and checks that nothing follows it.
    fn read_body(body: &'a [u8], read: &mut ReadDocument<'_, Self>) -> Result<(), ReadError>;
}
