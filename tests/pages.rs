//! Whether the pages of `docs/` show the code that is run, all of it and nothing else, and whether what they say beside it
//! is what the code does.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use serde_json::Value;
use tinsmith_lambda::config::{Config, Credentials};
use tinsmith_runtime::config::{Choice, Sources};
use tinsmith_runtime::environment::{ScriptedEnvironment, ScriptedFiles};
use tinsmith_runtime::retry::{self, Decision, Failure, Policy, Quota, Skew};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_pages_show_the_code_that_is_run() {
    let pages: [(&str, &[&str]); 14] = [
        ("build-scripts", &["../examples/build-script/build.rs", "../examples/build-script/src/main.rs"]),
        ("credentials", &["credentials/main.rs"]),
        ("errors", &["guide/errors.rs"]),
        ("first-call", &["../crates/lambda/examples/first_call.rs"]),
        ("in-aws-lambda", &["../examples/in-aws-lambda/src/main.rs"]),
        ("moving", &["guide/moving.rs"]),
        ("operations", &["guide/operations.rs"]),
        ("pagination", &["guide/pagination.rs"]),
        ("presigned-urls", &["guide/presigning.rs"]),
        ("retries-and-timeouts", &["retries/main.rs"]),
        ("streams-and-waiters", &["streams/main.rs"]),
        ("testing", &["testing/main.rs"]),
        ("tracing-and-hooks", &["tracing_and_hooks/main.rs"]),
        ("transport", &["transport/main.rs"]),
    ];
    for (page, files) in pages {
        let shown = shown(page);
        let run = files.iter().map(|file| code(file)).collect::<Vec<_>>().join("\n");
        for (number, (shown, run)) in shown.lines().zip(run.lines()).enumerate() {
            assert_eq!(shown, run, "line {} of the code in docs/{page}.md", number + 1);
        }
        assert_eq!(shown, run, "docs/{page}.md");
    }
    // Two more are run by tests that take their code from them: as documentation, and as somebody's project.
    let taken = ["settings", "your-own-service"];
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").read_dir().unwrap();
    for page in all.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "md")) {
        let name = page.file_stem().unwrap().to_str().unwrap();
        let is_run = taken.contains(&name) || pages.iter().any(|(page, _)| *page == name);
        assert!(is_run || shown(name).is_empty(), "the code in docs/{name}.md is run by nobody");
    }
}

/// The code that a page shows, in one piece, whatever stands behind `rust`: a block that is not to be compiled is one too.
fn shown(page: &str) -> String {
    let text = read(&format!("../docs/{page}.md"));
    let blocks = text.split("```rust").skip(1).map(|block| block.split_once('\n').unwrap().1);
    blocks.map(|block| block.split_once("```").unwrap().0).collect::<Vec<_>>().join("\n")
}

/// The code of a file, without its first lines, which are the house's own: what the file is for, and lints.
fn code(file: &str) -> String {
    let text = read(file);
    let is_of_the_house = |line: &str| line.trim().is_empty() || line.starts_with("//!") || line.starts_with("#![");
    text.split_inclusive('\n').skip_while(|line| is_of_the_house(line)).collect()
}

#[test]
fn every_page_is_in_the_guide() {
    let guide = read("../docs/README.md");
    for file in Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").read_dir().unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        // What `cargo xtask bench --publish` writes is no page of it.
        let is_page = name.ends_with(".md") && !["README.md", "benchmark.md"].contains(&&*name);
        assert!(!is_page || guide.contains(&format!("[{name}]({name})")), "docs/README.md does not lead to {name}");
    }
}

#[test]
fn links_lead_to_pages_and_sections() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let files = [root.to_owned(), root.join("docs")].into_iter().flat_map(|folder| folder.read_dir().unwrap());
    let pages = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|it| it == "md"));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("https://")) {
            let (file, section) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.with_file_name(file) };
            let target =
                std::fs::read_to_string(target).unwrap_or_else(|error| panic!("{}: {link}: {error}", page.display()));
            // As GitHub makes them.
            let stays = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
            let slug =
                |line: &str| line.to_lowercase().chars().filter(stays).collect::<String>().trim().replace(' ', "-");
            let mut headings = target.lines().filter(|line| line.starts_with('#'));
            assert!(section.is_empty() || headings.any(|line| slug(line) == section), "{}: {link}", page.display());
        }
    }
}

#[test]
fn the_map_is_of_this_tree() {
    let map = read("../ARCHITECTURE.md");
    let is_path = |name: &&str| [".rs", ".md", "/"].iter().any(|end| name.ends_with(end)) && !name.contains(' ');
    let places: Vec<&str> = map.lines().flat_map(names).filter(is_path).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for place in &places {
        let is_there = |base: &str| root.join(base).join(place).exists();
        let bases = ["", "crates/runtime/src", "codegen/src", "crates/lambda", "crates/lambda/src"];
        assert!(bases.into_iter().any(is_there), "there is no {place}");
    }
    for line in read("../crates/runtime/src/lib.rs").lines() {
        let Some((_, module)) = line.split_once("mod ") else { continue };
        let module = module.trim_end_matches(';');
        let names = [format!("{module}/"), format!("{module}.rs")];
        let is_named = names.iter().any(|name| places.contains(&name.as_str()));
        assert!(is_named, "`{module}` of the runtime is not on the map");
    }
}

