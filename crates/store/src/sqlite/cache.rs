//! Rows in memory: what commands load again and again is not read from the file each time.
//!
//! The file has one writer, so that the cache is exact and not merely a guess that a version check
//! puts right. Before a batch is committed the rows that it writes leave the cache, and until it is
//! over nobody puts any of them back: whoever looks meanwhile reads the file, which shows either
//! all of the batch or nothing. After it they are there as the batch left them. What a reader found
//! before or during a commit is therefore never kept beyond it.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::mem::take;
use std::sync::{Mutex, MutexGuard, PoisonError};

use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKey;
use holdfast_core::view::StoredRow;

/// A row and whose it is.
pub(super) type Owned = (PlatformId, StoredRow);
/// A row and whose it is, or that there is none.
pub(super) type Found = Option<Owned>;

/// Into how many parts the cache is divided. A commit keeps readers from filling the parts that it
/// writes to, so there are more than a group of commands usually has rows.
const SHARDS: usize = 256;
/// How much memory the rows take at most, about.
const BYTES_MAX: usize = 24 << 20;
/// A row in memory takes about as much as its JSON, twice: names are gone, strings stand alone.
const BYTES_PER_JSON_BYTE: usize = 2;
/// What a row takes beside its contents: its key, its place in a table.
const BYTES_PER_ROW: usize = 256;

/// The cache.
pub(super) struct RowCache {
    hasher: RandomState,
    shards: Vec<Mutex<Shard>>,
    bytes_max: usize,
}

/// One part. What is used moves to the young rows; when those are half of what may be kept, the
/// old ones are forgotten and the young ones are old.
#[derive(Default)]
struct Shard {
    young: HashMap<RowKey, Kept>,
    young_bytes: usize,
    old: HashMap<RowKey, Kept>,
    /// How many commits that write here are under way: one, as there is one writer.
    writing: usize,
    /// How many commits wrote here.
    commits: u64,
}

struct Kept {
    found: Found,
    bytes: usize,
}

/// The state of a shard before the file was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticket {
    /// Nothing while a commit was under way: what is read then may be outdated by it.
    commits: Option<u64>,
}

impl Default for RowCache {
    fn default() -> RowCache {
        RowCache::new(BYTES_MAX)
    }
}

impl RowCache {
    fn new(bytes_max: usize) -> RowCache {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        RowCache { hasher: RandomState::new(), shards, bytes_max }
    }

    /// Shows what is known of a row to `see`. A row of which nothing is known may be put in with
    /// the ticket, once the file was read.
    pub(super) fn peek<T>(&self, key: &RowKey, see: impl FnOnce(&Found) -> T) -> Result<T, Ticket> {
        let mut shard = self.shard(key);
        if let Some(kept) = shard.young.get(key) {
            return Ok(see(&kept.found));
        }
        match shard.old.remove(key) {
            Some(kept) => {
                let seen = see(&kept.found);
                shard.keep(key.clone(), kept, self.bytes_max);
                Ok(seen)
            }
            None => Err(Ticket { commits: (shard.writing == 0).then_some(shard.commits) }),
        }
    }

    /// Puts in what the file said, unless a commit came in between. `json` is the length of the
    /// stored text.
    pub(super) fn fill(&self, key: RowKey, ticket: Ticket, found: Found, json: usize) {
        let mut shard = self.shard(&key);
        if shard.writing == 0 && ticket.commits == Some(shard.commits) {
            shard.keep(key, Kept { found, bytes: bytes(json) }, self.bytes_max);
        }
    }

    /// Takes rows out that are about to be committed, until what is returned is dropped.
    pub(super) fn write(&self, keys: Vec<RowKey>) -> Writing<'_> {
        for key in &keys {
            let mut shard = self.shard(key);
            shard.forget(key);
            shard.writing += 1;
        }
        Writing { cache: self, keys }
    }

    fn shard(&self, key: &RowKey) -> MutexGuard<'_, Shard> {
        let shards = u64::try_from(self.shards.len()).unwrap_or(1);
        let at = usize::try_from(self.hasher.hash_one(key) % shards).unwrap_or(0);
        // Nothing here panics with the lock held.
        self.shards[at].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A commit under way.
pub(super) struct Writing<'a> {
    cache: &'a RowCache,
    keys: Vec<RowKey>,
}

impl Writing<'_> {
    /// The commit is durable: the rows are as it left them, and `json` is the length of each.
    pub(super) fn committed(self, rows: impl IntoIterator<Item = (PlatformId, StoredRow, usize)>) {
        for (platform, stored, json) in rows {
            let key = stored.row.key();
            let kept = Kept { found: Some((platform, stored)), bytes: bytes(json) };
            self.cache.shard(&key).keep(key, kept, self.cache.bytes_max);
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        for key in &self.keys {
            let mut shard = self.cache.shard(key);
            shard.writing = shard.writing.saturating_sub(1);
            shard.commits = shard.commits.wrapping_add(1);
        }
    }
}

