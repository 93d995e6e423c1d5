//! Time as a value: nothing here reads a clock.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A length of time in milliseconds, never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(i64);

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Timestamp {
    /// The moment `ms` milliseconds after the start of 1970, UTC.
    pub const fn from_ms(ms: i64) -> Timestamp {
        Timestamp(ms)
    }

    /// The moment `seconds` after the start of 1970, UTC; the largest moment when it overflows.
    pub const fn from_seconds(seconds: i64) -> Timestamp {
        Timestamp(seconds.saturating_mul(SECOND_MS))
    }

    /// Milliseconds since the start of 1970, UTC.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Whole seconds since the start of 1970, UTC, as the wire shows time.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND_MS)
    }

    /// This moment and `span` later.
    pub const fn after(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_add(span.0))
    }

    /// `span` before this moment.
    pub const fn before(self, span: Span) -> Timestamp {
        Timestamp(self.0.saturating_sub(span.0))
    }

    /// How long ago `earlier` was; zero when it is not earlier.
    pub fn since(self, earlier: Timestamp) -> Span {
        Span(self.0.saturating_sub(earlier.0).max(0))
    }

    /// The same time of day `days` business days later: Saturdays and Sundays (UTC) do not count.
    pub fn after_business_days(self, days: u16) -> Timestamp {
        let mut moment = self;
        let mut left = days;
        while left > 0 {
            moment = moment.after(Span::days(1));
            if !moment.is_weekend() {
                left -= 1;
            }
        }
        moment
    }

    fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday, so that day 2 was a Saturday and day 3 a Sunday.
        matches!(self.0.div_euclid(DAY_MS).rem_euclid(7), 2 | 3)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);

    /// `ms` milliseconds; zero when negative.
    pub const fn from_ms(ms: i64) -> Span {
        Span(if ms < 0 { 0 } else { ms })
    }

    /// So many seconds.
    pub const fn seconds(seconds: u32) -> Span {
        Span(seconds as i64 * SECOND_MS)
    }

    /// So many hours.
    pub const fn hours(hours: u32) -> Span {
        Span(hours as i64 * HOUR_MS)
    }

    /// So many days of 24 hours.
    pub const fn days(days: u32) -> Span {
        Span(days as i64 * DAY_MS)
    }

    /// The length in milliseconds.
    pub const fn ms(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20 12:00 UTC, a Friday.
    const FRIDAY: Timestamp = Timestamp::from_seconds(1_795_176_000);

    #[test]
    fn business_days_leave_weekends_out() {
        for (days, calendar_days) in [(0, 0), (1, 3), (2, 4), (5, 7), (6, 10), (7, 11), (10, 14)] {
            let expected = FRIDAY.after(Span::days(calendar_days));
            assert_eq!(FRIDAY.after_business_days(days), expected, "{days}");
        }
    }

    #[test]
    fn moments_never_wrap_around() {
        let end = Timestamp::from_ms(i64::MAX);
        assert_eq!(end.after(Span::days(1)), end);
        assert_eq!(FRIDAY.since(end), Span::ZERO);
        assert_eq!(Timestamp::from_ms(-1).seconds(), -1);
        assert_eq!(FRIDAY.before(Span::hours(1)).since(FRIDAY), Span::ZERO);
    }
}
