//! Rust names for parameters and variables of a rule set.

use std::collections::{HashMap, HashSet};

use crate::lower::names;

/// One Rust name for each name of the rule set, and no two the same.
pub(super) struct Names {
    known: HashMap<String, String>,
    taken: HashSet<String>,
}

impl Default for Names {
    fn default() -> Self {
        // The module whose functions the rules call, and what stands around those parameters that an input gives.
        let taken = ["rules", "input", "builtins", "params"].map(str::to_owned);
        Self { known: HashMap::new(), taken: HashSet::from(taken) }
    }
}

impl Names {
    /// The name of this parameter or variable; nothing where the rule set may not have such a name.
    pub(super) fn of(&mut self, name: &str) -> Option<String> {
        let mut bytes = name.bytes();
        let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        if !starts || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return None;
        }
        if let Some(known) = self.known.get(name) {
            return Some(known.clone());
        }
        let fresh = self.fresh(&names::snake(name));
        self.known.insert(name.to_owned(), fresh.clone());
        Some(fresh)
    }

    /// A name like this one that nothing else has.
    pub(super) fn fresh(&mut self, like: &str) -> String {
        let like = match like {
            // `___` has no words in it, and neither numbers nor keywords can be names.
            "" => "value".to_owned(),
            _ if like.starts_with(|c: char| c.is_ascii_digit()) => format!("_{like}"),
            _ if names::escape(like.to_owned()) != like => format!("{like}_"),
            _ => like.to_owned(),
        };
        let numbered = (2..).map(|n: u64| format!("{like}_{n}"));
        let free = std::iter::once(like.clone()).chain(numbered).find(|name| !self.taken.contains(name));
        let free = free.unwrap_or(like);
        self.taken.insert(free.clone());
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case_and_distinct() {
        let mut names = Names::default();
        let mut check = |name: &str, expected: Option<&str>| assert_eq!(names.of(name).as_deref(), expected, "{name}");
        check("UseFIPS", Some("use_fips"));
        check("use_fips", Some("use_fips_2"));
        check("UseFIPS", Some("use_fips"));
        check("Self", Some("self_"));
        check("type", Some("type_"));
        check("__", Some("value"));
        check("rules", Some("rules_2"));
        check("_1", Some("_1"));
        check("", None);
        check("1a", None);
        check("a-b", None);
        check("é", None);
    }
}
