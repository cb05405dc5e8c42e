//! A model as it is read: mixins and `apply` in place, resources walked, shapes selected, and the tree that people see.

use std::fmt::Write;

use tinsmith_codegen::select::select;
use tinsmith_codegen::smithy::{self, Model, Shape, ShapeKind};
use tinsmith_codegen::{Plan, show};

const ORDERS: &str = include_str!("fixtures/orders.json");

fn orders() -> Model {
    smithy::load("orders.json", ORDERS).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// A line a shape and a line a member, without the prelude.
fn listed(model: &Model) -> String {
    let shapes = model.shapes.values().filter(|shape| !shape.id.is_prelude());
    shapes.flat_map(lines).map(|line| line + "\n").collect()
}

fn lines(shape: &Shape) -> Vec<String> {
    let traits: Vec<_> = shape.traits.iter().map(|(id, _)| id).collect();
    let mut lines = vec![format!("{} {} {traits:?}", shape.kind.name(), shape.id.name())];
    for member in shape.members() {
        let traits: Vec<_> = member.traits.iter().map(|(id, value)| format!("{id} = {value}")).collect();
        lines.push(format!("  {}: {} [{}]", member.name, member.target, traits.join(", ")));
    }
    match &shape.kind {
        ShapeKind::Enum(values) => lines.extend(values.iter().map(|value| {
            let deprecated = if value.traits.has("smithy.api#deprecated") { " deprecated" } else { "" };
            format!("  {} = {:?}{deprecated}", value.name, value.value)
        })),
        ShapeKind::IntEnum(values) => {
            lines.extend(values.iter().map(|value| format!("  {} = {}", value.name, value.value)));
        }
        ShapeKind::Operation(operation) => lines.push(format!("  {operation:?}")),
        ShapeKind::Resource(resource) => lines.push(format!("  {resource:?}")),
        ShapeKind::Service(service) => lines.push(format!("  {service:?}")),
        _ => {}
    }
    lines
}

#[test]
fn model() {
    insta::assert_snapshot!(listed(&orders()));
}

#[test]
fn what_the_service_says() {
    let model = orders();
    let (service, data) = model.service(None).unwrap();
    let names: Vec<_> = model.operations(data).into_iter().map(|(shape, _)| shape.id.name()).collect();
    assert_eq!(names, ["ListOrders", "Ping", "PutLine"]);

    let operations = model.operations(data);
    let (list, operation) = operations.iter().find(|(shape, _)| shape.id.name() == "ListOrders").unwrap();
    let errors: Vec<_> = model.errors(data, operation).into_iter().map(|shape| shape.id.name()).collect();
    assert_eq!(errors, ["Refused", "Throttled"]);

    let pages = model.paginated(service, list).unwrap();
    let pages = (pages.input_token, pages.output_token, pages.items, pages.page_size);
    assert_eq!(pages, (Some("from"), Some("next"), Some("orders"), Some("limit")));
    assert!(model.paginated(service, operations[1].0).is_none());

    assert_eq!(model.unknown_traits().into_iter().collect::<Vec<_>>(), [("example.traits#own", 1)]);
}

#[test]
fn selection() {
    let model = orders();
    let plan = Plan { operations: vec!["ListOrders".into(), "PutLine".into()], ..Plan::default() };
    let selection = select(&model, &plan).unwrap();
    let mut text = String::new();
    for (id, selected) in &selection.shapes {
        let shared = if selected.users.is_empty() { "end" } else { "shared" };
        let owner = selected.owner().map_or(shared, |id| id.name());
        let reach = match (selected.reach.input, selected.reach.output) {
            (true, true) => "both",
            (true, false) => "input",
            _ => "output",
        };
        writeln!(text, "{} {reach} {owner}", id.name()).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn tree() {
    insta::assert_snapshot!(show::show(&orders(), "*").unwrap());
}
