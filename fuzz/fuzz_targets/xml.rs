//! Any text as an answer or an error in XML: it is read or refused by a place in it, and what is read of a document that `roxmltree`
//! reads too is what stands there.
#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use roxmltree::{Document, Node, NodeType};
use tinsmith_fuzz::Everything;
use tinsmith_runtime::codec::AwsQuery;
use tinsmith_runtime::http::{Body, Headers, Response, StatusCode};
use tinsmith_runtime::members;
use tinsmith_runtime::operation::Protocol;
use tinsmith_runtime::wire::{Facets, Member, Wire};

fuzz_target!(|bytes: &[u8]| {
    let response = Response::new(StatusCode::new(400), Headers::new(), Body::whole(bytes.to_vec()));
    read::<Everything>(&response);
    let ours = read::<Known>(&response);
    let error = AwsQuery::read_error::<Known>(&response).ok();
    let metadata = AwsQuery::error_metadata(&response);
    let Some(document) = std::str::from_utf8(bytes).ok().and_then(|text| Document::parse(text).ok()) else { return };
    let root = document.root_element();
    if let Some(ours) = ours.filter(|_| !bytes.is_empty()) {
        assert!(name(root).ends_with("Response"));
        let result = children(root).find(|child| name(*child).ends_with("Result"));
        assert_eq!(ours, result.map(known).unwrap_or_default());
    }
    if let Some(error) = error {
        let node = match name(root) {
            "Error" => Some(root),
            "Response" => within(root, "Errors").and_then(|errors| within(errors, "Error")),
            _ => within(root, "Error"),
        };
        assert_eq!(Some(error), node.map(known));
        let code = node.and_then(|node| children(node).filter(|child| name(*child) == "Code").last()).map(text);
        let code = code.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
        // Others may have codes too: an error around this one, or a second one.
        if root.descendants().filter(|node| node.is_element() && name(*node) == "Code").count() == 1 && code.is_some() {
            assert_eq!(metadata.code(), code.as_deref());
        }
    }
});

fn read<T: Wire>(response: &Response) -> Option<T> {
    let read = AwsQuery::read_response::<T>(response);
    if let Err(error) = &read {
        assert!(error.offset().is_some_and(|offset| offset <= response.bytes().len()), "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    read.ok()
}

/// Members of which a tree says by itself what they hold.
#[derive(Clone, Debug, Default, PartialEq)]
struct Known {
    id: Option<String>,
    text: Option<String>,
    long: Option<i64>,
    list: Option<Vec<String>>,
    map: Option<HashMap<String, String>>,
    flat: Option<Vec<String>>,
    nested: Option<Box<Known>>,
}

static ATTRIBUTE: Facets = Facets { attribute: true, ..Facets::NONE };
static FLATTENED: Facets = Facets { flattened: true, ..Facets::NONE };

members! {
    Known {
        id: Option<&str> = Member::body("id").with(&ATTRIBUTE),
        text: Option<&str> = Member::body("text"),
        long: Option<i64> = Member::body("long"),
        list: &[String] = Member::body("list"),
        map: Option<&HashMap<String, String>> = Member::body("map"),
        flat: &[String] = Member::body("flat").with(&FLATTENED),
        nested: Option<&Known> = Member::body("nested"),
    }
}

/// The members of an element; of two elements for one the last counts.
fn known(node: Node<'_, '_>) -> Known {
    let id = node.attributes().find(|attribute| attribute.name() == "id");
    let mut known = Known { id: id.map(|id| id.value().to_owned()), ..Known::default() };
    for child in children(node) {
        match name(child) {
            "text" => known.text = Some(text(child)),
            "long" => known.long = text(child).trim().parse().ok(),
            "list" => known.list = Some(children(child).filter(|item| name(*item) == "member").map(text).collect()),
            "map" => known.map = Some(children(child).filter(|item| name(*item) == "entry").map(entry).collect()),
            "flat" => known.flat.get_or_insert_default().push(text(child)),
            "nested" => known.nested = Some(Box::new(self::known(child))),
            _ => {}
        }
    }
    known
}

fn entry(node: Node<'_, '_>) -> (String, String) {
    let last = |called| children(node).filter(|child| name(*child) == called).last().map(text);
    (last("key").expect("an entry has a key"), last("value").expect("an entry has a value"))
}

/// The elements within an element.
fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

/// The first element of this name within an element.
fn within<'a, 'i>(node: Node<'a, 'i>, called: &str) -> Option<Node<'a, 'i>> {
    children(node).find(|child| name(*child) == called)
}

/// The name without its prefix, which says nothing to us.
fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

/// All text of an element.
fn text(node: Node<'_, '_>) -> String {
    let texts = node.children().filter(|child| child.node_type() == NodeType::Text);
    texts.filter_map(|child| child.text()).collect()
}
