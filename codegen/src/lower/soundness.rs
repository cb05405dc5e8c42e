//! Whether a shape makes sense by itself, whoever uses it.

use std::collections::BTreeMap;

use super::bindings::binding;
use super::protocol::{self, Side};
use crate::ir::Protocol;
use crate::smithy::{EnumValue, Member, Shape, ShapeKind};

/// A member or a value of an enum by its name, none where the shape as a whole is meant; the trait that is at fault, if it
/// is one; and why.
pub(super) type Fault<'a> = (Option<&'a str>, Option<&'static str>, String);

/// Checks a shape that is a message, or lies within one.
pub(super) fn check(protocol: Protocol, side: Side, shape: &Shape) -> Vec<Fault<'_>> {
    match &shape.kind {
        ShapeKind::Structure(members) => [units(members), twins(protocol, side, members)].concat(),
        ShapeKind::Union(members) if members.is_empty() => vec![(None, None, "is a union without members".to_owned())],
        ShapeKind::Union(members) => twins(protocol, side, members),
        ShapeKind::List(member) => units(std::slice::from_ref(member)),
        ShapeKind::Map { value, .. } => units(std::slice::from_ref(value)),
        ShapeKind::Enum(values) => same_values(values),
        _ => Vec::new(),
    }
}

/// What stands for nothing can be held by a union alone.
fn units(members: &[Member]) -> Vec<Fault<'_>> {
    let units = members.iter().filter(|member| member.target.is_unit());
    let reason = |member: &Member| format!("targets {}, which only members of unions can", member.target);
    units.map(|member| (Some(member.name.as_str()), None, reason(member))).collect()
}

/// Members that go by a name in the document that another one has.
fn twins(protocol: Protocol, side: Side, members: &[Member]) -> Vec<Fault<'_>> {
    let mut seen = BTreeMap::new();
    let mut faults = Vec::new();
    let is_elsewhere = |member: &&Member| binding(side).iter().any(|id| member.traits.has(id));
    for member in members.iter().filter(|member| !is_elsewhere(member)) {
        let (name, about) = protocol::name_in_document(protocol, member);
        if let Some(other) = seen.insert(name, member) {
            let reason = format!("goes by the name {name:?}, as `{}` does", other.name);
            faults.push((Some(member.name.as_str()), Some(about), reason));
        }
    }
    faults
}

fn same_values(values: &[EnumValue]) -> Vec<Fault<'_>> {
    let mut seen = BTreeMap::new();
    let mut faults = Vec::new();
    for value in values {
        if let Some(other) = seen.insert(&value.value, value) {
            let reason = format!("has the value {:?}, as `{}` does", value.value, other.name);
            faults.push((Some(value.name.as_str()), Some("smithy.api#enumValue"), reason));
        }
    }
    faults
}
