//! Calls of the functions of the rules engine, its standard library's and AWS's.

use serde_json::{Map, Value};

use super::Lowering;
use super::values::{Held, Type, Typed};
use crate::fault::{below, item, kind};
use crate::ir::endpoint::{Expr, Function};

impl Lowering {
    /// `{"fn": name, "argv": [...]}`
    pub(super) fn call(&mut self, at: &str, object: &Map<String, Value>) -> Option<Typed> {
        let name = self.faults.member(at, object, "fn").and_then(|name| self.faults.text(&below(at, "fn"), name));
        let arguments = self.faults.member(at, object, "argv")?;
        let within = below(at, "argv");
        let arguments = self.faults.array(&within, arguments)?;
        let name = name?;
        match (name, arguments) {
            ("isSet", [value]) => self.whether_set(&within, value),
            ("not", [value]) => self.negation(&within, value),
            ("booleanEquals", [left, right]) => self.equality(&within, left, right, Type::Boolean),
            ("stringEquals", [left, right]) => self.equality(&within, left, right, Type::Text),
            ("coalesce", [_, _, ..]) => self.coalesce(&within, arguments),
            ("ite", [condition, yes, no]) => self.choice(&within, condition, [yes, no]),
            ("getAttr", [value, path]) => self.attribute(&within, value, path),
            ("isSet" | "not" | "booleanEquals" | "stringEquals" | "coalesce" | "ite" | "getAttr", _) => {
                self.faults.add(&within, format!("this is not the number of arguments that `{name}` takes"));
                None
            }
            _ => match library(name) {
                Some(entry) => self.library_call(&within, name, entry, arguments),
                None => {
                    self.faults.add(&below(at, "fn"), format!("the function `{name}` is not known"));
                    None
                }
            },
        }
    }

    fn library_call(&mut self, at: &str, name: &str, entry: Entry, arguments: &[Value]) -> Option<Typed> {
        if entry.takes.len() != arguments.len() {
            let expected = entry.takes.len();
            self.faults.add(at, format!("`{name}` takes {expected} arguments, found {}", arguments.len()));
            return None;
        }
        let pairs = entry.takes.iter().zip(arguments).enumerate();
        let lowered: Vec<Option<Expr>> = pairs
            .map(|(index, (takes, value))| self.library_argument(&item(at, index), *takes, value, entry.keeps))
            .collect();
        // All arguments are read before one of them ends this, for their faults.
        let lowered = lowered.into_iter().collect::<Option<Vec<Expr>>>()?;
        let call = Typed::new(Expr::Call(entry.function, lowered), entry.gives, entry.held);
        Some(if entry.optional { call.optional() } else { call })
    }

    fn library_argument(&mut self, at: &str, takes: Takes, value: &Value, keeps: bool) -> Option<Expr> {
        let expected = match takes {
            Takes::Count => {
                let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
                if count.is_none() {
                    self.faults.add(at, format!("expected a whole number from 0 on, found {}", kind(value)));
                }
                return count.map(Expr::Count);
            }
            Takes::Text => Type::Text,
            Takes::Boolean => Type::Boolean,
        };
        let argument = self.argument(at, value)?;
        let argument = self.expect(at, argument, expected)?;
        // What the function gives may borrow from it, so that it has to outlive the statement.
        let argument = if keeps && argument.held == Held::Fresh { self.aside(argument) } else { argument };
        Some(argument.argument())
    }

    /// An argument of any type. A choice gets a statement of its own, to keep what uses it in one line.
    fn argument(&mut self, at: &str, value: &Value) -> Option<Typed> {
        let value = self.expression(at, value)?;
        Some(if matches!(value.expr, Expr::Choose(_)) { self.aside(value) } else { value })
    }

    fn whether_set(&mut self, at: &str, value: &Value) -> Option<Typed> {
        let value = self.argument(&item(at, 0), value)?;
        let set = if value.optional { Expr::IsSet(Box::new(value.expr)) } else { Expr::Boolean(true) };
        Some(Typed::boolean(set))
    }

    fn negation(&mut self, at: &str, value: &Value) -> Option<Typed> {
        let at = item(at, 0);
        let value = self.argument(&at, value)?;
        let value = self.expect(&at, value, Type::Boolean)?;
        Some(Typed::boolean(not(value.expr)))
    }

    fn equality(&mut self, at: &str, left: &Value, right: &Value, expected: Type) -> Option<Typed> {
        let mut side = |index, value| {
            let at = item(at, index);
            self.argument(&at, value).and_then(|side| self.expect(&at, side, expected))
        };
        let (left, right) = (side(0, left), side(1, right));
        Some(Typed::boolean(equal(left?.expr, right?.expr)))
    }

    /// The first that is there: what stands behind one that always is can never be reached.
    fn coalesce(&mut self, at: &str, values: &[Value]) -> Option<Typed> {
        let values: Vec<_> =
            values.iter().enumerate().map(|(index, value)| self.argument(&item(at, index), value)).collect();
        let mut values = values.into_iter().collect::<Option<Vec<Typed>>>()?;
        self.same_type(at, &values)?;
        if let Some(last) = values.iter().position(|value| !value.optional) {
            values.truncate(last + 1);
        }
        let alternatives = Typed::alike(values).into_iter();
        alternatives.reduce(|first, second| {
            let (kind, optional, held) = (first.kind, second.optional, first.held);
            let [first, second] = [first.expr, second.expr].map(Box::new);
            let expr = if optional { Expr::Or(first, second) } else { Expr::UnwrapOr(first, second) };
            Typed { expr, kind, optional, held }
        })
    }

