//! Values at random, by the shapes of a model, spelt as `Serialize` spells them.

use serde_json::{Map, Value, json};
use tinsmith_codegen::smithy::{Member, Model, ShapeId, ShapeKind};
use tinsmith_runtime::primitives::{DateTime, DateTimeFormat};
use tinsmith_runtime::random::Random;
use tinsmith_runtime::test_util::SeededRandom;

/// Makes values, the same of the same seed.
pub(crate) struct Values<'a> {
    model: &'a Model,
    random: SeededRandom,
    /// How many structures, lists and maps are open.
    depth: usize,
}

impl<'a> Values<'a> {
    pub(crate) fn new(model: &'a Model, seed: u64) -> Self {
        Self { model, random: SeededRandom::new(seed), depth: 0 }
    }

    /// A structure with about two thirds of its members, fewer the deeper it lies.
    pub(crate) fn structure(&mut self, id: &ShapeId) -> Value {
        let members = self.model.get(id).map(|shape| shape.members()).unwrap_or_default();
        let mut entries = Map::new();
        for member in members {
            if self.below(3 + self.depth) < 2 && !self.is_stream_of_events(member) {
                entries.insert(member.name.clone(), self.value(&member.target));
            }
        }
        Value::Object(entries)
    }

    /// Events are no data, as a member of a message.
    fn is_stream_of_events(&self, member: &Member) -> bool {
        self.model
            .target(member)
            .is_some_and(|shape| shape.traits.has("smithy.api#streaming") && matches!(shape.kind, ShapeKind::Union(_)))
    }

    fn value(&mut self, id: &ShapeId) -> Value {
        self.depth += 1;
        let value = self.of(id);
        self.depth -= 1;
        value
    }

    fn of(&mut self, id: &ShapeId) -> Value {
        let Some(shape) = self.model.get(id) else { return json!({}) };
        match &shape.kind {
            ShapeKind::Structure(_) => self.structure(id),
            ShapeKind::Union(members) => {
                let member = &members[self.below(members.len())];
                json!({ &member.name: self.value(&member.target) })
            }
            ShapeKind::List(member) => {
                let count = self.below(4);
                (0..count).map(|_| self.value(&member.target)).collect()
            }
            ShapeKind::Map { key, value } => {
                let keys: Vec<_> = (0..self.below(4)).map(|_| self.value(&key.target)).collect();
                let entry = |key: Value| (key.as_str().unwrap().to_owned(), self.value(&value.target));
                Value::Object(keys.into_iter().map(entry).collect())
            }
            // One in four is a value that the model does not list.
            ShapeKind::Enum(values) if self.below(4) > 0 => json!(values[self.below(values.len())].value),
            ShapeKind::Enum(_) | ShapeKind::String => json!(self.text()),
            ShapeKind::Boolean => json!(self.below(2) == 0),
            ShapeKind::Byte => json!(self.bits() as i8),
            ShapeKind::Short => json!(self.bits() as i16),
            ShapeKind::Integer | ShapeKind::IntEnum(_) => json!(self.bits() as i32),
            ShapeKind::Long => json!(self.bits() as i64),
            ShapeKind::Float => json!(f64::from(self.bits() as i16) / 8.0),
            // What `serde_json` reads from text to the last bit, without its feature `float_roundtrip`.
            ShapeKind::Double => json!(f64::from(self.bits() as i32) / 8.0),
            ShapeKind::BigInteger | ShapeKind::BigDecimal => json!(format!("{}00000000000", self.bits() | 1)),
            // No bytes at all are as good as absent there.
            ShapeKind::Blob if shape.traits.has("smithy.api#streaming") => json!("AAEC"),
            ShapeKind::Blob => json!(["", "AA==", "AAE=", "AAEC", "/+8AAA=="][self.below(5)]),
            ShapeKind::Timestamp => {
                let time = DateTime::from_millis((self.bits() >> 20) as i64);
                json!(time.fmt(DateTimeFormat::DateTime).unwrap())
            }
            ShapeKind::Document => json!({ "a": [self.bits(), null, self.text()], "b": { "c": 0.5 } }),
            ShapeKind::Operation(_) | ShapeKind::Resource(_) | ShapeKind::Service(_) => unreachable!("{id} is no data"),
        }
    }

    /// A few characters, from anywhere.
    fn text(&mut self) -> String {
        const ALPHABET: [char; 12] = ['a', 'Z', '0', ' ', '"', '\\', '\n', '\0', 'é', '測', '🛠', '/'];
        (0..self.below(6)).map(|_| ALPHABET[self.below(ALPHABET.len())]).collect()
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    fn bits(&mut self) -> u64 {
        self.random.next_u64()
    }
}
