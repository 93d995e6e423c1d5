//! The platform's money moved to a seller, and moved back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{
    AttemptId, EntryId, PaymentIntentId, RefundId, SellerId, TransferId, TransferReversalId,
};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::time::Timestamp;

/// The platform's money moved to a seller.
///
/// Invariant: `0 <= reversed <= amount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// When it was made.
    pub created: Timestamp,
    /// How much.
    pub amount: Money,
    /// What was moved back of it.
    pub reversed: Money,
    /// How often something was moved back.
    pub reversals: u32,
    /// To whom.
    pub destination: SellerId,
    /// The charge that it came out of.
    pub source: Option<AttemptId>,
    /// The payment of that charge.
    pub intent: Option<PaymentIntentId>,
    /// Links it with payments and other transfers.
    pub group: Option<String>,
    /// The platform's own text.
    pub description: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// The journal's entry of it.
    pub entry: Option<EntryId>,
}

/// Some of a transfer moved back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferReversal {
    /// Its id.
    pub id: TransferReversalId,
    /// When it was made.
    pub created: Timestamp,
    /// Of which transfer.
    pub transfer: TransferId,
    /// How much.
    pub amount: Money,
    /// The refund that asked for it.
    pub refund: Option<RefundId>,
    /// The payment of the transfer's charge.
    pub intent: Option<PaymentIntentId>,
    /// The platform's own text.
    pub description: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// The journal's entry of it.
    pub entry: Option<EntryId>,
}

impl Transfer {
    /// What can still be moved back.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.amount.checked_sub(self.reversed)
    }
}

/// The link by which lists find what belongs to a transfer group.
pub fn group_link(group: &str) -> String {
    format!("group:{group}")
}

impl Listed for Transfer {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        let source = self.source.map(|source| source.to_string());
        let group = self.group.as_deref().map(group_link);
        std::iter::once(self.destination.to_string()).chain(source).chain(group).collect()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        self.intent
    }
}

impl Listed for TransferReversal {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.transfer.to_string()]
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        self.intent
    }
}
