//! Settings of the client.

pub use tinsmith_runtime::config::{AppName, BehaviorVersion, Builder, Config, SettingError, retry, timeout};
pub use tinsmith_runtime::credentials::{Credentials, ProvideCredentials, SharedCredentialsProvider};
pub use tinsmith_runtime::region::Region;

/// HTTP messages, as hooks and errors show them.
pub mod http {
    pub use tinsmith_runtime::http::{Request as HttpRequest, Response as HttpResponse};
}
