//! What may be asked about disputes, and what is to be done outside for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::effect::ask::Ask;
use crate::id::{AttemptId, DisputeId};
use crate::key::RowKey;

use super::report::{ComplaintsOutcome, ResponseOutcome};
use super::{Evidence, EvidenceField, ResponseKind};

/// See [`crate::command::Command::Dispute`].
#[derive(Clone, Debug)]
pub enum DisputeCommand {
    /// Keep evidence and notes, and give the evidence to the bank if that is wanted.
    Update(UpdateDispute),
    /// Let the cardholder have the money.
    Accept(DisputeId),
    /// What the network says of all disputes of an authorization.
    Record(ComplaintsRequest, ComplaintsOutcome),
    /// What the network answered to evidence or an acceptance.
    RecordResponse(DisputeId, u32, ResponseOutcome),
}

impl DisputeCommand {
    /// The rows that the command names itself.
    pub fn keys(&self) -> Vec<RowKey> {
        match self {
            DisputeCommand::Update(update) => vec![RowKey::Dispute(update.dispute)],
            DisputeCommand::Accept(dispute) | DisputeCommand::RecordResponse(dispute, _, _) => {
                vec![RowKey::Dispute(*dispute)]
            }
            DisputeCommand::Record(request, _) => vec![RowKey::Attempt(request.attempt)],
        }
    }
}

/// See [`DisputeCommand::Update`].
#[derive(Clone, Debug)]
pub struct UpdateDispute {
    /// The dispute.
    pub dispute: DisputeId,
    /// The fields to set, and those to take away.
    pub evidence: BTreeMap<EvidenceField, Option<String>>,
    /// The notes as they are to be; `None` leaves them.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Whether the bank gets the evidence now.
    pub submit: bool,
}

/// A look at all that was raised about an authorization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintsRequest {
    /// The attempt, which is our reference of the authorization.
    pub attempt: AttemptId,
    /// Why it is looked.
    pub cause: LookCause,
    /// How often this look came to nothing before.
    pub tries: u32,
}

/// Why it is looked for disputes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookCause {
    /// Money was taken from a card whose network announces disputes, perhaps in a notice that was
    /// lost.
    Capture,
    /// The network must have decided by now.
    Deadline,
    /// Somebody said that something happened.
    Hint,
}

/// Evidence or an acceptance for the network. Dispute and number are the idempotency key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RespondRequest {
    /// The dispute.
    pub dispute: DisputeId,
    /// Counts the responses to it from 1.
    pub number: u32,
    /// The network's name of it.
    pub reference: String,
    /// What is asked.
    pub kind: ResponseKind,
    /// The evidence; nothing for an acceptance.
    pub evidence: Evidence,
    /// How to ask.
    pub ask: Ask,
}

impl RespondRequest {
    /// Our own name of the request at the network.
    pub fn own_reference(&self) -> String {
        format!("{}_{}", self.dispute, self.number)
    }
}
