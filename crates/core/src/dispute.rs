//! Disputes: a cardholder objects at the bank, which asks for evidence or takes the money back.

pub mod command;
pub mod evidence;
pub mod report;
pub mod state;
pub mod warning;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{AttemptId, DisputeId, EntryId, PaymentIntentId};
use crate::listed::Listed;
use crate::money::Money;
use crate::payment::asked::Asked;
use crate::time::Timestamp;

pub use evidence::{Evidence, EvidenceField};
pub use state::DisputeState;
pub use warning::EarlyFraudWarning;

/// One dispute of a charge, as far as the network has told of it.
///
/// Invariant: `withdrawn` is zero or positive; the ledger account `platform_disputes` has exactly
/// the sum of it over all disputes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Its id.
    pub id: DisputeId,
    /// When it became known here.
    pub created: Timestamp,
    /// The payment.
    pub intent: PaymentIntentId,
    /// The charge.
    pub attempt: AttemptId,
    /// The network's own name for it.
    pub reference: String,
    /// How much the cardholder objects to.
    pub amount: Money,
    /// How much of it the network has taken back and not returned.
    pub withdrawn: Money,
    /// Why, as the wire says it: `fraudulent`, `product_not_received`, ...
    pub reason: String,
    /// The network's own code of the reason.
    pub network_code: Option<String>,
    /// The card's brand, when it is known.
    pub brand: Option<String>,
    /// How often the network had changed it when it was last heard of: older news is ignored.
    pub revision: u32,
    /// Where it stands at the network.
    pub state: DisputeState,
    /// What the platform says against it.
    pub evidence: Evidence,
    /// What the network was last asked to do with it.
    pub response: Option<Response>,
    /// How often evidence was given to the network.
    pub submissions: u32,
    /// What the network took back and returned, the oldest first: at most a few.
    pub movements: Vec<DisputeMovement>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
}

/// Money that a dispute moved, as its journal entry has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeMovement {
    /// The entry.
    pub entry: EntryId,
    /// When it was posted.
    pub at: Timestamp,
    /// What it did to the platform's balance: less than nothing when money was taken back.
    pub amount: Money,
}

/// What the network is asked to do with a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// When it was asked for.
    pub created: Timestamp,
    /// Counts the responses to one dispute from 1; with its id it is the idempotency key.
    pub number: u32,
    /// What.
    pub kind: ResponseKind,
    /// What is known of it.
    pub state: Asked,
}

/// What the network is asked to do with a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseKind {
    /// Give the evidence to the cardholder's bank.
    Evidence,
    /// Let the cardholder have the money.
    Accept,
}

impl ResponseKind {
    /// The word of the network's wire.
    pub fn name(self) -> &'static str {
        match self {
            ResponseKind::Evidence => "evidence",
            ResponseKind::Accept => "accept",
        }
    }
}

/// What a charge knows of one of its disputes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// The dispute.
    pub dispute: DisputeId,
    /// What the network has taken back for it and not returned: nobody refunds that.
    pub withdrawn: Money,
    /// Whether the money of the payment's orders has to stay where it is.
    pub freezes: bool,
}

impl Dispute {
    /// Whether the network has been asked something and has not answered.
    pub fn is_asking(&self) -> bool {
        self.response.as_ref().is_some_and(|response| response.state.is_open())
    }
}

impl Listed for Dispute {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.intent.to_string(), self.attempt.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }

    fn payment(&self) -> Option<PaymentIntentId> {
        Some(self.intent)
    }

    fn is_under_way(&self) -> bool {
        self.is_asking()
    }
}
