//! What all error structures and all error enums of generated crates have in common, as macros that they call.

use std::fmt;

use super::{Beginning, ErrorMetadata};

/// Makes an error of a structure that has a field `meta`, and `message` where the model gives it one, which is always
/// there where the model requires it. A message that the service spells in another way than the model is found by the
/// protocol, and fills the field.
#[macro_export]
macro_rules! modeled_error {
    ($name:ident) => {
        $crate::modeled_error!(@ $name, |error| error.meta.message(), |_found| {});
    };
    ($name:ident, message) => {
        $crate::modeled_error!(@ $name, |error| error.message.as_deref(), |found| error.message = Some(found));
    };
    ($name:ident, required message) => {
        $crate::modeled_error!(
            @ $name, |error| Some(error.message.as_str()).filter(|text| !text.is_empty()), |found| error.message = found
        );
    };
    ($name:ident, secret message) => {
        $crate::modeled_error!(
            @ $name, |error| error.message.as_deref(), |found| error.message = Some(found), with_secret_message
        );
    };
    ($name:ident, secret required message) => {
        $crate::modeled_error!(
            @ $name, |error| Some(error.message.as_str()).filter(|text| !text.is_empty()), |found| error.message = found,
            with_secret_message
        );
    };
    (@ $name:ident, |$error:ident| $message:expr, |$found:ident| $fill:expr $(, $secret:ident)?) => {
        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $error = self;
                $crate::error::show_modeled(f, stringify!($name), $message.map($crate::modeled_error!(@shown $($secret)?)))
            }
        }

        impl std::error::Error for $name {}

        impl $crate::error::ProvideErrorMetadata for $name {
            #[inline]
            fn meta(&self) -> &$crate::error::ErrorMetadata {
                &self.meta
            }
        }

        impl $crate::error::RequestId for $name {
            #[inline]
            fn request_id(&self) -> Option<&str> {
                $crate::error::RequestId::request_id(&self.meta)
            }
        }

        impl $crate::operation::ModeledError for $name {
            #[inline]
            fn with_metadata(mut self, meta: $crate::error::ErrorMetadata) -> Self {
                self.meta = meta$(.$secret())?;
                let $error = &mut self;
                let is_told = $message.is_some();
                if let Some($found) = $crate::error::found_message(is_told, &$error.meta) {
                    $fill;
                }
                self
            }
        }
    };
    (@shown) => { $crate::error::Beginning::of_message };
    (@shown $secret:ident) => { |_| $crate::error::Beginning::of_message($crate::error::REDACTED) };
}

/// Displays the name of an error structure, and its message where it has one.
#[doc(hidden)]
pub fn show_modeled(f: &mut fmt::Formatter<'_>, name: &str, message: Option<Beginning<'_>>) -> fmt::Result {
    f.write_str(name)?;
    message.map_or(Ok(()), |message| write!(f, ": {message}"))
}

/// The message that the protocol found, for an error structure whose own members told none.
#[doc(hidden)]
pub fn found_message(is_told: bool, meta: &ErrorMetadata) -> Option<String> {
    meta.message().filter(|_| !is_told).map(str::to_owned)
}

