//! Faults that are shown together.

use std::fmt;

use tinsmith_codegen::{Diagnostic, diagnostic};

/// All that is wrong, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl Faults {
    /// An error, if there is a fault.
    ///
    /// # Errors
    ///
    /// The faults.
    pub fn check(faults: Vec<String>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }
}

impl From<Vec<Diagnostic>> for Faults {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self(diagnostics.iter().map(ToString::to_string).collect())
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        diagnostic::write_all(f, &self.0)
    }
}

impl std::error::Error for Faults {}
