//! A store in memory whose reads can be made to fail, as a damaged disk does.

use std::sync::Arc;
use std::sync::Mutex;

use holdfast_core::change::Changes;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use holdfast_engine::memory::MemoryStore;
use holdfast_engine::query::{Accounts, Balance, EntriesQuery, EventsQuery, ReadSide, RowsQuery};
use holdfast_engine::store::{Lease, Old, Outcome, OwnedEffect, Store, StoreError, StoreFuture};

/// The store, and what it fails to read.
pub(crate) struct BrokenStore {
    inner: Arc<MemoryStore>,
    broken: Mutex<Option<(RowKind, StoreError)>>,
}

impl BrokenStore {
    pub(crate) fn over(inner: Arc<MemoryStore>) -> BrokenStore {
        BrokenStore { inner, broken: Mutex::default() }
    }

    /// Makes reads of rows of a kind fail from now on, or work again.
    pub(crate) fn fail(&self, broken: Option<(RowKind, StoreError)>) {
        *self.broken.lock().unwrap() = broken;
    }

    fn failure(&self, keys: &[RowKey]) -> Option<StoreError> {
        let broken = self.broken.lock().unwrap();
        let (kind, error) = broken.as_ref()?;
        keys.iter().any(|key| key.kind() == *kind).then(|| error.clone())
    }
}

impl Store for BrokenStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        match self.failure(keys) {
            Some(error) => Box::pin(async { Err(error) }),
            None => self.inner.load(platform, keys),
        }
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        self.inner.commit(batch, lease)
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        self.inner.claim(lease, limit)
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        self.inner.renew(effect, held, lease)
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        self.inner.next_due(after)
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        self.inner.drop_old(old, limit)
    }
}

impl ReadSide for BrokenStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        self.inner.rows(query)
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.inner.count_states(platform, kind)
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        self.inner.events(query)
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        self.inner.event(platform, id)
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        self.inner.entries(query)
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        self.inner.entry(platform, id)
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        self.inner.journal(platform, payment)
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        self.inner.balances(platform, accounts)
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.inner.count_effects()
    }
}
