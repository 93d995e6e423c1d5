//! `payout`: a balance on its way to a bank account.

use schemars::JsonSchema;
use serde::Serialize;

use super::{BalanceTransaction, BankAccount, Expandable, Metadata, Null};

object_words! {
    /// `payout`
    PayoutWord = "payout";
}

/// A payout.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Payout {
    /// `po_...`
    pub id: String,
    /// `payout`
    pub object: PayoutWord,
    /// In minor units.
    pub amount: i64,
    /// Nobody takes a fee of a payout.
    pub application_fee: Null,
    /// Nobody takes a fee of a payout.
    pub application_fee_amount: Null,
    /// When it is expected at the bank.
    pub arrival_date: i64,
    /// Whether a schedule made it.
    pub automatic: bool,
    /// What took it out of the balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where it goes.
    pub destination: Option<Expandable<BankAccount>>,
    /// What put it back into the balance.
    pub failure_balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// Why it failed, by the bank's code.
    pub failure_code: Option<String>,
    /// Why it failed, in words.
    pub failure_message: Option<String>,
    /// Whether real money moves.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `standard` or `instant`.
    pub method: &'static str,
    /// Payouts are not reversed.
    pub original_payout: Null,
    /// Not used.
    pub payout_method: Null,
    /// `not_applicable`: which sales it pays out is not said for payouts asked for by hand.
    pub reconciliation_status: &'static str,
    /// Payouts are not reversed.
    pub reversed_by: Null,
    /// `card`, `bank_account` or `fpx`, as it was asked for.
    pub source_type: &'static str,
    /// What the bank's statement says.
    pub statement_descriptor: Option<String>,
    /// `pending`, `in_transit`, `paid`, `failed` or `canceled`.
    pub status: &'static str,
    /// The bank's own name for it.
    pub trace_id: Option<TraceId>,
    /// `bank_account`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A bank's own name for a payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TraceId {
    /// `supported` once there is one.
    pub status: &'static str,
    /// The name.
    pub value: Option<String>,
}
