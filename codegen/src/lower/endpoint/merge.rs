//! Joins neighbours that answer alike: of two rules with a test each and one answer, one is made that answers where
//! either test holds. Some services list regions so, a rule each.

use crate::ir::endpoint::{Expr, Rule, Step, Then};

pub(super) fn merge(rules: &mut Vec<Rule>) {
    let mut merged: Vec<Rule> = Vec::with_capacity(rules.len());
    for mut rule in std::mem::take(rules) {
        if let Then::Tree(inner) = &mut rule.then {
            merge(inner);
        }
        match (merged.last_mut(), rule.steps.as_mut_slice()) {
            (Some(last), [Step::Test(test)]) if last.then == rule.then => match last.steps.as_mut_slice() {
                [Step::Test(Expr::Any(tests))] => tests.push(test.clone()),
                [Step::Test(first)] => *first = Expr::Any(vec![first.clone(), test.clone()]),
                _ => merged.push(rule),
            },
            _ => merged.push(rule),
        }
    }
    *rules = merged;
}
