//! When a card that is kept may be charged again.

use serde::{Deserialize, Serialize};

/// What a card is kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FutureUsage {
    /// Payments with the buyer present.
    OnSession,
    /// Payments with the buyer away as well.
    OffSession,
}

impl FutureUsage {
    /// The word of the wire.
    pub fn name(self) -> &'static str {
        match self {
            FutureUsage::OnSession => "on_session",
            FutureUsage::OffSession => "off_session",
        }
    }
}
