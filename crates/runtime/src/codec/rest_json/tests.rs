//! Requests and responses of restJson1: the places of members, what is absent, and errors.

use std::collections::HashMap;

use super::*;
use crate::codec::fixture::{Choice, Page, Required, Runtime, page, structure};
use crate::http::{Body, Headers, StatusCode};
use crate::primitives::{BigDecimal, BigInteger, Blob, DateTime};
use crate::test_util::FixedRandom;
use crate::wire::{Facets, Place, TimestampFormat};

structure!(
    /// A member at every place but that of the payload.
    Places {
        0 label: Option<String> = Member::label("Label"),
        1 greedy: Option<String> = Member::label("Greedy"),
        2 query: Option<String> = Member::query("q"),
        3 numbers: Option<Vec<i32>> = Member::query("n"),
        4 since: Option<DateTime> = Member::query("since"),
        5 flag: Option<bool> = Member::query("flag"),
        6 params: Option<HashMap<String, Vec<String>>> = Member::at(Place::QueryParams, ""),
        7 header: Option<String> = Member::header("X-Text"),
        8 texts: Option<Vec<String>> = Member::header("X-Texts"),
        9 date: Option<DateTime> = Member::header("X-Date"),
        10 dates: Option<Vec<DateTime>> = Member::header("X-Dates"),
        11 single: Option<f32> = Member::header("X-Single"),
        12 prefix: Option<HashMap<String, String>> = Member::at(Place::PrefixHeaders, "X-Meta-"),
        13 status: Option<i32> = Member::at(Place::ResponseCode, ""),
        14 name: Option<String> = Member::body("name"),
        15 epochs: Option<Vec<DateTime>> = Member::header("X-Epochs").of(&EPOCH),
        16 runtime: Runtime = Member::header("X-Runtime"),
        17 big: Option<BigInteger> = Member::header("X-Big"),
        18 decimals: Option<Vec<BigDecimal>> = Member::query("d"),
    }
);

static EPOCH: [Member; 1] = [Member::body("").timestamp(TimestampFormat::EpochSeconds)];

structure!(ListLayers {
    0 compatible_runtime: Option<Runtime> = Member::query("CompatibleRuntime"),
    1 marker: Option<String> = Member::query("Marker"),
    2 max_items: Option<i32> = Member::query("MaxItems"),
});

structure!(BlobBody {
    0 content_type: Option<String> = Member::header("Content-Type"),
    1 data: Option<Blob> = Member::at(Place::Payload, "data"),
});

structure!(Rare {
    0 json: Option<String> = Member::header("X-Json").with(&JSON),
    1 list: Option<Vec<String>> = Member::header("X-List").of(&IN_LIST),
    2 query: Option<String> = Member::query("token").with(&TOKEN),
    3 body: Option<String> = Member::body("token").with(&TOKEN),
});

structure!(InHost {
    0 name: Option<String> = Member::body("name").with(&Facets { host_label: true, ..Facets::NONE }),
});

static JSON: Facets = Facets { media_type: Some("application/json"), ..Facets::NONE };
static TOKEN: Facets = Facets { idempotency_token: true, ..Facets::NONE };
static IN_LIST: [Member; 1] = [Member::body("").with(&JSON)];

structure!(ImageBody {
    0 data: Option<Blob> = Member::at(Place::Payload, "").with(&Facets { media_type: Some("image/png"), ..Facets::NONE }),
});

structure!(TextBody {
    0 data: Option<String> = Member::at(Place::Payload, "data"),
});

structure!(StructureBody {
    0 data: Option<Required> = Member::at(Place::Payload, "data"),
    1 test: Option<String> = Member::header("X-Test"),
});

structure!(UnionBody {
    0 data: Option<Choice> = Member::at(Place::Payload, "data"),
});

#[derive(Debug, Default, PartialEq)]
struct Empty;

impl Wire for Empty {}

const URI: &str = "/a/{Label}/b/{Greedy+}?constant=1";