#[test]
fn every_threat_has_a_test_that_is_there() {
    let page = read("../docs/threat-model.md");
    let (tables, _) = page.split_once("\n## What is open\n").unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| they try |"));
    let mut count = 0;
    for row in rows {
        let tests: Vec<_> = row.split("[`").skip(1).map(|link| link.split_once(")").unwrap().0).collect();
        assert!(!tests.is_empty(), "no test is named: {row}");
        for test in tests {
            let (name, file) = test.split_once("`](").unwrap();
            let text = read(&format!("../docs/{file}"));
            let (before, _) = text.split_once(&format!("fn {name}(")).unwrap_or_else(|| panic!("{file} lacks {name}"));
            let attributes = before.rsplit_once("\n\n").map_or(before, |(_, last)| last);
            assert!(attributes.contains("#[test]") || attributes.contains("#[tokio::test"), "{name} is no test");
            assert!(!attributes.contains("#[ignore"), "{name} is not run");
            count += 1;
        }
    }
    assert!(count > 50, "{count} tests are named");
}

#[test]
fn every_example_is_in_the_readme_with_what_it_needs() {
    let (readme, manifest) = (read("../README.md"), read("../crates/lambda/Cargo.toml"));
    let (_, dependencies) = manifest.split_once("[dev-dependencies]\n").unwrap();
    let (dependencies, targets) = dependencies.split_once("\n\n").unwrap();
    let others = dependencies.lines().filter_map(|line| line.split(['.', ' ']).next());
    let others: Vec<_> = others.filter(|name| *name != "tokio").chain(["tinsmith-runtime"]).collect();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/lambda/examples").read_dir().unwrap();
    let mut count = 0;
    for file in examples.map(|entry| entry.unwrap().path()) {
        let name = file.file_stem().unwrap().to_str().unwrap();
        let code = if file.is_dir() { all_of(&file) } else { std::fs::read_to_string(&file).unwrap() };
        let needs = others.iter().filter(|other| code.contains(&format!("{}::", other.replace('-', "_"))));
        let needs = needs.copied().collect::<Vec<_>>().join(", ");
        let cells = row(&readme, &format!("`{name}`"));
        assert_eq!(cells[2], if needs.is_empty() { "–" } else { &needs }, "{name}");
        count += 1;
    }
    assert_eq!(count, targets.matches("[[example]]").count());
}

/// The files of a folder, one after the other.
fn all_of(folder: &Path) -> String {
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

#[test]
fn every_feature_is_in_the_readme_and_lines_are_counted() {
    let (readme, manifest) = (read("../README.md"), read("../crates/lambda/Cargo.toml"));
    let (_, features) = manifest.split_once("[features]\n").unwrap();
    // Those of operations are too many for a table.
    let (features, _) = features.split_once("# Every operation.").unwrap();
    let declared = features.lines().filter_map(|line| line.split_once(" = [")).map(|(name, _)| name);
    for feature in declared.filter(|name| *name != "default") {
        row(&readme, &format!("`{feature}`"));
    }
    let lines = |path: &str| read(path).lines().count();
    let operation = lines("../crates/lambda/src/operation/list_layers.rs");
    assert!(row(&readme, "generated lines")[1].contains(&format!("{operation} for the operation;")), "{operation}");
    let (sources, operations) = generated();
    assert!(sources <= 300 * operations, "{} lines an operation", sources / operations);
    let map = read("../ARCHITECTURE.md").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(map.contains(&format!("with its own shapes has {operation} lines")), "{operation}");
}

/// How many lines Lambda's crate has, and for how many operations.
fn generated() -> (usize, usize) {
    let (mut lines, mut operations) = (0, 0);
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/lambda/src")];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                operations += usize::from(folder.ends_with("operation"));
                lines += std::fs::read_to_string(&entry).unwrap().lines().count();
            }
        }
    }
    (lines, operations)
}

/// The cells of the table rows of a page that begin with this one.
fn row<'a>(page: &'a str, first: &str) -> Vec<&'a str> {
    let begins = format!("| {first} |");
    let mut rows = page.lines().filter(|line| line.starts_with(&begins));
    let row = rows.next().unwrap_or_else(|| panic!("there is no row {first}"));
    assert_eq!(rows.next(), None, "{first}");
    row.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect()
}

