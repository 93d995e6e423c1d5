//! `dispute` and `radar.early_fraud_warning`: what the cardholder's bank raised about a charge.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{BalanceTransaction, Charge, Expandable, Metadata, Null, PaymentIntent};

object_words! {
    /// `dispute`
    DisputeWord = "dispute";
    /// `radar.early_fraud_warning`
    EarlyFraudWarningWord = "radar.early_fraud_warning";
}

/// The cardholder objects to a charge at the bank.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dispute {
    /// `dp_...`
    pub id: String,
    /// `dispute`
    pub object: DisputeWord,
    /// How much.
    pub amount: i64,
    /// What the network took back, and returned.
    pub balance_transactions: Vec<BalanceTransaction>,
    /// The charge.
    pub charge: Expandable<Charge>,
    /// When it became known.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Kinds of evidence of the networks' own programmes, of which none is spoken here.
    pub enhanced_eligibility_types: [Null; 0],
    /// What the platform says against it.
    pub evidence: DisputeEvidence,
    /// Until when evidence is waited for, and what was given.
    pub evidence_details: EvidenceDetails,
    /// Always null: evidence is submitted by whoever calls.
    pub intended_submission_method: Null,
    /// Whether the money may still be given back in the ordinary way.
    pub is_charge_refundable: bool,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The network's own code of the reason.
    pub network_reason_code: Option<String>,
    /// The payment.
    pub payment_intent: Option<Expandable<PaymentIntent>>,
    /// The card's network, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_details: Option<DisputeMethodDetails>,
    /// `fraudulent`, `product_not_received`, `general`, ...
    pub reason: String,
    /// `needs_response`, `under_review`, `won`, `lost`, `warning_needs_response`, ...
    pub status: &'static str,
}

/// Evidence: each field that the dialect knows, null where nothing was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisputeEvidence {
    /// The texts and the ids of files.
    #[serde(flatten)]
    pub fields: BTreeMap<&'static str, Option<String>>,
    /// An empty object: none of the networks' own programmes is spoken here.
    pub enhanced_evidence: Empty,
}

/// An empty object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Empty {}

/// Until when evidence is waited for, and what was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceDetails {
    /// Until when; null when it is not waited for.
    pub due_by: Option<i64>,
    /// An empty object.
    pub enhanced_eligibility: Empty,
    /// Whether any evidence is kept.
    pub has_evidence: bool,
    /// Whether it is too late.
    pub past_due: bool,
    /// How often it was given to the bank.
    pub submission_count: u32,
    /// `manual` or `not_submitted`.
    pub submission_method: &'static str,
}

/// The card of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisputeMethodDetails {
    /// The card.
    pub card: DisputeCard,
    /// `card`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// The card of a dispute, and its network's view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DisputeCard {
    /// The brand.
    pub brand: String,
    /// `chargeback` or `inquiry`.
    pub case_type: &'static str,
    /// The network.
    pub network: String,
    /// Its own code of the reason.
    pub network_reason_code: Option<String>,
}

/// The cardholder's bank says that a charge was fraud, before any dispute.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EarlyFraudWarning {
    /// `issfr_...`
    pub id: String,
    /// `radar.early_fraud_warning`
    pub object: EarlyFraudWarningWord,
    /// Whether giving the money back may still prevent a dispute.
    pub actionable: bool,
    /// The charge.
    pub charge: Expandable<Charge>,
    /// When it became known.
    pub created: i64,
    /// `unauthorized_use_of_card`, `made_with_lost_card`, ...
    pub fraud_type: String,
    /// Whether it is real money.
    pub livemode: bool,
    /// The payment.
    pub payment_intent: Expandable<PaymentIntent>,
}
