//! What is done about bodies that stand still.

use std::time::Duration;

/// How long a body may stand still where nothing else is said.
const GRACE_PERIOD: Duration = Duration::from_secs(20);

/// Whether a body that comes or goes too slowly is given up, and after how long. It is on, with 20 s, where nothing else is
/// said.
///
/// Downloads are the bodies of responses. One that a call reads whole is given up when it brings less than a byte a second,
/// over the whole of the grace period; one that the program reads as it comes, when nothing at all comes for the grace
/// period while the program waits for it.
///
/// Between two events of an event stream a service may say nothing for as long as its answer may take to begin: 60 s, 16
/// minutes where a function runs. Of what is said here only a grace period that is given, and holds for downloads, makes
/// that another time. To wait without end, [`disable_read_timeout`] is there.
///
/// Uploads are requests: one is given up when the server takes nothing of it for the grace period. Only the
/// transport sees that: one that code brings has a setting of its own for it, if any
/// (`upload_stall_limit` of the hyper transport).
///
/// [`disable_read_timeout`]: super::timeout::TimeoutConfigBuilder::disable_read_timeout
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StalledStreamProtectionConfig {
    upload_enabled: bool,
    download_enabled: bool,
    /// None where nothing is said of it.
    grace_period: Option<Duration>,
}

impl StalledStreamProtectionConfig {
    /// On in both directions, to be changed.
    pub fn enabled() -> Builder {
        Builder { upload_enabled: Some(true), download_enabled: Some(true), grace_period: None }
    }

    /// Off in both directions.
    pub fn disabled() -> Self {
        Builder::default().build()
    }

    /// Whether it is on in any direction.
    pub fn is_enabled(&self) -> bool {
        self.upload_enabled || self.download_enabled
    }

    /// Whether it is on for the bodies of requests.
    pub fn upload_enabled(&self) -> bool {
        self.upload_enabled
    }

    /// Whether it is on for the bodies of responses.
    pub fn download_enabled(&self) -> bool {
        self.download_enabled
    }

    /// How long a server may take nothing of a request, where that is bounded.
    pub(crate) fn upload_limit(&self) -> Option<Duration> {
        self.upload_enabled.then(|| self.grace_period())
    }

    /// For how long a service may say nothing between two events, where code says so.
    pub(crate) fn event_limit(&self) -> Option<Duration> {
        self.grace_period.filter(|_| self.download_enabled)
    }

    /// For how long a body may come too slowly.
    pub fn grace_period(&self) -> Duration {
        self.grace_period.unwrap_or(GRACE_PERIOD)
    }
}

impl Default for StalledStreamProtectionConfig {
    fn default() -> Self {
        Self::enabled().build()
    }
}

/// Collects a [`StalledStreamProtectionConfig`]. A direction of which nothing is said is off.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    upload_enabled: Option<bool>,
    download_enabled: Option<bool>,
    grace_period: Option<Duration>,
}

impl Builder {
    /// Sets for how long a body may come too slowly.
    pub fn grace_period(mut self, grace_period: Duration) -> Self {
        self.set_grace_period(Some(grace_period));
        self
    }

    /// Sets for how long a body may come too slowly, or leaves it open.
    pub fn set_grace_period(&mut self, grace_period: Option<Duration>) -> &mut Self {
        self.grace_period = grace_period;
        self
    }

    /// Turns it on or off in both directions.
    pub fn is_enabled(mut self, enabled: bool) -> Self {
        self.set_is_enabled(Some(enabled));
        self
    }

    /// Turns it on or off in both directions, or leaves them open.
    pub fn set_is_enabled(&mut self, enabled: Option<bool>) -> &mut Self {
        self.set_upload_enabled(enabled).set_download_enabled(enabled)
    }

    /// Turns it on or off for the bodies of requests.
    pub fn upload_enabled(mut self, enabled: bool) -> Self {
        self.set_upload_enabled(Some(enabled));
        self
    }

    /// Turns it on or off for the bodies of requests, or leaves that open.
    pub fn set_upload_enabled(&mut self, enabled: Option<bool>) -> &mut Self {
        self.upload_enabled = enabled;
        self
    }

    /// Turns it on or off for the bodies of responses.
    pub fn download_enabled(mut self, enabled: bool) -> Self {
        self.set_download_enabled(Some(enabled));
        self
    }

    /// Turns it on or off for the bodies of responses, or leaves that open.
    pub fn set_download_enabled(&mut self, enabled: Option<bool>) -> &mut Self {
        self.download_enabled = enabled;
        self
    }

    /// The protection.
    pub fn build(self) -> StalledStreamProtectionConfig {
        StalledStreamProtectionConfig {
            upload_enabled: self.upload_enabled.unwrap_or_default(),
            download_enabled: self.download_enabled.unwrap_or_default(),
            grace_period: self.grace_period,
        }
    }
}

impl From<StalledStreamProtectionConfig> for Builder {
    fn from(config: StalledStreamProtectionConfig) -> Self {
        let StalledStreamProtectionConfig { upload_enabled, download_enabled, grace_period } = config;
        Self { upload_enabled: Some(upload_enabled), download_enabled: Some(download_enabled), grace_period }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_unless_it_is_turned_off() {
        let check = |config: &StalledStreamProtectionConfig, upload, download, seconds| {
            let got = (config.upload_enabled(), config.download_enabled(), config.grace_period());
            assert_eq!(got, (upload, download, Duration::from_secs(seconds)));
            assert_eq!(config.is_enabled(), upload || download);
        };
        check(&StalledStreamProtectionConfig::default(), true, true, 20);
        check(&StalledStreamProtectionConfig::disabled(), false, false, 20);
        let enabled = StalledStreamProtectionConfig::enabled;
        let short = enabled().upload_enabled(false).grace_period(Duration::from_secs(5)).build();
        check(&short, false, true, 5);
        check(&Builder::from(short).is_enabled(false).upload_enabled(true).build(), true, false, 5);
        check(&Builder::default().download_enabled(true).build(), false, true, 20);
    }
}
