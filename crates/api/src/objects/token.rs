//! `token`: a card or a bank account under a name that can be used once.

use schemars::JsonSchema;
use serde::Serialize;

use super::{BankAccount, Metadata, Null};

object_words! {
    /// `token`
    TokenWord = "token";
    /// `card`
    CardWord = "card";
}

/// A card or a bank account under a name that can be used once.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Token {
    /// `tok_...` for a card, `btok_...` for a bank account.
    pub id: String,
    /// `token`
    pub object: TokenWord,
    /// The bank account, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<BankAccount>,
    /// The card, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// Not noted.
    pub client_ip: Null,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// Whether real money is moved.
    pub livemode: bool,
    /// `card` or `bank_account`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether it was used: it cannot be used again.
    pub used: bool,
}

/// A card as its token shows it. Its number is nowhere.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Card {
    /// `card_...`
    pub id: String,
    /// `card`
    pub object: CardWord,
    /// `Visa`, `MasterCard`, `American Express`, `Discover` or `Unknown`.
    pub brand: &'static str,
    /// The country of the bank, two letters (ISO 3166-1), where it is known.
    pub country: Option<String>,
    /// It is nobody's yet.
    pub customer: Null,
    /// What the bank found when it compared the security code: `unchecked` before it is asked.
    pub cvc_check: Option<String>,
    /// Month of expiry, 1 to 12.
    pub exp_month: u8,
    /// Year of expiry, four digits.
    pub exp_year: u16,
    /// The same for the same card.
    pub fingerprint: Option<String>,
    /// `credit`, `debit`, `prepaid` or `unknown`.
    pub funding: String,
    /// The last four digits.
    pub last4: String,
    /// The platform writes nothing on it.
    pub metadata: Metadata,
    /// The name on the card, where the buyer gave one.
    pub name: Option<String>,
    /// What is not asked for.
    #[serde(flatten)]
    pub nulls: CardNulls,
}

/// Fields of [`Card`] that are always null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardNulls {
    address_city: Null,
    address_country: Null,
    address_line1: Null,
    address_line1_check: Null,
    address_line2: Null,
    address_state: Null,
    address_zip: Null,
    address_zip_check: Null,
    dynamic_last4: Null,
    regulated_status: Null,
    tokenization_method: Null,
}
