//! What a new model changes for programs that use the client of an old one.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::plan::Plan;
use crate::smithy::Model;
use crate::surface::{Surface, surface};
use crate::{lower, select};

/// A change, with what it asks of the version of a crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it asks for.
    pub class: Class,
    /// How.
    pub how: How,
    /// What was changed, as [`Surface`] calls it.
    pub what: String,
}

/// What a change asks of the version of a crate, by Semantic Versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Nothing: what is new could be said before, as an enum takes any text.
    Nothing,
    /// A minor one: programs compile as before.
    Minor,
    /// A major one: there are programs that no longer compile.
    Major,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is new.
    Added,
    /// It is no longer there.
    Removed,
    /// It has another type.
    Retyped,
}

/// What the operations of a plan offer in a model. Those that cannot be generated of it offer nothing, and are told of beside it.
///
/// # Errors
///
/// The service cannot be generated of the model, or has none of these operations.
pub fn offered(model: &Model, plan: &Plan) -> Result<(Surface, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (plan, impossible) = crate::possible(model, plan)?;
    let selection = select::select(model, &plan)?;
    Ok((surface(&lower::lower(model, &selection)?), impossible))
}

/// The changes from one to the other, by name. Of what is new or gone, its parts are not told.
pub fn changes(old: &Surface, new: &Surface) -> Vec<Change> {
    let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
    let mut changes: Vec<_> = names.filter_map(|name| change(old, new, name)).collect();
    changes.sort_by(|one, other| one.what.cmp(&other.what));
    changes
}

fn change(old: &Surface, new: &Surface, what: &str) -> Option<Change> {
    let in_both = |part_of: &Option<String>| {
        part_of.as_ref().is_none_or(|whole| old.contains_key(whole) && new.contains_key(whole))
    };
    let (class, how) = match (old.get(what), new.get(what)) {
        (Some(old), Some(new)) if old.used != new.used => (Class::Major, How::Retyped),
        (Some(old), None) if in_both(&old.part_of) => (Class::Major, How::Removed),
        (None, Some(new)) if in_both(&new.part_of) => {
            (if new.is_open { Class::Nothing } else { Class::Minor }, How::Added)
        }
        _ => return None,
    };
    Some(Change { class, how, what: what.to_owned() })
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self.how {
            How::Added => "is new",
            How::Removed => "is gone",
            How::Retyped => "has another type",
        };
        write!(f, "{:<8} {} {how}", self.class.to_string(), self.what)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
