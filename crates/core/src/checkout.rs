//! One visit to the pay page: the basket, the ways to ship, and the total.

pub mod addresses;
mod adjustable;
pub mod answers;
mod blocked;
mod buyer;
mod card_like;
pub mod discount;
pub mod markup;
pub mod problem;
pub mod questions;
mod shipping;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::Called;
use crate::currency::Currency;
use crate::customer::Customer;
use crate::id::{
    CheckoutSessionId, CustomerId, LineId, PaymentIntentId, PaymentLinkId, PriceId, ProductId,
    SellerId, SetupIntentId,
};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::payment::notes::Shipping;
use crate::secret::Secret;
use crate::time::Timestamp;

use answers::Answers;
use discount::AppliedDiscount;

pub use adjustable::Adjustable;
pub use blocked::{BlockedBrand, BlockedCards, BlockedFunding};
pub use buyer::Given;
pub use shipping::{DeliveryBound, DeliveryEstimate, DeliveryUnit, ShippingOption};
pub use terms::{PageWishes, PayBy, PaymentTerms, Recipient, TermsTransfer};

/// One visit to the pay page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckoutSession {
    /// Its id.
    pub id: CheckoutSessionId,
    /// When it was made.
    pub created: Timestamp,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// The basket: at least one line, but where a card is kept and nothing is bought.
    pub lines: Vec<Line>,
    /// The ways to ship; none means that nothing is shipped at a price.
    pub shipping_options: Vec<ShippingOption>,
    /// How many were offered before these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shipping_before: u16,
    /// The chosen one, an index of `shipping_options`.
    pub shipping_choice: Option<u16>,
    /// What is taken off the price of the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Box<AppliedDiscount>>,
    /// The buyer, when the platform knows who it is.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The buyer's address for receipts.
    pub customer_email: Option<String>,
    /// The shop's own name for the visit.
    pub client_reference: Option<String>,
    /// The language that the shop asked for, as `ar`.
    pub locale: Option<String>,
    /// Where the buyer goes afterwards.
    pub success_url: Option<String>,
    /// Where the buyer goes who turns back.
    pub cancel_url: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// Copied to the payment when it is made.
    pub payment_metadata: BTreeMap<String, String>,
    /// How the payment is made.
    #[serde(default)]
    pub terms: PaymentTerms,
    /// What the shop says about the page.
    #[serde(default)]
    pub page: PageWishes,
    /// The link that it was opened by.
    #[serde(default)]
    pub link: Option<PaymentLinkId>,
    /// The card that it is to keep, instead of a payment.
    #[serde(default)]
    pub setup: Option<SessionSetup>,
    /// What the buyer has said on the page.
    #[serde(default)]
    pub given: Given,
    /// What lets the buyer's browser see the pages of this purchase.
    pub secret: Secret,
    /// When the pay page closes.
    pub expires_at: Timestamp,
    /// The payment, from the first *Pay now* on.
    pub intent: Option<PaymentIntentId>,
    /// Where it stands.
    pub state: SessionState,
    /// Whether the money is on its way, of a payment that the processor decides in days.
    #[serde(default)]
    pub settling: Settling,
}

fn is_zero(count: &u16) -> bool {
    *count == 0
}

/// A visit at which a card is kept and nothing is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSetup {
    /// The wish to keep it, made together with the session.
    pub intent: SetupIntentId,
    /// The currency that the shop named. Nothing is reckoned in it.
    pub currency: Option<Currency>,
}

/// Whether the money of a completed session is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settling {
    /// It is there, or nobody has paid.
    #[default]
    No,
    /// The processor has not decided.
    Waiting,
    /// The processor said no.
    Failed,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// The buyer may pay.
    Open,
    /// The bank holds the money.
    Complete {
        /// Since when.
        at: Timestamp,
    },
    /// Too late.
    Expired {
        /// Since when.
        at: Timestamp,
    },
}

impl SessionState {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            SessionState::Open => "open",
            SessionState::Complete { .. } => "complete",
            SessionState::Expired { .. } => "expired",
        }
    }
}

/// A line of the basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: LineId,
    /// Who sells it; the platform itself when absent.
    pub seller: Option<SellerId>,
    /// What it was taken from, when it is of the platform's catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<ListedAs>,
    /// The product of the catalogue, where the price was given with the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Called<ProductId>>,
    /// The product's name.
    pub name: String,
    /// The product's description.
    pub description: Option<String>,
    /// The price of one.
    pub unit: Money,
    /// How many, at least one.
    pub quantity: u32,
    /// Whether the buyer may take more or fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustable: Option<Adjustable>,
    /// Whether this product may not be paid by card.
    pub excludes_card: bool,
    /// The platform's own notes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl Line {
    /// The price of the line.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.unit.checked_mul(self.quantity)
    }

    /// The product of the catalogue that it is of, if it is of one.
    pub fn product(&self) -> Option<&Called<ProductId>> {
        self.listed.as_ref().map(|listed| &listed.product).or(self.of.as_ref())
    }
}

/// The price and the product of the catalogue that a line was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedAs {
    /// The price.
    pub price: PriceId,
    /// The product.
    pub product: Called<ProductId>,
}

