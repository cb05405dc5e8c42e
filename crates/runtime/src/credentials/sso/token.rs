//! The token of a sign-in: read from where `aws sso login` keeps it, refreshed ahead of its end, and kept there again.

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::SignIn;
use super::file::{self, Grant, Kept};
use crate::config::{Sources, retry::RetryConfig};
use crate::credentials::Doors;
use crate::credentials::services::sso_oidc::Client;
use crate::identity::{Flight, Join};
use crate::region::Region;
use crate::token::{ProvideToken, Result, Token, TokenError, future};

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
    doors: Doors,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The last refresh that was begun.
    tried: Option<SystemTime>,
    /// Why it failed, where it did.
    failure: Option<String>,
    /// The last token that came of a refresh, or was there after it.
    renewed: Option<Kept>,
    flight: Option<Flight<Result>>,
}

/// What is to be done for a caller.
enum Next {
    Use(Token),
    Wait(Join<Result>),
}

impl SsoTokenProvider {
    /// The token of this sign-in; its file is looked for in the home directory that the sources name.
    pub fn new(sign_in: SignIn, sources: Arc<Sources>, doors: Doors) -> Self {
        Self(Arc::new(Shared { sign_in, sources, doors, state: Mutex::default() }))
    }

    fn next(&self) -> std::result::Result<Next, TokenError> {
        let shared = &self.0;
        if let Some(join) = shared.lock().underway() {
            return Ok(Next::Wait(join));
        }
        // The lock is not held here: a slow disk would keep those waiting who need no file.
        let (path, kept) = shared.kept()?;
        let mut state = shared.lock();
        // Meanwhile a refresh may have begun, or come to its end.
        if let Some(join) = state.underway() {
            return Ok(Next::Wait(join));
        }
        let kept = state.renewed.as_ref().filter(|renewed| renewed.end() > kept.end()).cloned().unwrap_or(kept);
        let now = shared.doors.clock.now();
        let works = now < kept.end();
        if works && kept.end().duration_since(now).is_ok_and(|left| left > AHEAD) {
            return Ok(Next::Use(kept.token().clone()));
        }
        match shared.may_refresh(&state, &kept, now, works) {
            Ok(()) => {}
            Err(_) if works => return Ok(Next::Use(kept.token().clone())),
            Err(why) => return Err(shared.failed(&format_args!("the token in {path} has expired{why}"))),
        }
        (state.tried, state.failure) = (Some(now), None);
        let flight = Flight::new(shared.clone().refresh(path, kept, now));
        let join = flight.join();
        flight.spawn();
        state.flight = Some(flight);
        Ok(Next::Wait(join))
    }
}

impl State {
    /// A refresh that is under way.
    fn underway(&self) -> Option<Join<Result>> {
        self.flight.as_ref().filter(|flight| !flight.is_over()).map(Flight::join)
    }
}

impl Shared {
    /// The token of the file, and where that is.
    fn kept(&self) -> std::result::Result<(String, Kept), TokenError> {
        let path = file::path(&self.sources, &self.sign_in).ok_or_else(|| {
            TokenError::provider_error("there is no home directory to look for the token in: set HOME")
        })?;
        let read = self.doors.files.read(Path::new(&path), file::LENGTH);
        let bytes =
            read.map_err(|error| self.failed(&format_args!("the token cannot be read from {path}: {error}")))?;
        // What is wrong with the file is not shown: all of it may be secret.
        let kept = Kept::read(&bytes).ok_or_else(|| self.failed(&format_args!("{path} holds no token")))?;
        Ok((path, kept))
    }

    /// Whether a token may be refreshed now, and can be; the error is the end of a sentence about one that has expired.
    fn may_refresh(&self, state: &State, kept: &Kept, now: SystemTime, works: bool) -> std::result::Result<(), String> {
        if self.sign_in.session.is_none() {
            return Err(String::new());
        }
        kept.grant(now).map_err(|why| format!(" and {why}"))?;
        // A clock that was set back makes nobody wait.
        let since = state.tried.and_then(|tried| now.duration_since(tried).ok());
        match (since.is_some_and(|since| since < PAUSE), &state.failure) {
            (true, Some(failure)) => Err(failure.clone()),
            // It came to no end, as nobody waited for it.
            (true, None) if works => Err(String::new()),
            _ => Ok(()),
        }
    }

