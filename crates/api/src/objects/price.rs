//! `item`, `price` and `shipping_rate`: the lines of a checkout session and what they refer to.

use serde::Serialize;

use super::{Metadata, Null};

object_words! {
    /// `item`
    LineItemWord = "item";
    /// `price`
    PriceWord = "price";
    /// `shipping_rate`
    ShippingRateWord = "shipping_rate";
}

/// One line of a checkout session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineItem {
    /// `li_...`
    pub id: String,
    /// `item`
    pub object: LineItemWord,
    /// The buyer may not change the quantity.
    pub adjustable_quantity: Null,
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
    /// The seller's account. Holdfast's own field.
    pub seller: String,
}

/// What one of a thing costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `prod_...`
    pub product: String,
    /// `one_time`
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct PriceNulls {
    pub custom_unit_amount: Null,
    pub lookup_key: Null,
    pub nickname: Null,
    pub recurring: Null,
    pub tax_behavior: Null,
    pub tiers_mode: Null,
    pub transform_quantity: Null,
}

/// A way to ship and what it costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShippingRate {
    /// `shr_...`
    pub id: String,
    /// `shipping_rate`
    pub object: ShippingRateWord,
    /// Whether it may be used again; false for a rate that was given with its session.
    pub active: bool,
    /// When it was made.
    pub created: i64,
    /// Not given.
    pub delivery_estimate: Null,
    /// What the buyer reads.
    pub display_name: Option<String>,
    /// What it costs.
    pub fixed_amount: FixedAmount,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Not given.
    pub tax_behavior: Null,
    /// Not given.
    pub tax_code: Null,
    /// `fixed_amount`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// An amount of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixedAmount {
    /// In minor units.
    pub amount: i64,
    /// Three small letters.
    pub currency: String,
}
