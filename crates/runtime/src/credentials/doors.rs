//! What the sources of credentials reach the world by, beside the settings.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use zeroize::Zeroizing;

use super::SharedMfaTokenProvider;
use super::services::sts;
use super::sso::{SignIn, SsoTokenProvider};
use crate::client::{Handle, core};
use crate::config::{Builder, Config, Sources};
use crate::environment::{Files, Process};
use crate::random::Random;
use crate::region::Region;
use crate::shell::{Shell, SystemShell};
use crate::time::{Clock, Sleep, ThreadSleep};
use crate::transport::{BoxFuture, SharedTransport};

/// The doors of the sources. Those of this machine are the default.
#[derive(Clone, Debug)]
pub struct Doors {
    /// What carries the requests, where code says so.
    pub http_client: Option<SharedTransport>,
    /// What carries them otherwise, once one was sent: connections and roots of trust are kept from call to call.
    pub transport: Arc<OnceLock<SharedTransport>>,
    /// The client of STS, once there is one: it remembers how far our clock is off.
    #[doc(hidden)]
    pub sts: Arc<OnceLock<Handle>>,
    /// The tokens of sign-ins that were needed, by what their files are named after: they remember when they were refreshed.
    #[doc(hidden)]
    pub sso: Arc<Mutex<Vec<(String, SsoTokenProvider)>>>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// What waits.
    pub sleep: Arc<dyn Sleep>,
    /// Where jitter comes from.
    pub random: Arc<dyn Random>,
    /// What reads files of tokens, and keeps those of sign-ins.
    pub files: Arc<dyn Files>,
    /// What runs `credential_process`.
    pub shell: Arc<dyn Shell>,
    /// What code says of calls, for those that sources make themselves: region, retries, timeouts.
    pub code: Builder,
}

impl Doors {
    /// The doors that settings bring, and for what they leave open those of this machine.
    pub fn of(config: &Config) -> Self {
        Self {
            http_client: config.http_client(),
            transport: Arc::default(),
            sts: Arc::default(),
            sso: Arc::default(),
            clock: config.clock(),
            sleep: config.sleeper().unwrap_or_else(|| Arc::new(ThreadSleep)),
            random: config.random(),
            files: Arc::new(Process),
            shell: Arc::new(SystemShell),
            code: config.to_builder(),
        }
    }
}

impl Doors {
    /// Who gives the codes of MFA devices.
    pub(super) fn mfa(&self) -> Option<&SharedMfaTokenProvider> {
        self.code.0.mfa_token_provider.as_ref()
    }

    /// Reads a file that a source needs when it is asked.
    pub(super) fn read(&self, path: &str, limit: u64) -> BoxFuture<'static, io::Result<Vec<u8>>> {
        let (files, path) = (self.files.clone(), PathBuf::from(path));
        aside(Box::new(move || files.read(&path, limit)))
    }

    /// Puts this content in the place of such a file, and overwrites it in memory. Nothing is read.
    pub(super) fn replace(&self, path: &str, content: Vec<u8>) -> BoxFuture<'static, io::Result<Vec<u8>>> {
        let (files, path, content) = (self.files.clone(), PathBuf::from(path), Zeroizing::new(content));
        aside(Box::new(move || files.replace(&path, &content).map(|()| Vec::new())))
    }

    /// The client by which roles are assumed. It has no credentials: they are those of a call.
    pub(super) fn sts(&self, sources: &Arc<Sources>) -> &Handle {
        self.sts.get_or_init(|| Handle::new(self.settings(sources, None), &sts::SERVICE))
    }

    /// The token of a sign-in: one for all who need it, since its refresh token may be good for one exchange.
    pub(super) fn token(&self, sign_in: &SignIn, sources: &Arc<Sources>) -> SsoTokenProvider {
        let mut tokens = self.sso.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, token)) = tokens.iter().find(|(key, _)| key == sign_in.key()) {
            return token.clone();
        }
        // It does not hold what holds it.
        let doors = Self { sso: Arc::default(), ..self.clone() };
        let token = SsoTokenProvider::new(sign_in.clone(), sources.clone(), doors);
        tokens.push((sign_in.key().to_owned(), token.clone()));
        token
    }

    /// The settings of a call that a source makes: what code said of calls, then what the sources of settings say. The
    /// endpoint URL that code set is for the program's own services, and so are its hooks. There are neither
    /// credentials nor tokens: the chain, which loaded settings begin with, would ask itself.
    pub(super) fn settings(&self, sources: &Arc<Sources>, region: Option<Region>) -> Config {
        let mut builder = self.code.clone().random(self.random.clone());
        builder
            .set_endpoint_url(None)
            .set_hooks(Vec::new())
            .set_http_client(self.http_client.clone())
            .set_time_source(Some(self.clock.clone()))
            .set_sleep_impl(Some(self.sleep.clone()));
        if region.is_some() {
            builder.set_region(region);
        }
        let settings = builder.load(sources.clone());
        let transport = self.transport.get_or_init(|| core::transport(&settings)).clone();
        let mut builder = settings.into_builder();
        builder.set_http_client(Some(transport)).set_credentials_provider(None).set_token_provider(None);
        builder.build()
    }
}

/// What is done with a file, and what is read from it.
type FileWork = Box<dyn FnOnce() -> io::Result<Vec<u8>> + Send>;

/// Waits for a disk, which may be slow or on another machine, off the threads that drive calls. Without a runtime of tokio
/// there is no other thread to be had.
fn aside(work: FileWork) -> BoxFuture<'static, io::Result<Vec<u8>>> {
    Box::pin(async move {
        #[cfg(feature = "rt-tokio")]
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            return runtime.spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)));
        }
        work()
    })
}

impl Default for Doors {
    fn default() -> Self {
        Self::of(&Config::builder().build())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::scripted;
    use crate::credentials::Credentials;
    use crate::token::Token;

    #[test]
    fn the_calls_of_all_sources_share_one_transport() {
        let (doors, sources) = (Doors::default(), scripted(&[], ""));
        let transport = |doors: &Doors| doors.settings(&sources, None).http_client().unwrap();
        assert!(transport(&doors).is(&transport(&doors.clone())));
        assert!(!transport(&doors).is(&transport(&Doors::default())));
    }

    #[test]
    fn the_calls_of_sources_have_no_source_of_their_own() {
        let code = Config::builder().credentials_provider(Credentials::new("AK", "S", None, None, "test"));
        for code in [Config::builder(), code.token_provider(Token::from("t"))] {
            let settings = Doors::of(&code.build()).settings(&scripted(&[], ""), None);
            assert!(settings.credentials_provider().is_none() && settings.token_provider().is_none());
        }
    }
}
