//! `application_fee` and `fee_refund`: the platform's part of a charge that went on to a seller.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Account, BalanceTransaction, Charge, Expandable, List, Metadata};

object_words! {
    /// `application_fee`
    ApplicationFeeWord = "application_fee";
    /// `fee_refund`
    FeeRefundWord = "fee_refund";
}

/// The platform's part of a charge that went on to a seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ApplicationFee {
    /// `fee_...`
    pub id: String,
    /// `application_fee`
    pub object: ApplicationFeeWord,
    /// The seller's account.
    pub account: Expandable<Account>,
    /// How much.
    pub amount: i64,
    /// What was given back of it.
    pub amount_refunded: i64,
    /// The platform.
    pub application: String,
    /// Its entry in the platform's balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// The charge.
    pub charge: Expandable<Charge>,
    /// When it was taken.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// What it was taken of.
    pub fee_source: Option<FeeSource>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The charge once more.
    pub originating_transaction: Option<Expandable<Charge>>,
    /// Whether all of it was given back.
    pub refunded: bool,
    /// The newest refunds; the list of their own has the rest.
    pub refunds: List<FeeRefund>,
}

/// What a fee was taken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FeeSource {
    /// The charge.
    pub charge: String,
    /// `charge`
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// Some of a fee given back to the seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FeeRefund {
    /// `fr_...`
    pub id: String,
    /// `fee_refund`
    pub object: FeeRefundWord,
    /// How much.
    pub amount: i64,
    /// Its entry in the platform's balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// When it was given back.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// The fee.
    pub fee: Expandable<ApplicationFee>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
}
