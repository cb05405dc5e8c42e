//! Waiters: an operation is asked again and again, until its answer says that what one waits for has come about.
//!
//! A waiter is data that the model gives: how long to wait between polls, and acceptors, which are asked in order what an
//! answer means. [`wait`](self) ends with the first that knows; an error that none knows is the end too. Whoever waits
//! says for how long at most, and may stop by dropping the future: nothing goes on behind it.

mod declare;
pub mod error;
mod poll;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::client::Handle;
use crate::error::{ProvideErrorMetadata, SdkError};
use crate::operation::Operation;

use error::WaiterError;

/// What waiting gives: the answer that ended it, or why it ended otherwise.
pub type Waited<O> = Result<
    FinalPoll<<O as Operation>::Output, SdkError<<O as Operation>::Error>>,
    WaiterError<<O as Operation>::Output, <O as Operation>::Error>,
>;

/// What a model says of a waiter.
pub struct Waiter<O: Operation> {
    /// Its name: `FunctionActive`.
    pub name: &'static str,
    /// The least that is waited between two polls, in seconds.
    pub min_delay: u32,
    /// The most that is waited between two polls, in seconds.
    pub max_delay: u32,
    /// What answers mean, first match first.
    pub acceptors: &'static [Acceptor<O>],
}

/// What an answer means, if it is one of a kind.
pub struct Acceptor<O: Operation> {
    state: State,
    says: &'static str,
    matcher: Matcher<O>,
}

/// What an answer means for whoever waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// What was waited for is there.
    Success,
    /// It will not come.
    Failure,
    /// It may come yet.
    Retry,
}

/// A kind of answer.
enum Matcher<O: Operation> {
    /// One without error, or one that is an error of the service.
    Succeeds(bool),
    /// An error of this code.
    Error(&'static str),
    /// An output about which this holds.
    Output(fn(&O::Output) -> bool),
    /// An output about which this holds, beside the input.
    InputOutput(fn(&O::Input, &O::Output) -> bool),
}

impl<O: Operation> Acceptor<O> {
    /// Of any answer without error, or of any error of the service.
    pub const fn succeeds(state: State, succeeds: bool) -> Self {
        let says = if succeeds { "the call succeeded" } else { "the call failed" };
        Self { state, says, matcher: Matcher::Succeeds(succeeds) }
    }

    /// Of an error with this code.
    pub const fn error(state: State, code: &'static str) -> Self {
        Self { state, says: code, matcher: Matcher::Error(code) }
    }

    /// Of an output about which this holds; `says` tells it to people.
    pub const fn output(state: State, says: &'static str, holds: fn(&O::Output) -> bool) -> Self {
        Self { state, says, matcher: Matcher::Output(holds) }
    }

    /// Of an output about which this holds, beside the input; `says` tells it to people.
    pub const fn input_output(state: State, says: &'static str, holds: fn(&O::Input, &O::Output) -> bool) -> Self {
        Self { state, says, matcher: Matcher::InputOutput(holds) }
    }

    /// Whether an answer is of its kind.
    fn matches(&self, input: &O::Input, answer: Result<&O::Output, &O::Error>) -> bool {
        match (&self.matcher, answer) {
            (Matcher::Succeeds(succeeds), answer) => answer.is_ok() == *succeeds,
            (Matcher::Error(code), Err(error)) => error.code() == Some(code),
            (Matcher::Output(holds), Ok(output)) => holds(output),
            (Matcher::InputOutput(holds), Ok(output)) => holds(input, output),
            _ => false,
        }
    }
}

/// The answer that ended the wait.
#[derive(Debug)]
#[non_exhaustive]
pub struct FinalPoll<O, E> {
    result: Result<O, E>,
}

impl<O, E> FinalPoll<O, E> {
    /// Takes an answer.
    pub fn new(result: Result<O, E>) -> Self {
        Self { result }
    }

    /// The answer.
    ///
    /// # Errors
    ///
    /// The service refused, and the waiter took that for what it waited for.
    pub fn as_result(&self) -> Result<&O, &E> {
        self.result.as_ref()
    }

    /// Gives the answer away.
    ///
    /// # Errors
    ///
    /// As those of [`as_result`](Self::as_result).
    pub fn into_result(self) -> Result<O, E> {
        self.result
    }

    /// Changes the type of the output.
    pub fn map<P>(self, map: impl FnOnce(O) -> P) -> FinalPoll<P, E> {
        FinalPoll::new(self.result.map(map))
    }

    /// Changes the type of the error.
    pub fn map_err<F>(self, map: impl FnOnce(E) -> F) -> FinalPoll<O, F> {
        FinalPoll::new(self.result.map_err(map))
    }
}

/// What a request holds that waits: the client, and for what.
#[doc(hidden)]
pub struct Waiting<O: Operation> {
    handle: Handle,
    waiter: &'static Waiter<O>,
}

impl<O: Operation> Waiting<O> {
    #[doc(hidden)]
    pub fn new(handle: Handle, waiter: &'static Waiter<O>) -> Self {
        Self { handle, waiter }
    }

    #[doc(hidden)]
    pub async fn wait(self, input: O::Input, most: Duration) -> Waited<O> {
        poll::wait(&self.handle, self.waiter, input, most).await
    }
}

impl<O: Operation> Clone for Waiting<O> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), waiter: self.waiter }
    }
}

impl<O: Operation> fmt::Debug for Waiting<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("waiter", &self.waiter.name).finish_non_exhaustive()
    }
}

/// Whether there are texts, and all of them are this one.
#[doc(hidden)]
pub fn all<'a>(texts: impl IntoIterator<Item = &'a str>, expected: &str) -> bool {
    let mut texts = texts.into_iter();
    texts.next() == Some(expected) && texts.all(|text| text == expected)
}

/// Whether one of the texts is this one.
#[doc(hidden)]
pub fn any<'a>(texts: impl IntoIterator<Item = &'a str>, expected: &str) -> bool {
    texts.into_iter().any(|text| text == expected)
}