fn places() -> Places {
    Places { label: some("l"), greedy: some("g"), runtime: Runtime::Python312, ..Places::default() }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Path with query, headers, body.
fn check<T: Wire>(uri: &'static str, input: &T, address: &str, headers: &[(&str, &str)], body: &str) {
    let request = write_request(Route { method: "PUT", host_prefix: "", uri }, input, &FixedRandom::new(0)).unwrap();
    assert_eq!(request.method, "PUT");
    assert_eq!(request.uri(), address);
    assert_eq!(request.headers.iter().collect::<Vec<_>>(), headers);
    assert_eq!(std::str::from_utf8(request.bytes()), Ok(body));
}

fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> Response {
    let headers: Headers = headers.iter().copied().collect();
    Response::new(StatusCode::new(status), headers, Body::whole(body.as_bytes().to_vec()))
}

#[test]
fn list_layers_has_a_query_and_nothing_else() {
    let uri = "/2018-10-31/layers";
    check(uri, &ListLayers::default(), uri, &[], "");
    let input = ListLayers {
        compatible_runtime: Some(Runtime::Unknown("no such".to_owned())),
        marker: some("a+b/=&"),
        max_items: Some(50),
    };
    let query = "CompatibleRuntime=no%20such&Marker=a%2Bb%2F%3D%26&MaxItems=50";
    check(uri, &input, &format!("{uri}?{query}"), &[], "");
}

#[test]
fn members_go_to_their_places() {
    let second = DateTime::from_secs(1576540098);
    let map = |entries: &[(&str, &[&str])]| {
        let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        entries.iter().map(|(key, values)| ((*key).to_owned(), owned(values))).collect::<HashMap<_, Vec<_>>>()
    };
    let input = Places {
        label: some("ü/"),
        greedy: some("x/y z"),
        query: some(""),
        numbers: Some(vec![1, -2]),
        since: Some(second),
        flag: Some(false),
        params: Some(map(&[("q", &["lost"]), ("constant", &["lost"]), ("more", &["1", "2"])])),
        header: some("plain, as it is"),
        texts: Some(vec!["b,c".to_owned(), "\"d\"".to_owned(), "e".to_owned()]),
        date: Some(second),
        dates: Some(vec![second, second]),
        single: Some(f32::INFINITY),
        prefix: Some([("b".to_owned(), String::new()), ("A".to_owned(), "1".to_owned())].into()),
        status: None,
        name: some("n"),
        epochs: Some(vec![second, DateTime::from_millis(1500)]),
        runtime: Runtime::Python312,
        big: "18446744073709551616".parse().ok(),
        decimals: "1.50".parse().map(|decimal| vec![decimal]).ok(),
    };
    let date = "Mon, 16 Dec 2019 23:48:18 GMT";
    check(
        URI,
        &input,
        "/a/%C3%BC%2F/b/x/y%20z?constant=1&q=&n=1&n=-2&since=2019-12-16T23%3A48%3A18Z&flag=false&d=1.50&more=1&more=2",
        &[
            ("X-Text", "plain, as it is"),
            ("X-Texts", r#""b,c", "\"d\"", e"#),
            ("X-Date", date),
            ("X-Dates", &format!("{date}, {date}")),
            ("X-Single", "Infinity"),
            ("X-Epochs", "1576540098, 1.5"),
            ("X-Runtime", "python3.12"),
            ("X-Big", "18446744073709551616"),
            ("X-Meta-A", "1"),
            ("X-Meta-b", ""),
            ("content-type", "application/json"),
        ],
        r#"{"name":"n"}"#,
    );
}

#[test]
fn what_is_absent_or_empty_is_left_out() {
    let absent = [("X-Runtime", "python3.12"), ("content-type", "application/json")];
    check(URI, &places(), "/a/l/b/g?constant=1", &absent, "{}");
    let input = Places { numbers: Some(vec![]), texts: Some(vec![]), params: Some(HashMap::new()), ..places() };
    let empty = [("X-Texts", ""), absent[0], absent[1]];
    check(URI, &input, "/a/l/b/g?constant=1", &empty, "{}");
    check("/", &Empty, "/", &[], "");
}

#[test]
fn a_token_that_was_not_given_is_made_of_chance() {
    let json = ("content-type", "application/json");
    let token = "00000000-0000-4000-8000-000000000000";
    check("/", &Rare::default(), &format!("/?token={token}"), &[json], &format!(r#"{{"token":"{token}"}}"#));
    let given = Rare { query: some("a"), body: some(""), ..Rare::default() };
    check("/", &given, "/?token=a", &[json], r#"{"token":""}"#);
}

#[test]
fn a_label_of_the_host_is_a_member_elsewhere_too() {
    let route = Route { method: "PUT", host_prefix: "{name}.data.", uri: "/" };
    let request = write_request(route, &InHost { name: some("a") }, &FixedRandom::new(0)).unwrap();
    assert_eq!((request.origin.as_str(), request.bytes()), ("a.data.", &br#"{"name":"a"}"#[..]));
}

#[test]
fn text_with_a_media_type_is_base64_in_headers() {
    let list = Some(vec!["true".to_owned(), "1".to_owned()]);
    let sent = Rare { json: some("true"), list, query: some("a"), body: some("b") };
    let headers = [("X-Json", "dHJ1ZQ=="), ("X-List", "dHJ1ZQ==, MQ==")];
    let json = ("content-type", "application/json");
    check("/", &sent, "/?token=a", &[headers[0], headers[1], json], r#"{"token":"b"}"#);

    let read: Rare = read_response(&response(200, &headers, "")).unwrap();
    assert_eq!((read.json, read.list), (sent.json, sent.list));
    let error = read_response::<Rare>(&response(200, &[("X-Json", "?")], "")).unwrap_err();
    assert_eq!(error.to_string(), r#"header X-Json: expected text in base64, found "?""#);
}

#[test]
fn a_payload_is_the_body() {
    check("/", &BlobBody::default(), "/", &[], "");
    let data = Some(Blob::new("1234"));
    let octets = [("content-type", "application/octet-stream")];
    check("/", &BlobBody { data: data.clone(), content_type: None }, "/", &octets, "1234");
    check("/", &BlobBody { data, content_type: some("image/jpg") }, "/", &[("Content-Type", "image/jpg")], "1234");
    let image = ImageBody { data: Some(Blob::new("1234")) };
    check("/", &image, "/", &[("content-type", "image/png")], "1234");
    check("/", &TextBody { data: some("é") }, "/", &[("content-type", "text/plain")], "é");
    check("/", &TextBody::default(), "/", &[], "");
    let json = ("content-type", "application/json");
    let data = Some(Required { first: Some(1), second: None });
    check("/", &StructureBody { data, test: None }, "/", &[json], r#"{"first":1}"#);
    check("/", &StructureBody { data: None, test: some("t") }, "/", &[("X-Test", "t"), json], "{}");
    check("/", &UnionBody { data: Some(Choice::Number(1)) }, "/", &[json], r#"{"number":1}"#);
    check("/", &UnionBody::default(), "/", &[], "");
}

#[test]
fn what_cannot_be_sent_names_its_member() {
    let check = |input: Places, expected: &str| {
        let error = write_request(Route { method: "GET", host_prefix: "", uri: URI }, &input, &FixedRandom::new(0))
            .unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    check(Places { label: None, ..places() }, "Label is part of the path: set it to a value that is not empty");
    check(Places { greedy: some(""), ..places() }, "Greedy is part of the path: set it to a value that is not empty");
    let control = "is sent as a header: remove its line breaks and control characters";
    for text in ["a\r\nEvil: 1", "a\nb", "\0", "\u{7f}"] {
        check(Places { header: some(text), ..places() }, &format!("X-Text {control}"));
        check(Places { texts: Some(vec![text.to_owned()]), ..places() }, &format!("X-Texts {control}"));
        let prefix = |key: &str, value: &str| Some([(key.to_owned(), value.to_owned())].into());
        check(Places { prefix: prefix("k", text), ..places() }, &format!("X-Meta-k {control}"));
        let name = format!("X-Meta-{text}").escape_debug().to_string();
        let token = "is no name of a header: use letters, digits and hyphens";
        check(Places { prefix: prefix(text, "v"), ..places() }, &format!("{name} {token}"));
    }
    let late = Some(DateTime::from_secs(i64::MAX));
    check(Places { date: late, ..places() }, "X-Date has a year that is not between 1 and 9999");
}

#[test]
fn a_response_is_read_from_its_places() {
    let date = "Mon, 16 Dec 2019 23:48:18 GMT";
    let second = DateTime::from_secs(1576540098);
    let response = response(
        201,
        &[
            ("x-text", " plain, as it is "),
            ("X-TEXTS", r#""b,c", "\"d\"""#),
            ("x-texts", "e"),
            ("x-date", date),
            ("x-dates", &format!("{date}, {date}")),
            ("x-single", "-Infinity"),
            ("x-meta-a", "1"),
            ("X-Meta-B", ""),
            ("x-epochs", "1576540098,1.5"),
            ("x-big", "-18446744073709551616"),
        ],
        r#"{"name":"n","X-Text":"not this","q":null}"#,
    );
    let expected = Places {
        header: some("plain, as it is"),
        texts: Some(vec!["b,c".to_owned(), "\"d\"".to_owned(), "e".to_owned()]),
        date: Some(second),
        dates: Some(vec![second, second]),
        single: Some(f32::NEG_INFINITY),
        prefix: Some([("a".to_owned(), "1".to_owned()), ("B".to_owned(), String::new())].into()),
        status: Some(201),
        name: some("n"),
        epochs: Some(vec![second, DateTime::from_millis(1500)]),
        big: "-18446744073709551616".parse().ok(),
        ..Places::default()
    };
    assert_eq!(read_response::<Places>(&response).unwrap(), expected);
}

#[test]
fn an_empty_response_has_nothing_but_its_status() {
    let empty = response(200, &[], "");
    assert_eq!(read_response::<Places>(&empty).unwrap(), Places { status: Some(200), ..Places::default() });
    assert_eq!(read_response::<BlobBody>(&empty).unwrap(), BlobBody::default());
    assert_eq!(read_response::<StructureBody>(&empty).unwrap(), StructureBody::default());
    assert_eq!(read_response::<Page>(&empty).unwrap(), Page::default());
    assert_eq!(read_response::<Empty>(&response(200, &[], "<html>")).unwrap(), Empty);
}

#[test]
fn a_payload_is_read_whole() {
    let response = response(200, &[("content-type", "text/plain")], r#"{"first":1}"#);
    assert_eq!(read_response::<TextBody>(&response).unwrap().data, some(r#"{"first":1}"#));
    let blob = BlobBody { content_type: some("text/plain"), data: Some(Blob::new(r#"{"first":1}"#)) };
    assert_eq!(read_response::<BlobBody>(&response).unwrap(), blob);
    let structure = read_response::<StructureBody>(&response).unwrap().data;
    assert_eq!(structure, Some(Required { first: Some(1), second: None }));
    assert_eq!(read_response::<UnionBody>(&response).unwrap().data, Some(Choice::Unknown));
}

#[test]
fn what_cannot_be_read_names_its_place() {
    let check = |headers: &[(&'static str, &str)], body: &str, expected: &str| {
        let error = read_response::<Places>(&response(200, headers, body)).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    let date = "an http-date like Mon, 16 Dec 2019 23:48:18 GMT";
    check(&[("x-date", "today")], "", &format!("header X-Date: expected {date}, found \"today\""));
    let two = "Mon, 16 Dec 2019 23:48:18 GMT, today";
    check(&[("x-dates", two)], "", &format!("header X-Dates: expected {date}, found \"today\""));
    let open = r#"header X-Texts: expected values between commas, found "\"a""#;
    check(&[("x-texts", "b, \"a")], "", open);
    check(&[("x-single", "inf")], "", "header X-Single: expected a number of single precision, found \"inf\"");
    check(&[("x-big", "1.0")], "", "header X-Big: expected an integer, found \"1.0\"");
    check(&[], "{\"name\":1}", "name: expected a string, found 1 (at byte 8)");
    let page = response(200, &[], &page(2)[..100]);
    let error = read_response::<Page>(&page).unwrap_err();
    assert!(error.to_string().starts_with("Layers[0].LatestMatchingVersion."), "{error}");
}

#[test]
fn the_code_of_an_error_is_found_wherever_it_is() {
    let check = |headers: &[(&'static str, &str)], body: &str, code: Option<&str>, message: Option<&str>| {
        let (found_code, found_message) = error_code_and_message(&response(400, headers, body));
        assert_eq!((found_code.as_deref(), found_message.as_deref()), (code, message), "{headers:?} {body}");
    };
    let long = "aws.protocoltests.restjson#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/";
    let foo = Some("FooError");
    for code in ["FooError", "FooError:http://internal.amazon.com/coral/#x", "a#FooError", long] {
        check(&[("X-Amzn-Errortype", code)], "", foo, None);
        for name in ["code", "__type", "Code"] {
            check(&[], &format!(r#"{{"{name}":"{code}"}}"#), foo, None);
        }
    }
    check(&[("x-amzn-errortype", "FooError")], r#"{"code":"Other","message":"m"}"#, foo, Some("m"));
    check(&[("x-amzn-errortype", "")], r#"{"code":"","__type":"FooError","Code":"x"}"#, foo, None);
    check(&[], r#"{"code":"FooError","Message":"M","errorMessage":"e"}"#, foo, Some("M"));
    check(&[], r#"{"code":400,"__type":"FooError","errorMessage":"e"}"#, foo, Some("e"));
    check(&[], r#"{"a":[{"__type":"Inner"}],"__type":"FooError","message":null}"#, foo, None);
    check(&[], r#"{"message":"kept","code":"Foo"#, None, Some("kept"));
    for body in
        ["", "<html>503</html>", "{", "[]", "null", "\"FooError\"", &"[".repeat(100_000), &"{\"a\":".repeat(100_000)]
    {
        check(&[], body, None, None);
    }
    let bytes = Response::new(StatusCode::new(500), Headers::new(), Body::whole(vec![b'{', 0xFF, 0, 0xFE]));
    assert_eq!(error_code_and_message(&bytes), (None, None));
}
