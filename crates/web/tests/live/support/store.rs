//! A store in memory that can be told to fail.

use std::sync::atomic::{AtomicBool, Ordering};

use holdfast_core::change::Changes;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use holdfast_engine::store::memory::MemoryStore;
use holdfast_engine::store::query::{Accounts, Balance, EntriesQuery, EventsQuery, RowsQuery};
use holdfast_engine::store::{
    Lease, Old, Outcome, OwnedEffect, ReadSide, Store, StoreError, StoreFuture,
};

#[derive(Default)]
pub(crate) struct FlakyStore {
    kept: MemoryStore,
    /// Whether nothing can be read.
    pub(crate) no_reads: AtomicBool,
    /// Whether nothing can be committed.
    pub(crate) no_commits: AtomicBool,
}

fn broken<T: Send + 'static>() -> StoreFuture<'static, T> {
    let error = StoreError::Unavailable("the test says so".to_owned());
    Box::pin(std::future::ready(Err(error)))
}

impl Store for FlakyStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        if self.no_reads.load(Ordering::Relaxed) {
            return broken();
        }
        self.kept.load(platform, keys)
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        if self.no_commits.load(Ordering::Relaxed) {
            return broken();
        }
        self.kept.commit(batch, lease)
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        self.kept.claim(lease, limit)
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        self.kept.renew(effect, held, lease)
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        self.kept.next_due(after)
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        self.kept.drop_old(old, limit)
    }
}

impl ReadSide for FlakyStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        if self.no_reads.load(Ordering::Relaxed) {
            return broken();
        }
        self.kept.rows(query)
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        if self.no_reads.load(Ordering::Relaxed) {
            return broken();
        }
        self.kept.count_states(platform, kind)
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        self.kept.events(query)
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        self.kept.event(platform, id)
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        self.kept.entries(query)
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        self.kept.entry(platform, id)
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        self.kept.journal(platform, payment)
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        self.kept.balances(platform, accounts)
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.kept.count_effects()
    }
}
