//! `transfer` and `transfer_reversal`: the platform's money moved to a seller, and back.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Account, BalanceTransaction, Charge, Expandable, List, Metadata, Null, Refund};

object_words! {
    /// `transfer`
    TransferWord = "transfer";
    /// `transfer_reversal`
    TransferReversalWord = "transfer_reversal";
}

/// The platform's money moved to a seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Transfer {
    /// `tr_...`
    pub id: String,
    /// `transfer`
    pub object: TransferWord,
    /// How much.
    pub amount: i64,
    /// What was moved back of it.
    pub amount_reversed: i64,
    /// Its entry in the platform's balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// The platform's own text.
    pub description: Option<String>,
    /// The seller's account.
    pub destination: Option<Expandable<Account>>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The newest reversals; the list of their own has the rest.
    pub reversals: List<TransferReversal>,
    /// Whether all of it was moved back.
    pub reversed: bool,
    /// The charge that it came out of.
    pub source_transaction: Option<Expandable<Charge>>,
    /// `card`
    pub source_type: &'static str,
    /// Links it with payments and other transfers.
    pub transfer_group: Option<String>,
}

/// Some of a transfer moved back.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TransferReversal {
    /// `trr_...`
    pub id: String,
    /// `transfer_reversal`
    pub object: TransferReversalWord,
    /// How much.
    pub amount: i64,
    /// Its entry in the platform's balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Always null: a transfer makes no charge at the seller's.
    pub destination_payment_refund: Null,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The refund that asked for it.
    pub source_refund: Option<Expandable<Refund>>,
    /// The transfer.
    pub transfer: Expandable<Transfer>,
}
