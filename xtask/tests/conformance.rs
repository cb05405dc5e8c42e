//! The suites that run through generated code: it is generated and compiled under `target/`, by cargo.

use libtest_mimic::{Arguments, Failed, Trial};
use xtask::conformance::{endpoints, shared};

fn main() {
    let suite = match shared(endpoints::SUITE) {
        Ok(_) => Trial::test(endpoints::SUITE, || passes(endpoints::suite())),
        Err(absent) => {
            let ignored = !absent.is_failure;
            Trial::test(endpoints::SUITE, || Err(Failed::from(absent.message))).with_ignored_flag(ignored)
        }
    };
    let own = Trial::test("own endpoint rule sets", || passes(endpoints::own()));
    libtest_mimic::run(&Arguments::from_args(), vec![own, suite]).exit();
}

fn passes(result: anyhow::Result<()>) -> Result<(), Failed> {
    result.map_err(|error| Failed::from(format!("{error:#}")))
}
