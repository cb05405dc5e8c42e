//! The table, in Markdown.

use std::fmt::Write;

use crate::account::Account;

/// The accounts, a line each.
pub(crate) fn table(accounts: &[Account]) -> String {
    let mut text = String::from(
        "| fault | calls | right | errors | attempts | seen (twice) | connections | quota left (computed) |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for account in accounts {
        let Account { name, calls, right, attempts, seen, again, connections, quota, computed, .. } = account;
        let errors: Vec<_> = account.errors.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let errors = if errors.is_empty() { "–".to_owned() } else { errors.join(", ") };
        let computed = match (computed.start(), computed.end()) {
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        };
        // Writing to a `String` does not fail.
        let _ = writeln!(
            text,
            "| {name} | {calls} | {right} | {errors} | {attempts} | {seen} ({again}) | {connections} | {quota} ({computed}) |"
        );
    }
    text
}
