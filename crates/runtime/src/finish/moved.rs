//! Members that travel elsewhere than their model says: from the body into the query, and back.

use super::{Finish, Purpose};
use crate::codec::{json, sorted};
use crate::config::Config;
use crate::error::BoxError;
use crate::http::percent::{Plain, push_encoded};
use crate::http::{Body, Request};
use crate::primitives::{Document, Number};

/// Makes a presigned request a GET, the members of its document in the query: its address alone is then enough.
#[derive(Clone, Copy, Debug)]
pub struct PresignedAsGet;

impl Finish for PresignedAsGet {
    fn finish(&self, request: &mut Request, purpose: Purpose, _: &Config) -> Result<(), BoxError> {
        if purpose != Purpose::Presigning {
            return Ok(());
        }
        let document: Document = json::read(request.bytes())?;
        if let Document::Object(members) = &document {
            sorted(members).into_iter().try_for_each(|(name, value)| push(&mut request.query, name, value))?;
        }
        request.method = "GET";
        request.body = Body::empty();
        request.headers.remove("content-type");
        Ok(())
    }
}

/// Adds a member to a query, a list as a pair for each of its items.
fn push(query: &mut String, name: &str, value: &Document) -> Result<(), BoxError> {
    let text = match value {
        Document::Array(items) => return items.iter().try_for_each(|item| push(query, name, item)),
        Document::String(text) => text.clone(),
        Document::Bool(value) => value.to_string(),
        Document::Number(Number::PosInt(value)) => value.to_string(),
        Document::Number(Number::NegInt(value)) => value.to_string(),
        Document::Number(Number::Float(value)) => value.to_string(),
        Document::Null => return Ok(()),
        Document::Object(_) => {
            return Err(format!("{name} is a structure or a map, which no presigned address can hold").into());
        }
    };
    if !query.is_empty() {
        query.push('&');
    }
    push_encoded(query, name, Plain::Unreserved);
    query.push('=');
    push_encoded(query, &text, Plain::Unreserved);
    Ok(())
}

/// Sends a GET as a POST, its query as a form: an address has less room than a body.
#[derive(Clone, Copy, Debug)]
pub struct QueryAsForm;

impl Finish for QueryAsForm {
    fn finish(&self, request: &mut Request, purpose: Purpose, _: &Config) -> Result<(), BoxError> {
        if purpose == Purpose::Sending && request.method == "GET" && !request.query.is_empty() {
            request.method = "POST";
            request.body = std::mem::take(&mut request.query).into_bytes().into();
            request.headers.insert("content-type", "application/x-www-form-urlencoded");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(step: &dyn Finish, method: &'static str, query: &str, body: &str, purpose: Purpose) -> Request {
        let body = body.as_bytes().to_vec().into();
        let mut request = Request { method, query: query.to_owned(), body, ..Request::default() };
        request.headers.insert("content-type", "given");
        step.finish(&mut request, purpose, &Config::builder().build()).unwrap();
        request
    }

    #[test]
    fn a_presigned_document_travels_in_the_query() {
        let body = r#"{"Text": "a b&c", "N": [1, -2, 0.5], "Flag": true, "Nothing": null}"#;
        let request = finished(&PresignedAsGet, "POST", "a=b", body, Purpose::Presigning);
        assert_eq!((request.method, request.bytes().len(), request.headers.len()), ("GET", 0, 0));
        assert_eq!(request.query, "a=b&Flag=true&N=1&N=-2&N=0.5&Text=a%20b%26c");
        let request = finished(&PresignedAsGet, "POST", "a=b", body, Purpose::Sending);
        assert_eq!((request.method, request.query.as_str(), request.bytes().len()), ("POST", "a=b", body.len()));
        let mut nested = Request { body: b"{\"A\": {}}".to_vec().into(), ..Request::default() };
        let error = PresignedAsGet.finish(&mut nested, Purpose::Presigning, &Config::builder().build()).unwrap_err();
        assert_eq!(error.to_string(), "A is a structure or a map, which no presigned address can hold");
    }

    #[test]
    fn a_query_travels_as_a_form() {
        let request = finished(&QueryAsForm, "GET", "a=b%20c", "", Purpose::Sending);
        assert_eq!((request.method, request.query.as_str(), request.bytes()), ("POST", "", &b"a=b%20c"[..]));
        assert_eq!(request.headers.get("content-type"), Some("application/x-www-form-urlencoded"));
        for (method, query, purpose) in
            [("GET", "", Purpose::Sending), ("POST", "a=b", Purpose::Sending), ("GET", "a=b", Purpose::Presigning)]
        {
            let request = finished(&QueryAsForm, method, query, "", purpose);
            assert_eq!((request.method, request.query.as_str(), request.bytes().len()), (method, query, 0));
        }
    }
}
