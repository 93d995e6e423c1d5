//! The embedded store: one SQLite file, one writer thread, a few readers.

mod backup;
mod body;
mod cache;
mod checkpoint;
mod dropping;
mod measure;
#[cfg(test)]
mod plans;
mod read;
mod schema;
mod template;
mod threads;
mod write;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use holdfast_core::change::Changes;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use rusqlite::Connection;

use crate::query::{Accounts, Balance, EntriesQuery, EventsQuery, ReadSide, RowsQuery};
use crate::{Lease, Old, Outcome, OwnedEffect, Store, StoreError, StoreFuture};

pub use backup::{backup, check, restore};
pub use measure::{Straight, Written, multiply, sqlite_version, write_straight};

use cache::{Found, RowCache, Ticket};
use checkpoint::Checkpointer;
use threads::{Rank, Threads};

/// The file's name in its folder.
const FILE: &str = "holdfast.sqlite";
/// How many threads read. Two cores serve most installations; a third reader covers waits.
const READERS: usize = 3;

/// The embedded store. Dropping it ends its threads.
pub struct SqliteStore {
    writer: Threads,
    readers: Threads,
    cache: Arc<RowCache>,
    _checkpointer: Checkpointer,
    /// Held while the store is open, so that no second process writes the same file.
    _lock: File,
}

impl SqliteStore {
    /// Opens the store in `folder`, which must exist, and makes its tables when they are missing.
    ///
    /// # Errors
    /// `Unavailable` when the file cannot be opened or another process has it open,
    /// `Unusable` when its schema is of another version.
    pub fn open(folder: &Path) -> Result<SqliteStore, StoreError> {
        let lock = lock(folder)?;
        let file = folder.join(FILE);
        let mut connection = schema::connect(&file)?;
        schema::prepare(&mut connection)?;
        let checkpointer = Checkpointer::start(&file, &mut connection)?;
        let writer = Threads::start("store-writer", Rank::First, vec![connection])?;
        let readers = (0..READERS).map(|_| schema::connect_to_read(&file));
        let readers =
            Threads::start("store-reader", Rank::Usual, readers.collect::<Result<Vec<_>, _>>()?)?;
        let cache = Arc::default();
        Ok(SqliteStore { writer, readers, cache, _checkpointer: checkpointer, _lock: lock })
    }

    /// What the cache knows of the rows under `keys`, and what is left to be read.
    fn look(
        &self,
        platform: PlatformId,
        keys: &[RowKey],
    ) -> (Vec<Option<StoredRow>>, Vec<Missing>) {
        let (mut rows, mut missing) = (Vec::with_capacity(keys.len()), Vec::new());
        for (place, key) in keys.iter().enumerate() {
            rows.push(match self.cache.peek(key, Found::clone) {
                Ok(found) => owned_by(platform, found),
                Err(ticket) => {
                    missing.push(Missing { place, key: key.clone(), ticket });
                    None
                }
            });
        }
        (rows, missing)
    }
}

/// A row that the cache does not know.
struct Missing {
    place: usize,
    key: RowKey,
    ticket: Ticket,
}

/// Another platform's row is nothing.
fn owned_by(platform: PlatformId, found: Found) -> Option<StoredRow> {
    found.filter(|(owner, _)| *owner == platform).map(|(_, stored)| stored)
}

/// The file of an installation that is stopped, and the lock that keeps it so.
pub(crate) fn open_alone(folder: &Path) -> Result<(File, Connection), StoreError> {
    let lock = lock(folder)?;
    let file = folder.join(FILE);
    if !file.exists() {
        return Err(StoreError::Unavailable(format!("{} is not there", file.display())));
    }
    let mut connection = schema::connect(&file)?;
    schema::prepare(&mut connection)?;
    Ok((lock, connection))
}

/// Gives the file another name, under which nobody opens it by accident.
pub(crate) fn set_aside(folder: &Path) -> Result<PathBuf, StoreError> {
    let (file, moved) = (folder.join(FILE), folder.join("holdfast-moved.sqlite"));
    let renamed = std::fs::rename(&file, &moved);
    renamed.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(moved)
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("holdfast.lock");
    let file = File::create(&path).map_err(|error| StoreError::Unavailable(error.to_string()))?;
    file.try_lock().map_err(|_| {
        let message = format!("{} is in use by another process", folder.display());
        StoreError::Unavailable(message)
    })?;
    Ok(file)
}

impl Store for SqliteStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        let (mut rows, missing) = self.look(platform, keys);
        if missing.is_empty() {
            return Box::pin(std::future::ready(Ok(rows)));
        }
        let cache = Arc::clone(&self.cache);
        self.readers.run(move |connection| {
            for Missing { place, key, ticket } in missing {
                let found = read::load_one(connection, &key)?;
                let json = found.as_ref().map_or(0, |(_, json)| *json);
                let found = found.map(|(found, _)| found);
                cache.fill(key, ticket, found.clone(), json);
                rows[place] = owned_by(platform, found);
            }
            Ok(rows)
        })
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        let cache = Arc::clone(&self.cache);
        self.writer.run(move |connection| write::commit(connection, &cache, batch, lease))
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        Box::pin(async move {
            // Most looks find nothing; those must not make the disk sync.
            let any = self.readers.run(move |connection| read::any_due(connection, lease)).await?;
            if !any {
                return Ok(Vec::new());
            }
            self.writer.run(move |connection| write::claim(connection, lease, limit)).await
        })
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        self.writer.run(move |connection| write::renew(connection, effect, held, lease))
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        self.readers.run(move |connection| read::next_due(connection, after))
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        let cache = Arc::clone(&self.cache);
        self.writer.run(move |connection| dropping::drop_old(connection, &cache, old, limit))
    }
}

impl ReadSide for SqliteStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        let query = query.clone();
        self.readers.run(move |connection| read::rows(connection, &query))
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.readers.run(move |connection| read::count_states(connection, platform, kind))
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        let query = query.clone();
        self.readers.run(move |connection| read::events(connection, &query))
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        self.readers.run(move |connection| read::event(connection, platform, id))
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        let query = query.clone();
        self.readers.run(move |connection| read::entries(connection, &query))
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        self.readers.run(move |connection| read::entry(connection, platform, id))
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        self.readers.run(move |connection| read::journal(connection, platform, payment))
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        self.readers.run(move |connection| read::balances(connection, platform, accounts))
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        self.readers.run(|connection| read::count_effects(connection))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        StoreError::Unavailable(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> StoreError {
        StoreError::Corrupt(error.to_string())
    }
}
