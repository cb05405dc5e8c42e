//! Cargo features: those that every generated crate has, and those of its operations.

/// A feature that every generated crate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Common {
    /// Its name, which the runtime's feature has too.
    pub name: &'static str,
    /// What it brings.
    pub docs: &'static str,
    /// Whether it is on by default.
    pub is_default: bool,
    /// Whether the runtime has a feature of its name.
    pub of_runtime: bool,
}

/// The features that every generated crate has: those of the official crates, and ours, handed on to the runtime.
pub const COMMON: [Common; 11] = [
    on("default-https-client", "The transport: HTTP/1.1 by hyper, with pooled connections."),
    on("rustls", "TLS for that transport: rustls with ring."),
    off("aws-lc-rs", "The same with aws-lc-rs, by itself or in place of ring."),
    off("webpki-roots", "Mozilla's roots, for platforms that have none."),
    off("http2", "HTTP/2 with servers that choose it."),
    on("rt-tokio", "Timers from tokio."),
    on("tracing", "Spans and events of each call."),
    off("aws-config", "Settings and credentials of the official `aws-config`, used as they are."),
    off("serde", "`Serialize` and `Deserialize` for the types of the service, through their wire tables."),
    off("test-util", "Doors that a test can script."),
    Common {
        of_runtime: false,
        ..off("behavior-version-latest", "Accepted, as the official crates have it; without effect.")
    },
];

const fn on(name: &'static str, docs: &'static str) -> Common {
    Common { is_default: true, ..off(name, docs) }
}

const fn off(name: &'static str, docs: &'static str) -> Common {
    Common { name, docs, is_default: false, of_runtime: true }
}

/// The feature of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Its name: `list-layers`.
    pub name: String,
    /// Whether it is on by default.
    pub is_default: bool,
}

/// The features of which one has to be on. Where there are none, nothing has to.
pub type Gate = Vec<String>;