impl Shard {
    fn keep(&mut self, key: RowKey, kept: Kept, bytes_max: usize) {
        self.forget(&key);
        let half = bytes_max / SHARDS / 2;
        // A file of megabytes would push out what is needed.
        if kept.bytes > half {
            return;
        }
        if self.young_bytes + kept.bytes > half {
            self.old = take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += kept.bytes;
        self.young.insert(key, kept);
    }

    fn forget(&mut self, key: &RowKey) {
        if let Some(kept) = self.young.remove(key) {
            self.young_bytes -= kept.bytes;
        }
        self.old.remove(key);
    }
}

fn bytes(json: usize) -> usize {
    json * BYTES_PER_JSON_BYTE + BYTES_PER_ROW
}

#[cfg(test)]
mod tests {

    use holdfast_core::currency::Currency;
    use holdfast_core::id::{Id, SellerId};
    use holdfast_core::row::Record;
    use holdfast_core::seller::Seller;
    use holdfast_core::time::Timestamp;

    use super::*;

    fn id<I: Id>(number: u32) -> I {
        I::from_number(u128::from(number))
    }

    fn key(number: u32) -> RowKey {
        Seller::key(&id::<SellerId>(number))
    }

    fn row(number: u32, version: u64) -> (PlatformId, StoredRow) {
        let seller = Seller::new(id(number), Timestamp::from_ms(0), "US", Currency::USD);
        (id(1), StoredRow { version, row: seller.into_row().into() })
    }

    /// The version that the cache knows, 0 where it knows that there is no row.
    fn known(cache: &RowCache, number: u32) -> Option<u64> {
        let version = |found: &Found| found.as_ref().map_or(0, |(_, stored)| stored.version);
        cache.peek(&key(number), version).ok()
    }

    fn ticket(cache: &RowCache, number: u32) -> Ticket {
        cache.peek(&key(number), |_| ()).expect_err("it is not known")
    }

    #[test]
    fn what_was_read_is_known_from_then_on() {
        let cache = RowCache::default();
        cache.fill(key(1), ticket(&cache, 1), Some(row(1, 7)), 100);
        cache.fill(key(2), ticket(&cache, 2), None, 0);
        assert_eq!([1, 2, 3].map(|number| known(&cache, number)), [Some(7), Some(0), None]);
    }

    #[test]
    fn what_was_read_before_or_during_a_commit_is_not_kept() {
        let cache = RowCache::default();
        let before = ticket(&cache, 1);
        let writing = cache.write(vec![key(1)]);
        let during = ticket(&cache, 1);
        for ticket in [before, during] {
            cache.fill(key(1), ticket, Some(row(1, 1)), 100);
            assert_eq!(known(&cache, 1), None, "a commit is under way");
        }
        writing.committed([(id(1), row(1, 2).1, 100)]);
        for ticket in [before, during] {
            cache.fill(key(1), ticket, Some(row(1, 1)), 100);
            assert_eq!(known(&cache, 1), Some(2));
        }
    }

    #[test]
    fn a_commit_that_fails_leaves_nothing_known() {
        let cache = RowCache::default();
        cache.fill(key(1), ticket(&cache, 1), Some(row(1, 1)), 100);
        let before = cache.write(vec![key(1)]);
        drop(before);
        assert_eq!(known(&cache, 1), None);
        cache.fill(key(1), ticket(&cache, 1), Some(row(1, 2)), 100);
        assert_eq!(known(&cache, 1), Some(2));
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let cache = RowCache::new(SHARDS * 10_000);
        for number in 1..=100_000 {
            cache.fill(key(number), ticket(&cache, number), Some(row(number, 1)), 1_000);
            assert_eq!(known(&cache, 1), Some(1), "it is looked at all the time");
        }
        let rows = |shard: &Mutex<Shard>| {
            let shard = shard.lock().unwrap();
            shard.young.len() + shard.old.len()
        };
        let kept: usize = cache.shards.iter().map(rows).sum();
        assert!(kept <= SHARDS * 10_000 / bytes(1_000), "{kept}");
        assert!((2..50_000).all(|number| known(&cache, number).is_none()), "the rest is forgotten");
        cache.fill(key(0), ticket(&cache, 0), Some(row(0, 1)), 10_000);
        assert_eq!(known(&cache, 0), None, "one row is not worth a whole shard");
    }
}
