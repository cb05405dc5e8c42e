//! The version of behaviour that a program asks for, as the official SDK has it.

use std::fmt;

/// Accepted wherever the official SDK takes one, and without effect: there is one behaviour here, and the version of
/// the crate names it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BehaviorVersion(());

macro_rules! versions {
    ($($name:ident),*) => {$(
        #[doc = "A version of the official SDK's behaviour; without effect."]
        pub fn $name() -> Self {
            Self(())
        }
    )*};
}

impl BehaviorVersion {
    versions!(latest, v2026_01_12, v2025_08_07, v2025_01_17, v2024_03_28, v2023_11_09);
}

impl fmt::Debug for BehaviorVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BehaviorVersion")
    }
}
