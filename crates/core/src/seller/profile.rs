//! What a seller has said of itself, and what the platform has set for it.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// What is known of a seller beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SellerProfile {
    /// How the platform calls the account.
    pub kind: SellerKind,
    /// What the seller is, by the law.
    pub business_type: Option<BusinessType>,
    /// How it shows itself to buyers.
    pub business: BusinessProfile,
    /// The company behind it.
    pub company: Company,
    /// The person behind it.
    pub individual: Individual,
    /// What the platform has asked for that it does not have from the start.
    pub capabilities: Vec<String>,
    /// What the platform has set.
    pub settings: SellerSettings,
    /// Its word to the terms.
    pub terms: Terms,
    /// When it went through the onboarding pages to their end.
    pub onboarded_at: Option<Timestamp>,
}

/// How the platform calls an account. All are run by the platform; it is a word for clients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SellerKind {
    /// Without pages of the processor.
    #[default]
    Custom,
    /// With a small view of its own.
    Express,
    /// With the whole dashboard.
    Standard,
    /// Named by its controller instead.
    None,
}

/// What a seller is, by the law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BusinessType {
    /// A company.
    Company,
    /// An office of a state.
    GovernmentEntity,
    /// A person.
    Individual,
    /// An association or a foundation.
    NonProfit,
}

/// How a seller shows itself to buyers, beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BusinessProfile {
    /// Merchant category code, four digits (ISO 18245).
    pub mcc: Option<String>,
    /// What it sells.
    pub product_description: Option<String>,
    /// Where buyers may write by post.
    pub support_address: Option<PostalAddress>,
    /// Where buyers may write.
    pub support_email: Option<String>,
    /// Where buyers may call.
    pub support_phone: Option<String>,
    /// Where buyers find help.
    pub support_url: Option<String>,
    /// Its own site.
    pub url: Option<String>,
}

/// A postal address as a seller gave it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PostalAddress {
    /// City, district or town.
    pub city: Option<String>,
    /// Two letters (ISO 3166-1).
    pub country: Option<String>,
    /// Street and number.
    pub line1: Option<String>,
    /// Flat, floor or building.
    pub line2: Option<String>,
    /// ZIP or postal code.
    pub postal_code: Option<String>,
    /// State, county or province.
    pub state: Option<String>,
}

/// The company behind a seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Its name in the register.
    pub name: Option<String>,
    /// Its telephone.
    pub phone: Option<String>,
    /// Its seat.
    pub address: Option<PostalAddress>,
    /// Whether its tax number was given; the number itself is not kept.
    pub has_tax_id: bool,
}

/// The person behind a seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Individual {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Where the person is written to.
    pub email: Option<String>,
    /// The person's telephone.
    pub phone: Option<String>,
    /// Where the person lives.
    pub address: Option<PostalAddress>,
    /// Day of birth.
    pub born: Option<Birthday>,
    /// Whether an identity number was given; the number itself is not kept.
    pub has_id_number: bool,
}

/// A day of birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday {
    /// 1 to 31.
    pub day: u8,
    /// 1 to 12.
    pub month: u8,
    /// Four digits.
    pub year: u16,
}

/// What the platform has set for a seller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SellerSettings {
    /// When its balance is paid out.
    pub schedule: PayoutSchedule,
    /// What payouts say on its bank's statement.
    pub payout_descriptor: Option<String>,
    /// What charges say on the buyer's statement.
    pub payment_descriptor: Option<String>,
    /// What charges by card say there first.
    pub card_descriptor_prefix: Option<String>,
    /// The name that its own pages show.
    pub display_name: Option<String>,
    /// Whether a balance below nothing may be taken from its bank.
    pub debits_negative_balances: bool,
}

/// When a seller's balance is paid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PayoutSchedule {
    /// How often.
    pub interval: PayoutInterval,
    /// Days of the month, 1 to 31, for monthly payouts.
    pub monthly_days: Vec<u8>,
    /// Days of the week in small letters, for weekly payouts.
    pub weekly_days: Vec<String>,
    /// Days that a sale rests before it is paid out; the least that is possible when not set.
    pub delay_days: Option<u8>,
}

/// How often a seller's balance is paid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutInterval {
    /// When the platform asks for it.
    Manual,
    /// Each business day.
    #[default]
    Daily,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
}

/// A seller's word to the terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// When it was given.
    pub accepted_at: Option<Timestamp>,
    /// From which address.
    pub ip: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// To which terms.
    pub service_agreement: Option<String>,
}

impl SellerKind {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            SellerKind::Custom => "custom",
            SellerKind::Express => "express",
            SellerKind::Standard => "standard",
            SellerKind::None => "none",
        }
    }
}

impl BusinessType {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            BusinessType::Company => "company",
            BusinessType::GovernmentEntity => "government_entity",
            BusinessType::Individual => "individual",
            BusinessType::NonProfit => "non_profit",
        }
    }
}

impl PayoutInterval {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            PayoutInterval::Manual => "manual",
            PayoutInterval::Daily => "daily",
            PayoutInterval::Weekly => "weekly",
            PayoutInterval::Monthly => "monthly",
        }
    }
}
