//! Where a dispute stands at the network.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Where a dispute stands. The names are those of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    /// The bank only asks; no money has moved.
    WarningNeedsResponse {
        /// When the bank stops waiting for an answer.
        due_by: Timestamp,
    },
    /// The bank reads the answer to its question.
    WarningUnderReview {
        /// When the bank has decided at the latest.
        until: Timestamp,
    },
    /// The bank's question is closed, and no dispute came of it.
    WarningClosed {
        /// When that became known.
        at: Timestamp,
    },
    /// The money was taken back, and the bank waits for evidence.
    NeedsResponse {
        /// When the bank stops waiting for evidence: without any the dispute is lost.
        due_by: Timestamp,
    },
    /// The bank reads the evidence.
    UnderReview {
        /// When the bank has decided at the latest.
        until: Timestamp,
    },
    /// The platform is right, and the money is back.
    Won {
        /// When that became known.
        at: Timestamp,
    },
    /// The cardholder is right, and keeps the money.
    Lost {
        /// When that became known.
        at: Timestamp,
    },
    /// It was settled before it became a dispute.
    Prevented {
        /// When that became known.
        at: Timestamp,
    },
    /// The cardholder's bank objects to the outcome, and more evidence is waited for.
    AppealNeedsResponse {
        /// When the network stops waiting for it.
        due_by: Timestamp,
    },
    /// The network itself decides.
    AppealUnderReview {
        /// When it has decided at the latest.
        until: Timestamp,
    },
}

impl DisputeState {
    /// The same state as it became known at `now`: the end of a dispute counts from then.
    #[must_use]
    pub fn known_at(self, now: Timestamp) -> DisputeState {
        match self {
            DisputeState::WarningClosed { .. } => DisputeState::WarningClosed { at: now },
            DisputeState::Won { .. } => DisputeState::Won { at: now },
            DisputeState::Lost { .. } => DisputeState::Lost { at: now },
            DisputeState::Prevented { .. } => DisputeState::Prevented { at: now },
            DisputeState::WarningNeedsResponse { .. }
            | DisputeState::WarningUnderReview { .. }
            | DisputeState::NeedsResponse { .. }
            | DisputeState::UnderReview { .. }
            | DisputeState::AppealNeedsResponse { .. }
            | DisputeState::AppealUnderReview { .. } => self,
        }
    }

    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            DisputeState::WarningNeedsResponse { .. } => "warning_needs_response",
            DisputeState::WarningUnderReview { .. } => "warning_under_review",
            DisputeState::WarningClosed { .. } => "warning_closed",
            DisputeState::NeedsResponse { .. } => "needs_response",
            DisputeState::UnderReview { .. } => "under_review",
            DisputeState::Won { .. } => "won",
            DisputeState::Lost { .. } => "lost",
            DisputeState::Prevented { .. } => "prevented",
            DisputeState::AppealNeedsResponse { .. } => "appeal_needs_response",
            DisputeState::AppealUnderReview { .. } => "appeal_under_review",
        }
    }

    /// Until when evidence is waited for; `None` when it is not.
    pub fn due_by(self) -> Option<Timestamp> {
        match self {
            DisputeState::WarningNeedsResponse { due_by }
            | DisputeState::NeedsResponse { due_by }
            | DisputeState::AppealNeedsResponse { due_by } => Some(due_by),
            DisputeState::WarningUnderReview { .. }
            | DisputeState::WarningClosed { .. }
            | DisputeState::UnderReview { .. }
            | DisputeState::Won { .. }
            | DisputeState::Lost { .. }
            | DisputeState::Prevented { .. }
            | DisputeState::AppealUnderReview { .. } => None,
        }
    }

    /// When the network will have changed it at the latest; `None` when it is over.
    pub fn changes_by(self) -> Option<Timestamp> {
        match self {
            DisputeState::WarningNeedsResponse { due_by: by }
            | DisputeState::NeedsResponse { due_by: by }
            | DisputeState::AppealNeedsResponse { due_by: by }
            | DisputeState::WarningUnderReview { until: by }
            | DisputeState::UnderReview { until: by }
            | DisputeState::AppealUnderReview { until: by } => Some(by),
            DisputeState::WarningClosed { .. }
            | DisputeState::Won { .. }
            | DisputeState::Lost { .. }
            | DisputeState::Prevented { .. } => None,
        }
    }

    /// Whether the money of the payment's orders stays where it is. A bank's mere question does
    /// not stop it: giving the buyer's money back is the best answer to one.
    pub fn freezes(self) -> bool {
        match self {
            DisputeState::NeedsResponse { .. }
            | DisputeState::UnderReview { .. }
            | DisputeState::AppealNeedsResponse { .. }
            | DisputeState::AppealUnderReview { .. } => true,
            DisputeState::WarningNeedsResponse { .. }
            | DisputeState::WarningUnderReview { .. }
            | DisputeState::WarningClosed { .. }
            | DisputeState::Won { .. }
            | DisputeState::Lost { .. }
            | DisputeState::Prevented { .. } => false,
        }
    }
}
