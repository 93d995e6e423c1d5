//! The platform's part of a payment that went on to a seller, and what it gives back of that.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{
    ApplicationFeeId, AttemptId, EntryId, FeeRefundId, PaymentIntentId, SellerId, TransferId,
};
use crate::listed::Listed;
use crate::money::{Money, MoneyError};
use crate::time::Timestamp;

/// What the platform took of a transfer that a charge made by itself.
///
/// Invariant: `0 <= refunded <= amount`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationFee {
    /// Its id.
    pub id: ApplicationFeeId,
    /// When it was taken.
    pub created: Timestamp,
    /// From whom.
    pub seller: SellerId,
    /// Of which charge.
    pub attempt: AttemptId,
    /// Of which payment.
    pub intent: PaymentIntentId,
    /// Of which transfer.
    pub transfer: TransferId,
    /// How much.
    pub amount: Money,
    /// What was given back of it.
    pub refunded: Money,
    /// How often something was given back.
    pub refunds: u32,
    /// The journal's entry of it.
    pub entry: Option<EntryId>,
}

/// Some of a fee given back to the seller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeRefund {
    /// Its id.
    pub id: FeeRefundId,
    /// When it was given back.
    pub created: Timestamp,
    /// Of which fee.
    pub fee: ApplicationFeeId,
    /// How much.
    pub amount: Money,
    /// Of which payment.
    pub intent: PaymentIntentId,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// The journal's entry of it.
    pub entry: Option<EntryId>,
}

impl ApplicationFee {
    /// What can still be given back.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.amount.checked_sub(self.refunded)
    }
}

impl Listed for ApplicationFee {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.attempt.to_string(), self.seller.to_string()]
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}

impl Listed for FeeRefund {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.fee.to_string()]
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}
