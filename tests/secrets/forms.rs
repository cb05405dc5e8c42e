//! The forms in which a secret can be told.

/// The secret itself, percent-encoded, and as it stands in base64 of a longer text, wherever it begins there.
pub(crate) fn of(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), percent(secret)];
    for before in 0..3 {
        let text = [&b"xx"[..before], secret.as_bytes()].concat();
        // The first signs hold bits of what stands before the secret, and the last of what stands behind.
        let (first, last) = ((before * 8).div_ceil(6), text.len() * 8 / 6);
        forms.push(base64(&text)[first..last].to_owned());
    }
    forms
}

fn percent(text: &str) -> String {
    let encoded = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encoded).collect()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits =
            chunk.iter().chain([0; 2].iter()).take(3).fold(0, |bits: usize, byte| bits << 8 | usize::from(*byte));
        text.extend((0..4).map(|index| char::from(SIGNS[bits >> (18 - 6 * index) & 63])));
    }
    text
}

#[test]
fn a_secret_is_found_in_each_form() {
    assert_eq!(percent("a/b+"), "a%2Fb%2B");
    assert_eq!(base64(b"user:pass"), "dXNlcjpwYXNz");
    let forms = of("a/secret+");
    for text in
        ["a/secret+", "x=a%2Fsecret%2B&", &base64(b"a/secret+!"), &base64(b"1a/secret+!"), &base64(b"12a/secret+!")]
    {
        assert!(forms.iter().any(|form| text.contains(form)), "{text}: {forms:?}");
    }
}
