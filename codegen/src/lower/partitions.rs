//! Partitions: the facts of `model/partitions.json`, their region expressions resolved into parts.
//!
//! The expressions are regular ones of a small family: literal text, groups of alternatives, `\w+` and `\d+`, between
//! `^` and `$`. So the runtime needs no regex crate; an expression outside the family is a fault.

use serde_json::{Map, Value};

use crate::fault::{Fault, Faults, below, item};
use crate::ir::partitions::{Part, Partition, Partitions};

/// The partitions of the facts in this text.
///
/// # Errors
///
/// Every fault, with its place in the document.
pub fn lower(text: &str) -> Result<Partitions, Vec<Fault>> {
    let mut faults = Faults::default();
    let entries = each(&mut faults, &parsed(text)?, partition);
    let default = entries.iter().position(|entry| entry.name == "aws");
    if default.is_none() {
        faults.add("partitions", "there is no partition `aws`, which regions belong to that no other claims");
    }
    faults.or(Partitions { entries, default: default.unwrap_or_default() })
}

/// The JSON of a file of partitions.
pub(crate) fn parsed(text: &str) -> Result<Value, Vec<Fault>> {
    let fault = |error| vec![Fault { at: String::new(), reason: format!("this is not JSON: {error}") }];
    serde_json::from_str(text).map_err(fault)
}

/// What is made of each partition in such a file, given its place.
pub(crate) fn each<T>(
    faults: &mut Faults,
    document: &Value,
    make: fn(&mut Faults, &str, &Value) -> Option<T>,
) -> Vec<T> {
    let list = faults.object("", document).and_then(|root| faults.member("", root, "partitions"));
    let list = list.and_then(|list| faults.array("partitions", list)).unwrap_or_default();
    list.iter().enumerate().filter_map(|(index, value)| make(faults, &item("partitions", index), value)).collect()
}

fn partition(faults: &mut Faults, at: &str, value: &Value) -> Option<Partition> {
    let object = faults.object(at, value)?;
    let outputs = faults.member(at, object, "outputs")?;
    let (within, pattern_at) = (below(at, "outputs"), below(at, "regionRegex"));
    let outputs = faults.object(&within, outputs)?;
    let mut output = |name: &str| text(faults, &within, outputs, name);
    let (name, dns_suffix) = (output("name"), output("dnsSuffix"));
    let (dual_stack_dns_suffix, implicit_global_region) =
        (output("dualStackDnsSuffix"), output("implicitGlobalRegion"));
    let mut output = |name: &str| {
        let value = faults.member(&within, outputs, name)?;
        faults.boolean(&below(&within, name), value)
    };
    let (supports_fips, supports_dual_stack) = (output("supportsFIPS"), output("supportsDualStack"));
    let regions = regions(faults, at, object);
    let pattern = text(faults, at, object, "regionRegex").and_then(|expression| {
        pattern(&expression).map_err(|reason| faults.add(&pattern_at, format!("`{expression}`: {reason}"))).ok()
    });
    Some(Partition {
        name: name?,
        dns_suffix: dns_suffix?,
        dual_stack_dns_suffix: dual_stack_dns_suffix?,
        implicit_global_region: implicit_global_region?,
        supports_fips: supports_fips?,
        supports_dual_stack: supports_dual_stack?,
        regions: regions?,
        pattern: pattern?,
    })
}

fn text(faults: &mut Faults, at: &str, object: &Map<String, Value>, name: &str) -> Option<String> {
    let value = faults.member(at, object, name)?;
    faults.text(&below(at, name), value).map(str::to_owned)
}

fn regions(faults: &mut Faults, at: &str, object: &Map<String, Value>) -> Option<Vec<String>> {
    let value = faults.member(at, object, "regions")?;
    let at = below(at, "regions");
    let names = faults.array(&at, value)?;
    names.iter().enumerate().map(|(i, name)| faults.text(&item(&at, i), name).map(str::to_owned)).collect()
}

/// The parts of an expression, or why it is outside the family.
fn pattern(expression: &str) -> Result<Vec<Part>, String> {
    let inner = expression.strip_prefix('^').and_then(|rest| rest.strip_suffix('$'));
    let mut rest = inner.ok_or("expected `^` at the start and `$` at the end")?;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (part, after) = part(rest)?;
        parts.push(part);
        rest = after;
    }
    match parts.windows(2).find(|pair| matches!(pair, [run, next] if may_overlap(run, next))) {
        Some(_) => Err("what follows `\\w+` or `\\d+` must start with something that the run does not take".to_owned()),
        None => Ok(parts),
    }
}

