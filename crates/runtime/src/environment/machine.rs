//! The files of this machine: regular ones are read, and replaced whole or not at all.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Reads a regular file, or the null device, which people name to have no file.
pub(super) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if !found.is_file() && !is_null(&found) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, refusal(&found)));
    }
    // With room for all of it, so that of a file with a secret no copies are left behind.
    let length = usize::try_from(found.len().min(limit)).unwrap_or_default();
    let mut content = Vec::with_capacity(length.saturating_add(1));
    read_up_to(limit.saturating_add(1), &mut File::open(path)?, &mut content)?;
    Ok(content)
}

/// Reads to the end, and no more bytes than `most`. Whatever is read, it is compiled once.
pub(crate) fn read_up_to(most: u64, source: &mut dyn Read, content: &mut Vec<u8>) -> io::Result<usize> {
    source.take(most).read_to_end(content)
}

/// Why something is not read.
fn refusal(found: &Metadata) -> &'static str {
    if found.is_dir() {
        "it is a folder, and should be a file"
    } else {
        "it is a pipe or a device, which may never end and gives what it holds once; write it into a file"
    }
}

#[cfg(unix)]
fn is_null(found: &Metadata) -> bool {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    found.file_type().is_char_device() && fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == found.rdev())
}

/// Here the null device has no metadata that tell it from others: whatever is no folder is read.
#[cfg(not(unix))]
fn is_null(found: &Metadata) -> bool {
    !found.is_dir()
}

/// Writes a new file beside the old one, and then moves it there. Where a link leads elsewhere, that file is replaced.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let (file, beside) = create_beside(&path)?;
    let replaced = fill(file, &path, content).and_then(|()| fs::rename(&beside, &path));
    if replaced.is_err() {
        // It is of no use, and does no harm where it cannot be removed.
        let _ = fs::remove_file(&beside);
    }
    replaced
}

/// Writes a file that is to stand for another, down to the disk: a machine that fails must not leave it half written.
fn fill(mut file: File, old: &Path, content: &[u8]) -> io::Result<()> {
    keep_owner(old, &file)?;
    file.write_all(content)?;
    file.sync_data()
}

/// How many names are tried: what stands there was left by programs that were ended while they wrote.
const NAMES: u32 = 100;

/// Creates a file in the folder of another, under a name that no other process takes.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for _ in 0..NAMES {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let mut beside = name.to_owned();
        beside.push(format!(".{}-{number}.tmp", std::process::id()));
        let beside = path.with_file_name(beside);
        match options.open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (file, beside)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Whoever could read the old file must be able to read the new one: under `sudo` they differ.
#[cfg(unix)]
fn keep_owner(path: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (old, new) = (fs::metadata(path)?, file.metadata()?);
    if old.uid() == new.uid() { Ok(()) } else { fchown(file, Some(old.uid()), Some(old.gid())) }
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::Command;

    use super::*;

    /// An empty folder for a test.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("tinsmith-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_for_its_owner_alone() {
        let folder = folder("replace");
        let (file, link) = (folder.join("a.json"), folder.join("link.json"));
        fs::write(&file, "old and longer").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        symlink("a.json", &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(names(&folder), ["a.json", "link.json"]);
        assert_eq!(replace(&folder.join("b.json"), b"new").unwrap_err().kind(), io::ErrorKind::NotFound);
        // A folder that cannot be replaced by a file keeps what it has, and nothing is left beside it.
        fs::create_dir_all(folder.join("c.json/d")).unwrap();
        assert!(replace(&folder.join("c.json"), b"new").is_err());
        assert_eq!(names(&folder), ["a.json", "c.json", "link.json"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    /// The names of the files beside can be guessed by whoever may write into the folder.
    #[test]
    fn links_that_lie_in_wait_are_not_followed() {
        let folder = folder("links");
        let (file, victim) = (folder.join("a.json"), folder.join("victim"));
        fs::write(&file, "old").unwrap();
        fs::write(&victim, "untouched").unwrap();
        for number in 0..1_000 {
            symlink(&victim, folder.join(format!("a.json.{}-{number}.tmp", std::process::id()))).unwrap();
        }
        assert_eq!(replace(&file, b"new").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&file).unwrap(), b"old");
        assert_eq!(fs::read(&victim).unwrap(), b"untouched");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn many_who_replace_at_once_leave_one_whole_file() {
        let folder = folder("race");
        let file = folder.join("a.json");
        fs::write(&file, "").unwrap();
        std::thread::scope(|scope| {
            for letter in b'a'..=b'h' {
                let file = &file;
                scope.spawn(move || (0..20).for_each(|_| replace(file, &[letter; 10_000]).unwrap()));
            }
            for _ in 0..100 {
                let content = read(&file, 1 << 20).unwrap();
                assert!(content.windows(2).all(|pair| pair[0] == pair[1]), "two contents in one file");
                assert!([0, 10_000].contains(&content.len()), "{} bytes", content.len());
            }
        });
        assert_eq!(names(&folder), ["a.json"]);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn pipes_and_devices_are_refused_and_the_null_device_is_empty() {
        let folder = folder("pipe");
        let pipe = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let check = |path: &Path, expected: &str| {
            let error = read(path, 10).unwrap_err();
            assert!(error.kind() == io::ErrorKind::InvalidInput && error.to_string().starts_with(expected), "{error}");
        };
        check(&pipe, "it is a pipe or a device");
        check(Path::new("/dev/zero"), "it is a pipe or a device");
        check(&folder, "it is a folder");
        assert_eq!(read(Path::new("/dev/null"), 10).unwrap(), b"");
        symlink("/dev/null", folder.join("null")).unwrap();
        assert_eq!(read(&folder.join("null"), 10).unwrap(), b"");
        fs::remove_dir_all(&folder).unwrap();
    }
}
