//! Types of expressions, and the conversions between what is borrowed, stored and made on the spot.

use crate::ir::endpoint::{Expr, Hold, Kind};

/// An expression with its type.
#[derive(Clone, Debug)]
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) kind: Type,
    /// Whether it is an option of that type.
    pub(super) optional: bool,
    pub(super) held: Held,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Boolean,
    List,
    Partition,
    Arn,
    Url,
}

/// Who owns a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Someone else: it can be copied freely (`&str`, `bool`, `&'static Partition`).
    Borrowed,
    /// A variable or a field: it can be borrowed, but not taken.
    Stored,
    /// Nobody yet: it was made on the spot, and is gone at the end of the statement unless someone takes it.
    Fresh,
}

impl Typed {
    pub(super) fn new(expr: Expr, kind: Type, held: Held) -> Self {
        Self { expr, kind, optional: false, held }
    }

    pub(super) fn boolean(expr: Expr) -> Self {
        Self::new(expr, Type::Boolean, Held::Borrowed)
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::new(Expr::Text(text.into()), Type::Text, Held::Borrowed)
    }

    pub(super) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// A variable that holds what this is, or holds where it is an option.
    pub(super) fn local(&self, name: &str) -> Self {
        let held = if self.held == Held::Fresh { Held::Stored } else { self.held };
        Self::new(Expr::Local(name.to_owned()), self.kind, held)
    }

    /// A field of this value.
    pub(super) fn field(self, name: &'static str, kind: Type, owned: bool) -> Self {
        let held = if owned { self.held } else { Held::Borrowed };
        Self::new(Expr::Field(Box::new(self.expr), name), kind, held)
    }

    /// As a function takes it: by reference where it is not a plain copy.
    pub(super) fn argument(self) -> Expr {
        if self.held == Held::Borrowed { self.expr } else { convert(Hold::Reference, self.expr) }
    }

    /// As something that takes both text that is borrowed and text that it may keep.
    pub(super) fn passed(self) -> Expr {
        match (self.held, self.kind) {
            (Held::Stored, Type::Text) => convert(Hold::Str, self.expr),
            (Held::Stored, Type::List) => convert(Hold::Slice, self.expr),
            _ => self.expr,
        }
    }

    /// Owned, so that it can stand beside others that are.
    pub(super) fn owned(self) -> Self {
        let hold = match (self.held, self.kind, self.optional) {
            (Held::Fresh, ..) | (_, Type::Boolean | Type::Partition, _) => return self,
            (Held::Borrowed, Type::Text, false) => Hold::String,
            (Held::Borrowed, Type::Text, true) => Hold::OptionalString,
            (Held::Borrowed, Type::List, false) => Hold::Vec,
            (Held::Borrowed, Type::List, true) => Hold::OptionalVec,
            (Held::Stored, ..) | (_, Type::Arn | Type::Url, _) => Hold::Clone,
        };
        Self { expr: convert(hold, self.expr), held: Held::Fresh, ..self }
    }

    /// All of them in one way, so that one of them can stand for any other: borrowed if that is possible.
    pub(super) fn alike(values: Vec<Self>) -> Vec<Self> {
        let kept = |v: &Self| v.held == Held::Fresh || matches!(v.kind, Type::Arn | Type::Url);
        if values.iter().any(kept) {
            return values.into_iter().map(Self::owned).collect();
        }
        let borrow = |v: Self| Self { kind: v.kind, optional: v.optional, held: Held::Borrowed, expr: v.passed() };
        values.into_iter().map(borrow).collect()
    }
}

impl Type {
    /// As an error says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Boolean => "a boolean",
            Self::List => "a list of strings",
            Self::Partition => "a partition",
            Self::Arn => "an ARN",
            Self::Url => "a URL",
        }
    }
}

impl From<Kind> for Type {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Boolean => Self::Boolean,
            Kind::List => Self::List,
        }
    }
}

fn convert(hold: Hold, expr: Expr) -> Expr {
    Expr::As(hold, Box::new(expr))
}
