//! What someone sees who looks at a function while it comes to be, or changes.

use serde::Deserialize;
use serde_json::{Map, Value};

/// What one look at a function finds. [`Look::default`] is a function that is active and up to date.
///
/// ```
/// use tinsmith_stand_in::{Function, Look};
///
/// let created = Function::new("f").looks([Look::absent(), Look::state("Pending"), Look::state("Active")]);
/// let updated = Function::new("g").looks([Look::update("InProgress"), Look::update("Successful")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Look(Option<Map<String, Value>>);

impl Default for Look {
    fn default() -> Self {
        Self(Some(Map::new()))
    }
}

impl Look {
    /// There is no such function, yet or any more.
    pub fn absent() -> Self {
        Self(None)
    }

    /// Its `State`, such as `Pending`, `Active` or `Failed`.
    pub fn state(state: &str) -> Self {
        Self::default().with("State", state)
    }

    /// Its `LastUpdateStatus`, such as `InProgress`, `Successful` or `Failed`.
    pub fn update(status: &str) -> Self {
        Self::default().with("LastUpdateStatus", status)
    }

    /// Another member of the configuration, such as `StateReason`. Where there is no function, there is none.
    #[must_use]
    pub fn with(mut self, member: &str, value: &str) -> Self {
        if let Some(members) = &mut self.0 {
            members.insert(member.to_owned(), value.into());
        }
        self
    }

    /// The members of the configuration that differ from the usual ones; `None` where there is no function.
    pub(crate) fn members(&self) -> Option<&Map<String, Value>> {
        self.0.as_ref()
    }
}
