//! Held funds that move in parts, in any order, with parts that come back.

use std::collections::VecDeque;

use holdfast_core::currency::Currency;
use holdfast_core::held::{HeldFunds, ReleaseStamp, TakenBack};
use holdfast_core::id::IdSource;
use holdfast_core::money::{BasisPoints, Money};
use holdfast_core::order::ReleaseReason;
use holdfast_core::time::Timestamp;
use proptest::prelude::*;

/// One move of held funds.
#[derive(Clone, Debug)]
enum Move {
    /// To the seller, at a rate of so many basis points.
    Release(i64, u16),
    /// Back to the buyer.
    TakeBack(i64),
    /// The refund of so many moves ago has failed.
    PutBack(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let rate = prop_oneof![4 => Just(500_u16), 2 => 0_u16..=10_000];
    let one = prop_oneof![
        (1_i64..60, rate).prop_map(|(amount, rate)| Move::Release(amount, rate)),
        (1_i64..60).prop_map(Move::TakeBack),
        (0_usize..4).prop_map(Move::PutBack),
    ];
    prop::collection::vec(one, 1..40)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn held(minor: i64) -> HeldFunds {
    let mut ids = IdSource::new(1, 1);
    HeldFunds {
        id: ids.make(),
        created: Timestamp::from_ms(0),
        order: ids.make(),
        intent: ids.make(),
        seller: ids.make(),
        amount: usd(minor),
        released: usd(0),
        fee: usd(0),
        refunded: usd(0),
        clawed_back: usd(0),
        fee_returned: usd(0),
        held_again: None,
        releases: Vec::new(),
        frozen: None,
        release_after: None,
    }
}

/// What everybody has of the money.
#[derive(Default)]
struct Purses {
    seller: i64,
    platform: i64,
    buyer: i64,
    taken: VecDeque<TakenBack>,
}

impl Purses {
    fn play(&mut self, funds: &mut HeldFunds, what: &Move) {
        match *what {
            Move::Release(amount, points) => {
                let rate = BasisPoints::new(points).expect("a rate");
                let id = IdSource::new(2, 2).make();
                let (at, reason) = (Timestamp::from_ms(1), ReleaseReason::Operator);
                if let Ok(release) =
                    funds.release(usd(amount), rate, ReleaseStamp { id, at, reason })
                {
                    let net = release.net().expect("a fee is no more than its release").minor();
                    assert!(net >= 0 && release.fee.minor() >= 0, "{release:?}");
                    self.seller += net;
                    self.platform += release.fee.minor();
                }
            }
            Move::TakeBack(amount) => {
                if let Ok(taken) = funds.take_back(usd(amount)) {
                    self.pay(&taken, 1);
                    self.taken.push_front(taken);
                }
            }
            Move::PutBack(ago) => {
                if let Some(taken) = self.taken.remove(ago) {
                    funds.put_back(taken).expect("what was taken fits where it was");
                    self.pay(&taken, -1);
                }
            }
        }
    }

    fn pay(&mut self, taken: &TakenBack, sign: i64) {
        let parts = [taken.held, taken.seller, taken.fee].map(Money::minor);
        assert!(parts.iter().all(|part| *part >= 0), "{taken:?}");
        self.buyer += sign * parts.iter().sum::<i64>();
        self.seller -= sign * taken.seller.minor();
        self.platform -= sign * taken.fee.minor();
    }
}

proptest! {
    #![proptest_config(super::config(1_000))]

    #[test]
    fn nothing_is_lost_between_the_purses(amount in 1_i64..120, moves in moves()) {
        let (mut funds, mut purses) = (held(amount), Purses::default());
        for what in &moves {
            purses.play(&mut funds, what);
            let left = funds.left().expect("it can be reckoned").minor();
            prop_assert_eq!(left + purses.seller + purses.platform + purses.buyer, amount);
            prop_assert!(left >= 0 && purses.seller >= 0 && purses.platform >= 0);
        }
        // All that the buyer can still get back is all that there is.
        let rest = amount - purses.buyer;
        if rest > 0 {
            purses.play(&mut funds, &Move::TakeBack(rest));
        }
        prop_assert_eq!((purses.buyer, purses.seller, purses.platform), (amount, 0, 0));
    }

    #[test]
    fn releasing_in_parts_costs_the_same_fee(
        parts in prop::collection::vec(1_i64..1_000, 1..10),
        points in 0_u16..=10_000,
    ) {
        let amount: i64 = parts.iter().sum();
        let release = |parts: &[i64]| {
            let (mut funds, mut purses) = (held(amount), Purses::default());
            for part in parts {
                purses.play(&mut funds, &Move::Release(*part, points));
            }
            (purses.seller, purses.platform)
        };
        prop_assert_eq!(release(&parts), release(&[amount]));
    }
}
