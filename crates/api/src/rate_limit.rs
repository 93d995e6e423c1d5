//! Rate limits: one bucket for reads and one for writes, for each key.
//!
//! A bucket holds so many requests at once (the burst) and fills up at a steady rate. The limits
//! of several processes do not know of each other: each gives its own share.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::error::ApiError;

/// Counts the requests of each key.
#[derive(Debug)]
pub struct RateLimiter<K> {
    limits: Limits,
    buckets: Mutex<HashMap<(K, Traffic), Bucket>>,
}

/// How much one key may ask. `None` does not limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For `GET`.
    pub reads: Option<Rate>,
    /// For everything else.
    pub writes: Option<Rate>,
    /// For requests of one address whose key nobody has, or that have none.
    pub strangers: Option<Rate>,
}

/// A steady rate with room for a burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second that may go on for ever, 1 or more.
    pub per_second: u32,
    /// Requests that may come at once after a pause, 1 or more.
    pub burst: u32,
}

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Traffic {
    /// Retrieves or lists.
    Read,
    /// Creates, changes or acts.
    Write,
}

impl Limits {
    /// 100 reads and 100 writes a second, and twice as many at once.
    pub const DEFAULT: Limits = Limits {
        reads: Some(Rate::DEFAULT),
        writes: Some(Rate::DEFAULT),
        strangers: Some(Rate::STRANGERS),
    };
    /// None at all, for load tests.
    pub const OFF: Limits = Limits { reads: None, writes: None, strangers: None };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}

impl Rate {
    /// 100 a second, the dialect's own figure for live mode; an SDK that starts up with a queue
    /// of work gets two seconds' worth at once.
    pub const DEFAULT: Rate = Rate { per_second: 100, burst: 200 };
    /// One a second, and a program that was started with a wrong key gets some tries at once. A
    /// key holds 142 bits, so that this only spares the server the work.
    pub const STRANGERS: Rate = Rate { per_second: 1, burst: 60 };
}

/// The most buckets that are kept. Above it the full ones go first: a full bucket and none are
/// the same.
const BUCKETS_MAX: usize = 20_000;

/// A request costs a thousand, so that whole milliseconds at whole rates fill exactly.
const COST: u64 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: u64,
    at_ms: u64,
}

impl<K: Copy + Eq + Hash> RateLimiter<K> {
    /// A limiter with every bucket full.
    pub fn new(limits: Limits) -> RateLimiter<K> {
        RateLimiter { limits, buckets: Mutex::new(HashMap::new()) }
    }

    /// Counts one request of `key` at `now_ms`, milliseconds of a clock that never goes back.
    ///
    /// # Refusals
    /// 429 `rate_limit` with `Stripe-Should-Retry: true`; a refused request costs nothing.
    pub fn admit(&self, key: K, traffic: Traffic, now_ms: u64) -> Result<(), ApiError> {
        let rate = match traffic {
            Traffic::Read => self.limits.reads,
            Traffic::Write => self.limits.writes,
        };
        let Some(rate) = rate else { return Ok(()) };
        // A panic elsewhere while the lock was held leaves counts, which are right or a bit off.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            self.forget_full(&mut buckets, now_ms);
        }
        let full = Bucket { level: rate.capacity(), at_ms: now_ms };
        let bucket = buckets.entry((key, traffic)).or_insert(full);
        bucket.fill(rate, now_ms);
        match bucket.level.checked_sub(COST) {
            Some(level) => bucket.level = level,
            None => return Err(ApiError::rate_limited()),
        }
        Ok(())
    }

    fn forget_full(&self, buckets: &mut HashMap<(K, Traffic), Bucket>, now_ms: u64) {
        buckets.retain(|(_, traffic), bucket| {
            let rate = match traffic {
                Traffic::Read => self.limits.reads,
                Traffic::Write => self.limits.writes,
            };
            rate.is_some_and(|rate| {
                bucket.fill(rate, now_ms);
                bucket.level < rate.capacity()
            })
        });
    }
}

impl Rate {
    fn capacity(self) -> u64 {
        u64::from(self.burst) * COST
    }
}

impl Bucket {
    fn fill(&mut self, rate: Rate, now_ms: u64) {
        let elapsed_ms = now_ms.saturating_sub(self.at_ms);
        let gained = elapsed_ms.saturating_mul(u64::from(rate.per_second));
        self.level = self.level.saturating_add(gained).min(rate.capacity());
        self.at_ms = self.at_ms.max(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(limiter: &RateLimiter<u8>, key: u8, now_ms: u64, tries: usize) -> usize {
        (0..tries).filter(|_| limiter.admit(key, Traffic::Write, now_ms).is_ok()).count()
    }

    #[test]
    fn a_burst_and_then_the_rate() {
        let rate = Rate { per_second: 100, burst: 5 };
        let limiter = RateLimiter::new(Limits { writes: Some(rate), ..Limits::OFF });
        let table = [
            (1_000, 9, 5),
            (1_009, 9, 0),
            (1_010, 9, 1),
            (1_030, 9, 2),
            // A clock that stands still or goes back fills nothing.
            (1_000, 9, 0),
            (1_035, 9, 0),
            (1_040, 9, 1),
            (99_000, 9, 5),
        ];
        for (now_ms, tries, expected) in table {
            assert_eq!(admitted(&limiter, 1, now_ms, tries), expected, "{now_ms}");
        }
        assert_eq!(admitted(&limiter, 2, 99_000, 9), 5, "another key has its own bucket");
        assert!((0..99).all(|_| limiter.admit(1, Traffic::Read, 99_000).is_ok()));
    }

    #[test]
    fn a_refusal_asks_to_be_repeated() {
        let rate = Rate { per_second: 1, burst: 1 };
        let limiter = RateLimiter::new(Limits { reads: Some(rate), ..Limits::OFF });
        assert!(limiter.admit(1, Traffic::Read, 0).is_ok());
        let error = limiter.admit(1, Traffic::Read, 0).unwrap_err();
        assert_eq!(error, ApiError::rate_limited());
    }

    #[test]
    fn limits_can_be_off() {
        let limiter = RateLimiter::new(Limits::OFF);
        assert_eq!(admitted(&limiter, 1, 0, 10_000), 10_000);
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let limiter = RateLimiter::new(Limits::DEFAULT);
        for key in 0..BUCKETS_MAX {
            limiter.admit(key, Traffic::Read, 0).unwrap();
        }
        limiter.admit(BUCKETS_MAX, Traffic::Read, 60_000).unwrap();
        assert_eq!(limiter.buckets.lock().unwrap().len(), 1);
    }
}
