//! Ways to ship: what a buyer may choose, what it costs, when the parcel comes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::price::TaxBehavior;
use crate::money::Money;

/// A way to ship, for the whole basket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingOption {
    /// What the buyer reads.
    pub name: String,
    /// What it costs.
    pub amount: Money,
    /// How long the parcel is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryEstimate>,
    /// Whether tax is part of what it costs, as far as the platform said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<TaxBehavior>,
    /// The platform's word for its tax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// The platform's own notes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
}

impl ShippingOption {
    /// A way to ship of which nothing else is said.
    pub fn new(name: &str, amount: Money) -> ShippingOption {
        ShippingOption {
            name: name.to_owned(),
            amount,
            delivery: None,
            tax: None,
            tax_code: None,
            metadata: BTreeMap::new(),
        }
    }
}

/// How long a parcel is on its way. At least one end is known, and where both are of one unit the
/// first is not after the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryEstimate {
    /// At the earliest.
    pub minimum: Option<DeliveryBound>,
    /// At the latest.
    pub maximum: Option<DeliveryBound>,
}

/// One end of an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryBound {
    /// Of what.
    pub unit: DeliveryUnit,
    /// How many, at least one.
    pub value: u16,
}

/// In what a delivery is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryUnit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Days on which shops and carriers work.
    BusinessDay,
    /// Weeks.
    Week,
    /// Months.
    Month,
}

impl DeliveryUnit {
    /// All units, the shortest first.
    pub const ALL: [DeliveryUnit; 5] = [
        DeliveryUnit::Hour,
        DeliveryUnit::Day,
        DeliveryUnit::BusinessDay,
        DeliveryUnit::Week,
        DeliveryUnit::Month,
    ];

    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            DeliveryUnit::Hour => "hour",
            DeliveryUnit::Day => "day",
            DeliveryUnit::BusinessDay => "business_day",
            DeliveryUnit::Week => "week",
            DeliveryUnit::Month => "month",
        }
    }
}