/// The sums of a basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The lines, before anything is taken off.
    pub items: Money,
    /// What is taken off the lines.
    pub discount: Money,
    /// The chosen way to ship.
    pub shipping: Money,
    /// What the buyer pays.
    pub total: Money,
}

/// One seller's part of a basket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SellerPart {
    /// The seller.
    pub seller: SellerId,
    /// The seller's lines.
    pub lines: Vec<Line>,
    /// What the lines cost, before anything is taken off.
    pub items: Money,
    /// What is taken off each of the lines, in their order.
    pub discounts: Vec<Money>,
    /// The seller's share of the shipping.
    pub shipping: Money,
}

impl SellerPart {
    /// What is taken off the lines.
    pub fn discount(&self) -> Result<Money, MoneyError> {
        Money::sum(self.items.currency(), self.discounts.iter().copied())
    }

    /// What the buyer pays for this part.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.items.checked_sub(self.discount()?)?.checked_add(self.shipping)
    }
}

impl CheckoutSession {
    /// The sums with the chosen shipping.
    pub fn totals(&self) -> Result<Totals, MoneyError> {
        let lines = self.lines.iter().map(Line::total).collect::<Result<Vec<_>, _>>()?;
        let items = Money::sum(self.currency, lines)?;
        let shipping = self.shipping().map_or(Money::zero(self.currency), |option| option.amount);
        let discount = Money::sum(self.currency, self.line_discounts()?)?;
        let total = items.checked_sub(discount)?.checked_add(shipping)?;
        Ok(Totals { items, discount, shipping, total })
    }

    /// The chosen way to ship.
    pub fn shipping(&self) -> Option<&ShippingOption> {
        self.shipping_options.get(usize::from(self.shipping_choice?))
    }

    /// The buyer's address for receipts: the shop's word before the buyer's.
    pub fn email(&self) -> Option<&str> {
        self.customer_email.as_deref().or(self.given.email.as_deref())
    }

    /// Whether the buyer becomes a customer once the bank agrees.
    pub fn makes_customer(&self) -> bool {
        self.customer.is_none() && self.page.makes_customer()
    }

    /// What the buyer has answered to the questions of the page.
    pub fn answers(&self) -> Answers {
        self.given.answers.as_deref().cloned().unwrap_or_default()
    }

    /// Where the goods go: the buyer's word before the shop's.
    pub fn ship_to(&self) -> Option<Shipping> {
        let given = self.given.shipping.as_deref().map(|to| Shipping {
            address: to.address.clone(),
            carrier: None,
            name: to.name.clone(),
            phone: to.phone.clone().or_else(|| self.given.phone.clone()),
            tracking_number: None,
        });
        given.or_else(|| self.terms.shipping.clone().map(Shipping::from))
    }

    /// Whether the platform itself sells: then no line names a seller.
    pub fn is_own_sale(&self) -> bool {
        self.lines.iter().all(|line| line.seller.is_none())
    }

    /// Whether a bank account may be debited for it.
    pub fn allows_debit(&self) -> bool {
        self.terms.methods.contains(&PayBy::SepaDebit)
    }

    /// Whether every product in the basket may be paid by card.
    pub fn allows_card(&self) -> bool {
        let named = self.terms.methods.is_empty() || self.terms.methods.contains(&PayBy::Card);
        named && self.lines.iter().all(|line| !line.excludes_card)
    }

    /// The basket by seller, in the order of the lines. Shipping is split in proportion to what
    /// each seller's lines cost before a discount, the rest by largest remainder (LEDGER.md,
    /// Rounding); a discount is borne by those whose lines it is taken off. None where the platform
    /// itself sells: its sales make no orders.
    pub fn parts(&self) -> Result<Vec<SellerPart>, MoneyError> {
        let mut parts: Vec<SellerPart> = Vec::new();
        for (line, discount) in self.lines.iter().zip(self.line_discounts()?) {
            let Some(seller) = line.seller else { continue };
            let total = line.total()?;
            match parts.iter_mut().find(|part| part.seller == seller) {
                Some(part) => {
                    part.items = part.items.checked_add(total)?;
                    part.lines.push(line.clone());
                    part.discounts.push(discount);
                }
                None => parts.push(SellerPart {
                    seller,
                    lines: vec![line.clone()],
                    items: total,
                    discounts: vec![discount],
                    shipping: Money::zero(self.currency),
                }),
            }
        }
        if parts.is_empty() {
            return Ok(parts);
        }
        let weights: Vec<i64> = parts.iter().map(|part| part.items.minor()).collect();
        let shares = self.totals()?.shipping.allocate(&weights)?;
        for (part, shipping) in parts.iter_mut().zip(shares) {
            part.shipping = shipping;
        }
        Ok(parts)
    }
}

impl Listed for CheckoutSession {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let intent = self.intent.iter().map(ToString::to_string);
        let customer = self.customer.iter().map(ToString::to_string);
        let link = self.link.iter().map(ToString::to_string);
        let email = self.email().map(Customer::email_link);
        let sellers = self.lines.iter().filter_map(|line| line.seller).chain(self.terms.sellers());
        let sellers: BTreeSet<String> = sellers.map(|seller| seller.to_string()).collect();
        intent.chain(customer).chain(link).chain(email).chain(sellers).collect()
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        self.intent
    }
}
