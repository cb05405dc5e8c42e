//! JMESPath: text → [`Expression`], by the grammar of its specification (jmespath.org).
//!
//! An expression looks at JSON. What it means for the types of a service is decided in `lower`.

mod lex;
mod parse;

use std::fmt;

use serde_json::Value;

/// An expression: what it gives, looking at the current value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `@`: the current value.
    Current,
    /// `name`: what an object holds under it.
    Field(String),
    /// `[n]`: an item of a list, from its end where `n` is negative.
    Index(i64),
    /// `[start:stop:step]`: a part of a list.
    Slice(Slice),
    /// `` `json` `` or `'text'`.
    Literal(Value),
    /// `a.b` and `a | b`: `b`, looking at what `a` gives.
    Then(Box<Expression>, Box<Expression>),
    /// What an expression gives for each of several values, without nulls.
    Projection(Box<Projection>),
    /// `[a, b]`
    List(Vec<Expression>),
    /// `{name: a, other: b}`
    Object(Vec<(String, Expression)>),
    /// `a || b`: the first if it counts as true, else the second.
    Or(Box<Expression>, Box<Expression>),
    /// `a && b`: the first if it counts as false, else the second.
    And(Box<Expression>, Box<Expression>),
    /// `!a`
    Not(Box<Expression>),
    /// `a == b`, `a < b` and so on.
    Compare(Comparator, Box<Expression>, Box<Expression>),
    /// `name(a, b)`
    Call(String, Vec<Expression>),
    /// `&a`: an expression as the argument of a function.
    Reference(Box<Expression>),
}

/// What an expression gives for each of several values.
#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// What gives the values.
    pub of: Expression,
    /// Which of them.
    pub over: Over,
    /// What is asked of each; `Current` for the values themselves.
    pub each: Expression,
}

/// The values that a projection goes over.
#[derive(Clone, Debug, PartialEq)]
pub enum Over {
    /// `[*]`: the items of a list.
    Items,
    /// `[]`: the items of a list, and in place of one that is a list its items.
    Flattened,
    /// `*`: the values of an object.
    Values,
    /// `[?condition]`: the items of a list for which this counts as true.
    Where(Expression),
}

/// A part of a list, as in Python.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The first item.
    pub start: Option<i64>,
    /// The item behind the last one.
    pub stop: Option<i64>,
    /// How far to go from one to the next; backwards where it is negative.
    pub step: Option<i64>,
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A text that is no expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where, in bytes from the beginning.
    pub at: usize,
    /// What was found there, and what was expected.
    pub reason: String,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.reason, self.at)
    }
}

impl std::error::Error for SyntaxError {}

/// Reads an expression.
///
/// # Errors
///
/// The text is not one, or is longer or nests deeper than any that a model needs: 600 words, 128 levels.
pub fn parse(text: &str) -> Result<Expression, SyntaxError> {
    parse::expression(&lex::tokens(text)?, text.len())
}
