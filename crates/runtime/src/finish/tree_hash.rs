//! The hashes of uploads: SHA-256 of the body, and the root of a tree of such hashes over each of its megabytes, from
//! which a service that keeps parts can check the whole.

use super::{Finish, Purpose, Reading};
use crate::config::Config;
use crate::error::BoxError;
use crate::http::{Headers, Request};
use crate::sign::{Hasher, hex, sha256};

/// Tells `x-amz-content-sha256` and `x-amz-sha256-tree-hash`, unless the caller told them.
#[derive(Clone, Copy, Debug)]
pub struct TreeHash;

const CONTENT: &str = "x-amz-content-sha256";
const TREE: &str = "x-amz-sha256-tree-hash";

impl Finish for TreeHash {
    fn finish(&self, request: &mut Request, _: Purpose, _: &Config) -> Result<(), BoxError> {
        if let (Some(mut sums), Some(bytes)) = (self.reading(&request.headers), request.body.bytes()) {
            sums.read(bytes);
            sums.tell(&mut request.headers);
        }
        Ok(())
    }

    fn reading(&self, headers: &Headers) -> Option<Box<dyn Reading>> {
        let is_told = [CONTENT, TREE].iter().all(|name| headers.get(name).is_some());
        (!is_told).then(|| Box::new(Sums::new()) as Box<dyn Reading>)
    }
}

/// What is known of a body so far: 32 bytes for each megabyte of it.
struct Sums {
    whole: Hasher,
    /// The megabyte at hand, and how much of it came.
    leaf: Hasher,
    filled: usize,
    leaves: Vec<[u8; 32]>,
}

/// How many bytes a leaf of the tree is of.
const LEAF: usize = 1 << 20;

impl Sums {
    fn new() -> Self {
        Self { whole: Hasher::new(), leaf: Hasher::new(), filled: 0, leaves: Vec::new() }
    }

    fn end_leaf(&mut self) {
        self.leaves.push(std::mem::replace(&mut self.leaf, Hasher::new()).finish());
        self.filled = 0;
    }

    /// Hashes pairs of neighbours until one is left; who has no neighbour moves up as it is.
    fn root(mut self) -> [u8; 32] {
        if self.filled > 0 || self.leaves.is_empty() {
            self.end_leaf();
        }
        let parent = |pair: &[[u8; 32]]| match pair {
            [only] => *only,
            pair => sha256(pair.as_flattened()),
        };
        let mut level = self.leaves;
        while level.len() > 1 {
            level = level.chunks(2).map(parent).collect();
        }
        level.first().copied().unwrap_or_default()
    }
}

impl Reading for Sums {
    #[allow(
        clippy::arithmetic_side_effects,
        reason = "a leaf that is full is ended, so that less than one is filled before"
    )]
    fn read(&mut self, mut part: &[u8]) {
        self.whole.update(part);
        while !part.is_empty() {
            let (of_leaf, rest) = part.split_at(part.len().min(LEAF - self.filled));
            self.leaf.update(of_leaf);
            self.filled += of_leaf.len();
            if self.filled == LEAF {
                self.end_leaf();
            }
            part = rest;
        }
    }

    fn tell(mut self: Box<Self>, headers: &mut Headers) {
        let whole = std::mem::replace(&mut self.whole, Hasher::new()).finish();
        for (name, hash) in [(CONTENT, whole), (TREE, self.root())] {
            if headers.get(name).is_none() {
                headers.insert(name, hex(&hash));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use bytes::Bytes;
    use futures_core::Stream;

    use super::*;
    use crate::http::Body;

    struct Parts(std::array::IntoIter<Bytes, 2>);

    impl Stream for Parts {
        type Item = Result<Bytes, BoxError>;

        fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(self.0.next().map(Ok))
        }
    }

    #[test]
    fn neighbours_are_hashed_together() {
        const MEGABYTE: usize = 1 << 20;
        let node = |left: [u8; 32], right: [u8; 32]| sha256(&[left, right].concat());
        // Parts end where leaves do not.
        let tree_hash_by = |length: usize, bytes: &[u8]| {
            let mut sums = Sums::new();
            bytes.chunks(length).for_each(|part| sums.read(part));
            sums.root()
        };
        let tree_hash = |bytes: &[u8]| tree_hash_by(MEGABYTE + 1, bytes);
        let bytes: Vec<u8> = (0..4 * MEGABYTE + 7).map(|n| (n % 251) as u8).collect();
        let leaf = |n: usize| sha256(&bytes[n * MEGABYTE..bytes.len().min((n + 1) * MEGABYTE)]);
        assert_eq!(tree_hash(b""), sha256(b""));
        assert_eq!(tree_hash(b"hello world"), sha256(b"hello world"));
        assert_eq!(tree_hash(&bytes[..MEGABYTE]), leaf(0));
        assert_eq!(tree_hash(&bytes[..2 * MEGABYTE]), node(leaf(0), leaf(1)));
        assert_eq!(tree_hash(&bytes[..3 * MEGABYTE]), node(node(leaf(0), leaf(1)), leaf(2)));
        assert_eq!(tree_hash(&bytes), node(node(node(leaf(0), leaf(1)), node(leaf(2), leaf(3))), leaf(4)));
        assert_eq!(tree_hash_by(usize::MAX, &bytes[..2 * MEGABYTE]), node(leaf(0), leaf(1)));
    }

    #[test]
    fn both_hashes_are_told_unless_the_caller_told_them() {
        let check = |given: &[(&'static str, &str)], expected: &[(&str, &str)]| {
            let mut request = Request { body: "hello world".into(), ..Request::default() };
            given.iter().for_each(|(name, value)| request.headers.insert(*name, *value));
            TreeHash.finish(&mut request, Purpose::Sending, &Config::builder().build()).unwrap();
            assert_eq!(request.headers.iter().collect::<Vec<_>>(), expected);
        };
        let hash = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";
        check(&[], &[("x-amz-content-sha256", hash), ("x-amz-sha256-tree-hash", hash)]);
        let given = ("x-amz-sha256-tree-hash", "given");
        check(&[given], &[given, ("x-amz-content-sha256", hash)]);
    }

    /// The hash of `hello world`.
    const HASH: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

    #[test]
    fn streams_that_can_be_begun_again_are_read_before() {
        let read = |body: Body, given: &[&'static str]| {
            let mut request = Request { body, ..Request::default() };
            given.iter().for_each(|name| request.headers.insert(*name, "given"));
            TreeHash.finish(&mut request, Purpose::Sending, &Config::builder().build()).unwrap();
            let told = {
                let reading = pin!(super::super::read(&[&TreeHash], &mut request));
                match reading.poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(told) => told,
                    Poll::Pending => panic!("it waits"),
                }
            };
            told.map(|()| [CONTENT, TREE].map(|name| request.headers.get(name).unwrap_or("none").to_owned()))
                .map_err(|error| error.to_string())
        };
        let once = || Body::from_stream(Parts([&b"hello "[..], b"world"].map(Bytes::from_static).into_iter()));
        assert_eq!(read(Body::retryable(once), &[]), Ok([HASH, HASH].map(str::to_owned)));
        assert_eq!(read(Body::retryable(once), &[TREE]), Ok([HASH, "given"].map(str::to_owned)));
        assert_eq!(read(once(), &[CONTENT, TREE]), Ok(["given", "given"].map(str::to_owned)));
        let refused = read(once(), &[TREE]).unwrap_err();
        assert!(refused.contains("a stream that can be read once only: give bytes or a file"), "{refused}");
    }
}
