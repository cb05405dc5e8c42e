//! Whether `docs/testing.md` shows the code that is run here, all of it and nothing else.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

use std::path::Path;

#[test]
fn the_page_shows_the_code_that_is_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("../docs/testing.md")).unwrap();
    let code = std::fs::read_to_string(folder.join("testing/main.rs")).unwrap();
    let pieces = page.split("```rust\n").skip(1).map(|piece| piece.split_once("```").unwrap().0);
    let shown = pieces.collect::<Vec<_>>().join("\n");
    // The first lines are the house's own: what the file is for, and a lint.
    let (_, run) = code.split_once("panicking\")]\n\n").unwrap();
    for (number, (shown, run)) in shown.lines().zip(run.lines()).enumerate() {
        assert_eq!(shown, run, "line {} of the code in docs/testing.md", number + 1);
    }
    assert_eq!(shown, run);
}
