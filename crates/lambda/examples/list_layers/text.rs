//! Text as the AWS command line prints it, a line an object: its name in capitals, then its scalars sorted by name,
//! between tabs; below it the lines of its objects and lists.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Map, Value};

/// Writes a page. Each is a text of its own, so that a long listing shows while it comes.
pub(crate) fn write(out: &mut impl Write, page: &Value) -> io::Result<()> {
    value(out, "", page, None)
}

/// Writes the line that says where to go on.
pub(crate) fn write_next_token(out: &mut impl Write, token: &str) -> io::Result<()> {
    writeln!(out, "NEXTTOKEN\t{token}")
}

fn value(out: &mut impl Write, name: &str, value: &Value, columns: Option<&BTreeSet<&str>>) -> io::Result<()> {
    match value {
        Value::Object(members) => object(out, name, members, columns),
        Value::Array(items) => list(out, name, items),
        scalar => writeln!(out, "{}", shown(scalar)),
    }
}

/// Objects of a list have the columns of them all, so that a column holds the same member everywhere.
fn list(out: &mut impl Write, name: &str, items: &[Value]) -> io::Result<()> {
    let columns: BTreeSet<&str> = items.iter().filter_map(Value::as_object).flat_map(scalars).collect();
    for item in items {
        match item {
            Value::Object(_) => value(out, name, item, Some(&columns))?,
            scalar => writeln!(out, "{}\t{}", name.to_uppercase(), shown(scalar))?,
        }
    }
    Ok(())
}

fn object(
    out: &mut impl Write,
    name: &str,
    members: &Map<String, Value>,
    columns: Option<&BTreeSet<&str>>,
) -> io::Result<()> {
    let own: BTreeSet<&str> = scalars(members).collect();
    let mut fields: Vec<String> =
        columns.unwrap_or(&own).iter().map(|column| members.get(*column).map(shown).unwrap_or_default()).collect();
    if !fields.is_empty() {
        if !name.is_empty() {
            fields.insert(0, name.to_uppercase());
        }
        writeln!(out, "{}", fields.join("\t"))?;
    }
    let mut below: Vec<_> = members.iter().filter(|(_, value)| !is_scalar(value)).collect();
    below.sort_by_key(|(name, _)| *name);
    below.into_iter().try_for_each(|(name, member)| value(out, name, member, None))
}

fn scalars(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    members.iter().filter(|(_, value)| is_scalar(value)).map(|(name, _)| name.as_str())
}

fn is_scalar(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn shown(scalar: &Value) -> String {
    scalar.as_str().map_or_else(|| scalar.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    /// Lines of aws-cli 1.46 for the same answers.
    #[test]
    fn lines_of_the_aws_command_line() {
        for (page, expected) in [
            (json!({ "Layers": [] }), ""),
            (json!({ "Layers": [{ "B": "b", "A": 1 }] }), "LAYERS\t1\tb\n"),
            (json!({ "Layers": [{ "B": "b" }, { "A": "a" }] }), "LAYERS\t\tb\nLAYERS\ta\t\n"),
            (
                json!({ "Layers": [{ "Z": ["x", "y"], "N": { "V": 2, "L": ["z"] }, "A": "a" }] }),
                "LAYERS\ta\nN\t2\nL\tz\nZ\tx\nZ\ty\n",
            ),
        ] {
            let mut written = Vec::new();
            super::write(&mut written, &page).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), expected, "{page}");
        }
    }
}
