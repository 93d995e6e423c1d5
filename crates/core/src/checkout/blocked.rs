//! Cards that a shop does not take, whatever their bank would say.

use serde::{Deserialize, Serialize};

use crate::payment::card::CardSummary;

/// The cards that a shop does not take.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockedCards {
    /// Of these brands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<BlockedBrand>,
    /// Of these kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fundings: Vec<BlockedFunding>,
}

impl BlockedCards {
    /// Whether every card is taken.
    pub fn is_empty(&self) -> bool {
        self.brands.is_empty() && self.fundings.is_empty()
    }

    /// Whether this card is one of them. Of a card of two brands its own counts, not the network
    /// that may carry it as well.
    pub fn covers(&self, card: &CardSummary) -> bool {
        self.brands.iter().any(|brand| brand.covers(&card.brand))
            || self.fundings.iter().any(|funding| funding.name() == card.funding)
    }
}

/// A brand that may be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockedBrand {
    /// American Express.
    AmericanExpress,
    /// Discover, and what its network carries.
    DiscoverGlobalNetwork,
    /// Mastercard.
    Mastercard,
    /// Visa.
    Visa,
}

impl BlockedBrand {
    /// All of them.
    pub const ALL: [BlockedBrand; 4] = [
        BlockedBrand::AmericanExpress,
        BlockedBrand::DiscoverGlobalNetwork,
        BlockedBrand::Mastercard,
        BlockedBrand::Visa,
    ];

    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            BlockedBrand::AmericanExpress => "american_express",
            BlockedBrand::DiscoverGlobalNetwork => "discover_global_network",
            BlockedBrand::Mastercard => "mastercard",
            BlockedBrand::Visa => "visa",
        }
    }

    /// Whether cards of a brand, by the word of their summary, are blocked with it.
    pub fn covers(self, brand: &str) -> bool {
        match self {
            BlockedBrand::AmericanExpress => brand == "amex",
            BlockedBrand::DiscoverGlobalNetwork => {
                ["discover", "diners", "jcb", "unionpay"].contains(&brand)
            }
            BlockedBrand::Mastercard => brand == "mastercard",
            BlockedBrand::Visa => brand == "visa",
        }
    }
}

/// A kind of cards that may be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockedFunding {
    /// Credit cards.
    Credit,
    /// Debit cards.
    Debit,
    /// Cards that are loaded before.
    Prepaid,
}

impl BlockedFunding {
    /// All of them.
    pub const ALL: [BlockedFunding; 3] =
        [BlockedFunding::Credit, BlockedFunding::Debit, BlockedFunding::Prepaid];

    /// The word of the wire and of a card's summary.
    pub fn name(self) -> &'static str {
        match self {
            BlockedFunding::Credit => "credit",
            BlockedFunding::Debit => "debit",
            BlockedFunding::Prepaid => "prepaid",
        }
    }
}
