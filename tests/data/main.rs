//! The shapes of all of Lambda's operations as data: values that are made at random, by the model, go through
//! `Deserialize` and `Serialize` as JSON and come out as they were.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]
#![allow(deprecated, reason = "what a model deprecates is data like the rest")]

mod operations;
mod random;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tinsmith_codegen::smithy::{self, Model, ShapeId};

use operations::OPERATIONS;
use random::Values;

/// How many values of each input and of each output.
const ROUNDS: u64 = 40;

/// Reads a value and writes it.
pub(crate) fn again<T: Serialize + DeserializeOwned>(data: &Value) -> Value {
    let by_text: T = serde_json::from_str(&data.to_string()).unwrap();
    let by_value: T = serde_json::from_value(data.clone()).unwrap();
    let text = serde_json::to_string(&by_text).unwrap();
    assert_eq!(text, serde_json::to_string(&by_value).unwrap(), "by text, and by value");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_shape_keeps_what_it_is_given() {
    let model = model();
    let names: Vec<_> = operations(&model).iter().map(|(name, _)| *name).collect();
    assert_eq!(OPERATIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>(), names, "the operations of the model");
    for ((name, messages), (_, again)) in operations(&model).into_iter().zip(OPERATIONS) {
        for (message, again) in messages.into_iter().zip(again) {
            for seed in 0..ROUNDS {
                let data = Values::new(&model, seed).structure(message);
                let written = again(&data);
                assert_eq!(lost(&data, &written), None, "{message} of {name}, seed {seed}: {data} became {written}");
                // What was written beside that is there by default, and is written again.
                assert_eq!(again(&written), written, "{message} of {name}, seed {seed}");
            }
        }
    }
}

/// The path of the first value that is not among what was written, or is another there.
fn lost(data: &Value, written: &Value) -> Option<String> {
    match (data, written) {
        (Value::Object(data), Value::Object(written)) => data.iter().find_map(|(name, value)| {
            let rest = lost(value, written.get(name).unwrap_or(&Value::Null))?;
            Some(format!("{name}.{rest}"))
        }),
        (Value::Array(data), Value::Array(written)) if data.len() == written.len() => {
            let mut pairs = data.iter().zip(written).enumerate();
            pairs.find_map(|(index, (value, written))| Some(format!("{index}.{}", lost(value, written)?)))
        }
        _ => (data != written).then(String::new),
    }
}

fn model() -> Model {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../model/lambda.json")).unwrap();
    smithy::load("lambda.json", &text).unwrap()
}

/// The operations by their names, with input and output.
fn operations(model: &Model) -> Vec<(&str, [&ShapeId; 2])> {
    let (_, service) = model.service(None).unwrap();
    let mut operations: Vec<_> = model.operations(service);
    operations.sort_by_key(|(shape, _)| shape.id.name());
    operations.into_iter().map(|(shape, of)| (shape.id.name(), [&of.input, &of.output])).collect()
}
