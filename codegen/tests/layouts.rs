//! Both layouts of Lambda's model give the same ListLayers: operations on the service, and operations under resources.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use tinsmith_codegen::ir::{Operation, Service, Shape, Structure};
use tinsmith_codegen::{Form, Plan, generate, lower, possible, select, smithy};

fn main() -> std::process::ExitCode {
    let tests = [("same ListLayers", same as fn(&Path) -> Result<(), Failed>), ("all operations", all)];
    tinsmith_suites::run("models", |folder| {
        let trial = |(name, test): (_, fn(&Path) -> _)| {
            let folder = folder.to_owned();
            Trial::test(name, move || test(&folder))
        };
        Ok::<_, String>(tests.map(trial).into())
    })
}

const MODELS: [&str; 2] = ["lambda-2025.json", "lambda-2026.json"];

fn same(folder: &Path) -> Result<(), Failed> {
    let [old, new] = MODELS.map(|name| lowered(&folder.join(name)));
    let (old, new) = (normal(old?), normal(new?));
    if old == new { Ok(()) } else { Err(format!("{old:#?}\n\nis not\n\n{new:#?}").into()) }
}

fn lowered(path: &Path) -> Result<Service, Failed> {
    let model = smithy::load(&path.display().to_string(), &std::fs::read_to_string(path)?)
        .map_err(|faults| format!("{faults:?}"))?;
    let plan = Plan { operations: vec!["ListLayers".to_owned()], ..Plan::default() };
    let selection = select::select(&model, &plan).map_err(|faults| format!("{faults:?}"))?;
    Ok(lower::lower(&model, &selection).map_err(|faults| format!("{faults:?}"))?)
}

/// Without what may differ from year to year: prose, values of enums, endpoint rules, the order of members.
fn normal(mut service: Service) -> Service {
    service.docs = None;
    service.endpoint = Default::default();
    for of in &mut service.enums {
        of.docs.clear();
        of.variants.clear();
    }
    service.errors.iter_mut().for_each(|error| structure(&mut error.structure));
    service.shapes.iter_mut().for_each(shape);
    service.operations.iter_mut().for_each(operation);
    service
}

fn operation(operation: &mut Operation) {
    operation.docs.clear();
    structure(&mut operation.input);
    structure(&mut operation.output.structure);
    operation.errors.sort_by(|a, b| a.code.cmp(&b.code));
    operation.shapes.iter_mut().for_each(shape);
}

fn shape(of: &mut Shape) {
    match of {
        Shape::Structure(of) => structure(of),
        Shape::Union(of) => of.docs.clear(),
    }
}

fn structure(structure: &mut Structure) {
    structure.docs.clear();
    structure.fields.iter_mut().for_each(|field| field.docs.clear());
    structure.fields.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Every operation that is supported can be generated, from either model; few are not.
fn all(folder: &Path) -> Result<(), Failed> {
    for name in MODELS {
        let path = folder.join(name);
        let model = smithy::load(name, &std::fs::read_to_string(&path)?).map_err(|faults| format!("{faults:?}"))?;
        let plan = Plan { operations: vec!["*".to_owned()], form: Form::Module, ..Plan::default() };
        let (plan, left_out) = possible(&model, &plan).map_err(|faults| format!("{faults:?}"))?;
        if plan.skip.len() > 3 {
            return Err(format!("{name}: left out: {left_out:?}").into());
        }
        generate(&model, &plan).map_err(|faults| format!("{name}: {faults:?}"))?;
    }
    Ok(())
}
