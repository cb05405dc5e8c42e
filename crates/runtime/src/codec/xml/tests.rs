//! What documents are read as, and what is said of those that cannot be.

use std::collections::HashMap;

use super::XmlReader;
use crate::codec::fixture::{Choice, Everything, Required, Runtime, structure};
use crate::primitives::{BigDecimal, Blob, DateTime};
use crate::wire::{ELEMENT, Facets, Member, Reader, Wire};

structure!(Lists {
    0 plain: Option<Vec<String>> = Member::body("plain"),
    1 renamed: Option<Vec<i32>> = Member::body("renamed").of(&ITEM),
    2 flat: Option<Vec<String>> = Member::body("flat").with(&FLATTENED),
    3 parts: Option<Vec<Required>> = Member::body("Part").with(&FLATTENED),
    4 nested: Option<Vec<Vec<i32>>> = Member::body("nested"),
    5 map: Option<HashMap<String, i32>> = Member::body("map"),
    6 flat_map: Option<HashMap<String, Required>> = Member::body("KVP").with(&FLATTENED).of(&KEY_VALUE),
    7 id: Option<i32> = Member::body("id").with(&ATTRIBUTE),
    8 kind: Option<String> = Member::body("x:kind").with(&ATTRIBUTE),
    9 big: Option<Vec<BigDecimal>> = Member::body("big"),
});

static FLATTENED: Facets = Facets { flattened: true, ..Facets::NONE };
static ATTRIBUTE: Facets = Facets { attribute: true, ..Facets::NONE };
static ITEM: [Member; 1] = [Member::body("item")];
static KEY_VALUE: [Member; 2] = [Member::body("K"), Member::body("V")];

fn read<T: Wire>(document: &str) -> Result<T, String> {
    let read = || {
        let mut value = T::default();
        let mut reader = XmlReader::new(document.as_bytes())?;
        reader.structure(&ELEMENT, &mut value)?;
        reader.finish()?;
        Ok(value)
    };
    read().map_err(|error: crate::codec::ReadError| error.to_string())
}

#[track_caller]
fn check<T: Wire + PartialEq + std::fmt::Debug>(inner: &str, expected: T) {
    assert_eq!(read(&format!("<r>{inner}</r>")), Ok(expected), "{inner}");
}

#[track_caller]
fn fails<T: Wire + PartialEq + std::fmt::Debug>(document: &str, expected: &str) {
    assert_eq!(read::<T>(document), Err(expected.to_owned()), "{document}");
}

