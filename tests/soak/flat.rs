//! Whether something that is measured again and again stays flat.
//!
//! The slope is the median of the slopes between all pairs of samples (Theil, 1950; Sen, 1968): up to 29 of a hundred samples may be
//! anything, so that a burst of large bodies, or a pause of the machine, tilts nothing. What counts is what the slope adds over the
//! samples, not what it would in a day: over a short run the allocator's own growth would be taken for a leak.

use std::time::Duration;

/// Samples in their order: when, and how much.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(Vec<(Duration, f64)>);

impl Samples {
    /// Adds what was measured, where it could be.
    pub(crate) fn extend(&mut self, at: Duration, value: Option<f64>) {
        self.0.extend(value.map(|value| (at, value)));
    }

    /// Those after the warm-up, which is the first third: caches fill, pools open, and the allocator takes what it keeps.
    pub(crate) fn warm(&self) -> &[(Duration, f64)] {
        self.0.get(self.0.len() / 3..).unwrap_or_default()
    }

    /// How much more there is at the end of the warm samples than at their beginning, by the median slope. None where there are
    /// too few to say.
    pub(crate) fn growth(&self) -> Option<f64> {
        const FEWEST: usize = 20;
        let warm = thinned(self.warm());
        let (Some((first, _)), Some((last, _))) = (warm.first(), warm.last()) else { return None };
        if warm.len() < FEWEST {
            return None;
        }
        let pairs =
            warm.iter().enumerate().flat_map(|(place, from)| warm.iter().skip(place + 1).map(move |to| (from, to)));
        let slopes = pairs.map(|((at, value), (later, then))| (then - value) / (*later - *at).as_secs_f64());
        let mut slopes: Vec<f64> = slopes.filter(|slope| slope.is_finite()).collect();
        slopes.sort_by(f64::total_cmp);
        Some(slopes.get(slopes.len() / 2)? * (*last - *first).as_secs_f64())
    }

    /// The median of the warm samples.
    pub(crate) fn median(&self) -> f64 {
        let mut values: Vec<f64> = self.warm().iter().map(|(_, value)| *value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    }

    /// The largest of all.
    pub(crate) fn most(&self) -> f64 {
        self.0.iter().map(|(_, value)| *value).fold(0.0, f64::max)
    }
}

/// At most some hundred samples: pairs of more would take minutes in a run of hours.
fn thinned(samples: &[(Duration, f64)]) -> Vec<(Duration, f64)> {
    const MOST: usize = 400;
    samples.iter().step_by(samples.len() / MOST + 1).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The growth of so many samples, one a second.
    fn growth(count: u64, value: impl Fn(u64) -> f64) -> Option<f64> {
        let mut samples = Samples::default();
        (0..count).for_each(|second| samples.extend(Duration::from_secs(second), Some(value(second))));
        samples.growth().map(f64::round)
    }

    /// From -5 to 5, without a trend.
    fn noise(second: u64) -> f64 {
        (second * 7919 % 11) as f64 - 5.0
    }

    #[test]
    fn a_leak_is_seen_and_a_burst_is_not() {
        assert_eq!(growth(300, |_| 50.0), Some(0.0));
        // Of 300 samples 200 count, from the 100th to the 299th.
        assert_eq!(growth(300, |second| 2.0 * second as f64), Some(398.0));
        let leak = growth(300, |second| second as f64 + noise(second)).unwrap();
        assert!((190.0..210.0).contains(&leak), "{leak}");
        // What is taken in the warm-up, a quarter that is anything, and waves.
        assert_eq!(growth(300, |second| if second < 90 { second as f64 } else { 90.0 }), Some(0.0));
        assert_eq!(growth(300, |second| if second % 4 == 0 { 1e6 } else { 90.0 }), Some(0.0));
        assert!(growth(300, noise).unwrap().abs() < 2.0);
    }

    #[test]
    fn too_few_samples_say_nothing_and_many_do_not_take_for_ever() {
        assert_eq!(growth(0, |_| 1.0), None);
        assert_eq!(growth(28, |_| 1.0), None);
        assert_eq!(growth(30, |_| 1.0), Some(0.0));
        assert!(growth(100_000, |second| second as f64).unwrap() > 66_000.0);
    }
}
