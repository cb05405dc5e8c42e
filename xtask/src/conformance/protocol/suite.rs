//! A test model: its service as the generator lowers it, and its cases.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use tinsmith::faults::Faults;
use tinsmith_codegen::smithy::{self, Model, Shape, ShapeId};
use tinsmith_codegen::{Diagnostic, Plan, Selection, emit, ir, lower, select};

use super::digits;
use crate::fs;

/// The protocols of the cases that are run.
const PROTOCOLS: [&str; 2] = ["aws.protocols#restJson1", "aws.protocols#awsQuery"];

/// A service of a test model.
pub(in crate::conformance) struct Suite {
    /// The name of the model's file, without its ending.
    pub name: String,
    pub model: Model,
    /// What is generated; nothing where every operation is refused.
    pub service: Option<ir::Service>,
    /// The operations that are not generated, with the reasons.
    pub refused: BTreeMap<String, Vec<String>>,
    /// The cases of the others.
    pub cases: Vec<Case>,
    /// The cases that no operation can run that is generated.
    pub out_of_reach: Vec<(Kind, String)>,
}

/// What a case is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::conformance) enum Kind {
    /// A request that a client sends.
    Request,
    /// A response that it reads.
    Response,
    /// A response that it reads as an error.
    Error,
    /// Events that it sends and reads.
    Events,
}

/// A case.
pub(in crate::conformance) struct Case {
    pub kind: Kind,
    pub id: String,
    /// The operation that is called.
    pub operation: ShapeId,
    /// The shape that the case is of: the operation, or an error.
    pub shape: ShapeId,
    /// The case as the model has it.
    pub value: Value,
}

impl Kind {
    /// The kinds as the index of the suite has them. Those of requests that a server has to refuse are not for clients.
    pub(super) const IN_INDEX: [&str; 4] = ["request", "response", "error", "eventStream"];

    /// What the index calls it.
    pub(super) fn in_index(self) -> &'static str {
        let [request, response, error, events] = Self::IN_INDEX;
        match self {
            Self::Request => request,
            Self::Response => response,
            Self::Error => error,
            Self::Events => events,
        }
    }

    /// The module of its tests.
    pub(super) fn module(self) -> &'static str {
        match self {
            Self::Request => "requests",
            Self::Response => "responses",
            Self::Error => "errors",
            Self::Events => "events",
        }
    }
}

impl Case {
    /// Its name among the cases of the model: a request and a response may have the same id.
    pub(super) fn name(&self) -> String {
        format!("{}::{}", self.kind.module(), self.id)
    }
}

impl Suite {
    /// The operations that are generated.
    pub(in crate::conformance) fn operations(&self) -> &[ir::Operation] {
        self.service.as_ref().map_or(&[], |service| &service.operations)
    }

    /// How many operations are generated.
    pub(super) fn generated(&self) -> usize {
        self.operations().len()
    }

    /// The module of the generated client.
    pub(in crate::conformance) fn module(&self) -> String {
        let words = self.name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        format!("of_{}", words.collect::<Vec<_>>().join("_").to_lowercase())
    }

    /// The files of the generated client, with paths below its module.
    pub(in crate::conformance) fn files(&self) -> anyhow::Result<tinsmith_codegen::Files> {
        let Some(service) = &self.service else { return Ok(tinsmith_codegen::Files::default()) };
        Ok(emit::emit(service, &tinsmith_codegen::Form::Module).map_err(|fault| Faults::from(vec![fault]))?)
    }
}

/// How many cases for clients a file has, wherever they are: those of protocols that its service speaks and that are ours.
/// Nothing of the generator has a part in it.
pub(super) fn count(text: &str) -> anyhow::Result<usize> {
    let document: Value = serde_json::from_str(text)?;
    let spoken: Vec<_> = PROTOCOLS.into_iter().filter(|id| has_key(&document, id)).collect();
    Ok(count_in(&document, &spoken))
}

fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(entries) => entries.contains_key(key) || entries.values().any(|value| has_key(value, key)),
        Value::Array(items) => items.iter().any(|value| has_key(value, key)),
        _ => false,
    }
}

fn count_in(value: &Value, protocols: &[&str]) -> usize {
    let is_case = |case: &&Value| {
        case["protocol"].as_str().is_some_and(|id| protocols.contains(&id)) && case["appliesTo"] != "server"
    };
    match value {
        Value::Object(entries) => {
            let lists = TESTS.iter().filter_map(|(id, _)| entries.get(*id)?.as_array()).flatten();
            lists.filter(is_case).count() + entries.values().map(|value| count_in(value, protocols)).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(|value| count_in(value, protocols)).sum(),
        _ => 0,
    }
}

/// Some operations of a model, without cases.
///
/// # Errors
///
/// They cannot be generated.
pub(in crate::conformance) fn of_operations(name: String, model: Model, plan: &Plan) -> anyhow::Result<Suite> {
    let selection = select::select(&model, plan).map_err(Faults::from)?;
    let service = Some(lower::lower(&model, &selection).map_err(Faults::from)?);
    Ok(Suite { name, model, service, refused: BTreeMap::new(), cases: Vec::new(), out_of_reach: Vec::new() })
}

/// The suite of a model, if it has one of these protocols.
pub(super) fn load(file: &Path) -> anyhow::Result<Option<Suite>> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read(file)?;
    let mut document: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let Some((service, protocol)) = complete(&mut document) else { return Ok(None) };
    let model = smithy::load(&name, &document.to_string()).map_err(Faults::from)?;
    // Of the cases every digit counts.
    let in_digits = smithy::load(&name, &digits::kept(&text)).map_err(Faults::from)?;
    lowered(name, model, &in_digits, service, protocol).map(Some)
}

/// Finds the service, and gives it what test models leave out and real ones have: a signing name, and endpoint rules.
/// The rules lead to whatever endpoint the settings say. Returns its id and its protocol.
fn complete(document: &mut Value) -> Option<(String, &'static str)> {
    let shapes = document.get_mut("shapes")?.as_object_mut()?;
    let (id, service, protocol) = shapes.iter_mut().find_map(|(id, shape)| {
        let spoken = |protocol: &&str| shape["type"] == "service" && shape["traits"].get(*protocol).is_some();
        let protocol = PROTOCOLS.into_iter().find(spoken)?;
        Some((id, shape, protocol))
    })?;
    let traits = service.get_mut("traits")?.as_object_mut()?;
    traits.entry("aws.auth#sigv4").or_insert_with(|| json!({ "name": "protocol-tests" }));
    traits.entry(lower::endpoint::RULE_SET).or_insert_with(|| {
        let endpoint = json!({ "type": "string", "builtIn": "SDK::Endpoint", "required": true, "documentation": "" });
        let rule = json!({ "type": "endpoint", "conditions": [], "endpoint": { "url": { "ref": "Endpoint" } } });
        json!({ "version": "1.0", "parameters": { "Endpoint": endpoint }, "rules": [rule] })
    });
    Some((id.clone(), protocol))
}

/// Lowers what can be generated of a service, and takes the cases of a model.
fn lowered(name: String, model: Model, cases_in: &Model, service: String, protocol: &str) -> anyhow::Result<Suite> {
    let mut plan = Plan { service: Some(service), operations: vec!["*".to_owned()], ..Plan::default() };
    let all = select::select(&model, &plan).map_err(Faults::from)?;
    let unsupported = lower::unsupported(&model, &all);
    plan.skip = unsupported.keys().map(|id| id.as_str().to_owned()).collect();
    let (selection, service) = if plan.skip.len() == all.operations.len() {
        (Selection { operations: Vec::new(), shapes: BTreeMap::new(), ..all }, None)
    } else {
        let selection = select::select(&model, &plan).map_err(Faults::from)?;
        let service = lower::lower(&model, &selection).map_err(Faults::from)?;
        (selection, Some(service))
    };
    let refused = unsupported.iter().map(|(id, faults)| (id.name().to_owned(), reasons(faults))).collect();
    let mut suite = Suite { name, model, service, refused, cases: Vec::new(), out_of_reach: Vec::new() };
    for shape in cases_in.shapes.values() {
        for (kind, value) in cases(shape, protocol) {
            let id = value.get("id").and_then(Value::as_str).context("a case has no `id`")?.to_owned();
            match caller(&suite, &selection, shape) {
                Some(operation) => suite.cases.push(Case { kind, id, operation, shape: shape.id.clone(), value }),
                None => suite.out_of_reach.push((kind, id)),
            }
        }
    }
    Ok(suite)
}

