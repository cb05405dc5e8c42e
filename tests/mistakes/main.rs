//! The mistakes of `docs/mistakes.md`, each made for real: what is said is what the page shows.

#![allow(clippy::unwrap_used, reason = "a test says what went wrong by panicking")]

mod building;
mod calling;
mod machine;
mod network;
mod page;

use page::Page;

/// What a mistake is told by, under its heading on the page.
type Told = (&'static str, String);

#[tokio::test(flavor = "multi_thread")]
async fn each_message_is_what_the_page_shows() {
    let page = Page::read();
    let told: Vec<Told> =
        [machine::mistakes().await, calling::mistakes().await, network::mistakes().await, building::mistakes()]
            .concat();

    let differ: Vec<_> = told.iter().filter(|(heading, said)| !page.shows(heading, said)).collect();
    assert!(differ.is_empty(), "docs/mistakes.md shows something else under {differ:#?}");
    let made: Vec<_> = told.iter().map(|(heading, _)| *heading).collect();
    assert_eq!(page.headings(), made, "each mistake of the page is made, in its order");
    assert!(made.len() >= 20, "{}", made.len());
}
