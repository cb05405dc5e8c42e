//! Lists in one header: values between commas, quoted where they hold one.

use std::borrow::Cow;

/// A value as it stands in a list: in quotes where it would otherwise end early or lose white space.
pub(super) fn quote(value: &str) -> Cow<'_, str> {
    if !value.contains([',', '"']) && value.trim() == value {
        return value.into();
    }
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"").into()
}

/// Takes the next value of a line of which something is left. None where a quote stays open or text follows a closing
/// one.
pub(super) fn next<'a>(line: &mut &'a str) -> Option<Cow<'a, str>> {
    let text = line.trim_start();
    let (value, rest) = if text.starts_with('"') {
        let (value, rest) = unquote(text)?;
        (value.into(), rest.trim_start())
    } else {
        let (value, rest) = text.split_at(text.find(',').unwrap_or(text.len()));
        (value.trim_end().into(), rest)
    };
    *line = if rest.is_empty() { "" } else { rest.strip_prefix(',')?.trim_start() };
    Some(value)
}

/// Takes the next http-date of a line, which has a comma of its own.
pub(super) fn next_date<'a>(line: &mut &'a str) -> &'a str {
    let text = *line;
    let end = text.match_indices(',').nth(1).map_or(text.len(), |(at, _)| at);
    let (date, rest) = text.split_at(end);
    *line = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    date.trim()
}

/// The value of a quoted text, and what follows it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    loop {
        match characters.next()? {
            (at, '"') => return Some((value, text.get(at.saturating_add(1)..)?)),
            (_, '\\') => value.push(characters.next()?.1),
            (_, character) => value.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(mut line: &str) -> Option<Vec<Cow<'_, str>>> {
        let mut values = Vec::new();
        while !line.is_empty() {
            values.push(next(&mut line)?);
        }
        Some(values)
    }

    #[test]
    fn values_survive_a_line() {
        for values in [&["a", "b", "c"][..], &["b,c", "\"def\"", "a"], &["a\\,b", " x "], &["\\"], &[]] {
            let line = values.iter().map(|value| quote(value)).collect::<Vec<_>>().join(", ");
            assert_eq!(split(&line).unwrap(), values, "{line}");
        }
        assert_eq!(["b,c", "\"def\"", "a"].map(quote).join(", "), r#""b,c", "\"def\"", a"#);
    }

    #[test]
    fn lines_are_split_at_commas_outside_quotes() {
        assert_eq!(split(" a ,b,, c,").unwrap(), ["a", "b", "", "c"]);
        for broken in ["\"a", "\"a\\", "\"a\"b"] {
            assert_eq!(split(broken), None);
        }
        let date = "Mon, 16 Dec 2019 23:48:18 GMT";
        let line = format!("{date}, {date}");
        let mut rest = line.as_str();
        assert_eq!([next_date(&mut rest), next_date(&mut rest), rest], [date, date, ""]);
        assert_eq!(next_date(&mut "x"), "x");
    }
}
