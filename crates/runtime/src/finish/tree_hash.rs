//! The hashes of uploads: SHA-256 of the body, and the root of a tree of such hashes over each of its megabytes, from
//! which a service that keeps parts can check the whole.

use super::{Finish, Purpose, whole};
use crate::config::Config;
use crate::error::BoxError;
use crate::http::Request;
use crate::sign::{hex, sha256};

/// Tells `x-amz-content-sha256` and `x-amz-sha256-tree-hash`, unless the caller told them.
#[derive(Clone, Copy, Debug)]
pub struct TreeHash;

impl Finish for TreeHash {
    fn finish(&self, request: &mut Request, _: Purpose, _: &Config) -> Result<(), BoxError> {
        let hashes: [(_, Hash); 2] = [("x-amz-content-sha256", sha256), ("x-amz-sha256-tree-hash", tree_hash)];
        for (name, hash) in hashes {
            if request.headers.get(name).is_none() {
                let digest = hex(&hash(whole(&request.body, name)?));
                request.headers.insert(name, digest);
            }
        }
        Ok(())
    }
}

type Hash = fn(&[u8]) -> [u8; 32];

/// Hashes each megabyte, then pairs of neighbours, until one is left; who has no neighbour moves up as it is.
fn tree_hash(bytes: &[u8]) -> [u8; 32] {
    let mut level: Vec<[u8; 32]> = bytes.chunks(1 << 20).map(sha256).collect();
    while level.len() > 1 {
        let parent = |pair: &[[u8; 32]]| match pair {
            [only] => *only,
            pair => sha256(pair.as_flattened()),
        };
        level = level.chunks(2).map(parent).collect();
    }
    level.first().copied().unwrap_or_else(|| sha256(b""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_hashed_together() {
        const MEGABYTE: usize = 1 << 20;
        let node = |left: [u8; 32], right: [u8; 32]| sha256(&[left, right].concat());
        let bytes: Vec<u8> = (0..4 * MEGABYTE + 7).map(|n| (n % 251) as u8).collect();
        let leaf = |n: usize| sha256(&bytes[n * MEGABYTE..bytes.len().min((n + 1) * MEGABYTE)]);
        assert_eq!(tree_hash(b""), sha256(b""));
        assert_eq!(tree_hash(b"hello world"), sha256(b"hello world"));
        assert_eq!(tree_hash(&bytes[..MEGABYTE]), leaf(0));
        assert_eq!(tree_hash(&bytes[..2 * MEGABYTE]), node(leaf(0), leaf(1)));
        assert_eq!(tree_hash(&bytes[..3 * MEGABYTE]), node(node(leaf(0), leaf(1)), leaf(2)));
        assert_eq!(tree_hash(&bytes), node(node(node(leaf(0), leaf(1)), node(leaf(2), leaf(3))), leaf(4)));
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
}
