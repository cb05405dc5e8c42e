//! Percent-encoding and query strings, as the service reads them and as SigV4 wants them written.

use std::fmt::Write;

/// The raw names and values of a query; a name without `=` has an empty value, empty pieces are passed over.
pub(crate) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|piece| !piece.is_empty()).map(|piece| piece.split_once('=').unwrap_or((piece, "")))
}

/// Decodes a name or a value of a form: percent escapes, and `+` for a space.
pub(crate) fn decode_form(text: &str) -> String {
    decode(&text.replace('+', " "))
}

/// Decodes percent escapes. What is no escape stays as it is, and what is not UTF-8 becomes U+FFFD.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| tail.split_at_checked(2)).flatten();
        match escaped.and_then(|(hex, tail)| Some((from_hex(hex)?, tail))) {
            Some((decoded, tail)) => {
                bytes.push(decoded);
                rest = tail;
            }
            None => {
                bytes.push(byte);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

/// Encodes everything but the unreserved characters of RFC 3986 (SigV4's `UriEncode`).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Lower-case hexadecimal, two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what `hex` writes; upper-case digits pass as well.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks_exact(2).map(from_hex).collect()
}

fn from_hex(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(*high)? << 4 | digit(*low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        let cases = [
            ("a%2Bb%2F%3D%26", "a+b/=&"),
            ("a+b", "a b"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz%+1", "%zz% 1"),
            ("%C3%A9", "é"),
            ("%FF", "\u{fffd}"),
            ("é%2", "é%2"),
        ];
        for (encoded, decoded) in cases {
            assert_eq!(decode_form(encoded), decoded, "{encoded}");
        }
        assert_eq!(decode("a+b"), "a+b");
    }

    #[test]
    fn encoding() {
        assert_eq!(encode("aZ9-._~"), "aZ9-._~");
        assert_eq!(encode("a+b/=& é"), "a%2Bb%2F%3D%26%20%C3%A9");
        assert_eq!(unhex(&hex(b"\x00\xffk")), Some(b"\x00\xffk".to_vec()));
        assert_eq!((unhex("0"), unhex("0g"), unhex("+1")), (None, None, None));
    }

    #[test]
    fn splitting() {
        let split = |query| pairs(query).collect::<Vec<_>>();
        assert_eq!(split(""), []);
        assert_eq!(split("a=b=c&d&&=e"), [("a", "b=c"), ("d", ""), ("", "e")]);
    }
}
