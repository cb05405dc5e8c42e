//! Patterns of paths and of what stands before a host: whether a request can be made of one.

use std::collections::BTreeSet;

/// Checks method and path of an operation; these members of its input are the labels of the path.
///
/// # Errors
///
/// What is wrong with them.
pub(super) fn path(method: &str, uri: &str, members: BTreeSet<&str>) -> Result<(), String> {
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(format!("`{method}` is no method of HTTP"));
    }
    if !uri.starts_with('/') {
        return Err(format!("the path `{uri}` does not begin with `/`"));
    }
    let is_literal = |c: char| c.is_ascii_graphic() && !"{}#\"<>\\^`|".contains(c);
    labels(uri, is_literal, members).map_err(|reason| format!("the path `{uri}` {reason}"))
}

/// Checks what an operation puts before the host; these members of its input are the labels in it.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn host(prefix: &str, members: BTreeSet<&str>) -> Result<(), String> {
    let is_literal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    labels(prefix, is_literal, members).map_err(|reason| format!("the prefix of the host `{prefix}` {reason}"))
}

/// Checks that each member has its label, and each label its member, once.
fn labels(pattern: &str, is_literal: fn(char) -> bool, members: BTreeSet<&str>) -> Result<(), String> {
    let mut waiting = members;
    let mut rest = pattern;
    while let Some((literal, after)) = rest.split_once('{') {
        only(literal, is_literal)?;
        let (label, after) = after.split_once('}').ok_or("has a `{` without its `}`")?;
        let name = label.strip_suffix('+').unwrap_or(label);
        if !waiting.remove(name) {
            return Err(format!("has the label `{name}` twice, or for no member of the input that is bound to it"));
        }
        rest = after;
    }
    only(rest, is_literal)?;
    match waiting.first() {
        Some(name) => Err(format!("has no label for the member `{name}`, which is bound to one")),
        None => Ok(()),
    }
}

fn only(text: &str, is_literal: fn(char) -> bool) -> Result<(), String> {
    match text.chars().find(|c| !is_literal(*c)) {
        Some(found) => Err(format!("has {found:?} in it, which cannot stand there")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let members = || BTreeSet::from(["a", "b"]);
        for (uri, expected) in [
            ("/{a}/x/{b+}?c=d&e", Ok(())),
            ("{a}/{b}", Err("the path `{a}/{b}` does not begin with `/`")),
            ("/{a}/{b", Err("the path `/{a}/{b` has a `{` without its `}`")),
            ("/{a}/b}", Err("the path `/{a}/b}` has '}' in it, which cannot stand there")),
            ("/{a}/{b} ", Err("the path `/{a}/{b} ` has ' ' in it, which cannot stand there")),
            ("/{a}", Err("the path `/{a}` has no label for the member `b`, which is bound to one")),
            (
                "/{a}/{b}/{c}",
                Err(
                    "the path `/{a}/{b}/{c}` has the label `c` twice, or for no member of the input that is bound to it",
                ),
            ),
        ] {
            assert_eq!(path("GET", uri, members()), expected.map_err(str::to_owned), "{uri}");
        }
        assert_eq!(path("GET /", "/{a}/{b}", members()), Err("`GET /` is no method of HTTP".to_owned()));
        assert_eq!(host("{a}-{b}.data.", members()), Ok(()));
        let found = host("{a}.{b}/", members());
        assert_eq!(found, Err("the prefix of the host `{a}.{b}/` has '/' in it, which cannot stand there".to_owned()));
    }
}