    fn choice(&mut self, at: &str, condition: &Value, [yes, no]: [&Value; 2]) -> Option<Typed> {
        let first = item(at, 0);
        let condition = self.argument(&first, condition).and_then(|c| self.expect(&first, c, Type::Boolean));
        let (yes, no) = (self.argument(&item(at, 1), yes), self.argument(&item(at, 2), no));
        let (condition, both) = (condition?.expr, vec![yes?, no?]);
        self.same_type(at, &both)?;
        let optional = both.iter().any(|value| value.optional);
        let Ok([yes, no]) = <[Typed; 2]>::try_from(Typed::alike(both)) else { return None };
        let Typed { kind, held, .. } = yes;
        let wrap = |value: Typed| match (optional, value.optional) {
            (true, false) => Expr::Some(Box::new(value.expr)),
            _ => value.expr,
        };
        let expr = choose(condition, wrap(yes), wrap(no));
        Some(Typed { expr, kind, optional, held })
    }

    fn same_type(&mut self, at: &str, values: &[Typed]) -> Option<()> {
        let first = values.first()?.kind;
        match values.iter().find(|value| value.kind != first) {
            Some(other) => {
                let (first, other) = (first.name(), other.kind.name());
                self.faults.add(at, format!("expected values of one type, found {first} and {other}"));
                None
            }
            None => Some(()),
        }
    }

    fn attribute(&mut self, at: &str, value: &Value, path: &Value) -> Option<Typed> {
        let (first, second) = (item(at, 0), item(at, 1));
        let path = self.faults.text(&second, path)?;
        let value = self.argument(&first, value)?;
        let value = self.present(&first, value)?;
        self.path(&second, value, path)
    }
}

/// A function that the runtime has.
struct Entry {
    function: Function,
    takes: &'static [Takes],
    gives: Type,
    optional: bool,
    held: Held,
    /// Whether what it gives borrows from what it takes.
    keeps: bool,
}

#[derive(Clone, Copy)]
enum Takes {
    Text,
    Boolean,
    Count,
}

fn library(name: &str) -> Option<Entry> {
    use Takes::{Boolean, Count, Text};
    let test = |function| Entry {
        function,
        takes: &[Text, Boolean],
        gives: Type::Boolean,
        optional: false,
        held: Held::Borrowed,
        keeps: false,
    };
    let maker = |function, gives| Entry { takes: &[Text], gives, held: Held::Fresh, ..test(function) };
    Some(match name {
        "isValidHostLabel" => test(Function::IsValidHostLabel),
        "aws.isVirtualHostableS3Bucket" => test(Function::IsVirtualHostableS3Bucket),
        // An option by its specification, but `aws` stands in for unknown regions, so that it never is empty.
        "aws.partition" => Entry { held: Held::Borrowed, ..maker(Function::Partition, Type::Partition) },
        "uriEncode" => maker(Function::UriEncode, Type::Text),
        "aws.parseArn" => Entry { optional: true, keeps: true, ..maker(Function::ParseArn, Type::Arn) },
        "parseURL" => Entry { optional: true, keeps: true, ..maker(Function::ParseUrl, Type::Url) },
        "split" => Entry { takes: &[Text, Text, Count], keeps: true, ..maker(Function::Split, Type::List) },
        "substring" => Entry {
            takes: &[Text, Count, Count, Boolean],
            optional: true,
            held: Held::Borrowed,
            keeps: true,
            ..maker(Function::Substring, Type::Text)
        },
        _ => return None,
    })
}

fn not(value: Expr) -> Expr {
    match value {
        Expr::Boolean(value) => Expr::Boolean(!value),
        Expr::Not(inner) => *inner,
        other => Expr::Not(Box::new(other)),
    }
}

/// Equality, as a person would write it: nothing is compared with `true`, and literals stand on the right.
fn equal(left: Expr, right: Expr) -> Expr {
    match (left, right) {
        (Expr::Boolean(true), other) | (other, Expr::Boolean(true)) => other,
        (Expr::Boolean(false), other) | (other, Expr::Boolean(false)) => not(other),
        (Expr::Text(left), Expr::Text(right)) => Expr::Boolean(left == right),
        (left @ Expr::Text(_), right) => Expr::Equal(Box::new(right), Box::new(left)),
        (left, right) => Expr::Equal(Box::new(left), Box::new(right)),
    }
}

fn choose(condition: Expr, yes: Expr, no: Expr) -> Expr {
    match (condition, yes, no) {
        (Expr::Boolean(true), yes, _) => yes,
        (Expr::Boolean(false), _, no) => no,
        (condition, Expr::Boolean(true), Expr::Boolean(false)) => condition,
        (condition, Expr::Boolean(false), Expr::Boolean(true)) => not(condition),
        (_, yes, no) if yes == no => yes,
        (condition, yes, no) => Expr::Choose(Box::new([condition, yes, no])),
    }
}
