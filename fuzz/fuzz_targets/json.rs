//! Any bytes: the JSON reader says what `serde_json` says, of the same bytes, into the same types.
//!
//! Where they differ it is by design, and said beside what is compared. Bytes that are not UTF-8 are looked at by `serde_json` in
//! text alone, and by us everywhere: it is given what is UTF-8.
#![no_main]

use std::collections::HashMap;
use std::fmt::{Debug, Formatter};

use libfuzzer_sys::fuzz_target;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use tinsmith_fuzz::{Everything, document};
use tinsmith_runtime::codec::json;
use tinsmith_runtime::members;
use tinsmith_runtime::primitives::Document;
use tinsmith_runtime::wire::{Member, Wire};

fuzz_target!(|bytes: &[u8]| {
    read_without_panic(bytes);
    // No bytes at all are a structure without members to us, and no document to anyone else.
    let Ok(text) = std::str::from_utf8(bytes) else { return assert!(json::read::<Document>(bytes).is_err()) };
    if text.is_empty() {
        return;
    }
    // Both end at a depth, of which `serde_json` counts one less, and none at all in what it passes over.
    let depth = depth(text);
    if depth >= json::MAX_DEPTH - 1 {
        return assert!(depth <= json::MAX_DEPTH || json::read::<Document>(bytes).is_err());
    }
    passed_over(text);
    documents(text);
    same::<String>(text);
    same::<bool>(text);
    same::<Option<bool>>(text);
    same::<Vec<Option<String>>>(text);
    same::<HashMap<String, Option<bool>>>(text);
    same::<Known>(text);
});

/// Whatever is read into a shape, the error says where.
fn read_without_panic(bytes: &[u8]) {
    if let Err(error) = json::read::<Everything>(bytes) {
        assert!(error.offset().is_some_and(|offset| offset <= bytes.len()), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    } else if !bytes.is_empty() {
        // What was read is JSON, also where it was passed over.
        let text = std::str::from_utf8(bytes).expect("what was read is UTF-8");
        serde_json::from_str::<IgnoredAny>(text).expect("what was read is JSON");
    }
}

/// The same value, or none from either.
fn same<T: Wire + Debug + PartialEq + DeserializeOwned>(text: &str) {
    assert_eq!(json::read::<T>(text.as_bytes()).ok(), serde_json::from_str::<T>(text).ok(), "{text:?}");
}

/// A value that nobody asked for.
fn passed_over(text: &str) {
    let member = format!("{{\"unknown\":{text}}}");
    let (ours, theirs) = (json::read::<Known>(member.as_bytes()), serde_json::from_str::<Known>(&member));
    assert_eq!(ours.is_ok(), theirs.is_ok(), "{member:?}");
}

/// Documents keep every value.
fn documents(text: &str) {
    let ours = json::read::<Document>(text.as_bytes()).ok();
    let theirs = serde_json::from_str::<Value>(text).ok().map(|value| document::of(&value));
    match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => assert!(are_same(ours, theirs), "{ours:?}, expected {theirs:?}: {text:?}"),
        _ => assert_eq!(ours, theirs, "{text:?}"),
    }
}

/// `-0` is an integer to us, as to the official crate, and a float to `serde_json`.
fn are_same(ours: &Document, theirs: &Document) -> bool {
    use tinsmith_runtime::primitives::Number::{Float, NegInt};
    match (ours, theirs) {
        (Document::Number(NegInt(0)), Document::Number(Float(zero))) => *zero == 0.0 && zero.is_sign_negative(),
        (Document::Array(ours), Document::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| are_same(ours, theirs))
        }
        (Document::Object(ours), Document::Object(theirs)) => {
            let found = |(key, ours): (&String, _)| theirs.get(key).is_some_and(|theirs| are_same(ours, theirs));
            ours.len() == theirs.len() && ours.iter().all(found)
        }
        _ => ours == theirs,
    }
}

/// How deep brackets nest at most, those of texts left out.
fn depth(text: &str) -> usize {
    let (mut depth, mut most, mut in_text, mut escaped) = (0usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// A structure whose members are of types that both read alike. Of two members of a name the last counts, which the derive of
/// serde refuses: so it is read by hand.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    text: Option<String>,
    flag: Option<bool>,
    list: Option<Vec<Option<String>>>,
    map: Option<HashMap<String, Option<bool>>>,
    nested: Option<Box<Known>>,
}

members! {
    Known {
        text: Option<&str> = Member::body("text"),
        flag: Option<bool> = Member::body("flag"),
        list: &[Option<String>] = Member::body("list"),
        map: Option<&HashMap<String, Option<bool>>> = Member::body("map"),
        nested: Option<&Known> = Member::body("nested"),
    }
}

impl<'de> Deserialize<'de> for Known {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Known;

    fn expecting(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Known, A::Error> {
        let mut known = Known::default();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "text" => known.text = members.next_value()?,
                "flag" => known.flag = members.next_value()?,
                "list" => known.list = members.next_value()?,
                "map" => known.map = members.next_value()?,
                "nested" => known.nested = members.next_value()?,
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(known)
    }
}
