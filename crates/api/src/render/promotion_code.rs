//! A word for a discount as a `promotion_code`.

use holdfast_core::catalogue::promotion_code;
use holdfast_core::time::Timestamp;

use crate::objects::{Expandable, Promotion, PromotionCode, PromotionCodeWord, Restrictions};

use super::{LIVEMODE, currency, named};

/// A promotion code as it is at `now`, its coupon named by its id.
pub(crate) fn object(row: &promotion_code::PromotionCode, now: Timestamp) -> PromotionCode {
    PromotionCode {
        id: row.id.to_string(),
        object: PromotionCodeWord,
        active: row.is_active(now),
        code: row.code.clone(),
        created: row.created.seconds(),
        customer: row.customer.map(named::customer),
        customer_account: (),
        expires_at: row.expires_at.map(Timestamp::seconds),
        livemode: LIVEMODE,
        max_redemptions: row.max_redemptions,
        metadata: row.metadata.clone(),
        promotion: Promotion {
            coupon: Some(Expandable::Id(row.coupon.to_string())),
            kind: "coupon",
        },
        restrictions: Restrictions {
            first_time_transaction: row.first_time_only,
            minimum_amount: row.minimum.map(|minimum| minimum.minor()),
            minimum_amount_currency: row.minimum.map(|minimum| currency(minimum.currency())),
        },
        times_redeemed: row.times_redeemed,
    }
}
