//! How generated code says that an operation can be waited for.

/// Lets the builder of an input wait, with a [`Waiting`](crate::waiter::Waiting) in it.
#[macro_export]
macro_rules! waitable {
    ($builder:ident => $operation:ident($input:ident)) => {
        // A trait's, so that a member may have any name.
        impl std::convert::From<$crate::waiter::Waiting<$operation>> for $builder<$crate::waiter::Waiting<$operation>> {
            #[inline]
            fn from(client: $crate::waiter::Waiting<$operation>) -> Self {
                Self { input: Default::default(), client }
            }
        }

        impl $builder<$crate::waiter::Waiting<$operation>> {
            /// The input as it is by now.
            #[inline]
            pub fn as_input(&self) -> &$input {
                &self.input
            }

            /// Asks until an answer says that what is waited for is there, or will not come, for this long at most. The
            /// first request is sent at once; between two of them lies as much time as the model says, more and more,
            /// and somewhat by chance.
            ///
            /// # Errors
            ///
            /// It will not come, the time is over, or a request failed in a way that does not belong to waiting: see
            /// [`WaiterError`](tinsmith_runtime::waiter::error::WaiterError).
            #[inline]
            pub async fn wait(self, max_wait: std::time::Duration) -> $crate::waiter::Waited<$operation> {
                self.client.wait(self.input, max_wait).await
            }
        }
    };
}

/// Defines the modules of waiters, each with the names that the official crates give to what has to do with it, above them
/// the operation and its builder: `pub mod function_active: FunctionActiveFluentBuilder FunctionActiveFinalPoll
/// WaitUntilFunctionActiveError,`.
#[macro_export]
macro_rules! waiters {
    ($(
        $(#[doc = $doc:literal])* $(#[cfg($($cfg:tt)+)])? #[of($file:ident::$operation:ident, $builder:ident)]
        pub mod $module:ident: $request:ident $poll:ident $error:ident,
    )*) => {$(
        $(#[doc = $doc])* $(#[cfg($($cfg)+)])?
        pub mod $module {
            use super::super::operation::$file;

            /// The request, with a client in it, that waits.
            pub type $request = $file::$builder<$crate::waiter::Waiting<$file::$operation>>;
            /// The answer that ended the wait.
            pub type $poll = $crate::waiter::FinalPoll<
                <$file::$operation as $crate::operation::Operation>::Output,
                $crate::error::SdkError<<$file::$operation as $crate::operation::Operation>::Error>,
            >;
            /// Why the wait ended otherwise.
            pub type $error = $crate::waiter::error::WaiterError<
                <$file::$operation as $crate::operation::Operation>::Output,
                <$file::$operation as $crate::operation::Operation>::Error,
            >;
        }
    )*};
}

/// Gives a client its waiters, as a trait that is imported to be used: a line a waiter, with the request that waits, and
/// what the model says of it.
#[macro_export]
macro_rules! client_waiters {
    ($(#[cfg($($gate:tt)+)])? $(#[doc = $about:literal])* pub trait $name:ident for $client:ident {
        $($(#[$doc:meta])* $method:ident: $module:ident::$request:ident = $file:ident::$waiter:ident,)*
    }) => {
        $(#[cfg($($gate)+)])?
        $(#[doc = $about])*
        pub trait $name {
            $($(#[$doc])* fn $method(&self) -> super::waiters::$module::$request;)*
        }

        $(#[cfg($($gate)+)])?
        impl $name for $client {
            $($(#[$doc])* #[inline] fn $method(&self) -> super::waiters::$module::$request {
                let waiter = &super::operation::$file::$waiter;
                std::convert::From::from($crate::waiter::Waiting::new(self.handle.clone(), waiter))
            })*
        }
    };
}
