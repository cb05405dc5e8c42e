//! What is wrong with a setting, in one sentence for the person who set it.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::Origin;
use crate::error::OneLine;

/// The longest piece of a faulty value that is shown, in characters.
const SHOWN: usize = 80;

/// A setting that is missing or cannot be used. Its text says which one, where it was set or looked for, and what to
/// do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError(Arc<str>);

impl SettingError {
    pub(crate) fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// A value that cannot be used: where it is set, what it holds, what is allowed.
    #[cold]
    pub(crate) fn malformed(origin: &Origin, name: &str, held: &str, allowed: &str) -> Self {
        let held = Shown(held);
        let name = match origin {
            Origin::Code | Origin::Default => format!("{name}, set in code,"),
            set => set.named(name),
        };
        Self::new(format!("{name} is {held}, and should be {allowed}"))
    }

    /// Several errors as one.
    pub(crate) fn all<'a>(errors: impl IntoIterator<Item = &'a SettingError>) -> Option<Self> {
        let mut texts: Vec<&str> = Vec::new();
        for error in errors {
            // One broken file stands in the way of many settings, and of credentials as their cause, and is told once.
            if !texts.iter().any(|told| error.0.ends_with(told)) {
                texts.push(&error.0);
            }
        }
        (!texts.is_empty()).then(|| Self::new(texts.join("; ")))
    }
}

/// Names and paths in it are others' text too.
impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OneLine(&self.0).fmt(f)
    }
}

impl Error for SettingError {}

/// A value from outside, quoted, escaped and bounded. What stands before an `@` may be a password, and is not shown.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hidden, shown) = self.0.rsplit_once('@').map_or(("", self.0), |(_, after)| ("…@", after));
        f.write_str(hidden)?;
        match shown.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{:?}…", shown.get(..end).unwrap_or_default()),
            None => write!(f, "{shown:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faulty_value_is_bounded_and_escaped() {
        let origin = Origin::Variable("AWS_REGION".into());
        let told = SettingError::malformed(&origin, "region", "a\nb", "a word").to_string();
        assert_eq!(told, r#"AWS_REGION is "a\nb", and should be a word"#);
        let told = SettingError::malformed(&origin, "region", &"é".repeat(1000), "a word").to_string();
        assert_eq!(told, format!("AWS_REGION is \"{}\"…, and should be a word", "é".repeat(SHOWN)));
        let told = SettingError::malformed(&origin, "region", "htp://me:the-secret@host\n", "a word").to_string();
        assert_eq!(told, r#"AWS_REGION is …@"host\n", and should be a word"#);
    }

    #[test]
    fn the_same_error_is_told_once() {
        let errors = ["one", "two", "one", "no keys: two"].map(SettingError::new);
        assert_eq!(SettingError::all(&errors).map(|error| error.to_string()), Some("one; two".into()));
        assert_eq!(SettingError::all([]), None);
    }
}
