//! The sandbox's time as a `test_helpers.test_clock`.

use holdfast_core::clock;
use holdfast_core::time::Timestamp;

use crate::objects::{Advancing, TestClock, TestClockStatus, TestClockWord};
use crate::params::TIMESTAMP_MAX;

/// The clock, which shows `now`.
pub(crate) fn object(row: &clock::TestClock, now: Timestamp) -> TestClock {
    let advancing = row.target.map(|to| Advancing { target_frozen_time: to.seconds() });
    TestClock {
        id: row.id.to_string(),
        object: TestClockWord,
        created: row.created.seconds(),
        // It lives as long as its platform.
        deletes_after: TIMESTAMP_MAX,
        frozen_time: now.seconds(),
        livemode: false,
        name: None,
        status: if advancing.is_some() { "advancing" } else { "ready" },
        status_details: TestClockStatus { advancing },
    }
}
