//! How a card is charged, what a sum is made of, and what a purchase is called.

use schemars::JsonSchema;
use serde::Serialize;

use super::{List, Metadata, Null};

object_words! {
    /// `payment_intent_amount_details_line_item`
    AmountLineItemWord = "payment_intent_amount_details_line_item";
}

/// How to pay by card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardOptions {
    /// `manual` where only cards are captured by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capture_method: Option<&'static str>,
    /// Not offered.
    pub installments: Null,
    /// What the buyer has agreed to be charged with in future.
    pub mandate_options: Option<MandateOptions>,
    /// The brand that the buyer chose on a card of two.
    pub network: Option<String>,
    /// `never` or `if_available`: whether the hold is to last longer than usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_extended_authorization: Option<&'static str>,
    /// `never` or `if_available`: whether the hold is to be one that can grow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_incremental_authorization: Option<&'static str>,
    /// `never` or `if_available`: whether the hold is to be taken in parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_multicapture: Option<&'static str>,
    /// `never` or `if_available`: whether more than the hold is to be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_overcapture: Option<&'static str>,
    /// `automatic`, `any` or `challenge`.
    pub request_three_d_secure: Option<&'static str>,
    /// Whether the buyer is asked for the security code of a kept card again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_cvc_recollection: Option<bool>,
    /// `installment`, `recurring` or `unscheduled`: what the card is kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_credential_usage: Option<&'static str>,
    /// `none`, `on_session` or `off_session`, where cards differ from the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_future_usage: Option<&'static str>,
    /// `installment`, `recurring` or `unscheduled`: what the kept card is charged for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_credential_usage: Option<&'static str>,
}

/// How to keep each method without a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetupMethodOptions {
    /// A card.
    pub card: SetupCardOptions,
}

/// How to keep a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SetupCardOptions {
    /// What the buyer has agreed to be charged with in future.
    pub mandate_options: Option<MandateOptions>,
    /// The brand that the buyer chose on a card of two.
    pub network: Option<String>,
    /// `automatic`, `any` or `challenge`.
    pub request_three_d_secure: Option<&'static str>,
    /// `installment`, `recurring` or `unscheduled`: what the card is kept for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub setup_credential_usage: Option<&'static str>,
}

/// What a buyer has agreed to be charged with in future.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MandateOptions {
    /// How much each time.
    pub amount: i64,
    /// `fixed` or `maximum`.
    pub amount_type: &'static str,
    /// Three small letters; absent where the payment beside it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What for.
    pub description: Option<String>,
    /// Until when.
    pub end_date: Option<i64>,
    /// `day`, `week`, `month`, `year` or `sporadic`.
    pub interval: &'static str,
    /// How many of them lie between two charges.
    pub interval_count: Option<u16>,
    /// The platform's own name of it.
    pub reference: String,
    /// From when on.
    pub start_date: i64,
    /// `india` where it is one as Indian banks want it.
    pub supported_types: Option<Vec<&'static str>>,
}

/// What the purchase is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentDetails {
    /// At the buyer's.
    pub customer_reference: Option<String>,
    /// At the shop's.
    pub order_reference: Option<String>,
}

/// What a sum is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AmountDetails {
    /// What the whole was reduced by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_amount: Option<i64>,
    /// What is wrong with it, where it was to be noted and not refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<AmountError>,
    /// The things bought, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line_items: Option<List<AmountLineItem>>,
    /// The way to the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<AmountShipping>,
    /// On the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<AmountTax>,
}

/// What is wrong with the parts of a sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AmountError {
    /// `amount_details_amount_mismatch` or
    /// `amount_details_tax_shipping_discount_greater_than_amount`.
    pub code: &'static str,
    /// In a sentence.
    pub message: &'static str,
}

/// What sending costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AmountShipping {
    /// How much.
    pub amount: Option<i64>,
    /// From where.
    pub from_postal_code: Option<String>,
    /// To where.
    pub to_postal_code: Option<String>,
}

/// Tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AmountTax {
    /// All of it.
    pub total_tax_amount: i64,
}

/// One of the things that a sum is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AmountLineItem {
    /// `uli_...`
    pub id: String,
    /// `payment_intent_amount_details_line_item`
    pub object: AmountLineItemWord,
    /// What it was reduced by.
    pub discount_amount: Option<i64>,
    /// Not used.
    pub payment_method_options: Null,
    /// The platform's own code of it.
    pub product_code: Option<String>,
    /// Its name.
    pub product_name: String,
    /// How many.
    pub quantity: i64,
    /// On it.
    pub tax: Option<AmountTax>,
    /// The price of one.
    pub unit_cost: i64,
    /// What one is.
    pub unit_of_measure: Option<String>,
}

/// What the payment at the seller's is to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentData {
    /// For the seller's own list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// On it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// What a script of the shop's page said of the visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RadarOptions {
    /// The visit.
    pub session: String,
}

/// Whether an authorization can grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncrementalAuthorization {
    /// `available` or `unavailable`.
    pub status: &'static str,
}
