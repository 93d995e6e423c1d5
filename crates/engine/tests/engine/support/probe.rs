//! A store that counts what is asked of it, that can be held up, and that fails when it is told to.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use holdfast_core::change::Changes;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use holdfast_store::query::{Accounts, Balance, EntriesQuery, EventsQuery, RowsQuery};
use holdfast_store::{Lease, Old, Outcome, OwnedEffect, ReadSide, Store, StoreError, StoreFuture};
use tokio::sync::Semaphore;

/// How a commit fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It goes well.
    None,
    /// Nothing was committed.
    Before,
    /// Everything was committed, and the answer was lost.
    After,
}

pub(crate) struct ProbeStore {
    store: Arc<dyn Store>,
    faults: Mutex<VecDeque<Fault>>,
    /// How many commands each commit took.
    groups: Mutex<Vec<usize>>,
    /// Commits pass one by one while it has permits; it has more than enough until it is shut.
    gate: Semaphore,
}

impl ProbeStore {
    pub(crate) fn new(store: Arc<dyn Store>) -> ProbeStore {
        let gate = Semaphore::new(Semaphore::MAX_PERMITS);
        ProbeStore { store, faults: Mutex::default(), groups: Mutex::default(), gate }
    }

    /// The next commits fail like this, one after the other.
    pub(crate) fn fail(&self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.lock().unwrap().extend(faults);
    }

    /// How many commands each commit took so far.
    pub(crate) fn groups(&self) -> Vec<usize> {
        self.groups.lock().unwrap().clone()
    }

    /// Lets no commit through until it is opened again.
    pub(crate) fn shut(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn open(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS);
    }
}

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("the test says so".to_owned()))
}

impl Store for ProbeStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        Box::pin(async move {
            let found = self.store.load(platform, keys).await;
            // Whatever may happen between a look and what follows from it, does.
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            found
        })
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        Box::pin(async move {
            self.groups.lock().unwrap().push(batch.len());
            let _permit = self.gate.acquire().await;
            let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
            match fault {
                Fault::None => self.store.commit(batch, lease).await,
                Fault::Before => broken(),
                Fault::After => {
                    self.store.commit(batch, lease).await?;
                    broken()
                }
            }
        })
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        self.store.claim(lease, limit)
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        self.store.renew(effect, held, lease)
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        self.store.next_due(after)
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        self.store.drop_old(old, limit)
    }
}

impl ReadSide for ProbeStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        self.store.rows(query)
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.store.count_states(platform, kind)
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        self.store.events(query)
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        self.store.event(platform, id)
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        self.store.entries(query)
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        self.store.entry(platform, id)
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        self.store.journal(platform, payment)
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        self.store.balances(platform, accounts)
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.store.count_effects()
    }
}
