//! How the file is opened, and which tables it has.

use std::path::Path;
use std::time::Duration;

use holdfast_core::row::Row;
use rusqlite::{Connection, OpenFlags, Transaction, params};

use crate::StoreError;

/// The version of the tables below, as the file's `user_version`.
const SCHEMA_VERSION: i64 = 4;
const SCHEMA: &str = include_str!("schema.sql");
/// Only a backup tool ever holds the file for longer than a moment.
const BUSY: Duration = Duration::from_secs(5);
/// How many prepared statements a connection keeps: all that this crate has.
const STATEMENTS: usize = 128;
/// How much of the file the writer keeps in memory, in KiB: the ends of all tables and what leads
/// to them, so that a commit reads nothing.
const WRITER_CACHE_KIB: i64 = 16 << 10;
/// How much each reader keeps, in KiB: what leads to the pages. The system keeps the rest.
const READER_CACHE_KIB: i64 = 4 << 10;

/// Opens the file to write.
pub(super) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL loses acknowledged commits when the power fails; a ledger may not.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if synchronous < 2 {
        return Err(StoreError::Unavailable("SQLite refuses synchronous=FULL".to_owned()));
    }
    Ok(connection)
}

/// Opens the file to read.
pub(super) fn connect_to_read(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Makes the tables when the file is new, brings older ones up to date, and frees the leases of
/// the process that is gone.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => in_one_step(connection, |transaction| Ok(transaction.execute_batch(SCHEMA)?))?,
        2 => {
            tracing::info!("the tables are brought up to date, which takes a while");
            in_one_step(connection, from_2)?;
        }
        3 => {
            tracing::info!("the tables are brought up to date, which takes a while");
            in_one_step(connection, |transaction| Ok(transaction.execute_batch(FROM_3)?))?;
        }
        SCHEMA_VERSION => {}
        other => return Err(other_version(other)),
    }
    // Not to nothing: that somebody had the effect is remembered. It looks at all that waits, once:
    // an index of leases would be written twice for every payment.
    connection.execute("UPDATE effects SET leased_until = 1 WHERE leased_until > 1", [])?;
    Ok(())
}

/// Refuses a file that has other tables than these.
pub(super) fn refuse_other(connection: &Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == SCHEMA_VERSION { Ok(()) } else { Err(other_version(version)) }
}

fn other_version(version: i64) -> StoreError {
    StoreError::Unusable(format!("the file has schema {version}, this program {SCHEMA_VERSION}"))
}

/// Changes the tables whole or not at all: a process that ends halfway has changed nothing.
fn in_one_step(
    connection: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    change(&transaction)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    Ok(transaction.commit()?)
}

/// Schema 3 kept all replies for ever.
const FROM_3: &str = "CREATE INDEX rows_of_replies ON rows (created) WHERE kind = 'replay'";

/// Schema 2 had each body on a page of its own, and links that were never taken back.
fn from_2(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute_batch(
        "DROP INDEX rows_by_state;
         DROP INDEX entries_by_payment;
         DROP INDEX entries_by_source;
         DROP INDEX postings_of_sellers;
         DROP INDEX effects_by_due;
         DROP INDEX events_by_payment;
         ALTER TABLE rows RENAME TO rows_2;
         ALTER TABLE entries RENAME TO entries_2;
         ALTER TABLE postings RENAME TO postings_2;
         ALTER TABLE balances RENAME TO balances_2;
         ALTER TABLE effects RENAME TO effects_2;
         ALTER TABLE events RENAME TO events_2;
         DROP TABLE links;",
    )?;
    transaction.execute_batch(SCHEMA)?;
    transaction.execute_batch(
        "INSERT INTO rows (kind, id, platform, version, created, state, body)
             SELECT kind, id, platform, version, created, state, body FROM rows_2;
         INSERT INTO entries SELECT id, platform, at, payment, source, body FROM entries_2;
         INSERT INTO postings SELECT * FROM postings_2;
         INSERT INTO balances SELECT * FROM balances_2;
         INSERT INTO effects SELECT * FROM effects_2;
         INSERT INTO events (id, platform, kind, payment, at, body)
             SELECT id, platform, kind, payment, at, body FROM events_2;
         DROP TABLE rows_2;
         DROP TABLE entries_2;
         DROP TABLE postings_2;
         DROP TABLE balances_2;
         DROP TABLE effects_2;
         DROP TABLE events_2;",
    )?;
    reckon_links(transaction)
}

/// Writes the links of all rows as the rows say.
fn reckon_links(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let mut rows = transaction.prepare("SELECT kind, id, body FROM rows")?;
    let mut insert =
        transaction.prepare("INSERT OR IGNORE INTO links (kind, link, id) VALUES (?, ?, ?)")?;
    let mut rows = rows.query([])?;
    while let Some(found) = rows.next()? {
        let (kind, id): (String, String) = (found.get(0)?, found.get(1)?);
        let row: Row = serde_json::from_str(&found.get::<_, String>(2)?)?;
        for link in row.links() {
            insert.execute(params![kind, link, id])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_is_synced_to_the_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let connection = connect(&folder.path().join("file")).expect("a file");
        let text = |pragma| -> String {
            let value = |row: &rusqlite::Row<'_>| row.get::<_, rusqlite::types::Value>(0);
            let value = connection.pragma_query_value(None, pragma, value).expect("a pragma");
            format!("{value:?}")
        };
        // 2 is FULL: a commit is on the disk before it is answered, even if the power fails.
        for (pragma, value) in [("synchronous", "Integer(2)"), ("journal_mode", "Text(\"wal\")")] {
            assert_eq!(text(pragma), value, "{pragma}");
        }
    }
}
