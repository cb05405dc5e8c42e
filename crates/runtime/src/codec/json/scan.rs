//! The words of JSON (RFC 8259): white space, strings, numbers and literals, as `serde_json` understands them.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "every place and length is one within a text, whose length is an `isize`; of digits, no more are added up than an `i64` holds"
)]

/// Walks over a text; it never stands inside a character.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

/// Where the text leaves the grammar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fault {
    pub(super) offset: usize,
    pub(super) expected: &'static str,
}

/// A number that keeps to the grammar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number<'a> {
    pub(super) text: &'a str,
    /// Neither fraction nor exponent.
    pub(super) integer: bool,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the scanner stands, in bytes.
    #[inline]
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    #[inline]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// What is left.
    #[inline]
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.at..).unwrap_or_default()
    }

    pub(super) fn fault(&self, expected: &'static str) -> Fault {
        Fault { offset: self.at, expected }
    }

    /// The next byte that is no white space, which it does not take; 0 at the end (a zero byte begins no word either).
    #[inline]
    pub(super) fn peek(&mut self) -> u8 {
        match self.bytes().get(self.at) {
            Some(&byte) if byte > b' ' => byte,
            _ => self.peek_further(),
        }
    }

    /// [`peek`](Self::peek), where there is white space, or the end: most documents have none between their words.
    #[cold]
    fn peek_further(&mut self) -> u8 {
        loop {
            match self.bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(&byte) => return byte,
                None => return 0,
            }
        }
    }

    /// Whether nothing but white space is left.
    pub(super) fn at_end(&mut self) -> bool {
        self.peek();
        self.at == self.text.len()
    }

    /// Takes the byte if it is the next one after white space.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == byte;
        self.at += usize::from(next);
        next
    }

    /// Takes `null`, and says whether it is next.
    #[inline]
    pub(super) fn take_null(&mut self) -> bool {
        let null = self.rest().first_chunk() == Some(b"null");
        self.at += if null { 4 } else { 0 };
        null
    }

    /// Takes `null`, `true` or `false`.
    pub(super) fn literal(&mut self, word: &'static str) -> Result<(), Fault> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.fault(word));
        }
        self.at += word.len();
        Ok(())
    }

    /// Takes a string without escapes, as nearly all are; else it takes nothing, and says not why.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        if self.peek() != b'"' {
            return None;
        }
        let start = self.at + 1;
        let end = start + plain_bytes(self.bytes().get(start..)?);
        if self.bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Takes a string and gives its value: a piece of the input, or, where it has escapes, what `scratch` then holds.
    /// At a fault the scanner stays before the string.
    pub(super) fn string<'s>(&mut self, scratch: &'s mut String) -> Result<&'s str, Fault>
    where
        'a: 's,
    {
        if let Some(text) = self.plain_string() {
            return Ok(text);
        }
        let start = self.at;
        let result = self.escaped_string(scratch);
        if result.is_err() {
            self.at = start;
        }
        result.map(|()| scratch.as_str())
    }

    /// Takes a string, and gives its value in `scratch`.
    fn escaped_string(&mut self, scratch: &mut String) -> Result<(), Fault> {
        self.open_quote()?;
        scratch.clear();
        scratch.push_str(self.plain());
        while !self.close_quote()? {
            scratch.push(self.escape()?);
            scratch.push_str(self.plain());
        }
        Ok(())
    }

    /// Passes over a string. What its `\u` escapes stand for is not looked at.
    pub(super) fn skip_string(&mut self) -> Result<(), Fault> {
        self.open_quote()?;
        self.plain();
        while !self.close_quote()? {
            match self.rest() {
                [b'\\', b'u', ..] => {
                    self.hex_escape()?;
                }
                _ => {
                    self.escape()?;
                }
            }
            self.plain();
        }
        Ok(())
    }

    fn open_quote(&mut self) -> Result<(), Fault> {
        if self.take(b'"') { Ok(()) } else { Err(self.fault("a string")) }
    }

    /// After plain text: takes the quote, or leaves a backslash to be taken.
    fn close_quote(&mut self) -> Result<bool, Fault> {
        match self.rest().first() {
            Some(b'"') => {
                self.at += 1;
                Ok(true)
            }
            Some(b'\\') => Ok(false),
            Some(_) => Err(self.fault("no control character inside a string")),
            None => Err(self.fault("the end of a string")),
        }
    }

    /// Takes text up to a quote, a backslash or a control character.
    fn plain(&mut self) -> &'a str {
        let start = self.at;
        self.at += plain_bytes(self.rest());
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let Some(&letter) = self.rest().get(1) else { return Err(self.fault("an escape")) };
        let meaning = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.fault("an escape of JSON")),
        };
        self.at += 2;
        Ok(meaning)
    }

    /// One `\uXXXX`, or the two of a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let start = self.fault("the two halves of a surrogate pair");
        let first = self.hex_escape()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first).ok_or(start);
        }
        if !self.rest().starts_with(b"\\u") {
            return Err(start);
        }
        let second = self.hex_escape()?;
        if !(0xDC00..0xE000).contains(&second) {
            return Err(start);
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or(start)
    }

    fn hex_escape(&mut self) -> Result<u32, Fault> {
        let digits = self.rest().get(2..6).ok_or(self.fault("four hexadecimal digits after `\\u`"))?;
        let mut value = 0;
        for &digit in digits {
            let digit = char::from(digit).to_digit(16).ok_or(self.fault("four hexadecimal digits after `\\u`"))?;
            value = value * 16 + digit;
        }
        self.at += 6;
        Ok(value)
    }

    /// Takes an integer that is spelt as one, with at most 18 digits; else it takes nothing.
    pub(super) fn plain_integer(&mut self) -> Option<i64> {
        self.peek();
        let (sign, digits) = match self.rest() {
            [b'-', digits @ ..] => (-1, digits),
            digits => (1, digits),
        };
        let count = digits.iter().take(19).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = digits.split_at_checked(count)?;
        if matches!(digits, [] | [b'0', _, ..]) || count > 18 || matches!(after.first(), Some(b'.' | b'e' | b'E')) {
            return None;
        }
        self.at += count + usize::from(sign < 0);
        Some(sign * digits.iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0')))
    }

    /// Takes a number. At a fault the scanner stays before it.
    pub(super) fn number(&mut self) -> Result<Number<'a>, Fault> {
        self.peek();
        let bytes = self.rest();
        let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
        let fault = |end: usize, expected| Fault { offset: self.at + end, expected };

        let sign = usize::from(bytes.first() == Some(&b'-'));
        let whole = digits(sign);
        let mut end = sign + whole;
        if whole == 0 {
            return Err(fault(end, "a digit"));
        }
        if whole > 1 && bytes.get(sign) == Some(&b'0') {
            return Err(fault(sign, "no leading zero in a number"));
        }
        let integer = end;
        if bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            end += 1 + fraction;
            if fraction == 0 {
                return Err(fault(end, "a digit"));
            }
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            end += 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end);
            end += exponent;
            if exponent == 0 {
                return Err(fault(end, "a digit"));
            }
        }
        let text = self.text.get(self.at..self.at + end).unwrap_or_default();
        self.at += end;
        Ok(Number { text, integer: integer == end })
    }

    /// Passes over ASCII that has been looked at.
    #[inline]
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes back to where it stood before.
    pub(super) fn rewind(&mut self, at: usize) {
        self.at = at.min(self.at);
    }
}

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = EACH << 7;

