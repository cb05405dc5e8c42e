//! What [`Config::explain`] tells: for each setting its value, where it came from, and what it overrode.

use std::fmt;

use super::declare::Shown;
use super::{Config, Origin, Resolved, SettingError, rows};
use crate::error::Beginning;
use crate::operation::ServiceMeta;
use crate::transport::proxy::ProxyConfig;

/// All settings of a client or a program, in a fixed order. Its `Display` is a table for people:
///
/// ```text
/// SETTING         VALUE      FROM
/// region          us-east-2  AWS_REGION
///   instead of    eu-west-1  /home/me/.aws/config:2
/// ```
///
/// Secrets are not shown, of an access key id only its ends, and of an address not the password.
#[derive(Clone, Debug)]
pub struct Explanation {
    rows: Vec<Row>,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// Its name: that of the property of a profile, else that of the variable.
    pub name: String,
    /// Its value as it is shown; `none` where there is none.
    pub value: String,
    /// Where the value came from.
    pub origin: Origin,
    /// The values that other places have for it and that do not count, as they are shown.
    pub overrides: Vec<Resolved<String>>,
    /// Why the value cannot be used, where it cannot. The first call that needs it fails with this.
    pub problem: Option<SettingError>,
    /// What else is to be known, as a sentence without its full stop: for example why it has no effect.
    pub note: Option<String>,
}

impl Config {
    /// What each setting is, where it came from, and what it overrode. Nothing is sent; variables are read as they are
    /// now, files as they were when the settings were loaded.
    pub fn explain(&self) -> Explanation {
        Explanation { rows: rows::all(self, None) }
    }

    /// The same for a client of a service: with its own endpoint URL, and the endpoint that calls go to.
    pub(crate) fn explain_for(&self, service: &'static ServiceMeta) -> Explanation {
        Explanation { rows: rows::all(self, Some(service)) }
    }
}

impl Explanation {
    /// The settings.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The setting of this name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

/// What stands before a value that did not count.
const INSTEAD: &str = "  instead of";

/// The widest that a column gets, in characters. What is longer than that moves what follows it.
const WIDEST: usize = 60;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.rows.iter().map(|row| &*row.name).chain([INSTEAD]);
        let values = self.rows.iter().flat_map(|row| {
            std::iter::once(&*row.value).chain(row.overrides.iter().map(|overridden| &*overridden.value))
        });
        let (name, value) = (width(names), width(values));
        writeln!(f, "{:name$}  {:value$}  FROM", "SETTING", "VALUE")?;
        for row in &self.rows {
            writeln!(f, "{:name$}  {:value$}  {}", row.name, row.value, row.origin)?;
            for overridden in &row.overrides {
                writeln!(f, "{INSTEAD:name$}  {:value$}  {}", overridden.value, overridden.origin)?;
            }
            if let Some(problem) = &row.problem {
                writeln!(f, "  wrong: {problem}")?;
            }
            if let Some(note) = &row.note {
                writeln!(f, "  note: {note}")?;
            }
        }
        Ok(())
    }
}

fn width<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    cells.map(|cell| cell.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or_default()
}

/// How a value is shown: as much of it as may be, on one line that is not too long.
pub(super) fn shown(value: &str, how: Shown) -> String {
    let value = value.trim();
    let ends = |value: &str| {
        let letters: Vec<char> = value.chars().collect();
        match letters.as_slice() {
            [a, b, c, d, .., w, x, y, z] if letters.len() >= 16 => {
                [*a, *b, *c, *d, '…', *w, *x, *y, *z].iter().collect()
            }
            _ => "…".to_owned(),
        }
    };
    let hidden = || "(not shown)".to_owned();
    let text = match how {
        Shown::Whole => value.to_owned(),
        Shown::Address => value.rsplit_once('@').map_or(value.to_owned(), |(before, after)| {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            let separator = if scheme.is_empty() { "" } else { "://" };
            format!("{scheme}{separator}…@{after}")
        }),
        Shown::Proxy => ProxyConfig::all(value)
            .ok()
            .and_then(|proxies| proxies.for_https().ok().flatten().map(ToString::to_string))
            .unwrap_or_else(hidden),
        Shown::Ends => ends(value),
        Shown::Nothing => hidden(),
    };
    Beginning::of_message(&text).to_string()
}

#[cfg(test)]
mod tests;
