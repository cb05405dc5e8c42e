//! The version of behaviour that a program asks for, as the official SDK has it.

use std::fmt;

/// Accepted wherever the official SDK takes one, and without effect: there is one behaviour here, and the version of
/// the crate names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BehaviorVersion(&'static str);

macro_rules! versions {
    ($($name:ident $date:literal),*) => {$(
        #[doc = concat!("The official SDK's behaviour of ", $date, "; without effect.")]
        pub fn $name() -> Self {
            Self($date)
        }
    )*};
}

impl BehaviorVersion {
    /// The latest that the official SDK has.
    pub fn latest() -> Self {
        Self::v2026_01_12()
    }

    versions!(
        v2026_01_12 "2026-01-12",
        v2025_08_07 "2025-08-07",
        v2025_01_17 "2025-01-17",
        v2024_03_28 "2024-03-28",
        v2023_11_09 "2023-11-09"
    );

    /// Whether this version is the other, or a later one.
    pub fn is_at_least(&self, other: BehaviorVersion) -> bool {
        self.0 >= other.0
    }
}

impl fmt::Debug for BehaviorVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BehaviorVersion({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_dates() {
        let (old, new) = (BehaviorVersion::v2023_11_09(), BehaviorVersion::latest());
        assert!(new.is_at_least(old) && new.is_at_least(new) && !old.is_at_least(new));
    }
}
