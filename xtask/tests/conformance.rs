//! The suites that run through generated code: it is generated and compiled under `target/`, by cargo.

use libtest_mimic::{Arguments, Failed, Trial};
use xtask::conformance::{endpoints, protocol};

fn main() {
    let own = Trial::test("own endpoint rule sets", || passes(endpoints::own()));
    let rules = suite(&[endpoints::SUITE], endpoints::suite);
    let models = suite(&[endpoints::MODELS], endpoints::models);
    let cases = suite(&protocol::SUITES, protocol::suite);
    let mut arguments = Arguments::from_args();
    // Each of them is a cargo, and they share the folder that they build into.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, vec![own, rules, models, cases]).exit();
}

/// A suite that lives in these folders; ignored where one of them is absent, but on CI.
fn suite(folders: &[&str], run: fn() -> anyhow::Result<()>) -> Trial {
    let name = folders.join(" and ");
    match folders.iter().find_map(|folder| tinsmith_suites::folder(folder).err()) {
        None => Trial::test(name, move || passes(run())),
        Some(absent) => absent.trial(&name),
    }
}

fn passes(result: anyhow::Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
