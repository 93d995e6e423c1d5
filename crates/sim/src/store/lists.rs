//! The read side of the store, which fails as well.

use holdfast_core::event::Event;
use holdfast_core::id::{EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_store::query::{Accounts, Balance, EntriesQuery, EventsQuery, RowsQuery};
use holdfast_store::{ReadSide, StoreFuture};

use super::FaultyStore;

impl ReadSide for FaultyStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        Box::pin(self.work(async move { self.memory.rows(query).await }))
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        Box::pin(self.work(async move { self.memory.count_states(platform, kind).await }))
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        Box::pin(self.work(async move { self.memory.events(query).await }))
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        Box::pin(self.work(async move { self.memory.event(platform, id).await }))
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        Box::pin(self.work(async move { self.memory.entries(query).await }))
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        Box::pin(self.work(async move { self.memory.entry(platform, id).await }))
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        Box::pin(self.work(async move { self.memory.journal(platform, payment).await }))
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        Box::pin(self.work(async move { self.memory.balances(platform, accounts).await }))
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        Box::pin(self.work(async move { self.memory.count_effects().await }))
    }
}
