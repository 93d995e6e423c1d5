//! A clock that can be moved, so that sixty days pass in a second. Never in live mode.

use serde::{Deserialize, Serialize};

use crate::id::TestClockId;
use crate::time::{Span, Timestamp};

/// The platform's movable clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestClock {
    /// Its id.
    pub id: TestClockId,
    /// When it was made.
    pub created: Timestamp,
    /// How far it is ahead of the system's clock. Never shrinks.
    pub ahead: Span,
    /// Where it is moving to, stopping at each deadline on the way.
    pub target: Option<Timestamp>,
}
