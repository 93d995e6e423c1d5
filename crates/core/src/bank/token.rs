//! A token of a bank account: what a client makes of its numbers, and an account takes once.

use serde::{Deserialize, Serialize};

use crate::id::{BankTokenId, SellerId};
use crate::listed::Listed;
use crate::time::Timestamp;

use super::BankAccount;

/// A bank account under a name that can be used once, as a seller's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankToken {
    /// Its id.
    pub id: BankTokenId,
    /// When it was made.
    pub created: Timestamp,
    /// The bank account, under the id that it keeps as a seller's.
    pub account: BankAccount,
    /// The seller whose it became.
    pub used_by: Option<SellerId>,
}

impl Listed for BankToken {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        if self.used_by.is_some() { "used" } else { "" }
    }
}
