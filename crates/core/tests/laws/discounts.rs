//! Discounts of any basket: nothing is lost, nothing is negative, and order does not matter.

use std::collections::BTreeMap;

use holdfast_core::catalogue::Called;
use holdfast_core::catalogue::coupon::Off;
use holdfast_core::checkout::discount::AppliedDiscount;
use holdfast_core::checkout::{CheckoutSession, Line, ShippingOption};
use holdfast_core::currency::Currency;
use holdfast_core::id::{Id, ProductId, SellerId};
use holdfast_core::money::{BasisPoints, Money};
use holdfast_core::time::Timestamp;
use proptest::prelude::*;

use crate::world::{World, make};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Price, quantity, seller, product.
fn line() -> impl Strategy<Value = (i64, u32, u8, u8)> {
    (0_i64..100_000, 1_u32..20, 0_u8..3, 0_u8..3)
}

fn off() -> impl Strategy<Value = Off> {
    prop_oneof![
        (1_u16..=10_000).prop_map(|points| Off::Percent(BasisPoints::new(points).expect("a rate"))),
        (1_i64..3_000_000).prop_map(|minor| Off::Amount(usd(minor))),
    ]
}

fn session(lines: &[(i64, u32, u8, u8)], off: Off, products: &[u8]) -> CheckoutSession {
    let mut world = World::new();
    let seller = world.seller("amy");
    let post = vec![ShippingOption::new("post", usd(490))];
    world.ask(make::open(vec![make::line(seller, usd(1))], post)).expect("it is opened");
    let mut session = world.all::<CheckoutSession>().pop().expect("it was just made");
    session.lines = (1_u128..).zip(lines).map(|(number, line)| of(number, *line)).collect();
    let product = |number: &u8| ProductId::from_number((*number).into());
    session.discount = Some(Box::new(AppliedDiscount {
        id: Id::from_number(1),
        coupon: Called { id: Id::from_number(1), own: None },
        promotion_code: None,
        name: None,
        off,
        products: products.iter().map(product).collect(),
        minimum: None,
        first_time_only: false,
        start: Timestamp::from_ms(0),
        redeemed: false,
    }));
    session
}

fn of(number: u128, (price, quantity, seller, product): (i64, u32, u8, u8)) -> Line {
    Line {
        id: Id::from_number(number),
        seller: Some(SellerId::from_number(seller.into())),
        listed: None,
        of: Some(Called { id: ProductId::from_number(product.into()), own: None }),
        name: "a thing".to_owned(),
        description: None,
        unit: usd(price),
        quantity,
        adjustable: None,
        excludes_card: false,
        metadata: BTreeMap::new(),
    }
}

proptest! {
    #![proptest_config(super::config(256))]

    #[test]
    fn a_discount_is_shared_to_the_cent(
        lines in prop::collection::vec(line(), 1..12),
        off in off(),
        products in prop::collection::vec(0_u8..3, 0..3),
    ) {
        let session = session(&lines, off, &products);
        let totals = session.totals().expect("it fits");
        let shares = session.line_discounts().expect("it fits");
        prop_assert_eq!(shares.len(), session.lines.len());
        let mut eligible = 0;
        for (line, share) in session.lines.iter().zip(&shares) {
            let cost = line.total().expect("it fits");
            prop_assert!(share.minor() >= 0 && share.minor() <= cost.minor());
            let product = line.product().expect("each has one").id;
            let is_for = products.is_empty()
                || products.iter().any(|of| ProductId::from_number((*of).into()) == product);
            prop_assert!(is_for || share.is_zero());
            eligible += if is_for { cost.minor() } else { 0 };
        }
        let whole: i64 = shares.iter().map(|share| share.minor()).sum();
        prop_assert_eq!(whole, totals.discount.minor());
        let expected = match off {
            Off::Percent(rate) => (eligible * i64::from(rate.points()) + 5_000) / 10_000,
            Off::Amount(amount) => amount.minor().min(eligible),
        };
        prop_assert_eq!(whole, expected);
        let total = totals.items.minor() - whole + totals.shipping.minor();
        prop_assert_eq!(totals.total.minor(), total);
    }

    #[test]
    fn the_parts_of_sellers_are_the_whole(
        lines in prop::collection::vec(line(), 1..12),
        off in off(),
    ) {
        let session = session(&lines, off, &[]);
        let totals = session.totals().expect("it fits");
        let parts = session.parts().expect("it fits");
        let (mut items, mut discount, mut total) = (0, 0, 0);
        for part in &parts {
            prop_assert_eq!(part.discounts.len(), part.lines.len());
            let of_part = part.total().expect("it fits").minor();
            prop_assert!(of_part >= 0);
            items += part.items.minor();
            discount += part.discount().expect("it fits").minor();
            total += of_part;
        }
        prop_assert_eq!(items, totals.items.minor());
        prop_assert_eq!(discount, totals.discount.minor());
        prop_assert_eq!(total, totals.total.minor());
    }

    #[test]
    fn the_order_of_the_lines_does_not_change_the_sums(
        lines in prop::collection::vec(line(), 1..12),
        off in off(),
        products in prop::collection::vec(0_u8..3, 0..3),
    ) {
        let forth = session(&lines, off, &products);
        let mut turned = lines;
        turned.reverse();
        let back = session(&turned, off, &products);
        prop_assert_eq!(forth.totals(), back.totals());
        // Who has the remainder of equal lines is the first of them: at most a unit apart.
        let mut shares = back.line_discounts().expect("it fits");
        shares.reverse();
        for (one, other) in forth.line_discounts().expect("it fits").iter().zip(shares) {
            prop_assert!((one.minor() - other.minor()).abs() <= 1);
        }
        prop_assert_eq!(forth.line_discounts(), forth.line_discounts());
    }
}
