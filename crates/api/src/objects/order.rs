//! `order`: one seller's part of a checkout. Holdfast's own object, by the conventions of the
//! dialect. Orders of one checkout share its `payment_intent`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Expandable, HeldFunds, Metadata, PaymentIntent, Shipping};

object_words! {
    /// `order`
    OrderWord = "order";
    /// `order.line`
    OrderLineWord = "order.line";
    /// `order.shipment`
    ShipmentWord = "order.shipment";
}

/// One seller's part of a checkout.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Order {
    /// `ord_...`
    pub id: String,
    /// `order`
    pub object: OrderWord,
    /// What promotions took off.
    pub amount_discount: i64,
    /// What went back to the buyer.
    pub amount_refunded: i64,
    /// What the buyer pays for shipping.
    pub amount_shipping: i64,
    /// The lines without shipping and tax.
    pub amount_subtotal: i64,
    /// Tax.
    pub amount_tax: i64,
    /// What the buyer pays: subtotal and shipping and tax less discount.
    pub amount_total: i64,
    /// The buyer's wish to cancel that the seller has not answered.
    pub cancel_request: Option<CancelRequest>,
    /// When it was cancelled.
    pub canceled_at: Option<i64>,
    /// Why: `requested_by_buyer`, `requested_by_seller`, `requested_by_platform`, `not_shipped`,
    /// `authorization_ending`, `refunded`.
    pub cancellation_reason: Option<&'static str>,
    /// The session it was bought in.
    pub checkout_session: Option<String>,
    /// The buyer's claim that nobody has ruled on yet.
    pub claim: Option<Claim>,
    /// When it was completed.
    pub completed_at: Option<i64>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// When the goods were delivered.
    pub delivered_at: Option<i64>,
    /// What is kept for it, once captured.
    pub held_funds: Option<Expandable<HeldFunds>>,
    /// What was bought.
    pub lines: Vec<OrderLine>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The payment, shared with the other orders of the checkout.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// Until when the buyer is protected; then the seller gets the money.
    pub protection_ends_at: Option<i64>,
    /// How often the buyer may still extend that; null in events.
    pub protection_extensions_left: Option<i64>,
    /// The seller's account.
    pub seller: String,
    /// When it must have been shipped.
    pub ship_by: Option<i64>,
    /// What has been shipped.
    pub shipments: Vec<Shipment>,
    /// Where the goods go.
    pub shipping: Option<Shipping>,
    /// `awaiting_payment`, `risk_review`, `awaiting_shipment`, `partially_shipped`, `shipped`,
    /// `delivered`, `completed`, `canceled`, `in_claim` or `refunded`.
    pub status: &'static str,
    /// The buyer's page of the order. Its secret lets whoever holds it confirm and claim; null in
    /// events.
    pub url: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OrderLine {
    /// `li_...`, as on the session.
    pub id: String,
    /// `order.line`
    pub object: OrderLineWord,
    /// What promotions took off.
    pub amount_discount: i64,
    /// Without tax.
    pub amount_subtotal: i64,
    /// With tax, less discount.
    pub amount_total: i64,
    /// Three small letters.
    pub currency: String,
    /// The name of the product.
    pub description: String,
    /// 1 or more.
    pub quantity: i64,
    /// For one.
    pub unit_amount: i64,
}

/// One parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shipment {
    /// `order.shipment`
    pub object: ShipmentWord,
    /// Who carries it.
    pub carrier: Option<String>,
    /// When it was shipped.
    pub shipped_at: i64,
    /// The carrier's number.
    pub tracking_number: Option<String>,
}

/// A buyer's wish to cancel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CancelRequest {
    /// Why, in the buyer's words.
    pub reason: Option<String>,
    /// When it was said.
    pub requested_at: i64,
    /// When the seller's silence counts as a yes.
    pub respond_by: i64,
}

/// A buyer's claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Claim {
    /// What is wrong, in the buyer's words.
    pub description: Option<String>,
    /// When it was opened.
    pub opened_at: i64,
    /// `not_received`, `not_as_described`, `damaged`, `other`.
    pub reason: String,
}
