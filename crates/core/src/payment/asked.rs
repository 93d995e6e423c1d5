//! What is known of something that was asked of a processor.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// The state of a request to a processor. Unknown is a state of its own, never a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// It is on disk and may have been sent.
    Sending,
    /// It was sent and the answer is missing or makes no sense.
    Unknown {
        /// How often it has been looked into.
        looks: u32,
    },
    /// The processor did it.
    Succeeded {
        /// The processor's own name for it.
        reference: String,
        /// When the answer was recorded.
        at: Timestamp,
    },
    /// The processor refused it, or took it back later.
    Failed {
        /// The processor's code.
        code: String,
        /// When the answer was recorded.
        at: Timestamp,
    },
}

impl Asked {
    /// Whether the processor's final word is missing.
    pub fn is_open(&self) -> bool {
        match self {
            Asked::Sending | Asked::Unknown { .. } => true,
            Asked::Succeeded { .. } | Asked::Failed { .. } => false,
        }
    }

    /// How often it has been looked into.
    pub fn looks(&self) -> u32 {
        match self {
            Asked::Unknown { looks } => *looks,
            Asked::Sending | Asked::Succeeded { .. } | Asked::Failed { .. } => 0,
        }
    }

    /// The name that people and filters use.
    pub fn name(&self) -> &'static str {
        match self {
            Asked::Sending => "sending",
            Asked::Unknown { .. } => "unknown",
            Asked::Succeeded { .. } => "succeeded",
            Asked::Failed { .. } => "failed",
        }
    }
}

/// What a processor answered to a capture or a refund, or what is known instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskedOutcome {
    /// Done, for exactly the amount that was asked.
    Succeeded {
        /// The processor's own name for it.
        reference: String,
    },
    /// A definite no: it was not done and will not be.
    Failed {
        /// The processor's code.
        code: String,
    },
    /// No byte left: it may be sent again freely.
    NeverSent,
    /// Anything else.
    Unknown,
}
