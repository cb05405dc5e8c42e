//! Parameters of cases as Rust expressions, by the shapes that they are of.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde_json::{Map, Value};
use tinsmith_codegen::ir::{Element, ErrorCase, Field, Home, Named, Place, Presence, Shape, Stream, Type, Union};
use tinsmith_codegen::smithy::{Member, ShapeId, ShapeKind};

use super::digits;
use super::suite::Suite;

/// Where the runtime has the types of values.
pub(super) const PRIMITIVES: &str = "tinsmith_runtime::primitives";

/// The types of a suite.
pub(in crate::conformance) struct Values<'a> {
    suite: &'a Suite,
    shapes: BTreeMap<&'a str, &'a Shape>,
}

/// A field that a case sets, with its value.
pub(in crate::conformance) struct Set<'a> {
    pub field: &'a Field,
    /// The value, without the `Option` around it.
    pub value: String,
}

impl<'a> Values<'a> {
    pub(in crate::conformance) fn of(suite: &'a Suite) -> Self {
        let own = suite.operations().iter().flat_map(|operation| &operation.shapes);
        let shared = suite.service.iter().flat_map(|service| &service.shapes);
        let name = |shape: &'a Shape| match shape {
            Shape::Structure(structure) => structure.name.as_str(),
            Shape::Union(union) => union.name.as_str(),
        };
        Self { suite, shapes: shared.chain(own).map(|shape| (name(shape), shape)).collect() }
    }

    /// What a case sets of a structure. Its fields stand in the order of the model's members.
    pub(in crate::conformance) fn fields(
        &self,
        id: &ShapeId,
        fields: &'a [Field],
        params: &Value,
    ) -> anyhow::Result<Vec<Set<'a>>> {
        let given = params.as_object().with_context(|| format!("{id}: expected an object, found {params}"))?;
        let members = self.suite.model.get(id).map(|shape| shape.members()).unwrap_or_default();
        if members.len() != fields.len() {
            bail!("{id} has {} members, and {} fields were made of them", members.len(), fields.len());
        }
        if let Some(name) = given.keys().find(|name| members.iter().all(|member| member.name != **name)) {
            bail!("{id} has no member `{name}`");
        }
        let set = |(member, field): (&Member, &'a Field)| {
            let value = given.get(&member.name).filter(|value| !value.is_null())?;
            let context = || id.member(&member.name);
            Some(self.field(member, field, value).with_context(context).map(|value| Set { field, value }))
        };
        members.into_iter().zip(fields).filter_map(set).collect()
    }

    /// A value for each label of the path, without which no request can be made.
    pub(super) fn labels(fields: &'a [Field]) -> Vec<Set<'a>> {
        let labels = fields.iter().filter(|field| field.member.place == Place::Label);
        labels.map(|field| Set { field, value: any(&field.of) }).collect()
    }

    fn field(&self, member: &Member, field: &Field, value: &Value) -> anyhow::Result<String> {
        let value = self.value(&member.target, &field.of, value)?;
        Ok(if field.boxed { format!("Box::new({value})") } else { value })
    }

    fn value(&self, id: &ShapeId, of: &Type, value: &Value) -> anyhow::Result<String> {
        let unexpected = || format!("expected a value of {of:?}, found {value}");
        let is_big = matches!(of, Type::BigInteger | Type::BigDecimal);
        if let Some(digits) = digits::of(value).filter(|_| !is_big) {
            return self.value(id, of, &serde_json::from_str(digits)?);
        }
        Ok(match of {
            Type::Text => format!("{:?}.to_owned()", value.as_str().with_context(unexpected)?),
            Type::Boolean => value.as_bool().with_context(unexpected)?.to_string(),
            Type::Byte | Type::Short | Type::Integer | Type::Long => {
                value.as_i64().with_context(unexpected)?.to_string()
            }
            Type::Float => number("f32", value).with_context(unexpected)?,
            Type::Double => number("f64", value).with_context(unexpected)?,
            Type::BigInteger | Type::BigDecimal => {
                let number = value.as_number().map(ToString::to_string);
                let digits = digits::of(value).map(str::to_owned).or(number).with_context(unexpected)?;
                format!("{digits:?}.parse::<{PRIMITIVES}::{of:?}>().unwrap()")
            }
            Type::Blob => format!("{PRIMITIVES}::Blob::new({:?})", value.as_str().with_context(unexpected)?),
            Type::Timestamp => timestamp(value).with_context(unexpected)?,
            Type::Document => document(value),
            Type::List(element) => self.list(id, element, value.as_array().with_context(unexpected)?)?,
            Type::Map(entry) => self.map(id, &entry.value, value.as_object().with_context(unexpected)?)?,
            Type::Named(named) => self.named(id, named, value)?,
            Type::Stream(Stream::Bytes { .. }) => {
                format!("{PRIMITIVES}::ByteStream::from({:?})", value.as_str().with_context(unexpected)?)
            }
            Type::Stream(Stream::Events { .. }) => bail!("events are no parameters of a message"),
        })
    }

    fn list(&self, id: &ShapeId, element: &Element, items: &[Value]) -> anyhow::Result<String> {
        let items = items.iter().map(|item| self.element(id, element, item)).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("vec![{}]", items.join(", ")))
    }

    fn map(&self, id: &ShapeId, element: &Element, entries: &Map<String, Value>) -> anyhow::Result<String> {
        let entry = |(key, value): (&String, &Value)| {
            self.element(id, element, value).map(|value| format!("({key:?}.into(), {value})"))
        };
        let entries = entries.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("std::collections::HashMap::from([{}])", entries.join(", ")))
    }

    /// What a list or a map holds; in a sparse one it may be `null`.
    fn element(&self, id: &ShapeId, element: &Element, value: &Value) -> anyhow::Result<String> {
        let members = self.suite.model.get(id).map(|shape| shape.members()).unwrap_or_default();
        let member = members.last().with_context(|| format!("{id} holds nothing"))?;
        if !element.sparse {
            return self.value(&member.target, &element.of, value);
        }
        match value {
            Value::Null => Ok("None".to_owned()),
            value => Ok(format!("Some({})", self.value(&member.target, &element.of, value)?)),
        }
    }

    /// An exception of a stream, which has a type among the errors.
    pub(super) fn error(&self, id: &ShapeId, named: &Named, value: &Value) -> anyhow::Result<String> {
        let fields = self.error_fields(named)?;
        Ok(assigned(&self.path_of_error(named), &self.fields(id, fields, value)?))
    }

    /// The fields of an error.
    pub(super) fn error_fields(&self, named: &Named) -> anyhow::Result<&'a [Field]> {
        let mut errors = self.suite.service.iter().flat_map(|service| &service.errors);
        let error = errors.find(|error| error.structure.name == named.name);
        Ok(&error.with_context(|| format!("no error {}", named.name))?.structure.fields)
    }

    /// What a member of a stream's union is among its exceptions; none if it is an event.
    pub(super) fn exception(&self, union: &Named, member: &Member) -> Option<&'a ErrorCase> {
        let Some(Shape::Union(Union { events: Some(events), .. })) = self.shapes.get(union.name.as_str()) else {
            return None;
        };
        events.exceptions.iter().find(|exception| exception.code == member.name)
    }

    /// A value of a shape that has a type of its own.
    pub(super) fn named(&self, id: &ShapeId, named: &Named, value: &Value) -> anyhow::Result<String> {
        let path = self.path(named);
        let shape = self.suite.model.get(id).with_context(|| format!("no shape {id}"))?;
        if let ShapeKind::Enum(_) = shape.kind {
            let text = value.as_str().with_context(|| format!("{id}: expected text, found {value}"))?;
            return Ok(format!("{path}::from({text:?})"));
        }
        match self.shapes.get(named.name.as_str()) {
            Some(Shape::Structure(structure)) => Ok(assigned(&path, &self.fields(id, &structure.fields, value)?)),
            Some(Shape::Union(union)) => self.variant(id, union, &path, value),
            None => bail!("{id}: no type {}", named.name),
        }
    }

    fn variant(&self, id: &ShapeId, union: &Union, path: &str, value: &Value) -> anyhow::Result<String> {
        let one = value.as_object().filter(|given| given.len() == 1).and_then(|given| given.iter().next());
        let (name, value) = one.with_context(|| format!("{id}: expected one member, found {value}"))?;
        let members = self.suite.model.get(id).map(|shape| shape.members()).unwrap_or_default();
        let is_event =
            |member: &&Member| !union.events.iter().any(|it| it.exceptions.iter().any(|case| case.code == member.name));
        let mut both = members.into_iter().filter(is_event).zip(&union.variants);
        let (member, variant) =
            both.find(|(member, _)| member.name == *name).with_context(|| format!("{id} has no member `{name}`"))?;
        let Some(of) = &variant.of else { return Ok(format!("{path}::{}", variant.name)) };
        let value = self.value(&member.target, of, value)?;
        let value = if variant.boxed { format!("Box::new({value})") } else { value };
        Ok(format!("{path}::{}({value})", variant.name))
    }

    /// The path of an error, or of the error enum of a stream.
    pub(super) fn path_of_error(&self, named: &Named) -> String {
        format!("{}::types::error::{}", self.suite.module(), named.name)
    }

    /// The path of a type: all but errors are shown in `types`.
    pub(super) fn path(&self, named: &Named) -> String {
        let module = if matches!(named.home, Home::Errors | Home::ErrorGroup(_)) { "types::error" } else { "types" };
        format!("{}::{module}::{}", self.suite.module(), named.name)
    }
}

