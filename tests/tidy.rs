//! The rules of the house hold.

use xtask::{tidy, workspace};

#[test]
fn tidy() {
    let faults = tidy::faults(&workspace::root()).unwrap();
    assert!(faults.is_empty(), "`cargo xtask tidy` says:\n{}", faults.join("\n"));
}
