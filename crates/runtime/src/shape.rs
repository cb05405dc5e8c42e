//! What all generated shapes have in common, as macros that take one line a member.
//!
//! A generated structure is a plain struct; [`members!`](crate::members) adds its wire table and its accessors, and
//! [`builder!`](crate::builder) and [`nested_builder!`](crate::nested_builder) their setters. Both are tables of data, so that the code
//! around the data stands here once and not in every shape.

mod data;
mod nested;
mod union;

use std::collections::HashMap;

#[doc(hidden)]
pub use nested::{Given, Slot};
#[doc(hidden)]
pub use union::Nothing;

use crate::primitives::{Blob, DateTime, Document};
use crate::wire::Streamed;

/// How an accessor shows a field: text and lists are borrowed, numbers copied, an absent list is empty.
#[doc(hidden)]
pub trait View<'a, Shown> {
    fn view(&'a self) -> Shown;
}

impl<'a> View<'a, &'a str> for String {
    fn view(&'a self) -> &'a str {
        self
    }
}

impl<'a> View<'a, Option<&'a str>> for Option<String> {
    fn view(&'a self) -> Option<&'a str> {
        self.as_deref()
    }
}

impl<'a, T> View<'a, &'a [T]> for Vec<T> {
    fn view(&'a self) -> &'a [T] {
        self
    }
}

impl<'a, T> View<'a, &'a [T]> for Option<Vec<T>> {
    fn view(&'a self) -> &'a [T] {
        self.as_deref().unwrap_or_default()
    }
}

impl<'a, T> View<'a, Option<&'a T>> for Option<T> {
    fn view(&'a self) -> Option<&'a T> {
        self.as_ref()
    }
}

impl<'a, T> View<'a, Option<&'a T>> for Option<Box<T>> {
    fn view(&'a self) -> Option<&'a T> {
        self.as_deref()
    }
}

macro_rules! shown_by_reference {
    ($($of:ty),*) => {$(
        impl<'a> View<'a, &'a $of> for $of {
            fn view(&'a self) -> &'a $of {
                self
            }
        }
    )*};
}

shown_by_reference!(Blob, DateTime, Document);

impl<'a, K, T> View<'a, &'a HashMap<K, T>> for HashMap<K, T> {
    fn view(&'a self) -> &'a HashMap<K, T> {
        self
    }
}

macro_rules! copied {
    ($($of:ty)*) => {$(
        impl View<'_, $of> for $of {
            fn view(&self) -> $of {
                *self
            }
        }

        impl View<'_, Option<$of>> for Option<$of> {
            fn view(&self) -> Option<$of> {
                *self
            }
        }
    )*};
}

copied!(bool i8 i16 i32 i64 f32 f64);

/// A field that takes what a setter is given. A stream is always there, and empty where nothing is given.
#[doc(hidden)]
pub trait Fill<V> {
    fn fill(&mut self, value: V);
}

impl<T> Fill<Option<T>> for Option<T> {
    fn fill(&mut self, value: Option<T>) {
        *self = value;
    }
}

impl<S: Streamed + Default> Fill<Option<S>> for S {
    fn fill(&mut self, value: Option<S>) {
        *self = value.unwrap_or_default();
    }
}

/// Declares the modules of generated code whose model says that something should no longer be used: whoever names that is
/// told so, but for the code itself, which still makes, sends and reads it. What was given as a date is told as that.
#[macro_export]
macro_rules! deprecating {
    ($($module:item)*) => {$(
        #[allow(deprecated, clippy::deprecated_semver, reason = "the code itself goes on to use what it deprecates")]
        $module
    )*};
}

