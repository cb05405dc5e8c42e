//! The example on the first page of a crate: a function that calls an operation which is on by default.

use crate::ir::{Operation, Service};
use crate::plan::Form;

/// A block of code, where the output is a crate with such an operation. One that lists something shows most: all pages.
pub(super) fn of(service: &Service, form: &Form) -> Option<String> {
    let name = package(form)?.replace('-', "_");
    let is_on = |operation: &&Operation| operation.feature.as_ref().is_none_or(|feature| feature.is_default);
    let mut operations = service.operations.iter().filter(is_on).filter(|operation| operation.deprecated.is_none());
    let first = operations.clone().next()?;
    let call = match operations.find(|operation| lists(operation)) {
        Some(Operation { module, .. }) => format!(
            "    let mut items = client.{module}().into_paginator().items().send();\n    \
                 while let Some(item) = items.try_next().await? {{\n        \
                     println!(\"{{item:?}}\");\n    \
                 }}\n"
        ),
        None => {
            format!("    let answer = client.{}().send().await?;\n    println!(\"{{answer:?}}\");\n", first.module)
        }
    };
    Some(format!(
        "```no_run\nuse {name}::Client;\n\n\
         async fn example() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             // Region and credentials are found where the AWS command line finds them.\n    \
             let client = Client::from_env().await?;\n\
             {call}    Ok(())\n\
         }}\n```"
    ))
}

fn lists(operation: &Operation) -> bool {
    operation.pages.as_ref().is_some_and(|pages| pages.items.is_some())
}

/// The name of the crate; a module has none.
fn package(form: &Form) -> Option<&str> {
    match form {
        Form::Module | Form::RuntimeModule => None,
        Form::NewCrate { name, .. } => Some(name),
        Form::Crate { manifest } => {
            // Other sections have names too: those of programs, tests and examples.
            let package = manifest.lines().skip_while(|line| line.trim() != "[package]").skip(1);
            let mut package = package.take_while(|line| !line.starts_with('['));
            package.find_map(|line| line.strip_prefix("name = \"")).and_then(|name| name.strip_suffix('"'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_called_as_its_package() {
        let check = |manifest: &str, expected: Option<&str>| {
            assert_eq!(package(&Form::Crate { manifest: manifest.to_owned() }), expected, "{manifest}");
        };
        check("[package]\nname = \"a-b\"\n", Some("a-b"));
        check("[[bin]]\nname = \"tool\"\n\n[package]\nversion = \"1\"\nname = \"a\"\n", Some("a"));
        check("[package]\nname.workspace = true\n[lib]\nname = \"other\"\n", None);
        assert_eq!(package(&Form::Module), None);
    }
}
