//! What a profile says of a sign-in, and of the role that it is for.

use std::fmt;

use super::SsoRole;
use crate::credentials::role_chain::{fault, get, gives_credentials};
use crate::profile::{Kind, Profiles, Section};

/// A sign-in to IAM Identity Center, as `aws sso login` makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The profile that asks for it, where one does.
    pub profile: Option<String>,
    /// The name of the section `[sso-session NAME]`. Without one, the token of the start URL is used until it ends: it
    /// cannot be refreshed.
    pub session: Option<String>,
    /// The region of the Identity Center.
    pub region: String,
    /// Where people sign in.
    pub start_url: String,
}

impl SignIn {
    /// The sign-in of the session that a section names, if it names one.
    ///
    /// # Errors
    ///
    /// There is no such session, it says too little, or the section says something else; as text.
    pub(crate) fn of_session(profiles: &Profiles, section: &Section) -> Result<Option<Self>, String> {
        let Some(session) = get(section, "sso_session") else { return Ok(None) };
        let sign_in = profiles.section(Kind::SsoSession, session).ok_or_else(|| {
            let what = format!("names `{session}`, and there is no section [sso-session {session}]");
            fault(section, "sso_session", &what)
        })?;
        let needed = |name| {
            let value = get(sign_in, name)
                .ok_or_else(|| format!("section [sso-session {session}] at {} has no {name}", sign_in.place))?;
            match get(section, name) {
                Some(other) if other != value => {
                    Err(fault(section, name, &format!("is not what [sso-session {session}] says: delete it")))
                }
                _ => Ok(value.to_owned()),
            }
        };
        let (region, start_url) = (needed("sso_region")?, needed("sso_start_url")?);
        Ok(Some(Self { profile: Some(section.name.clone()), session: Some(session.to_owned()), region, start_url }))
    }

    /// The sign-in and the role that a section asks for. One that says nothing of a role is meant for bearer tokens: keys or
    /// a program beside it count, and without those there are no credentials.
    ///
    /// # Errors
    ///
    /// The section says too little, or contradicts its session; as text.
    pub(crate) fn with_role(profiles: &Profiles, section: &Section) -> Result<Option<(Self, SsoRole)>, String> {
        let set = |name: &str| get(section, name);
        let (account_id, role_name) = match (set("sso_account_id"), set("sso_role_name")) {
            (Some(account_id), Some(role_name)) => (account_id.to_owned(), role_name.to_owned()),
            (Some(_), None) => return Err(fault(section, "sso_account_id", "needs sso_role_name beside it")),
            (None, Some(_)) => return Err(fault(section, "sso_role_name", "needs sso_account_id beside it")),
            (None, None) => return without_role(section),
        };
        let sign_in = match Self::of_session(profiles, section)? {
            Some(sign_in) => sign_in,
            None => Self::legacy(section)?,
        };
        Ok(Some((sign_in, SsoRole { account_id, role_name })))
    }

    /// The sign-in of a section that names no session.
    fn legacy(section: &Section) -> Result<Self, String> {
        let needed = |name| match get(section, name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(fault(section, "sso_account_id", &format!("needs {name} beside it"))),
        };
        let (region, start_url) = (needed("sso_region")?, needed("sso_start_url")?);
        Ok(Self { profile: Some(section.name.clone()), session: None, region, start_url })
    }

    /// What the file is named after that keeps the token.
    pub(in crate::credentials) fn key(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.start_url)
    }

    /// Why there is no token, and the command that mends it.
    pub(super) fn mended_by_login(&self, why: &dyn fmt::Display) -> String {
        match self {
            Self { session: Some(session), .. } => format!("{why}; run `aws sso login --sso-session {session}`"),
            Self { profile: Some(profile), .. } => format!("{why}; run `aws sso login --profile {profile}`"),
            Self { start_url, .. } => {
                format!("{why}; run `aws sso login` with a profile whose sso_start_url is {start_url}")
            }
        }
    }
}

fn without_role(section: &Section) -> Result<Option<(SignIn, SsoRole)>, String> {
    let is_given = |name: &&str| get(section, name).is_some();
    let name = ["sso_session", "sso_start_url"].into_iter().find(is_given).filter(|_| !gives_credentials(section));
    let what = "gives a bearer token, and credentials only with sso_account_id and sso_role_name beside it";
    name.map_or(Ok(None), |name| Err(fault(section, name, what)))
}
