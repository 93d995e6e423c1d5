//! What a product costs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Called, state};
use crate::id::{PriceId, ProductId};
use crate::listed::Listed;
use crate::money::Money;
use crate::time::Timestamp;

/// What a product costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Its id.
    pub id: PriceId,
    /// When it was made.
    pub created: Timestamp,
    /// Whether it may be used for new purchases.
    pub active: bool,
    /// Of what.
    pub product: Called<ProductId>,
    /// For one.
    pub unit: Money,
    /// How often it is due; once when absent.
    pub recurring: Option<Recurring>,
    /// The word that the shop finds it by.
    pub lookup_key: Option<String>,
    /// The platform's own name for it.
    pub nickname: Option<String>,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
    /// Whether tax is part of it, as far as the platform said.
    pub tax: Option<TaxBehavior>,
}

/// How often a price is due. Holdfast keeps and shows it; nothing is ever charged by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring {
    /// The unit of time.
    pub interval: Interval,
    /// Of how many units.
    pub count: u16,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

impl Interval {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Year => "year",
        }
    }
}

/// Whether tax is part of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxBehavior {
    /// It comes on top.
    Exclusive,
    /// It is part of it.
    Inclusive,
    /// Nobody said.
    Unspecified,
}

impl TaxBehavior {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            TaxBehavior::Exclusive => "exclusive",
            TaxBehavior::Inclusive => "inclusive",
            TaxBehavior::Unspecified => "unspecified",
        }
    }
}

impl Price {
    /// `one_time` or `recurring`, as the wire says.
    pub fn kind(&self) -> &'static str {
        if self.recurring.is_some() { "recurring" } else { "one_time" }
    }
}

/// The link of prices of one currency.
pub fn currency_link(code: &str) -> String {
    format!("currency:{}", code.to_ascii_lowercase())
}

/// The link of prices of one kind.
pub fn kind_link(kind: &str) -> String {
    format!("type:{kind}")
}

/// The link of prices that are due once in each of these.
pub fn interval_link(interval: Interval) -> String {
    format!("interval:{}", interval.name())
}

impl Listed for Price {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let product = self.product.id.to_string();
        let currency = currency_link(self.unit.currency().code());
        let interval = self.recurring.map(|recurring| interval_link(recurring.interval));
        [product, currency, kind_link(self.kind())].into_iter().chain(interval).collect()
    }

    fn state(&self) -> &'static str {
        state(self.active, false)
    }
}
