//! Writes the format: an event a line, so that a difference can be read.

use std::collections::BTreeMap;
use std::fmt::Write;

use bytes::Bytes;

use super::{Exchange, NetworkTraffic};
use crate::codec::json;
use crate::http::Headers;
use crate::primitives::base64;

impl NetworkTraffic {
    /// The recording as a file holds it.
    pub fn to_json(&self) -> String {
        let events: Vec<_> =
            self.exchanges.iter().enumerate().flat_map(|(id, exchange)| events(id, exchange)).collect();
        let docs = self.docs.as_deref().map_or_else(|| "null".to_owned(), text);
        format!("{{\"events\": [\n{}\n],\n\"docs\": {docs},\n\"version\": \"V0\"}}\n", events.join(",\n"))
    }
}

fn events(id: usize, exchange: &Exchange) -> Vec<String> {
    let action = |action: String| format!("  {{\"connection_id\": {id}, \"action\": {action}}}");
    let end = |direction| format!("{{\"Eof\": {{\"ok\": true, \"direction\": \"{direction}\"}}}}");
    let mut events = vec![format!(
        "{{\"Request\": {{\"request\": {{\"uri\": {}, \"headers\": {}, \"method\": {}}}}}}}",
        text(&exchange.uri),
        headers(&exchange.request_headers),
        text(&exchange.method)
    )];
    events.extend(data(&exchange.request_body, "Request"));
    events.push(end("Request"));
    match &exchange.response {
        Ok((status, names)) => {
            events.push(format!(
                "{{\"Response\": {{\"response\": {{\"Ok\": {{\"status\": {status}, \"version\": \"HTTP/1.1\", \
                 \"headers\": {}}}}}}}}}",
                headers(names)
            ));
            events.extend(data(&exchange.response_body, "Response"));
            events.push(end("Response"));
        }
        Err(why) => events.push(format!("{{\"Response\": {{\"response\": {{\"Err\": {}}}}}}}", text(why))),
    }
    events.into_iter().map(action).collect()
}

fn data(body: &Bytes, direction: &str) -> Option<String> {
    let data = match std::str::from_utf8(body) {
        Ok("") => return None,
        Ok(utf8) => format!("{{\"Utf8\": {}}}", text(utf8)),
        Err(_) => format!("{{\"Base64\": {}}}", text(&base64::encode(body))),
    };
    Some(format!("{{\"Data\": {{\"data\": {data}, \"direction\": \"{direction}\"}}}}"))
}

/// The values of each name together, the names in order.
fn headers(headers: &Headers) -> String {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers.iter() {
        values.entry(name.to_ascii_lowercase()).or_default().push(text(value));
    }
    let mut object = String::from("{");
    for (name, values) in values {
        let comma = if object.len() == 1 { "" } else { ", " };
        // Writing to a `String` does not fail.
        let _ = write!(object, "{comma}{}: [{}]", text(&name), values.join(", "));
    }
    object + "}"
}

fn text(text: &str) -> String {
    // Text can always be written; were it not so, the file would be seen to lack it.
    json::write(&text.to_owned()).ok().and_then(|json| String::from_utf8(json).ok()).unwrap_or_default()
}
