//! The door to a person: the codes that an MFA device shows, for the roles whose profile names the device.

use std::fmt;
use std::sync::Arc;

use super::role_chain::{Mfa, Role};
use super::{CredentialsError, Doors};
use crate::error::{BoxError, DisplayErrorContext};
use crate::transport::BoxFuture;

/// Gives the code that an MFA device shows now, for profiles with `mfa_serial`.
///
/// Any closure that takes the serial number, and returns a future of a code or an error, is one. It is asked once for
/// each set of credentials, by a call that waits for them and no longer than two minutes; credentials that took a code
/// are not refreshed ahead of their end, so that nobody is asked while nothing waits. A code is used once, and kept and
/// logged nowhere.
///
/// ```
/// use std::io;
/// use tinsmith_runtime::config::Config;
///
/// /// Asks on the terminal. A thread waits for the line, so that other calls go on meanwhile.
/// async fn ask(serial: String) -> io::Result<String> {
///     let line = move || {
///         eprint!("Code of {serial}: ");
///         let mut line = String::new();
///         io::stdin().read_line(&mut line).map(|_| line)
///     };
///     tokio::task::spawn_blocking(line).await?
/// }
///
/// let settings = Config::builder().mfa_token_provider(ask);
/// # let _ = settings;
/// ```
pub trait ProvideMfaToken: Send + Sync {
    /// The six digits that the device with this serial number or ARN shows. White space around them is dropped.
    ///
    /// # Errors
    ///
    /// There is no code: nobody is there, or whoever is there declined. The credentials fail with this reason.
    fn provide_mfa_token<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, BoxError>>;
}

impl<F, Asked, E> ProvideMfaToken for F
where
    F: Fn(String) -> Asked + Send + Sync,
    Asked: Future<Output = Result<String, E>> + Send + 'static,
    E: Into<BoxError>,
{
    fn provide_mfa_token<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, BoxError>> {
        let asked = self(serial.to_owned());
        Box::pin(async { asked.await.map_err(Into::into) })
    }
}

/// A giver of codes behind a shared pointer.
#[derive(Clone)]
pub struct SharedMfaTokenProvider(Arc<dyn ProvideMfaToken>);

impl SharedMfaTokenProvider {
    /// Shares one.
    pub fn new(provider: impl ProvideMfaToken + 'static) -> Self {
        Self(Arc::new(provider))
    }
}

impl ProvideMfaToken for SharedMfaTokenProvider {
    fn provide_mfa_token<'a>(&'a self, serial: &'a str) -> BoxFuture<'a, Result<String, BoxError>> {
        self.0.provide_mfa_token(serial)
    }
}

impl fmt::Debug for SharedMfaTokenProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMfaTokenProvider").finish_non_exhaustive()
    }
}

