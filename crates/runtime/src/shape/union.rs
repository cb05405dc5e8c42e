//! Unions: one of several members.

/// Defines a union: each variant with the methods that ask for it and show what it holds, and its member on the wire.
/// A variant that holds nothing has no type behind its name, and is an empty structure on the wire. What the service may
/// send beyond them is `Unknown`, which holds nothing and is never sent. What a variant holds that is `sensitive` never
/// appears in logs.
#[macro_export]
macro_rules! union {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $(
                $(#[doc = $doc:literal])*
                #[methods($is:ident, $shown:ident $(, $sensitive:ident)?)]
                $(#[$attribute:meta])*
                $variant:ident $(($of:ty))? = $member:expr,
            )*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $doc])* $(#[$attribute])* $variant $(($of))?,)*
            /// A member that this version of the crate does not list.
            #[default]
            Unknown,
        }

        impl $name {
            $(
                #[doc = concat!("Whether this is [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
                #[inline]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$variant { .. })
                }

                $crate::union_shown! { $shown $variant $(($of))? }
            )*

            /// Whether this is a member that this version of the crate does not list.
            #[inline]
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown)
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant { .. } => {
                        $crate::union_debug!(self f $shown $variant $(($of))? $($sensitive)?)
                    })*
                    Self::Unknown => f.write_str("Unknown"),
                }
            }
        }

        const _: () = {
            // The position of a variant is the position of its member in the table below.
            enum At { $($variant),* }

            impl $crate::wire::Wire for $name {
                const MEMBERS: &'static [$crate::wire::Member] = &[$($member),*];
                const UNION: bool = true;

                fn read_member<R: $crate::wire::Reader>(
                    &mut self,
                    index: usize,
                    at: &'static $crate::wire::Member,
                    r: &mut R,
                ) -> Result<(), R::Error> {
                    match index {
                        $(i if i == At::$variant as usize => $crate::union_read!(self at r $variant $(($of))?),)*
                        _ => r.skip(),
                    }
                }

                fn write_members<W: $crate::wire::Writer>(&self, w: &mut W) -> Result<(), W::Error> {
                    match self {
                        $(Self::$variant { .. } => match (self.$shown(), Self::MEMBERS.get(At::$variant as usize)) {
                            (Ok(value), Some(at)) => $crate::union_write!(value at w $(($of))?),
                            _ => Ok(()),
                        },)*
                        Self::Unknown => Ok(()),
                    }
                }
            }
        };

        $crate::data! { $name }
    };
}

/// The method of one variant of [`union!`](crate::union) that shows what it holds.
#[doc(hidden)]
#[macro_export]
macro_rules! union_shown {
    ($shown:ident $variant:ident ($of:ty)) => {
        #[doc = concat!("What [`", stringify!($variant), "`](Self::", stringify!($variant), ") holds.")]
        ///
        /// # Errors
        ///
        /// It is another variant, which comes back.
        #[inline]
        pub fn $shown(&self) -> Result<&$of, &Self> {
            match self {
                Self::$variant(value) => Ok(value),
                _ => Err(self),
            }
        }
    };
    ($shown:ident $variant:ident) => {
        #[doc = concat!("Nothing, if this is [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
        ///
        /// # Errors
        ///
        /// It is another variant, which comes back.
        #[inline]
        pub fn $shown(&self) -> Result<(), &Self> {
            match self {
                Self::$variant => Ok(()),
                _ => Err(self),
            }
        }
    };
}

/// Shows one variant of [`union!`](crate::union) as `Debug` does.
#[doc(hidden)]
#[macro_export]
macro_rules! union_debug {
    ($self:ident $f:ident $shown:ident $variant:ident ($of:ty)) => {
        $self.$shown().map_or(Ok(()), |value| $f.debug_tuple(stringify!($variant)).field(value).finish())
    };
    ($self:ident $f:ident $shown:ident $variant:ident ($of:ty) sensitive) => {
        $f.debug_tuple(stringify!($variant)).field(&"** redacted **").finish()
    };
    ($self:ident $f:ident $shown:ident $variant:ident $($sensitive:ident)?) => {
        $f.write_str(stringify!($variant))
    };
}

/// Reads one variant of [`union!`](crate::union).
#[doc(hidden)]
#[macro_export]
macro_rules! union_read {
    ($self:ident $at:ident $r:ident $variant:ident ($of:ty)) => {{
        let mut value = <$of as Default>::default();
        $crate::wire::Wire::read(&mut value, $at, $r)?;
        *$self = Self::$variant(value);
        Ok(())
    }};
    ($self:ident $at:ident $r:ident $variant:ident) => {{
        $crate::wire::Wire::read(&mut $crate::shape::Nothing, $at, $r)?;
        *$self = Self::$variant;
        Ok(())
    }};
}

/// Writes one variant of [`union!`](crate::union).
#[doc(hidden)]
#[macro_export]
macro_rules! union_write {
    ($value:ident $at:ident $w:ident ($of:ty)) => {
        $w.member($at, $value)
    };
    ($value:ident $at:ident $w:ident) => {{
        let () = $value;
        $w.member($at, &$crate::shape::Nothing)
    }};
}

/// What a variant of a union holds that holds nothing: a structure without members.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl crate::wire::Wire for Nothing {}
