//! Rules, and the order in which they are tried.

use serde_json::{Map, Value};

use super::Lowering;
use super::conditions::Outcome;
use crate::fault::{below, item};
use crate::ir::endpoint::{Rule, Step, Then};

impl Lowering {
    /// The rules that can be reached: none behind one that always matches, and none that never does.
    pub(super) fn rules(&mut self, at: &str, value: &Value) -> Vec<Rule> {
        let Some(values) = self.faults.array(at, value) else { return Vec::new() };
        let mut rules = Vec::new();
        let mut ended = false;
        for (index, value) in values.iter().enumerate() {
            let at = item(at, index);
            // What cannot be reached is read all the same, for its faults.
            let rule = self.deeper(&at, |this| this.rule(&at, value));
            if let Some(rule) = rule.filter(|_| !ended) {
                ended = always(&rule);
                rules.push(rule);
            }
        }
        rules
    }

    /// A rule; nothing where it never matches, or is at fault.
    fn rule(&mut self, at: &str, value: &Value) -> Option<Rule> {
        let object = self.faults.object(at, value)?;
        let outer = (self.scope.len(), std::mem::take(&mut self.steps));
        let mut matches = true;
        let conditions = object
            .get("conditions")
            .map_or(Some([].as_slice()), |value| self.faults.array(&below(at, "conditions"), value));
        for (index, value) in conditions.into_iter().flatten().enumerate() {
            let at = item(&below(at, "conditions"), index);
            let outcome = self.condition(&at, value);
            matches &= outcome == Some(Outcome::MayHold);
        }
        let then = self.then(at, object);
        self.scope.truncate(outer.0);
        let steps = std::mem::replace(&mut self.steps, outer.1);
        Some(Rule { steps, then: then? }).filter(|_| matches)
    }

    fn then(&mut self, at: &str, object: &Map<String, Value>) -> Option<Then> {
        let kind = self.faults.member(at, object, "type")?;
        let kind = self.faults.text(&below(at, "type"), kind)?;
        let within = match kind {
            "endpoint" | "error" => kind,
            "tree" => "rules",
            _ => {
                self.faults.add(&below(at, "type"), format!("expected `endpoint`, `error` or `tree`, found `{kind}`"));
                return None;
            }
        };
        let value = self.faults.member(at, object, within)?;
        let at = below(at, within);
        if kind == "tree" {
            return Some(Then::Tree(self.rules(&at, value)));
        }
        self.named = Some(Vec::new());
        let then = match kind {
            "endpoint" => self.endpoint(&at, value).map(|endpoint| Then::Endpoint(Box::new(endpoint))),
            _ => self.text(&at, value).map(|text| Then::Error(text.passed())),
        };
        self.named = None;
        then
    }
}

/// Whether nothing in the rule can fail. A tree whose rules run out is an error, so that it answers all the same.
fn always(rule: &Rule) -> bool {
    rule.steps.iter().all(|step| matches!(step, Step::Let(..)))
}
