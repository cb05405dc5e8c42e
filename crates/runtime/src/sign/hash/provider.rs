//! SHA-256 and HMAC-SHA256 from aws-lc-rs, or from ring, whose interface it has.

#[cfg(feature = "aws-lc-rs")]
use aws_lc_rs::{digest, hmac};
#[cfg(not(feature = "aws-lc-rs"))]
use ring::{digest, hmac};

use super::Digest;

/// The SHA-256 hash of a message.
pub(in crate::sign) fn sha256(message: &[u8]) -> Digest {
    sized(digest::digest(&digest::SHA256, message).as_ref())
}

/// A hash that takes its message in parts.
pub(crate) struct Hasher(digest::Context);

impl Hasher {
    /// Of nothing so far.
    pub(crate) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    /// Takes the next part.
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// The hash of all parts.
    pub(crate) fn finish(self) -> Digest {
        sized(self.0.finish().as_ref())
    }
}

/// A key of HMAC-SHA256, prepared for signing.
#[derive(Clone)]
pub(in crate::sign) struct HmacKey(hmac::Key);

impl HmacKey {
    /// Prepares a key of any length.
    pub(in crate::sign) fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The authentication code of a message.
    pub(in crate::sign) fn sign(&self, message: &[u8]) -> Digest {
        sized(hmac::sign(&self.0, message).as_ref())
    }
}

/// Both have one type for hashes of all lengths; those of SHA-256 have 32 bytes.
fn sized(hash: &[u8]) -> Digest {
    let mut digest = Digest::default();
    digest.copy_from_slice(hash);
    digest
}