/// The traits of cases for clients. Responses of an error are cases of an error.
const TESTS: [(&str, Kind); 3] = [
    ("smithy.test#httpRequestTests", Kind::Request),
    ("smithy.test#httpResponseTests", Kind::Response),
    ("smithy.test#eventStreamTests", Kind::Events),
];

/// Why an operation is refused, each reason once, without the operation's name.
fn reasons(faults: &[Diagnostic]) -> Vec<String> {
    let mut reasons: Vec<_> =
        faults.iter().map(|fault| fault.reason.split(';').next().unwrap_or_default().to_owned()).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

/// The cases of a shape that are for clients.
fn cases(shape: &Shape, protocol: &str) -> Vec<(Kind, Value)> {
    let is_error = shape.traits.error().is_some();
    let of = |(id, kind): (&str, Kind)| {
        let kind = if is_error && kind == Kind::Response { Kind::Error } else { kind };
        let cases = shape.traits.get(id).and_then(Value::as_array).cloned().unwrap_or_default();
        cases.into_iter().map(move |case| (kind, case))
    };
    let all = TESTS.into_iter().flat_map(of);
    all.filter(|(_, case)| case["protocol"] == protocol && case["appliesTo"] != "server").collect()
}

/// The generated operation that a case is run by: itself, or for an error the first that lists it.
fn caller(suite: &Suite, selection: &Selection, shape: &Shape) -> Option<ShapeId> {
    if shape.as_operation().is_some() {
        return selection.operations.contains(&shape.id).then(|| shape.id.clone());
    }
    let service = suite.model.get(&selection.service)?.as_service()?;
    let lists = |id: &&ShapeId| {
        let operation = suite.model.get(id).and_then(Shape::as_operation);
        operation.is_some_and(|of| suite.model.errors(service, of).iter().any(|error| error.id == shape.id))
    };
    selection.operations.iter().find(lists).cloned()
}

#[cfg(test)]
mod tests {
    use super::count;

    /// A file with a service of this protocol, and a case of each of these protocols.
    #[track_caller]
    fn check(service: &str, cases: &[&str], expected: usize) {
        let case = |protocol: &&str| serde_json::json!({ "id": "A", "protocol": protocol });
        let mut cases: Vec<_> = cases.iter().map(case).collect();
        cases.push(serde_json::json!({ "id": "B", "protocol": service, "appliesTo": "server" }));
        let document = serde_json::json!({ "shapes": {
            "e#S": { "type": "service", "traits": { service: {} } },
            "e#A": { "type": "operation", "traits": { "smithy.test#httpRequestTests": cases } },
            "e#E": { "type": "structure", "traits": { "smithy.test#httpResponseTests": cases } },
            "e#M": { "type": "operation", "traits": { "smithy.test#httpMalformedRequestTests": cases } },
        } });
        assert_eq!(count(&document.to_string()).unwrap(), expected, "{service} {cases:?}");
    }

    #[test]
    fn cases_for_clients_are_counted() {
        let (json, query, xml) = ("aws.protocols#restJson1", "aws.protocols#awsQuery", "aws.protocols#restXml");
        check(json, &[json, json], 4);
        check(json, &[json, query, xml], 2);
        check(xml, &[json, xml], 0);
        check(json, &[], 0);
    }
}
