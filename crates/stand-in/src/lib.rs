//! An embedded Lambda: a real HTTP server on loopback that answers as the live service is known to.
//!
//! It lists layers (`ListLayers`: sorted, filtered, in pages), runs functions (`Invoke`, `InvokeAsync`,
//! `InvokeWithResponseStream`), and shows them while they come to be (`GetFunction`, `GetFunctionConfiguration`). It
//! checks signatures, limits the rate when asked to, records what it was sent, and misbehaves on request. It shares no
//! code with the clients that it judges.
//!
//! ```
//! use tinsmith_stand_in::{Fault, Layers, StandIn};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let stand_in = StandIn::builder().layers(Layers::generate(120)).region("eu-central-1").start().await?;
//! stand_in.fault(Fault::ResetAfterRequest);
//! // … point a client at stand_in.url(), with ACCESS_KEY_ID and SECRET_ACCESS_KEY …
//! assert!(stand_in.requests().is_empty());
//! stand_in.shutdown().await;
//! # std::io::Result::Ok(())
//! # })?;
//! # std::io::Result::Ok(())
//! ```

mod answer;
mod body;
mod builder;
mod clock;
mod connection;
mod delivery;
mod event_stream;
mod fault;
mod file;
mod functions;
mod layers;
mod operation;
mod pace;
mod query;
mod rate_limit;
mod recorded;
mod relay;
mod scatter;
mod server;
mod service;
pub mod signature;
mod tls;

pub use builder::{ACCESS_KEY_ID, Builder, SECRET_ACCESS_KEY};
pub use delivery::End;
pub use fault::{CodePlace, EventFault, Fault, RetryAfter, UnknownFault};
pub use file::FileError;
pub use functions::{Function, Functions, Invocation, Look, Outcome};
pub use layers::{Layer, LayerVersion, Layers};
pub use pace::Gate;
pub use recorded::RecordedRequest;
pub use relay::{LinkFault, Relay};
pub use server::StandIn;
pub use tls::TlsFront;
