//! What is compiled with the feature of an operation, held against what the operation reaches.

use std::collections::BTreeSet;

use tinsmith_codegen::ir::{Service, Shape};
use tinsmith_codegen::smithy::Model;
use tinsmith_codegen::{Form, Plan, RuntimeSource, lower, select};

/// Each operation of a model alone: with its feature is compiled what a crate of it alone would hold, and nothing else but
/// what is compiled always; with the default one, nothing else at all. Of many operations only so many are looked at, spread
/// over all of them. Returns how many there are.
pub(crate) fn check(model: &Model, default: Option<&str>, most: usize) -> Result<usize, String> {
    let defaults: Vec<_> = default.into_iter().collect();
    let service = lowered(model, &plan(&["*"], Some(&defaults)));
    let always = compiled(&service, "");
    for operation in service.operations.iter().step_by(service.operations.len().div_ceil(most).max(1)) {
        let feature = operation.feature.as_ref().ok_or_else(|| format!("{} is no feature", operation.name))?;
        let alone = compiled(&lowered(model, &plan(&[&operation.model_name], None)), "");
        let expected: BTreeSet<_> = if feature.is_default { alone } else { alone.union(&always).cloned().collect() };
        let found = compiled(&service, &feature.name);
        if found != expected {
            let (more, less): (Vec<_>, Vec<_>) =
                (found.difference(&expected).collect(), expected.difference(&found).collect());
            return Err(format!("{}: compiled without need: {more:?}; not compiled: {less:?}", feature.name));
        }
    }
    let is_default = |operation: &&tinsmith_codegen::ir::Operation| {
        operation.feature.as_ref().is_some_and(|feature| feature.is_default)
    };
    let found: Vec<_> = service.operations.iter().filter(is_default).map(|operation| &*operation.name).collect();
    if found != defaults {
        return Err(format!("on by default: {found:?}, expected {defaults:?}"));
    }
    Ok(service.operations.len())
}

/// The types that are compiled with one feature, and those of operations without any.
fn compiled(service: &Service, feature: &str) -> BTreeSet<String> {
    let is_on = |gate: &[String]| gate.is_empty() || gate.iter().any(|name| name == feature);
    let mut types = BTreeSet::new();
    for operation in &service.operations {
        let gate: Vec<_> = operation.feature.iter().map(|feature| feature.name.clone()).collect();
        if is_on(&gate) {
            types.insert(operation.input.name.clone());
            types.extend(operation.shapes.iter().map(|shape| name(shape).to_owned()));
            types.extend(operation.enums.iter().map(|of| of.name.clone()));
        }
    }
    let groups = service.groups.iter().filter(|group| is_on(&group.gate));
    for (shapes, enums) in
        groups.map(|group| (&group.held.shapes, &group.held.enums)).chain([(&service.shapes, &service.enums)])
    {
        types.extend(shapes.iter().map(|shape| name(shape).to_owned()));
        types.extend(enums.iter().map(|of| of.name.clone()));
    }
    let groups = service.error_groups.iter().filter(|group| is_on(&group.gate)).flat_map(|group| &group.held);
    types.extend(groups.chain(&service.errors).map(|error| format!("error {}", error.structure.name)));
    types
}

pub(crate) fn name(shape: &Shape) -> &str {
    match shape {
        Shape::Structure(structure) => &structure.name,
        Shape::Union(union) => &union.name,
    }
}

/// The whole service that a plan asks for.
pub(crate) fn lowered(model: &Model, plan: &Plan) -> Service {
    let selection = select::select(model, plan).expect("the operations are there");
    lower::lower(model, &selection).expect("the operations are supported")
}

pub(crate) fn plan(operations: &[&str], defaults: Option<&[&str]>) -> Plan {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let form = Form::NewCrate { name: "stock".to_owned(), runtime: RuntimeSource::Version("0.1".to_owned()) };
    Plan { operations: owned(operations), default_operations: defaults.map(owned), form, ..Plan::default() }
}
