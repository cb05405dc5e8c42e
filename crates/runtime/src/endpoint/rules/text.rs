//! `getAttr` with an index, `split`, `substring` and `uriEncode`.

use crate::http::percent::{Plain, push_encoded};

/// `getAttr` with an index: the item at that place, from the end where the index is negative (`-1` is the last).
pub fn at<'a>(items: &[&'a str], index: isize) -> Option<&'a str> {
    let place = if index < 0 { items.len().checked_sub(index.unsigned_abs())? } else { index.unsigned_abs() };
    items.get(place).copied()
}

/// `split`: the parts between delimiters, at most `limit` of them, the last one whole; 0 is no limit.
/// An empty delimiter splits nothing.
pub fn split<'a>(text: &'a str, delimiter: &str, limit: usize) -> Vec<&'a str> {
    match limit {
        _ if delimiter.is_empty() => vec![text],
        0 => text.split(delimiter).collect(),
        _ => text.splitn(limit, delimiter).collect(),
    }
}

/// `substring`: from `start` up to, but not including, `stop`, both counted from the end where `reverse` is set.
/// Nothing where the text is too short or not ASCII.
pub fn substring(text: &str, start: usize, stop: usize, reverse: bool) -> Option<&str> {
    if start >= stop || !text.is_ascii() {
        return None;
    }
    if reverse {
        text.get(text.len().checked_sub(stop)?..text.len().checked_sub(start)?)
    } else {
        text.get(start..stop)
    }
}

/// `uriEncode`: every byte but the unreserved characters of RFC 3986 becomes `%` and two digits in upper case.
pub fn uri_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_encoded(&mut encoded, text, Plain::Unreserved);
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_count_from_both_ends() {
        let check = |index, expected| assert_eq!(at(&["a", "b", "c"], index), expected, "{index}");
        check(0, Some("a"));
        check(2, Some("c"));
        check(3, None);
        check(-1, Some("c"));
        check(-3, Some("a"));
        check(-4, None);
        check(isize::MIN, None);
        assert_eq!(at(&[], 0), None);
    }

    #[test]
    fn splitting_keeps_empty_parts_and_heeds_its_limit() {
        let check = |text, delimiter, limit, expected: &[&str]| {
            assert_eq!(split(text, delimiter, limit), expected, "{text} {delimiter} {limit}");
        };
        check("a--b--c", "--", 0, &["a", "b", "c"]);
        check("a--b--c", "--", 1, &["a--b--c"]);
        check("a--b--c", "--", 2, &["a", "b--c"]);
        check("--a--", "--", 0, &["", "a", ""]);
        check("", "--", 0, &[""]);
        check("aaa", "aa", 0, &["", "a"]);
        check("a🌟b", "🌟", 0, &["a", "b"]);
        check("ab", "", 0, &["ab"]);
    }

    #[test]
    fn a_substring_is_whole_or_nothing() {
        let check = |text, start, stop, reverse, expected| {
            assert_eq!(substring(text, start, stop, reverse), expected, "{text} {start} {stop} {reverse}");
        };
        check("abcdefg", 0, 4, false, Some("abcd"));
        check("abcdefg", 0, 4, true, Some("defg"));
        check("abcdefg", 1, 3, true, Some("ef"));
        check("abc", 0, 4, false, None);
        check("abc", 0, 4, true, None);
        check("abc", 2, 2, false, None);
        check("abc", 3, 1, false, None);
        check("abcdefé", 0, 4, false, None);
        check("\u{7f}abc", 0, 4, false, Some("\u{7f}abc"));
    }

    #[test]
    fn only_unreserved_characters_stay() {
        let check = |text, expected| assert_eq!(uri_encode(text), expected, "{text}");
        check("aZ09-._~", "aZ09-._~");
        check("a/b c+d", "a%2Fb%20c%2Bd");
        check("😹", "%F0%9F%98%B9");
        check("", "");
    }
}