    /// Exchanges a token for a new one.
    async fn refresh(self: Arc<Self>, path: String, kept: Kept, begun: SystemTime) -> Result {
        let renewed = self.exchange(&kept, begun).await;
        let found = self.doors.files.read(Path::new(&path), file::LENGTH).ok().and_then(|bytes| Kept::read(&bytes));
        let why = match renewed {
            Ok(renewed) => {
                // The call has its token, whether it can be kept for others or not.
                let _ = self.keep(&path, &renewed, found.as_ref());
                let token = renewed.token().clone();
                let mut state = self.lock();
                (state.renewed, state.failure) = (Some(renewed), None);
                return Ok(token);
            }
            Err(why) => format!(", and was not refreshed: {why}"),
        };
        // Another process may have been faster, and a refresh token may be good for one exchange.
        let at_hand = found.filter(|found| found.end() > kept.end()).unwrap_or(kept);
        let mut state = self.lock();
        // Who read the file before is about to ask what came of this.
        (state.renewed, state.failure) = (Some(at_hand.clone()), Some(why.clone()));
        drop(state);
        let now = self.doors.clock.now();
        if now < at_hand.end() {
            return Ok(at_hand.token().clone());
        }
        Err(self.failed(&format_args!("the token in {path} has expired{why}")))
    }

    async fn exchange(&self, kept: &Kept, begun: SystemTime) -> std::result::Result<Kept, String> {
        let Grant { client_id, client_secret, refresh_token } = kept.grant(begun)?;
        let region = Region::new(self.sign_in.region.clone());
        let settings = self.doors.settings(&self.sources, Some(region)).into_builder();
        // The answer that was lost may have used the refresh token up.
        let answer = Client::from_conf(settings.retry_config(RetryConfig::disabled()).build())
            .create_token()
            .grant_type("refresh_token")
            .client_id(client_id)
            .client_secret(client_secret)
            .refresh_token(refresh_token)
            .send()
            .await
            .map_err(|error| error.to_string())?;
        let token = answer.access_token.filter(|token| !token.is_empty()).ok_or("the answer has no token")?;
        let lasts = u64::try_from(answer.expires_in).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs);
        let refresh = answer.refresh_token.filter(|token| !token.is_empty());
        lasts
            .and_then(|lasts| kept.renewed(&token, refresh, begun, lasts))
            .ok_or_else(|| "the answer has a token that lasts for no time".to_owned())
    }

    /// Writes a token into its file, unless there is one already that lasts longer: somebody signed in meanwhile.
    fn keep(&self, path: &str, renewed: &Kept, found: Option<&Kept>) -> io::Result<()> {
        if found.is_none_or(|found| found.end() > renewed.end()) {
            return Ok(());
        }
        let content = renewed.write().ok_or(io::ErrorKind::InvalidData)?;
        self.doors.files.replace(Path::new(path), &content)
    }

    /// The error of a token that cannot be had, with the command that mends it.
    fn failed(&self, why: &dyn fmt::Display) -> TokenError {
        TokenError::provider_error(self.sign_in.mended_by_login(why))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProvideToken for SsoTokenProvider {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        match self.next() {
            Ok(Next::Use(token)) => future::ProvideToken::ready(Ok(token)),
            Ok(Next::Wait(join)) => future::ProvideToken::new(async {
                join.await.unwrap_or_else(|| Err(TokenError::unhandled("the refresh of the token panicked")))
            }),
            Err(error) => future::ProvideToken::ready(Err(error)),
        }
    }
}

impl fmt::Debug for SsoTokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SsoTokenProvider").field(&self.0.sign_in).finish()
    }
}
