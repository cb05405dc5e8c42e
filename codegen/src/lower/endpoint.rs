//! Endpoint rules: the `endpointRuleSet` trait of a service, resolved and typed.
//!
//! The rules engine is typed (Smithy 2.0, rules engine specification): a parameter that may be absent must be looked
//! at before it is read, and an index into a list may miss. Both become `Option` here, and everything else is known.

mod conditions;
pub(super) mod context;
mod expressions;
mod functions;
mod merge;
mod names;
mod parameters;
mod prune;
mod results;
mod rules;
mod values;

use serde_json::Value;

use crate::fault::{Fault, Faults};
use crate::ir::endpoint::{Expr, RuleSet, Step};
use names::Names;
use values::Typed;

/// The trait that holds a rule set.
pub const RULE_SET: &str = "smithy.rules#endpointRuleSet";
/// The trait that holds the same rules as a binary decision diagram.
pub const BDD: &str = "smithy.rules#endpointBdd";

/// How deep rules and expressions may nest, all told.
const DEPTH: usize = 64;

/// The rules of a service, from the values of its two traits; nothing where it has neither.
///
/// # Errors
///
/// Every fault of the rule set, with its place in it; or that the service has a decision diagram alone.
pub fn of_service(rule_set: Option<&Value>, bdd: Option<&Value>) -> Result<Option<RuleSet>, Vec<Fault>> {
    match (rule_set, bdd) {
        (Some(value), _) => lower(value).map(Some),
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let reason = format!("the service has `{BDD}` alone, which is not supported: it needs `{RULE_SET}`");
            Err(vec![Fault { at: String::new(), reason }])
        }
    }
}

/// A rule set, from the value of the `endpointRuleSet` trait.
///
/// # Errors
///
/// Every fault, with its place in the value.
pub fn lower(value: &Value) -> Result<RuleSet, Vec<Fault>> {
    let mut lowering = Lowering::default();
    let lowered = lowering.rule_set(value);
    let mut rule_set = lowering.faults.or(lowered)?.unwrap_or_default();
    prune::prune(&mut rule_set);
    merge::merge(&mut rule_set.rules);
    Ok(rule_set)
}

/// A rule set on its way: its steps are methods, one file a kind of thing.
#[derive(Default)]
struct Lowering {
    faults: Faults,
    names: Names,
    /// What can be referred to by name, innermost last.
    scope: Vec<(String, Typed)>,
    /// The steps of the rule at hand.
    steps: Vec<Step>,
    /// While an answer is read: the fields that its texts hold, and the variables made for them.
    named: Option<Vec<(Expr, String)>>,
    depth: usize,
}

impl Lowering {
    fn rule_set(&mut self, value: &Value) -> Option<RuleSet> {
        let root = self.faults.object("", value)?;
        let parameters = self.faults.member("", root, "parameters");
        let rules = self.faults.member("", root, "rules");
        let parameters = self.parameters(parameters?);
        let rules = self.rules("rules", rules?);
        Some(RuleSet { parameters, rules })
    }

    /// Does this one level deeper, unless that is too deep.
    fn deeper<T>(&mut self, at: &str, work: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH {
            self.faults.add(at, format!("this is nested more than {DEPTH} levels deep"));
            return None;
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }
}

#[cfg(test)]
mod tests;
