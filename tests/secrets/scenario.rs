//! The ways in which credentials are come by: what is set, what there is, and what each is told by.

use std::cell::RefCell;
use std::sync::Arc;

use tinsmith_runtime::config::{Choice, Config, Sources};
use tinsmith_runtime::credentials::chain::DefaultCredentialsChain;
use tinsmith_runtime::credentials::{Credentials, Doors, SharedCredentialsProvider};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};
use tinsmith_runtime::region::Region;
use tinsmith_runtime::shell::{Output, ScriptedShell};
use tinsmith_runtime::test_util::{FixedClock, FixedRandom, InstantSleep};
use tinsmith_runtime::transport::SharedTransport;

use crate::cloud::{Cloud, PASSWORD, SECRET};

/// A way. `S` in its variables and its profile stands for the secret.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    variables: &'static [(&'static str, &'static str)],
    profile: &'static str,
    /// Whether code brings the keys.
    code: bool,
    /// The features that the user agent of its calls tells.
    pub(crate) metrics: &'static str,
    /// What is heard of it.
    pub(crate) says: &'static str,
}

const NONE: Scenario = Scenario { name: "", variables: &[], profile: "", code: false, metrics: "", says: "" };

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "code", code: true, metrics: " m/E,e", says: "provider_name: \"Static\"", ..NONE },
    Scenario::KEYS,
    Scenario {
        name: "profile",
        profile: "aws_access_key_id = AK\naws_secret_access_key = S\naws_session_token = S\naws_account_id = 1\n",
        metrics: " m/E,n,T",
        says: "source=\"ProfileFile\"",
        ..NONE
    },
    Scenario {
        name: "role of a profile",
        profile: "role_arn = arn\nsource_profile = keys\nexternal_id = x\n\
                  [profile keys]\naws_access_key_id = AK\naws_secret_access_key = S\n",
        metrics: " m/E,o,n,i,T",
        says: "source=\"AssumeRoleProvider\"",
        ..NONE
    },
    Scenario {
        name: "role of an instance, by two profiles",
        profile: "role_arn = arn\nsource_profile = other\n\
                  [profile other]\nrole_arn = arn\ncredential_source = Ec2InstanceMetadata\n",
        metrics: " m/E,o,p,0,i,T",
        says: "source=\"AssumeRoleProvider\"",
        ..NONE
    },
    Scenario {
        name: "role of a container",
        variables: &[CONTAINER, ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "S")],
        profile: "role_arn = arn\ncredential_source = EcsContainer\n",
        metrics: " m/E,p,z,i,T",
        says: "source=\"AssumeRoleProvider\"",
        ..NONE
    },
    Scenario {
        name: "web identity of a profile",
        profile: "role_arn = arn\nweb_identity_token_file = /token\n",
        metrics: " m/E,q,k,T",
        says: "source=\"WebIdentityToken\"",
        ..NONE
    },
    Scenario {
        name: "web identity",
        variables: &[("AWS_WEB_IDENTITY_TOKEN_FILE", "/token"), ("AWS_ROLE_ARN", "arn")],
        metrics: " m/E,h,k,T",
        says: "source=\"WebIdentityToken\"",
        ..NONE
    },
    Scenario {
        name: "SSO",
        profile: "sso_session = dev\nsso_account_id = 1\nsso_role_name = r\n\
                  [sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://start\n",
        metrics: " m/E,r,s,T",
        says: "source=\"SSO\"",
        ..NONE
    },
    Scenario {
        name: "SSO by a token that is refreshed",
        profile: "sso_session = old\nsso_account_id = 1\nsso_role_name = r\n\
                  [sso-session old]\nsso_region = us-east-1\nsso_start_url = https://start\n",
        metrics: " m/E,r,s,T",
        says: "rpc.method=\"CreateToken\"",
        ..NONE
    },
    Scenario {
        name: "SSO without a session",
        profile: "sso_start_url = https://start\nsso_region = us-east-1\nsso_account_id = 1\nsso_role_name = r\n",
        metrics: " m/E,t,u,T",
        says: "source=\"SSO\"",
        ..NONE
    },
    Scenario {
        name: "process",
        profile: "credential_process = get keys --password S\n",
        metrics: " m/E,v,w",
        says: "source=\"ProcessProvider\"",
        ..NONE
    },
    Scenario {
        name: "container",
        variables: &[CONTAINER, ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token")],
        metrics: " m/E,z",
        says: "source=\"EcsContainer\"",
        ..NONE
    },
    Scenario { name: "instance", metrics: " m/E,0", says: "source=\"Imds\"", ..NONE },
];

const CONTAINER: (&str, &str) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/credentials");

/// A scenario, at work.
pub(crate) struct World {
    pub(crate) cloud: Cloud,
    pub(crate) provider: SharedCredentialsProvider,
    /// Of presigned requests, which nobody sends.
    pub(crate) signatures: RefCell<Vec<String>>,
    environment: ScriptedEnvironment,
    files: Arc<ScriptedFiles>,
    shell: Arc<ScriptedShell>,
}

