//! `held_funds`: what Holdfast keeps of one order until the buyer has the goods. Holdfast's own
//! object, by the conventions of the dialect.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Expandable, Metadata, Order};

object_words! {
    /// `held_funds`
    HeldFundsWord = "held_funds";
    /// `held_funds.release`
    HeldFundsReleaseWord = "held_funds.release";
}

/// What is kept of one order. At any time `amount` is the sum of `amount_held`,
/// `amount_released` and `amount_refunded`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HeldFunds {
    /// `hf_...`
    pub id: String,
    /// `held_funds`
    pub object: HeldFundsWord,
    /// All that was ever captured for the order.
    pub amount: i64,
    /// What is still kept.
    pub amount_held: i64,
    /// What went back to the buyer.
    pub amount_refunded: i64,
    /// What a release may take just now: nothing while frozen.
    pub amount_releasable: i64,
    /// What went to the seller, before the platform's fee.
    pub amount_released: i64,
    /// When it was made.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// Whether a claim or an operator keeps it from being released.
    pub frozen: bool,
    /// Whether it is real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// The order.
    pub order: Expandable<Order>,
    /// When it is released by itself; null while no such time is known.
    pub release_after: Option<i64>,
    /// Why the last release was: `buyer_confirmed`, `protection_ended`, `ruling`, `operator`.
    pub release_reason: Option<&'static str>,
    /// The seller's account.
    pub seller: String,
    /// `holding`, `frozen`, `released` or `refunded`; the last two when nothing is left.
    pub status: &'static str,
}

/// One release of held funds to a seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeldFundsRelease {
    /// `hfr_...`
    pub id: String,
    /// `held_funds.release`
    pub object: HeldFundsReleaseWord,
    /// What was released.
    pub amount: i64,
    /// When.
    pub created: i64,
    /// Three small letters.
    pub currency: String,
    /// The platform's part of it.
    pub fee: i64,
    /// What it was released from.
    pub held_funds: String,
    /// Whether it is real money.
    pub livemode: bool,
    /// What the seller got: `amount` less `fee`.
    pub net: i64,
    /// The order.
    pub order: String,
    /// `buyer_confirmed`, `protection_ended`, `ruling`, `operator`.
    pub reason: &'static str,
    /// The seller's account.
    pub seller: String,
}
