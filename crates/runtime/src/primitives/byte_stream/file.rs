//! Streams of files, and of parts of them.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

use super::ByteStream;
use super::error::Error;
use crate::environment::read_up_to;
use crate::http::{Body, Chunks, failed};
use crate::transport::TransportError;

/// How many bytes are read at a time where nothing else is said. Each reading is handed to a thread and back, which is
/// dearer than the memory.
const BUFFER: usize = 64 << 10;

/// Says of which file, and of which part of it, a [`ByteStream`] is made. The file is read within a tokio runtime, on a
/// thread that may wait for it.
///
/// ```no_run
/// use tinsmith_runtime::primitives::{ByteStream, Length};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mebibyte = 1 << 20;
/// let second = ByteStream::read_from().path("large.bin").offset(mebibyte).length(Length::Exact(mebibyte)).build().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct FsBuilder {
    path: Option<PathBuf>,
    length: Option<Length>,
    buffer_size: Option<usize>,
    offset: u64,
}

/// How much of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Length {
    /// So many bytes. The file must have them.
    Exact(u64),
    /// So many bytes, or those that there are.
    UpTo(u64),
}

impl FsBuilder {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The file. It is opened when the stream is read, and anew for each attempt of a call.
    pub fn path(mut self, path: impl AsRef<Path>) -> Self {
        self.path = Some(path.as_ref().to_owned());
        self
    }

    /// How much is read; all of it where nothing is said.
    pub fn length(mut self, length: Length) -> Self {
        self.length = Some(length);
        self
    }

    /// How many bytes are read at a time, 64 KiB where nothing is said. As many are in memory.
    pub fn buffer_size(mut self, buffer_size: usize) -> Self {
        self.buffer_size = Some(buffer_size);
        self
    }

    /// Where reading begins, in bytes from the beginning of the file.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Looks how long the file is, and makes the stream.
    ///
    /// # Errors
    ///
    /// No path was given, the file cannot be looked at, or is shorter than what is to be read of it.
    pub async fn build(self) -> Result<ByteStream, Error> {
        let path = self.path.clone().ok_or_else(|| Error::of_file("no path was given"))?;
        let of_path = |error: io::Error| Error::of_file(format!("{}: {error}", path.display()));
        let looked_at = path.clone();
        let metadata = blocking(move || std::fs::metadata(looked_at)).map_err(of_path)?;
        let metadata = metadata.await.map_err(io::Error::other).and_then(|looked| looked).map_err(of_path)?;
        if metadata.is_dir() {
            return Err(of_path(io::ErrorKind::IsADirectory.into()));
        }
        // Pipes and devices say that they have no bytes, whatever comes out of them.
        if !metadata.is_file() {
            return Err(of_path(io::Error::other("it is no regular file, so that nobody knows its length")));
        }
        let length = self.part_of(metadata.len()).map_err(of_path)?;
        let part = Part { path, offset: self.offset, buffer: self.buffer_size.unwrap_or(BUFFER).max(1) };
        let begin = move || Body::arriving(Reading { part: part.clone(), state: State::Closed, left: length });
        Ok(ByteStream::new(Body::retryable(begin).with_length(length)))
    }

    /// How many bytes are read of a file with so many.
    fn part_of(&self, whole: u64) -> io::Result<u64> {
        let offset = self.offset;
        let rest = whole.checked_sub(offset).ok_or_else(|| {
            io::Error::other(format!("it has {whole} bytes, and was to be read from byte {offset} on"))
        })?;
        match self.length {
            None => Ok(rest),
            Some(Length::UpTo(most)) => Ok(rest.min(most)),
            Some(Length::Exact(exact)) if exact <= rest => Ok(exact),
            Some(Length::Exact(exact)) => Err(io::Error::other(format!(
                "it has {whole} bytes, and {exact} were to be read from byte {offset} on"
            ))),
        }
    }
}

/// What is read.
#[derive(Clone)]
struct Part {
    path: PathBuf,
    offset: u64,
    buffer: usize,
}

/// Reads a part of a file.
struct Reading {
    part: Part,
    state: State,
    left: u64,
}

enum State {
    Closed,
    Open(File),
    /// Somewhere on a thread.
    Busy(JoinHandle<io::Result<(File, Bytes)>>),
    /// An error was told, and nothing comes after it.
    Failed,
}

impl Chunks for Reading {
    fn poll_chunk(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, TransportError>>> {
        Poll::Ready(ready!(self.poll_read(cx)).map_err(|error| self.failed(error)).transpose())
    }
}

impl Reading {
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if self.left == 0 {
            return Poll::Ready(Ok(None));
        }
        let mut reading = match std::mem::replace(&mut self.state, State::Failed) {
            State::Busy(reading) => reading,
            State::Failed => return Poll::Ready(Ok(None)),
            idle => self.read(idle)?,
        };
        let Poll::Ready(read) = Pin::new(&mut reading).poll(cx) else {
            self.state = State::Busy(reading);
            return Poll::Pending;
        };
        let (file, chunk) = read.map_err(io::Error::other)??;
        if chunk.is_empty() {
            let lacks = format!("it was shortened while it was read: {} bytes are not there", self.left);
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::UnexpectedEof, lacks)));
        }
        self.state = State::Open(file);
        self.left = self.left.saturating_sub(chunk.len() as u64);
        Poll::Ready(Ok(Some(chunk)))
    }

    /// Begins to read a chunk.
    fn read(&self, idle: State) -> io::Result<JoinHandle<io::Result<(File, Bytes)>>> {
        let Part { path, offset, buffer, .. } = self.part.clone();
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer);
        blocking(move || {
            let mut file = match idle {
                State::Open(file) => file,
                _ => {
                    let mut file = File::open(path)?;
                    file.seek(SeekFrom::Start(offset))?;
                    file
                }
            };
            let mut chunk = Vec::with_capacity(most);
            read_up_to(most as u64, &mut file, &mut chunk)?;
            Ok((file, chunk.into()))
        })
    }

    fn failed(&self, error: io::Error) -> TransportError {
        failed(format!("{}: {error}", self.part.path.display()))
    }
}

/// Does something that waits for the file system.
fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    match Handle::try_current() {
        Ok(_) => Ok(spawn_blocking(work)),
        Err(_) => Err(io::Error::other("files are read within a tokio runtime, and there is none here")),
    }
}
