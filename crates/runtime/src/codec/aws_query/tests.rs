//! Requests as they are sent, and answers as they are read.

use std::collections::HashMap;

use super::AwsQuery;
use crate::codec::fixture::{Choice, Everything, Required, Runtime, structure};
use crate::endpoint::{Builtins, Endpoint, EndpointError};
use crate::error::RequestId;
use crate::http::{Body, Headers, Response, StatusCode};
use crate::operation::{Auth, Meta, Protocol, Sensitive, ServiceMeta};
use crate::primitives::{BigDecimal, BigInteger, Blob, DateTime};
use crate::retry::Policy;
use crate::test_util::FixedRandom;
use crate::wire::{Facets, Member, TimestampFormat};

structure!(Input {
    0 name: Option<String> = Member::body("Na/me"),
    1 list: Option<Vec<Required>> = Member::body("List"),
    2 renamed: Option<Vec<String>> = Member::body("Renamed").of(&ITEM),
    3 flat: Option<Vec<String>> = Member::body("Hi").with(&FLATTENED).of(&ITEM),
    4 map: Option<HashMap<String, Vec<i32>>> = Member::body("Map"),
    5 flat_map: Option<HashMap<String, String>> = Member::body("Flat").with(&FLATTENED).of(&KEY_VALUE),
    6 at: Option<DateTime> = Member::body("At"),
    7 epoch: Option<DateTime> = Member::body("Epoch").timestamp(TimestampFormat::EpochSeconds),
    8 nested: Option<Everything> = Member::body("Nested"),
    9 matrix: Option<Vec<Vec<i32>>> = Member::body("Matrix"),
    10 runtime: Option<Runtime> = Member::body("Runtime"),
    11 big: Option<BigInteger> = Member::body("Big"),
    12 decimals: Option<Vec<BigDecimal>> = Member::body("Decimals"),
});

static FLATTENED: Facets = Facets { flattened: true, ..Facets::NONE };
static ITEM: [Member; 1] = [Member::body("item")];
static KEY_VALUE: [Member; 2] = [Member::body("K"), Member::body("V")];

fn nowhere(_: &Builtins<'_>) -> Result<Endpoint, EndpointError> {
    Err(EndpointError::exhausted())
}

static SERVICE: ServiceMeta = ServiceMeta {
    id: "Test",
    version: "2020-01-08",
    signing_name: "test",
    headers: &[],
    endpoint: nowhere,
    error_metadata: AwsQuery::error_metadata,
};

static META: Meta = Meta {
    name: "DoIt",
    service: &SERVICE,
    method: "POST",
    host_prefix: "",
    uri: "/",
    retryable: &[],
    retry: Policy::STANDARD,
    answer_seconds: 60,
    auth: &[Auth::SigV4],
    sensitive: Sensitive::None,
};

#[track_caller]
fn writes(input: Input, expected: &str) {
    let request = AwsQuery::write_request(&META, &input, &FixedRandom::new(0)).unwrap();
    assert_eq!((request.method, request.uri().as_str()), ("POST", "/"));
    let headers: Vec<_> = request.headers.iter().collect();
    assert_eq!(headers, [("content-type", "application/x-www-form-urlencoded")]);
    let expected = format!("Action=DoIt&Version=2020-01-08{expected}");
    assert_eq!(std::str::from_utf8(request.bytes()), Ok(expected.as_str()));
}

#[test]
fn members_are_parameters() {
    let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let part = |first| Required { first: Some(first), second: None };
    writes(Input::default(), "");
    writes(Input { name: Some("a b+ü/&=%".to_owned()), ..Input::default() }, "&Na%2Fme=a%20b%2B%C3%BC%2F%26%3D%25");
    writes(Input { name: Some(String::new()), ..Input::default() }, "&Na%2Fme=");
    let list = Some(vec![part(1), Required { first: None, second: Some(2) }]);
    writes(Input { list, ..Input::default() }, "&List.member.1.first=1&List.member.2.second=2");
    let (big, decimals) = ("18446744073709551616".parse().ok(), "1.50".parse().map(|decimal| vec![decimal]).ok());
    writes(Input { big, decimals, ..Input::default() }, "&Big=18446744073709551616&Decimals.member.1=1.50");
    writes(Input { list: Some(vec![]), flat: Some(vec![]), ..Input::default() }, "&List=&Hi=");
    writes(Input { renamed: texts(&["a", "b"]), ..Input::default() }, "&Renamed.item.1=a&Renamed.item.2=b");
    writes(Input { flat: texts(&["a", "b"]), ..Input::default() }, "&Hi.1=a&Hi.2=b");
    let matrix = Some(vec![vec![1, 2], vec![]]);
    writes(
        Input { matrix, ..Input::default() },
        "&Matrix.member.1.member.1=1&Matrix.member.1.member.2=2&Matrix.member.2=",
    );
    let map = HashMap::from([("b".to_owned(), vec![2]), ("a&".to_owned(), vec![1, 3])]);
    writes(
        Input { map: Some(map), ..Input::default() },
        "&Map.entry.1.key=a%26&Map.entry.1.value.member.1=1&Map.entry.1.value.member.2=3\
         &Map.entry.2.key=b&Map.entry.2.value.member.1=2",
    );
    let flat_map = HashMap::from([("b".to_owned(), "B".to_owned()), ("a".to_owned(), "A".to_owned())]);
    writes(Input { flat_map: Some(flat_map), ..Input::default() }, "&Flat.1.K=a&Flat.1.V=A&Flat.2.K=b&Flat.2.V=B");
    writes(Input { map: Some(HashMap::new()), flat_map: Some(HashMap::new()), ..Input::default() }, "");
    let time = Some(DateTime::from_secs(1_422_172_800));
    writes(Input { at: time, epoch: time, ..Input::default() }, "&At=2015-01-25T08%3A00%3A00Z&Epoch=1422172800");
    writes(Input { runtime: Some(Runtime::Unknown("x y".to_owned())), ..Input::default() }, "&Runtime=x%20y");
}

