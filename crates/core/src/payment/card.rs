//! What is known of a card: its token and its summary. The number is never here.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The processor's single-use name for a card. Grants a charge, so it is not printed.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CardToken(String);

impl CardToken {
    /// A token as the processor wrote it; the edge has checked its form.
    pub fn new(token: String) -> CardToken {
        CardToken(token)
    }

    /// Whether it names a bank account that is debited, and not a card.
    pub fn is_debit(&self) -> bool {
        self.0.starts_with(DEBIT_PREFIX)
    }

    /// The token, to be sent to the processor that made it and to nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// The beginning of the network's names for bank accounts that are debited.
pub const DEBIT_PREFIX: &str = "tok_sepaDebit_";
/// The brand of a summary that is of a bank account that is debited.
pub const DEBIT_BRAND: &str = "sepa_debit";

impl std::fmt::Debug for CardToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CardToken")
    }
}

/// How a check of the card's details at the issuer went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardCheck {
    /// The issuer has the same value.
    Pass,
    /// The issuer has another value.
    Fail,
    /// The issuer did not look.
    Unavailable,
    /// It was not asked.
    Unchecked,
}

impl CardCheck {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            CardCheck::Pass => "pass",
            CardCheck::Fail => "fail",
            CardCheck::Unavailable => "unavailable",
            CardCheck::Unchecked => "unchecked",
        }
    }
}

/// What may be shown of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardSummary {
    /// Brand, as `visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Month of expiry, 1 to 12.
    pub exp_month: u8,
    /// Year of expiry, four digits.
    pub exp_year: u16,
    /// `credit`, `debit`, `prepaid` or `unknown`.
    pub funding: String,
    /// The issuer's country, two letters, when known.
    pub country: Option<String>,
    /// How the security code compared.
    pub cvc_check: CardCheck,
    /// The network's word for the card itself, the same for every token of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The other network that can carry a card of two brands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co_brand: Option<String>,
}

impl CardSummary {
    /// All networks that can carry it, its own brand first.
    pub fn networks(&self) -> Vec<String> {
        let other = self.co_brand.iter().cloned();
        std::iter::once(self.brand.clone()).chain(other).collect()
    }
}

/// What stands behind a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    /// The card.
    pub card: CardSummary,
    /// The name on the card, when the buyer gave one.
    pub name: Option<String>,
    /// When it was made; `None` for those that are published and always there.
    pub created: Option<Timestamp>,
    /// Whether it was used. It cannot be used for anything else then.
    pub used: bool,
}

/// What the network says of a token, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenSeen {
    /// It knows it.
    Known(KnownToken),
    /// It has no such token.
    NotFound,
    /// There is no answer.
    Unknown,
}
