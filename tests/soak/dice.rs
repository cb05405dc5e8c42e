//! Chance that a seed decides: the same numbers for the same seed, in whatever order they are asked for.

/// Numbers that follow from a seed and what they are for.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The dice of this seed for what is named by these numbers.
    pub(crate) fn of(seed: u64, names: &[u64]) -> Self {
        Self(names.iter().fold(scatter(seed), |state, name| scatter(state ^ *name)))
    }

    /// A number below this one, which is not 0.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(1);
        scatter(self.0) % most
    }

    /// Whether something happens that does so many of a hundred times.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these, of which there has to be one.
    pub(crate) fn choose<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014), one to one.
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_bring_the_same_numbers() {
        let row = |seed, names: &[u64]| {
            let mut dice = Dice::of(seed, names);
            [(); 4].map(|()| dice.below(1_000_000))
        };
        assert_eq!(row(1, &[2, 3]), row(1, &[2, 3]));
        for other in [row(2, &[2, 3]), row(1, &[3, 2]), row(1, &[2]), row(1, &[2, 3, 0])] {
            assert_ne!(row(1, &[2, 3]), other);
        }
        let hits = (0..1_000).filter(|name| Dice::of(7, &[*name]).chance(30)).count();
        assert!((250..350).contains(&hits), "{hits}");
    }
}
