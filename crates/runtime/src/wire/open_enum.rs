//! Open enums: the values that the model lists, and any other that the service may have by now.

/// The text of an enum value that the crate does not know. Only `From<&str>` of the enum makes one, and only for a
/// text that no variant has, so that comparing variants compares texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    #[doc(hidden)]
    #[inline]
    pub fn new(text: &str) -> Self {
        // Nothing is copied of the empty text, which is known where the code is compiled: that of a default.
        if text.is_empty() { Self::default() } else { Self::of(text) }
    }

    fn of(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is none of the values which an enum lists.
#[derive(Debug)]
pub struct UnknownVariantError(String);

impl UnknownVariantError {
    #[doc(hidden)]
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Display for UnknownVariantError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "unknown enum variant: '{}'", self.0)
    }
}

impl std::error::Error for UnknownVariantError {}

/// Defines an open enum: its variants with their texts, the unknown one, and the way to the wire and back. The values of
/// one that begins with `#[sensitive]` never appear in logs.
#[macro_export]
macro_rules! open_enum {
    (#[sensitive] $(#[$about:meta])* pub enum $name:ident { $($rows:tt)* }) => {
        $crate::open_enum! { @ [] $(#[$about])* pub enum $name { $($rows)* } }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("** redacted **")
            }
        }
    };
    ($(#[$about:meta])* pub enum $name:ident { $($rows:tt)* }) => {
        $crate::open_enum! { @ [Debug] $(#[$about])* pub enum $name { $($rows)* } }
    };
    (@ [$($debug:ident)?] $(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, $($debug,)? PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* #[doc = concat!("`", $text, "`")] $variant,)*
            /// A value that this version of the crate does not list.
            Unknown($crate::wire::UnknownValue),
        }

        impl $name {
            /// The value on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }

            /// The values that this version of the crate lists.
            #[inline]
            pub const fn values() -> &'static [&'static str] {
                &[$($text),*]
            }

            /// Reads a value that is listed.
            ///
            /// # Errors
            ///
            /// It is none of [`values`](Self::values).
            #[inline]
            pub fn try_parse(text: &str) -> Result<Self, $crate::wire::UnknownVariantError> {
                match Self::from(text) {
                    Self::Unknown(_) => Err($crate::wire::UnknownVariantError::new(text)),
                    known => Ok(known),
                }
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Unknown($crate::wire::UnknownValue::new(other)),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }

        impl AsRef<str> for $name {
            #[inline]
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Default for $name {
            /// The empty text, which no service means.
            #[inline]
            fn default() -> Self {
                Self::from("")
            }
        }

        impl<'a> $crate::shape::View<'a, &'a $name> for $name {
            #[inline]
            fn view(&'a self) -> &'a $name {
                self
            }
        }

        impl $crate::wire::Wire for $name {
            fn read<R: $crate::wire::Reader>(
                &mut self,
                at: &'static $crate::wire::Member,
                r: &mut R,
            ) -> Result<(), R::Error> {
                r.text(at, &mut |text| *self = Self::from(text))
            }

            fn write<W: $crate::wire::Writer>(
                &self,
                at: &'static $crate::wire::Member,
                w: &mut W,
            ) -> Result<(), W::Error> {
                w.text(at, self.as_str())
            }
        }

        $crate::data! { $name }
    };
}
