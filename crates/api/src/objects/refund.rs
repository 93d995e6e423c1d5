//! `refund`: money on its way back to the buyer's card.

use schemars::JsonSchema;
use serde::Serialize;

use super::{BalanceTransaction, Charge, Expandable, Metadata, Null, PaymentIntent};

object_words! {
    /// `refund`
    RefundWord = "refund";
}

/// Money on its way back to the buyer's card.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Refund {
    /// `re_...`
    pub id: String,
    /// `refund`
    pub object: RefundWord,
    /// How much.
    pub amount: i64,
    /// Its entry in the balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// The charge it goes back to.
    pub charge: Option<Expandable<Charge>>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// How it goes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_details: Option<DestinationDetails>,
    /// The entry in the balance of what came back, only if it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// Why it failed, only if it did: `expired_or_canceled_card`, `lost_or_stolen_card`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The payment it goes back to.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// What it goes back to.
    pub payment_method: Option<String>,
    /// Why it is not done yet, only while pending: `processing`, `charge_pending`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_reason: Option<&'static str>,
    /// `duplicate`, `fraudulent`, `requested_by_customer`, `expired_uncaptured_charge`.
    pub reason: Option<String>,
    /// `pending`, `requires_action`, `succeeded`, `failed`, `canceled`.
    pub status: Option<&'static str>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: RefundNulls,
}

/// The fields of a refund that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct RefundNulls {
    pub customer: Null,
    pub customer_account: Null,
    pub receipt_number: Null,
    pub source_transfer_reversal: Null,
    pub transfer_reversal: Null,
}

/// How a refund goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DestinationDetails {
    /// To the card.
    pub card: CardDestination,
    /// `card`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// How a refund goes back to a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardDestination {
    /// `refund` of what was captured, `reversal` of what was only authorized, `pending`.
    #[serde(rename = "type")]
    pub kind: &'static str,
}
