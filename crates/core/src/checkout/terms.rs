//! What a shop says about the payment and the page of a visit, beside the basket.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::currency::Currency;
use crate::id::SellerId;
use crate::money::Money;
use crate::payment::capture_method::{CaptureMethod, CaptureWords};
use crate::payment::details::CardTerms;
use crate::payment::notes::{Notes, Shipping, ThreeDSecure, TransferData};
use crate::payment::usage::FutureUsage;

use super::blocked::BlockedCards;
use super::questions::{PageTexts, Questions};

/// How the payment of a visit is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    /// When the money of a sale without sellers is taken; at once when not given. The parts of
    /// sellers are taken as they ship, whatever stands here.
    pub capture_method: Option<CaptureMethod>,
    /// What the console says.
    pub description: Option<String>,
    /// Where a receipt goes.
    pub receipt_email: Option<String>,
    /// What the cardholder's statement says.
    pub statement_descriptor: Option<String>,
    /// The end of what the statement says.
    pub statement_descriptor_suffix: Option<String>,
    /// Links the payment with transfers.
    pub transfer_group: Option<String>,
    /// Whether the way to pay is kept for later.
    pub setup_future_usage: Option<FutureUsage>,
    /// What may pay; cards when nothing stands here.
    #[serde(default)]
    pub methods: Vec<PayBy>,
    /// Where the goods go.
    pub shipping: Option<Recipient>,
    /// For whom the sale is made.
    pub on_behalf_of: Option<SellerId>,
    /// Who gets the money of a sale without sellers.
    pub transfer: Option<TermsTransfer>,
    /// What the platform keeps of it, in minor units.
    pub application_fee: Option<i64>,
    /// Whether the bank is to be told to ask the buyer.
    #[serde(default)]
    pub three_d_secure: ThreeDSecure,
    /// Whether cards are captured by hand, whatever else is said.
    #[serde(default, skip_serializing_if = "is_default")]
    pub card_by_hand: bool,
    /// How a card is charged.
    #[serde(default, skip_serializing_if = "is_default")]
    pub card: Box<CardTerms>,
    /// The cards that the shop does not take.
    #[serde(default, skip_serializing_if = "is_default")]
    pub blocked: Box<BlockedCards>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl PaymentTerms {
    /// The sellers whom it names, without the lines'.
    pub fn sellers(&self) -> impl Iterator<Item = SellerId> {
        self.on_behalf_of.into_iter().chain(self.transfer.map(|transfer| transfer.destination))
    }

    /// What goes on to a seller and what is kept of it, where an amount is said, in minor units.
    pub fn parts(&self) -> impl Iterator<Item = i64> {
        let part = self.transfer.and_then(|transfer| transfer.amount);
        self.application_fee.into_iter().chain(part)
    }

    /// When the money of a sale without sellers is taken.
    pub fn capture_method(&self) -> CaptureMethod {
        if self.card_by_hand {
            return CaptureMethod::Manual;
        }
        self.capture_method.unwrap_or(CaptureMethod::Automatic)
    }

    fn capture_words(&self) -> CaptureWords {
        if self.card_by_hand { CaptureWords::ManualForCards } else { CaptureWords::Plain }
    }

    /// What of it the payment and its charges say themselves.
    pub(crate) fn notes(&self, currency: Currency) -> Notes {
        let money = |minor| Money::new(minor, currency);
        let transfer_data = self.transfer.map(|to| TransferData {
            destination: to.destination,
            amount: to.amount.map(money),
            description: None,
            metadata: BTreeMap::new(),
            payment: Default::default(),
        });
        Notes {
            on_behalf_of: self.on_behalf_of,
            transfer_data,
            application_fee: self.application_fee.map(money),
            three_d_secure: self.three_d_secure,
            statement_descriptor: self.statement_descriptor.clone(),
            statement_descriptor_suffix: self.statement_descriptor_suffix.clone(),
            shipping: self.shipping.clone().map(Shipping::from),
            capture_words: self.capture_words(),
            card: (*self.card).clone(),
            ..Notes::default()
        }
    }
}

/// What may pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayBy {
    /// A card.
    Card,
    /// A bank account of the single euro payments area, which is debited within days.
    SepaDebit,
}

impl PayBy {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            PayBy::Card => "card",
            PayBy::SepaDebit => "sepa_debit",
        }
    }
}

/// Who gets the money of a sale without sellers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsTransfer {
    /// The seller.
    pub destination: SellerId,
    /// How much of it, in minor units; all of it when not given.
    pub amount: Option<i64>,
}

/// Where goods go, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// To whom.
    pub name: String,
    /// The recipient's phone.
    pub phone: Option<String>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The number to follow it by.
    pub tracking_number: Option<String>,
    /// To where.
    pub address: Address,
}

impl From<Recipient> for Shipping {
    fn from(to: Recipient) -> Shipping {
        let Recipient { name, phone, carrier, tracking_number, address } = to;
        Shipping { address, carrier, name, phone, tracking_number }
    }
}

impl PageWishes {
    /// Whether a buyer whom the platform does not know becomes a customer.
    pub fn makes_customer(&self) -> bool {
        self.customer_creation.as_deref() == Some("always")
    }

    /// Whether the page asks for the whole address of the cardholder.
    pub fn requires_billing(&self) -> bool {
        self.billing_address_collection.as_deref() == Some("required")
    }

    /// The same, but for what `changes` says. The texts and the questions stay as they are.
    #[must_use]
    pub fn changed(self, changes: &PageWishes) -> PageWishes {
        let changes = changes.clone();
        let countries = changes.shipping_countries;
        let collection = changes.billing_address_collection;
        PageWishes {
            submit_type: changes.submit_type.or(self.submit_type),
            billing_address_collection: collection.or(self.billing_address_collection),
            customer_creation: changes.customer_creation.or(self.customer_creation),
            phone_number: changes.phone_number.or(self.phone_number),
            shipping_countries: if countries.is_empty() {
                self.shipping_countries
            } else {
                countries
            },
            allow_codes: changes.allow_codes.or(self.allow_codes),
            recovery: changes.recovery.or(self.recovery),
            ..self
        }
    }
}

/// What a shop says about the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageWishes {
    /// `auto`, `pay`, `book` or `donate`.
    pub submit_type: Option<String>,
    /// `auto` or `required`.
    pub billing_address_collection: Option<String>,
    /// `always` or `if_required`.
    pub customer_creation: Option<String>,
    /// Whether the shop wants a phone number.
    pub phone_number: Option<bool>,
    /// The countries that the shop ships to; none when it did not say.
    pub shipping_countries: Vec<String>,
    /// Whether the shop wants codes for discounts to be taken.
    pub allow_codes: Option<bool>,
    /// Whether a closed page may be opened again, and whether codes are then allowed.
    pub recovery: Option<bool>,
    /// What the shop asks beside the card.
    #[serde(default, skip_serializing_if = "is_default")]
    pub questions: Questions,
    /// The texts that the shop adds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub texts: Box<PageTexts>,
}
