//! The functions that the stand-in has: from a file, built, or those of the documentation's examples.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

mod function;
mod look;
mod outcome;

pub use function::Function;
pub use look::Look;
pub use outcome::{Invocation, Outcome};

pub(crate) use outcome::{Failure, Parts};

use crate::file::{self, FileError};

/// A set of functions, each of another name.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    by_name: BTreeMap<String, Function>,
}

impl Functions {
    /// The functions given. Of several that have one name, the last is kept.
    pub fn new(functions: impl IntoIterator<Item = Function>) -> Self {
        Self { by_name: functions.into_iter().map(|function| (function.name().to_owned(), function)).collect() }
    }

    /// Three functions for a first try: `my-function` gives back what it is given, `my-failing-function` fails, and
    /// `my-streaming-function` answers word by word.
    pub fn reference() -> Self {
        let words = ["Streams ", "come ", "piece ", "by ", "piece."];
        Self::new([
            Function::new("my-function").version("1").alias("live", "1"),
            Function::new("my-failing-function").answers(
                Outcome::failure("Runtime.ImportModuleError", "Unable to import module 'app'").log("[ERROR] no app\n"),
            ),
            Function::new("my-streaming-function").answers(Outcome::pieces(words)),
        ])
    }

    /// Reads what `aws lambda list-functions --output json` prints: an object with a list `Functions`. Beside what Lambda
    /// knows of a function, an entry may say how it behaves here, each of these left out or not:
    ///
    /// - `Outcome`: what comes of it, in place of what it was given: see [`Outcome`].
    /// - `Versions` and `Aliases`: `["1", "2"]` and `{"live": "2"}`.
    /// - `Looks`: what those see who look at it, one after the other: members of the configuration such as
    ///   `{"State": "Pending"}`, or `null` where it is not there yet. The last one stays.
    /// - `Throttled`: whether every invocation is refused.
    ///
    /// # Errors
    /// The text is not JSON of that form; the message says where.
    pub fn from_json(json: &[u8]) -> Result<Self, FileError> {
        Self::parse("functions", json)
    }

    /// Reads a file as [`Functions::from_json`] reads a text.
    ///
    /// # Errors
    /// The file cannot be read, is larger than 64 MiB, or is not of that form; the message names the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let (path, json) = file::read(path.as_ref())?;
        Self::parse(&path, &json)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Function> {
        self.by_name.get(name)
    }

    fn parse(input: &str, json: &[u8]) -> Result<Self, FileError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Listing {
            functions: Vec<Function>,
        }
        let listing: Listing = serde_json::from_slice(json)
            .map_err(|e| FileError::new(input, format!("is not what Functions::from_json describes: {e}")))?;
        Ok(Self::new(listing.functions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_as_the_aws_cli_prints_it_with_what_is_ours() {
        let json = br#"{"Functions": [
            {"FunctionName": "b", "Runtime": "python3.13", "MemorySize": 256, "NotYetKnown": [1]},
            {"FunctionName": "a", "Versions": ["1"], "Aliases": {"live": "1"}, "Throttled": true,
             "Outcome": {"Pieces": ["x", "y"], "PauseMilliseconds": 5, "Error": {"errorType": "T", "errorMessage": "m"}},
             "Looks": [null, {"State": "Pending"}, {}]}]}"#;
        let functions = Functions::from_json(json).unwrap();
        assert_eq!((functions.len(), functions.is_empty()), (2, false));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("functions.json");
        std::fs::write(&path, json).unwrap();
        assert_eq!(format!("{:?}", Functions::from_file(&path).unwrap()), format!("{functions:?}"));
    }

    #[test]
    fn what_is_no_listing() {
        for (json, says) in [
            ("", "EOF"),
            ("{}", "missing field `Functions`"),
            (r#"{"Functions":[{}]}"#, "missing field `FunctionName`"),
            (r#"{"Functions":[{"FunctionName":"f","Outcome":{"Pieces":["x"],"Answer":1}}]}"#, "Answer or Pieces"),
            (r#"{"Functions":[{"FunctionName":"f","Outcome":{"Answers":1}}]}"#, "unknown field `Answers`"),
            (r#"{"Functions":[{"FunctionName":"f","Aliases":{"live":"2"}}]}"#, "alias `live` leads to version 2"),
        ] {
            let error = Functions::from_json(json.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("functions is not what") && error.contains(says), "{json}: {error}");
        }
        let error = Functions::from_file("/no/such/file").unwrap_err().to_string();
        assert!(error.starts_with("/no/such/file cannot be read: "), "{error}");
    }
}
