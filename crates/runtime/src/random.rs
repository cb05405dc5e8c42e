//! The door to chance: jitter between attempts, and ids.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::primitives::hex;

/// Gives random numbers. They spread load and tell calls apart; nothing that must stay secret is made of them.
pub trait Random: fmt::Debug + Send + Sync + 'static {
    /// The next 64 random bits.
    fn next_u64(&self) -> u64;
}

/// Numbers from a generator that the operating system seeds once.
#[derive(Debug)]
pub struct SystemRandom(AtomicU64);

impl SystemRandom {
    #[cfg(any(test, feature = "test-util"))]
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Default for SystemRandom {
    fn default() -> Self {
        // The keys of the standard library's hash maps are the random bits that it gets from the system.
        Self(AtomicU64::new(RandomState::new().hash_one(0u64)))
    }
}

impl Random for SystemRandom {
    /// SplitMix64 (Steele, Lea and Flood, 2014): one addition, so that it needs no lock.
    fn next_u64(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A number in `[0, 1)`.
pub(crate) fn unit(random: &dyn Random) -> f64 {
    // The 53 upper bits are as many as a double holds.
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// A UUID of version 4 (RFC 9562), in its usual spelling.
pub(crate) fn uuid(random: &dyn Random) -> String {
    let high = random.next_u64() & 0xffff_ffff_ffff_0fff | 0x4000;
    let low = random.next_u64() & 0x3fff_ffff_ffff_ffff | 0x8000_0000_0000_0000;
    let digits = hex::digits((u128::from(high) << 64 | u128::from(low)).to_be_bytes());
    // Every call has one of these: `format!`, or to push a digit at a time, takes many times the instructions.
    let mut text = [b'-'; 36];
    #[allow(clippy::indexing_slicing, reason = "the places are within 36 signs, and the groups within 16 bytes")]
    for (places, group) in [(0..8, 0..4), (9..13, 4..6), (14..18, 6..8), (19..23, 8..10), (24..36, 10..16)] {
        text[places].copy_from_slice(digits[group].as_flattened());
    }
    str::from_utf8(&text).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct All(u64);

    impl Random for All {
        fn next_u64(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn units_stay_below_one_and_uuids_keep_their_version() {
        assert_eq!(unit(&All(0)), 0.0);
        assert!(unit(&All(u64::MAX)) < 1.0);
        assert_eq!(uuid(&All(0)), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(&All(u64::MAX)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_ne!(SystemRandom::default().next_u64(), SystemRandom::default().next_u64());
    }
}
