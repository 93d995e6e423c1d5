//! What the shop sells, read from `data/catalogue.json`.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::money::{Currency, Money};
use crate::texts::Language;

/// The goods, the sellers they come from and the ways to send them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Catalogue {
    #[serde(deserialize_with = "currency")]
    currency: Currency,
    pub(crate) sellers: Vec<Seller>,
    pub(crate) products: Vec<Product>,
    pub(crate) shipping: Vec<Shipping>,
}

/// One workshop. Its account at the payment service is found by the slug or the name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seller {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) place: Localized,
    pub(crate) about: Localized,
}

/// One thing to buy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Product {
    pub(crate) slug: String,
    /// The slug of its seller.
    pub(crate) seller: String,
    price_minor: i64,
    pub(crate) picture: String,
    /// Whether it may not be paid for by credit or debit card.
    #[serde(default)]
    pub(crate) cards_excluded: bool,
    pub(crate) name: Localized,
    pub(crate) description: Localized,
    pub(crate) picture_text: Localized,
}

/// One way to send a basket, for one price.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shipping {
    price_minor: i64,
    pub(crate) name: Localized,
    pub(crate) duration: Localized,
}

/// A text in every language of the shop.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Localized {
    en: String,
    ar: String,
}

/// More than fits on a page that people read to its end.
const PRODUCTS_MAX: usize = 60;

/// 100,000.00 US dollars: far below what a basket's sum could overflow with, and a slip of the
/// keyboard above it.
const PRICE_MINOR_MAX: i64 = 10_000_000;

impl Catalogue {
    /// The catalogue that comes with the program.
    pub(crate) fn shipped() -> Result<Catalogue, String> {
        Catalogue::parse(include_str!("../data/catalogue.json"))
    }

    fn parse(json: &str) -> Result<Catalogue, String> {
        let catalogue: Catalogue =
            serde_json::from_str(json).map_err(|error| format!("catalogue: {error}"))?;
        catalogue.check()?;
        Ok(catalogue)
    }

    pub(crate) fn product(&self, slug: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.slug == slug)
    }

    pub(crate) fn seller(&self, slug: &str) -> Option<&Seller> {
        self.sellers.iter().find(|seller| seller.slug == slug)
    }

    pub(crate) fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    pub(crate) fn price(&self, product: &Product) -> Money {
        self.money(product.price_minor)
    }

    pub(crate) fn shipping_price(&self, shipping: &Shipping) -> Money {
        self.money(shipping.price_minor)
    }

    pub(crate) fn currency(&self) -> Currency {
        self.currency
    }

    fn check(&self) -> Result<(), String> {
        if self.products.is_empty() || self.products.len() > PRODUCTS_MAX {
            return Err(format!("catalogue: 1 to {PRODUCTS_MAX} products are possible"));
        }
        let mut slugs = BTreeSet::new();
        for product in &self.products {
            let slug = &product.slug;
            if !is_slug(slug) || !slugs.insert(slug) {
                return Err(format!("catalogue: product {slug} is named twice or oddly"));
            }
            if self.seller(&product.seller).is_none() {
                return Err(format!("catalogue: product {slug} has no seller"));
            }
            if !(1..=PRICE_MINOR_MAX).contains(&product.price_minor) {
                return Err(format!("catalogue: product {slug} has an impossible price"));
            }
        }
        let odd = |shipping: &Shipping| !(0..=PRICE_MINOR_MAX).contains(&shipping.price_minor);
        if self.shipping.is_empty() || self.shipping.iter().any(odd) {
            return Err("catalogue: shipping is missing or has an impossible price".to_owned());
        }
        Ok(())
    }
}

impl Localized {
    pub(crate) fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Arabic => &self.ar,
        }
    }
}

/// 1 to 40 of `a-z0-9-`, so that it fits into a path and a cookie as it is.
fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(plain)
}

fn currency<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
    let code = String::deserialize(deserializer)?;
    Currency::parse(&code).ok_or_else(|| serde::de::Error::custom("not a currency"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_shipped_catalogue_is_whole() {
        let catalogue = Catalogue::shipped().unwrap();
        assert_eq!(catalogue.sellers.len(), 3);
        assert_eq!(catalogue.products.len(), 8);
        let excluded = catalogue.products.iter().filter(|product| product.cards_excluded);
        assert_eq!(
            excluded.map(|product| product.slug.as_str()).collect::<Vec<_>>(),
            ["gift-card"]
        );
        for product in &catalogue.products {
            let picture = format!("{}/assets/{}", env!("CARGO_MANIFEST_DIR"), product.picture);
            assert!(std::fs::exists(picture).unwrap(), "{} has no picture", product.slug);
        }
    }

    #[test]
    fn mistakes_in_the_file_are_named() {
        let shipped = include_str!("../data/catalogue.json");
        let table = [
            ("\"currency\": \"usd\"", "\"currency\": \"dollar\"", "not a currency"),
            ("\"price_minor\": 2800", "\"price_minor\": 0", "azulejo-mug has an impossible price"),
            ("\"price_minor\": 490", "\"price_minor\": -1", "shipping"),
            ("\"slug\": \"gift-card\"", "\"slug\": \"azulejo-mug\"", "named twice"),
            ("\"slug\": \"gift-card\"", "\"slug\": \"Gift Card\"", "oddly"),
            ("\"seller\": \"kyoto-paper\"", "\"seller\": \"nobody\"", "has no seller"),
            ("\"cards_excluded\"", "\"card_excluded\"", "unknown field"),
        ];
        for (before, after, complaint) in table {
            let error = Catalogue::parse(&shipped.replace(before, after)).err().unwrap();
            assert!(error.contains(complaint), "{after}: {error}");
        }
    }
}
