//! The parts of an `account` that are said or set: settings, the terms, and who is behind it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Address, Metadata, Null};

object_words! {
    /// `capability`
    CapabilityWord = "capability";
    /// `person`
    PersonWord = "person";
}

/// What the platform has set for a seller.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AccountSettings {
    /// No marks are kept.
    pub branding: Branding,
    /// Charges by card.
    pub card_payments: CardPaymentSettings,
    /// Its own pages.
    pub dashboard: DashboardSettings,
    /// All charges.
    pub payments: PaymentSettings,
    /// Its payouts.
    pub payouts: PayoutSettings,
}

/// A seller's marks; none are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Branding {
    icon: Null,
    logo: Null,
    primary_color: Null,
    secondary_color: Null,
}

/// What is set for charges by card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardPaymentSettings {
    /// What the buyer's statement says first.
    pub statement_descriptor_prefix: Option<String>,
    /// Not kept.
    pub statement_descriptor_prefix_kana: Null,
    /// Not kept.
    pub statement_descriptor_prefix_kanji: Null,
}

/// What is set for a seller's own pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DashboardSettings {
    /// The name that they show.
    pub display_name: Option<String>,
    /// The zone of their times.
    pub timezone: &'static str,
}

/// What is set for all charges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentSettings {
    /// What the buyer's statement says.
    pub statement_descriptor: Option<String>,
    /// Not kept.
    pub statement_descriptor_kana: Null,
    /// Not kept.
    pub statement_descriptor_kanji: Null,
    /// Not kept.
    pub statement_descriptor_prefix_kana: Null,
    /// Not kept.
    pub statement_descriptor_prefix_kanji: Null,
}

/// What is set for payouts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutSettings {
    /// Whether a balance below nothing may be taken from the seller's bank.
    pub debit_negative_balances: bool,
    /// When the balance is paid out.
    pub schedule: PayoutScheduleObject,
    /// What the bank's statement says.
    pub statement_descriptor: Option<String>,
}

/// When a balance is paid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PayoutScheduleObject {
    /// Days that a sale rests before.
    pub delay_days: u8,
    /// `manual`, `daily`, `weekly` or `monthly`.
    pub interval: &'static str,
    /// The first day of the month, where payouts are monthly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_anchor: Option<u8>,
    /// The days of the month, where payouts are monthly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly_payout_days: Option<Vec<u8>>,
    /// The first day of the week, where payouts are weekly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_anchor: Option<String>,
    /// The days of the week, where payouts are weekly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly_payout_days: Option<Vec<String>>,
}

/// A seller's word to the terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TosAcceptance {
    /// When it was given.
    pub date: Option<i64>,
    /// From which address.
    pub ip: Option<String>,
    /// To which terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_agreement: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
}

/// The company behind a seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AccountCompany {
    /// Its seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Its name in the register.
    pub name: Option<String>,
    /// Its telephone.
    pub phone: Option<String>,
    /// Whether its tax number was given.
    pub tax_id_provided: bool,
}

/// The person behind a seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Person {
    /// `person_...`
    pub id: String,
    /// `person`
    pub object: PersonWord,
    /// The seller.
    pub account: String,
    /// Where the person lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// When the seller was made.
    pub created: i64,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dob: Option<Birth>,
    /// Where the person is written to.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Whether an identity number was given.
    pub id_number_provided: bool,
    /// Family name.
    pub last_name: Option<String>,
    /// None are kept of a person.
    pub metadata: Metadata,
    /// Telephone.
    pub phone: Option<String>,
}

/// A day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Birth {
    /// 1 to 31.
    pub day: Option<u8>,
    /// 1 to 12.
    pub month: Option<u8>,
    /// Four digits.
    pub year: Option<u16>,
}

/// What a seller may do.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Capability {
    /// Its name.
    pub id: String,
    /// `capability`
    pub object: CapabilityWord,
    /// The seller.
    pub account: String,
    /// What will be asked later.
    pub future_requirements: super::Requirements,
    /// Whether the platform asked for it.
    pub requested: bool,
    /// When it did.
    pub requested_at: Option<i64>,
    /// What is still asked.
    pub requirements: super::Requirements,
    /// `active`, `inactive`.
    pub status: &'static str,
}
