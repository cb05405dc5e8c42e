//! The region that a call goes to.

use std::borrow::Cow;
use std::fmt;

/// A region, such as `us-east-1`. Any text is accepted here; what is no host label is refused before it is used, since
/// it becomes a part of the host that the request is sent to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Region(Cow<'static, str>);

impl Region {
    /// A region by its name.
    pub fn new(region: impl Into<Cow<'static, str>>) -> Self {
        Self(region.into())
    }

    /// A region by its name, in a constant.
    pub const fn from_static(region: &'static str) -> Self {
        Self(Cow::Borrowed(region))
    }

    /// Whether the name can stand between two dots of a host (RFC 1123, section 2.1): 1 to 63 ASCII letters, digits
    /// and hyphens, with no hyphen at either end.
    pub(crate) fn is_host_label(&self) -> bool {
        let name = self.0.as_bytes();
        (1..=63).contains(&name.len())
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && !name.starts_with(b"-")
            && !name.ends_with(b"-")
    }
}

impl AsRef<str> for Region {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_one_host_label() {
        let longest = "a".repeat(63);
        for good in ["us-east-1", "aws-global", "r", "1", &longest] {
            assert!(Region::new(good.to_owned()).is_host_label(), "{good}");
        }
        let longer = "a".repeat(64);
        for bad in ["", "-us", "us-", "us east", "us.east", "evil.example/#", "us\n", "zürich", &longer] {
            assert!(!Region::new(bad.to_owned()).is_host_label(), "{bad:?}");
        }
    }
}
