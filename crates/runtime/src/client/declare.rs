//! The client of a service, for every service the same.

/// Defines a client with what every client can do. Its operations give it a method each, by [`fluent!`](crate::fluent).
#[macro_export]
macro_rules! service_client {
    (
        #[of($service:ident)]
        $(#[$about:meta])*
        pub struct $name:ident {}
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug)]
        pub struct $name {
            handle: $crate::client::Handle,
        }

        impl $name {
            /// A client with the settings that all services share.
            pub fn new(config: &$crate::config::SdkConfig) -> Self {
                Self::from_conf($crate::config::Config::new(config))
            }

            /// A client with settings of its own.
            pub fn from_conf(config: $crate::config::Config) -> Self {
                Self { handle: $crate::client::Handle::new(config, &$service) }
            }

            /// A client with the settings of environment and profile.
            ///
            /// # Errors
            ///
            /// A setting is malformed, or region or credentials are missing: the error says where they were looked for.
            pub async fn from_env() -> Result<Self, $crate::config::SettingError> {
                Ok(Self { handle: $crate::client::Handle::from_env(&$service).await? })
            }

            /// The settings.
            pub fn config(&self) -> &$crate::config::Config {
                self.handle.config()
            }

            /// Sends an input that was built by itself.
            ///
            /// # Errors
            ///
            /// Whatever went wrong in the end: see [`SdkError`](tinsmith_runtime::error::SdkError).
            pub async fn send<I: $crate::operation::OperationInput>(
                &self,
                input: I,
            ) -> $crate::client::Sent<I::Operation> {
                self.handle.send::<I::Operation>(input).await
            }
        }

        impl AsRef<$crate::client::Handle> for $name {
            fn as_ref(&self) -> &$crate::client::Handle {
                &self.handle
            }
        }
    };
}
