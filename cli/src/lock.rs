//! `model/model.lock` on disk, and the hashes that it holds.

use std::path::Path;

use anyhow::Context;
use sha2::{Digest, Sha256};
use tinsmith_codegen::import::lock::Lock;

use crate::fs;

/// Reads `model.lock`; one that is not there is empty.
///
/// # Errors
///
/// It cannot be read, or has a line that is none of a lock.
pub fn read_lock(path: &Path) -> anyhow::Result<Lock> {
    let text = fs::read_if_there(path)?.unwrap_or_default();
    Lock::parse(&text).map_err(anyhow::Error::msg).with_context(|| path.display().to_string())
}

/// The SHA-256 of a text, in hex.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
