//! An error with all its causes on one line, for logs.

use std::error::Error;
use std::fmt;

/// Displays an error and everything below it: `a: b: c`.
///
/// The errors of a call say all on one line by themselves; this is for errors of others around them.
#[derive(Debug)]
pub struct DisplayErrorContext<E: Error>(pub E);

impl<E: Error> fmt::Display for DisplayErrorContext<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0, f)
    }
}

/// Writes an error and its causes.
pub(crate) fn chain(error: &dyn Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(f, ": {error}")?;
        cause = error.source();
    }
    Ok(())
}
