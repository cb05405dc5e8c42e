//! What scenarios without credentials are told, in our own words: the wording that a suite expects is another project's.

use crate::world::Outcome;

/// How the line of an error begins, by its variant.
const NOT_LOADED: &str = "no credentials: ";
const WRONG: &str = "the source of credentials is set up wrongly: ";
const FAILED: &str = "the source of credentials failed: ";

/// The name of a scenario, the beginning of its error's line, and what stands further on.
const FAILURES: &[(&str, &str, &str)] = &[
    ("eks_pod_identity_no_token_file", WRONG, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE is"),
    ("imds_default_chain_error", NOT_LOADED, "instance: the instance has no role"),
    ("imds_disabled", NOT_LOADED, "instance: it is turned off by"),
    ("imds_no_iam_role", WRONG, "no credentials: the instance has no role"),
    ("imds_token_fail", FAILED, "it refused the token with status 403"),
    ("sso_no_token_file", FAILED, "the token cannot be read from /home/.aws/sso/cache/"),
    ("sso_server_error", FAILED, "GetRoleCredentials failed: an error without a code or a body"),
    ("web_identity_source_profile_no_env", WRONG, "needs role_arn beside it"),
    ("web_identity_token_invalid_jwt", FAILED, "AssumeRoleWithWebIdentity failed: InvalidIdentityToken:"),
    ("credential_process_failure", FAILED, "ended with status 1"),
    ("credential_process_invalid", FAILED, "it is not a JSON object"),
    ("empty_config", NOT_LOADED, "there is no profile `default`"),
    ("invalid_config", WRONG, "cannot read the shared AWS files: /home/.aws/config:"),
    ("invalid_sso_credentials_config", WRONG, "gives a bearer token, and credentials only with"),
    ("sso_token", WRONG, "gives a bearer token, and credentials only with"),
    ("role_arn without source source_profile", WRONG, "needs source_profile or credential_source"),
    ("source profile and credential source both present", WRONG, "stands beside credential_source"),
    ("partial credentials error (missing secret)", WRONG, "stands without aws_secret_access_key"),
    ("partial credentials error (missing access key)", WRONG, "stands without aws_access_key_id"),
    ("missing credentials error (empty source profile)", WRONG, "profile `B` at"),
    ("profile only contains configuration", NOT_LOADED, "there is no aws_access_key_id in profile `A`"),
    ("missing source profile", WRONG, "names `B`, which is no profile"),
    ("missing root profile (should never happen in practice)", NOT_LOADED, "there is no profile `A`"),
    ("assume role profile infinite loop", WRONG, "goes in a circle: A → B → A"),
    ("infinite loop with static credentials", WRONG, "goes in a circle: A → B → A"),
    ("web identity role", WRONG, "needs role_arn beside it"),
    ("invalid SSO credentials configuration: missing account ID", WRONG, "needs sso_account_id beside it"),
    ("invalid SSO credentials configuration: missing role name", WRONG, "needs sso_role_name beside it"),
    ("invalid SSO token configuration: sso_region must be in sso-session", WRONG, "gives a bearer token"),
    ("SSO token profile selected", WRONG, "gives a bearer token"),
    ("invalid SSO token configuration: sso-session not found", WRONG, "gives a bearer token"),
];

/// Compares the error of a scenario with the table. One that is not in it, as others in the same form may stand in the
/// suite's place, has to fail, and no more.
pub(crate) fn check(scenario: &str, error: &str) -> Outcome {
    match FAILURES.iter().find(|(name, ..)| *name == scenario) {
        Some((_, begins, says)) if !(error.starts_with(begins) && error.contains(says)) => {
            Err(format!("failed with {error:?}, and not with {begins:?}, and {says:?} further on").into())
        }
        _ => Ok(()),
    }
}
