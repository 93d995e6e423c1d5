//! Money: shares sum to the whole, and nothing overflows unseen.

use holdfast_core::currency::Currency;
use holdfast_core::money::{BasisPoints, Money, Rounding};
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// A rate; every one of them is allowed.
fn rates() -> impl Strategy<Value = BasisPoints> {
    (0_u16..=10_000).prop_map(|points| BasisPoints::new(points).expect("at most the whole"))
}

proptest! {
    #![proptest_config(super::config(500))]

    #[test]
    fn shares_sum_to_the_whole(
        whole in 0_i64..,
        weights in prop::collection::vec(0_i64.., 1..20),
    ) {
        let parts = usd(whole).allocate(&weights).expect("these can be split");
        let sum = Money::sum(Currency::USD, parts.iter().copied()).expect("no more than the whole");
        prop_assert_eq!(sum, usd(whole));
        prop_assert!(parts.iter().all(|part| part.minor() >= 0));
    }

    /// No share is a minor unit away from its exact fraction.
    #[test]
    fn shares_are_fair(
        whole in 0_i64..1_000_000_000_000,
        weights in prop::collection::vec(1_i64..1_000_000, 1..20),
    ) {
        let parts = usd(whole).allocate(&weights).expect("these can be split");
        let total: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let exact = i128::from(whole) * i128::from(*weight);
            let off = i128::from(part.minor()) * total - exact;
            prop_assert!(off.abs() < total, "{:?} of {weight}", part);
        }
    }

    /// No part is larger than what it is a part of: refunds are split over what is left.
    #[test]
    fn shares_never_exceed_their_weight(
        left in prop::collection::vec(0_i64..1_000_000, 1..20),
        amount in any::<prop::sample::Index>(),
    ) {
        let all: i64 = left.iter().sum();
        let amount = amount.index(usize::try_from(all).unwrap_or(0) + 1);
        let amount = i64::try_from(amount).expect("no more than all");
        let parts = usd(amount).allocate(&left).expect("these can be split");
        let fits = parts.iter().zip(&left).all(|(part, left)| part.minor() <= *left || all == 0);
        prop_assert!(fits, "{amount} over {left:?}");
    }

    #[test]
    fn roundings_frame_the_exact_share(amount in any::<i64>(), rate in rates()) {
        let down = usd(amount).share(rate, Rounding::Down).expect("no larger").minor();
        let up = usd(amount).share(rate, Rounding::Up).expect("no larger").minor();
        let half = usd(amount).share(rate, Rounding::HalfUp).expect("no larger").minor();
        let exact = i128::from(amount) * i128::from(rate.points());
        let (down, up, half) = (i128::from(down), i128::from(up), i128::from(half));
        prop_assert!((down * 10_000 - exact).abs() < 10_000 && down.abs() <= half.abs());
        prop_assert!((up * 10_000 - exact).abs() < 10_000 && half.abs() <= up.abs());
        prop_assert!((half * 10_000 - exact).abs() * 2 <= 10_000);
    }

    #[test]
    fn sums_are_refused_or_exact(
        left in any::<i64>(),
        right in any::<i64>(),
        times in any::<u32>(),
    ) {
        let exact = |result: Result<Money, _>| result.ok().map(Money::minor);
        prop_assert_eq!(exact(usd(left).checked_add(usd(right))), left.checked_add(right));
        prop_assert_eq!(exact(usd(left).checked_sub(usd(right))), left.checked_sub(right));
        prop_assert_eq!(exact(usd(left).checked_mul(times)), left.checked_mul(i64::from(times)));
    }
}
