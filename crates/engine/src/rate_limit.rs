//! Rate limits: one bucket for reads and one for writes, for each key or address. The API and the
//! pages count by them before they ask the engine for anything.
//!
//! A bucket holds so many requests at once (the burst) and fills up at a steady rate. The limits
//! of several processes do not know of each other: each gives its own share.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

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
    /// For pages that one address loads.
    pub page_reads: Option<Rate>,
    /// For forms of pages that one address posts.
    pub page_writes: Option<Rate>,
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
        page_reads: Some(Rate::PAGE_READS),
        page_writes: Some(Rate::PAGE_WRITES),
    };
    /// None at all, for load tests.
    pub const OFF: Limits =
        Limits { reads: None, writes: None, strangers: None, page_reads: None, page_writes: None };

    /// What one address may ask of the pages.
    #[must_use]
    pub fn of_pages(self) -> Limits {
        Limits { reads: self.page_reads, writes: self.page_writes, ..Limits::OFF }
    }
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
    /// A page is three requests at first and one each second while a bank is waited for; many
    /// buyers may share the address of a company or of a mobile network.
    pub const PAGE_READS: Rate = Rate { per_second: 30, burst: 300 };
    /// A purchase is two or three forms.
    pub const PAGE_WRITES: Rate = Rate { per_second: 5, burst: 60 };
}

/// A request above the rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited {
    /// Whole seconds until the next one is let in, 1 or more.
    pub retry_after_seconds: u64,
}

/// What stands for one guest at the other end: of IPv6, where everybody has 2 to the 64th of them,
/// the network of an address.
pub fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => {
            let mapped = address.to_ipv4_mapped().map(IpAddr::V4);
            let network = Ipv6Addr::from_bits(address.to_bits() >> 64 << 64);
            mapped.unwrap_or(IpAddr::V6(network))
        }
    }
}

/// The most buckets that are kept. At that number the full ones go: a full bucket and none are the
/// same. Where none is full, all go: whoever has so many keys or addresses is not to be stopped by
/// counting each of them, and memory is.
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
    /// # Errors
    /// `RateLimited` above the rate; a refused request costs nothing.
    pub fn admit(&self, key: K, traffic: Traffic, now_ms: u64) -> Result<(), RateLimited> {
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
            None => return Err(bucket.refusal(rate)),
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
        if buckets.len() >= BUCKETS_MAX {
            buckets.clear();
        }
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

    fn refusal(&self, rate: Rate) -> RateLimited {
        let lacking = COST.saturating_sub(self.level);
        let ms = lacking.div_ceil(u64::from(rate.per_second).max(1));
        RateLimited { retry_after_seconds: ms.div_ceil(1_000).max(1) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
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
    fn a_refusal_says_when_to_come_again() {
        let table = [(1, 0, 1), (1, 500, 1), (100, 0, 1)];
        for (per_second, now_ms, retry_after_seconds) in table {
            let rate = Rate { per_second, burst: 1 };
            let limiter = RateLimiter::new(Limits { reads: Some(rate), ..Limits::OFF });
            assert_eq!(limiter.admit(1, Traffic::Read, 0), Ok(()));
            let refused = limiter.admit(1, Traffic::Read, now_ms);
            assert_eq!(refused, Err(RateLimited { retry_after_seconds }), "{per_second} {now_ms}");
        }
    }

    #[test]
    fn an_address_is_its_network() {
        let table = [
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
            ("2001:db8:1:3::9", "2001:db8:1:3::"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ];
        for (address, expected) in table {
            let parsed = |text: &str| text.parse::<IpAddr>().unwrap();
            assert_eq!(network(parsed(address)), parsed(expected), "{address}");
        }
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

    #[test]
    fn there_are_never_more_buckets_than_the_bound() {
        let limiter = RateLimiter::new(Limits::DEFAULT);
        for key in 0..3 * BUCKETS_MAX {
            limiter.admit(key, Traffic::Read, 0).unwrap();
            assert!(limiter.buckets.lock().unwrap().len() <= BUCKETS_MAX);
        }
    }
}
