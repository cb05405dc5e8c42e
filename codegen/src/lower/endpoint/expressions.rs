//! Expressions: literals, references, templates and paths.

use serde_json::Value;

use super::Lowering;
use super::values::{Held, Type, Typed};
use crate::fault::{item, kind};
use crate::ir::endpoint::{Expr, Piece, Step};

impl Lowering {
    /// Any expression that has a type: a literal, a template, a reference or a call.
    pub(super) fn expression(&mut self, at: &str, value: &Value) -> Option<Typed> {
        self.deeper(at, |this| match value {
            Value::Bool(value) => Some(Typed::boolean(Expr::Boolean(*value))),
            Value::String(template) => this.template(at, template),
            Value::Array(_) => Some(Typed::new(Expr::List(this.texts(at, value)?), Type::List, Held::Borrowed)),
            Value::Object(object) => match object.get("ref") {
                Some(name) => {
                    let name = this.faults.text(at, name)?;
                    this.reference(at, name)
                }
                None => this.call(at, object),
            },
            Value::Null | Value::Number(_) => {
                let found = kind(value);
                let expected = "a string, a boolean, a list of strings, a reference or a call";
                this.faults.add(at, format!("expected {expected}, found {found}"));
                None
            }
        })
    }

    /// Text that is there.
    pub(super) fn text(&mut self, at: &str, value: &Value) -> Option<Typed> {
        let value = self.expression(at, value)?;
        self.expect(at, value, Type::Text)
    }

    /// The value, if it has this type and is there.
    pub(super) fn expect(&mut self, at: &str, value: Typed, expected: Type) -> Option<Typed> {
        let (found, expected_name) = (value.kind.name(), expected.name());
        if value.kind != expected {
            self.faults.add(at, format!("expected {expected_name}, found {found}"));
            return None;
        }
        self.present(at, value)
    }

    /// The value, if it is no option.
    pub(super) fn present(&mut self, at: &str, value: Typed) -> Option<Typed> {
        if value.optional {
            self.faults.add(at, "this may be absent here: a condition must look with `isSet`, or assign it, before");
            return None;
        }
        Some(value)
    }

    pub(super) fn reference(&mut self, at: &str, name: &str) -> Option<Typed> {
        let found = self.scope.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        if found.is_none() {
            self.faults.add(at, format!("no parameter or variable here has the name `{name}`"));
        }
        found
    }

    /// A list of plain texts.
    pub(super) fn texts(&mut self, at: &str, value: &Value) -> Option<Vec<String>> {
        let items = self.faults.array(at, value)?;
        let text = |(index, value)| self.faults.text(&item(at, index), value).map(str::to_owned);
        items.iter().enumerate().map(text).collect()
    }

    /// Makes a value ready in a variable of its own, ahead of what uses it.
    pub(super) fn aside(&mut self, value: Typed) -> Typed {
        let name = self.names.fresh("value");
        let local = value.local(&name);
        self.steps.push(Step::Let(name, value.expr));
        Typed { optional: value.optional, ..local }
    }