/// A structure of a type, with these fields.
pub(super) fn assigned(path: &str, set: &[Set<'_>]) -> String {
    if set.is_empty() {
        return format!("{path}::default()");
    }
    let fields = set.iter().map(|Set { field, value }| match field.presence {
        Presence::Optional => format!("value.{} = Some({value}); ", field.name),
        Presence::Required | Presence::Defaulted(_) => format!("value.{} = {value}; ", field.name),
    });
    format!("{{ let mut value = {path}::default(); {}value }}", fields.collect::<String>())
}

/// A document.
fn document(value: &Value) -> String {
    match value {
        Value::Null => format!("{PRIMITIVES}::Document::Null"),
        Value::Bool(value) => format!("{PRIMITIVES}::Document::from({value})"),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => format!("{PRIMITIVES}::Document::from({number}_u64)"),
            (_, Some(number)) => format!("{PRIMITIVES}::Document::from({number}_i64)"),
            _ => format!("{PRIMITIVES}::Document::from({number}_f64)"),
        },
        Value::String(text) => match digits::of(value) {
            Some(digits) => document(&serde_json::from_str(digits).unwrap_or_default()),
            None => format!("{PRIMITIVES}::Document::from({text:?})"),
        },
        Value::Array(items) => {
            format!(
                "{PRIMITIVES}::Document::Array(vec![{}])",
                items.iter().map(document).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(name, value)| format!("({name:?}.to_owned(), {})", document(value)));
            format!("{PRIMITIVES}::Document::Object([{}].into())", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A number, or one of the names for what JSON has no number for.
fn number(of: &str, value: &Value) -> Option<String> {
    match value {
        Value::String(name) => match name.as_str() {
            "NaN" => Some(format!("{of}::NAN")),
            "Infinity" => Some(format!("{of}::INFINITY")),
            "-Infinity" => Some(format!("{of}::NEG_INFINITY")),
            _ => None,
        },
        value => value.as_f64().map(|number| format!("{number:?}_{of}")),
    }
}

/// A point in time, from seconds since 1970 that may have a fraction, or as the cases of event streams spell it.
pub(super) fn timestamp(value: &Value) -> Option<String> {
    if let Value::String(text) = value {
        let format = format!("{PRIMITIVES}::DateTimeFormat::DateTime");
        return Some(format!("{PRIMITIVES}::DateTime::from_str({text:?}, {format}).unwrap()"));
    }
    let text = match value.as_i64() {
        Some(seconds) => seconds.to_string(),
        // Without an exponent, in the fewest digits: exact to the microsecond for all dates of the suites.
        None => value.as_f64()?.to_string(),
    };
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let nanos: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let whole: i64 = seconds.parse().ok()?;
    Some(match (seconds.starts_with('-'), nanos) {
        (true, 1..) => {
            format!("{PRIMITIVES}::DateTime::from_secs_and_nanos({}, {})", whole.checked_sub(1)?, 1_000_000_000 - nanos)
        }
        _ => format!("{PRIMITIVES}::DateTime::from_secs_and_nanos({whole}, {nanos})"),
    })
}

/// Some value of a type that a label can be of.
fn any(of: &Type) -> String {
    match of {
        Type::Boolean => "true".to_owned(),
        Type::Float | Type::Double => "1.0".to_owned(),
        Type::Timestamp => format!("{PRIMITIVES}::DateTime::from_secs(0)"),
        Type::Byte | Type::Short | Type::Integer | Type::Long => "1".to_owned(),
        _ => "\"label\".into()".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{document, number, timestamp};

    #[test]
    fn values_are_spelt_in_rust() {
        let of = |text: &str| serde_json::from_str(text).unwrap_or_default();
        let short = |text: String| text.replace("tinsmith_runtime::primitives::", "");
        for (given, expected) in [
            ("1398796238", Some("DateTime::from_secs_and_nanos(1398796238, 0)")),
            ("1.5E9", Some("DateTime::from_secs_and_nanos(1500000000, 0)")),
            ("1515531081.123", Some("DateTime::from_secs_and_nanos(1515531081, 123000000)")),
            ("-0.25", Some("DateTime::from_secs_and_nanos(-1, 750000000)")),
            ("-2", Some("DateTime::from_secs_and_nanos(-2, 0)")),
            (
                "\"2024-10-31T14:15:14Z\"",
                Some("DateTime::from_str(\"2024-10-31T14:15:14Z\", DateTimeFormat::DateTime).unwrap()"),
            ),
            ("true", None),
        ] {
            assert_eq!(timestamp(&of(given)).map(short).as_deref(), expected, "{given}");
        }
        for (given, expected) in [("\"NaN\"", Some("f32::NAN")), ("1", Some("1.0_f32")), ("\"1\"", None)] {
            assert_eq!(number("f32", &of(given)).as_deref(), expected, "{given}");
        }
        let expected = r#"Document::Object([("a".to_owned(), Document::Array(vec![Document::from(1_u64), Document::from(-1_i64), Document::from(0.5_f64), Document::Null]))].into())"#;
        assert_eq!(short(document(&of(r#"{"a": [1, -1, 0.5, null]}"#))), expected);
    }
}
