//! Tokens on one line, spaced as rustfmt would: for the rows of macro tables, which are no Rust by themselves.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The tokens as one line.
pub(super) fn text(tokens: &TokenStream) -> String {
    let mut line = String::new();
    push(&mut line, tokens);
    line
}

fn push(line: &mut String, tokens: &TokenStream) {
    for token in tokens.clone() {
        let (word, group) = match &token {
            TokenTree::Group(group) => match group.delimiter() {
                Delimiter::Parenthesis => ("(".to_owned(), Some((group.stream(), ")"))),
                Delimiter::Bracket => ("[".to_owned(), Some((group.stream(), "]"))),
                Delimiter::Brace => (" { ".to_owned(), Some((group.stream(), " }"))),
                Delimiter::None => (String::new(), Some((group.stream(), ""))),
            },
            other => (other.to_string(), None),
        };
        if needs_space(line, &token) {
            line.push(' ');
        }
        line.push_str(&word);
        if let Some((stream, close)) = group {
            push(line, &stream);
            line.push_str(close);
        }
    }
}

/// Whether a blank stands before this token, after what the line holds.
fn needs_space(line: &str, next: &TokenTree) -> bool {
    let Some(last) = line.chars().last() else { return false };
    match next {
        TokenTree::Punct(punct) => match punct.as_char() {
            '=' | '|' => last != ' ',
            '#' => last == ']',
            '>' => false,
            '&' => matches!(last, ',' | '=') || last == ':' && !line.ends_with("::"),
            '\'' | '.' => last == ',',
            _ => false,
        },
        TokenTree::Group(group) => {
            let after_operator = matches!(last, '=' | ',') || last == ':' && !line.ends_with("::");
            group.delimiter() == Delimiter::Bracket && after_operator
        }
        TokenTree::Ident(_) | TokenTree::Literal(_) => match last {
            ':' => !line.ends_with("::"),
            '>' => true,
            _ => last.is_ascii_alphanumeric() || matches!(last, '_' | ',' | '=' | '|' | ')' | ']' | '"'),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn rows() {
        for expected in [
            r#"marker: Option<&str> = Member::query("Marker")"#,
            "marker(impl Into<String>) set_marker(Option<String>)",
            "tags(insert impl Into<String>, Vec<Option<i64>>) set_tags(Option<HashMap<String, Vec<Option<i64>>>>)",
            "ListLayersBuilder => ListLayers paginated",
            "layers: &[Option<LayersListItem>] = Member::at(Place::Payload, \"\")",
            "items: layers of LayersListItem",
            r#"note: &str = Member::header("X").with(&Facets { media_type: Some("a/b"), ..Facets::NONE })"#,
            "#[is(is_service_exception)]",
            "ServiceException(ServiceException) = \"ServiceException\"",
            "Busy(Busy) = \"busy\" | \"late\"",
            r#"key: &str = Member::body("a").with(&Facets { flattened: true, ..Facets::NONE })"#,
            r#"token: r#marker = "Marker""#,
            r#"at: &DateTime = Member::body("a").of(&[Member::body(""), Member::body("").timestamp(TimestampFormat::DateTime)])"#,
        ] {
            let tokens = expected.parse().unwrap_or_default();
            assert_eq!(text(&tokens), expected);
        }
    }
}
