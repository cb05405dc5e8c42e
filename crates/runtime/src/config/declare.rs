//! How a setting is declared: once, with all that reading, errors and [`Config::explain`](super::Config::explain) need.

use super::{Config, Origin, Resolved, SettingError, Settings, Slot};

/// A setting: where it is looked for, what it may be, and how it is explained.
pub(crate) struct Setting<T> {
    /// The property of a profile that holds it, which is also its name in errors; empty where no property does.
    pub(crate) key: &'static str,
    /// The variables that hold it; the first that is set wins.
    pub(crate) variables: &'static [&'static str],
    /// What is allowed, as the end of "should be …".
    pub(crate) allowed: &'static str,
    /// Reads the text; `None` where it is not allowed.
    pub(crate) parse: fn(&str) -> Option<T>,
    /// Its row in the explanation of settings.
    pub(crate) row: RowOf,
}

impl<T> Setting<T> {
    /// The first variable that holds it; empty where none does.
    pub(crate) const fn variable(&self) -> &'static str {
        match self.variables {
            [first, ..] => first,
            [] => "",
        }
    }
}

/// What the row of a setting says beside what the sources hold.
pub(crate) struct RowOf {
    /// Its name, where that is neither the property nor the first variable.
    pub(crate) name: Option<&'static str>,
    /// What holds where nobody says anything; empty where the setting has then no row.
    pub(crate) default: &'static str,
    /// What the slot of a client's settings holds, where there is a slot.
    pub(crate) held: fn(&Settings) -> Option<Resolved<String>>,
    /// What is wrong with it, where that takes more than its text to tell.
    pub(crate) wrong: fn(&Config) -> Option<SettingError>,
    /// How much of its value is shown.
    pub(crate) shown: Shown,
    /// The source of credentials that its variables belong to; its property belongs to the profile.
    pub(crate) source: Option<Source>,
    /// Why it has no effect, as a sentence; empty where it has one.
    pub(crate) no_effect: &'static str,
}

/// How much of a value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// All of it.
    Whole,
    /// What does not stand before an `@`, where a password may stand.
    Address,
    /// The address of a proxy, and nothing of what is none.
    Proxy,
    /// Its first and last letters.
    Ends,
    /// Only that there is one.
    Nothing,
}

/// A source of the default chain of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Environment,
    Profile,
    WebIdentity,
    Container,
    Instance,
}

impl RowOf {
    /// A row that shows the whole value, and this where nobody says anything.
    pub(crate) const fn default(default: &'static str) -> Self {
        Self { name: None, default, held: |_| None, wrong: |_| None, shown: Shown::Whole, source: None, no_effect: "" }
    }

    /// The row of a part of what makes credentials; there is none where nobody says anything.
    pub(crate) const fn part_of(source: Source) -> Self {
        Self { source: Some(source), ..Self::default("") }
    }

    /// The row of a setting that has no effect; there is none where nobody says anything.
    pub(crate) const fn no_effect(why: &'static str) -> Self {
        Self { no_effect: why, ..Self::default("") }
    }

    /// Where a client's settings keep it.
    pub(crate) const fn held(self, held: fn(&Settings) -> Option<Resolved<String>>) -> Self {
        Self { held, ..self }
    }

    /// What is wrong with it, where that takes more than its text to tell.
    pub(crate) const fn wrong(self, wrong: fn(&Config) -> Option<SettingError>) -> Self {
        Self { wrong, ..self }
    }

    pub(crate) const fn shown(self, shown: Shown) -> Self {
        Self { shown, ..self }
    }

    pub(crate) const fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }
}

/// What a slot holds, as text, for [`RowOf::held`].
pub(crate) fn held<T: ToString>(slot: &Slot<Resolved<T>>) -> Option<Resolved<String>> {
    let Resolved { value, origin } = slot.as_deref()?.as_ref().ok()?;
    Some(Resolved { value: value.to_string(), origin: origin.clone() })
}

/// What code said, as text, for [`RowOf::held`] of a setting that is a part of its slot.
pub(crate) fn in_code<T, V: ToString>(slot: &Slot<Resolved<T>>, part: impl Fn(&T) -> V) -> Option<Resolved<String>> {
    let Resolved { value, origin } = slot.as_deref()?.as_ref().ok()?;
    (*origin == Origin::Code).then(|| Resolved { value: part(value).to_string(), origin: Origin::Code })
}

/// A setting of whatever type.
pub(crate) trait Declared: Sync {
    fn key(&self) -> &'static str;
    fn variables(&self) -> &'static [&'static str];
    fn allowed(&self) -> &'static str;
    fn allows(&self, text: &str) -> bool;
    fn row(&self) -> &RowOf;

    /// What it is called where all settings are shown.
    fn name(&self) -> &'static str {
        let first = self.variables().first().copied().unwrap_or_default();
        self.row().name.unwrap_or(if self.key().is_empty() { first } else { self.key() })
    }
}

impl<T> Declared for Setting<T> {
    fn key(&self) -> &'static str {
        self.key
    }

    fn variables(&self) -> &'static [&'static str] {
        self.variables
    }

    fn allowed(&self) -> &'static str {
        self.allowed
    }

    fn allows(&self, text: &str) -> bool {
        (self.parse)(text).is_some()
    }

    fn row(&self) -> &RowOf {
        &self.row
    }
}

/// Declares settings as constants, and all of them once more as `LISTED`, in their order: that is the order of the rows
/// of an explanation, so that a setting which is declared has its row.
macro_rules! settings {
    ($($(#[$meta:meta])* $visibility:vis const $name:ident: Setting<$type:ty> = $value:expr;)*) => {
        $($(#[$meta])* $visibility const $name: Setting<$type> = $value;)*

        /// The settings of this file, in their order.
        pub(crate) const LISTED: &[&dyn Declared] = &[$(&$name),*];
    };
}
pub(crate) use settings;
