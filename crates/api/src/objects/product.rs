//! `product`: a thing that is sold.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Expandable, Metadata, Null, Price};

object_words! {
    /// `product`
    ProductWord = "product";
}

/// A thing that is sold.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Product {
    /// `prod_...`, or the platform's own word.
    pub id: String,
    /// `product`
    pub object: ProductWord,
    /// Whether it may be sold.
    pub active: bool,
    /// When it was made.
    pub created: i64,
    /// The price that is used where none is named.
    pub default_price: Option<Expandable<Price>>,
    /// Its description, for buyers.
    pub description: Option<String>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// Whether it is for real money.
    pub livemode: bool,
    /// What is said in its favour.
    pub marketing_features: Vec<MarketingFeature>,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// Its name, for buyers.
    pub name: String,
    /// Its size and weight.
    pub package_dimensions: Option<PackageDimensions>,
    /// Whether it is a thing that is sent.
    pub shippable: Option<bool>,
    /// What the cardholder's statement says.
    pub statement_descriptor: Option<String>,
    /// The platform's word for its tax.
    pub tax_code: Option<String>,
    /// Not used: the shop computes the tax.
    pub tax_details: Null,
    /// `good` or `service`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What one of it is called.
    pub unit_label: Option<String>,
    /// When it was last changed.
    pub updated: i64,
    /// Its page at the shop.
    pub url: Option<String>,
}

/// What is said in favour of a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MarketingFeature {
    /// A few words.
    pub name: String,
}

/// The size of a parcel in inches and its weight in ounces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PackageDimensions {
    /// Inches.
    pub height: u32,
    /// Inches.
    pub length: u32,
    /// Ounces.
    pub weight: u32,
    /// Inches.
    pub width: u32,
}
