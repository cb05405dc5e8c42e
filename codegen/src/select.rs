//! Operations → everything that they reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::plan::{Form, Plan};
use crate::smithy::{Model, Operation, Service, Shape, ShapeId};

/// What is generated: closed, so that every shape that one of its shapes targets is in it too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The service.
    pub service: ShapeId,
    /// The operations, sorted by id.
    pub operations: Vec<ShapeId>,
    /// Those that are on by default, where each is a feature of its crate.
    pub defaults: Option<BTreeSet<ShapeId>>,
    /// Whether what refuses is read as the model says. The runtime goes by codes alone, so that its own modules do without.
    pub reads_errors: bool,
    /// The data shapes that they reach, those of the prelude included, sorted by id.
    pub shapes: BTreeMap<ShapeId, Selected>,
}

/// How a shape is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// From which side.
    pub reach: Reach,
    /// Which operations hold it in what they send and receive, or fail with it. Of what an operation itself takes or
    /// answers it makes a type of its own, so that it is no user of that.
    pub users: BTreeSet<ShapeId>,
}

impl Selected {
    /// The operation that alone uses it.
    pub fn owner(&self) -> Option<&ShapeId> {
        self.users.first().filter(|_| self.users.len() == 1)
    }
}

/// The sides from which a shape is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// From the input of an operation: clients write it.
    pub input: bool,
    /// From the output or an error of an operation: clients read it.
    pub output: bool,
}

/// Selects what the plan asks for.
///
/// # Errors
///
/// The model has no such service, the plan names no operation or skips all of them, or names one that the service does
/// not have, or that is on by default and not generated; or a module is to have features.
pub fn select(model: &Model, plan: &Plan) -> Result<Selection, Vec<Diagnostic>> {
    let (service, data) = model.service(plan.service.as_deref()).map_err(|fault| vec![fault])?;
    let all = model.operations(data);
    let mut faults = Vec::new();
    if plan.operations.is_empty() {
        let reason = format!("no operation was asked for: name some of its {}, or `*` for all", all.len());
        faults.push(model.fault(&service.id, reason));
    }
    let mut asked = BTreeSet::new();
    for name in &plan.operations {
        asked.extend(find(model, service, &all, name, &mut faults));
    }
    for name in &plan.skip {
        for id in find(model, service, &all, name, &mut faults) {
            asked.remove(&id);
        }
    }
    if faults.is_empty() && asked.is_empty() {
        faults.push(model.fault(&service.id, "no operation is left: `skip` names all that were asked for"));
    }
    let defaults = plan.default_operations.as_ref().map(|names| {
        if matches!(plan.form, Form::Module | Form::RuntimeModule) {
            let reason = "a module has no features of its own, so that no operation of it can be on by default";
            faults.push(model.fault(&service.id, reason));
        }
        let found = |name: &String| defaults(model, service, &all, (name, &asked), &mut faults);
        names.iter().flat_map(found).collect()
    });
    if !faults.is_empty() {
        return Err(faults);
    }
    let operations: Vec<_> = asked.into_iter().collect();
    let reads_errors = plan.form != Form::RuntimeModule;
    let shapes = shapes(model, data, &operations, reads_errors);
    Ok(Selection { service: service.id.clone(), operations, defaults, reads_errors, shapes })
}

impl Selection {
    /// The same without some operations, and without what they alone reach.
    pub(crate) fn without(&self, model: &Model, is_out: impl Fn(&ShapeId) -> bool) -> Self {
        let operations: Vec<_> = self.operations.iter().filter(|id| !is_out(id)).cloned().collect();
        let service = model.get(&self.service).and_then(Shape::as_service);
        let reads_errors = self.reads_errors;
        let shapes = service.map(|service| shapes(model, service, &operations, reads_errors)).unwrap_or_default();
        let defaults = self.defaults.as_ref().map(|ids| ids.iter().filter(|id| !is_out(id)).cloned().collect());
        Self { service: self.service.clone(), operations, defaults, reads_errors, shapes }
    }
}

/// Of the operations that go by a name, those that are asked for: a name of none of them is a fault.
fn defaults(
    model: &Model,
    service: &Shape,
    all: &[(&Shape, &Operation)],
    (name, asked): (&str, &BTreeSet<ShapeId>),
    faults: &mut Vec<Diagnostic>,
) -> Vec<ShapeId> {
    let found = find(model, service, all, name, faults);
    let is_found = !found.is_empty();
    let generated: Vec<_> = found.into_iter().filter(|id| asked.contains(id)).collect();
    if is_found && generated.is_empty() {
        faults.push(model.fault(&service.id, format!("{name} is to be on by default, and is not generated")));
    }
    generated
}

