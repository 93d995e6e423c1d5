//! Where people live and get their goods, and what they say of themselves when they pay.

pub mod country;

use serde::{Deserialize, Serialize};

/// A postal address, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// City, district or town.
    pub city: Option<String>,
    /// Two letters of ISO 3166-1.
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingTo {
    /// To where.
    pub address: Address,
    /// To whom.
    pub name: String,
    /// The recipient's phone.
    pub phone: Option<String>,
}

/// Whose card it is, as far as the buyer said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingDetails {
    /// Billing address.
    pub address: Option<Address>,
    /// E-mail address.
    pub email: Option<String>,
    /// Name, in any script.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
}