#[test]
fn members_of_structures_are_parameters_below_them() {
    let nested = Everything {
        flag: Some(false),
        long: Some(i64::MIN),
        single: Some(f32::NAN),
        double: Some(10.8),
        blob: Some(Blob::new("value")),
        nested: Some(Box::new(Everything { text: Some("t".to_owned()), ..Everything::default() })),
        choice: Some(Choice::Number(1)),
        ..Everything::default()
    };
    let request =
        AwsQuery::write_request(&META, &Input { nested: Some(nested), ..Input::default() }, &FixedRandom::new(0))
            .unwrap();
    let body = std::str::from_utf8(request.bytes()).unwrap();
    for parameter in [
        "Nested.flag=false",
        "Nested.long=-9223372036854775808",
        "Nested.single=NaN",
        "Nested.double=10.8",
        "Nested.blob=dmFsdWU%3D",
        "Nested.nested.text=t",
        "Nested.choice.number=1",
    ] {
        assert!(body.split('&').any(|pair| pair == parameter), "{parameter} in {body}");
    }
    let late = Input { at: Some(DateTime::from_secs(i64::MAX)), ..Input::default() };
    let told = AwsQuery::write_request(&META, &late, &FixedRandom::new(0)).unwrap_err().to_string();
    assert_eq!(told, "At has a year that is not between 1 and 9999");
}

fn response(status: u16, headers: &[(&'static str, &str)], body: &str) -> Response {
    let headers: Headers = headers.iter().copied().collect();
    Response::new(StatusCode::new(status), headers, Body::whole(body.as_bytes().to_vec()))
}

#[test]
fn an_output_stands_in_a_result() {
    let reads = |body: &str| AwsQuery::read_response::<Required>(&response(200, &[], body)).map_err(|e| e.to_string());
    let first = Ok(Required { first: Some(1), second: None });
    let rest = "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>";
    let result = "<DoItResult><first>1</first></DoItResult>";
    assert_eq!(reads(&format!("<DoItResponse xmlns=\"urn:a\">{result}{rest}</DoItResponse>\n")), first);
    assert_eq!(reads(&format!("<a:DoItResponse xmlns:a='b'>{rest}{result}</a:DoItResponse>")), first);
    assert_eq!(reads(""), Ok(Required::default()));
    assert_eq!(reads(&format!("<DoItResponse>{rest}</DoItResponse>")), Ok(Required::default()));
    let told = "the body: expected an element whose name ends with `Response`, found \"<html>\" (at byte 0)";
    assert_eq!(reads("<html><body>hello</body></html>"), Err(told.to_owned()));
    let told = "first: expected an integer from -2147483648 to 2147483647, found \"x\" (at byte 33)";
    assert_eq!(reads("<DoItResponse><DoItResult><first>x</first></DoItResult></DoItResponse>"), Err(told.to_owned()));
    let told = "the body: expected an end tag, found the end of the body (at byte 55)";
    assert_eq!(reads(&format!("<DoItResponse>{result}")), Err(told.to_owned()));
}

#[test]
fn errors_are_found_wherever_they_are() {
    let error = "<Error><Type>Sender</Type><first>1</first><Code> Some </Code><Message>why</Message>\
                 <Detail><Code>Other</Code></Detail></Error>";
    let check = |body: &str, expected: (Option<&str>, Option<&str>, Option<&str>), first: Option<i32>| {
        let response = response(400, &[], body);
        let meta = AwsQuery::error_metadata(&response);
        assert_eq!((meta.code(), meta.message(), meta.request_id()), expected, "{body}");
        let read = AwsQuery::read_error::<Required>(&response).ok().and_then(|error| error.first);
        assert_eq!(read, first, "{body}");
    };
    let found = (Some("Some"), Some("why"), Some("r"));
    let whole = format!("<ErrorResponse xmlns='a'>{error}<RequestId>r</RequestId></ErrorResponse>");
    check(&whole, found, Some(1));
    check(&whole.replace("Message>", "message>"), found, Some(1));
    let response_errors = format!("<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>");
    check(&response_errors, found, Some(1));
    check(&error.replace("</Error>", "<RequestId>r</RequestId></Error>"), found, Some(1));
    check(&whole[..whole.len() - 20], (Some("Some"), Some("why"), None), None);
    let none = (None, None, None);
    for body in
        ["", "<html>503</html>", "<ErrorResponse/>", "<Response/>", "{\"code\":\"Some\"}", "<Error><Code/></Error>"]
    {
        check(body, none, None);
    }
    check(&"<Error>".repeat(100_000), none, None);
    let headed = response(400, &[("x-amzn-requestid", "h")], &whole);
    assert_eq!(AwsQuery::error_metadata(&headed).request_id(), Some("h"));
    let page = AwsQuery::error_metadata(&response(503, &[], "<html>503</html>"));
    assert_eq!((page.status(), page.snippet()), (Some(503), Some("<html>503</html>")));
}

#[test]
fn members_of_an_error_are_read_by_their_names() {
    let body = "<ErrorResponse><Error><text>a</text><nested><flag>true</flag></nested></Error></ErrorResponse>";
    let nested = Everything { flag: Some(true), ..Everything::default() };
    let expected = Everything { text: Some("a".to_owned()), nested: Some(Box::new(nested)), ..Everything::default() };
    assert_eq!(AwsQuery::read_error(&response(400, &[], body)).ok(), Some(expected));
}
