//! The path of members that leads to a place in a document, found from the text: only an error needs it, so that nothing
//! keeps it while all is well.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "every place and length is one within a text, whose length is an `isize`"
)]

use std::fmt::Write as _;

use crate::codec::error::SHOWN;

/// The path as a person writes it: `Layers[3].LatestMatchingVersion.Version`. Up to `offset` the text is JSON.
pub(super) fn path_to(text: &str, offset: usize) -> String {
    let mut steps = Vec::new();
    let mut is_name = false;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at).filter(|_| at < offset) {
        match byte {
            b'{' => steps.push(Step::Object),
            b'[' => steps.push(Step::Index(0)),
            b'}' | b']' => drop(steps.pop()),
            b',' => {
                if let Some(Step::Index(index)) = steps.last_mut() {
                    *index += 1;
                }
            }
            b'"' => {
                if let Some(step) = steps.last_mut().filter(|_| is_name) {
                    *step = Step::Name(name_at(text, at));
                }
                at += string_length(text.as_bytes().get(at + 1..).unwrap_or_default());
            }
            _ => {}
        }
        is_name = match byte {
            b'{' => true,
            b',' => !matches!(steps.last(), Some(Step::Index(_))),
            b' ' | b'\n' | b'\r' | b'\t' => is_name,
            _ => false,
        };
        at += 1;
    }
    rendered(&steps)
}

/// The name that begins with the quote at this place, as it is spelt there.
pub(super) fn name_at(text: &str, at: usize) -> &str {
    let rest = text.get(at + 1..).unwrap_or_default();
    let spelt = rest.get(..string_length(rest.as_bytes())).unwrap_or_default();
    spelt.strip_suffix('"').unwrap_or(spelt)
}

/// Where in an array or an object the place is.
enum Step<'a> {
    /// Before the first name.
    Object,
    Name(&'a str),
    Index(usize),
}

/// How many bytes a string has behind its first quote, with its last one.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    let end = bytes.iter().position(|byte| {
        let end = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        end
    });
    end.map_or(bytes.len(), |end| end + 1)
}

fn rendered(steps: &[Step<'_>]) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            Step::Object => {}
            // Writing into a string does not fail.
            Step::Index(index) => drop(write!(path, "[{index}]")),
            Step::Name(name) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.extend(name.chars().take(SHOWN).flat_map(char::escape_debug));
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_by_its_names() {
        let text = r#" {"a" : [1, {"b\"{[,": "x,]}", "c": [[], [0, 2]]}, 3], "": {}, "d": "#;
        for (before, path) in [
            ("{", ""),
            ("\"a\"", ""),
            (": [1", "a"),
            ("1,", "a[0]"),
            ("{\"b", "a[1]"),
            ("x,]", r#"a[1].b\\\"{[,"#),
            (" 2]", "a[1].c[1][1]"),
            ("3]", "a[2]"),
            ("{}", ""),
            (", \"d", ""),
        ] {
            assert_eq!(path_to(text, text.find(before).unwrap()), path, "before {before}");
        }
        assert_eq!(path_to(text, text.len()), "d");
        assert_eq!(path_to(text, usize::MAX), "d");
        assert_eq!(path_to("", 1), "");
    }
}
