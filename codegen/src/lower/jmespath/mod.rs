//! JMESPath over the types of a service: what an expression is in Rust, looking into an input or an output.
//!
//! A value that JSON would have as `null`, or not at all, is `None`; asked about, `None` stays `None`. Lists become
//! iterators once something is asked of each of their items, so that nothing is copied. Where the types leave it open what
//! an expression means, or nobody has needed it, it is refused by name.
//!
//! ```text
//! values       what a value is in Rust, and what it holds        compare    two values side by side
//! expressions  each form of an expression                         functions  those that expressions call
//! ```

mod compare;
mod expressions;
mod functions;
mod values;

use self::values::Kind;
use super::Context;
use super::protocol::Side;
use crate::ir::path::{Expr, Operator, Pattern};
use crate::jmespath;
use crate::smithy::ShapeId;

pub(super) use self::expressions::negated;
pub(super) use self::values::Typed;

/// What an expression looks at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Root<'a> {
    /// The variable `output`, with the output of this shape.
    Output(&'a ShapeId),
    /// The variable `input`, with the input of this shape.
    Input(&'a ShapeId),
    /// An object of both, under these names.
    Both {
        /// The shape of the input.
        input: &'a ShapeId,
        /// The shape of the output.
        output: &'a ShapeId,
    },
}

/// What an expression gives, looking at this.
///
/// # Errors
///
/// It is no expression, looks for what the shapes do not have, or does what has no form in Rust yet.
pub(super) fn compile(cx: &Context<'_>, root: Root<'_>, text: &str) -> Result<Typed, String> {
    let expression = jmespath::parse(text).map_err(|error| format!("`{text}` is no JMESPath: {error}"))?;
    let lowering = expressions::Lowering { cx };
    let found = lowering.lower(&expression, &current(root));
    found.map_err(|reason| format!("`{text}` cannot be said in Rust: {reason}"))
}

fn current(root: Root<'_>) -> Typed {
    let structure = |name, id: &ShapeId, side| Typed::new(Expr::Local(name), Kind::Structure(id.clone(), side));
    let output = |id| structure("output", id, Side::Response);
    let input = |id| structure("input", id, Side::Request);
    match root {
        Root::Output(id) => output(id),
        Root::Input(id) => input(id),
        Root::Both { input: of_input, output: of_output } => {
            let entries = vec![("input".to_owned(), input(of_input)), ("output".to_owned(), output(of_output))];
            Typed::new(Expr::None, Kind::Record(entries))
        }
    }
}

/// What is made of a value, for whoever asks for one of a certain type.
impl Typed {
    /// As `Option<&str>`.
    pub(super) fn text(self) -> Result<Expr, String> {
        match self.kind {
            Kind::Text => Ok(self.option()),
            Kind::Null => Ok(Expr::None),
            kind => Err(format!("expected text, found {}", kind.name())),
        }
    }

    /// As `Option<bool>`.
    pub(super) fn boolean(self) -> Result<Expr, String> {
        match self.kind {
            Kind::Boolean => Ok(self.option()),
            Kind::Null => Ok(Expr::None),
            kind => Err(format!("expected a boolean, found {}", kind.name())),
        }
    }

    /// As `Option<Vec<&str>>`.
    pub(super) fn texts(self, cx: &Context<'_>) -> Result<Expr, String> {
        let all = self.over_texts(cx, |items| items.ask("collect"))?;
        Ok(all.option())
    }

    /// A value of the items, where all of them are text; nulls among them are passed over.
    pub(super) fn over_texts(self, cx: &Context<'_>, make: impl FnOnce(Expr) -> Expr) -> Result<Typed, String> {
        let kind = self.kind.name();
        self.apply(|list| {
            let items = list.items(cx)?;
            match items.kind {
                Kind::Items(of, nulls) if *of == Kind::Text => {
                    let texts = if nulls { items.expr.ask("flatten") } else { items.expr };
                    Ok(Typed::new(make(texts), Kind::Opaque))
                }
                _ => Err(format!("expected a list of text, found {kind}")),
            }
        })
    }

    /// As a boolean: whether it is there and true.
    pub(super) fn holds(self) -> Expr {
        match (self.optional, self.expr) {
            (false, expr) => expr,
            // Of what is not there, nothing holds.
            (true, Expr::Method(of, method, arguments)) if method == "map" => {
                Expr::Method(of, "is_some_and".to_owned(), arguments)
            }
            (true, expr) => expr.binary(Operator::Equal, Expr::Some(Box::new(Expr::Boolean(true)))),
        }
    }

    /// As an option, whether it may be missing or not.
    pub(super) fn option(self) -> Expr {
        if self.optional { self.expr } else { Expr::Some(Box::new(self.expr)) }
    }

    /// What something gives that is asked of the value, where it is there.
    pub(super) fn apply(self, ask: impl FnOnce(&Self) -> Result<Self, String>) -> Result<Self, String> {
        if !self.optional {
            return ask(&self);
        }
        // What is asked of what a closure gives can be asked within it.
        let (of, inner) = match self.expr.clone() {
            Expr::Method(of, method, arguments) if method == "map" => match arguments.as_slice() {
                [Expr::Closure(Pattern::At, inner)] => (*of, (**inner).clone()),
                _ => (self.expr.clone(), Expr::AT),
            },
            expr => (expr, Expr::AT),
        };
        let asked = ask(&Self::new(inner.clone(), self.kind.clone()))?;
        if asked.is_empty_literal() {
            return Err("an empty list in place of a value that may be missing has no type".to_owned());
        }
        if asked.expr == inner && !asked.optional && asked.kind == self.kind {
            return Ok(self);
        }
        Ok(Self { expr: of, ..self }.mapped(asked))
    }

    /// What was asked of `at`, asked of this value.
    fn mapped(self, asked: Self) -> Self {
        match asked.kind {
            Kind::Null => asked,
            // An object that was just put together is no value in Rust: what it holds is.
            Kind::Record(entries) => {
                let entry = |(name, of)| (name, self.clone().mapped(of));
                Self::new(Expr::None, Kind::Record(entries.into_iter().map(entry).collect()))
            }
            kind => {
                let method = if asked.optional { "and_then" } else { "map" };
                let expr = self.expr.each(method, Pattern::At, asked.expr);
                Self { expr, kind, optional: true }
            }
        }
    }
}
