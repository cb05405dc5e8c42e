//! Signing keys: derived from a secret for one day, region and service, and kept between calls.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::hash::HmacKey;

/// The last part of a credential scope.
pub(super) const TERMINATOR: &str = "aws4_request";

/// How many keys are kept: a client needs one at a time, and some more around midnight and while credentials change.
const CAPACITY: usize = 16;

/// The signing keys derived last. Share one among the calls of a client: deriving a key takes four HMACs.
#[derive(Default)]
pub struct KeyCache(Mutex<VecDeque<Entry>>);

impl KeyCache {
    /// A cache without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key for a secret, a date as `YYYYMMDD`, a region and a service.
    pub(super) fn signing_key(&self, secret: &str, date: &str, region: &str, service: &str) -> HmacKey {
        let mine = |entry: &&Entry| *entry.secret == secret && entry.of == [date, region, service];
        let known = self.entries().iter().find(mine).map(|entry| entry.key.clone());
        if let Some(key) = known {
            return key;
        }
        // Derived without the lock: two calls that race derive the same key, and neither waits for the other.
        let key = derive(secret, date, region, service);
        let (secret, of) = (Zeroizing::new(secret.to_owned()), [date, region, service].map(str::to_owned));
        let mut entries = self.entries();
        entries.truncate(CAPACITY - 1);
        entries.push_front(Entry { secret, of, key: key.clone() });
        key
    }

    /// The entries, newest first. A panic elsewhere cannot leave them half changed, so a poisoned lock is as good.
    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyCache({} keys)", self.entries().len())
    }
}

struct Entry {
    secret: Zeroizing<String>,
    /// Date, region, service.
    of: [String; 3],
    key: HmacKey,
}

fn derive(secret: &str, date: &str, region: &str, service: &str) -> HmacKey {
    let mut key = HmacKey::new(&Zeroizing::new([b"AWS4", secret.as_bytes()].concat()));
    for part in [date, region, service, TERMINATOR] {
        key = HmacKey::new(&*Zeroizing::new(key.sign(part.as_bytes())));
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_for_its_secret_date_region_and_service() {
        let keys = KeyCache::new();
        let base = ["secret", "20150830", "us-east-1", "iam"];
        let key = |of: [&str; 4]| keys.signing_key(of[0], of[1], of[2], of[3]).sign(b"x");
        let first = key(base);
        assert_eq!(key(base), first);
        assert_eq!(keys.entries().len(), 1);
        for changed in 0..base.len() {
            let mut other = base;
            other[changed] = "other";
            assert_ne!(key(other), first);
        }
        assert_eq!(keys.entries().len(), 5);
    }

    #[test]
    fn the_oldest_key_leaves_a_full_cache() {
        let keys = KeyCache::new();
        for region in 0..CAPACITY + 3 {
            keys.signing_key("s", "20150830", &region.to_string(), "iam");
        }
        let regions: Vec<_> = keys.entries().iter().map(|entry| entry.of[1].clone()).collect();
        assert_eq!(regions.len(), CAPACITY);
        assert_eq!((regions[0].as_str(), regions[CAPACITY - 1].as_str()), ("18", "3"));
    }

    #[test]
    fn debug_shows_no_secret_and_a_poisoned_lock_is_no_end() {
        let keys = KeyCache::new();
        keys.signing_key("hush", "20150830", "us-east-1", "iam");
        std::thread::scope(|threads| {
            let thread = threads.spawn(|| {
                let _entries = keys.entries();
                panic!("poisons the lock");
            });
            assert!(thread.join().is_err());
        });
        assert_eq!(format!("{keys:?}"), "KeyCache(1 keys)");
    }
}
