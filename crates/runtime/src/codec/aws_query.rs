//! The protocol awsQuery: form parameters to the service, XML back.

use super::query::QueryWriter;
use super::rest::expand_host;
use super::xml::XmlReader;
use super::{ReadError, WriteError};
use crate::error::{ErrorMetadata, RequestId};
use crate::http::{Request, Response};
use crate::operation::{Meta, Protocol};
use crate::random::Random;
use crate::wire::{ELEMENT, Reader, Wire};

/// Form bodies with `Action` and `Version`, and XML in answers (`aws.protocols#awsQuery`).
#[derive(Clone, Copy, Debug)]
pub struct AwsQuery;

impl Protocol for AwsQuery {
    fn write_request<T: Wire>(meta: &Meta, input: &T, random: &dyn Random) -> Result<Request, WriteError> {
        let mut writer = QueryWriter::new(random);
        writer.parameter("Action", meta.name);
        writer.parameter("Version", meta.service.version);
        input.write_members(&mut writer)?;
        request(meta, writer)
    }

    fn read_response<T: Wire>(response: &Response) -> Result<T, ReadError> {
        read_output(response.bytes())
    }

    fn read_error<T: Wire>(response: &Response) -> Result<T, ReadError> {
        read_error(response.bytes())
    }

    fn error_metadata(response: &Response) -> ErrorMetadata {
        let error = error_document(response.bytes());
        let meta = ErrorMetadata::of(response, error.code, error.message);
        match (response.request_id(), error.request_id) {
            (None, Some(id)) => meta.into_builder().custom("aws_request_id", id).build(),
            _ => meta,
        }
    }
}

/// The request that carries these parameters.
fn request(meta: &Meta, parameters: QueryWriter<'_>) -> Result<Request, WriteError> {
    let (body, host_labels) = parameters.finish();
    let origin = expand_host(meta.host_prefix, &host_labels)?;
    let path = meta.uri.to_owned();
    let mut request =
        Request { method: meta.method, origin, path, body: body.into_bytes().into(), ..Request::default() };
    request.headers.insert("content-type", "application/x-www-form-urlencoded");
    Ok(request)
}

/// Reads the element that the reader stands in, whatever shape it is.
type ReadElement<'r> = dyn FnMut(&mut XmlReader<'_>) -> Result<(), ReadError> + 'r;

/// Reads an output: `<ActionResponse><ActionResult>members</ActionResult>…</ActionResponse>`.
///
/// No bytes at all, and a response without a result, have no members.
fn read_output<T: Wire>(body: &[u8]) -> Result<T, ReadError> {
    let mut output = T::default();
    if !body.is_empty() && !T::MEMBERS.is_empty() {
        within_result(body, &mut |reader| reader.structure(&ELEMENT, &mut output))?;
    }
    Ok(output)
}

/// Goes into the result, if there is one, and reads it.
fn within_result(body: &[u8], read: &mut ReadElement<'_>) -> Result<(), ReadError> {
    let mut reader = XmlReader::new(body)?;
    if !reader.name().ends_with("Response") {
        return Err(reader.unexpected("an element whose name ends with `Response`"));
    }
    if reader.enter(|name| name.ends_with("Result"))? {
        read(&mut reader)?;
    }
    reader.finish()
}

/// Reads the members of a modelled error: `<ErrorResponse><Error>members</Error>…</ErrorResponse>`.
fn read_error<T: Wire>(body: &[u8]) -> Result<T, ReadError> {
    let mut error = T::default();
    within_error(body, &mut |reader| reader.structure(&ELEMENT, &mut error))?;
    Ok(error)
}

/// Goes into the error, and reads it.
fn within_error(body: &[u8], read: &mut ReadElement<'_>) -> Result<(), ReadError> {
    let mut reader = XmlReader::new(body)?;
    if !find_error(&mut reader)? {
        return Err(reader.unexpected("an error document with an element `Error`"));
    }
    read(&mut reader)?;
    reader.finish()
}

/// Goes from the root into the element that holds the error. Beside the root that the protocol has, older services send
/// `<Response><Errors><Error>`, and some the `<Error>` alone.
fn find_error(reader: &mut XmlReader<'_>) -> Result<bool, ReadError> {
    match reader.name() {
        "Error" => Ok(true),
        "Response" => Ok(reader.enter(|name| name == "Errors")? && reader.enter(|name| name == "Error")?),
        _ => reader.enter(|name| name == "Error"),
    }
}

/// What the body says of the error before it stops being XML.
fn error_document(body: &[u8]) -> ErrorDocument {
    let mut error = ErrorDocument::default();
    if let Ok(mut reader) = XmlReader::new(body) {
        let _ = error.read_members(&mut reader);
    }
    error
}

#[derive(Default)]
struct ErrorDocument {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
}

impl ErrorDocument {
    /// Reads the children of the element that the reader stands in; elements around the error are gone through.
    fn read_members(&mut self, reader: &mut XmlReader<'_>) -> Result<(), ReadError> {
        while reader.enter(|_| true)? {
            let member = match reader.name() {
                "Error" | "Errors" => {
                    self.read_members(reader)?;
                    continue;
                }
                "Code" => &mut self.code,
                "Message" | "message" => &mut self.message,
                "RequestId" | "RequestID" => &mut self.request_id,
                _ => {
                    reader.skip()?;
                    continue;
                }
            };
            reader
                .text(&ELEMENT, &mut |text| *member = Some(text.trim().to_owned()).filter(|text| !text.is_empty()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
