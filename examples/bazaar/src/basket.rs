//! The buyer's basket, which lives in a cookie.
//!
//! The cookie holds no price and no name, only what was put in and how many; so there is nothing in
//! it to forge, and it needs no signature. Prices come from the catalogue each time.

use crate::catalogue::Catalogue;
use crate::money::Money;

/// What a buyer is about to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Basket {
    /// Names this basket to the payment service: two tabs that check out the same basket must get
    /// the same checkout session. 32 letters from `a` to `p`, chosen at random.
    id: String,
    lines: Vec<Line>,
}

/// One product and how many of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) product: String,
    /// 1 to [`QUANTITY_MAX`].
    pub(crate) quantity: u8,
}

/// More of one handmade thing than any of the workshops has on its shelf.
pub(crate) const QUANTITY_MAX: u8 = 10;

/// Different products in one basket. With slugs of at most 40 bytes the cookie stays below 1 KiB.
const LINES_MAX: usize = 20;

/// Longest cookie that a basket writes: the id and `LINES_MAX` times `.slug*10`.
const COOKIE_BYTES_MAX: usize = ID_LETTERS + LINES_MAX * (1 + 40 + 3);

const ID_LETTERS: usize = 32;

impl Basket {
    /// An empty basket.
    pub(crate) fn empty(id: String) -> Basket {
        Basket { id, lines: Vec::new() }
    }

    /// Reads `id.slug*quantity.slug*quantity`. Whatever is not understood is left out: an old
    /// cookie must never lock a buyer out of the shop.
    pub(crate) fn from_cookie(cookie: &str, catalogue: &Catalogue) -> Option<Basket> {
        if cookie.len() > COOKIE_BYTES_MAX {
            return None;
        }
        let mut parts = cookie.split('.');
        let id = parts.next().filter(|id| is_basket_id(id))?;
        let mut basket = Basket::empty(id.to_owned());
        for part in parts {
            let Some((slug, quantity)) = part.split_once('*') else { continue };
            if let Ok(quantity) = quantity.parse::<u8>() {
                basket.add(slug, quantity, catalogue);
            }
        }
        Some(basket)
    }

    pub(crate) fn to_cookie(&self) -> String {
        let lines = self.lines.iter().map(|line| format!(".{}*{}", line.product, line.quantity));
        lines.fold(self.id.clone(), |cookie, line| cookie + &line)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Puts in `quantity` more of a product, up to the most that one may have. An unknown product
    /// changes nothing.
    pub(crate) fn add(&mut self, slug: &str, quantity: u8, catalogue: &Catalogue) {
        if catalogue.product(slug).is_none() || quantity == 0 {
            return;
        }
        if let Some(line) = self.lines.iter_mut().find(|line| line.product == slug) {
            line.quantity = line.quantity.saturating_add(quantity).min(QUANTITY_MAX);
        } else if self.lines.len() < LINES_MAX {
            let quantity = quantity.min(QUANTITY_MAX);
            self.lines.push(Line { product: slug.to_owned(), quantity });
        }
    }

    /// Sets how many of a product are in the basket; none takes it out.
    pub(crate) fn set(&mut self, slug: &str, quantity: u8) {
        self.lines.retain(|line| line.product != slug || quantity > 0);
        for line in self.lines.iter_mut().filter(|line| line.product == slug) {
            line.quantity = quantity.min(QUANTITY_MAX);
        }
    }

    /// Gives the basket another name, so that its next checkout is a new one.
    pub(crate) fn rename(&mut self, id: String) {
        self.id = id;
    }

    /// How many things are in it.
    pub(crate) fn count(&self) -> u32 {
        self.lines.iter().map(|line| u32::from(line.quantity)).sum()
    }

    /// What the goods cost together. `None` where that does not fit into a number.
    pub(crate) fn subtotal(&self, catalogue: &Catalogue) -> Option<Money> {
        self.lines.iter().try_fold(catalogue.money(0), |sum, line| {
            let product = catalogue.product(&line.product)?;
            sum.plus(catalogue.price(product).times(line.quantity)?)
        })
    }

    /// Whether something in it may not be paid for by card.
    pub(crate) fn excludes_cards(&self, catalogue: &Catalogue) -> bool {
        let products = self.lines.iter().filter_map(|line| catalogue.product(&line.product));
        products.into_iter().any(|product| product.cards_excluded)
    }
}

fn is_basket_id(text: &str) -> bool {
    text.len() == ID_LETTERS && text.bytes().all(|byte| (b'a'..=b'p').contains(&byte))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const ID: &str = "abcdefghijklmnopabcdefghijklmnop";

    #[test]
    fn a_cookie_is_read_as_far_as_it_makes_sense() {
        let catalogue = Catalogue::shipped().unwrap();
        let table = [
            ("", ""),
            (".azulejo-mug*2", ".azulejo-mug*2"),
            (".azulejo-mug*2.gift-card*1", ".azulejo-mug*2.gift-card*1"),
            (".azulejo-mug*2.azulejo-mug*3", ".azulejo-mug*5"),
            (".azulejo-mug*9.azulejo-mug*9", ".azulejo-mug*10"),
            (".azulejo-mug*200", ".azulejo-mug*10"),
            (".azulejo-mug*256", ""),
            (".azulejo-mug*-1", ""),
            (".azulejo-mug*0", ""),
            (".azulejo-mug", ""),
            (".azulejo-mug*", ""),
            (".*3..*.unknown*1.tile-set*1", ".tile-set*1"),
            (".AZULEJO-MUG*1", ""),
        ];
        for (given, kept) in table {
            let basket = Basket::from_cookie(&format!("{ID}{given}"), &catalogue).unwrap();
            assert_eq!(basket.to_cookie(), format!("{ID}{kept}"), "{given}");
        }
    }

    #[test]
    fn a_cookie_without_a_proper_name_is_no_basket() {
        let catalogue = Catalogue::shipped().unwrap();
        let long = format!("{ID}{}", ".tile-set*1".repeat(200));
        let upper = ID.to_uppercase();
        for cookie in ["", "azulejo-mug*1", &ID[1..], &upper, &long] {
            assert_eq!(Basket::from_cookie(cookie, &catalogue), None, "{cookie}");
        }
    }

    #[test]
    fn quantities_and_sums() {
        let catalogue = Catalogue::shipped().unwrap();
        let mut basket = Basket::empty(ID.to_owned());
        basket.add("azulejo-mug", 2, &catalogue);
        basket.add("washi-notebook", 1, &catalogue);
        assert_eq!(basket.count(), 3);
        assert_eq!(basket.subtotal(&catalogue).unwrap().minor(), 2 * 2800 + 1850);
        assert!(!basket.excludes_cards(&catalogue));
        basket.set("azulejo-mug", 1);
        basket.set("tile-set", 4);
        basket.set("washi-notebook", 0);
        basket.add("gift-card", 1, &catalogue);
        assert_eq!(basket.to_cookie(), format!("{ID}.azulejo-mug*1.gift-card*1"));
        assert!(basket.excludes_cards(&catalogue));
    }
}