/// Gives a structure its wire table and an accessor a field: `field: what the accessor shows = its member,`. One that has
/// a stream says so behind its name: `with field: its type = what is known of it;`, and one without members says its name
/// alone. An attribute before a row is one of the accessor, and one in a builder of both setters.
#[macro_export]
macro_rules! members {
    ($name:ident) => {
        impl $crate::wire::Wire for $name {}

        $crate::data! { $name }
    };
    ($name:ident with $stream:ident: $of:ty = $about:expr; { $($rows:tt)* }) => {
        impl $name {
            #[doc = concat!("The stream `", stringify!($stream), "`.")]
            #[inline]
            pub fn $stream(&self) -> &$of {
                &self.$stream
            }
        }

        $crate::members! { @ $name { $($rows)* }
            const STREAM: Option<$crate::wire::StreamMember> = Some($about);

            #[inline]
            fn take_stream(&mut self) -> $crate::http::Body {
                $crate::wire::Streamed::take(&mut self.$stream)
            }

            #[inline]
            fn put_stream(&mut self, body: $crate::http::Body) {
                $crate::wire::Streamed::put(&mut self.$stream, body);
            }

            fn stream_in_memory(&self) -> Option<&[u8]> {
                $crate::wire::Streamed::in_memory(&self.$stream)
            }
        }
    };
    ($name:ident { $($rows:tt)* }) => {
        $crate::members! { @ $name { $($rows)* } }
    };
    (@ $name:ident { $($(#[$about:meta])* $field:ident: $shown:ty = $member:expr,)* } $($stream:tt)*) => {
        impl $name {
            $(
                #[doc = concat!("The field `", stringify!($field), "`, borrowed or copied.")]
                $(#[$about])*
                #[inline]
                pub fn $field(&self) -> $shown {
                    $crate::shape::View::view(&self.$field)
                }
            )*
        }

        $crate::table! { $name { $($field = $member,)* } $($stream)* }
        $crate::data! { $name }
    };
}

/// Gives a structure its wire table alone: `field = its member,`, as [`members!`](crate::members) does.
#[doc(hidden)]
#[macro_export]
macro_rules! table {
    ($name:ident { $($field:ident = $member:expr,)* } $($stream:tt)*) => {
        impl $crate::wire::Wire for $name {
            const MEMBERS: &'static [$crate::wire::Member] = &[$($member),*];

            fn read_member<R: $crate::wire::Reader>(
                &mut self,
                index: usize,
                at: &'static $crate::wire::Member,
                r: &mut R,
            ) -> Result<(), R::Error> {
                // The position of a field is the position of its member in the table above.
                #[allow(non_camel_case_types, dead_code)] // The variants are named after the fields, if there are any.
                enum At { $($field),* }
                match index {
                    $(i if i == At::$field as usize => $crate::wire::Wire::read(&mut self.$field, at, r),)*
                    _ => {
                        let _ = at; // A structure without members reads nothing.
                        r.skip()
                    }
                }
            }

            fn write_members<W: $crate::wire::Writer>(&self, w: &mut W) -> Result<(), W::Error> {
                let _ = &w; // Nor does it write anything.
                if let [$($field),*] = Self::MEMBERS {
                    $(w.member($field, &self.$field)?;)*
                }
                Ok(())
            }

            $($stream)*
        }
    };
}

/// Defines the builder of an operation's input, a line a member: `marker(impl Into<String>) set_marker,` sets, and with
/// `push` before the type of the element, or `insert` before those of key and value, adds to a list or a map. Before the type
/// of a stream stands `stream`, and `with stream` behind the name of the input.
#[macro_export]
macro_rules! builder {
    ($builder:ident => $name:ident with stream { $($rows:tt)* }) => {
        $crate::builder! { @ [Debug, Default] $builder => $name { $($rows)* } }
    };
    ($builder:ident => $name:ident { $($rows:tt)* }) => {
        $crate::builder! { @ [Clone, Debug, Default, PartialEq] $builder => $name { $($rows)* } }
    };
    (@ [$($derive:ident),*] $builder:ident => $name:ident { $($(#[$about:meta])* $field:ident($($given:tt)*) $set:ident($of:ty),)* }) => {
        #[doc = concat!("Builds a [`", stringify!($name), "`], or with a client in it the request.")]
        #[derive($($derive),*)]
        pub struct $builder<C = ()> {
            input: $name,
            client: C,
        }

        impl $name {
            /// Starts with nothing set.
            #[inline]
            pub fn builder() -> $builder {
                $builder::default()
            }
        }

        impl<C> $builder<C> {
            $(
                $crate::setter! { [$(#[$about])*] $name $field ($($given)*) }

                #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), "), or clears it.")]
                $(#[$about])*
                #[inline]
                pub fn $set(mut self, value: $of) -> Self {
                    $crate::shape::Fill::fill(&mut self.input.$field, value);
                    self
                }
            )*
        }
    };
}

/// One setter of [`builder!`](crate::builder).
#[doc(hidden)]
#[macro_export]
macro_rules! setter {
    ([$($about:tt)*] $name:ident $field:ident (push $item:ty)) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, item: $item) -> Self {
            self.input.$field.get_or_insert_default().push(item.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident (insert $key:ty, $value:ty)) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, key: $key, value: $value) -> Self {
            self.input.$field.get_or_insert_default().insert(key.into(), value.into());
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident (stream $given:ty)) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, value: $given) -> Self {
            self.input.$field = value;
            self
        }
    };
    ([$($about:tt)*] $name:ident $field:ident ($given:ty)) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](", stringify!($name), "::", stringify!($field), ").")]
        $($about)*
        #[inline]
        pub fn $field(mut self, value: $given) -> Self {
            self.input.$field = Some(value.into());
            self
        }
    };
}

/// Items with the condition on which they are compiled, said once for several: `if #[cfg(feature = "a")] { mod x; }`.
#[macro_export]
macro_rules! gated {
    ($(if #[cfg $condition:tt] { $($item:item)* })*) => {
        $($(#[cfg $condition] $item)*)*
    };
}

/// Makes a structure the output of an operation; the field is the one for what is known of the response.
#[macro_export]
macro_rules! output {
    ($name:ident, $metadata:ident) => {
        impl $crate::operation::ResponseContext for $name {
            #[inline]
            fn response_metadata(&self) -> &$crate::operation::ResponseMetadata {
                &self.$metadata
            }

            #[inline]
            fn set_response_metadata(&mut self, metadata: $crate::operation::ResponseMetadata) {
                self.$metadata = metadata;
            }
        }

        impl $crate::operation::RequestId for $name {
            #[inline]
            fn request_id(&self) -> Option<&str> {
                self.$metadata.request_id()
            }
        }
    };
}
