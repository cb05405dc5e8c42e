//! What repetitions of a measurement come to: their median, how far they spread, and whether load disturbed them.

use serde::{Deserialize, Serialize};

/// A figure whose repetitions spread further than this share of it was disturbed.
pub const MOST_SPREAD: f64 = 0.15;

/// So many repetitions are looked at without their lowest and highest quarters: one interruption disturbs nothing then.
const MANY: usize = 5;

/// What the repetitions of a measurement come to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The median.
    pub median: f64,
    /// From the lowest to the highest as a share of the median; of five repetitions or more, from the lower quartile to the
    /// upper one. `None` for a single repetition, which shows none.
    pub spread: Option<f64>,
}

impl Summary {
    /// Of so many repetitions as there are. `None` without any, or with one that is no number.
    pub fn of(samples: &[f64]) -> Option<Self> {
        if samples.iter().any(|sample| !sample.is_finite()) {
            return None;
        }
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let median = quantile(&sorted, 0.5)?;
        let outer = if sorted.len() < MANY { 0.0 } else { 0.25 };
        let width = quantile(&sorted, 1.0 - outer)? - quantile(&sorted, outer)?;
        let spread = (sorted.len() > 1).then(|| if width == 0.0 { 0.0 } else { width / median.abs() });
        Some(Self { median, spread })
    }

    /// Whether they spread further than a quiet machine's would.
    pub fn is_disturbed(self) -> bool {
        self.spread.is_some_and(|spread| spread > MOST_SPREAD)
    }

    /// How far they spread, in words, if that is further than a quiet machine's would.
    pub fn disturbed(self) -> Option<String> {
        let spread = self.spread.filter(|_| self.is_disturbed())?;
        Some(format!("spread {:.0} %", spread * 100.0))
    }
}

/// The value below which this share of the sorted samples lies, between two of them where it falls there.
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = share.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted.get(at.floor() as usize)?, sorted.get(at.ceil() as usize)?);
    Some(below + (above - below) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::{Summary, quantile};

    #[test]
    fn summaries() {
        for (samples, expected) in [
            (&[][..], None),
            (&[1.0, f64::NAN], None),
            (&[3.0], Some((3.0, None, false))),
            (&[0.0, 0.0], Some((0.0, Some(0.0), false))),
            (&[100.0, 110.0], Some((105.0, Some(10.0 / 105.0), false))),
            (&[100.0, 90.0, 110.0], Some((100.0, Some(0.2), true))),
            // One of five that was interrupted disturbs nothing, two do.
            (&[100.0, 101.0, 900.0, 99.0, 100.0], Some((100.0, Some(0.01), false))),
            (&[100.0, 101.0, 900.0, 99.0, 800.0], Some((101.0, Some(7.0 / 1.01), true))),
        ] {
            let found = Summary::of(samples).map(|summary| (summary.median, summary.spread, summary.is_disturbed()));
            match (found, expected) {
                (Some((median, Some(spread), disturbed)), Some((expected, Some(wide), is))) => {
                    assert!((spread - wide).abs() < 1e-9, "{samples:?}: {spread}");
                    assert_eq!((median, disturbed), (expected, is), "{samples:?}");
                }
                (found, expected) => assert_eq!(found, expected, "{samples:?}"),
            }
        }
    }

    #[test]
    fn quantiles() {
        for (share, expected) in [(0.0, 1.0), (0.5, 2.5), (0.99, 3.97), (1.0, 4.0), (7.0, 4.0)] {
            let found = quantile(&[1.0, 2.0, 3.0, 4.0], share).unwrap();
            assert!((found - expected).abs() < 1e-9, "{share}: {found}");
        }
        assert_eq!(quantile(&[], 0.5), None);
    }
}
