//! The request rate that Lambda's control plane allows an account: a bucket of tokens.

use std::time::Instant;

/// Lets so many requests pass a second, and as many at once after a pause.
#[derive(Debug)]
pub(crate) struct Bucket {
    a_second: f64,
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn new(a_second: u32, now: Instant) -> Self {
        let a_second = f64::from(a_second);
        Self { a_second, tokens: a_second, filled: now }
    }

    /// Whether a request may pass now.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let seconds = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + seconds * self.a_second).min(self.a_second);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn fifteen_a_second() {
        let start = Instant::now();
        let mut bucket = Bucket::new(15, start);
        let mut passed = |millis| (0..20).filter(|_| bucket.take(start + Duration::from_millis(millis))).count();
        assert_eq!(passed(0), 15);
        assert_eq!(passed(10), 0);
        assert_eq!(passed(210), 3);
        assert_eq!(passed(60_000), 15);
    }

    #[test]
    fn none_at_all() {
        let start = Instant::now();
        assert!(!Bucket::new(0, start).take(start + Duration::from_secs(9)));
    }
}
