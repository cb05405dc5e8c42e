//! The parameters of a rule set.

use serde_json::{Map, Value};

use super::Lowering;
use super::values::{Held, Typed};
use crate::fault::below;
use crate::ir::endpoint::{Absence, Default, Expr, Kind, Parameter, Setting};

impl Lowering {
    /// The parameters, in scope from here on.
    pub(super) fn parameters(&mut self, value: &Value) -> Vec<Parameter> {
        let Some(declared) = self.faults.object("parameters", value) else { return Vec::new() };
        let mut parameters = Vec::new();
        for (name, value) in declared {
            let Some(parameter) = self.parameter(name, value) else { continue };
            let held = Held::Borrowed;
            let typed = match parameter.absence {
                Absence::Allowed => {
                    Typed::new(Expr::Parameter(parameter.field.clone()), parameter.kind.into(), held).optional()
                }
                _ => Typed::new(Expr::Local(parameter.field.clone()), parameter.kind.into(), held),
            };
            self.scope.push((name.clone(), typed));
            parameters.push(parameter);
        }
        parameters
    }

    fn parameter(&mut self, name: &str, value: &Value) -> Option<Parameter> {
        let at = &below("parameters", name);
        let object = self.faults.object(at, value)?;
        let field = self.name(at, name)?;
        let kind = self.kind(at, object)?;
        let built_in = match object.get("builtIn") {
            Some(value) => Some(self.faults.text(&below(at, "builtIn"), value)?.to_owned()),
            None => None,
        };
        let absence = self.absence(at, object, kind)?;
        let setting = built_in.as_deref().and_then(setting);
        let expected = setting.map(|setting| match setting {
            Setting::Region | Setting::Endpoint => Kind::Text,
            Setting::UseFips | Setting::UseDualStack => Kind::Boolean,
        });
        if expected.is_some_and(|expected| expected != kind) {
            self.faults.add(at, "this is not the type of its built-in");
        }
        Some(Parameter { name: name.to_owned(), field, kind, built_in, setting, absence, read: true })
    }

    /// The Rust name for a parameter or a variable.
    pub(super) fn name(&mut self, at: &str, name: &str) -> Option<String> {
        let known = self.names.of(name);
        if known.is_none() {
            self.faults.add(at, format!("`{name}` is no name: expected letters, digits and `_`, no digit first"));
        }
        known
    }

    fn kind(&mut self, at: &str, object: &Map<String, Value>) -> Option<Kind> {
        let value = self.faults.member(at, object, "type")?;
        let at = &below(at, "type");
        let name = self.faults.text(at, value)?;
        // Models of 2025 and before write `String`, later ones `string`.
        match name.to_ascii_lowercase().as_str() {
            "string" => Some(Kind::Text),
            "boolean" => Some(Kind::Boolean),
            "stringarray" => Some(Kind::List),
            _ => {
                self.faults.add(at, format!("expected `string`, `boolean` or `stringArray`, found `{name}`"));
                None
            }
        }
    }

    fn absence(&mut self, at: &str, object: &Map<String, Value>, kind: Kind) -> Option<Absence> {
        if let Some(value) = object.get("default") {
            return self.default(&below(at, "default"), value, kind).map(Absence::Default);
        }
        let required = object.get("required").map(|value| self.faults.boolean(&below(at, "required"), value));
        match required {
            Some(required) => Some(if required? { Absence::Error } else { Absence::Allowed }),
            None => Some(Absence::Allowed),
        }
    }

    fn default(&mut self, at: &str, value: &Value, kind: Kind) -> Option<Default> {
        match kind {
            Kind::Text => self.faults.text(at, value).map(|text| Default::Text(text.to_owned())),
            Kind::Boolean => self.faults.boolean(at, value).map(Default::Boolean),
            Kind::List => self.texts(at, value).map(Default::List),
        }
    }
}

fn setting(built_in: &str) -> Option<Setting> {
    match built_in {
        "AWS::Region" => Some(Setting::Region),
        "AWS::UseFIPS" => Some(Setting::UseFips),
        "AWS::UseDualStack" => Some(Setting::UseDualStack),
        "SDK::Endpoint" => Some(Setting::Endpoint),
        _ => None,
    }
}
