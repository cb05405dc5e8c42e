//! Files: read with an error that names them, and replaced whole.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

/// The most bytes of a text. The longest official model has a tenth of it.
const MOST: u64 = 256 << 20;

/// Reads a text. A byte order mark at its start is left out.
///
/// # Errors
///
/// It is not there, cannot be read, has more than 256 MiB, or is not UTF-8; the error names it.
pub fn read(path: &Path) -> anyhow::Result<String> {
    read_at_most(path, MOST)
}

fn read_at_most(path: &Path, most: u64) -> anyhow::Result<String> {
    let context = || format!("cannot read {}", path.display());
    ensure!(!path.is_dir(), "cannot read {}: it is a folder, expected a file", path.display());
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(context)?;
    file.take(most + 1).read_to_end(&mut bytes).with_context(context)?;
    ensure!(bytes.len() as u64 <= most, "cannot read {}: it has more than {most} bytes", path.display());
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let utf_16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
            let what = if utf_16 { ", but UTF-16" } else { "" };
            let at = error.utf8_error().valid_up_to();
            bail!("cannot read {}: it is not UTF-8 from byte {at} on{what}: save it as UTF-8", path.display())
        }
    }
}

/// A path as a person at the root would write it.
pub fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

/// Reads a text that need not be there.
///
/// # Errors
///
/// It is there, and cannot be read or is not UTF-8; the error names it.
pub fn read_if_there(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => read(path).map(Some),
    }
}

/// Reads what stands where something may be generated: nothing, a text, or what is none and becomes one that was never
/// generated, such as a link that leads nowhere.
///
/// # Errors
///
/// It is there, and cannot be read; the error names it.
pub fn read_what_stands(path: &Path) -> anyhow::Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(path.is_symlink().then(String::new)),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Replaces a file whole, so that whoever reads it finds the old text or the new one: the text goes into a file beside
/// it, which then takes its name. Makes its folder.
///
/// # Errors
///
/// The folder or the file cannot be written; what was there is as it was.
pub fn replace(path: &Path, text: &str) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let folder = path.parent().with_context(context)?;
    let name = path.file_name().with_context(context)?.to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.new", std::process::id()));
    std::fs::create_dir_all(folder).with_context(context)?;
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    written.with_context(context)
}

/// The Rust files of a folder and of those below it, sorted. Links are not followed; a folder that is not there is empty.
///
/// # Errors
///
/// A folder cannot be listed.
pub fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.with_context(|| format!("cannot list {}", folder.display()))?,
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
            let (kind, path) = (entry.file_type()?, entry.path());
            let name = entry.file_name();
            if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
                waiting.push(path);
            } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_utf_8_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.json");
        let check = |bytes: &[u8], expected: Result<&str, &str>| {
            std::fs::write(&path, bytes).unwrap();
            let found = read_at_most(&path, 8).map_err(|error| error.to_string());
            let expected = expected.map_err(|why| format!("cannot read {}: {why}", path.display()));
            assert_eq!(found, expected.map(str::to_owned));
        };
        check(b"{}", Ok("{}"));
        check(b"\xef\xbb\xbf{}", Ok("{}"));
        check(b"\xff\xfe{\0}\0", Err("it is not UTF-8 from byte 0 on, but UTF-16: save it as UTF-8"));
        check(b"{\"\xe4\"}", Err("it is not UTF-8 from byte 2 on: save it as UTF-8"));
        check(b"12345678", Ok("12345678"));
        check(b"123456789", Err("it has more than 8 bytes"));
    }

    #[test]
    fn what_stands_in_the_way_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(read_what_stands(&at("none")).unwrap(), None);
        std::fs::write(at("binary"), b"\xff").unwrap();
        assert_eq!(read_what_stands(&at("binary")).unwrap().as_deref(), Some("\u{fffd}"));
        assert!(read_what_stands(folder.path()).is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", at("link")).unwrap();
            assert_eq!(read_what_stands(&at("link")).unwrap().as_deref(), Some(""));
        }
    }
}
