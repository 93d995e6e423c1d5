//! `balance_transaction`: an entry of the journal as its owner sees it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ApplicationFee, Charge, Dispute, FeeRefund, Null, Payout, Refund, Topup, Transfer,
    TransferReversal,
};

object_words! {
    /// `balance_transaction`
    BalanceTransactionWord = "balance_transaction";
}

/// What one entry of the journal changed of a balance. Nothing is ever edited: what turns out
/// otherwise is a new one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BalanceTransaction {
    /// `txn_...`
    pub id: String,
    /// `balance_transaction`
    pub object: BalanceTransactionWord,
    /// What it is about, before fees; less than nothing where the balance sank.
    pub amount: i64,
    /// When the processor settles it.
    pub available_on: i64,
    /// `payments`
    pub balance_type: &'static str,
    /// When it was posted.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// What it is about, in words.
    pub description: Option<String>,
    /// Always null: nothing is exchanged.
    pub exchange_rate: Null,
    /// What was taken of it.
    pub fee: i64,
    /// By whom and why.
    pub fee_details: Vec<FeeDetail>,
    /// What the balance changed by: `amount` less `fee`.
    pub net: i64,
    /// The word under which reports add it up.
    pub reporting_category: &'static str,
    /// What it is about: the charge, the refund, the transfer, the payout.
    pub source: Option<Source>,
    /// `available`, or `pending` until it is settled.
    pub status: &'static str,
    /// What it is: `charge`, `refund`, `transfer`, `payout`, ...
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A part of a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeeDetail {
    /// How much.
    pub amount: i64,
    /// Always null: platforms are not applications of others here.
    pub application: Null,
    /// Three small letters.
    pub currency: String,
    /// In words.
    pub description: Option<String>,
    /// `application_fee`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// What an entry is about: its id, or the whole object where `expand[]` asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Source {
    /// The id.
    Id(String),
    /// The charge of a buyer's card.
    Charge(Box<Charge>),
    /// What went back to a card.
    Refund(Box<Refund>),
    /// What the bank took back.
    Dispute(Box<Dispute>),
    /// The platform's part.
    ApplicationFee(Box<ApplicationFee>),
    /// What went back of that.
    FeeRefund(Box<FeeRefund>),
    /// What went on to a seller.
    Transfer(Box<Transfer>),
    /// What came back from there.
    TransferReversal(Box<TransferReversal>),
    /// What went to a bank.
    Payout(Box<Payout>),
    /// What the platform added.
    Topup(Box<Topup>),
}
