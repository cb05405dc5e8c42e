//! The features of a client that AWS counts, by the ids that all SDKs share (the metrics of User-Agent 2.1).

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $id:literal;)*) => {
        /// A feature that a call made use of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Metric {
            $($(#[$doc])* $variant,)*
        }

        impl Metric {
            /// How the header says it.
            pub(crate) const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)*
                }
            }
        }

        /// The names and ids of all features that may be told.
        pub const METRICS: &[(&str, &str)] = &[$(($name, $id)),*];
    };
}

// Those of features that there are here. An id is told where the feature was at work, and not where it only could be.
metrics! {
    /// A request of a waiter.
    Waiter = "WAITER" "B";
    /// A page of a listing.
    Paginator = "PAGINATOR" "C";
    /// The standard mode of retries.
    RetryModeStandard = "RETRY_MODE_STANDARD" "E";
    /// The adaptive mode of retries.
    RetryModeAdaptive = "RETRY_MODE_ADAPTIVE" "F";
    /// An address that someone set in place of the service's own.
    EndpointOverride = "ENDPOINT_OVERRIDE" "N";
    /// Credentials that name their account.
    ResolvedAccountId = "RESOLVED_ACCOUNT_ID" "T";
    /// Keys, or a provider, that the program brought.
    CredentialsCode = "CREDENTIALS_CODE" "e";
    /// Keys from variables.
    CredentialsEnvVars = "CREDENTIALS_ENV_VARS" "g";
    /// A token in a file that variables name.
    CredentialsEnvVarsStsWebIdToken = "CREDENTIALS_ENV_VARS_STS_WEB_ID_TOKEN" "h";
    /// A role, assumed with credentials.
    CredentialsStsAssumeRole = "CREDENTIALS_STS_ASSUME_ROLE" "i";
    /// A role, assumed with a token.
    CredentialsStsAssumeRoleWebId = "CREDENTIALS_STS_ASSUME_ROLE_WEB_ID" "k";
    /// Keys from a profile.
    CredentialsProfile = "CREDENTIALS_PROFILE" "n";
    /// A profile that names another one.
    CredentialsProfileSourceProfile = "CREDENTIALS_PROFILE_SOURCE_PROFILE" "o";
    /// A profile that names another source.
    CredentialsProfileNamedProvider = "CREDENTIALS_PROFILE_NAMED_PROVIDER" "p";
    /// A token in a file that a profile names.
    CredentialsProfileStsWebIdToken = "CREDENTIALS_PROFILE_STS_WEB_ID_TOKEN" "q";
    /// A session of IAM Identity Center that a profile names.
    CredentialsProfileSso = "CREDENTIALS_PROFILE_SSO" "r";
    /// Credentials by that session.
    CredentialsSso = "CREDENTIALS_SSO" "s";
    /// A sign-in to IAM Identity Center that a profile describes itself.
    CredentialsProfileSsoLegacy = "CREDENTIALS_PROFILE_SSO_LEGACY" "t";
    /// Credentials by that sign-in.
    CredentialsSsoLegacy = "CREDENTIALS_SSO_LEGACY" "u";
    /// A program that a profile names.
    CredentialsProfileProcess = "CREDENTIALS_PROFILE_PROCESS" "v";
    /// Credentials that it printed.
    CredentialsProcess = "CREDENTIALS_PROCESS" "w";
    /// The agent of a container.
    CredentialsHttp = "CREDENTIALS_HTTP" "z";
    /// The metadata service of an instance.
    CredentialsImds = "CREDENTIALS_IMDS" "0";
    /// A bearer token from the variable that is named after the service.
    BearerServiceEnvVars = "BEARER_SERVICE_ENV_VARS" "3";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification cuts the list at 1,024 characters. All ids together stay below that, so that nothing is cut.
    #[test]
    fn all_metrics_fit() {
        let length: usize = METRICS.iter().map(|(_, id)| id.len() + ",".len()).sum();
        assert!(length <= 1024, "{length}");
    }
}
