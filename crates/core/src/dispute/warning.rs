//! Early fraud warnings: the cardholder's bank says that a charge was fraud, before any dispute.

use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, FraudWarningId, PaymentIntentId};
use crate::listed::Listed;
use crate::time::Timestamp;

/// The bank's word that a charge was fraud. No money moves by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyFraudWarning {
    /// Its id.
    pub id: FraudWarningId,
    /// When it became known here.
    pub created: Timestamp,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The charge.
    pub attempt: AttemptId,
    /// The network's own name for it.
    pub reference: String,
    /// The kind of fraud: `unauthorized_use_of_card`, `made_with_lost_card`, ...
    pub fraud_type: String,
}

impl Listed for EarlyFraudWarning {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.intent.to_string(), self.attempt.to_string()]
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }
}
