//! What the network says of disputes: facts from outside, not yet ours.

use crate::money::Money;
use crate::time::Timestamp;

use super::DisputeState;

/// All that cardholders' banks have raised about one authorization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaints {
    /// The disputes, the oldest first.
    pub disputes: Vec<DisputeReport>,
    /// The early fraud warnings, the oldest first.
    pub warnings: Vec<WarningReport>,
}

/// What the network says of one dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeReport {
    /// The network's own name for it.
    pub reference: String,
    /// How much the cardholder objects to.
    pub amount: Money,
    /// How much of it the network has taken back and not returned.
    pub withdrawn: Money,
    /// Why, as the wire says it.
    pub reason: String,
    /// The network's own code of the reason.
    pub network_code: Option<String>,
    /// How often the network has changed it; grows with each change.
    pub revision: u32,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: DisputeState,
}

/// What the network says of one early fraud warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningReport {
    /// The network's own name for it.
    pub reference: String,
    /// The kind of fraud: `unauthorized_use_of_card`, `made_with_lost_card`, ...
    pub fraud_type: String,
}

/// What came of a look at an authorization's disputes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintsOutcome {
    /// This is all there is.
    Known(Complaints),
    /// The answer is missing or makes no sense.
    Unknown,
}

/// What the network answered to evidence or an acceptance, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResponseOutcome {
    /// It took it, and the dispute is now this.
    Taken(DisputeReport),
    /// A definite no: it was not taken and will not be.
    Refused {
        /// The network's code.
        code: String,
    },
    /// No byte left: it may be sent again freely.
    NeverSent,
    /// Anything else.
    Unknown,
}