/// Makes sure that somebody gives the codes that these roles ask for, before anything else is asked.
pub(super) fn check(roles: &[Role<'_>], doors: &Doors) -> Result<(), CredentialsError> {
    let first = roles.iter().find_map(|role| Some((role, role.mfa.as_ref()?)));
    let Some((Role { profile, .. }, Mfa { serial, place })) = first.filter(|_| doors.mfa().is_none()) else {
        return Ok(());
    };
    Err(CredentialsError::invalid_configuration(format!(
        "profile `{profile}`: mfa_serial at {place} asks for a code of the device `{serial}`, and nobody gives it: set \
         `mfa_token_provider` in code, for example by `from_env().mfa_token_provider(|serial| ..)` of tinsmith-config"
    )))
}

/// Asks for the code of a role. Six digits are sent and nothing else: in its refusal of another text, STS would quote it.
pub(super) async fn code(role: &Role<'_>, mfa: &Mfa<'_>, doors: &Doors) -> Result<String, CredentialsError> {
    let failed = |error: &dyn fmt::Display| {
        let Role { profile, arn, .. } = role;
        let text = format!("profile `{profile}`: no code of the device `{}` for role {arn}: {error}", mfa.serial);
        CredentialsError::provider_error(text)
    };
    let provider = doors.mfa().ok_or_else(|| failed(&"`mfa_token_provider` is not set"))?;
    let given = provider.provide_mfa_token(mfa.serial).await;
    let given = given.map_err(|error| failed(&DisplayErrorContext(&*error)))?;
    let code = given.trim();
    if code.len() != 6 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(failed(&"what was given is not six digits"));
    }
    Ok(code.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::config::{Config, scripted};
    use crate::test_util::{FixedClock, InstantSleep, Reply, ScriptedTransport};
    use crate::time::Clock;
    use crate::transport::TransportErrorKind;

    const CONFIG: &str = "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = keys\nregion = us-east-1\n\
                          mfa_serial = arn:aws:iam::1:mfa/me\n\
                          [profile keys]\naws_access_key_id = AK\naws_secret_access_key = the-secret\n";

    /// A person who is asked for codes, and what the profile is asked through.
    struct Bench {
        asked: Arc<Mutex<Vec<String>>>,
        transport: ScriptedTransport,
        clock: FixedClock,
        config: Config,
    }

    /// STS gives these answers in turn, and the person these codes, or none.
    fn bench(
        answers: impl IntoIterator<Item = Reply>,
        codes: impl IntoIterator<Item = Option<&'static str>, IntoIter: Send + 'static>,
    ) -> Bench {
        let transport = ScriptedTransport::new(answers);
        let (asked, clock) = (Arc::<Mutex<Vec<String>>>::default(), FixedClock::at_unix(0));
        let (noted, codes) = (asked.clone(), Mutex::new(codes.into_iter()));
        let person = move |serial: String| {
            noted.lock().unwrap().push(serial);
            let code = codes.lock().unwrap().next().flatten();
            async move { code.map(str::to_owned).ok_or("nobody is there") }
        };
        let builder = Config::builder().mfa_token_provider(person).http_client(transport.clone());
        let config = builder.time_source(clock.clone()).sleep_impl(InstantSleep::default());
        Bench { asked, transport, clock, config: config.load(scripted(&[], CONFIG)) }
    }

    /// Credentials of a role that end at this time.
    fn until(end: &str) -> Reply {
        let keys = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>";
        let given = format!("<Credentials>{keys}<Expiration>{end}</Expiration></Credentials>");
        let result = format!("<AssumeRoleResult>{given}</AssumeRoleResult>");
        Reply::new(200).body(format!("<AssumeRoleResponse>{result}</AssumeRoleResponse>"))
    }

    impl Bench {
        async fn get(&self) -> Result<String, String> {
            let got = self.config.required_credentials().unwrap();
            let got = got.get(&self.config.clock(), &self.config.sleeper().unwrap()).await;
            got.map(|keys| keys.access_key_id().to_owned()).map_err(|error| error.to_string())
        }

        fn sent(&self) -> Vec<String> {
            let requests = self.transport.requests();
            requests.iter().map(|request| String::from_utf8_lossy(request.bytes()).into_owned()).collect()
        }
    }

    #[tokio::test]
    async fn a_code_is_asked_for_when_a_call_waits_for_it_and_no_sooner() {
        let answers = ["1970-01-01T01:00:00Z", "1970-01-01T02:00:00Z"].map(until);
        let person = bench(answers, [Some(" 123456\n"), Some("654321")]);
        for (now, asked) in [(0, 1), (0, 1), (3600 - 300, 1), (3600 - 61, 1), (3600 - 60, 2), (3600, 2)] {
            let now_at = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
            person.clock.advance(now_at.duration_since(person.clock.now()).unwrap());
            assert_eq!(person.get().await.as_deref(), Ok("ASIA"), "at {now}");
            tokio::task::yield_now().await;
            assert_eq!(*person.asked.lock().unwrap(), vec!["arn:aws:iam::1:mfa/me"; asked], "at {now}");
        }
        let sent = person.sent();
        assert_eq!(sent.len(), 2);
        for (body, code) in sent.iter().zip(["123456", "654321"]) {
            let expected = format!("&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme&TokenCode={code}");
            assert!(body.contains(&expected), "{body}");
        }
    }

    #[tokio::test]
    async fn without_a_code_there_are_no_credentials_and_no_request() {
        let failed = "the source of credentials failed: profile `default`: no code of the device \
                      `arn:aws:iam::1:mfa/me` for role arn:aws:iam::1:role/r:";
        for (code, reason) in [
            (None, "nobody is there"),
            (Some(""), "what was given is not six digits"),
            (Some("12345"), "what was given is not six digits"),
            (Some("12345a"), "what was given is not six digits"),
        ] {
            let person = bench([], [code]);
            assert_eq!(person.get().await, Err(format!("{failed} {reason}")), "{code:?}");
            assert!(person.transport.requests().is_empty());
        }
        let mut nobody = bench([], []);
        nobody.config = Config::builder().http_client(nobody.transport.clone()).load(scripted(&[], CONFIG));
        let told = "the source of credentials is set up wrongly: profile `default`: mfa_serial at /h/.aws/config:5 asks \
                    for a code of the device `arn:aws:iam::1:mfa/me`, and nobody gives it: set `mfa_token_provider` in \
                    code, for example by `from_env().mfa_token_provider(|serial| ..)` of tinsmith-config";
        assert_eq!(nobody.get().await, Err(told.to_owned()));
        assert!(nobody.transport.requests().is_empty());
    }

    #[tokio::test]
    async fn a_code_is_sent_once_though_the_answer_is_lost() {
        for lost in [Reply::new(500), Reply::Failure(TransportErrorKind::Io)] {
            let person = bench([lost, until("1970-01-01T01:00:00Z")], [Some("111111"), Some("222222")]);
            assert!(person.get().await.is_err());
            assert_eq!(person.sent().len(), 1);
            assert_eq!(person.get().await.as_deref(), Ok("ASIA"));
            assert!(person.sent().last().is_some_and(|sent| sent.contains("TokenCode=222222")));
        }
    }

    #[tokio::test]
    async fn a_code_that_sts_refuses_is_an_error_and_the_next_call_asks_anew() {
        let refusal = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>invalid MFA one time pass code\
                       </Message></Error></ErrorResponse>";
        let answers = [(); 2].map(|()| Reply::new(403).body(refusal));
        let refusing = bench(answers, [Some("111111"), Some("222222")]);
        for number in 1..=2 {
            let error = refusing.get().await.unwrap_err();
            assert!(error.contains("invalid MFA one time pass code") && !error.contains("111111"), "{error}");
            assert_eq!((refusing.asked.lock().unwrap().len(), refusing.sent().len()), (number, number));
        }
    }
}