    /// Text with `{name}` and `{name#path}` in it; `{{` and `}}` are braces.
    pub(super) fn template(&mut self, at: &str, template: &str) -> Option<Typed> {
        let (mut pieces, mut last) = (Vec::new(), None);
        let mut text = String::new();
        let mut rest = template;
        while let Some(next) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(next);
            text.push_str(before);
            if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
                text.extend(from.chars().next());
                rest = after;
                continue;
            }
            let Some((inner, after)) = from.strip_prefix('{').and_then(|from| from.split_once('}')) else {
                self.faults.add(at, format!("a brace has no partner in `{template}`"));
                return None;
            };
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            let value = self.shorthand(at, inner)?;
            pieces.push(Piece::Value(self.inline(&value)));
            last = Some(value);
            rest = after;
        }
        text.push_str(rest);
        match (pieces.as_slice(), last, text.is_empty()) {
            ([], ..) => return Some(Typed::text(text)),
            ([_], Some(alone), true) => return Some(alone),
            (.., true) => {}
            (.., false) => pieces.push(Piece::Text(text)),
        }
        Some(Typed::new(Expr::Format(pieces), Type::Text, Held::Fresh))
    }

    /// A value as text is to hold it: in an answer, a field gets a variable of its own name, so that the text can
    /// name it.
    fn inline(&mut self, value: &Typed) -> Expr {
        let (Expr::Field(of, field), Held::Borrowed, Some(named)) = (&value.expr, value.held, &mut self.named) else {
            return value.expr.clone();
        };
        if let Some((_, name)) = named.iter().find(|(known, _)| *known == value.expr) {
            return Expr::Local(name.clone());
        }
        let owner = match of.as_ref() {
            Expr::Local(owner) => owner,
            _ => return value.expr.clone(),
        };
        let free = |name: &String| {
            let local = Expr::Local(name.clone());
            named.iter().all(|(_, taken)| taken != name) && self.scope.iter().all(|(_, known)| known.expr != local)
        };
        let Some(name) = [(*field).to_owned(), format!("{owner}_{field}")].into_iter().find(free) else {
            return value.expr.clone();
        };
        named.push((value.expr.clone(), name.clone()));
        self.steps.push(Step::Let(name.clone(), value.expr.clone()));
        Expr::Local(name)
    }

    /// `name` or `name#path`.
    fn shorthand(&mut self, at: &str, inner: &str) -> Option<Typed> {
        let value = match inner.split_once('#') {
            Some((name, path)) => {
                let value = self.reference(at, name)?;
                self.path(at, value, path)?
            }
            None => self.reference(at, inner)?,
        };
        self.expect(at, value, Type::Text)
    }

    /// What `getAttr` finds: fields of an object, split by dots, and an index, which must come last.
    pub(super) fn path(&mut self, at: &str, value: Typed, path: &str) -> Option<Typed> {
        let mut value = value;
        for part in path.split('.') {
            let (key, index) = match part.split_once('[') {
                Some((key, index)) => (key, Some(index)),
                None => (part, None),
            };
            if !key.is_empty() || index.is_none() {
                value = self.present(at, value)?;
                value = self.field(at, value, key)?;
            }
            if let Some(index) = index {
                value = self.expect(at, value, Type::List)?;
                value = self.index(at, value, index)?;
            }
        }
        Some(value)
    }

    fn field(&mut self, at: &str, value: Typed, key: &str) -> Option<Typed> {
        let field = match (value.kind, key) {
            (Type::Partition, "name") => ("name", Type::Text, false),
            (Type::Partition, "dnsSuffix") => ("dns_suffix", Type::Text, false),
            (Type::Partition, "dualStackDnsSuffix") => ("dual_stack_dns_suffix", Type::Text, false),
            (Type::Partition, "implicitGlobalRegion") => ("implicit_global_region", Type::Text, false),
            (Type::Partition, "supportsFIPS") => ("supports_fips", Type::Boolean, false),
            (Type::Partition, "supportsDualStack") => ("supports_dual_stack", Type::Boolean, false),
            (Type::Arn, "partition") => ("partition", Type::Text, false),
            (Type::Arn, "service") => ("service", Type::Text, false),
            (Type::Arn, "region") => ("region", Type::Text, false),
            (Type::Arn, "accountId") => ("account_id", Type::Text, false),
            (Type::Arn, "resourceId") => ("resource_id", Type::List, true),
            (Type::Url, "scheme") => ("scheme", Type::Text, false),
            (Type::Url, "authority") => ("authority", Type::Text, false),
            (Type::Url, "path") => ("path", Type::Text, false),
            (Type::Url, "normalizedPath") => ("normalized_path", Type::Text, true),
            (Type::Url, "isIp") => ("is_ip", Type::Boolean, false),
            (kind, _) => {
                let kind = kind.name();
                self.faults.add(at, format!("{kind} has no attribute `{key}`"));
                return None;
            }
        };
        let (name, kind, owned) = field;
        Some(value.field(name, kind, owned))
    }

    fn index(&mut self, at: &str, value: Typed, index: &str) -> Option<Typed> {
        let Some(index) = index.strip_suffix(']').and_then(|index| index.parse().ok()) else {
            self.faults.add(at, format!("expected a number between `[` and `]`, found `[{index}`"));
            return None;
        };
        Some(Typed::new(Expr::At(Box::new(value.argument()), index), Type::Text, Held::Borrowed).optional())
    }
}