/// How many bytes come before the first quote, backslash or control character: looked at eight in one word and two words
/// at once, as most of a document is such text.
#[inline(never)] // On its own the loop keeps its masks in registers: 3 % of the instructions of a page.
pub(super) fn plain_bytes(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((words, after)) = rest.split_first_chunk::<16>() {
        let [one, other] =
            [words.first_chunk(), words.last_chunk()].map(|word| special_bytes(word.copied().unwrap_or_default()));
        if one | other != 0 {
            let found = first_marked(one).or(first_marked(other).map(|found| found + 8));
            return bytes.len() - rest.len() + found.unwrap_or_default();
        }
        rest = after;
    }
    if let Some((word, after)) = rest.split_first_chunk() {
        if let Some(found) = first_marked(special_bytes(*word)) {
            return bytes.len() - rest.len() + found;
        }
        rest = after;
    }
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes.len() - rest.len() + rest.iter().position(special).unwrap_or(rest.len())
}

#[inline]
fn first_marked(marks: u64) -> Option<usize> {
    (marks != 0).then_some(marks.trailing_zeros() as usize / 8)
}

/// Sets the high bit of the first byte that ends plain text; bits above it may be wrong, bits below it are clear.
#[inline]
fn special_bytes(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    // A subtraction borrows into the high bit of a byte below its limit. The marks look for ASCII, so that they leave
    // alone the high bit of a byte beyond it, which is no borrow. With this bit turned over, the quote is the one byte that
    // follows the control characters, and the others from the space on stay above it.
    let control_or_quote = (word ^ (EACH * 0x02)).wrapping_sub(EACH * 0x21);
    let backslash = (word ^ (EACH * b'\\' as u64)).wrapping_sub(EACH);
    (control_or_quote | backslash) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_eight_agree_with_single_bytes() {
        for special in 0..=255u8 {
            for at in 0..20 {
                let mut bytes = [b'a', 0xC3, b'~', 0x7F, b' ', 0xFF, 0x80, b'!', b'#', b'[', b']', 0x20].repeat(2);
                bytes[at] = special;
                for bytes in [&bytes[..], &bytes[..at + 1], &bytes[..23]] {
                    let expected =
                        bytes.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20)).unwrap_or(bytes.len());
                    assert_eq!(plain_bytes(bytes), expected, "{special:#x} at {at} of {}", bytes.len());
                }
            }
        }
    }
}
