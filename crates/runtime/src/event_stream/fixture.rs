//! A stream for tests: events of one kind, and an exception.
#![allow(dead_code, unreachable_pub, reason = "the macros are made for crates, and define more than is tested here")]

use crate::codec::RestJson1;
use crate::error::ErrorMetadata;
use crate::wire::{Member, Place};
use crate::{error_enum, event_error, event_stream, members, modeled_error, union};

/// Some text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk {
    pub text: Option<String>,
}

members! { Chunk { text: Option<&str> = Member::at(Place::EventPayload, "text"), } }

/// No more text is to be had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Denied {
    pub message: Option<String>,
    pub meta: ErrorMetadata,
}

members! { Denied { message: Option<&str> = Member::body("message"), } }
modeled_error!(Denied, message);

union! {
    /// What comes.
    pub enum Events {
        #[methods(is_chunk, as_chunk)] Chunk(Chunk) = Member::body("chunk"),
    }
}

event_error! {
    #[into(Error)]
    /// What goes wrong.
    pub enum EventsError {
        #[is(is_denied)] Denied(Denied) = "denied",
    }
}

event_stream!(Events, EventsError, RestJson1);

error_enum! {
    /// Any error.
    pub enum Error { Denied(Denied), }
}

/// An event with this text.
pub(super) fn chunk(text: &str) -> Events {
    Events::Chunk(Chunk { text: Some(text.to_owned()) })
}
