//! The order in which the members of an object are written: the one of their declaration, or one that is drawn.

use serde_json::Value;

use super::Layer;
use crate::scatter::scatter;

/// A layer with its members as they are declared.
pub(super) fn written(layer: &Layer) -> String {
    value(layer).to_string()
}

/// A layer with the members of each object in an order drawn from the seed, for the layer of this number.
pub(super) fn shuffled(layer: &Layer, seed: u64, number: u64) -> String {
    let mut state = scatter(seed) ^ scatter(number);
    let mut draw = || {
        state = scatter(state.wrapping_add(1));
        state
    };
    shuffle(value(layer), &mut draw).to_string()
}

/// Whether the marker of a page is drawn before its layers.
pub(super) fn marker_first(seed: u64) -> bool {
    scatter(seed) % 2 == 1
}

fn value(layer: &Layer) -> Value {
    // None of our types can fail to serialize; were one to, it would be seen in each page.
    serde_json::to_value(layer).unwrap_or_default()
}

fn shuffle(value: Value, draw: &mut impl FnMut() -> u64) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (draw(), name, shuffle(value, draw))).collect();
            members.sort_by_key(|(place, ..)| *place);
            members.into_iter().map(|(_, name, value)| (name, value)).collect()
        }
        // No list holds an object.
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::layers::Layers;

    #[test]
    fn the_same_members_in_every_order() {
        let of = |listed: &str| serde_json::from_str::<Value>(listed).unwrap();
        let names = |listed: &str| of(listed).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let plain = Layers::generate(200);
        let shuffled = plain.clone().shuffled(7);
        assert_eq!(shuffled, plain.clone().shuffled(7), "the same for the same seed");
        assert_ne!(shuffled, plain.clone().shuffled(8));
        let mut orders = BTreeSet::new();
        for (plain, shuffled) in plain.sorted.iter().zip(&shuffled.sorted) {
            assert_eq!(of(&plain.json), of(&shuffled.json));
            orders.insert(names(&shuffled.json));
        }
        assert_eq!(orders.len(), 6, "three members of a layer have six orders");
    }

    #[test]
    fn a_page_has_its_marker_before_or_after() {
        let layers = Layers::generate(51);
        let first = |layers: &Layers| layers.first_page().starts_with(r#"{"NextMarker""#);
        assert!(!first(&layers));
        let drawn: BTreeSet<bool> = (0..10).map(|seed| first(&layers.clone().shuffled(seed))).collect();
        assert_eq!(drawn.len(), 2);
    }
}
