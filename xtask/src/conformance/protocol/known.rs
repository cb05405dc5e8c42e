//! What is known not to work yet: operations that are not generated, and cases that fail.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};

use super::suite::{Case, Suite};
use crate::fs;

/// The two lists. Their lines are `model<TAB>name<TAB>reason`; lines that begin with `#` are for people.
pub(super) struct Known {
    /// Operations that are not generated, by model and name.
    gaps: BTreeMap<(String, String), String>,
    /// Cases that fail, by model and name.
    failures: BTreeMap<(String, String), String>,
}

impl Known {
    /// Reads both lists from this folder.
    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let list = |name: &str| list(&folder.join(name));
        Ok(Self { gaps: list("known-gaps.tsv")?, failures: list("known-failures.tsv")? })
    }

    /// Why a case is known to fail.
    pub(super) fn failure(&self, suite: &Suite, case: &Case) -> Option<&str> {
        self.failures.get(&(suite.name.clone(), case.name())).map(String::as_str)
    }

    /// Checks that every operation that is refused is listed, or refused for a reason that another one is listed with,
    /// and that none is listed that is generated.
    pub(super) fn check_gaps(&self, suites: &[Suite]) -> anyhow::Result<()> {
        let mut wrong = Vec::new();
        for suite in suites {
            for (operation, reasons) in &suite.refused {
                let listed = self.gaps.contains_key(&(suite.name.clone(), operation.clone()));
                let is_known = |reason: &String| self.gaps.values().any(|known| known.split("; ").any(|k| k == reason));
                if !listed && !reasons.iter().all(is_known) {
                    wrong.push(format!(
                        "not listed, and not generated: {}\t{operation}\t{}",
                        suite.name,
                        reasons.join("; ")
                    ));
                }
            }
            for operation in suite.operations().iter().map(|operation| &operation.model_name) {
                if self.gaps.contains_key(&(suite.name.clone(), operation.clone())) {
                    wrong.push(format!("listed, and generated: {}\t{operation}", suite.name));
                }
            }
        }
        ensure!(wrong.is_empty(), "tests/conformance/known-gaps.tsv is not up to date:\n{}", wrong.join("\n"));
        Ok(())
    }
}

fn list(path: &Path) -> anyhow::Result<BTreeMap<(String, String), String>> {
    let text = fs::read(path)?;
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| {
        let (model, rest) = line.split_once('\t')?;
        let (name, reason) = rest.split_once('\t').filter(|(_, reason)| !reason.trim().is_empty())?;
        Some(((model.to_owned(), name.to_owned()), reason.to_owned()))
    };
    lines
        .map(|line| entry(line).with_context(|| format!("{}: expected model, name and reason: {line}", path.display())))
        .collect()
}
