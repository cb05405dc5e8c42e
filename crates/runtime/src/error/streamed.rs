//! What the error enums of event streams have in common, as a macro that they call.

/// Defines the error enum of an event stream: a variant for each exception with its name in the union, the unhandled one,
/// and the way into the error enum of the service.
#[macro_export]
macro_rules! event_error {
    (
        #[into($service:ident)]
        $(#[$about:meta])*
        pub enum $name:ident { $(#[is($is:ident)] $variant:ident($of:ty) = $code:literal $(| $also:literal)*,)* }
    ) => {
        $crate::error_cases! {
            #[into($service)]
            $(#[$about])*
            pub enum $name { $(#[is($is)] $variant($of),)* }
        }

        impl $crate::event_stream::EventError for $name {
            fn read<P: $crate::event_stream::EventProtocol>(
                message: &$crate::event_stream::Message,
                meta: $crate::error::ErrorMetadata,
            ) -> Self {
                let _ = message; // A stream may have no exception of its own.
                match meta.code() {
                    $(Some($code $(| $also)*) => {
                        let error: $of = $crate::event_stream::read_modeled::<P, _>(message, meta);
                        Self::$variant(error)
                    })*
                    _ => Self::generic(meta),
                }
            }

            fn write<P: $crate::event_stream::EventProtocol>(
                &self,
            ) -> Result<$crate::event_stream::Message, $crate::codec::WriteError> {
                match self {
                    $(Self::$variant(error) => P::write_exception($code, error),)*
                    Self::Unhandled(_) => Err($crate::event_stream::unhandled()),
                }
            }
        }
    };
}

/// Makes a union that of the events of a stream, with the enum of its exceptions and the protocol of both.
#[macro_export]
macro_rules! event_stream {
    ($name:ident, $error:ident, $protocol:ident) => {
        impl $crate::event_stream::Event for $name {
            type Error = $error;
            type Protocol = $protocol;
        }
    };
}
