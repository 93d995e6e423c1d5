//! How fast one client may post cards: a token bucket for each peer.
//!
//! Against trying out numbers in bulk, and against one client's keeping the others waiting. The
//! peer's address is what the kernel says; no header is believed.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Cards that one peer may post in the long run, per second. A whole office behind one address
/// stays far below; behind a proxy the proxy's own limit has to do the work.
const CARDS_PER_SECOND: u64 = 50;
/// Cards that one peer may post at once.
const BURST: u64 = 200;

/// Buckets in memory, about 2 MB at most. Further peers share one bucket until others are full
/// again and forgotten.
const PEERS_MAX: usize = 20_000;

/// Buckets count thousandths of a card, so that every millisecond refills whole units.
const UNITS_PER_CARD: u64 = 1000;
const BUCKET_UNITS: u64 = BURST * UNITS_PER_CARD;
const UNITS_PER_MILLISECOND: u64 = CARDS_PER_SECOND * UNITS_PER_CARD / 1000;

/// The buckets of all peers.
#[derive(Default)]
pub(super) struct Limiter(Mutex<Buckets>);

#[derive(Default)]
struct Buckets {
    by_peer: HashMap<IpAddr, Bucket>,
    /// For peers beyond [`PEERS_MAX`].
    shared: Option<Bucket>,
}

#[derive(Clone, Copy)]
struct Bucket {
    units: u64,
    filled_at: Instant,
}

impl Limiter {
    /// Whether `peer` may post a card at `now`; if so, takes one from its bucket.
    pub(super) fn admits(&self, peer: IpAddr, now: Instant) -> bool {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.of(client(peer), now).take(now)
    }
}

impl Buckets {
    fn of(&mut self, client: IpAddr, now: Instant) -> &mut Bucket {
        if self.by_peer.len() >= PEERS_MAX && !self.by_peer.contains_key(&client) {
            self.by_peer.retain(|_, bucket| !bucket.is_full(now));
            if self.by_peer.len() >= PEERS_MAX {
                return self.shared.get_or_insert(Bucket::full(now));
            }
        }
        self.by_peer.entry(client).or_insert(Bucket::full(now))
    }
}

impl Bucket {
    fn full(now: Instant) -> Self {
        Self { units: BUCKET_UNITS, filled_at: now }
    }

    fn take(&mut self, now: Instant) -> bool {
        self.units = self.units_at(now);
        self.filled_at = now;
        let left = self.units.checked_sub(UNITS_PER_CARD);
        self.units = left.unwrap_or(self.units);
        left.is_some()
    }

    fn is_full(&self, now: Instant) -> bool {
        self.units_at(now) == BUCKET_UNITS
    }

    fn units_at(&self, now: Instant) -> u64 {
        let waited = now.saturating_duration_since(self.filled_at).as_millis();
        let waited = u64::try_from(waited).unwrap_or(u64::MAX);
        let refilled = waited.saturating_mul(UNITS_PER_MILLISECOND);
        self.units.saturating_add(refilled).min(BUCKET_UNITS)
    }
}

/// Whose bucket it is: an IPv4 address, or the first half of an IPv6 address, of which one client
/// has as many as it likes.
fn client(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;

    fn admitted(limiter: &Limiter, peer: &str, now: Instant, tries: usize) -> usize {
        let peer = peer.parse().unwrap();
        (0..tries).filter(|_| limiter.admits(peer, now)).count()
    }

    #[test]
    fn a_burst_and_then_a_steady_rate() {
        let (limiter, start) = (Limiter::default(), Instant::now());
        let after = |ms| start + Duration::from_millis(ms);
        assert_eq!(admitted(&limiter, "192.0.2.1", start, 300), 200);
        assert_eq!(admitted(&limiter, "192.0.2.1", after(19), 10), 0);
        assert_eq!(admitted(&limiter, "192.0.2.1", after(20), 10), 1);
        assert_eq!(admitted(&limiter, "192.0.2.1", after(1020), 100), 50);
        assert_eq!(admitted(&limiter, "192.0.2.1", after(3_600_000), 300), 200);
        // A clock that seems to run backwards refills nothing and breaks nothing.
        assert_eq!(admitted(&limiter, "192.0.2.1", start, 10), 0);
    }

    #[test]
    fn peers_do_not_hinder_each_other() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        assert_eq!(admitted(&limiter, "192.0.2.1", now, 201), 200);
        assert_eq!(admitted(&limiter, "192.0.2.2", now, 201), 200);
        assert_eq!(admitted(&limiter, "::ffff:192.0.2.1", now, 1), 0);
        assert_eq!(admitted(&limiter, "2001:db8:0:1::1", now, 201), 200);
        assert_eq!(admitted(&limiter, "2001:db8:0:1:ffff::2", now, 1), 0);
        assert_eq!(admitted(&limiter, "2001:db8:0:2::1", now, 1), 1);
    }

    #[test]
    fn memory_is_bounded() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for number in 0..u32::try_from(PEERS_MAX).unwrap() {
            assert!(limiter.admits(IpAddr::V4(number.into()), now));
        }
        assert_eq!(admitted(&limiter, "192.0.2.1", now, 150), 150);
        assert_eq!(admitted(&limiter, "192.0.2.2", now, 150), 50, "newcomers share one bucket");
        assert_eq!(limiter.0.lock().unwrap().by_peer.len(), PEERS_MAX);
        let later = now + Duration::from_secs(1);
        assert_eq!(admitted(&limiter, "192.0.2.3", later, 201), 200);
        assert_eq!(limiter.0.lock().unwrap().by_peer.len(), 1, "full buckets are forgotten");
    }
}
