//! Bytes as hexadecimal digits: hashes in signatures, and ids.

/// The digits of bytes, two for each, in lower case.
pub(crate) fn digits<const N: usize>(bytes: [u8; N]) -> [[u8; 2]; N] {
    // Without a branch or a table, so that the compiler takes many bytes at a time: every call signs.
    #[allow(clippy::arithmetic_side_effects, reason = "four bits and the code of a sign fit a byte")]
    let digit = |number| number + if number < 10 { b'0' } else { b'a' - 10 };
    bytes.map(|byte| [byte >> 4, byte & 15].map(digit))
}

/// The digits of bytes as text.
pub(crate) fn text(digits: &[[u8; 2]]) -> &str {
    // There is nothing but ASCII in them.
    str::from_utf8(digits.as_flattened()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_two_digits() {
        assert_eq!(text(&digits([])), "");
        assert_eq!(text(&digits([0x00, 0x09, 0x9a, 0xaf, 0xf0, 0xff])), "00099aaff0ff");
    }
}
