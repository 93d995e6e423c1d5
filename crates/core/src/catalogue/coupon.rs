//! A discount that the platform grants.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Called, state};
use crate::id::{CouponId, ProductId};
use crate::listed::Listed;
use crate::money::{BasisPoints, Money};
use crate::time::Timestamp;

/// A discount that the platform grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    /// Its id.
    pub id: CouponId,
    /// The platform's own word for it.
    pub own_id: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it was deleted: whoever has it keeps it, and nobody else gets it.
    pub deleted: bool,
    /// Its name, for buyers.
    pub name: Option<String>,
    /// How much it takes off.
    pub off: Off,
    /// For how long.
    pub duration: Duration,
    /// The only products that it is for; all when empty.
    pub applies_to: Vec<Called<ProductId>>,
    /// How often it may be redeemed.
    pub max_redemptions: Option<u32>,
    /// Until when it may be redeemed.
    pub redeem_by: Option<Timestamp>,
    /// How often it was redeemed.
    pub times_redeemed: u32,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
}

/// How much a coupon takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A part of the sum.
    Percent(BasisPoints),
    /// An amount.
    Amount(Money),
}

/// For how long a coupon takes something off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duration {
    /// For ever.
    Forever,
    /// One time.
    Once,
    /// For some months.
    Repeating {
        /// How many.
        months: u16,
    },
}

impl Duration {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            Duration::Forever => "forever",
            Duration::Once => "once",
            Duration::Repeating { .. } => "repeating",
        }
    }
}

impl Coupon {
    /// What it is called on the wire.
    pub fn called(&self) -> Called<CouponId> {
        Called { id: self.id, own: self.own_id.clone() }
    }

    /// Whether it may be redeemed at a moment.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        !self.is_over(now) && !self.is_used_up()
    }

    /// Whether nobody gets it any more, however often it was redeemed.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.deleted || self.redeem_by.is_some_and(|last| now >= last)
    }

    /// Whether it was redeemed as often as it may be.
    pub fn is_used_up(&self) -> bool {
        self.max_redemptions.is_some_and(|most| self.times_redeemed >= most)
    }
}

impl Listed for Coupon {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        state(true, self.deleted)
    }
}
