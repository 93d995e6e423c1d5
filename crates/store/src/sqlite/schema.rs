//! How the file is opened, and which tables it has.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// The version of the tables below, as the file's `user_version`.
const SCHEMA_VERSION: i64 = 2;
const SCHEMA: &str = include_str!("schema.sql");
/// Only a backup tool ever holds the file for longer than a moment.
const BUSY: Duration = Duration::from_secs(5);
/// How many prepared statements a connection keeps: all that this crate has.
const STATEMENTS: usize = 64;

/// Opens the file to write.
pub(super) fn connect(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL loses acknowledged commits when the power fails; a ledger may not.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
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
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Makes the tables when the file is new, and frees the leases of the process that is gone.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            let transaction = connection.transaction()?;
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            transaction.commit()?;
        }
        SCHEMA_VERSION => {}
        other => {
            let message = format!("the file has schema {other}, this program {SCHEMA_VERSION}");
            return Err(StoreError::Corrupt(message));
        }
    }
    // Not to nothing: that somebody had the effect is remembered.
    connection.execute("UPDATE effects SET leased_until = 1 WHERE leased_until > 1", [])?;
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
