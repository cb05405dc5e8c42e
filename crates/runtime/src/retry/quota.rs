//! The retry quota: tokens that all calls of a client share.

use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens for retries: taken by each retry, given back by a success.
#[derive(Debug)]
pub struct Quota {
    tokens: AtomicU32,
}

impl Quota {
    /// How many tokens a client starts with, and never has more of.
    pub const CAPACITY: u32 = 500;

    /// A quota with this many tokens.
    pub fn new(tokens: u32) -> Self {
        Self { tokens: AtomicU32::new(tokens.min(Self::CAPACITY)) }
    }

    /// How many tokens there are.
    pub fn tokens(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    /// Takes tokens if there are enough, and says whether there were.
    pub fn take(&self, cost: u32) -> bool {
        let take = |tokens: u32| tokens.checked_sub(cost);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Gives back what the last retry of a successful call took; a call that took none adds one token.
    pub fn give_back(&self, cost: Option<u32>) {
        let add = |tokens: u32| Some(tokens.saturating_add(cost.unwrap_or(1)).min(Self::CAPACITY));
        let _ = self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self::new(Self::CAPACITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_never_below_zero_or_above_the_capacity() {
        let quota = Quota::new(u32::MAX);
        assert_eq!(quota.tokens(), Quota::CAPACITY);
        assert!(quota.take(Quota::CAPACITY - 5));
        assert!(!quota.take(14));
        assert_eq!(quota.tokens(), 5);
        assert!(quota.take(5));
        assert!(!quota.take(1));
        quota.give_back(None);
        quota.give_back(Some(14));
        assert_eq!(quota.tokens(), 15);
        quota.give_back(Some(u32::MAX));
        assert_eq!(quota.tokens(), Quota::CAPACITY);
    }
}
