//! The sandbox's time as a `test_helpers.test_clock`.

use holdfast_core::clock;
use holdfast_core::time::Timestamp;

use crate::objects::{Advancing, TestClock, TestClockStatus, TestClockWord};
use crate::params::TIMESTAMP_MAX;

/// A clock; that of the platform shows `now`.
pub(crate) fn object(row: &clock::TestClock, now: Timestamp) -> TestClock {
    let own = row.own.as_ref();
    let advancing = row.target.map(|to| Advancing { target_frozen_time: to.seconds() });
    TestClock {
        id: row.id.to_string(),
        object: TestClockWord,
        created: row.created.seconds(),
        // The platform's clock lives as long as its platform, others until they are deleted.
        deletes_after: TIMESTAMP_MAX,
        frozen_time: own.map_or(now, |own| own.time).seconds(),
        livemode: false,
        name: own.and_then(|own| own.name.clone()),
        status: if advancing.is_some() { "advancing" } else { "ready" },
        status_details: TestClockStatus { advancing },
    }
}
