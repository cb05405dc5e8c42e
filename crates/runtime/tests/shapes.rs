//! The macros that generated shapes call, as a generated file calls them: builders of nested structures, and unions.

use std::collections::HashMap;

use tinsmith_runtime::codec::{RestJson1, json};
use tinsmith_runtime::http::{Body, Headers, Response, StatusCode};
use tinsmith_runtime::operation::Protocol;
use tinsmith_runtime::wire::{Member, Wire};
use tinsmith_runtime::{members, nested_builder, open_enum, union};

/// A part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Required.
    pub name: String,
    /// Required.
    pub tags: Vec<String>,
    /// 3 by default.
    pub retries: i32,
    /// Optional.
    pub weights: Option<HashMap<String, f64>>,
    /// Optional.
    pub limits: Option<HashMap<Grade, i32>>,
    /// Optional, and within itself.
    pub inner: Option<Box<Part>>,
    /// Optional.
    pub held: Option<Held>,
}

impl Default for Part {
    fn default() -> Self {
        let (name, tags) = Default::default();
        Self { name, tags, retries: 3, weights: None, limits: None, inner: None, held: None }
    }
}

members! {
    Part {
        name: &str = Member::body("Name"),
        tags: &[String] = Member::body("Tags"),
        retries: i32 = Member::body("Retries"),
        weights: Option<&HashMap<String, f64>> = Member::body("Weights"),
        limits: Option<&HashMap<Grade, i32>> = Member::body("Limits"),
        inner: Option<&Part> = Member::body("Inner"),
        held: Option<&Held> = Member::body("Held"),
    }
}

nested_builder! {
    PartBuilder => Result<Part> {
        name(required impl Into<String>) set_name(Option<String>),
        tags(required push impl Into<String>) set_tags(Option<Vec<String>>),
        retries(defaulted i32) set_retries(Option<i32>),
        weights(insert impl Into<String>, f64) set_weights(Option<HashMap<String, f64>>),
        limits(insert Grade, i32) set_limits(Option<HashMap<Grade, i32>>),
        inner(impl Into<Box<Part>>) set_inner(Option<Box<Part>>),
        held(Held) set_held(Option<Held>),
    }
}

open_enum! {
    /// How good a part is.
    pub enum Grade {
        First = "1st",
    }
}

open_enum! {
    #[sensitive]
    /// A word that opens.
    pub enum Word {
        Sesame = "sesame",
    }
}

union! {
    /// One of some.
    pub enum Held {
        /// Text.
        #[methods(is_text, as_text)]
        Text(String) = Member::body("text"),
        /// Text that nobody may see.
        #[methods(is_key, as_key, sensitive)]
        Key(String) = Member::body("key"),
        /// Parts.
        #[methods(is_parts, as_parts)]
        Parts(Vec<Part>) = Member::body("parts"),
        /// Nothing.
        #[methods(is_nothing, as_nothing)]
        Nothing = Member::body("nothing"),
    }
}

#[test]
fn a_builder_asks_for_what_is_required() {
    let missing = |builder: PartBuilder| builder.build().map_err(|error| error.to_string());
    assert_eq!(missing(Part::builder()), Err("`name` was not given, which Part requires".to_owned()));
    let named = Part::builder().name("a");
    assert_eq!(missing(named.clone()), Err("`tags` was not given, which Part requires".to_owned()));
    assert_eq!(missing(named.clone().tags("t").set_tags(None)), missing(named.clone()));
    let built = missing(named.clone().tags("t").tags("u"));
    let expected = Part { name: "a".to_owned(), tags: vec!["t".to_owned(), "u".to_owned()], ..Part::default() };
    assert_eq!(built, Ok(expected));
    assert_eq!(missing(named.set_tags(Some(Vec::new()))).map(|part| part.tags), Ok(Vec::new()));
}

#[test]
fn a_builder_keeps_defaults_and_adds_to_maps() {
    let part = Part::builder().name("a").set_tags(Some(Vec::new())).weights("x", 1.0).weights("y", 2.0);
    let part = part.retries(9).set_retries(None).inner(Part::default()).build().unwrap_or_default();
    assert_eq!(part.retries(), 3);
    assert_eq!(part.weights().map(HashMap::len), Some(2));
    assert_eq!(part.inner(), Some(&Part::default()));
}

#[test]
fn a_map_can_have_an_enum_as_its_keys() {
    let json = r#"{"Name":"","Tags":[],"Retries":3,"Limits":{"1st":1,"2nd":2}}"#;
    let response = Response::new(StatusCode::new(200), Headers::new(), Body::whole(json.as_bytes()));
    let part = RestJson1::read_response::<Part>(&response).map_err(|error| error.to_string());
    let built = Part::builder().name("").set_tags(Some(Vec::new())).limits(Grade::First, 1).limits("2nd".into(), 2);
    assert_eq!(part.as_ref(), Ok(&built.build().unwrap_or_default()));
    let body = json::write(&part.unwrap_or_default()).map_err(|error| error.to_string());
    assert_eq!(body.map(|body| String::from_utf8_lossy(&body).into_owned()).as_deref(), Ok(json));
}

#[test]
fn a_union_is_what_the_service_says() {
    let text = Held::Text("a".to_owned());
    assert!(text.is_text() && !text.is_parts() && !text.is_unknown());
    assert_eq!((text.as_text(), text.as_parts()), (Ok(&"a".to_owned()), Err(&text)));
    assert_eq!((Held::Nothing.as_nothing(), text.as_nothing()), (Ok(()), Err(&text)));
    for (json, expected) in [
        (r#"{"Held": {"text": "a"}}"#, Some(text)),
        (r#"{"Held": {"parts": [{"Retries": 1}]}}"#, Some(Held::Parts(vec![Part { retries: 1, ..Part::default() }]))),
        (r#"{"Held": {"nothing": {"more": 1}}}"#, Some(Held::Nothing)),
        (r#"{"Held": {"new": 1}}"#, Some(Held::Unknown)),
        (r#"{"Held": null}"#, None),
        ("{}", None),
    ] {
        let response = Response::new(StatusCode::new(200), Headers::new(), Body::whole(json.as_bytes()));
        let part = RestJson1::read_response::<Part>(&response).map_err(|error| error.to_string());
        assert_eq!(part.map(|part| part.held), Ok(expected), "{json}");
    }
    assert_eq!((Held::MEMBERS.len(), Held::UNION), (4, true));
}

#[test]
fn what_is_sensitive_is_not_shown() {
    for (held, expected) in [
        (Held::Text("a".to_owned()), r#"Text("a")"#),
        (Held::Key("secret".to_owned()), r#"Key("** redacted **")"#),
        (Held::Nothing, "Nothing"),
        (Held::Unknown, "Unknown"),
    ] {
        assert_eq!(format!("{held:?}"), expected);
    }
    for text in ["sesame", "other"] {
        let word = Word::from(text);
        assert_eq!((format!("{word:?}").as_str(), word.as_str()), ("** redacted **", text));
    }
}

#[test]
fn a_variant_that_holds_nothing_is_an_empty_structure() {
    let held = Part { held: Some(Held::Nothing), ..Part::default() };
    let text = json::write(&held).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert_eq!(text.unwrap_or_default(), r#"{"Name":"","Tags":[],"Retries":3,"Held":{"nothing":{}}}"#);
}
