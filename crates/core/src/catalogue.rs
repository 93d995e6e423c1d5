//! What the platform sells and for how much: products, prices, discounts, and pages that sell the
//! same things again. The core has nothing to decide about them but that names are unique.

pub mod coupon;
pub mod name;
pub mod payment_link;
pub mod price;
pub mod product;
pub mod promotion_code;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::Id;

/// An id, and the platform's own word that stands for it on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called<I> {
    /// The id that the row is stored under.
    pub id: I,
    /// The platform's own word, where it gave one.
    pub own: Option<String>,
}

impl<I: Id> fmt::Display for Called<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.own {
            Some(own) => f.write_str(own),
            None => self.id.fmt(f),
        }
    }
}

/// The states by which lists of the catalogue are narrowed. What was deleted is in no list.
fn state(active: bool, deleted: bool) -> &'static str {
    match (deleted, active) {
        (true, _) => "deleted",
        (false, true) => "active",
        (false, false) => "inactive",
    }
}
