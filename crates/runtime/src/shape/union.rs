//! Unions: one of several members.

/// Defines a union: each variant with the methods that ask for it and show what it holds, and its member on the wire.
/// What the service may send beyond them is `Unknown`, which holds nothing and is never sent.
#[macro_export]
macro_rules! union {
    (
        $(#[doc = $about:literal])*
        pub enum $name:ident {
            $($(#[doc = $doc:literal])* #[methods($is:ident, $shown:ident)] $variant:ident($of:ty) = $member:expr,)*
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $doc])* $variant($of),)*
            /// A member that this version of the crate does not list.
            #[default]
            Unknown,
        }

        impl $name {
            $(
                #[doc = concat!("Whether this is [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$variant(_))
                }

                #[doc = concat!("What [`", stringify!($variant), "`](Self::", stringify!($variant), ") holds.")]
                ///
                /// # Errors
                ///
                /// It is another variant, which comes back.
                pub fn $shown(&self) -> Result<&$of, &Self> {
                    match self {
                        Self::$variant(value) => Ok(value),
                        _ => Err(self),
                    }
                }
            )*

            /// Whether this is a member that this version of the crate does not list.
            pub fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown)
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
                        $(i if i == At::$variant as usize => {
                            let mut value = <$of as Default>::default();
                            $crate::wire::Wire::read(&mut value, at, r)?;
                            *self = Self::$variant(value);
                            Ok(())
                        })*
                        _ => r.skip(),
                    }
                }

                fn write_members<W: $crate::wire::Writer>(&self, w: &mut W) -> Result<(), W::Error> {
                    match self {
                        $(Self::$variant(value) => match Self::MEMBERS.get(At::$variant as usize) {
                            Some(at) => w.member(at, value),
                            None => Ok(()),
                        },)*
                        Self::Unknown => Ok(()),
                    }
                }
            }
        };
    };
}