/// The operations that go by a name (`ListLayers`, `com.example#ListLayers` or `*`).
fn find(
    model: &Model,
    service: &Shape,
    all: &[(&Shape, &Operation)],
    name: &str,
    faults: &mut Vec<Diagnostic>,
) -> Vec<ShapeId> {
    let named = |shape: &Shape| name == "*" || shape.id.name() == name || shape.id.as_str() == name;
    let found: Vec<_> = all.iter().filter(|(shape, _)| named(shape)).map(|(shape, _)| shape.id.clone()).collect();
    if found.is_empty() {
        let near = near(name, all.iter().map(|(shape, _)| shape.id.name()));
        let hint = match near.as_slice() {
            [] => format!("it has {} others", all.len()),
            near => format!("did you mean {}?", near.join(", ")),
        };
        faults.push(model.fault(&service.id, format!("has no operation {name}: {hint}")));
    }
    found
}

/// At most three names that differ from this one in a third of its letters or less, nearest first; and where none does,
/// those that hold it whole.
fn near<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = name.to_ascii_lowercase();
    let limit = (wanted.len() / 3).clamp(1, 4);
    let mut ranked: Vec<_> = all.map(|known| (distance(&wanted, &known.to_ascii_lowercase()), known)).collect();
    ranked.sort_unstable();
    let holds = |known: &str| wanted.len() >= 3 && known.to_ascii_lowercase().contains(&wanted);
    let mut near: Vec<_> = ranked.iter().filter(|(distance, _)| *distance <= limit).map(|(_, known)| *known).collect();
    if near.is_empty() {
        near = ranked.into_iter().map(|(_, known)| known).filter(|known| holds(known)).collect();
    }
    near.truncate(3);
    near
}

/// How many bytes must be added, removed or changed to make one text of the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(to.bytes()) {
            let changed = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// What these operations reach.
fn shapes(model: &Model, service: &Service, operations: &[ShapeId], reads_errors: bool) -> BTreeMap<ShapeId, Selected> {
    let mut shapes = BTreeMap::new();
    for (id, operation) in operations.iter().filter_map(|id| Some((id, model.get(id)?.as_operation()?))) {
        let errors = if reads_errors { model.errors(service, operation) } else { Vec::new() };
        reach(model, (id, operation), &errors, &mut shapes);
    }
    shapes
}

/// Marks what one operation reaches.
fn reach(
    model: &Model,
    (id, operation): (&ShapeId, &Operation),
    errors: &[&Shape],
    shapes: &mut BTreeMap<ShapeId, Selected>,
) {
    let ends = [&operation.input, &operation.output];
    let members = ends.into_iter().filter_map(|id| model.get(id)).flat_map(Shape::members);
    let errors = errors.iter().map(|error| &error.id);
    let used = closure(model, members.map(|member| &member.target).chain(errors.clone()));
    let input = closure(model, [&operation.input].into_iter());
    let output = closure(model, [&operation.output].into_iter().chain(errors));
    for shape in input.union(&output) {
        let reach = Reach { input: input.contains(shape), output: output.contains(shape) };
        let selected = shapes.entry((*shape).clone()).or_default();
        selected.reach.input |= reach.input;
        selected.reach.output |= reach.output;
        if used.contains(*shape) {
            selected.users.insert(id.clone());
        }
    }
}

/// These shapes and what they target, again and again.
pub(crate) fn closure<'a>(model: &'a Model, roots: impl Iterator<Item = &'a ShapeId>) -> BTreeSet<&'a ShapeId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<_> = roots.collect();
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            let members = model.get(id).map(Shape::members).unwrap_or_default();
            waiting.extend(members.into_iter().map(|member| &member.target));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{distance, near};

    #[test]
    fn near_names() {
        let all = ["ListLayers", "ListLayerVersions", "ListTags", "GetLayerVersion", "DeleteLayerVersion", "Invoke"];
        for (name, expected) in [
            ("ListLayer", &["ListLayers"][..]),
            ("listlayers", &["ListLayers"]),
            ("LisstLayres", &["ListLayers"]),
            ("LayerVersion", &["GetLayerVersion"]),
            ("Layer", &["ListLayers", "GetLayerVersion", "ListLayerVersions"]),
            ("PutItem", &[]),
            ("", &[]),
        ] {
            assert_eq!(near(name, all.into_iter()), expected, "{name}");
        }
    }

    #[test]
    fn distances() {
        for (from, to, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("a", "a", 0)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }
}
