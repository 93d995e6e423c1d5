//! A page that sells the same things again and again.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::state;
use crate::checkout::{Adjustable, PageWishes, PaymentTerms, ShippingOption};
use crate::currency::Currency;
use crate::id::{LineId, PaymentLinkId, PriceId, SellerId};
use crate::listed::Listed;
use crate::secret::Secret;
use crate::time::Timestamp;

/// A page that sells the same things again and again: whoever opens it gets a session of their
/// own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentLink {
    /// Its id.
    pub id: PaymentLinkId,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it opens sessions.
    pub active: bool,
    /// What it sells.
    pub lines: Vec<LinkLine>,
    /// The ways to ship, at most one of which a buyer chooses.
    #[serde(default)]
    pub shipping_options: Vec<ShippingOption>,
    /// The currency of all lines.
    pub currency: Currency,
    /// What is said on the closed page.
    pub inactive_message: Option<String>,
    /// Where the buyer goes afterwards.
    pub after: AfterPaying,
    /// About the payment.
    pub payment: PaymentTerms,
    /// Notes on each payment.
    pub payment_metadata: BTreeMap<String, String>,
    /// About the page.
    pub page: PageWishes,
    /// How many sessions may be paid.
    pub sessions_max: Option<u32>,
    /// Notes, which each session gets as well.
    pub metadata: BTreeMap<String, String>,
    /// The part of its address that cannot be guessed.
    pub secret: Secret,
}

/// A line of every session that a link opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkLine {
    /// Its id.
    pub id: LineId,
    /// What one costs.
    pub price: PriceId,
    /// How many, at least one.
    pub quantity: u32,
    /// Whether the buyer may take more or fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustable: Option<Adjustable>,
    /// Who sells it; the platform itself when absent.
    pub seller: Option<SellerId>,
    /// Notes, which the lines of each session get as well.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

/// Where the buyer goes after paying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterPaying {
    /// Nowhere: the pay page says thank you.
    Page {
        /// And this.
        message: Option<String>,
    },
    /// To an address of the shop.
    Redirect {
        /// The address.
        url: String,
    },
}

impl Listed for PaymentLink {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let sellers = self.lines.iter().filter_map(|line| line.seller);
        let sellers: BTreeSet<String> =
            sellers.chain(self.payment.sellers()).map(|seller| seller.to_string()).collect();
        sellers.into_iter().collect()
    }

    fn state(&self) -> &'static str {
        state(self.active, false)
    }
}
