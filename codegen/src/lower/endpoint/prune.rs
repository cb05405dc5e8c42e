//! Takes out the variables that nothing reads: a binding becomes a test, and a `let` goes.

use crate::ir::endpoint::{Absence, AuthChange, Endpoint, Expr, Piece, Property, Rule, RuleSet, Step, Then};

pub(super) fn prune(rule_set: &mut RuleSet) {
    rule_set.rules.iter_mut().for_each(rule);
    for parameter in &mut rule_set.parameters {
        let field = &parameter.field;
        parameter.read = parameter.absence != Absence::Allowed && rule_set.rules.iter().any(|r| r.reads(field));
    }
}

fn rule(this: &mut Rule) {
    if let Then::Tree(rules) = &mut this.then {
        rules.iter_mut().for_each(rule);
    }
    // From the end, since a variable may be read by one that is not read itself.
    let mut kept: Vec<Step> = Vec::new();
    for step in std::mem::take(&mut this.steps).into_iter().rev() {
        let read = |name: &str| kept.iter().any(|step| step.reads(name)) || this.then.reads(name);
        match step {
            Step::Bind(name, value) if !read(&name) => kept.push(Step::Test(Expr::IsSet(Box::new(value)))),
            Step::Let(name, _) if !read(&name) => {}
            step => kept.push(step),
        }
    }
    kept.reverse();
    this.steps = kept;
}

trait Reads {
    /// Whether the variable of this name is read.
    fn reads(&self, name: &str) -> bool;
}

impl Reads for Rule {
    fn reads(&self, name: &str) -> bool {
        self.steps.iter().any(|step| step.reads(name)) || self.then.reads(name)
    }
}

impl Reads for Step {
    fn reads(&self, name: &str) -> bool {
        match self {
            Self::Test(value) | Self::Bind(_, value) | Self::Let(_, value) => value.reads(name),
        }
    }
}

impl Reads for Then {
    fn reads(&self, name: &str) -> bool {
        match self {
            Self::Endpoint(endpoint) => endpoint.reads(name),
            Self::Error(text) => text.reads(name),
            Self::Tree(rules) => rules.iter().any(|rule| rule.reads(name)),
        }
    }
}

impl Reads for Endpoint {
    fn reads(&self, name: &str) -> bool {
        self.url.reads(name)
            || self.headers.iter().any(|(_, value)| value.reads(name))
            || self.properties.iter().any(|(_, value)| value.reads(name))
            || self.auth_schemes.iter().any(|s| s.name.reads(name) || s.changes.iter().any(|c| c.reads(name)))
    }
}

impl Reads for AuthChange {
    fn reads(&self, name: &str) -> bool {
        match self {
            Self::SigningName(text) | Self::SigningRegion(text) | Self::SigningRegionOfSet(text) => text.reads(name),
            Self::Property(_, value) => value.reads(name),
            Self::DisableDoubleEncoding | Self::DisableNormalizePath => false,
        }
    }
}

impl Reads for Property {
    fn reads(&self, name: &str) -> bool {
        match self {
            Self::Text(text) => text.reads(name),
            Self::Boolean(_) | Self::Integer(_) => false,
            Self::List(items) => items.iter().any(|item| item.reads(name)),
            Self::Map(entries) => entries.iter().any(|(_, value)| value.reads(name)),
        }
    }
}

impl Reads for Expr {
    fn reads(&self, name: &str) -> bool {
        match self {
            Self::Local(local) => local == name,
            Self::Parameter(_) | Self::Text(_) | Self::Boolean(_) | Self::Count(_) | Self::List(_) => false,
            Self::Format(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Value(v) if v.reads(name))),
            Self::Call(_, parts) | Self::Any(parts) => parts.iter().any(|part| part.reads(name)),
            Self::Choose(parts) => parts.iter().any(|part| part.reads(name)),
            Self::Equal(left, right) | Self::Or(left, right) | Self::UnwrapOr(left, right) => {
                left.reads(name) || right.reads(name)
            }
            Self::Field(inner, _)
            | Self::At(inner, _)
            | Self::Not(inner)
            | Self::IsSet(inner)
            | Self::IsTrue(inner)
            | Self::Some(inner)
            | Self::As(_, inner) => inner.reads(name),
        }
    }
}
