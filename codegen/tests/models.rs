//! Every model of `../shared` loads without a fault, its operations are found, official ones can be imported, and where
//! each operation is a feature, it brings what the operation reaches.

mod reach;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Diagnostic, import};

const FOLDERS: [&str; 4] = ["models", "models/corpus", "conformance/protocol", "conformance/protocol-extra"];

fn main() {
    let trials = FOLDERS.into_iter().flat_map(|name| tinsmith_suites::trials(name, |folder| trials(name, folder)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn trials(name: &str, folder: &Path) -> std::io::Result<Vec<Trial>> {
    let mut files = folder.read_dir()?.map(|file| Ok(file?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let trial = |path: PathBuf| trial(format!("{name}/{}", path.file_name().unwrap_or_default().display()), path);
    Ok(files.into_iter().map(trial).collect())
}

fn trial(name: String, path: PathBuf) -> Trial {
    Trial::test(name.clone(), move || {
        let text = std::fs::read_to_string(&path)?;
        let model = smithy::load(&name, &text).map_err(|faults| format!("{faults:#?}"))?;
        let expected = match name.as_str() {
            "models/lambda-2025.json" => Some(68),
            "models/lambda-2026.json" => Some(85),
            _ => None,
        };
        check(&model, &text, expected)?;
        if name.starts_with("models/") {
            check_import(&name, &text)?;
            reach::check(&model, None, 12)?;
            check_references(&model)?;
        }
        Ok(())
    })
}

/// Every operation shape belongs to a service here, so that none may be lost on the way through resources.
fn check(model: &Model, text: &str, expected: Option<usize>) -> Result<(), Failed> {
    let services = model.shapes.values().filter_map(|shape| shape.as_service());
    let reached = services.map(|service| model.operations(service).len()).max().unwrap_or_default();
    let raw: serde_json::Value = serde_json::from_str(text)?;
    let shapes = raw["shapes"].as_object().ok_or("no shapes")?;
    let there = shapes.values().filter(|shape| shape["type"] == "operation").count();
    let several = shapes.values().filter(|shape| shape["type"] == "service").count() > 1;
    if several || (reached == there && expected.is_none_or(|expected| expected == reached)) {
        return Ok(());
    }
    Err(format!("{reached} operations reached, {there} in the file, {expected:?} expected").into())
}

/// Each operation of a service of AWS leads to its own page of the service's reference.
fn check_references(model: &Model) -> Result<(), Failed> {
    let service = reach::lowered(model, &reach::plan(&["*"], None));
    for operation in &service.operations {
        let page =
            operation.reference.as_ref().and_then(|page| page.strip_prefix("https://docs.aws.amazon.com/goto/WebAPI/"));
        let (id, name) = page.and_then(|page| page.split_once('/')).unwrap_or_default();
        if name != operation.model_name || !id.ends_with(&format!("-{}", service.version)) {
            return Err(format!("{}: leads to {:?}", operation.model_name, operation.reference).into());
        }
    }
    Ok(())
}

/// Facts are facts: importing them again changes nothing, no prose is among them, and no operation is lost.
fn check_import(name: &str, text: &str) -> Result<(), Failed> {
    let described = |faults: Vec<Diagnostic>| Failed::from(format!("{faults:#?}"));
    let imported = import::import(name, text).map_err(described)?;
    let again = import::import(name, &imported.facts).map_err(described)?;
    if again != imported {
        return Err("a second import differs".into());
    }
    if imported.facts.contains("<p>") || imported.facts.contains("smithy.api#documentation") {
        return Err("prose among the facts".into());
    }
    let operations = |text: &str| text.matches("\"type\": \"operation\"").count();
    let pretty = format!("{:#}", serde_json::from_str::<serde_json::Value>(text)?);
    match (operations(&pretty), operations(&imported.facts)) {
        (before, after) if before == after => Ok(()),
        (before, after) => Err(format!("{before} operations before, {after} after").into()),
    }
}
