//! `test_helpers.test_clock`: the time of the sandbox, which can be moved.

use schemars::JsonSchema;
use serde::Serialize;

object_words! {
    /// `test_helpers.test_clock`
    TestClockWord = "test_helpers.test_clock";
}

/// The time of the sandbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestClock {
    /// `clock_...`
    pub id: String,
    /// `test_helpers.test_clock`
    pub object: TestClockWord,
    /// When it was made.
    pub created: i64,
    /// When it would be deleted.
    pub deletes_after: i64,
    /// What time it shows, or will show when it is `ready`.
    pub frozen_time: i64,
    /// Always false.
    pub livemode: bool,
    /// For the platform's own use.
    pub name: Option<String>,
    /// `ready`, `advancing` or `internal_failure`.
    pub status: &'static str,
    /// Where it is going, while it is advancing.
    pub status_details: TestClockStatus,
}

/// Where a clock is going.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TestClockStatus {
    /// Only while `advancing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advancing: Option<Advancing>,
}

/// The end of a clock's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Advancing {
    /// What time it will show.
    pub target_frozen_time: i64,
}
