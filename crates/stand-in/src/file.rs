//! Files of layers and functions: read whole, within a limit.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// What a file may hold, in bytes.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The name of a file and what it holds.
pub(crate) fn read(path: &Path) -> Result<(String, Vec<u8>), FileError> {
    let name = path.display().to_string();
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut content));
    read.map_err(|e| FileError::new(&name, format!("cannot be read: {e}")))?;
    if content.len() as u64 > LIMIT {
        return Err(FileError::new(&name, format!("is larger than {LIMIT} bytes")));
    }
    Ok((name, content))
}

/// Why layers or functions could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    input: String,
    problem: String,
}

impl FileError {
    pub(crate) fn new(input: &str, problem: String) -> Self {
        Self { input: input.to_owned(), problem }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.input, self.problem)
    }
}

impl Error for FileError {}
