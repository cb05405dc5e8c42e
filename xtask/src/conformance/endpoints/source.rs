//! The sources of the crate that runs endpoint cases.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use serde_json::{Map, Value};
use tinsmith_codegen::ir::endpoint::{Kind, Parameter, RuleSet};
use tinsmith_codegen::{emit, lower, render};

use super::{Suite, calls};

/// What compares answers and calls with cases, and partitions as they were: files of that crate, not of this one.
const CHECK: &str = include_str!("check.rs");
const EARLIER: &str = include_str!("earlier.rs");
const CHECK_CALL: &str = include_str!("check_call.rs");

/// Paths in the crate, and their texts.
pub(super) fn files(suites: &[Suite]) -> anyhow::Result<Texts> {
    let texts = [("check", CHECK), ("check_call", CHECK_CALL), ("earlier", EARLIER)];
    let mut files: Texts = texts.map(|(name, text)| (format!("src/{name}.rs"), text.to_owned())).into();
    let mut calls_are_made = false;
    let mut library = String::from("//! Compiled endpoint rule sets and their cases.\n\n");
    library.push_str("#[cfg(test)]\nmod check;\npub mod earlier;\n");
    for (index, suite) in suites.iter().enumerate() {
        let name = format!("{}_{index}", module_name(&suite.file));
        writeln!(library, "pub mod {name};")?;
        let text = module(suite).with_context(|| suite.file.display().to_string())?;
        files.push((format!("src/{name}.rs"), text));
        if let Some(calls) = calls::of(suite, index).with_context(|| suite.file.display().to_string())? {
            let module = calls.module();
            writeln!(library, "pub mod {module};\n#[cfg(test)]\nmod calls_{module};")?;
            files.push((format!("src/calls_{module}.rs"), calls.tests.clone()));
            files.extend(calls.files()?);
            calls_are_made = true;
        }
    }
    if calls_are_made {
        library.push_str("#[cfg(test)]\nmod check_call;\n");
    }
    files.push(("src/lib.rs".to_owned(), library));
    Ok(files)
}

/// Texts, each with its path.
type Texts = Vec<(String, String)>;

fn module_name(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().to_lowercase();
    let words: Vec<_> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("of_{}", words.join("_"))
}

fn module(suite: &Suite) -> anyhow::Result<String> {
    let rule_set = match lower::endpoint::lower(&suite.rule_set) {
        Ok(rule_set) => rule_set,
        Err(faults) => bail!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    };
    let earlier = suite.without_dual_stack();
    let runtime = if earlier.is_empty() { "tinsmith_runtime" } else { "self::earlier" };
    let compiled = emit::endpoint::source(&rule_set, format!("From {}.", suite.file.display()), runtime);
    let mut text = render::text(&compiled, ", for its cases.").map_err(|fault| anyhow!("{fault}"))?;
    if !earlier.is_empty() {
        writeln!(text, "\ncrate::earlier_partitions!({earlier:?});")?;
    }
    if suite.cases.is_empty() {
        return Ok(text);
    }
    text.push_str("\n#[cfg(test)]\nmod tests {\n    use super::Params;\n    use crate::check::check;\n");
    for (index, case) in suite.cases.iter().enumerate() {
        text.push_str(&test(&rule_set, index, case).with_context(|| format!("case {index}"))?);
    }
    text.push_str("}\n");
    Ok(text)
}

fn test(rule_set: &RuleSet, index: usize, case: &Value) -> anyhow::Result<String> {
    let empty = Map::new();
    let given = case.get("params").and_then(Value::as_object).unwrap_or(&empty);
    let mut fields = String::new();
    for (name, value) in given {
        let parameter = rule_set.parameters.iter().find(|parameter| parameter.name == *name);
        let parameter = parameter.with_context(|| format!("the rule set has no parameter `{name}`"))?;
        write!(fields, "{}: Some({}), ", parameter.field, literal(parameter, value)?)?;
    }
    if given.len() < rule_set.parameters.len() {
        fields.push_str("..Params::default()");
    }
    let expected = case.get("expect").context("`expect` is missing")?;
    let about = case.get("documentation").and_then(Value::as_str).unwrap_or_default();
    Ok(format!(
        "\n    #[test]\n    fn case_{index}() {{\n        let params = Params {{ {fields} }};\n        \
         check({about:?}, params.resolve(), {:?});\n    }}\n",
        expected.to_string()
    ))
}

/// The value of a parameter, in Rust.
fn literal(parameter: &Parameter, value: &Value) -> anyhow::Result<String> {
    let fits = match parameter.kind {
        Kind::Text => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::List => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
    };
    if !fits {
        bail!("`{value}` is no value for the parameter `{}`", parameter.name);
    }
    Ok(match value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).map(|item| format!("{item:?}")).collect();
            format!("&[{}]", items.join(", "))
        }
        other => other.to_string(),
    })
}
