//! An embedded Lambda: a real HTTP server on loopback that answers ListLayers as the live service is known to.
//!
//! It sorts, filters and pages, checks signatures, limits the rate when asked to, records what it was sent, and
//! misbehaves on request. It shares no code with the clients that it judges.
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
mod builder;
mod clock;
mod connection;
mod delivery;
mod fault;
mod layers;
mod list_layers;
mod query;
mod rate_limit;
mod recorded;
mod scatter;
mod server;
mod service;
pub mod signature;

pub use builder::{ACCESS_KEY_ID, Builder, SECRET_ACCESS_KEY};
pub use delivery::End;
pub use fault::{CodePlace, Fault, RetryAfter, UnknownFault};
pub use layers::{Layer, LayerVersion, Layers, LayersError};
pub use recorded::RecordedRequest;
pub use server::StandIn;
