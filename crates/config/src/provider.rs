//! What the providers of this crate have in common. Each one holds a provider of the runtime, which does the work, and
//! has the official name and builder.

/// Gives the credentials that the provider gives which it holds.
macro_rules! gives_credentials {
    ($provider:ident) => {
        impl tinsmith_runtime::credentials::ProvideCredentials for $provider {
            fn provide_credentials<'a>(&'a self) -> tinsmith_runtime::credentials::future::ProvideCredentials<'a>
            where
                Self: 'a,
            {
                self.0.provide_credentials()
            }
        }
    };
}

/// Gives the tokens that the provider gives which it holds.
macro_rules! gives_tokens {
    ($provider:ident) => {
        impl tinsmith_runtime::token::ProvideToken for $provider {
            fn provide_token<'a>(&'a self) -> tinsmith_runtime::token::future::ProvideToken<'a>
            where
                Self: 'a,
            {
                self.0.provide_token()
            }
        }
    };
}

/// The builder of a provider that reads one profile, and how what the provider holds is made of the builder's choice.
macro_rules! reads_profile {
    ($provider:ident, $new:expr) => {
        impl $provider {
            /// A provider for the profile that the builder is told, or that `AWS_PROFILE` chooses.
            pub fn builder() -> Builder {
                Builder::default()
            }
        }

        #[doc = concat!("Says what a [`", stringify!($provider), "`] reads.")]
        #[derive(Clone, Debug, Default)]
        pub struct Builder(tinsmith_runtime::config::Choice);

        impl Builder {
            /// Chooses the profile, before `AWS_PROFILE` does.
            pub fn profile_name(mut self, profile_name: impl Into<String>) -> Self {
                self.0.profile = Some(profile_name.into());
                self
            }

            /// Chooses the files.
            pub fn profile_files(mut self, profile_files: tinsmith_runtime::profile::ProfileFiles) -> Self {
                self.0.files = profile_files;
                self
            }

            /// The provider.
            pub fn build(self) -> $provider {
                $provider($new(self.0))
            }
        }
    };
}

/// Setters of a builder: for each field one that takes its value, and one that may leave it open.
macro_rules! setters {
    ($($field:ident, $set:ident: $type:ty, $what:literal;)*) => {$(
        #[doc = concat!("Sets ", $what, ".")]
        pub fn $field(mut self, $field: impl Into<$type>) -> Self {
            self.$field = Some($field.into());
            self
        }

        #[doc = concat!("Sets ", $what, ", or leaves it open.")]
        pub fn $set(&mut self, $field: Option<$type>) -> &mut Self {
            self.$field = $field;
            self
        }
    )*};
}

pub(crate) use {gives_credentials, gives_tokens, reads_profile, setters};