/// Defines the error enum of an operation: a variant for each error structure with its code on the wire, the
/// unhandled one, and the way into the error enum of the service.
#[macro_export]
macro_rules! operation_error {
    (
        #[into($service:ident)]
        $(#[$about:meta])*
        pub enum $name:ident { $(#[is($is:ident)] $variant:ident($of:ty) = $code:literal,)* }
    ) => {
        $crate::error_cases! {
            #[into($service)]
            $(#[$about])*
            pub enum $name { $(#[is($is)] $variant($of),)* }
        }

        impl $crate::operation::OperationError for $name {
            #[allow(unused_variables, reason = "an operation may have no error of its own")]
            fn read<P: $crate::operation::Protocol>(
                response: &$crate::http::Response,
                meta: $crate::error::ErrorMetadata,
            ) -> Self {
                match meta.code() {
                    $(Some($code) => {
                        let error: $of = $crate::operation::read_modeled::<P, _>(response, meta);
                        Self::$variant(error)
                    })*
                    _ => Self::generic(meta),
                }
            }
        }
    };
}

/// What the error enums of operations and of event streams have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! error_cases {
    (
        #[into($service:ident)]
        $(#[$about:meta])*
        pub enum $name:ident { $(#[is($is:ident)] $variant:ident($of:ty),)* }
    ) => {
        $crate::error_enum! { $(#[$about])* pub enum $name { $($variant($of),)* } }

        impl $name {
            $(
                #[doc = concat!("Whether this is [`", stringify!($variant), "`](Self::", stringify!($variant), ").")]
                #[inline]
                pub fn $is(&self) -> bool {
                    matches!(self, Self::$variant(_))
                }
            )*

            /// The unhandled variant, from any cause.
            pub fn unhandled(source: impl Into<$crate::error::BoxError>) -> Self {
                $crate::error::CreateUnhandledError::create_unhandled_error(source.into(), None)
            }

            /// The unhandled variant, from what a service said.
            #[inline]
            pub fn generic(meta: $crate::error::ErrorMetadata) -> Self {
                Self::Unhandled($crate::error::Unhandled::new(None, meta))
            }

            /// Code, message and request id.
            #[inline]
            pub fn meta(&self) -> &$crate::error::ErrorMetadata {
                $crate::error::ProvideErrorMetadata::meta(self)
            }
        }

        impl From<$name> for $service {
            #[inline]
            fn from(error: $name) -> Self {
                match error {
                    $($name::$variant(error) => Self::$variant(error),)*
                    $name::Unhandled(error) => Self::Unhandled(error),
                }
            }
        }

        impl<R: std::fmt::Debug + std::marker::Send + std::marker::Sync + 'static> From<$crate::error::SdkError<$name, R>> for $service {
            #[inline]
            fn from(error: $crate::error::SdkError<$name, R>) -> Self {
                $crate::error::SdkError::into_service_error(error).into()
            }
        }
    };
}

/// Defines the root error of a service: an [`error_enum!`](crate::error_enum), and the ways into it from what no operation
/// refuses with: a structure that could not be built, and a wait that ended without what was waited for.
#[macro_export]
macro_rules! service_error {
    ($(#[$about:meta])* pub enum $name:ident { $($variants:tt)* }) => {
        $crate::error_enum! { $(#[$about])* pub enum $name { $($variants)* } }

        impl From<$crate::error::BuildError> for $name {
            #[inline]
            fn from(error: $crate::error::BuildError) -> Self {
                $crate::error::CreateUnhandledError::create_unhandled_error(error.into(), None)
            }
        }

        impl<O, E> From<$crate::waiter::error::WaiterError<O, E>> for $name
        where
            O: std::fmt::Debug + std::marker::Send + std::marker::Sync + 'static,
            E: std::error::Error + std::marker::Send + std::marker::Sync + 'static,
        {
            #[inline]
            fn from(error: $crate::waiter::error::WaiterError<O, E>) -> Self {
                $crate::error::CreateUnhandledError::create_unhandled_error(error.into(), None)
            }
        }
    };
}

/// Defines an error enum with these variants, each with the condition on which it is compiled, if any, and the unhandled
/// one.
#[macro_export]
macro_rules! error_enum {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$gate:meta])? $variant:ident($of:ty),)* }) => {
        $(#[$about])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$gate])?
                #[doc = concat!("See [`", stringify!($variant), "`](", stringify!($of), ").")]
                $variant($of),
            )*
            /// Any other error; its code and message are told by `ProvideErrorMetadata`.
            Unhandled($crate::error::Unhandled),
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $($(#[$gate])? Self::$variant(error) => std::fmt::Display::fmt(error, f),)*
                    Self::Unhandled(error) => std::fmt::Display::fmt(error, f),
                }
            }
        }

        impl std::error::Error for $name {
            #[inline]
            fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
                #[allow(unreachable_patterns, reason = "an operation may have no error of its own")]
                match self {
                    Self::Unhandled(error) => error.cause(),
                    _ => None,
                }
            }
        }

        impl $crate::error::ProvideErrorMetadata for $name {
            #[inline]
            fn meta(&self) -> &$crate::error::ErrorMetadata {
                match self {
                    $($(#[$gate])? Self::$variant(error) => $crate::error::ProvideErrorMetadata::meta(error),)*
                    Self::Unhandled(error) => error.meta(),
                }
            }
        }

        impl $crate::error::RequestId for $name {
            #[inline]
            fn request_id(&self) -> Option<&str> {
                $crate::error::RequestId::request_id($crate::error::ProvideErrorMetadata::meta(self))
            }
        }

        impl $crate::error::CreateUnhandledError for $name {
            #[inline]
            fn create_unhandled_error(
                source: $crate::error::BoxError,
                meta: Option<$crate::error::ErrorMetadata>,
            ) -> Self {
                Self::Unhandled($crate::error::Unhandled::new(Some(source), meta.unwrap_or_default()))
            }
        }
    };
}
