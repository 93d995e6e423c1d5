//! Dropping what was kept for long enough, a few rows at a time.

use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::row::Row;
use rusqlite::{CachedStatement, Connection, Params, Transaction, TransactionBehavior, params};

use crate::StoreError;
use crate::retention::{Found, Old};

use super::cache::RowCache;

/// Drops at most `limit` of what is old, and says how many went.
pub(super) fn drop_old(
    connection: &mut Connection,
    cache: &RowCache,
    old: Old,
    limit: usize,
) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let rows = match old.found() {
        Found::Events(end) => {
            let sql = "DELETE FROM events WHERE number IN
                (SELECT number FROM events WHERE id < ? ORDER BY id LIMIT ?)";
            let dropped = transaction.prepare_cached(sql)?.execute(params![end, limit])?;
            transaction.commit()?;
            return Ok(dropped);
        }
        Found::Replies => {
            // Named, because SQLite would sort all replies that there are.
            let sql = "SELECT number, body FROM rows INDEXED BY rows_of_replies
                WHERE kind = 'replay' AND created < ? ORDER BY created LIMIT ?";
            found(transaction.prepare_cached(sql)?, params![old.before.ms(), limit])?
        }
        Found::Rows(kind, end) => {
            let sql = "SELECT number, body FROM rows
                WHERE kind = ? AND id < ? AND state <> 'retrying' ORDER BY id LIMIT ?";
            found(transaction.prepare_cached(sql)?, params![kind.name(), end, limit])?
        }
    };
    let mut keys: Vec<RowKey> = Vec::with_capacity(rows.len());
    for (number, row) in rows {
        let key = row.key();
        drop_links(&transaction, key.kind(), &key.id(), &row)?;
        transaction
            .prepare_cached("DELETE FROM rows WHERE number = ?")?
            .execute(params![number])?;
        keys.push(key);
    }
    let dropped = keys.len();
    // They leave the cache, and nobody puts one back that was read before.
    let writing = cache.write(keys);
    transaction.commit()?;
    drop(writing);
    Ok(dropped)
}

fn found(
    mut statement: CachedStatement<'_>,
    values: impl Params,
) -> Result<Vec<(i64, Row)>, StoreError> {
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body: String = row.get(1)?;
        found.push((row.get(0)?, serde_json::from_str(&body)?));
    }
    Ok(found)
}

fn drop_links(
    transaction: &Transaction<'_>,
    kind: RowKind,
    id: &str,
    row: &Row,
) -> Result<(), StoreError> {
    for link in row.links() {
        transaction
            .prepare_cached("DELETE FROM links WHERE kind = ? AND link = ? AND id = ?")?
            .execute(params![kind.name(), link, id])?;
    }
    Ok(())
}
