//! Waiters: what an operation can be polled for.

use super::Docs;
use super::path::Expr;

/// Something that an operation can be polled for.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiter {
    /// Its name in the model: `FunctionActive`.
    pub name: String,
    /// What is waited for.
    pub docs: Docs,
    /// Its module: `function_active`.
    pub module: String,
    /// What the model says of it, as a static: `FUNCTION_ACTIVE`.
    pub constant: String,
    /// The client's method: `wait_until_function_active`.
    pub method: String,
    /// The request that waits: `FunctionActiveFluentBuilder`.
    pub request: String,
    /// The answer that ends the wait: `FunctionActiveFinalPoll`.
    pub final_poll: String,
    /// Why it ends otherwise: `WaitUntilFunctionActiveError`.
    pub error: String,
    /// The least that is waited between two polls, in seconds.
    pub min_delay: u32,
    /// The most that is waited between two polls, in seconds.
    pub max_delay: u32,
    /// What answers mean, first match first.
    pub acceptors: Vec<Acceptor>,
}

/// What an answer of a kind means.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptor {
    /// What it means.
    pub state: State,
    /// Its kind.
    pub matcher: Matcher,
}

/// What an answer means.
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
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// One that is no error, or one that is.
    Succeeds(bool),
    /// An error with this code.
    Error(String),
    /// An output about which this holds.
    Output(Condition),
    /// An output about which this holds, beside the input.
    InputOutput(Condition),
}

/// What holds of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The condition, for people.
    pub says: String,
    /// The same in Rust: a boolean, about the variables `input` and `output`.
    pub holds: Expr,
}
