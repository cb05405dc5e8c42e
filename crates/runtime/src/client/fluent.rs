//! What a request can do, for every operation the same.
//!
//! It is `#[inline]`, as is what the macros of shapes and errors make: compiled where it is called, so that a program has the
//! code of the operations that it calls, and not of all that are on. Most programs call few of many.

/// Gives a client the method of an operation, and the builder what it can do: without a client, `build` and `send_with`;
/// with one, `send`, `.await`, `customize`, `presigned` and, where the operation is paginated, `into_paginator`.
#[macro_export]
macro_rules! fluent {
    (impl $client:ident {
        $(#[$doc:meta])*
        $method:ident: $builder:ident => $operation:ident($input:ident) paginated,
    }) => {
        $crate::fluent! { impl $client { $(#[$doc])* $method: $builder => $operation($input), } }

        impl $builder<$crate::client::Handle> {
            /// Asks for all pages, or all items of all pages.
            #[inline]
            pub fn into_paginator(self) -> $crate::pagination::Paginator<$operation> {
                $crate::pagination::Paginator::new(self.client, self.input)
            }
        }
    };
    (impl $client:ident { $(#[$doc:meta])* $method:ident: $builder:ident => $operation:ident($input:ident), }) => {
        impl $client {
            $(#[$doc])*
            #[inline]
            pub fn $method(&self) -> $builder<$crate::client::Handle> {
                let handle: &$crate::client::Handle = self.as_ref();
                $builder { input: Default::default(), client: handle.clone() }
            }
        }

        impl $builder {
            /// Finishes the input.
            ///
            /// # Errors
            ///
            /// None yet: what an input lacks is told when it is sent. The official crates have a result here.
            #[inline]
            pub fn build(
                self,
            ) -> Result<$input, $crate::error::BuildError> {
                Ok(self.input)
            }

            /// Sends the input with this client.
            ///
            /// # Errors
            ///
            /// Whatever went wrong in the end: see [`SdkError`](tinsmith_runtime::error::SdkError).
            pub async fn send_with(self, client: &impl AsRef<$crate::client::Handle>) -> $crate::client::Sent<$operation> {
                client.as_ref().send::<$operation>(self.input).await
            }
        }

        impl $builder<$crate::client::Handle> {
            /// The input as it is by now.
            #[inline]
            pub fn as_input(&self) -> &$input {
                &self.input
            }

            /// Sends the request. Failures that another attempt may not meet are retried, by default twice.
            ///
            /// # Errors
            ///
            /// Whatever went wrong in the end: see [`SdkError`](tinsmith_runtime::error::SdkError).
            #[inline]
            pub async fn send(self) -> $crate::client::Sent<$operation> {
                self.client.send::<$operation>(self.input).await
            }

            /// Changes the request before it is sent.
            #[inline]
            pub fn customize(self) -> $crate::client::customize::CustomizableOperation<$operation> {
                $crate::client::customize::CustomizableOperation::new(self.client, self.input)
            }

            /// Signs the request in its address, without sending it.
            ///
            /// # Errors
            ///
            /// The request cannot be put together, or there are no credentials to sign it with.
            #[inline]
            pub async fn presigned(
                self,
                presigning: $crate::client::presigning::PresigningConfig,
            ) -> Result<
                $crate::client::presigning::PresignedRequest,
                $crate::error::SdkError<<$operation as $crate::operation::Operation>::Error>,
            > {
                self.client.presigned::<$operation>(self.input, presigning).await
            }
        }

        impl std::future::IntoFuture for $builder<$crate::client::Handle> {
            type Output = $crate::client::Sent<$operation>;
            type IntoFuture = $crate::transport::BoxFuture<'static, Self::Output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }

        impl $crate::operation::OperationInput for $input {
            type Operation = $operation;
        }
    };
}
