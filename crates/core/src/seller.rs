//! A seller of the marketplace.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::currency::Currency;
use crate::id::SellerId;
use crate::money::BasisPoints;
use crate::time::Timestamp;

/// A seller: what the wire calls a connected account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seller {
    /// Its id.
    pub id: SellerId,
    /// When it was made.
    pub created: Timestamp,
    /// The name that buyers read.
    pub name: Option<String>,
    /// Where the seller is written to.
    pub email: Option<String>,
    /// Two letters of ISO 3166-1.
    pub country: String,
    /// The currency that the seller thinks in.
    pub currency: Currency,
    /// The platform's fee, when it differs from the rule.
    pub fee: Option<BasisPoints>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
}
