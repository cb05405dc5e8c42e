//! Credentials from the chosen profile of the shared files.

use std::future::ready;
use std::sync::Arc;

use super::container::ContainerCredentials;
use super::environment::EnvironmentCredentials;
use super::imds::ImdsCredentials;
use super::role_chain::{Base, KEY, NamedSource, RoleChain, SECRET, get, wrong};
use super::settings::{ACCOUNT_ID, SESSION_TOKEN};
use super::sso::SsoCredentials;
use super::{
    Credentials, CredentialsError, Doors, ProvideCredentials, Result, mfa, process, provides_credentials, role,
    web_identity,
};
use crate::config::Sources;
use crate::profile::Section;
use crate::transport::BoxFuture;
use crate::user_agent::Metric;

/// Reads the chosen profile: the role that it asks for, the token for one, the sign-in, its `credential_process`, or else its static
/// keys, `aws_access_key_id`, `aws_secret_access_key`, `aws_session_token` and `aws_account_id`.
#[derive(Clone, Debug)]
pub struct ProfileCredentials {
    sources: Arc<Sources>,
    doors: Arc<Doors>,
}

impl ProfileCredentials {
    /// Reads the chosen profile of these sources.
    pub fn new(sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self { sources, doors: doors.into() }
    }

    async fn load(&self) -> Result {
        let profiles = self.sources.profiles().map_err(CredentialsError::invalid_configuration)?;
        let section = self.sources.section().map_err(CredentialsError::invalid_configuration)?;
        let Some(section) = section else {
            return Err(CredentialsError::not_loaded(format!("there is no {}", self.sources.describe_profile())));
        };
        let RoleChain { base, roles, profiles: way } = RoleChain::of(profiles, section)?;
        mfa::check(&roles, &self.doors)?;
        // Each role stands in a profile that names its source; the first may name one that is no profile.
        let names_profile = roles.len() > usize::from(matches!(base, Base::Named(_)));
        let first = self.first(base).await;
        if roles.is_empty() {
            return first;
        }
        let first = first.map_err(|error| needed(section, error))?;
        let mut made_by: Vec<Metric> =
            names_profile.then_some(Metric::CredentialsProfileSourceProfile).into_iter().collect();
        made_by.extend(first.makers());
        let mut credentials = first.made_by(made_by.clone());
        made_by.push(Metric::CredentialsStsAssumeRole);
        for role in &roles {
            let assumed = role::assume(&self.sources, &self.doors, credentials, role, &way).await?;
            credentials = assumed.made_by(made_by.clone());
        }
        Ok(credentials)
    }

    /// The credentials that no other profile is needed for.
    fn first<'a>(&'a self, base: Base<'a>) -> BoxFuture<'a, Result> {
        let (sources, doors) = (&self.sources, &self.doors);
        let (answer, made_by): (BoxFuture<'a, Result>, &'static [Metric]) = match base {
            Base::Keys(section) => return Box::pin(ready(keys(section, sources))),
            Base::Named(source) => (self.named(source), &[Metric::CredentialsProfileNamedProvider]),
            Base::Process(section, line) => {
                let account = get(section, ACCOUNT_ID.key);
                let printed = process::credentials(&*doors.shell, &section.name, line, account);
                (printed, &[Metric::CredentialsProfileProcess, Metric::CredentialsProcess])
            }
            Base::Sso(sign_in, role) => {
                let made_by: &[Metric] = match sign_in.session {
                    Some(_) => &[Metric::CredentialsProfileSso, Metric::CredentialsSso],
                    None => &[Metric::CredentialsProfileSsoLegacy, Metric::CredentialsSsoLegacy],
                };
                (asked(SsoCredentials::new(sign_in, role, sources.clone(), doors.clone())), made_by)
            }
            Base::WebIdentity(identity) => {
                let given = web_identity::credentials(sources, doors, identity);
                (given, &[Metric::CredentialsProfileStsWebIdToken, Metric::CredentialsStsAssumeRoleWebId])
            }
        };
        Box::pin(async move {
            let given = answer.await?;
            let made_by = [made_by, given.makers()].concat();
            Ok(given.made_by(made_by))
        })
    }

    /// What a source that is no profile gives.
    fn named(&self, source: NamedSource) -> BoxFuture<'static, Result> {
        let (sources, doors) = (self.sources.clone(), self.doors.clone());
        match source {
            NamedSource::Environment => asked(EnvironmentCredentials::new(sources)),
            NamedSource::EcsContainer => asked(ContainerCredentials::new(sources, doors)),
            NamedSource::Ec2InstanceMetadata => asked(ImdsCredentials::new(sources, doors)),
        }
    }
}

/// What a source gives, which is made to be asked once.
fn asked(source: impl ProvideCredentials + 'static) -> BoxFuture<'static, Result> {
    Box::pin(async move { source.provide_credentials().await })
}

/// The keys of a section.
pub(super) fn keys(section: &Section, sources: &Sources) -> Result {
    match (get(section, KEY), get(section, SECRET)) {
        (Some(key), Some(secret)) => {
            let mut builder =
                Credentials::builder().access_key_id(key).secret_access_key(secret).provider_name("ProfileFile");
            builder.set_session_token(get(section, SESSION_TOKEN.key).map(str::to_owned));
            builder.set_account_id(get(section, ACCOUNT_ID.key).map(Into::into));
            Ok(builder.build().made_by([Metric::CredentialsProfile]))
        }
        (None, None) => {
            Err(CredentialsError::not_loaded(format!("there is no {KEY} in {}", sources.describe_profile())))
        }
        (Some(_), None) => Err(wrong(section, KEY, &format!("stands without {SECRET}: set both, or neither"))),
        (None, Some(_)) => Err(wrong(section, SECRET, &format!("stands without {KEY}: set both, or neither"))),
    }
}

/// The error of a source that a role needs: a chain must not go on without the role that the profile asks for.
fn needed(section: &Section, error: CredentialsError) -> CredentialsError {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => CredentialsError::invalid_configuration(format!(
            "profile `{}` at {} asks for a role, and has nothing to assume it with: {error}",
            section.name, section.place
        )),
        other => other,
    }
}

provides_credentials!(ProfileCredentials);
