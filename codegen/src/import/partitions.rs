//! An official `partitions.json`, reduced to facts: ids, outputs, expressions and the names of regions, no prose.

use serde_json::{Map, Value, json};

use crate::fault::{Fault, Faults, below};
use crate::lower;

/// The text of `model/partitions.json`, from the text of an official file.
///
/// # Errors
///
/// The text is not JSON, or holds what would be lost here or cannot be generated; each fault with its place.
pub fn import(text: &str) -> Result<String, Vec<Fault>> {
    let mut faults = Faults::default();
    let partitions = lower::partitions::each(&mut faults, &lower::partitions::parsed(text)?, fact);
    let facts = faults.or(json!({ "partitions": partitions }))?;
    let text = format!("{facts:#}\n");
    // What the generator cannot use is told now, while the official file is at hand.
    lower::partitions::lower(&text)?;
    Ok(text)
}

fn fact(faults: &mut Faults, at: &str, partition: &Value) -> Option<Value> {
    let partition = faults.object(at, partition)?;
    let mut fact = Map::new();
    for name in ["id", "regionRegex", "outputs"] {
        fact.insert(name.to_owned(), faults.member(at, partition, name)?.clone());
    }
    let regions = faults.member(at, partition, "regions")?;
    let regions = faults.object(&below(at, "regions"), regions)?;
    for (name, region) in regions {
        let at = below(&below(at, "regions"), name);
        // Outputs of a region's own would win over the partition's. No official file has them.
        for key in faults.object(&at, region).into_iter().flat_map(Map::keys).filter(|key| *key != "description") {
            faults.add(&at, format!("`{key}` is not supported here: expected a description and nothing else"));
        }
    }
    let mut names: Vec<&String> = regions.keys().collect();
    names.sort();
    fact.insert("regions".to_owned(), json!(names));
    Some(Value::Object(fact))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"version": "1.1", "partitions": [{
        "id": "aws",
        "outputs": {"name": "aws", "dnsSuffix": "a.com", "dualStackDnsSuffix": "d.com", "implicitGlobalRegion": "us-1",
                    "supportsDualStack": true, "supportsFIPS": false},
        "regionRegex": "^us\\-\\d+$",
        "regions": {"us-2": {"description": "prose"}, "us-1": {}}
    }]}"#;

    #[test]
    fn regions_are_names_in_order() {
        let facts: Value = serde_json::from_str(&import(ONE).unwrap()).unwrap();
        assert_eq!(facts["partitions"][0]["regions"], json!(["us-1", "us-2"]));
        assert_eq!(facts["partitions"][0]["regionRegex"], "^us\\-\\d+$");
        assert!(!facts.to_string().contains("prose"));
    }

    #[test]
    fn what_would_be_lost_is_a_fault() {
        let check = |text: &str, expected: &str| {
            let faults: Vec<_> = import(text).unwrap_err().iter().map(Fault::to_string).collect();
            assert_eq!(faults, [expected]);
        };
        let regions =
            "partitions[0].regions.us-1: `dnsSuffix` is not supported here: expected a description and nothing else";
        check(&ONE.replace(r#""us-1": {}"#, r#""us-1": {"dnsSuffix": "x"}"#), regions);
        check(&ONE.replace("\"id\"", "\"di\""), "partitions[0]: `id` is missing");
        check("[]", "expected an object, found an array");
        check("{", "this is not JSON: EOF while parsing an object at line 1 column 1");
    }
}
