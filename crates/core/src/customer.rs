//! Customers: buyers whom the platform knows by name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::{Address, ShippingTo};
use crate::catalogue::Called;
use crate::id::{CouponId, CustomerId, DiscountId, PaymentMethodId, PromotionCodeId};
use crate::listed::Listed;
use crate::time::Timestamp;

/// A buyer whom the platform knows by name. All of it is the platform's own notes; whose cards are
/// whose stands with the cards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// When it was made.
    pub created: Timestamp,
    /// Whether the platform has deleted it. Payments of before still name it.
    pub deleted: bool,
    /// Name, in any script.
    pub name: Option<String>,
    /// Name of the company, where the customer is one or buys for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_name: Option<String>,
    /// Name of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub individual_name: Option<String>,
    /// E-mail address. Several customers may share one.
    pub email: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// The platform's own words.
    pub description: Option<String>,
    /// Postal address.
    pub address: Option<Address>,
    /// Where goods go.
    pub shipping: Option<ShippingTo>,
    /// Languages, the most wanted first.
    pub preferred_locales: Vec<String>,
    /// The saved card that the platform charges when it names none.
    pub default_method: Option<PaymentMethodId>,
    /// Whether taxes are asked of the customer.
    pub tax_exempt: TaxExempt,
    /// The coupon that the customer has. Kept and shown: sums are the shop's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
}

/// A coupon that a customer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// What it takes off.
    pub coupon: Called<CouponId>,
    /// Since when.
    pub start: Timestamp,
    /// The word that gave it.
    pub promotion_code: Option<PromotionCodeId>,
}

/// Whether taxes are asked of a customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxExempt {
    /// They are.
    #[default]
    None,
    /// They are not.
    Exempt,
    /// The customer pays them directly.
    Reverse,
}

impl TaxExempt {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            TaxExempt::None => "none",
            TaxExempt::Exempt => "exempt",
            TaxExempt::Reverse => "reverse",
        }
    }
}

impl Customer {
    /// What lists by e-mail address are narrowed by. An address is no id, so it says what it is.
    pub fn email_link(email: &str) -> String {
        format!("email:{email}")
    }
}

impl Listed for Customer {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        self.email.iter().map(|email| Customer::email_link(email)).collect()
    }

    fn state(&self) -> &'static str {
        if self.deleted { "deleted" } else { "active" }
    }
}
