//! `balance`: what a platform or a seller has, by currency.

use schemars::JsonSchema;
use serde::Serialize;

object_words! {
    /// `balance`
    BalanceWord = "balance";
}

/// What a platform or a seller has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Balance {
    /// `balance`
    pub object: BalanceWord,
    /// What can be transferred or paid out.
    pub available: Vec<Funds>,
    /// What is kept back for sellers that owe: nothing, for they cannot owe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_reserved: Option<Vec<Funds>>,
    /// What can be paid out within minutes.
    pub instant_available: Vec<Funds>,
    /// Whether it is real money.
    pub livemode: bool,
    /// What is on its way to `available`: what the processor has not settled, and what is held
    /// for orders.
    pub pending: Vec<Funds>,
}

/// An amount of one currency and what it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Funds {
    /// May be negative.
    pub amount: i64,
    /// Three small letters.
    pub currency: String,
    /// All of it came by card.
    pub source_types: SourceTypes,
}

/// An amount by what it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceTypes {
    /// By card.
    pub card: i64,
}

impl Funds {
    /// An amount that came by card.
    pub fn by_card(amount: i64, currency: String) -> Funds {
        Funds { amount, currency, source_types: SourceTypes { card: amount } }
    }
}
