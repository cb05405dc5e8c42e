//! `ListLayers`: reads the four query parameters, filters, cuts a page.

use sha2::{Digest, Sha256};

use super::constraint;
use crate::answer::{Answer, Namespace};
use crate::layers::{LayerVersion, Layers, Listed};
use crate::query;
use crate::recorded::RecordedRequest;

/// The most that a page holds, and what it holds unless told otherwise.
const PAGE: usize = 50;

/// What the service accepts as a runtime, in no order that one could rely on. It is ahead of the published models
/// (`nodejs26.x`, `python3.15`) and holds names that no model has (`byol`).
const RUNTIMES: &str = "dotnetcore2.1, nodejs20.x, python3.8, provided.al2023, dotnet10, ruby2.7, python3.6, \
     ruby2.6, python2.7, ruby3.3, java8, python3.14, dotnetcore3.1, python3.15, nodejs26.x, python3.12, dotnet6, \
     ruby2.5, nodejs24.x, go1.x, python3.10, java11, nodejs8.9, python3.9, nasa, python3.11, java25, ruby3.2, \
     nodejs22.x, nodejs, nodejs8.10, nodejs16.x, nodejs6.10, provided.al2, nodejs4.3, dotnet8, byol, \
     nodejs4.3-edge, python3.7, nodejs10.x, nodejs12.x, python2.7-greengrass, java17, java8.al2, ruby4.0, java21, \
     dotnetcore1.0, provided, dotnetcore2.0, nodejs14.x, python3.13, nodejs18.x, go1.9, ruby3.4, nodejs8.x";

const ARCHITECTURES: &str = "x86_64, arm64";

/// Every character that a query must escape opens each marker, so that a client that does not escape is found out.
const MARKER_PREFIX: &str = "+/=&";

/// Answers a request for a page of layers.
pub(super) fn answer(layers: &Layers, request: &RecordedRequest) -> Result<Answer, Answer> {
    let input = Input::read(request)?;
    let (runtime, architecture) = (input.runtime, input.architecture);
    let matches = |version: &LayerVersion| {
        lists(&version.compatible_runtimes, runtime.as_deref())
            && lists(&version.compatible_architectures, architecture.as_deref())
    };
    Ok(Answer::new(200, "application/json", page(layers, input.after.as_deref(), input.max_items, matches)))
}

/// The page that a request without parameters asks for.
pub(crate) fn first_page(layers: &Layers) -> String {
    page(layers, None, PAGE, |_| true)
}

/// A page of so many layers at most. `NextMarker` is written on the last page as well, as `null`.
fn page(layers: &Layers, after: Option<&str>, most: usize, matches: impl Fn(&LayerVersion) -> bool) -> String {
    let mut page: Vec<&Listed> = layers.matching(after, matches).take(most + 1).collect();
    let more = page.len() > most;
    page.truncate(most);
    let next_marker = page.last().filter(|_| more).map(|last| marker(&last.layer.layer_name));
    // No character of a marker has to be escaped.
    let next_marker = next_marker.map_or_else(|| "null".to_owned(), |marker| format!("\"{marker}\""));
    let listed = page.iter().map(|listed| listed.json.as_str()).collect::<Vec<_>>().join(",");
    match layers.marker_first() {
        true => format!(r#"{{"NextMarker":{next_marker},"Layers":[{listed}]}}"#),
        false => format!(r#"{{"Layers":[{listed}],"NextMarker":{next_marker}}}"#),
    }
}

/// A filter that is not set matches all; a layer that lists nothing matches no filter.
fn lists(values: &Option<Vec<String>>, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| values.iter().flatten().any(|value| value == wanted))
}

struct Input {
    runtime: Option<String>,
    architecture: Option<String>,
    max_items: usize,
    /// The name of the last layer of the page before.
    after: Option<String>,
}

impl Input {
    /// Constraints are checked before anything is looked up, and all that are broken are told.
    fn read(request: &RecordedRequest) -> Result<Self, Answer> {
        let runtime = request.query_value("CompatibleRuntime");
        let architecture = request.query_value("CompatibleArchitecture");
        let max_items = match request.query_value("MaxItems") {
            Some(text) => text.parse::<i32>().map_err(|_| not_an_integer(&text))?,
            None => PAGE as i32,
        };
        constraint::check([
            constraint::member_of("compatibleRuntime", runtime.as_deref(), RUNTIMES),
            constraint::member_of("compatibleArchitecture", architecture.as_deref(), ARCHITECTURES),
            constraint::in_range("maxItems", max_items, 1, PAGE as i32),
        ])?;
        let after = request.query_value("Marker").map(|marker| name_in(&marker).ok_or_else(bad_marker)).transpose()?;
        Ok(Self { runtime, architecture, max_items: usize::try_from(max_items).unwrap_or(PAGE), after })
    }
}

fn not_an_integer(text: &str) -> Answer {
    let message = format!("Value '{text}' at 'maxItems' can not be converted to an Integer");
    Answer::error(400, "SerializationException", Namespace::Framework, &message)
}

fn bad_marker() -> Answer {
    Answer::error(400, "InvalidParameterValueException", Namespace::Lambda, "Invalid marker")
}

/// A marker that stands for the name of the last layer shown. To clients it is opaque.
fn marker(name: &str) -> String {
    format!("{MARKER_PREFIX}{}{}", query::hex(&check(name)), query::hex(name.as_bytes()))
}

/// The name in a marker of ours: one that was cut, changed or made up does not carry the check of its name.
fn name_in(marker: &str) -> Option<String> {
    let (check_of, name) = marker.strip_prefix(MARKER_PREFIX)?.split_at_checked(8)?;
    let name = String::from_utf8(query::unhex(name)?).ok()?;
    (query::unhex(check_of)? == check(&name)).then_some(name)
}

fn check(name: &str) -> [u8; 4] {
    let [a, b, c, d, ..] = <[u8; 32]>::from(Sha256::digest(name));
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_go_both_ways_and_are_not_made_up() {
        let marker = marker("my-layer");
        assert_eq!(name_in(&marker).as_deref(), Some("my-layer"));
        for made_up in ["", "+/=&", "m2", &marker[1..], &marker[..marker.len() - 2], &marker.replace('+', " ")] {
            assert_eq!(name_in(made_up), None, "{made_up}");
        }
    }
}
