//! Builders of the structures within an input.

/// A field that may be missing or not, as the setters of its builder see it.
#[doc(hidden)]
pub trait Slot<T> {
    /// Takes a value.
    fn put(&mut self, value: T);
    /// The value, the empty one if there is none yet.
    fn held(&mut self) -> &mut T
    where
        T: Default;
}

impl<T> Slot<T> for T {
    fn put(&mut self, value: T) {
        *self = value;
    }

    fn held(&mut self) -> &mut T {
        self
    }
}

impl<T> Slot<T> for Option<T> {
    fn put(&mut self, value: T) {
        *self = Some(value);
    }

    fn held(&mut self) -> &mut T
    where
        T: Default,
    {
        self.get_or_insert_default()
    }
}

/// Defines the builder of a structure: `enabled(bool) set_enabled(Option<bool>),` for a field that may be missing, with
/// `required` or `defaulted` before the type for one that is always there, and then `push` or `insert` as in
/// [`builder!`](crate::builder). With `=> Result<Name>`, building fails where a required member was not given.
#[macro_export]
macro_rules! nested_builder {
    ($builder:ident => Result<$name:ident> { $($(#[$about:meta])* $field:ident($($given:tt)*) $set:ident(Option<$of:ty>),)* }) => {
        $crate::nested_builder!(@ $builder $name { $($(#[$about])* $field($($given)*) $set(Option<$of>),)* });

        impl $builder {
            /// Finishes the structure.
            ///
            /// # Errors
            ///
            /// A required member was not given; the error names it.
            pub fn build(self) -> Result<$name, $crate::error::BuildError> {
                $($crate::nested_check!(self $name $field $($given)*);)*
                Ok(self.value)
            }
        }
    };
    ($builder:ident => $name:ident { $($rows:tt)* }) => {
        $crate::nested_builder!(@ $builder $name { $($rows)* });

        impl $builder {
            /// Finishes the structure.
            pub fn build(self) -> $name {
                self.value
            }
        }
    };
    (@ $builder:ident $name:ident { $($(#[$about:meta])* $field:ident($($given:tt)*) $set:ident(Option<$of:ty>),)* }) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $builder {
            value: $name,
            /// The fields that were set.
            given: std::collections::BTreeSet<&'static str>,
        }

        impl $name {
            /// Starts to build one.
            pub fn builder() -> $builder {
                $builder::default()
            }
        }

        impl $builder {
            $(
                $crate::nested_setter! { [$(#[$about])*] $name $field $of; $($given)* }

                #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), "), or takes it back.")]
                $(#[$about])*
                pub fn $set(mut self, value: Option<$of>) -> Self {
                    match value {
                        Some(value) => {
                            self.given.insert(stringify!($field));
                            $crate::shape::Slot::<$of>::put(&mut self.value.$field, value);
                        }
                        None => {
                            self.given.remove(stringify!($field));
                            self.value.$field = $name::default().$field;
                        }
                    }
                    self
                }
            )*
        }
    };
}

/// The setter of one field of [`nested_builder!`](crate::nested_builder).
#[doc(hidden)]
#[macro_export]
macro_rules! nested_setter {
    ([$($about:tt)*] $name:ident $field:ident $of:ty; required $($given:tt)*) => {
        $crate::nested_setter! { [$($about)*] $name $field $of; $($given)* }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; defaulted $($given:tt)*) => {
        $crate::nested_setter! { [$($about)*] $name $field $of; $($given)* }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; push $item:ty) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        pub fn $field(mut self, item: $item) -> Self {
            self.given.insert(stringify!($field));
            $crate::shape::Slot::<$of>::held(&mut self.value.$field).push(item.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; insert $key:ty, $value:ty) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        pub fn $field(mut self, key: $key, value: $value) -> Self {
            self.given.insert(stringify!($field));
            $crate::shape::Slot::<$of>::held(&mut self.value.$field).insert(key.into(), value.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; $given:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        pub fn $field(mut self, value: $given) -> Self {
            self.given.insert(stringify!($field));
            $crate::shape::Slot::<$of>::put(&mut self.value.$field, value.into());
            self
        }
    };
}

/// Whether a required field of [`nested_builder!`](crate::nested_builder) was given.
#[doc(hidden)]
#[macro_export]
macro_rules! nested_check {
    ($self:ident $name:ident $field:ident required $($given:tt)*) => {
        if !$self.given.contains(stringify!($field)) {
            let reason = concat!("`", stringify!($field), "` was not given, which ", stringify!($name), " requires");
            return Err($crate::error::BuildError::new(reason));
        }
    };
    ($self:ident $name:ident $field:ident $($given:tt)*) => {};
}
