//! The way from the value at hand to the outermost one, for errors.

use std::fmt;

use crate::codec::error::SHOWN;
use crate::codec::json::MAX_DEPTH;

/// A path of members. Each step stands on the stack, beside the call that took it.
#[derive(Clone, Copy)]
pub(super) struct Path<'p> {
    before: Option<&'p Path<'p>>,
    step: Step<'p>,
    /// How many structures, lists and maps are open.
    depth: usize,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Start,
    Name(&'p str),
    Index(usize),
}

impl Path<'static> {
    /// The outermost value.
    pub(super) const START: Self = Self { before: None, step: Step::Start, depth: 0 };
}

impl<'p> Path<'p> {
    /// A member, or the entry of a map.
    pub(super) fn name(&'p self, name: &'p str) -> Self {
        Self { before: Some(self), step: Step::Name(name), depth: self.depth.saturating_add(1) }
    }

    /// An element of a list.
    pub(super) fn index(&'p self, index: usize) -> Self {
        Self { before: Some(self), step: Step::Index(index), depth: self.depth.saturating_add(1) }
    }

    /// Whether no structure, list or map may be opened here.
    pub(super) fn is_at_end(&self) -> bool {
        self.depth >= MAX_DEPTH
    }

    /// Says what was expected here.
    pub(super) fn expects(self, f: &mut fmt::Formatter<'_>, what: impl fmt::Display) -> fmt::Result {
        write!(f, "{what}")?;
        if self.before.is_some() { write!(f, " for `{self}`") } else { Ok(()) }
    }
}

/// As a person writes it: `Layers[3].LatestMatchingVersion.Version`.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(before) = self.before else { return Ok(()) };
        before.fmt(f)?;
        match self.step {
            Step::Start => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Name(name) => {
                let dot = if before.before.is_none() { "" } else { "." };
                f.write_str(dot)?;
                name.chars().take(SHOWN).try_for_each(|c| write!(f, "{}", c.escape_debug()))
            }
        }
    }
}

/// What was expected, and where.
pub(super) struct Expected<'p>(pub(super) &'static str, pub(super) Path<'p>);

impl fmt::Display for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.expects(f, self.0)
    }
}

impl serde_core::de::Expected for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
