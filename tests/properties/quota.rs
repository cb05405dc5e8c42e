//! The retry quota.

use proptest::prelude::*;
use tinsmith_runtime::retry::Quota;

use crate::check;

/// What calls do with it.
#[derive(Clone, Debug)]
enum Step {
    Take(u32),
    GiveBack(Option<u32>),
}

/// Costs that there are, those at the ends, and any others.
fn cost() -> impl Strategy<Value = u32> {
    prop_oneof![Just(5), Just(14), Just(0), 490..510u32, Just(u32::MAX), any::<u32>()]
}

/// It is compared with a count that cannot pass its type.
#[test]
fn the_quota_never_leaves_its_bounds() {
    let step = prop_oneof![cost().prop_map(Step::Take), proptest::option::of(cost()).prop_map(Step::GiveBack)];
    check(300, &(cost(), proptest::collection::vec(step, 0..60)), |(tokens, steps)| {
        let most = i64::from(Quota::CAPACITY);
        let quota = Quota::new(tokens);
        let mut left = i64::from(tokens).min(most);
        assert_eq!(i64::from(quota.tokens()), left);
        for step in steps {
            match step {
                Step::Take(cost) => {
                    let enough = i64::from(cost) <= left;
                    assert_eq!(quota.take(cost), enough, "{cost} of {left}");
                    left -= if enough { i64::from(cost) } else { 0 };
                }
                Step::GiveBack(cost) => {
                    quota.give_back(cost);
                    left = (left + cost.map_or(1, i64::from)).min(most);
                }
            }
            assert!((0..=most).contains(&left));
            assert_eq!(i64::from(quota.tokens()), left, "after {step:?}");
        }
    });
}

/// From many threads at once, no more is taken than there is, and nothing gets lost.
#[test]
fn nor_when_many_take_from_it() {
    let costs = proptest::collection::vec(1..40u32, 1..60);
    check(30, &(0..=Quota::CAPACITY, costs), |(tokens, costs)| {
        let quota = Quota::new(tokens);
        let taken: u32 = std::thread::scope(|scope| {
            let takers: Vec<_> = costs
                .chunks(15)
                .map(|costs| scope.spawn(|| costs.iter().filter(|cost| quota.take(**cost)).sum::<u32>()))
                .collect();
            takers.into_iter().map(|taker| taker.join().unwrap()).sum()
        });
        assert_eq!(quota.tokens(), tokens - taken);
        quota.give_back(Some(taken));
        assert_eq!(quota.tokens(), tokens);
    });
}
