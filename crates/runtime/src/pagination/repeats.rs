//! Page tokens that come a second time.

use std::fmt;

/// Finds that tokens go round in a circle, of any length, while it keeps one of them: the cycle detection of Brent.
#[derive(Debug, Default)]
pub(super) struct Seen {
    token: Option<String>,
    steps: u64,
    power: u64,
}

impl Seen {
    /// Whether the token that came is the one that was sent, or one that came before.
    pub(super) fn repeats(&mut self, sent: Option<&str>, token: &str) -> bool {
        if sent == Some(token) || self.token.as_deref() == Some(token) {
            return true;
        }
        self.steps = self.steps.saturating_add(1);
        if self.steps > self.power {
            self.token = Some(token.to_owned());
            self.power = self.steps.saturating_mul(2);
        }
        false
    }
}

/// A page token that came before: to follow it would list the same pages for ever.
#[derive(Debug)]
pub(super) struct RepeatedToken {
    pub(super) member: &'static str,
    pub(super) token: String,
}

impl fmt::Display for RepeatedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A token may be long; its beginning is enough to find it in a log.
        let shown: String = self.token.chars().take(80).collect();
        write!(
            f,
            "the service gave the page token {shown:?} for {} a second time, so that the listing was stopped",
            self.member
        )
    }
}

impl std::error::Error for RepeatedToken {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Follows the tokens of a service whose token after token `n` is `next[n]`: how many pages came before the
    /// repetition was found, or that the listing came to its end.
    fn follow(next: &[Option<usize>]) -> Option<usize> {
        let (mut seen, mut sent, mut came) = (Seen::default(), None::<String>, Vec::new());
        let mut at = Some(0);
        while let Some(node) = at {
            let token = node.to_string();
            if seen.repeats(sent.as_deref(), &token) {
                assert!(came.contains(&token), "{token} did not come before: {came:?}");
                return Some(came.len());
            }
            came.push(token.clone());
            (sent, at) = (Some(token), next[node]);
        }
        None
    }

    /// How many tokens there are before the first repetition, if there is one.
    fn different(next: &[Option<usize>]) -> Option<usize> {
        let (mut came, mut at) = (Vec::new(), Some(0));
        while let Some(node) = at {
            if came.contains(&node) {
                return Some(came.len());
            }
            came.push(node);
            at = next[node];
        }
        None
    }

    #[test]
    fn every_circle_is_found_soon_and_nothing_else_is_taken_for_one() {
        // Knuth's generator of MMIX: the same graphs in every run.
        let mut state = 1u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % n
        };
        let (mut circles, mut ends) = (0, 0);
        for _ in 0..2000 {
            let nodes = 1 + below(60);
            let next: Vec<Option<usize>> = (0..nodes).map(|_| Some(below(nodes)).filter(|_| below(15) > 0)).collect();
            match (different(&next), follow(&next)) {
                (Some(different), Some(pages)) => {
                    assert!(pages >= different && pages <= 3 * different + 1, "{different}, found after {pages}");
                    circles += 1;
                }
                (None, None) => ends += 1,
                other => panic!("{other:?} in {next:?}"),
            }
        }
        assert!(circles > 100 && ends > 100, "{circles} circles and {ends} ends");
    }
}
