//! `coupon`, `promotion_code` and `discount`: what is taken off a sum, and for whom.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Number;

use super::{AnyCustomer, Expandable, Metadata, Null};

object_words! {
    /// `coupon`
    CouponWord = "coupon";
    /// `discount`
    DiscountWord = "discount";
    /// `promotion_code`
    PromotionCodeWord = "promotion_code";
}

/// A discount that the platform grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coupon {
    /// `coup_...`, or the platform's own word.
    pub id: String,
    /// `coupon`
    pub object: CouponWord,
    /// What it takes off, in minor units.
    pub amount_off: Option<i64>,
    /// The only products that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<AppliesTo>,
    /// When it was made.
    pub created: i64,
    /// Of `amount_off`.
    pub currency: Option<String>,
    /// `forever`, `once` or `repeating`.
    pub duration: &'static str,
    /// For how many months, while `repeating`.
    pub duration_in_months: Option<u16>,
    /// Whether it is for real money.
    pub livemode: bool,
    /// How often it may be redeemed.
    pub max_redemptions: Option<u32>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Its name, for buyers.
    pub name: Option<String>,
    /// What it takes off, in percent with at most two decimals.
    pub percent_off: Option<Number>,
    /// Until when it may be redeemed.
    pub redeem_by: Option<i64>,
    /// How often it was redeemed.
    pub times_redeemed: u32,
    /// Whether it may be redeemed now.
    pub valid: bool,
}

/// The only products that a coupon is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppliesTo {
    /// Their ids.
    pub products: Vec<String>,
}

/// A word that gives a buyer a coupon's discount.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PromotionCode {
    /// `promo_...`
    pub id: String,
    /// `promotion_code`
    pub object: PromotionCodeWord,
    /// Whether it may be used now.
    pub active: bool,
    /// The word.
    pub code: String,
    /// When it was made.
    pub created: i64,
    /// The only buyer who may use it.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// Not used.
    pub customer_account: Null,
    /// Until when it may be used.
    pub expires_at: Option<i64>,
    /// Whether it is for real money.
    pub livemode: bool,
    /// How often it may be used.
    pub max_redemptions: Option<u32>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// What it gives.
    pub promotion: Promotion,
    /// For which purchases it is.
    pub restrictions: Restrictions,
    /// How often it was used.
    pub times_redeemed: u32,
}

/// What a promotion code or a discount gives.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Promotion {
    /// The coupon.
    pub coupon: Option<Expandable<Coupon>>,
    /// `coupon`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// For which purchases a promotion code is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Restrictions {
    /// Whether only for a buyer's first.
    pub first_time_transaction: bool,
    /// The least sum, in minor units.
    pub minimum_amount: Option<i64>,
    /// Its currency.
    pub minimum_amount_currency: Option<String>,
}

/// A coupon that a customer, or a session, has.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Discount {
    /// `di_...`
    pub id: String,
    /// `discount`
    pub object: DiscountWord,
    /// The session that has it.
    pub checkout_session: Option<String>,
    /// Who has it.
    pub customer: Option<Expandable<AnyCustomer>>,
    /// Not used.
    pub customer_account: Null,
    /// Until when; null for ever.
    pub end: Option<i64>,
    /// Not used.
    pub invoice: Null,
    /// Not used.
    pub invoice_item: Null,
    /// The word that gave it.
    pub promotion_code: Option<Expandable<PromotionCode>>,
    /// The coupon.
    pub source: Promotion,
    /// Since when.
    pub start: i64,
    /// Not used.
    pub subscription: Null,
    /// Not used.
    pub subscription_item: Null,
}

/// What is left of a discount that was taken away.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DeletedDiscount {
    /// As it was.
    #[serde(flatten)]
    pub discount: Discount,
    /// Always true.
    pub deleted: bool,
}