fn texts(texts: &[&str]) -> Option<Vec<String>> {
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn values_of_every_kind() {
    let big = ["1.50", "-18446744073709551616"].map(str::parse).into_iter().collect::<Result<Vec<_>, _>>().ok();
    let members = "<member>1.50</member><member> -18446744073709551616 </member>";
    check(&format!("<big>{members}</big>"), Lists { big, ..Lists::default() });
    fails::<Lists>("<r><big><member>+1</member></big></r>", "big[0]: expected a number, found \"+1\" (at byte 16)");
    let of = |text: &str| Everything { text: Some(text.to_owned()), ..Everything::default() };
    check("<text>a b</text>", of("a b"));
    check("<text/>", of(""));
    check("<text></text >", of(""));
    check("<text> a\n</text>", of(" a\n"));
    check("<text>one</text><text>two</text>", of("two"));
    check("<n:text xmlns:n='urn:n' b = \"&lt;\">a</n:text>", of("a"));
    check("<flag> true </flag>", Everything { flag: Some(true), ..Everything::default() });
    check("<byte>-128</byte>", Everything { byte: Some(-128), ..Everything::default() });
    check("<long>\n9223372036854775807</long>", Everything { long: Some(i64::MAX), ..Everything::default() });
    check("<single>-Infinity</single>", Everything { single: Some(f32::NEG_INFINITY), ..Everything::default() });
    check("<double>1.5e3</double>", Everything { double: Some(1500.0), ..Everything::default() });
    check(
        "<blob>\n  AAEC\n  Aw==\n</blob>",
        Everything { blob: Some(Blob::new([0, 1, 2, 3])), ..Everything::default() },
    );
    let time = Some(DateTime::from_secs(1_576_540_098));
    for spelt in ["2019-12-16T23:48:18Z", "2019-12-17T00:48:18+01:00"] {
        check(&format!("<epoch>{spelt}</epoch>"), Everything { epoch: time, ..Everything::default() });
    }
    let http_date = "<httpDate>Mon, 16 Dec 2019 23:48:18 GMT</httpDate>";
    check(http_date, Everything { http_date: time, ..Everything::default() });
    check(
        "<choice><number>1</number></choice>",
        Everything { choice: Some(Choice::Number(1)), ..Everything::default() },
    );
    check(
        "<choice><other><x/></other></choice>",
        Everything { choice: Some(Choice::Unknown), ..Everything::default() },
    );
    let inner = Everything { text: Some("t".to_owned()), ..Everything::default() };
    let nested = Everything { nested: Some(Box::new(inner)), ..Everything::default() };
    check("<nested><flag>true</flag></nested>\n<nested><unknown>x<y/></unknown><text>t</text></nested>", nested);
    assert_eq!(read("<r><text/></r>").map(|page: Everything| page.text), Ok(Some(String::new())));
    assert_eq!(read("<r/>"), Ok(Everything::default()));
}

#[test]
fn text_is_put_together() {
    for (spelt, text) in [
        ("a<![CDATA[ <b> & ]] ]]>c", "a <b> & ]] c"),
        ("a<!-- <b> -- -->c<?pi <d> ?>e", "ace"),
        ("&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#x000000000000000041;", "<>&\"'A\u{1f600}A"),
        ("&amp;lt;", "&lt;"),
        ("a\r\nb\rc&#13;", "a\nb\nc\r"),
        ("<![CDATA[\r\n]]>]]>", "\n]]>"),
    ] {
        check(&format!("<text>{spelt}</text>"), Everything { text: Some(text.to_owned()), ..Everything::default() });
    }
    let document =
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- c --><r><text>é</text></r>\n<!-- d --><?e?>\n";
    assert_eq!(read(document).map(|page: Everything| page.text), Ok(Some("é".to_owned())));
}

#[test]
fn lists_and_maps() {
    check("<plain><member>a</member> <x/> <member/></plain>", Lists { plain: texts(&["a", ""]), ..Lists::default() });
    check("<plain/>", Lists { plain: Some(vec![]), ..Lists::default() });
    check("<plain><member>a</member></plain><plain/>", Lists { plain: Some(vec![]), ..Lists::default() });
    check("<renamed><item>1</item><member>2</member></renamed>", Lists { renamed: Some(vec![1]), ..Lists::default() });
    check("<flat>a</flat><x/><flat>b</flat>", Lists { flat: texts(&["a", "b"]), ..Lists::default() });
    let part = |first| Required { first: Some(first), second: None };
    let parts = Lists { flat: texts(&["a"]), parts: Some(vec![part(1), part(2)]), ..Lists::default() };
    check("<Part><first>1</first></Part><flat>a</flat><Part><first>2</first></Part>", parts);
    let rows = "<nested><member><member>1</member></member><member/></nested>";
    check(rows, Lists { nested: Some(vec![vec![1], vec![]]), ..Lists::default() });
    let map = "<map><entry><key>a</key><value>1</value></entry><entry><value>2</value><key>b</key></entry></map>";
    let entries = HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    check(map, Lists { map: Some(entries), ..Lists::default() });
    let map = "<KVP><K>a</K><V><first>1</first></V></KVP><flat>x</flat><KVP><K>b</K><V/></KVP>";
    let entries = HashMap::from([("a".to_owned(), part(1)), ("b".to_owned(), Required::default())]);
    check(map, Lists { flat: texts(&["x"]), flat_map: Some(entries), ..Lists::default() });
}

#[test]
fn attributes() {
    let lists = Lists { id: Some(7), kind: Some("<k>\n".to_owned()), ..Lists::default() };
    assert_eq!(read("<r xmlns:x='urn:x' other=\"\" id = '7' x:kind=\"&lt;k>&#10;\"/>"), Ok(lists));
    check("<id>7</id>", Lists::default());
    fails::<Lists>("<r id='x'/>", "id: expected an integer from -2147483648 to 2147483647, found \"x\" (at byte 7)");
    fails::<Lists>(
        "<r id='&x;'/>",
        "id: expected a reference to a character, or `&lt;`, `&gt;`, `&amp;`, `&quot;` or `&apos;`, found \"&x;\" (at byte 7)",
    );
}

#[test]
fn what_cannot_be_read_names_its_place() {
    let body = "the body: expected";
    fails::<Everything>("", &format!("{body} the root element, found the end of the body (at byte 0)"));
    fails::<Everything>(" {\"a\":1}", &format!("{body} the root element, found \"{{\\\"a\\\":1}}\" (at byte 0)"));
    fails::<Everything>(
        "<!DOCTYPE r [<!ENTITY a \"b\">]><r/>",
        &format!("{body} no document type definition, found \"<!DOCTYPE r [<!ENTITY a \\\"b\\\">\" (at byte 0)"),
    );
    fails::<Everything>("<r/><s/>", &format!("{body} the end of the document, found \"<s/>\" (at byte 4)"));
    fails::<Everything>("<r/>x", &format!("{body} the end of the document, found \"x\" (at byte 4)"));
    fails::<Everything>("<r>", &format!("{body} an end tag, found the end of the body (at byte 3)"));
    fails::<Everything>(
        "<r></s>",
        &format!("{body} the end tag of the element that is open, found \"</s>\" (at byte 3)"),
    );
    fails::<Everything>("<r>x</r>", &format!("{body} an element, found \"x\" (at byte 3)"));
    fails::<Everything>("<r a=1/>", &format!("{body} a value in quotes, found \"1/>\" (at byte 5)"));
    fails::<Everything>("<r a='1'b='2'/>", &format!("{body} white space, `>` or `/>`, found \"b='2'/>\" (at byte 8)"));
    fails::<Everything>("<r><1/></r>", &format!("{body} a name, found \"1/>\" (at byte 4)"));
    fails::<Everything>("<r><text>a<b/></text></r>", "text: expected text, found \"<b/>\" (at byte 10)");
    fails::<Everything>(
        "<r><text>a</txt></r>",
        "text: expected the end tag of the element that is open, found \"</txt>\" (at byte 10)",
    );
    fails::<Everything>(
        "<r><text><!-- a</text></r>",
        "text: expected the end of a comment, `-->`, found the end of the body (at byte 26)",
    );
    fails::<Everything>(
        "<r><nested><flag>yes</flag></nested></r>",
        "nested.flag: expected true or false, found \"yes\" (at byte 17)",
    );
    fails::<Everything>(
        "<r><byte>128</byte></r>",
        "byte: expected an integer from -128 to 127, found \"128\" (at byte 9)",
    );
    fails::<Everything>("<r><byte/></r>", "byte: expected an integer from -128 to 127, found \"\" (at byte 10)");
    fails::<Everything>(
        "<r><choice/></r>",
        "choice: expected exactly one member in a union, found \"<choice/>\" (at byte 3)",
    );
    let two = "<r><choice><number>1</number><text>a</text></choice></r>";
    fails::<Everything>(two, "choice.text: expected no second member in a union, found \"<text>\" (at byte 29)");
    fails::<Lists>(
        "<r><nested><member/><member><member>x</member></member></nested></r>",
        "nested[1][0]: expected an integer from -2147483648 to 2147483647, found \"x\" (at byte 36)",
    );
    fails::<Lists>(
        "<r><Part/><Part><first>x</first></Part></r>",
        "Part[1].first: expected an integer from -2147483648 to 2147483647, found \"x\" (at byte 23)",
    );
    fails::<Lists>(
        "<r><map><entry><key>a</key></entry></map></r>",
        "map[0]: expected an entry with a key and a value, found \"<entry>\" (at byte 8)",
    );
}

#[test]
fn references_are_few_and_characters_are_those_of_xml() {
    for reference in
        ["&nbsp;", "&", "&;", "&#;", "&#x;", "&#0;", "&#x1f;", "&#xD800;", "&#x110000;", "&#+65;", "&#65", "&#-1;"]
    {
        let told = read::<Everything>(&format!("<r><text>{reference}</text></r>")).unwrap_err();
        assert!(told.starts_with("text: expected a reference to a character"), "{reference}: {told}");
    }
}

#[test]
fn nesting_has_an_end() {
    let nested = |levels: usize| format!("<r>{}{}</r>", "<nested>".repeat(levels), "</nested>".repeat(levels));
    assert!(read::<Everything>(&nested(127)).is_ok());
    let told = read::<Everything>(&nested(128)).unwrap_err();
    assert!(told.ends_with("expected no deeper nesting than 128, found \"<nested>\" (at byte 1019)"), "{told}");
    for deep in ["<x>".repeat(100_000), format!("<r>{}", "<nested>".repeat(100_000))] {
        assert!(read::<Everything>(&deep).is_err());
    }
}

#[test]
fn no_cut_or_changed_document_is_more_than_an_error() {
    let document = "<?xml version='1.0'?><r id='1'><plain><member>a&amp;b</member></plain><map><entry><key>k</key>\
                    <value>1</value></entry></map><flat><![CDATA[x]]></flat><!-- c --><Part><first>1</first></Part></r>";
    assert!(read::<Lists>(document).is_ok());
    for end in 0..document.len() {
        assert!(read::<Lists>(&document[..end]).is_err(), "{}", &document[..end]);
        for sign in ["<", ">", "&", "\"", "é", "]]>", "</"] {
            let changed = format!("{}{sign}{}", &document[..end], &document[end + 1..]);
            let _ = read::<Lists>(&changed);
            let _ = read::<Runtimes>(&changed);
        }
    }
}

structure!(Runtimes {
    0 plain: Option<Vec<Runtime>> = Member::body("plain"),
});
