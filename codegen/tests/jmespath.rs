//! JMESPath's own compliance suite: what must parse does, what must not does not, and what is read means what it should.

mod evaluate;

use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use tinsmith_codegen::jmespath;

fn main() {
    let mut trials = tinsmith_suites::trials("conformance/jmespath", suite);
    trials.extend(tinsmith_suites::trials("conformance/waiters", real));
    trials.push(Trial::test("errors say where", errors_say_where));
    trials.push(Trial::test("what is too long or too deep is refused", bounds));
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// A trial a file: each has groups of cases that look at the same value.
fn suite(folder: &Path) -> std::io::Result<Vec<Trial>> {
    let mut files = folder.read_dir()?.map(|file| Ok(file?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap_or_default().display().to_string();
    Ok(files.into_iter().map(|path| Trial::test(name(&path), move || file(&path))).collect())
}

/// All cases of a file; those that fail, by their expressions.
fn file(path: &Path) -> Result<(), Failed> {
    let groups: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut failed = Vec::new();
    let mut cases = 0;
    for group in groups.as_array().into_iter().flatten() {
        for case in group["cases"].as_array().into_iter().flatten() {
            cases += 1;
            let result = check(&group["given"], case);
            failed.extend(result.err().map(|why| format!("{}: {}", case["expression"], why.message().unwrap_or("?"))));
        }
    }
    match (cases, failed.is_empty()) {
        (0, _) => Err("no cases".into()),
        (_, false) => Err(failed.join("\n").into()),
        (_, true) => Ok(()),
    }
}

/// Every expression of every official model.
fn real(folder: &Path) -> std::io::Result<Vec<Trial>> {
    let text = std::fs::read_to_string(folder.join("jmespath-expressions-in-models.json"))?;
    Ok(vec![Trial::test("expressions of real models", move || {
        let expressions: Value = serde_json::from_str(&text)?;
        for expression in expressions.as_object().filter(|all| !all.is_empty()).ok_or("no expressions")?.keys() {
            jmespath::parse(expression).map_err(|error| format!("{expression}: {error}"))?;
        }
        Ok(())
    })])
}

/// One case. Errors that are none of syntax depend on the value or the function, and are of no concern to a parser.
fn check(given: &Value, case: &Value) -> Result<(), Failed> {
    let text = case["expression"].as_str().ok_or("no expression")?;
    let parsed = jmespath::parse(text);
    match (parsed, case["error"].as_str(), case.get("result")) {
        (Err(error), Some("syntax"), _) if error.at <= text.len() => Ok(()),
        (Ok(expression), Some("syntax"), _) => Err(format!("no syntax error, but {expression:?}").into()),
        (Err(error), ..) => Err(error.to_string().into()),
        (Ok(expression), None, Some(expected)) => match evaluate::evaluate(&expression, given) {
            Ok(found) if evaluate::equal(&found, expected) => Ok(()),
            Ok(found) => Err(format!("{found} instead of {expected}: {expression:?}").into()),
            Err(evaluate::NoSuchFunction) => Ok(()),
        },
        (Ok(_), ..) => Ok(()),
    }
}

fn errors_say_where() -> Result<(), Failed> {
    for (text, expected) in [
        ("", "expected an expression, found the end at byte 0"),
        ("foo.", "expected a name, `*`, `[` or `{` after `.`, found the end at byte 4"),
        ("foo bar", "expected the end, or an operator, found `bar` at byte 4"),
        ("foo[?a = b]", "`=` means nothing here at byte 7"),
        ("foo == 'x", "`'` has no partner at byte 7"),
        ("length(a, b", "expected `,` or `)`, found the end at byte 11"),
        ("foo[abc]", "expected an index, a slice or `*`, found `abc` at byte 4"),
        ("a[99999999999999999999]", "expected an integer of 64 bits, found `99999999999999999999` at byte 2"),
        ("`{`", "`{` is no JSON: EOF while parsing an object at line 1 column 1 at byte 0"),
    ] {
        let said = jmespath::parse(text).map_or_else(|error| error.to_string(), |found| format!("{found:?}"));
        if said != expected {
            return Err(format!("{text}: {said}").into());
        }
    }
    Ok(())
}

/// What a model says is walked on the stack, so that it has an end.
fn bounds() -> Result<(), Failed> {
    let refused = |text: String| jmespath::parse(&text).map_or_else(|error| error.reason, |_| "parsed".to_owned());
    for unit in ["(", "[?", "[*]", "& ", "!"] {
        for (times, most) in [(200, "more than 128 levels"), (100_000, "more than 600 words")] {
            let found = refused(unit.repeat(times));
            if found != most {
                return Err(format!("{unit}: {found}").into());
            }
        }
    }
    Ok(())
}
