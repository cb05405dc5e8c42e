//! The token of a sign-in: read from where `aws sso login` keeps it, refreshed ahead of its end, and kept there again.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use zeroize::Zeroizing;

use super::SignIn;
use super::file::{self, Grant, Kept};
use crate::client::Handle;
use crate::config::{Sources, retry::RetryConfig};
use crate::credentials::Doors;
use crate::credentials::services::sso_oidc::operation::create_token::{CreateToken, CreateTokenInput};
use crate::credentials::services::{self, sso_oidc};
use crate::identity::Flight;
use crate::identity::error::SourceError;
use crate::region::Region;
use crate::token::{Result, Token, TokenError, provides_token};

/// How long before its end a token is refreshed.
const AHEAD: Duration = Duration::from_secs(5 * 60);
/// How long after one refresh there is no other.
const PAUSE: Duration = Duration::from_secs(30);

/// Gives the token of a sign-in. Clones share what they know.
///
/// The file of the token is read each time. A token of a session is refreshed within five minutes of its end, at most
/// once in 30 seconds, once for all who ask, and even if they all go away where there is a runtime of tokio. A refresh that
/// fails leaves a token that still works. The new token is written into the file, for the other tools that read it; where that
/// cannot be done, it is kept here.
#[derive(Clone)]
pub struct SsoTokenProvider(Arc<Shared>);

struct Shared {
    sign_in: SignIn,
    sources: Arc<Sources>,
    doors: Arc<Doors>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What those wait for who ask now: for all of them, the file is read once, and the token refreshed once.
    flight: Option<Flight<Result>>,
    /// When the last refresh began, and why it failed, where it did.
    tried: Option<(SystemTime, Option<String>)>,
    /// What the last refresh gave, where the file could not be written.
    renewed: Option<Kept>,
}

impl SsoTokenProvider {
    /// The token of this sign-in; its file is looked for in the home directory that the sources name.
    pub fn new(sign_in: SignIn, sources: Arc<Sources>, doors: impl Into<Arc<Doors>>) -> Self {
        Self(Arc::new(Shared { sign_in, sources, doors: doors.into(), state: Mutex::default() }))
    }

    async fn load(&self) -> Result {
        let ours = {
            let mut state = self.0.lock();
            let underway = state.flight.as_ref().and_then(Flight::join_underway);
            underway.unwrap_or_else(|| state.flight.insert(Flight::new(self.0.clone().current())).join())
        };
        ours.land().await.unwrap_or_else(|| Err(TokenError::panicked()))
    }
}

impl Shared {
    /// The token of now: that of the file, or a new one in its place. Who asks meanwhile waits for this.
    async fn current(self: Arc<Self>) -> Result {
        let path = file::path(&self.sources, &self.sign_in).ok_or_else(|| {
            TokenError::provider_error("there is no home directory to look for the token in: set HOME")
        })?;
        let kept = self.kept(&path).await?;
        let now = self.doors.clock.now();
        if now.checked_add(AHEAD).is_some_and(|ahead| ahead < kept.end()) {
            return Ok(kept.token().clone());
        }
        match self.refreshed(&path, &kept, now).await {
            Ok(token) => Ok(token),
            Err(_) if self.doors.clock.now() < kept.end() => Ok(kept.token().clone()),
            Err(why) => Err(self.failed(&format_args!("the token in {path} has expired{why}"))),
        }
    }

    /// The token that lasts longest, of that in the file and one that could not be written there.
    async fn kept(&self, path: &str) -> std::result::Result<Kept, TokenError> {
        let read = self.doors.read(path, file::LENGTH).await;
        let bytes =
            read.map_err(|error| self.failed(&format_args!("the token cannot be read from {path}: {error}")))?;
        let bytes = Zeroizing::new(bytes);
        // What is wrong with the file is not shown: all of it may be secret.
        let found = Kept::read(&bytes).ok_or_else(|| self.failed(&format_args!("{path} holds no token")))?;
        let renewed = self.lock().renewed.clone().filter(|renewed| renewed.end() > found.end());
        Ok(renewed.unwrap_or(found))
    }

