//! The page: what it shows under each heading.

use std::path::Path;

/// `docs/mistakes.md`.
pub(crate) struct Page {
    /// The headings of mistakes, and the message under each, in single spaces.
    mistakes: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/mistakes.md");
        let text = std::fs::read_to_string(path).unwrap();
        let sections = text.split("\n### ").skip(1);
        let mistakes = sections.map(|section| {
            let (heading, rest) = section.split_once('\n').unwrap();
            let (_, block) = rest.split_once("```text\n").unwrap_or_else(|| panic!("{heading} shows no message"));
            let (message, _) = block.split_once("```").unwrap();
            (heading.to_owned(), words(message))
        });
        Self { mistakes: mistakes.collect() }
    }

    pub(crate) fn headings(&self) -> Vec<&str> {
        self.mistakes.iter().map(|(heading, _)| heading.as_str()).collect()
    }

    /// Whether this is what stands under a heading.
    pub(crate) fn shows(&self, heading: &str, said: &str) -> bool {
        self.mistakes.iter().any(|(name, message)| name == heading && *message == words(said))
    }
}

/// A message is on one line, and the page breaks it.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
