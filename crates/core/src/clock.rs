//! A clock that can be moved, so that sixty days pass in a second. Never in live mode.

use serde::{Deserialize, Serialize};

use crate::id::TestClockId;
use crate::listed::Listed;
use crate::time::{Span, Timestamp};

/// The platform's movable clock, or one of its own making that moves nothing but itself.
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
    /// What it shows, where it is not the platform's: then it moves nothing but itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnClock>,
}

/// A clock that the platform made beside its own. It stands still until it is sent on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnClock {
    /// What it shows.
    pub time: Timestamp,
    /// What the platform calls it.
    pub name: Option<String>,
    /// Whether it was deleted.
    pub deleted: bool,
}

/// The state of the platform's clock: it has none, so that clocks of older stores are found.
pub const PLATFORM_CLOCK: &str = "";
/// The state of clocks that move nothing but themselves.
pub const OWN_CLOCK: &str = "own";

impl Listed for TestClock {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        match &self.own {
            None => PLATFORM_CLOCK,
            Some(own) if own.deleted => "deleted",
            Some(_) => OWN_CLOCK,
        }
    }
}
