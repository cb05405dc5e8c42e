//! The frames of `application/vnd.amazon.eventstream`, written from its specification.

/// The media type.
pub(crate) const CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// A header of a message. Its value is text, which is all that Lambda writes.
pub(crate) type Header<'a> = (&'a str, &'a str);

/// The type of a header's value that is text.
const TEXT: u8 = 7;

/// A message: length of the whole, length of the headers, checksum of both; headers; payload; checksum of all before.
pub(crate) fn message(headers: &[Header<'_>], payload: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for (name, value) in headers {
        let (name, value) = (cut(name, u8::MAX.into()), cut(value, u16::MAX.into()));
        encoded.push(name.len() as u8);
        encoded.extend_from_slice(name);
        encoded.push(TEXT);
        encoded.extend_from_slice(&(value.len() as u16).to_be_bytes());
        encoded.extend_from_slice(value);
    }
    let whole = 16 + encoded.len() + payload.len();
    let mut message = Vec::with_capacity(whole);
    message.extend_from_slice(&(whole as u32).to_be_bytes());
    message.extend_from_slice(&(encoded.len() as u32).to_be_bytes());
    message.extend_from_slice(&crc32fast::hash(&message).to_be_bytes());
    message.extend_from_slice(&encoded);
    message.extend_from_slice(payload);
    message.extend_from_slice(&crc32fast::hash(&message).to_be_bytes());
    message
}

/// An event of a stream, by its name.
pub(crate) fn event(name: &str, content_type: &str, payload: &[u8]) -> Vec<u8> {
    let headers = [(":message-type", "event"), (":event-type", name), (":content-type", content_type)];
    message(&headers, payload)
}

/// An error that a model lists, in place of an event.
pub(crate) fn exception(name: &str, json: &[u8]) -> Vec<u8> {
    let headers = [(":message-type", "exception"), (":exception-type", name), (":content-type", "application/json")];
    message(&headers, json)
}

/// An error that a model does not list, in place of an event.
pub(crate) fn error(code: &str, text: &str) -> Vec<u8> {
    message(&[(":message-type", "error"), (":error-code", code), (":error-message", text)], b"")
}

fn cut(text: &str, limit: usize) -> &[u8] {
    let bytes = text.as_bytes();
    bytes.get(..limit).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use aws_smithy_eventstream::frame::read_message_from;

    use super::*;

    /// What the official crate reads.
    fn read(message: &[u8]) -> (Vec<(String, String)>, Vec<u8>) {
        let message = read_message_from(message).unwrap();
        let text = |header: &aws_smithy_types::event_stream::Header| {
            let value = header.value().as_string().unwrap().as_str().to_owned();
            (header.name().as_str().to_owned(), value)
        };
        (message.headers().iter().map(text).collect(), message.payload().to_vec())
    }

    #[test]
    fn messages_are_what_others_read() {
        let text = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let headers = text(&[(":message-type", "event"), (":event-type", "PayloadChunk"), (":content-type", "a/b")]);
        assert_eq!(read(&event("PayloadChunk", "a/b", b"\0\xff")), (headers, b"\0\xff".to_vec()));
        let headers =
            text(&[(":message-type", "error"), (":error-code", "Überlast"), (":error-message", "come later")]);
        assert_eq!(read(&error("Überlast", "come later")), (headers, Vec::new()));
        let headers =
            text(&[(":message-type", "exception"), (":exception-type", "E"), (":content-type", "application/json")]);
        assert_eq!(read(&exception("E", b"{}")), (headers, b"{}".to_vec()));
        assert_eq!(read(&message(&[], b"")), (Vec::new(), Vec::new()));
        // A text that is too long for its place is cut.
        let (headers, _) = read(&error(&"x".repeat(70_000), ""));
        assert_eq!(headers[1].1.len(), 65_535);
    }
}
