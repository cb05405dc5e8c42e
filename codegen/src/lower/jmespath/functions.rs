//! The functions that expressions call.

use super::expressions::{Lowered, Lowering};
use super::values::{Kind, Typed, is_sparse};
use crate::ir::path::{Expr, Pattern};
use crate::jmespath::Expression;

impl Lowering<'_> {
    /// What a function gives.
    pub(super) fn call(&self, name: &str, arguments: &[Expression], at: &Typed) -> Lowered {
        let values = arguments.iter().map(|argument| self.operand(argument, at)).collect::<Result<Vec<_>, _>>()?;
        match (name, values.as_slice()) {
            ("length", [of]) => of.clone().apply(|of| self.length(of)),
            ("contains", [of, searched]) => self.contains(of, searched),
            ("starts_with" | "ends_with", [of, part]) => in_text(name, of, part),
            ("keys", [of]) => of.clone().apply(keys),
            ("values", [of]) => of.clone().apply(|of| match &of.kind {
                Kind::Map(id) if is_sparse(self.cx, id) => Err("values with nulls are not supported yet".to_owned()),
                _ => of.values(self.cx),
            }),
            ("not_null", [first, rest @ ..]) => not_null(first.clone(), rest),
            _ if KNOWN.contains(&name) => Err(format!("`{name}` with {} arguments is not supported yet", values.len())),
            _ => Err(format!("there is no function `{name}`")),
        }
    }

    fn length(&self, of: &Typed) -> Lowered {
        let expr = of.expr.clone();
        match &of.kind {
            Kind::Text => Ok(Typed::count(expr.ask("chars").ask("count"))),
            Kind::List(_) | Kind::Map(_) => Ok(Typed::count(expr.ask("len"))),
            Kind::Items(..) => Ok(Typed::count(expr.ask("count"))),
            Kind::Array(_, _, length) => Ok(Typed::count(Expr::Integer(i64::try_from(*length).unwrap_or(i64::MAX)))),
            kind => Err(format!("{} has no length", kind.name())),
        }
    }

    fn contains(&self, of: &Typed, searched: &Typed) -> Lowered {
        if of.kind == Kind::Text {
            return in_text("contains", of, searched);
        }
        of.clone().apply(|of| {
            let items = of.items(self.cx)?;
            let Kind::Items(item, nulls) = &items.kind else { return Err("expected a list".to_owned()) };
            let item = Typed { expr: Expr::Local("it"), kind: (**item).clone(), optional: *nulls };
            let is_it = self.equal(&item, searched)?;
            Ok(Typed::boolean_of(items.advanced().expr.each("any", Pattern::It, is_it)))
        })
    }
}

/// Those of the specification.
const KNOWN: [&str; 26] = [
    "abs",
    "avg",
    "ceil",
    "contains",
    "ends_with",
    "floor",
    "join",
    "keys",
    "length",
    "map",
    "max",
    "max_by",
    "merge",
    "min",
    "min_by",
    "not_null",
    "reverse",
    "sort",
    "sort_by",
    "starts_with",
    "sum",
    "to_array",
    "to_number",
    "to_string",
    "type",
    "values",
];

fn in_text(name: &str, of: &Typed, part: &Typed) -> Lowered {
    if of.kind != Kind::Text || part.kind != Kind::Text {
        return Err(format!("`{name}` takes text, found {} and {}", of.kind.name(), part.kind.name()));
    }
    if !part.optional && (!of.optional || matches!(part.expr, Expr::Text(_))) {
        return of.clone().apply(|of| Ok(Typed::boolean_of(of.expr.clone().with(name, part.expr.clone()))));
    }
    let both = of.clone().option().with("zip", part.clone().option());
    let expr = both.each("map", Pattern::Both, Expr::Local("a").with(name, Expr::Local("b")));
    Ok(Typed::optional(expr, Kind::Boolean))
}

fn keys(of: &Typed) -> Lowered {
    match &of.kind {
        Kind::Map(_) => {
            let keys = of.expr.clone().ask("keys").each("map", Pattern::At, Expr::AT.ask("as_str"));
            Ok(Typed::new(keys, Kind::Items(Box::new(Kind::Text), false)))
        }
        kind => Err(format!("the keys of {} are not supported yet", kind.name())),
    }
}

/// The first value that is there.
fn not_null(first: Typed, rest: &[Typed]) -> Lowered {
    let mut found = first;
    for next in rest {
        match (&found.kind, &next.kind) {
            (Kind::Null, _) => found = next.clone(),
            (_, Kind::Null) => {}
            (Kind::Record(_) | Kind::Items(..), _) => {
                return Err(format!("`not_null` of {} is not supported yet", found.kind.name()));
            }
            (a, b) if a != b => {
                return Err(format!("`not_null` between {} and {} is not supported yet", a.name(), b.name()));
            }
            _ if !found.optional => {}
            _ => {
                let method = if next.optional { "or" } else { "unwrap_or" };
                let expr = found.expr.with(method, next.expr.clone());
                found = Typed { expr, kind: found.kind, optional: next.optional };
            }
        }
    }
    Ok(found)
}
