//! The store of many nodes: one PostgreSQL, reached by each node over a few connections.
//!
//! Commits go through one connection of each node, a batch in one transaction of three round trips:
//! lock what is to be checked, write all of it by set-based statements, commit. Loads that wait at
//! the same time become one query on a second connection; lists and claims have their own.

mod address;
mod commit;
mod decided;
mod dropping;
mod link;
mod load;
mod look;
mod nodes;
mod read;
mod row_locks;
mod schema;
mod tables;
mod trouble;
mod write;

use std::sync::Arc;

use holdfast_core::change::Changes;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;

use crate::query::{Accounts, Balance, EntriesQuery, EventsQuery, ReadSide, RowsQuery};
use crate::{Lease, Old, Outcome, OwnedEffect, Store, StoreError, StoreFuture};

use address::Address;
use commit::Writer;
use link::{BY_KEYS, BY_STATISTICS, Link};
use load::Loader;
use read::Readers;

pub use nodes::Member;

/// The store of many nodes. Dropping it closes its connections.
pub struct PostgresStore {
    writer: Arc<Writer>,
    claims: Arc<Link>,
    drops: Arc<Link>,
    loader: Loader,
    readers: Readers,
}

impl PostgresStore {
    /// Connects to the database at `address`, and joins the other nodes. `name` is the
    /// installation's, which runs once at a time: whoever had it before is gone, and what it was
    /// doing is free.
    ///
    /// The address is as libpq writes it: `host=127.0.0.1 user=holdfast dbname=holdfast`, or
    /// `postgres://holdfast@127.0.0.1/holdfast`. It names one host: a list would be tried one
    /// after the other, and a frozen first host would keep the others from being asked. The line
    /// to another machine is encrypted and the server proves its name, by the authorities of this
    /// machine or those of the file `sslrootcert`, unless the address says `sslmode=disable`.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer in time, `Unusable` when the address makes
    /// no sense, when the server cannot prove its name, when tables are missing or of a later
    /// program, and for settings that lose payments.
    pub async fn connect(address: &str, name: &str) -> Result<PostgresStore, StoreError> {
        PostgresStore::connect_as(address, Member::named(name)).await
    }

    /// The same for a node that says how long it may be silent.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn connect_as(address: &str, member: Member) -> Result<PostgresStore, StoreError> {
        let address = Address::of(address)?;
        let link = |session| Link::new(address.clone(), session);
        let reader = link(BY_STATISTICS);
        schema::check_settings(&reader).await?;
        schema::check(&reader).await?;
        let writer = Arc::new(Writer::new(link(BY_KEYS), member));
        writer.join().await?;
        tokio::spawn(Writer::keep_known(Arc::downgrade(&writer)));
        Ok(PostgresStore {
            writer,
            claims: Arc::new(link(BY_STATISTICS)),
            drops: Arc::new(link(BY_KEYS)),
            loader: Loader::start(link(BY_KEYS)),
            readers: Readers::new(|| link(BY_STATISTICS)),
        })
    }

    /// What the database's clock says.
    ///
    /// # Errors
    /// `Unavailable` when the database does not answer in time.
    pub async fn clock(&self) -> Result<Timestamp, StoreError> {
        read::clock(self.readers.next()).await
    }

    /// What a database lacks before [`PostgresStore::connect`] takes it, by name.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn missing(address: &str) -> Result<Vec<&'static str>, StoreError> {
        schema::missing(&Link::new(Address::of(address)?, BY_STATISTICS)).await
    }

    /// Makes the tables that are missing, telling the name of each step as it is done. It can be
    /// called again whenever it was interrupted.
    ///
    /// # Errors
    /// As [`PostgresStore::connect`].
    pub async fn migrate(address: &str, done: impl FnMut(&str)) -> Result<(), StoreError> {
        schema::migrate(&Link::new(Address::of(address)?, BY_STATISTICS), done).await
    }

    /// Runs in a task of its own, which nobody cancels: a step that is given up half way would
    /// leave its connection in the middle of something.
    fn alone<T, F>(work: F) -> StoreFuture<'static, T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let task = tokio::spawn(work);
        Box::pin(async move {
            let gone = |_| StoreError::Unavailable("a task of the store has ended".to_owned());
            task.await.map_err(gone)?
        })
    }
}

impl Store for PostgresStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        Box::pin(self.loader.load(platform, keys.to_vec()))
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        let writer = Arc::clone(&self.writer);
        Self::alone(async move { writer.commit(&batch, lease).await })
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        let (writer, claims) = (Arc::clone(&self.writer), Arc::clone(&self.claims));
        Self::alone(async move {
            // Most looks find nothing; those must not make the disk sync.
            if limit == 0 || !read::any_due(&claims, lease).await? {
                return Ok(Vec::new());
            }
            read::claim(&claims, writer.holder().await, lease, limit).await
        })
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        let claims = Arc::clone(&self.claims);
        Self::alone(async move { read::renew(&claims, effect, held, lease).await })
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        Box::pin(read::next_due(self.readers.next(), after))
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        let drops = Arc::clone(&self.drops);
        Self::alone(async move { dropping::drop_old(&drops, old, limit).await })
    }
}

impl ReadSide for PostgresStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        Box::pin(read::rows(self.readers.next(), query))
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        Box::pin(read::count_states(self.readers.next(), platform, kind))
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        Box::pin(read::events(self.readers.next(), query))
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        Box::pin(read::event(self.readers.next(), platform, id))
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        Box::pin(read::entries(self.readers.next(), query))
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        Box::pin(read::entry(self.readers.next(), platform, id))
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        Box::pin(read::journal(self.readers.next(), platform, payment))
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        Box::pin(read::balances(self.readers.next(), platform, accounts))
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        Box::pin(read::count_effects(self.readers.next()))
    }
}

/// A connection of its own, for one long transaction.
pub(crate) async fn client(address: &str) -> Result<tokio_postgres::Client, StoreError> {
    Ok(link::connect_alone(&Address::of(address)?).await?)
}

/// What a failure of the database means.
pub(crate) fn failed(error: tokio_postgres::Error) -> StoreError {
    trouble::Trouble::from(error).into()
}
