//! `bank_account`: where payouts go.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Account, Expandable, Metadata, Null};

object_words! {
    /// `bank_account`
    BankAccountWord = "bank_account";
}

/// A bank account of a seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BankAccount {
    /// `ba_...`
    pub id: String,
    /// `bank_account`
    pub object: BankAccountWord,
    /// Whose it is.
    pub account: Option<Expandable<Account>>,
    /// Its holder's name.
    pub account_holder_name: Option<String>,
    /// `individual` or `company`.
    pub account_holder_type: Option<&'static str>,
    /// Not asked for.
    pub account_type: Null,
    /// `standard`, and `instant` where the country's banks take it.
    pub available_payout_methods: Vec<&'static str>,
    /// Of the sandbox.
    pub bank_name: Option<String>,
    /// Two letters (ISO 3166-1).
    pub country: String,
    /// Three small letters.
    pub currency: String,
    /// It is a seller's, not a buyer's.
    pub customer: Null,
    /// Whether payouts in its currency that name no account go here.
    pub default_for_currency: bool,
    /// The same for the same number.
    pub fingerprint: Option<String>,
    /// Nothing is asked about it.
    pub future_requirements: Null,
    /// The last four characters of its number.
    pub last4: String,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Nothing is asked about it.
    pub requirements: Null,
    /// The bank's number, where the country has one.
    pub routing_number: Option<String>,
    /// `new`, or `errored` once its bank has refused a payout: then payouts to it are stopped.
    pub status: &'static str,
}
