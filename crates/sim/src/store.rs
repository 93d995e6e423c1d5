//! The store of the simulation: in memory, and failing at every call.

mod lists;

use std::sync::Arc;

use holdfast_core::change::Changes;
use holdfast_core::id::{EffectId, PlatformId};
use holdfast_core::key::RowKey;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use holdfast_engine::System;
use holdfast_store::memory::MemoryStore;
use holdfast_store::{Lease, Old, Outcome, OwnedEffect, Store, StoreError, StoreFuture};

use crate::faults::{Faults, StoreFault};
use crate::machine::Machine;
use crate::trace::Trace;

/// A store that fails before and after it has done what it was asked to, and that is slow.
pub(crate) struct FaultyStore {
    memory: Arc<MemoryStore>,
    faults: Arc<Faults>,
    trace: Arc<Trace>,
    machine: Arc<Machine>,
}

impl FaultyStore {
    pub(crate) fn new(
        memory: Arc<MemoryStore>,
        faults: Arc<Faults>,
        trace: Arc<Trace>,
        machine: Arc<Machine>,
    ) -> FaultyStore {
        FaultyStore { memory, faults, trace, machine }
    }

    /// Does `work` on the memory, or fails, as the dice fall.
    ///
    /// The memory does its work when it is called, not when it is awaited, so `work` has to be a
    /// block that calls it.
    async fn work<T>(
        &self,
        work: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        match self.faults.of_store(self.machine.now()) {
            StoreFault::None => work.await,
            StoreFault::Before => broken(),
            StoreFault::After => {
                work.await?;
                broken()
            }
            StoreFault::Slow(time) => {
                tokio::time::sleep(time).await;
                work.await
            }
        }
    }
}

fn broken<T>() -> Result<T, StoreError> {
    Err(StoreError::Unavailable("the dice say so".to_owned()))
}

impl Store for FaultyStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        Box::pin(self.work(async move { self.memory.load(platform, keys).await }))
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        let commands = batch.len();
        Box::pin(async move {
            let outcomes = self.work(async { self.memory.commit(batch, lease).await }).await;
            self.trace.line(lease.now, format_args!("commit of {commands}: {outcomes:?}"));
            outcomes
        })
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        Box::pin(self.work(async move { self.memory.claim(lease, limit).await }))
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        Box::pin(self.work(async move { self.memory.renew(effect, held, lease).await }))
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        Box::pin(self.work(async move { self.memory.next_due(after).await }))
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        Box::pin(self.work(async move { self.memory.drop_old(old, limit).await }))
    }
}
