//! Builders of structures: those within an input, outputs and what is in them, and errors.

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

/// What a builder remembers of the fields that it was given: which, where one of them is required, and else nothing.
#[doc(hidden)]
pub trait Given {
    /// A field was given.
    fn note(&mut self, field: &'static str);
    /// It was taken back.
    fn forget(&mut self, field: &'static str);
}

impl Given for () {
    fn note(&mut self, _field: &'static str) {}

    fn forget(&mut self, _field: &'static str) {}
}

/// In order, so that builders that were given the same are equal.
impl Given for Vec<&'static str> {
    fn note(&mut self, field: &'static str) {
        if let Err(place) = self.binary_search(&field) {
            self.insert(place, field);
        }
    }

    fn forget(&mut self, field: &'static str) {
        self.retain(|given| *given != field);
    }
}

/// Defines the builder of a structure: `enabled(bool) set_enabled(Option<bool>),` for a field that may be missing, with
/// `required` or `defaulted` before the type for one that is always there, and then `push`, `insert` or `stream` as in
/// [`builder!`](crate::builder). With `=> Result<Name>`, building fails where a required member was not given. Behind the
/// name stands `with stream` where a field is one, and `with meta` for an error, which says what the service said.
///
/// Most programs build few structures, so that what builds one is compiled where it is called.
#[macro_export]
macro_rules! nested_builder {
    ($builder:ident => Result<$name:ident> $(with $with:ident)* {
        $($(#[$about:meta])* $field:ident($($given:tt)*) $set:ident(Option<$of:ty>),)*
    }) => {
        $crate::nested_builder!(@ [$($with)*] $builder $name std::vec::Vec<&'static str> {
            $($(#[$about])* $field($($given)*) $set(Option<$of>),)*
        });

        impl $builder {
            /// Finishes the structure.
            ///
            /// # Errors
            ///
            /// A required member was not given; the error names it.
            #[inline]
            pub fn build(self) -> Result<$name, $crate::error::BuildError> {
                $($crate::nested_check!(self $name $field $($given)*);)*
                Ok(self.value)
            }
        }
    };
    ($builder:ident => $name:ident $(with $with:ident)* { $($rows:tt)* }) => {
        $crate::nested_builder!(@ [$($with)*] $builder $name () { $($rows)* });

        impl $builder {
            /// Finishes the structure.
            #[inline]
            pub fn build(self) -> $name {
                self.value
            }
        }
    };
    (@ [stream] $builder:ident $($rest:tt)*) => {
        $crate::nested_builder!(@@ [Debug, Default] $builder $($rest)*);
    };
    (@ [] $builder:ident $($rest:tt)*) => {
        $crate::nested_builder!(@@ [Clone, Debug, Default, PartialEq] $builder $($rest)*);
    };
    (@ [meta] $builder:ident $($rest:tt)*) => {
        $crate::nested_builder!(@ [] $builder $($rest)*);

        impl $builder {
            /// Sets what the service said: code, message and request id.
            #[inline]
            pub fn meta(mut self, meta: $crate::error::ErrorMetadata) -> Self {
                self.value.meta = meta;
                self
            }

            /// Sets what the service said, or takes it back.
            #[inline]
            pub fn set_meta(&mut self, meta: Option<$crate::error::ErrorMetadata>) -> &mut Self {
                self.value.meta = meta.unwrap_or_default();
                self
            }
        }
    };
    (@@ [$($derive:ident),*] $builder:ident $name:ident $noted:ty {
        $($(#[$about:meta])* $field:ident($($given:tt)*) $set:ident(Option<$of:ty>),)*
    }) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`].")]
        #[derive($($derive),*)]
        pub struct $builder {
            value: $name,
            /// The fields that were given, where one of them is required.
            given: $noted,
        }

        impl $name {
            /// Starts to build one.
            #[inline]
            pub fn builder() -> $builder {
                $builder::default()
            }
        }

        impl $builder {
            $(
                $crate::nested_setter! { [$(#[$about])*] $name $field $of; $($given)* }

                #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), "), or takes it back.")]
                $(#[$about])*
                #[inline]
                pub fn $set(mut self, value: Option<$of>) -> Self {
                    match value {
                        Some(value) => {
                            $crate::shape::Given::note(&mut self.given, stringify!($field));
                            $crate::shape::Slot::<$of>::put(&mut self.value.$field, value);
                        }
                        None => {
                            $crate::shape::Given::forget(&mut self.given, stringify!($field));
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
    ([$($about:tt)*] $name:ident $field:ident $of:ty; stream $given:ty) => {
        $crate::nested_setter! { [$($about)*] $name $field $of; $given }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; push $item:ty) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, item: $item) -> Self {
            $crate::shape::Given::note(&mut self.given, stringify!($field));
            $crate::shape::Slot::<$of>::held(&mut self.value.$field).push(item.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; insert $key:ty, $value:ty) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, key: $key, value: $value) -> Self {
            $crate::shape::Given::note(&mut self.given, stringify!($field));
            $crate::shape::Slot::<$of>::held(&mut self.value.$field).insert(key.into(), value.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident $of:ty; $given:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, value: $given) -> Self {
            $crate::shape::Given::note(&mut self.given, stringify!($field));
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
        if !$self.given.contains(&stringify!($field)) {
            let reason = concat!("`", stringify!($field), "` was not given, which ", stringify!($name), " requires");
            return Err($crate::error::BuildError::new(reason));
        }
    };
    ($self:ident $name:ident $field:ident $($given:tt)*) => {};
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, dead_code, reason = "the macros write what a generated crate publishes")]

    use crate::error::{ErrorMetadata, ProvideErrorMetadata};
    use crate::primitives::ByteStream;
    use crate::wire::Member;

    #[derive(Debug, Default)]
    pub struct Answer {
        size: i64,
        name: Option<String>,
        body: ByteStream,
    }

    crate::nested_builder! {
        AnswerBuilder => Answer with stream {
            size(defaulted i64) set_size(Option<i64>),
            name(impl Into<String>) set_name(Option<String>),
            body(stream ByteStream) set_body(Option<ByteStream>),
        }
    }

    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Refusal {
        message: String,
        meta: ErrorMetadata,
    }

    crate::members! { Refusal { message: &str = Member::body("message"), } }
    crate::modeled_error!(Refusal, required message);
    crate::nested_builder! {
        RefusalBuilder => Result<Refusal> with meta {
            message(required impl Into<String>) set_message(Option<String>),
        }
    }

    #[test]
    fn what_is_not_given_begins_as_in_an_answer() {
        let answer = Answer::builder().name("a").body(ByteStream::from_static(b"bytes")).build();
        assert_eq!((answer.size, answer.name.as_deref(), answer.body.bytes()), (0, Some("a"), Some(&b"bytes"[..])));
        let answer = Answer::builder().size(3).set_size(None).name("a").set_name(None).set_body(None).build();
        assert_eq!((answer.size, answer.name, answer.body.bytes()), (0, None, Some(&b""[..])));
    }

    #[test]
    fn an_error_is_built_of_its_members_and_of_what_the_service_said() {
        let meta = || ErrorMetadata::builder().code("Refusal").build();
        let error = Refusal::builder().message("no").meta(meta()).build().unwrap();
        assert_eq!((error.to_string().as_str(), error.code()), ("Refusal: no", Some("Refusal")));
        let mut builder = Refusal::builder().meta(meta());
        builder.set_meta(None);
        assert_eq!(builder.clone().message("no").build().unwrap().code(), None);
        for builder in [builder.clone(), builder.message("no").set_message(None)] {
            assert_eq!(builder.build().unwrap_err().to_string(), "`message` was not given, which Refusal requires");
        }
    }
}
