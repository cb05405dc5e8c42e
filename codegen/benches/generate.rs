//! What it takes to generate clients: time and, as `max alloc`, the most memory held at once.
//!
//! `cargo bench --package tinsmith-codegen --bench generate`; `-- growth` for those whose name holds that. Models that are
//! not in this project are looked for in `../shared/models/corpus`, or where `TINSMITH_SHARED` says, and passed over with a
//! line where they are not there.

use std::fs;
use std::path::Path;

use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher};
use tinsmith_codegen::smithy::{self, Model};
use tinsmith_codegen::{Files, Form, Plan, RuntimeSource, generate, select};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// The largest model of the corpus.
const LARGEST: &str = "quicksight-2018-04-01.json";

/// From the text of the model to that of the files.
#[divan::bench]
fn list_layers(bencher: Bencher<'_, '_>) {
    let text = lambda();
    bencher.counter(BytesCount::of_str(&text)).bench(|| client(&model(&text), &["ListLayers"]));
}

/// The same for all operations.
#[divan::bench(sample_count = 20)]
fn all_of_lambda(bencher: Bencher<'_, '_>) {
    let text = lambda();
    bencher.counter(BytesCount::of_str(&text)).bench(|| client(&model(&text), &["*"]));
}

/// The same for the largest model.
#[divan::bench(sample_count = 5)]
fn largest_of_corpus(bencher: Bencher<'_, '_>) {
    let Some(text) = largest() else { return };
    bencher.counter(BytesCount::of_str(&text)).bench(|| client(&model(&text), &["*"]));
}

/// Of the above, what is spent before anything is selected: the text of a model is read and resolved.
#[divan::bench]
fn load_lambda(bencher: Bencher<'_, '_>) {
    let text = lambda();
    bencher.counter(BytesCount::of_str(&text)).bench(|| model(&text));
}

/// The same for the largest model.
#[divan::bench(sample_count = 20)]
fn load_largest_of_corpus(bencher: Bencher<'_, '_>) {
    let Some(text) = largest() else { return };
    bencher.counter(BytesCount::of_str(&text)).bench(|| model(&text));
}

/// How time and memory grow: so many operations of the largest model, spread evenly over their names; the last row is all
/// of them. `items` are the lines that are written, of which twice as many should take twice as long.
#[divan::bench(args = [1, 2, 4, 8, 16, 32, 64, 128, 256], sample_count = 5)]
fn growth(bencher: Bencher<'_, '_>, operations: usize) {
    let Some(text) = largest() else { return };
    let model = model(&text);
    let all = operations_of(&model);
    let count = operations.min(all.len());
    let some: Vec<&str> = (0..count).map(|number| all[number * all.len() / count].as_str()).collect();
    let files = client(&model, &some);
    let lines: usize = files.0.values().map(|text| text.lines().count()).sum();
    bencher.counter(ItemsCount::new(lines)).bench(|| client(&model, &some));
}

fn client(model: &Model, operations: &[&str]) -> Files {
    generate(model, &plan(operations)).expect("all of it can be generated")
}

fn plan(operations: &[&str]) -> Plan {
    Plan {
        operations: operations.iter().map(ToString::to_string).collect(),
        form: Form::NewCrate { name: "client".to_owned(), runtime: RuntimeSource::Version("0.1".to_owned()) },
        ..Plan::default()
    }
}

fn operations_of(model: &Model) -> Vec<String> {
    let selection = select::select(model, &plan(&["*"])).expect("there is one service");
    selection.operations.iter().map(|id| id.name().to_owned()).collect()
}

fn model(text: &str) -> Model {
    smithy::load("model.json", text).expect("the model holds")
}

fn lambda() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../model/lambda.json");
    fs::read_to_string(path).expect("the model of Lambda is here")
}

/// The largest model, or a line that says where it is not.
fn largest() -> Option<String> {
    match tinsmith_suites::folder("models/corpus") {
        Ok(folder) => Some(fs::read_to_string(folder.join(LARGEST)).expect("the corpus has its largest model")),
        Err(absent) => {
            eprintln!("passed over: {}", absent.message);
            None
        }
    }
}
