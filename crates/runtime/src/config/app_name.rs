//! The name of an application, which it may send in the user agent.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

/// A name of ASCII letters, digits and ``!#$%&'*+-.^_`|~`` (a token of RFC 9110, section 5.6.2); 50 characters at most
/// are advised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppName(Cow<'static, str>);

/// A name that is empty, or has other characters than [`AppName`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidAppName;

/// What a name may hold, for errors.
pub(crate) const ALLOWED: &str = "ASCII letters, digits and !#$%&'*+-.^_`|~";

impl AppName {
    /// A name.
    ///
    /// # Errors
    ///
    /// The name is empty, or has other characters than are allowed.
    pub fn new(app_name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidAppName> {
        let name = app_name.into();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.is_empty() && name.bytes().all(allowed) { Ok(Self(name)) } else { Err(InvalidAppName) }
    }
}

impl AsRef<str> for AppName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for InvalidAppName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an app name holds {ALLOWED}, and at least one of them")
    }
}

impl Error for InvalidAppName {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_token() {
        for good in ["app", "app-1.0", "!#$%&'*+-.^_`|~"] {
            assert_eq!(AppName::new(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "two words", "a/b", "\n", "é"] {
            assert_eq!(AppName::new(bad), Err(InvalidAppName), "{bad:?}");
        }
    }
}
