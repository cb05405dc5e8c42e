//! Constraints on members, and the words of the framework in front of the service that checks them. A model does not
//! list its error.

use crate::answer::{Answer, Namespace};

/// What is wrong with a value that has to be one of a set, whose members are written with `, ` between them.
pub(super) fn member_of(member: &str, value: Option<&str>, set: &str) -> Option<String> {
    let value = value.filter(|value| !set.split(", ").any(|member| member == *value))?;
    Some(failed(member, value, &format!("Member must satisfy enum value set: [{set}]")))
}

/// What is wrong with a number that has to be within bounds.
pub(super) fn in_range(member: &str, value: i32, least: i32, most: i32) -> Option<String> {
    let bound = match value {
        _ if value < least => format!("greater than or equal to {least}"),
        _ if value > most => format!("less than or equal to {most}"),
        _ => return None,
    };
    Some(failed(member, &value.to_string(), &format!("Member must have value {bound}")))
}

/// What is wrong with a value that does not match the pattern that it should.
pub(super) fn no_match(member: &str, value: &str, pattern: &str) -> String {
    failed(member, value, &format!("Member must satisfy regular expression pattern: {pattern}"))
}

/// All that are broken are told at once; none is no error.
pub(super) fn check(faults: impl IntoIterator<Item = Option<String>>) -> Result<(), Answer> {
    let faults: Vec<String> = faults.into_iter().flatten().collect();
    if faults.is_empty() {
        return Ok(());
    }
    let errors = if faults.len() == 1 { "error" } else { "errors" };
    let message = format!("{} validation {errors} detected: {}", faults.len(), faults.join("; "));
    Err(Answer::error(400, "ValidationException", Namespace::Validation, &message))
}

fn failed(member: &str, value: &str, constraint: &str) -> String {
    format!("Value '{value}' at '{member}' failed to satisfy constraint: {constraint}")
}
