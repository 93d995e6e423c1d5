//! What the platform says about a payment beside its sum: what the buyer's statement shows, where
//! the goods go, to whom the money goes on. The core keeps and shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::id::SellerId;
use crate::money::Money;
use crate::payment::capture_method::CaptureWords;
use crate::payment::details::{AmountDetails, CardTerms, PaymentDetails};
use crate::stored::is_default;

/// What the platform says about a payment, as far as it is not in the payment's own fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// Who says when the card is charged.
    pub confirmation: Confirmation,
    /// What the buyer's statement shows, whole.
    pub statement_descriptor: Option<String>,
    /// What it shows after the platform's name.
    pub statement_descriptor_suffix: Option<String>,
    /// Where the goods go.
    pub shipping: Option<Shipping>,
    /// The seller whose business it is.
    pub on_behalf_of: Option<SellerId>,
    /// To whom the money goes on, once it is taken.
    pub transfer_data: Option<TransferData>,
    /// What the platform keeps of it, in the payment's currency.
    pub application_fee: Option<Money>,
    /// Whether the bank is to be told to ask the buyer.
    pub three_d_secure: ThreeDSecure,
    /// What the request said of when the money is taken.
    pub capture_words: CaptureWords,
    /// Whether the choice among the ways to pay is ours, and whether it may leave the shop's page.
    pub automatic_methods: Option<Redirects>,
    /// The ways to pay that the platform allows; all of them when it does not say.
    pub allowed_types: Option<Vec<String>>,
    /// The ways to pay that the platform excludes.
    pub excluded_types: Option<Vec<String>>,
    /// Where the shop wants the buyer back after the bank's page.
    pub return_url: Option<String>,
    /// How a card is charged.
    #[serde(skip_serializing_if = "is_default")]
    pub card: CardTerms,
    /// The shop's and the buyer's own names of the purchase.
    pub details: Option<PaymentDetails>,
    /// What the sum is made of.
    pub amounts: Option<Box<AmountDetails>>,
    /// The visit to the shop, as a script of its page named it.
    pub radar_session: Option<String>,
}

/// Who says when the card is charged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The buyer's browser or the shop's server.
    #[default]
    Automatic,
    /// The shop's server only.
    Manual,
}

/// Where the goods of a payment go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipping {
    /// To where.
    pub address: Address,
    /// By whom, if known.
    pub carrier: Option<String>,
    /// To whom.
    pub name: String,
    /// The recipient's phone.
    pub phone: Option<String>,
    /// The carrier's number of the parcel.
    pub tracking_number: Option<String>,
}

/// To whom the money of a payment goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferData {
    /// The seller.
    pub destination: SellerId,
    /// How much of it, in the payment's currency; all of it, less the fee, when not given.
    pub amount: Option<Money>,
    /// For the seller's own list.
    #[serde(default)]
    pub description: Option<String>,
    /// Notes on the transfer.
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// What the seller's own payment is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentData>,
}

/// What the payment at the seller's is to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentData {
    /// For the seller's own list.
    pub description: Option<String>,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
}

/// Whether the bank is to be told to ask the buyer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreeDSecure {
    /// Only when the bank wants it.
    #[default]
    Automatic,
    /// Whenever it is possible.
    Any,
    /// Whenever it is possible, and with a question rather than silently.
    Challenge,
}

impl ThreeDSecure {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            ThreeDSecure::Automatic => "automatic",
            ThreeDSecure::Any => "any",
            ThreeDSecure::Challenge => "challenge",
        }
    }
}

/// Whether a way to pay may lead the buyer to another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Redirects {
    /// It may.
    Always,
    /// It may not; a card's bank may all the same.
    Never,
}

/// Where the buyer goes after the bank's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnTo {
    /// The shop's page.
    pub url: String,
    /// The start of the address of our own page, which the bank leads to and which leads on to the
    /// shop's: `/` and the payment's id, `/` and its secret and `/return` are added to it.
    pub page: String,
}

/// What a charge repeats of its payment, as it was when the card was tried, and what is said of
/// the charge itself afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ChargeNotes {
    /// For the platform's own use.
    pub description: Option<String>,
    /// Where a receipt goes.
    pub receipt_email: Option<String>,
    /// Links the charge with transfers.
    pub transfer_group: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// What the payment said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub notes: Notes,
    /// What the platform thinks of it.
    pub fraud_report: Option<FraudReport>,
}

/// What the platform thinks of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FraudReport {
    /// The cardholder did not make it.
    Fraudulent,
    /// It is good.
    Safe,
}

impl FraudReport {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            FraudReport::Fraudulent => "fraudulent",
            FraudReport::Safe => "safe",
        }
    }
}

/// The longest text on a statement, in characters: a card network's message has 22 for the
/// merchant's name (ISO 8583, field 43).
pub const DESCRIPTOR_CHARS_MAX: usize = 22;
/// What stands on statements where the platform says nothing.
const DESCRIPTOR_DEFAULT: &str = "HOLDFAST";

impl Notes {
    /// What the buyer's statement shows: at most [`DESCRIPTOR_CHARS_MAX`] characters.
    pub fn descriptor(&self) -> String {
        let name = self.statement_descriptor.as_deref().unwrap_or(DESCRIPTOR_DEFAULT);
        let whole = match &self.statement_descriptor_suffix {
            Some(suffix) => format!("{name}* {suffix}"),
            None => name.to_owned(),
        };
        whole.chars().take(DESCRIPTOR_CHARS_MAX).collect()
    }

    /// Whether the money's way is the same in both: what it is called at the bank, to whom it goes
    /// on, and what the platform keeps.
    pub(crate) fn same_way(&self, other: &Notes) -> bool {
        self.statement_descriptor == other.statement_descriptor
            && self.statement_descriptor_suffix == other.statement_descriptor_suffix
            && self.transfer_data == other.transfer_data
            && self.application_fee == other.application_fee
    }

    /// Whether a card would be charged in the same way under both.
    pub(crate) fn same_charge(&self, other: &Notes) -> bool {
        self.confirmation == other.confirmation
            && self.on_behalf_of == other.on_behalf_of
            && self.three_d_secure == other.three_d_secure
            && self.capture_words == other.capture_words
            && self.automatic_methods == other.automatic_methods
            && self.allowed_types == other.allowed_types
            && self.excluded_types == other.excluded_types
            && self.return_url == other.return_url
            && self.card == other.card
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_shows_what_the_platform_wants_as_far_as_there_is_room() {
        let table = [
            (None, None, "HOLDFAST"),
            (Some("BAZAAR"), None, "BAZAAR"),
            (Some("BAZAAR"), Some("LAMPS"), "BAZAAR* LAMPS"),
            (None, Some("TWO LONG LAMPS"), "HOLDFAST* TWO LONG LAM"),
        ];
        for (whole, suffix, expected) in table {
            let notes = Notes {
                statement_descriptor: whole.map(str::to_owned),
                statement_descriptor_suffix: suffix.map(str::to_owned),
                ..Notes::default()
            };
            assert_eq!(notes.descriptor(), expected);
        }
    }
}