fn part(rest: &str) -> Result<(Part, &str), String> {
    if let Some(after) = rest.strip_prefix("\\w+") {
        return Ok((Part::Word, after));
    }
    if let Some(after) = rest.strip_prefix("\\d+") {
        return Ok((Part::Digits, after));
    }
    if let Some(group) = rest.strip_prefix('(') {
        let (group, after) = group.split_once(')').ok_or("a `(` is never closed")?;
        let options: Vec<String> = group.split('|').map(whole_literal).collect::<Result<_, _>>()?;
        return Ok((Part::OneOf(options), after));
    }
    let (text, after) = literal(rest);
    if text.is_empty() {
        return Err(format!("expected text, `(a|b)`, `\\w+` or `\\d+` at `{rest}`"));
    }
    Ok((Part::Text(text), after))
}

fn whole_literal(option: &str) -> Result<String, String> {
    match literal(option) {
        (text, "") if !text.is_empty() => Ok(text),
        _ => Err(format!("expected plain text between `(`, `|` and `)`, found `{option}`")),
    }
}

/// The text that an expression starts with: letters, digits, `_`, `-`, and punctuation behind a backslash.
fn literal(mut rest: &str) -> (String, &str) {
    let mut text = String::new();
    loop {
        let mut chars = rest.chars();
        match (chars.next(), chars.next()) {
            (Some('\\'), Some(c)) if c.is_ascii_punctuation() => {
                text.push(c);
                rest = chars.as_str();
            }
            (Some(c), next) if c.is_ascii_alphanumeric() || c == '_' || c == '-' => {
                // A repeated character is no plain text.
                if next.is_some_and(|c| "+*?{".contains(c)) {
                    return (String::new(), rest);
                }
                text.push(c);
                rest = rest.get(1..).unwrap_or_default();
            }
            _ => return (text, rest),
        }
    }
}

/// Whether a run could take the first character of what follows it, so that taking all it can may be too much.
fn may_overlap(run: &Part, next: &Part) -> bool {
    let taken = |text: &String| match run {
        Part::Word => text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'),
        Part::Digits => text.starts_with(|c: char| c.is_ascii_digit()),
        Part::Text(_) | Part::OneOf(_) => false,
    };
    match next {
        Part::Text(text) => taken(text),
        Part::OneOf(options) => options.iter().any(taken),
        Part::Word | Part::Digits => matches!(run, Part::Word | Part::Digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_the_family_fall_into_parts() {
        let check = |expression: &str, expected: &[Part]| {
            assert_eq!(pattern(expression).as_deref(), Ok(expected), "{expression}");
        };
        let text = |t: &str| Part::Text(t.to_owned());
        let one_of = |options: &[&str]| Part::OneOf(options.iter().map(|&o| o.to_owned()).collect());
        let tail = [Part::Word, text("-"), Part::Digits];
        check("^(us|eu)\\-\\w+\\-\\d+$", &[&[one_of(&["us", "eu"]), text("-")], &tail[..]].concat());
        check("^us\\-iso\\-\\w+\\-\\d+$", &[&[text("us-iso-")], &tail[..]].concat());
        check("^eusc\\-(de)\\-\\w+\\-\\d+$", &[&[text("eusc-"), one_of(&["de"]), text("-")], &tail[..]].concat());
        check("^cn-\\w+-\\d+$", &[&[text("cn-")], &tail[..]].concat());
        check("^\\d+a$", &[Part::Digits, text("a")]);
        check("^$", &[]);
    }

    #[test]
    fn other_expressions_are_faults() {
        for expression in [
            "us",
            "^us",
            "^us.*$",
            "^us?$",
            "^u[sx]$",
            "^\\w$",
            "^\\s+$",
            "^(us$",
            "^(us|)$",
            "^((us)|eu)$",
            "^(us)?$",
            "^a|b$",
            "^\\w+\\d+$",
            "^\\w+a$",
            "^\\w+(-|a)$",
            "^\\d+1$",
            "^ü$",
            "^us\\$",
        ] {
            assert!(pattern(expression).is_err(), "{expression}");
        }
    }

    #[test]
    fn a_document_without_aws_is_a_fault() {
        let faults = lower(r#"{"partitions": []}"#).unwrap_err();
        assert!(faults[0].reason.contains("`aws`"), "{faults:?}");
        assert_eq!(lower(r#"{"partitions": [{}, 1]}"#).unwrap_err().len(), 3);
    }
}
