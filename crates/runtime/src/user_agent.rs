//! The header `user-agent`: what made the request.

use std::fmt::Write as _;

use crate::config::AppName;
use crate::operation::ServiceMeta;

/// Names this library, the platform, the service's API and the application: `tinsmith/0.1.0 os/linux#x86_64
/// lang/rust api/lambda#2015-03-31 app/mine`.
pub(crate) fn user_agent(service: &ServiceMeta, app: Option<&AppName>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    let id = service.id.to_ascii_lowercase().replace(' ', "-");
    let mut text = format!("tinsmith/{version} os/{os}#{arch} lang/rust api/{id}#{}", service.version);
    if let Some(app) = app {
        // Writing to a string cannot fail.
        let _ = write!(text, " app/{app}");
    }
    text
}
