//! Conditions: each becomes a test, a binding or nothing at all.
//!
//! A condition holds unless its value is empty or `false` (rules engine specification, "Condition object").

use serde_json::Value;

use super::Lowering;
use super::values::{Type, Typed};
use crate::fault::below;
use crate::ir::endpoint::{Expr, Step};

/// What is known of a condition before any call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    MayHold,
    NeverHolds,
}

impl Lowering {
    /// Adds the steps of a condition to the rule at hand; nothing where it is at fault.
    pub(super) fn condition(&mut self, at: &str, value: &Value) -> Option<Outcome> {
        let object = self.faults.object(at, value)?;
        let assigned = match object.get("assign") {
            Some(name) => Some(self.faults.text(&below(at, "assign"), name)?),
            None => None,
        };
        if let (None, Some(reference)) = (assigned, is_set(value)) {
            return self.is_set(at, reference);
        }
        let value = self.call(at, object)?;
        let value = match value.expr {
            // What is tested or bound in one line with others must be one line itself.
            Expr::Choose(_) if value.optional || value.kind == Type::Boolean => self.aside(value),
            _ => value,
        };
        match assigned {
            Some(name) => self.assign(&below(at, "assign"), name, value),
            None => Some(self.test(value)),
        }
    }

    /// A parameter that was looked at can be read from here on, in this rule and those below it.
    fn is_set(&mut self, at: &str, reference: &str) -> Option<Outcome> {
        let value = self.reference(at, reference)?;
        if !value.optional {
            return Some(Outcome::MayHold);
        }
        let name = self.name(at, reference)?;
        self.scope.push((reference.to_owned(), value.local(&name)));
        self.steps.push(Step::Bind(name, value.expr));
        Some(Outcome::MayHold)
    }

    fn assign(&mut self, at: &str, name: &str, value: Typed) -> Option<Outcome> {
        if self.scope.iter().any(|(known, _)| known == name) {
            self.faults.add(at, format!("`{name}` is the name of a parameter or variable already"));
            return None;
        }
        let local = self.name(at, name)?;
        if value.kind == Type::Boolean {
            // Where it is not true, the rule is left.
            self.scope.push((name.to_owned(), Typed::boolean(Expr::Boolean(true))));
            return Some(self.test(value));
        }
        self.scope.push((name.to_owned(), value.local(&local)));
        self.steps.push(if value.optional { Step::Bind(local, value.expr) } else { Step::Let(local, value.expr) });
        Some(Outcome::MayHold)
    }

    fn test(&mut self, value: Typed) -> Outcome {
        let test = match (value.kind, value.optional) {
            (Type::Boolean, false) => value.expr,
            (Type::Boolean, true) => Expr::IsTrue(Box::new(value.expr)),
            (_, true) => Expr::IsSet(Box::new(value.expr)),
            (_, false) => Expr::Boolean(true),
        };
        match test {
            Expr::Boolean(true) => Outcome::MayHold,
            Expr::Boolean(false) => Outcome::NeverHolds,
            test => {
                self.steps.push(Step::Test(test));
                Outcome::MayHold
            }
        }
    }
}

/// The name in `{"fn": "isSet", "argv": [{"ref": name}]}`.
fn is_set(condition: &Value) -> Option<&str> {
    let [argument] = condition.get("argv")?.as_array()?.as_slice() else { return None };
    let called = condition.get("fn")?.as_str()?;
    argument.get("ref")?.as_str().filter(|_| called == "isSet")
}
