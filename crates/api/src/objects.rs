//! The wire types: what the API's answers and events hold, as the dialect spells it.
//!
//! Plain data, written in the order of the fields. Identifiers and words are text, amounts are in
//! minor units of the currency beside them, times are in seconds since 1970. Every field that
//! version 2026-10-28 of the dialect requires is present, null where there is nothing to say.
//! Fields that Holdfast never fills are kept apart, in the struct `...Nulls` of each object, so
//! that whoever builds an object only meets those with a meaning here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// Defines the type of an `object` field: it has no value but its word.
macro_rules! object_words {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
            where
                S: serde::Serializer,
            {
                serializer.serialize_str($word)
            }
        }

        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "const": $word })
            }
        }
    )* };
}

mod account;
mod account_link;
mod account_settings;
mod api_key;
mod application_fee;
mod balance;
mod balance_transaction;
mod bank_account;
mod charge;
mod checkout_session;
mod coupon;
mod customer;
mod deleted;
mod details;
mod dispute;
mod event;
mod file;
mod held_funds;
mod order;
mod payment_intent;
mod payment_link;
mod payment_method;
mod payout;
mod price;
mod product;
mod refund;
mod report;
mod session_page;
mod setup_intent;
mod test_clock;
mod token;
mod topup;
mod transfer;
mod webhook_delivery;
mod webhook_endpoint;

pub use crate::list::{List, SearchResult};
pub use account::*;
pub use account_link::*;
pub use account_settings::*;
pub use api_key::*;
pub use application_fee::*;
pub use balance::*;
pub use balance_transaction::*;
pub use bank_account::*;
pub use charge::*;
pub use checkout_session::*;
pub use coupon::*;
pub use customer::*;
pub use deleted::*;
pub use details::*;
pub use dispute::*;
pub use event::*;
pub use file::*;
pub use held_funds::*;
pub use order::*;
pub use payment_intent::*;
pub use payment_link::*;
pub use payment_method::*;
pub use payout::*;
pub use price::*;
pub use product::*;
pub use refund::*;
pub use report::*;
pub use session_page::*;
pub use setup_intent::*;
pub use test_clock::*;
pub use token::*;
pub use topup::*;
pub use transfer::*;
pub use webhook_delivery::*;
pub use webhook_endpoint::*;

/// A client's own names and texts on an object.
pub type Metadata = BTreeMap<String, String>;

/// A field that is always null here. It costs nothing and cannot be filled by mistake.
pub type Null = ();

/// A reference to another object: its id, or the whole object where `expand[]` asked for it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Expandable{T}")]
pub enum Expandable<T> {
    /// The id.
    Id(String),
    /// The object.
    Object(Box<T>),
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Address {
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

/// Where goods go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
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

/// Whose money a payment method is, as far as the buyer said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BillingDetails {
    /// Billing address.
    pub address: Option<Address>,
    /// E-mail address.
    pub email: Option<String>,
    /// Name, in any script.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Tax id; not asked for here.
    pub tax_id: Null,
}

/// What the issuer found when it compared what the buyer gave: `pass`, `fail`, `unavailable`,
/// `unchecked`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CardChecks {
    /// Street and number.
    pub address_line1_check: Option<String>,
    /// Postal code.
    pub address_postal_code_check: Option<String>,
    /// Security code.
    pub cvc_check: Option<String>,
}
