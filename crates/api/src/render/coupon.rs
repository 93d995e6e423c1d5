//! A discount of the platform as a `coupon`.

use holdfast_core::catalogue::coupon::{self, Duration, Off};
use holdfast_core::money::BasisPoints;
use holdfast_core::time::Timestamp;
use serde_json::Number;

use crate::objects::{AppliesTo, Coupon, CouponWord};

use super::{LIVEMODE, currency};

/// A coupon as it is at `now`.
pub(crate) fn object(row: &coupon::Coupon, now: Timestamp) -> Coupon {
    let (amount, percent) = match row.off {
        Off::Amount(amount) => (Some(amount), None),
        Off::Percent(rate) => (None, Some(rate)),
    };
    let products = || row.applies_to.iter().map(ToString::to_string).collect();
    Coupon {
        id: row.called().to_string(),
        object: CouponWord,
        amount_off: amount.map(|amount| amount.minor()),
        applies_to: (!row.applies_to.is_empty()).then(|| AppliesTo { products: products() }),
        created: row.created.seconds(),
        currency: amount.map(|amount| currency(amount.currency())),
        duration: row.duration.name(),
        duration_in_months: match row.duration {
            Duration::Repeating { months } => Some(months),
            Duration::Forever | Duration::Once => None,
        },
        livemode: LIVEMODE,
        max_redemptions: row.max_redemptions,
        metadata: row.metadata.clone(),
        name: row.name.clone(),
        percent_off: percent.and_then(number),
        redeem_by: row.redeem_by.map(Timestamp::seconds),
        times_redeemed: row.times_redeemed,
        valid: row.is_valid(now),
    }
}

/// A rate in percent, written without a float: 2550 is `25.5`.
fn number(rate: BasisPoints) -> Option<Number> {
    let (whole, part) = (rate.points() / 100, rate.points() % 100);
    let text = match (part, part % 10) {
        (0, _) => whole.to_string(),
        (_, 0) => format!("{whole}.{}", part / 10),
        (..) => format!("{whole}.{part:02}"),
    };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_written_in_percent() {
        for (points, text) in [
            (1, "0.01"),
            (10, "0.1"),
            (2_550, "25.5"),
            (2_000, "20"),
            (3_333, "33.33"),
            (10_000, "100"),
        ] {
            let number = number(BasisPoints::new(points).unwrap()).unwrap();
            assert_eq!(number.to_string(), text);
        }
    }
}
