//! What an operation reaches, as a tree for people.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::select::{self, Selection};
use crate::smithy::{Member, Model, Shape, ShapeId, ShapeKind, Traits};

/// How many characters of a trait's value, or of an enum's values, are shown.
const WIDTH: usize = 70;

/// How many levels are shown: below, a tree is no longer read, and its indentation alone would fill the screen.
const LEVELS: usize = 64;

/// Shows an operation: its input, output and errors, their members with types and traits, and the sum of it.
///
/// A shape is opened where it is met first; where it is met again the tree says so, or that it recurses.
///
/// # Errors
///
/// The model has no service, several, or no such operation (with near names).
pub fn show(model: &Model, operation: &str) -> Result<String, Vec<Diagnostic>> {
    let plan = Plan { operations: vec![operation.to_owned()], ..Plan::default() };
    let selection = select::select(model, &plan)?;
    let mut tree = Tree { model, text: String::new(), opened: BTreeSet::new() };
    for id in &selection.operations {
        tree.operation(&selection, id);
    }
    tree.text.push_str(&sum(model, &selection));
    Ok(tree.text)
}

struct Tree<'a> {
    model: &'a Model,
    text: String,
    opened: BTreeSet<&'a str>,
}

/// A line to be: how far in, what it says before the type, and the shape.
struct Line<'a> {
    /// Whether each level above, and this one, is the last of its siblings.
    last: Vec<bool>,
    /// The shapes above, for telling recursion.
    above: Vec<&'a str>,
    label: String,
    shape: &'a Shape,
    traits: Option<&'a Traits>,
}

impl<'a> Tree<'a> {
    fn operation(&mut self, selection: &Selection, id: &ShapeId) {
        let model = self.model;
        let (Some(shape), Some(service)) = (model.get(id), model.get(&selection.service)) else { return };
        let (Some(operation), Some(data)) = (shape.as_operation(), service.as_service()) else { return };
        let http = shape.traits.http().map(|http| format!("  {} {}", http.method, http.uri)).unwrap_or_default();
        self.text.push_str(&format!("{}{http}\n", shape.id.name()));
        if let Some(pages) = model.paginated(service, shape) {
            let part = |name: &str, member: Option<&str>| member.map(|member| format!("{name} {member}"));
            let parts = [
                part("items", pages.items),
                part("input token", pages.input_token),
                part("output token", pages.output_token),
                part("page size", pages.page_size),
            ];
            self.text.push_str(&format!("  pages: {}\n", parts.into_iter().flatten().collect::<Vec<_>>().join(", ")));
        }
        let shown = shape.traits.iter().filter(|(id, _)| !["smithy.api#http", "smithy.api#paginated"].contains(id));
        let traits = traits(shown);
        if !traits.is_empty() {
            self.text.push_str(&format!("  {}\n", traits.trim_start()));
        }
        let mut children = vec![("input".to_owned(), &operation.input), ("output".to_owned(), &operation.output)];
        children.extend(model.errors(data, operation).into_iter().map(|error| ("error".to_owned(), &error.id)));
        let children = children.into_iter().filter_map(|(label, id)| Some((label, model.get(id)?, None))).collect();
        self.walk(children);
    }

    /// Opens shapes, depth first and in order, with a stack of its own: a model decides how deep this goes.
    fn walk(&mut self, children: Vec<(String, &'a Shape, Option<&'a Traits>)>) {
        let mut waiting = Vec::new();
        push(&mut waiting, &[], &[], children);
        while let Some(line) = waiting.pop() {
            let id = line.shape.id.as_str();
            let members = line.shape.members();
            let note = if members.is_empty() {
                ""
            } else if line.above.contains(&id) {
                "  … recursive"
            } else if line.above.len() >= LEVELS {
                "  … deeper"
            } else if !self.opened.insert(id) {
                "  … as above"
            } else {
                let children = members.into_iter().filter_map(|member| self.child(line.shape, member)).collect();
                let above: Vec<_> = line.above.iter().copied().chain([id]).collect();
                push(&mut waiting, &line.last, &above, children);
                ""
            };
            self.line(&line, note);
        }
    }

