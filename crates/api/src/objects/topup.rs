//! `topup`: money that the platform adds to its own balance.

use schemars::JsonSchema;
use serde::Serialize;

use super::{BalanceTransaction, Expandable, Metadata, Null};

object_words! {
    /// `topup`
    TopupWord = "topup";
}

/// Money that the platform adds to its own balance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Topup {
    /// `tu_...`
    pub id: String,
    /// `topup`
    pub object: TopupWord,
    /// How much.
    pub amount: i64,
    /// Its entry in the platform's balance.
    pub balance_transaction: Option<Expandable<BalanceTransaction>>,
    /// When it was asked for.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// The platform's own text.
    pub description: Option<String>,
    /// When it can be used.
    pub expected_availability_date: Option<i64>,
    /// `user`
    pub initiated_by: Option<&'static str>,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// What the bank's statement shows.
    pub statement_descriptor: Option<String>,
    /// `pending`, `succeeded`, `canceled`.
    pub status: &'static str,
    /// Links it with payments and transfers.
    pub transfer_group: Option<String>,
    /// What Holdfast never fills.
    #[serde(flatten)]
    pub nulls: TopupNulls,
}

/// The fields of a top-up that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[expect(missing_docs, reason = "null, and named by the dialect")]
pub struct TopupNulls {
    pub failure_code: Null,
    pub failure_message: Null,
    pub source: Null,
}
