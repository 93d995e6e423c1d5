//! A thing that is sold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::catalogue::{Called, state};
use crate::id::{PriceId, ProductId};
use crate::listed::Listed;
use crate::time::Timestamp;

/// A thing that is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// The platform's own word for it.
    pub own_id: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Whether it may be sold.
    pub active: bool,
    /// Whether it was deleted: then only its id is left to the platform.
    pub deleted: bool,
    /// Its name, for buyers.
    pub name: String,
    /// Its description, for buyers.
    pub description: Option<String>,
    /// The price that is used where none is named.
    pub default_price: Option<PriceId>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// What is said in its favour.
    pub features: Vec<String>,
    /// Notes.
    pub metadata: BTreeMap<String, String>,
    /// Its size and weight.
    pub package: Option<Package>,
    /// Whether it is a thing that is sent.
    pub shippable: Option<bool>,
    /// What the cardholder's statement says.
    pub statement_descriptor: Option<String>,
    /// The platform's word for its tax.
    pub tax_code: Option<String>,
    /// What one of it is called.
    pub unit_label: Option<String>,
    /// Its page at the shop.
    pub url: Option<String>,
    /// Whether it is a good, and not a service.
    pub is_good: bool,
}

/// The size of a parcel in inches and its weight in ounces, as in the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Inches.
    pub height: u32,
    /// Inches.
    pub length: u32,
    /// Ounces.
    pub weight: u32,
    /// Inches.
    pub width: u32,
}

impl Product {
    /// What it is called on the wire.
    pub fn called(&self) -> Called<ProductId> {
        Called { id: self.id, own: self.own_id.clone() }
    }
}

/// The link of products that are sent, or that are not.
pub fn shippable_link(is_shippable: bool) -> String {
    format!("shippable:{is_shippable}")
}

/// The link of products that are goods, or services.
pub fn good_link(is_good: bool) -> String {
    format!("good:{is_good}")
}

/// The link of products with a page of the shop.
pub fn url_link(url: &str) -> String {
    format!("url:{url}")
}

impl Listed for Product {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let shippable = self.shippable.map(shippable_link);
        let url = self.url.as_deref().map(url_link);
        [Some(good_link(self.is_good)), shippable, url].into_iter().flatten().collect()
    }

    fn state(&self) -> &'static str {
        state(self.active, self.deleted)
    }
}
