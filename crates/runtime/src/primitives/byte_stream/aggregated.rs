//! All bytes of a stream, in the pieces in which they came.

use std::collections::VecDeque;
use std::fmt;

use bytes::{Buf, Bytes, BytesMut};

/// All bytes of a stream. Nothing is copied until they are wanted in one piece.
#[derive(Clone, Default)]
pub struct AggregatedBytes {
    segments: VecDeque<Bytes>,
    length: usize,
}

impl AggregatedBytes {
    /// Adds a chunk behind the others.
    pub(super) fn push(&mut self, chunk: Bytes) {
        if !chunk.is_empty() {
            self.length = self.length.saturating_add(chunk.len());
            self.segments.push_back(chunk);
        }
    }

    /// The bytes in one piece. Those of a single chunk are not copied.
    pub fn into_bytes(mut self) -> Bytes {
        if self.segments.len() < 2 {
            return self.segments.pop_front().unwrap_or_default();
        }
        let mut joined = BytesMut::with_capacity(self.length);
        self.segments.iter().for_each(|segment| joined.extend_from_slice(segment));
        joined.freeze()
    }

    /// The chunks, as they came.
    pub fn into_segments(self) -> impl Iterator<Item = Bytes> {
        self.segments.into_iter()
    }

    /// A copy of the bytes.
    pub fn to_vec(self) -> Vec<u8> {
        self.into_bytes().into()
    }
}

impl Buf for AggregatedBytes {
    fn remaining(&self) -> usize {
        self.length
    }

    fn chunk(&self) -> &[u8] {
        self.segments.front().map_or(&[], |segment| segment)
    }

    /// # Panics
    ///
    /// There are not so many bytes left, as [`Buf`] has it.
    fn advance(&mut self, mut count: usize) {
        assert!(count <= self.length, "cannot advance by {count} bytes: {} are left", self.length);
        self.length = self.length.saturating_sub(count);
        while let Some(segment) = self.segments.front_mut().filter(|_| count > 0) {
            let here = count.min(segment.len());
            segment.advance(here);
            count = count.saturating_sub(here);
            if segment.is_empty() {
                self.segments.pop_front();
            }
        }
    }
}

/// Without the bytes, which may be secret.
impl fmt::Debug for AggregatedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AggregatedBytes({} bytes)", self.length)
    }
}
