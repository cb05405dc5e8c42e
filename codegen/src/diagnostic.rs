//! What is wrong with a model or a plan, and where.

use std::fmt;

/// One fault: the file, the shape, the trait, and why it cannot stand.
///
/// Faults are collected, so that one run shows all of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The model's file, as its caller named it.
    pub file: String,
    /// The shape (`com.example#Order`) or its member (`com.example#Order$id`); none where the file as a whole is meant.
    pub shape: Option<String>,
    /// The trait that is at fault, by its whole id.
    pub trait_id: Option<String>,
    /// What is wrong, what was expected, and what can be done.
    pub reason: String,
}

impl Diagnostic {
    /// A fault of the file as a whole.
    pub fn new(file: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { file: file.into(), shape: None, trait_id: None, reason: reason.into() }
    }

    /// At this shape, or at this member of one.
    pub fn at(self, shape: impl fmt::Display) -> Self {
        Self { shape: Some(shape.to_string()), ..self }
    }

    /// About this trait.
    pub fn about(self, trait_id: impl Into<String>) -> Self {
        Self { trait_id: Some(trait_id.into()), ..self }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file)?;
        if let Some(shape) = &self.shape {
            write!(f, "{shape}: ")?;
        }
        if let Some(trait_id) = &self.trait_id {
            write!(f, "@{trait_id}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// Writes faults that are shown together: one as it is, several with their number and a line each.
///
/// # Errors
///
/// Nothing can be written.
pub fn write_all(f: &mut fmt::Formatter<'_>, faults: &[impl fmt::Display]) -> fmt::Result {
    match faults {
        [fault] => fault.fmt(f),
        faults => {
            write!(f, "{} faults", faults.len())?;
            faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
        }
    }
}

/// The faults found so far in one file.
#[derive(Debug)]
pub(crate) struct Faults {
    file: String,
    found: Vec<Diagnostic>,
}

impl Faults {
    pub(crate) fn of(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub(crate) fn file(&mut self, reason: impl Into<String>) {
        self.found.push(Diagnostic::new(&self.file, reason));
    }

    pub(crate) fn shape(&mut self, shape: impl fmt::Display, reason: impl Into<String>) {
        self.found.push(Diagnostic::new(&self.file, reason).at(shape));
    }

    pub(crate) fn of_trait(&mut self, shape: impl fmt::Display, trait_id: &str, reason: impl Into<String>) {
        self.found.push(Diagnostic::new(&self.file, reason).at(shape).about(trait_id));
    }

    /// The value, if nothing was found on the way to it.
    pub(crate) fn or<T>(mut self, value: T) -> Result<T, Vec<Diagnostic>> {
        if self.found.is_empty() {
            return Ok(value);
        }
        self.found.sort();
        self.found.dedup();
        Err(self.found)
    }
}
