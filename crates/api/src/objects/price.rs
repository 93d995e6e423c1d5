//! `item`, `price` and `shipping_rate`: the lines of a checkout session and what they refer to.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Expandable, Metadata, Null, Product};

object_words! {
    /// `item`
    LineItemWord = "item";
    /// `price`
    PriceWord = "price";
    /// `shipping_rate`
    ShippingRateWord = "shipping_rate";
}

/// One line of a checkout session.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LineItem {
    /// `li_...`
    pub id: String,
    /// `item`
    pub object: LineItemWord,
    /// Whether the buyer may take more or fewer; null where not.
    pub adjustable_quantity: Option<AdjustableQuantity>,
    /// What promotions took off.
    pub amount_discount: i64,
    /// Quantity times price.
    pub amount_subtotal: i64,
    /// Tax.
    pub amount_tax: i64,
    /// Subtotal and tax less discount.
    pub amount_total: i64,
    /// Three small letters.
    pub currency: String,
    /// The name of the product.
    pub description: Option<String>,
    /// Methods that may not pay for it. Holdfast's own field.
    pub excluded_payment_method_types: Vec<String>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// What one costs.
    pub price: Option<Price>,
    /// How many.
    pub quantity: Option<i64>,
    /// The seller's account; null where the platform itself sells. Holdfast's own field.
    pub seller: Option<String>,
}

/// Within which bounds the buyer may change the quantity of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AdjustableQuantity {
    /// Whether the buyer may.
    pub enabled: bool,
    /// The most of it, where the shop said so.
    pub maximum: Option<u32>,
    /// The fewest of it, where the shop said so.
    pub minimum: Option<u32>,
}

/// What one of a thing costs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Price {
    /// `price_...`
    pub id: String,
    /// `price`
    pub object: PriceWord,
    /// Whether it may be used again; false for a price that was given with its line.
    pub active: bool,
    /// `per_unit`
    pub billing_scheme: &'static str,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Whether it is real money.
    pub livemode: bool,
    /// The word that the shop finds it by.
    pub lookup_key: Option<String>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The platform's own name for it.
    pub nickname: Option<String>,
    /// `prod_...`
    pub product: Expandable<Product>,
    /// How often it is due.
    pub recurring: Option<Recurring>,
    /// `exclusive`, `inclusive` or `unspecified`.
    pub tax_behavior: Option<&'static str>,
    /// `one_time` or `recurring`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For one.
    pub unit_amount: Option<i64>,
    /// The same as text.
    pub unit_amount_decimal: Option<String>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: PriceNulls,
}

/// The fields of a price that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PriceNulls {
    pub custom_unit_amount: Null,
    pub tiers_mode: Null,
    pub transform_quantity: Null,
}

/// How often a price is due. Nothing is charged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recurring {
    /// `day`, `week`, `month` or `year`.
    pub interval: &'static str,
    /// Of how many of them.
    pub interval_count: u16,
    /// Not used.
    pub meter: Null,
    /// Not used.
    pub trial_period_days: Null,
    /// `licensed`
    pub usage_type: &'static str,
}

/// A way to ship and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ShippingRate {
    /// `shr_...`
    pub id: String,
    /// `shipping_rate`
    pub object: ShippingRateWord,
    /// Whether it may be used again; false for a rate that was given with its session.
    pub active: bool,
    /// When it was made.
    pub created: i64,
    /// How long the parcel is on its way.
    pub delivery_estimate: Option<DeliveryEstimate>,
    /// What the buyer reads.
    pub display_name: Option<String>,
    /// What it costs.
    pub fixed_amount: FixedAmount,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `exclusive`, `inclusive` or `unspecified`. Nothing is reckoned by it.
    pub tax_behavior: Option<&'static str>,
    /// As given; nothing is reckoned by it.
    pub tax_code: Option<String>,
    /// `fixed_amount`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// How long a parcel is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryEstimate {
    /// At the latest.
    pub maximum: Option<DeliveryBound>,
    /// At the earliest.
    pub minimum: Option<DeliveryBound>,
}

/// One end of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryBound {
    /// `hour`, `day`, `business_day`, `week` or `month`.
    pub unit: &'static str,
    /// How many.
    pub value: u16,
}

/// An amount of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FixedAmount {
    /// In minor units.
    pub amount: i64,
    /// Three small letters.
    pub currency: String,
}