    fn child(&self, of: &Shape, member: &'a Member) -> Option<(String, &'a Shape, Option<&'a Traits>)> {
        let label = match of.kind {
            ShapeKind::List(_) => "each".to_owned(),
            _ => member.name.clone(),
        };
        Some((label, self.model.target(member)?, Some(&member.traits)))
    }

    fn line(&mut self, line: &Line<'_>, note: &str) {
        if let Some((last, above)) = line.last.split_last() {
            for is_last in above {
                self.text.push_str(if *is_last { "   " } else { "│  " });
            }
            self.text.push_str(if *last { "└─ " } else { "├─ " });
        }
        // A member says again what its target says, for its own reasons; a reader needs it once.
        let said = |id: &str| line.traits.is_some_and(|of_member| of_member.has(id));
        let own = traits(line.shape.traits.iter().filter(|(id, _)| !said(id)));
        let of_member = line.traits.map(|of_member| traits(of_member.iter())).unwrap_or_default();
        self.text.push_str(&format!("{}: {}{of_member}{own}{note}\n", line.label, type_of(line.shape)));
    }
}

/// Puts children on the stack so that the first one comes off first.
fn push<'a>(
    waiting: &mut Vec<Line<'a>>,
    last: &[bool],
    above: &[&'a str],
    children: Vec<(String, &'a Shape, Option<&'a Traits>)>,
) {
    let mut is_last = true;
    for (label, shape, traits) in children.into_iter().rev() {
        let last = last.iter().copied().chain([is_last]).collect();
        waiting.push(Line { last, above: above.to_vec(), label, shape, traits });
        is_last = false;
    }
}

/// `LayerName (string)`, `Runtime (enum of 46: nodejs, nodejs4.3, …)`; the prelude's by their names alone.
fn type_of(shape: &Shape) -> String {
    let name = shape.id.name();
    match &shape.kind {
        _ if shape.id.is_prelude() => name.to_owned(),
        ShapeKind::Enum(values) => format!("{name} ({})", some("enum", values.iter().map(|value| value.value.clone()))),
        ShapeKind::IntEnum(values) => {
            let values = values.iter().map(|value| format!("{} = {}", value.name, value.value));
            format!("{name} ({})", some("intEnum", values))
        }
        kind => format!("{name} ({})", kind.name()),
    }
}

fn some(kind: &str, values: impl ExactSizeIterator<Item = String>) -> String {
    let count = values.len();
    format!("{kind} of {count}: {}", cut(&values.collect::<Vec<_>>().join(", ")))
}

/// ` @required @httpQuery("Marker")`; prose is left out, and the `enum` trait, which the type shows.
fn traits<'a>(traits: impl Iterator<Item = (&'a str, &'a Value)>) -> String {
    let shown = traits.filter(|(id, _)| !["smithy.api#documentation", "smithy.api#enum"].contains(id));
    shown.map(|(id, value)| format!("  @{}{}", id.strip_prefix("smithy.api#").unwrap_or(id), argument(value))).collect()
}

fn argument(value: &Value) -> String {
    let text = match value {
        Value::Object(object) if object.is_empty() => return String::new(),
        Value::Object(object) => {
            object.iter().map(|(key, value)| format!("{key}: {value}")).collect::<Vec<_>>().join(", ")
        }
        value => value.to_string(),
    };
    format!("({})", cut(&text))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `reaches 19 shapes: 7 structure, 3 list, …`.
fn sum(model: &Model, selection: &Selection) -> String {
    let mut counts = std::collections::BTreeMap::new();
    for shape in selection.shapes.keys().filter(|id| !id.is_prelude()).filter_map(|id| model.get(id)) {
        *counts.entry(shape.kind.name()).or_insert(0_usize) += 1;
    }
    let total: usize = counts.values().sum();
    let parts: Vec<_> = counts.into_iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!("reaches {total} shapes: {}\n", parts.join(", "))
}
