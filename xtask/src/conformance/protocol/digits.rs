//! Numbers of cases as they are spelt: some are larger or finer than the numbers of JSON values, which are of 64 bits.

use serde_json::{Number, Value};

/// Stands before the digits of a number that became text. No text of a case begins so.
const MARK: char = '\u{1}';

/// A document in which the numbers that would not come back as they are spelt are text, with a mark before it.
pub(super) fn kept(json: &str) -> String {
    let mut kept = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        let end = if from.starts_with('"') { end_of_string(from) } else { end_of_number(from) };
        let (token, after) = from.split_at(end);
        if comes_back(token) {
            kept.push_str(token);
        } else {
            kept.push_str(&format!("\"\\u{:04x}{token}\"", u32::from(MARK)));
        }
        rest = after;
    }
    kept + rest
}

/// The digits of a number that became text.
pub(super) fn of(value: &Value) -> Option<&str> {
    value.as_str()?.strip_prefix(MARK)
}

fn comes_back(token: &str) -> bool {
    token.starts_with('"') || token.parse::<Number>().is_ok_and(|number| number.to_string() == token)
}

fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    let closes = |(_, c): &(usize, char)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    };
    text.char_indices().skip(1).find(closes).map_or(text.len(), |(at, _)| at + 1)
}

fn end_of_number(text: &str) -> usize {
    let goes_on = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
    text.find(|c| !goes_on(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_survive() {
        let json = r#"{"a\"1": [1, -2, 0.5, 18446744073709551616, 2.50, "3.50\\", 1E-9], "b": 0.0}"#;
        let value: Value = serde_json::from_str(&kept(json)).unwrap_or_default();
        let digits: Vec<_> = value["a\"1"].as_array().into_iter().flatten().map(of).collect();
        assert_eq!(digits, [None, None, None, Some("18446744073709551616"), Some("2.50"), None, Some("1E-9")]);
        assert_eq!((of(&value["b"]), &value["a\"1"][5]), (None, &Value::from("3.50\\")));
    }
}
