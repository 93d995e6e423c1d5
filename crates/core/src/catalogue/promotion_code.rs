//! A word that gives a buyer a coupon's discount.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Called, state};
use crate::id::{CouponId, CustomerId, PromotionCodeId};
use crate::listed::Listed;
use crate::money::Money;
use crate::time::Timestamp;

/// A word that gives a buyer a coupon's discount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionCode {
    /// Its id.
    pub id: PromotionCodeId,
    /// When it was made.
    pub created: Timestamp,
    /// Whether the platform lets it be used.
    pub active: bool,
    /// The word, as buyers type it; large and small letters are the same.
    pub code: String,
    /// What it gives.
    pub coupon: Called<CouponId>,
    /// The only buyer who may use it.
    pub customer: Option<CustomerId>,
    /// Until when it may be used.
    pub expires_at: Option<Timestamp>,
    /// How often it may be used.
    pub max_redemptions: Option<u32>,
    /// Whether only a buyer's first purchase may use it.
    pub first_time_only: bool,
    /// The least sum that it is for.
    pub minimum: Option<Money>,
    /// How often it was used.
    pub times_redeemed: u32,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
}

/// The kind of the names that codes are kept under.
pub const WORD: &str = "promotion_code";

/// The longest word that buyers type, in characters.
pub const CODE_CHARS_MAX: usize = 100;

/// The link of codes that are spelled so.
pub fn code_link(code: &str) -> String {
    format!("code:{}", code.to_lowercase())
}

impl PromotionCode {
    /// Whether it may be used at a moment.
    pub fn is_active(&self, now: Timestamp) -> bool {
        !self.is_over(now) && !self.is_used_up()
    }

    /// Whether it is switched off or out of time.
    pub fn is_over(&self, now: Timestamp) -> bool {
        !self.active || self.expires_at.is_some_and(|end| now >= end)
    }

    /// Whether it was used as often as it may be.
    pub fn is_used_up(&self) -> bool {
        self.max_redemptions.is_some_and(|most| self.times_redeemed >= most)
    }

    /// What codes are kept under as names: a word is one for everybody, and one for each buyer
    /// that it may be limited to.
    pub fn word(code: &str, customer: Option<CustomerId>) -> String {
        let customer = customer.map(|customer| customer.to_string()).unwrap_or_default();
        format!("{customer}/{}", code.to_lowercase())
    }
}

impl Listed for PromotionCode {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let customer = self.customer.map(|customer| customer.to_string());
        let own = [self.coupon.id.to_string(), code_link(&self.code)];
        own.into_iter().chain(customer).collect()
    }

    fn state(&self) -> &'static str {
        state(self.active, false)
    }
}
