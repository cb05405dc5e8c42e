//! `model/model.lock`: which models were imported, from what, and with which hashes.
//!
//! A line a file, sorted by file, columns parted by blanks, comments after `#`:
//!
//! ```text
//! # file       service                              version     date  source (sha256)  facts (sha256)
//! lambda.json  com.amazonaws.lambda#AWSGirApiService  2015-03-31  2026  …                …
//! ```

use std::collections::BTreeMap;
use std::fmt::Write;

/// The lock, by the name of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock(pub BTreeMap<String, Entry>);

/// What is known of one imported file. A word that is not known is `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of the service.
    pub service: String,
    /// The version of its API.
    pub version: String,
    /// When the source was published, as far as whoever imported it says: a year, a month or a day.
    pub date: String,
    /// SHA-256 of the source's bytes, in hex.
    pub source: String,
    /// SHA-256 of the imported text without documentation, in hex: prose may be edited, facts may not.
    pub facts: String,
}

impl Entry {
    /// Whether the file is the model of a service.
    pub fn is_model(&self) -> bool {
        self.service != "-"
    }
}

impl Lock {
    /// Reads the table.
    ///
    /// # Errors
    ///
    /// The first line that has not six columns, by its number.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut lock = Self::default();
        for (index, line) in text.lines().enumerate() {
            let columns: Vec<&str> = line.split_whitespace().take_while(|word| !word.starts_with('#')).collect();
            match columns.as_slice() {
                [] => {}
                [file, service, version, date, source, facts] => {
                    let [service, version, date, source, facts] =
                        [service, version, date, source, facts].map(|column| (*column).to_owned());
                    lock.0.insert((*file).to_owned(), Entry { service, version, date, source, facts });
                }
                other => {
                    let (line, found) = (index + 1, other.len());
                    return Err(format!(
                        "line {line} has {found} columns: expected file, service, version, date, source and facts"
                    ));
                }
            }
        }
        Ok(lock)
    }

    /// The files that are models of services; other facts, partitions for one, have no service.
    pub fn models(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, entry)| entry.is_model()).map(|(file, _)| file.as_str())
    }

    /// Writes the table, each column as wide as it needs.
    pub fn to_text(&self) -> String {
        let header = ["# file", "service", "version", "date", "source (sha256)", "facts (sha256)"];
        let rows = self.0.iter().map(|(file, entry)| {
            [file.as_str(), &entry.service, &entry.version, &entry.date, &entry.source, &entry.facts]
        });
        let rows: Vec<_> = std::iter::once(header).chain(rows).collect();
        let width =
            |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0);
        let widths: Vec<_> = (0..header.len()).map(width).collect();
        let mut text = String::new();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                // Writing to a String cannot fail.
                let _ = write!(line, "{cell:width$}  ");
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}
