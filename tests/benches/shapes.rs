//! What it takes to read and write shapes and to resolve an endpoint: parts of each call, without a network. They are here
//! and not beside the client, so that its examples need no server to be compiled.
//!
//! `cargo bench --package tinsmith-tests --bench shapes`; `-- decode` for those whose name holds that.

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher, black_box};
use tinsmith_lambda::endpoint::Params;
use tinsmith_lambda::operation::list_layers::{ListLayers, ListLayersInput, ListLayersOutput};
use tinsmith_runtime::codec::{RestJson1, json, rest_json};
use tinsmith_runtime::http::{Body, Headers, Response, StatusCode};
use tinsmith_runtime::operation::{Operation, Protocol};
use tinsmith_runtime::random::SystemRandom;
use tinsmith_stand_in::Layers;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A page of so many layers, members in one order or shuffled, from response to output.
#[divan::bench(args = [(1, None), (50, None), (50, Some(1))])]
fn decode(bencher: Bencher<'_, '_>, (layers, shuffle): (usize, Option<u64>)) {
    let page = page(layers, shuffle);
    let length = BytesCount::new(page.len());
    let response = Response::new(StatusCode::new(200), Headers::new(), Body::whole(page));
    bencher.counter(length).bench(|| rest_json::read_response::<ListLayersOutput>(black_box(&response)));
}

/// The same page from output to text.
#[divan::bench(args = [1, 50])]
fn encode(bencher: Bencher<'_, '_>, layers: usize) {
    let page = page(layers, None);
    let output: ListLayersOutput = json::read(&page).expect("the stand-in's page can be read");
    // Less than the page: what is not set is left out.
    let length = json::write(&output).expect("an output can be written").len();
    bencher.counter(BytesCount::new(length)).bench(|| json::write(black_box(&output)));
}

/// A request with all that one can ask for.
#[divan::bench]
fn request(bencher: Bencher<'_, '_>) {
    let input = ListLayersInput::builder()
        .compatible_architecture("arm64".into())
        .compatible_runtime("python3.12".into())
        .marker("+/=&6d792d6c61796572")
        .max_items(50)
        .build()
        .expect("nothing is required");
    let random = SystemRandom::default();
    bencher.bench(|| RestJson1::write_request(ListLayers::META, black_box(&input), &random));
}

/// The rules of the service, for a region and for an address of one's own.
#[divan::bench(args = [false, true])]
fn endpoint(bencher: Bencher<'_, '_>, of_ones_own: bool) {
    let params = Params {
        region: Some("us-east-2"),
        endpoint: of_ones_own.then_some("http://127.0.0.1:8080"),
        ..Params::default()
    };
    bencher.bench(|| black_box(&params).resolve());
}

fn page(layers: usize, shuffle: Option<u64>) -> Vec<u8> {
    let layers = Layers::generate(layers);
    shuffle.map_or_else(|| layers.first_page(), |seed| layers.clone().shuffled(seed).first_page()).into_bytes()
}
