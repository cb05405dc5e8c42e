//! Shapes as data that `serde` takes and gives, where the feature of that name is on.

/// Gives a shape `Serialize` and `Deserialize`, through its wire table.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! data {
    ($name:ident) => {
        impl $crate::codec::serde::Serialize for $name {
            fn serialize<S: $crate::codec::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::codec::serde::serialize(self, serializer)
            }
        }

        impl<'de> $crate::codec::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::codec::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::codec::serde::deserialize(deserializer)
            }
        }
    };
}

/// Gives a shape nothing: the feature `serde` is off.
#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! data {
    ($name:ident) => {};
}