    /// A new token in the place of one; the error is the end of a sentence about one that has expired.
    async fn refreshed(&self, path: &str, kept: &Kept, now: SystemTime) -> std::result::Result<Token, String> {
        if self.sign_in.session.is_none() {
            return Err(String::new());
        }
        let grant = kept.grant(now).map_err(|why| format!(" and {why}"))?;
        // A clock that was set back makes nobody wait.
        let recent = |tried: SystemTime| now.duration_since(tried).is_ok_and(|since| since < PAUSE);
        if let Some((_, failure)) = self.lock().tried.as_ref().filter(|(tried, _)| recent(*tried)) {
            return Err(failure.clone().unwrap_or_default());
        }
        let renewed = self.exchange(kept, grant, now).await;
        let renewed = renewed.map_err(|why| format!(", and was not refreshed: {why}"));
        self.lock().tried = Some((now, renewed.as_ref().err().cloned()));
        let found = self.doors.read(path, file::LENGTH).await.ok().map(Zeroizing::new);
        let found = found.and_then(|bytes| Kept::read(&bytes));
        match renewed {
            Ok(renewed) => {
                let token = renewed.token().clone();
                // The call has its token, whether it can be kept for others or not.
                let is_kept = self.keep(path, &renewed, found.as_ref()).await.is_ok();
                self.lock().renewed = (!is_kept).then_some(renewed);
                Ok(token)
            }
            // Another process may have been faster, and a refresh token may be good for one exchange.
            Err(why) => {
                let found = found.filter(|found| found.end() > kept.end().max(now));
                found.map(|found| found.token().clone()).ok_or(why)
            }
        }
    }

    /// Exchanges a token for a new one.
    async fn exchange(&self, kept: &Kept, grant: Grant<'_>, begun: SystemTime) -> std::result::Result<Kept, String> {
        let region = Region::new(self.sign_in.region.clone());
        let settings = self.doors.settings(&self.sources, Some(region)).into_builder();
        // The answer that was lost may have used the refresh token up.
        let client = Handle::new(settings.retry_config(RetryConfig::disabled()).build(), &sso_oidc::SERVICE);
        let input = CreateTokenInput {
            grant_type: Some("refresh_token".to_owned()),
            client_id: Some(grant.client_id.to_owned()),
            client_secret: Some(grant.client_secret.to_owned()),
            refresh_token: Some(grant.refresh_token.to_owned()),
            ..CreateTokenInput::default()
        };
        let answer = services::ask::<CreateToken>(&client, input).await.map_err(|error| error.to_string())?;
        let token = answer.access_token.filter(|token| !token.is_empty()).ok_or("the answer has no token")?;
        let lasts = u64::try_from(answer.expires_in).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs);
        let refresh = answer.refresh_token.filter(|token| !token.is_empty());
        lasts
            .and_then(|lasts| kept.renewed(&token, refresh, begun, lasts))
            .ok_or_else(|| "the answer has a token that lasts for no time".to_owned())
    }

    /// Writes a token into its file, unless there is one already that lasts longer: somebody signed in meanwhile. Where none
    /// was found, somebody may be writing one, or have signed out: the file is left alone, and the token is not kept.
    async fn keep(&self, path: &str, renewed: &Kept, found: Option<&Kept>) -> io::Result<()> {
        let found = found.ok_or(io::ErrorKind::InvalidData)?;
        if found.end() > renewed.end() {
            return Ok(());
        }
        self.doors.replace(path, renewed.write().ok_or(io::ErrorKind::InvalidData)?).await.map(drop)
    }

    /// The error of a token that cannot be had, with the command that mends it.
    fn failed(&self, why: &dyn fmt::Display) -> TokenError {
        TokenError::provider_error(self.sign_in.mended_by_login(why))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

provides_token!(SsoTokenProvider);

impl fmt::Debug for SsoTokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SsoTokenProvider").field(&self.0.sign_in).finish()
    }
}
