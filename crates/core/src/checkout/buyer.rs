//! What a buyer says on the page, beside the card.

use serde::{Deserialize, Serialize};

use crate::address::{Address, BillingDetails, ShippingTo};

use super::answers::Answers;

/// What a buyer says on the page, beside the card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// E-mail address.
    pub email: Option<String>,
    /// Name, in any script.
    pub name: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Billing address.
    pub address: Option<Address>,
    /// Where the goods go; `None` until it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Box<ShippingTo>>,
    /// The answers to the questions of the page; `None` until they were asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answers: Option<Box<Answers>>,
}

impl Given {
    /// The same, with what was said before where nothing is said now.
    #[must_use]
    pub fn or(self, before: &Given) -> Given {
        let before = before.clone();
        Given {
            email: self.email.or(before.email),
            name: self.name.or(before.name),
            phone: self.phone.or(before.phone),
            address: self.address.or(before.address),
            shipping: self.shipping.or(before.shipping),
            answers: self.answers.or(before.answers),
        }
    }

    /// Whose card it is, as far as the buyer said; `None` where the buyer said nothing.
    pub fn billing(&self) -> Option<BillingDetails> {
        let Given { email, name, phone, address, shipping: _, answers: _ } = self.clone();
        let billing = BillingDetails { address, email, name, phone };
        (billing != BillingDetails::default()).then_some(billing)
    }
}

impl From<BillingDetails> for Given {
    fn from(billing: BillingDetails) -> Given {
        let BillingDetails { address, email, name, phone } = billing;
        Given { email, name, phone, address, ..Given::default() }
    }
}
