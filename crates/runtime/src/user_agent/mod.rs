//! The header `user-agent`: what made the request, in the form that AWS's SDKs share (User-Agent 2.1).

mod metric;

use crate::config::AppName;

pub use metric::METRICS;
pub(crate) use metric::Metric;

/// The header of a client, in two parts: between them stand the features that a call made use of.
#[derive(Debug)]
pub(crate) struct UserAgent {
    before: String,
    after: String,
}

/// The most characters that are taken of what the environment says, which anyone may have set.
const LONGEST: usize = 64;

impl UserAgent {
    /// Names this library, the service's API, the platform, the language, where the program runs, and the program:
    /// `tinsmith/0.1.0 ua/2.1 api/lambda#2015-03-31 os/linux md/arch#x86_64 lang/rust#1.88.0 exec-env/AWS_ECS_FARGATE
    /// m/E,n app/mine`.
    ///
    /// `execution` is the value of `AWS_EXECUTION_ENV`, by which platforms tell what runs a program.
    pub(crate) fn new(service_id: &str, version: &str, app: Option<&AppName>, execution: Option<&str>) -> Self {
        let api = service_id.to_ascii_lowercase().replace(' ', "-");
        let before = [
            concat!("tinsmith/", env!("CARGO_PKG_VERSION"), " ua/2.1").to_owned(),
            format!("api/{api}#{version}"),
            format!("os/{}", os(std::env::consts::OS)),
            format!("md/arch#{}", std::env::consts::ARCH),
            format!(
                "lang/rust{}",
                option_env!("TINSMITH_RUSTC").map_or(String::new(), |version| format!("#{version}"))
            ),
        ];
        let mut before = before.join(" ");
        if let Some(execution) = execution.map(str::trim).filter(|value| !value.is_empty()) {
            before.push_str(" exec-env/");
            before.extend(execution.chars().take(LONGEST).map(token));
        }
        Self { before, after: app.map_or(String::new(), |app| format!(" app/{app}")) }
    }

    /// Writes the header of a call that made use of these features. The order is kept: for credentials, it tells how
    /// they were come by.
    pub(crate) fn push(&self, header: &mut String, metrics: impl Iterator<Item = Metric>) {
        header.push_str(&self.before);
        for (index, metric) in metrics.enumerate() {
            header.push_str(if index == 0 { " m/" } else { "," });
            header.push_str(metric.id());
        }
        header.push_str(&self.after);
    }
}

/// The families that the specification names.
fn os(name: &'static str) -> &'static str {
    match name {
        "linux" | "macos" | "windows" | "android" | "ios" => name,
        _ => "other",
    }
}

/// What is no sign of a token (RFC 9110, section 5.6.2) becomes a hyphen, as the specification has it; so does `#`, which
/// would begin a version.
fn token(sign: char) -> char {
    if sign.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~".contains(sign) { sign } else { '-' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_stand_in_their_order() {
        let check = |app: Option<&'static str>, execution: Option<&str>, metrics: &[Metric], expected: &str| {
            let app = app.map(|name| AppName::new(name).unwrap());
            let agent = UserAgent::new("API Gateway", "2015-07-09", app.as_ref(), execution);
            let mut header = String::new();
            agent.push(&mut header, metrics.iter().copied());
            let (platform, rest) = header.split_once(" lang/rust").unwrap();
            let (os, arch) = (os(std::env::consts::OS), std::env::consts::ARCH);
            assert_eq!(platform, format!("tinsmith/0.1.0 ua/2.1 api/api-gateway#2015-07-09 os/{os} md/arch#{arch}"));
            assert_eq!(rest.split_once(' ').map_or("", |(_version, rest)| rest), expected);
        };
        check(None, None, &[], "");
        check(Some("mine"), None, &[], "app/mine");
        check(None, Some("AWS_Lambda_rust"), &[Metric::RetryModeStandard], "exec-env/AWS_Lambda_rust m/E");
        let both = [Metric::RetryModeStandard, Metric::CredentialsImds];
        check(Some("a#1"), Some("x"), &both, "exec-env/x m/E,0 app/a#1");
    }

    #[test]
    fn what_the_environment_says_stays_a_token() {
        let check = |execution: &str, expected: &str| {
            let mut header = String::new();
            UserAgent::new("S3", "2006-03-01", None, Some(execution)).push(&mut header, std::iter::empty());
            assert_eq!(header.split_once(" exec-env/").map_or("", |(_, rest)| rest), expected, "{execution:?}");
        };
        check("", "");
        check(" \t", "");
        check(" a b/c#d\r\nx: é ", "a-b-c-d--x---");
        check("!$%&'*+-.^_`|~", "!$%&'*+-.^_`|~");
        check(&"x".repeat(65), &"x".repeat(64));
    }

    #[test]
    fn platforms_that_are_not_named_are_others() {
        assert_eq!((os("linux"), os("freebsd")), ("linux", "other"));
    }
}
