//! Percent-encoding (RFC 3986, section 2.1), as addresses and signatures need it.

/// Which characters beside the unreserved ones are written as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain {
    /// None.
    Unreserved,
    /// `/`.
    Slash,
    /// `/`, and `%` where two hex digits follow: the text is encoded already, and is only completed.
    SlashAndEscapes,
    /// `%` where two hex digits follow.
    Escapes,
}

/// Writes a text byte by byte: unreserved characters and the plain ones as they are, all others as `%` and two hex
/// digits in upper case.
pub(crate) fn push_encoded(out: &mut String, text: &str, plain: Plain) {
    let keeps_slash = matches!(plain, Plain::Slash | Plain::SlashAndEscapes);
    let keeps_escapes = matches!(plain, Plain::SlashAndEscapes | Plain::Escapes);
    // Most texts are plain, and need not be taken byte by byte.
    if text.bytes().all(|byte| is_unreserved(byte) || (keeps_slash && byte == b'/')) {
        return out.push_str(text);
    }
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let keep = match byte {
            byte if is_unreserved(byte) => true,
            b'/' => keeps_slash,
            b'%' => keeps_escapes && matches!(after, [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit()),
            _ => false,
        };
        if keep {
            out.push(char::from(byte));
        } else {
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
        rest = after;
    }
}

fn is_unreserved(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~')
}

/// The digit of a number below 16.
#[allow(clippy::arithmetic_side_effects, reason = "four bits and the code of a sign fit a byte")]
fn digit(number: u8) -> char {
    char::from(if number < 10 { b'0' + number } else { b'A' + (number - 10) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_stays() {
        let check = |plain, text: &str, expected: &str| {
            let mut out = String::new();
            push_encoded(&mut out, text, plain);
            assert_eq!(out, expected);
        };
        check(Plain::Unreserved, "aZ09-._~ /%41%4\u{fc}", "aZ09-._~%20%2F%2541%254%C3%BC");
        check(Plain::Slash, "a/b %41", "a/b%20%2541");
        check(Plain::SlashAndEscapes, "a/b %41%4", "a/b%20%41%254");
        check(Plain::Escapes, "a/b%41%zz", "a%2Fb%41%25zz");
    }
}