/// What stands in backticks.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn waiters_are_as_the_table_says() {
    let page = read("../docs/streams-and-waiters.md");
    let model: Value = serde_json::from_str(&read("../model/lambda.json")).unwrap();
    let mut count = 0;
    for (id, shape) in model["shapes"].as_object().unwrap() {
        for (name, waiter) in shape["traits"]["smithy.waiters#waitable"].as_object().into_iter().flatten() {
            let snake = name.chars().flat_map(|c| [c.is_uppercase().then_some('_'), Some(c.to_ascii_lowercase())]);
            let snake: String = snake.flatten().skip(1).collect();
            let cells = row(&page, &format!("`{snake}`"));
            assert_eq!(names(cells[1]).next(), id.split('#').nth(1), "{name}");
            let output = |state: &str| {
                let mut acceptors = waiter["acceptors"].as_array().unwrap().iter();
                acceptors
                    .find(|acceptor| acceptor["state"] == state)
                    .map_or(&Value::Null, |it| &it["matcher"]["output"])
            };
            let expected = [output("success")["path"].as_str(), output("success")["expected"].as_str()];
            assert_eq!(
                names(cells[2]).collect::<Vec<_>>(),
                expected.into_iter().flatten().collect::<Vec<_>>(),
                "{name}"
            );
            assert_eq!(names(cells[3]).next(), output("failure")["expected"].as_str(), "{name}");
            assert_eq!(cells[4], format!("{} to {}", waiter["minDelay"], waiter["maxDelay"]), "{name}");
            count += 1;
        }
    }
    let (_, table) = page.split_once("| `wait_until_` |").unwrap();
    assert_eq!(table.lines().skip(2).take_while(|line| !line.is_empty()).count(), count);
}

#[test]
fn credentials_are_looked_for_in_this_order() {
    let variables = [
        ("HOME", "/home/me"),
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/pod"),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"),
    ];
    let config = "[default]\ncredential_process = /usr/bin/get-keys\n";
    let files = ScriptedFiles::from_iter([("/home/me/.aws/config", config)]);
    let sources = Sources::read(ScriptedEnvironment::from_iter(variables), &files, Choice::default());
    let code = Config::builder().credentials_provider(Credentials::for_tests());
    let explained = code.load(Arc::new(sources)).explain().to_string();

    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let from = explained.lines().map(words).skip_while(|line| !line.starts_with("credentials a provider"));
    let rows: Vec<String> =
        from.take_while(|line| line.starts_with("credentials") || line.starts_with("instead of")).collect();
    assert_eq!(rows.len(), 5, "{explained}");
    let page: Vec<String> = read("../docs/credentials.md").lines().map(words).collect();
    assert!(page.windows(rows.len()).any(|lines| lines == rows), "docs/credentials.md lacks {rows:#?}");
}

#[test]
fn failures_are_tried_again_as_the_table_says() {
    let page = read("../docs/retries-and-timeouts.md");
    for (name, failure) in [
        ("throttling", Failure::Throttling),
        ("transient", Failure::Transient),
        ("unanswered", Failure::Unanswered),
        ("misdated", Failure::Misdated),
    ] {
        let cells = row(&page, name);
        let [_, what, new, old] = cells[..] else { panic!("{cells:?}") };
        let codes = retry::CODES.iter().filter(|(_, stands_for)| *stands_for == failure).map(|(code, _)| *code);
        assert_eq!(names(what).collect::<Vec<_>>(), codes.collect::<Vec<_>>(), "{name}");
        for code in names(what) {
            assert_eq!(classified(code), Some(failure), "{code}");
        }
        let prose = what.split('`').step_by(2).flat_map(|prose| prose.split(|sign: char| !sign.is_ascii_digit()));
        let told = prose.filter_map(|digits| digits.parse().ok());
        let statuses = (100..600).filter(|status| retry::classify_response(*status, None, &[]) == Some(failure));
        assert_eq!(told.collect::<Vec<u16>>(), statuses.collect::<Vec<_>>(), "{name}");
        for (policy, cell) in [(Policy::STANDARD, new), (Policy::BEFORE_2026, old)] {
            let decision = retry::decide(&policy, &Quota::default(), 1, Some(failure), None, 1.0);
            let Decision::Retry { delay, cost } = decision else { panic!("{decision:?}") };
            let delay = if delay.is_zero() { "at once".to_owned() } else { format!("{delay:?}") };
            assert_eq!(cell, format!("{delay}, {cost}"), "{name} by {:?}", policy.spec);
        }
    }
}

/// What an error with this code is, without its status, where our clock is ten minutes behind.
fn classified(code: &str) -> Option<Failure> {
    let headers = [("date", "Sun, 06 Nov 1994 08:59:37 GMT")].into_iter().collect();
    let ours = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let measured = Skew::measure(&headers, ours, ours).unwrap();
    retry::classify_code(code).or_else(|| measured.classify(code, Skew::default()))
}

#[test]
fn limits_are_what_the_table_says() {
    let page = read("../docs/retries-and-timeouts.md");
    let explained = Config::builder().build().explain();
    // The one left out is of a source of credentials.
    let is_limit = |name: &str| name.ends_with("_timeout") && name != "metadata_service_timeout";
    let limits = explained.rows().iter().filter(|row| is_limit(&row.name));
    for limit in limits.clone() {
        let cells = row(&page, &format!("`{}`", limit.name));
        assert_eq!(cells[2], limit.value, "{}", limit.name);
    }
    let (_, table) = page.split_once("| `TimeoutConfig` |").unwrap();
    assert_eq!(table.lines().skip(2).take_while(|line| !line.is_empty()).count(), limits.count());
}
