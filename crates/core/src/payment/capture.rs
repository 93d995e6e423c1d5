//! Taking a part of an authorization.

use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, CaptureId, OrderId, PaymentIntentId};
use crate::listed::Listed;
use crate::money::Money;
use crate::payment::asked::Asked;
use crate::time::Timestamp;

/// One capture of an authorization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capture {
    /// Its id, and our reference at the processor.
    pub id: CaptureId,
    /// When it was asked for.
    pub created: Timestamp,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The attempt whose authorization is taken from.
    pub attempt: AttemptId,
    /// How much. The shares of orders sum to it; without orders it is the platform's own sale.
    pub amount: Money,
    /// What each order has of it.
    pub shares: Vec<CaptureShare>,
    /// Whether the rest of the authorization is given back afterwards.
    pub is_final: bool,
    /// What is known of it.
    pub state: Asked,
}

/// An order's part of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureShare {
    /// The order.
    pub order: OrderId,
    /// Its part.
    pub amount: Money,
}

impl Listed for Capture {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.intent.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }

    fn is_under_way(&self) -> bool {
        self.state.is_open()
    }
}