impl Scenario {
    pub(crate) const KEYS: Self = Self {
        name: "environment",
        variables: &[("AWS_ACCESS_KEY_ID", "AK"), ("AWS_SECRET_ACCESS_KEY", "S"), ("AWS_SESSION_TOKEN", "S")],
        metrics: " m/E,g",
        says: "source=\"EnvironmentVariable\"",
        ..NONE
    };

    /// A program that says on its standard error what it should have printed, and fails.
    pub(crate) const FAILING_PROCESS: Self =
        Self { name: "failing process", profile: "credential_process = lose keys --password S\n", ..NONE };

    /// This, with proxies set that nobody asks.
    pub(crate) fn world(&self) -> World {
        self.world_behind("proxy.invalid:3128")
    }

    /// This, with a proxy at an address, to which the password opens the way.
    pub(crate) fn world_behind(&self, proxy: &str) -> World {
        let told = |text: &str| if text == "S" { SECRET.to_owned() } else { text.to_owned() };
        let variables = self.variables.iter().map(|(name, value)| ((*name).to_owned(), told(value)));
        let proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
            .map(|name| (name.to_owned(), format!("http://me:{PASSWORD}@{proxy}")));
        let home = [("HOME".to_owned(), "/h".to_owned())];
        let environment: ScriptedEnvironment = variables.chain(proxies).chain(home).collect();
        let profile: String = self.profile.lines().map(|line| format!("{}\n", secret_value(line))).collect();
        // Sections that are passed over are told of, but not by what they hold.
        let config = format!("[default]\n{profile}[oddly named]\naws_secret_access_key = {SECRET}\n");
        let files = Arc::new(files(config));
        let keys = format!(r#"{{"Version": 1, "AccessKeyId": "AK", "SecretAccessKey": "{SECRET}"}}"#);
        let failed = Output { code: Some(1), stdout: Vec::new(), stderr: format!("no use for {keys}").into_bytes() };
        let output = Output { code: Some(0), stdout: keys.into_bytes(), stderr: Vec::new() };
        let line = |verb: &str| format!("{verb} keys --password {SECRET}");
        let shell = Arc::new(ScriptedShell::from_iter([(line("get"), output), (line("lose"), failed)]));
        let code = Credentials::from_keys("AK", SECRET, Some(SECRET.to_owned()));
        let provider = SharedCredentialsProvider::new(code);
        let (cloud, signatures) = (Cloud::default(), RefCell::default());
        let mut world = World { cloud, provider, signatures, environment, files, shell };
        if !self.code {
            let chain = DefaultCredentialsChain::new(world.read(), world.doors());
            world.provider = SharedCredentialsProvider::new(chain);
        }
        world
    }
}

/// A line of a profile, with the secret in its place.
fn secret_value(line: &str) -> String {
    line.strip_suffix(" S").map_or_else(|| line.to_owned(), |line| format!("{line} {SECRET}"))
}

fn files(config: String) -> ScriptedFiles {
    let cached = format!(
        r#"{{"accessToken": "{SECRET}", "expiresAt": "2199-01-01T00:00:00Z", "refreshToken": "{SECRET}", "clientId": "id", "clientSecret": "{SECRET}", "registrationExpiresAt": "2199-01-01T00:00:00Z"}}"#
    );
    let ended = cached.replacen("2199", "2023", 1);
    // The names are the SHA-1 of the sessions, and of the start URL.
    let [session, old, start] = [
        "34c6fceca75e456f25e7e99531e2425c6c1de443",
        "c00dbbc9dadfbe1e232e93a729dd4752fade0abf",
        "6ad0e7e61d1f47e491ea32c2031add41ef92e07d",
    ]
    .map(|name| format!("/h/.aws/sso/cache/{name}.json"));
    ScriptedFiles::from_iter([
        ("/h/.aws/config".to_owned(), config),
        ("/token".to_owned(), SECRET.to_owned()),
        (session, cached.clone()),
        (old, ended),
        (start, cached),
    ])
}

impl World {
    /// What a program reads when it begins.
    pub(crate) fn read(&self) -> Arc<Sources> {
        Arc::new(Sources::read(self.environment.clone(), &*self.files, Choice::default()))
    }

    pub(crate) fn doors(&self) -> Doors {
        Doors {
            http_client: Some(SharedTransport::new(self.cloud.clone())),
            clock: Arc::new(FixedClock::at_unix(1_700_000_000)),
            sleep: Arc::new(InstantSleep::default()),
            random: Arc::new(FixedRandom::new(0)),
            files: self.files.clone(),
            shell: self.shell.clone(),
            code: Config::builder().region(Region::new("us-east-1")),
            ..Doors::default()
        }
    }

    /// The settings of a program in this world.
    pub(crate) fn config(&self) -> Config {
        Config::builder()
            .region(Region::new("us-east-1"))
            .credentials_provider(self.provider.clone())
            .http_client(self.cloud.clone())
            .time_source(FixedClock::at_unix(1_700_000_000))
            .sleep_impl(InstantSleep::default())
            .randomness(FixedRandom::new(0))
            .load(self.read())
    }
}
