//! Dropping what was kept for long enough, a few rows at a time.

use crate::StoreError;
use crate::retention::{Found, Old};

use super::link::{Link, in_time};

// Rows that a commit has just locked are left for the next time, so that neither waits for the
// other. They are found before anything is deleted: within a deletion the limit could be counted
// anew for each row.
const REPLIES: &str = "WITH old AS (
        SELECT id FROM rows WHERE kind = 'replay' AND created < $1
        ORDER BY created LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM rows WHERE kind = 'replay' AND id = ANY (ARRAY(SELECT id FROM old))";
const ROWS: &str = "WITH old AS (
        SELECT id FROM rows WHERE kind = $3 AND id < $1 AND state <> 'retrying'
        ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), unlinked AS (
        DELETE FROM links WHERE kind = $3 AND id = ANY (ARRAY(SELECT id FROM old))
    )
    DELETE FROM rows WHERE kind = $3 AND id = ANY (ARRAY(SELECT id FROM old))";
const EVENTS: &str = "WITH old AS (
        SELECT id FROM events WHERE id < $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    DELETE FROM events WHERE id = ANY (ARRAY(SELECT id FROM old))";

/// Drops at most `limit` of what is old, and says how many went.
pub(super) async fn drop_old(link: &Link, old: Old, limit: usize) -> Result<usize, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let live = link.live().await?;
    let client = live.client();
    let done = match old.found() {
        Found::Replies => {
            let sql = live.prepared(REPLIES).await?;
            in_time(client.execute(&sql, &[&old.before.ms(), &limit])).await
        }
        Found::Rows(kind, end) => {
            let sql = live.prepared(ROWS).await?;
            in_time(client.execute(&sql, &[&end, &limit, &kind.name()])).await
        }
        Found::Events(end) => {
            let sql = live.prepared(EVENTS).await?;
            in_time(client.execute(&sql, &[&end, &limit])).await
        }
    };
    match done {
        Ok(dropped) => Ok(usize::try_from(dropped).unwrap_or(usize::MAX)),
        Err(trouble) => {
            link.drop_live(&live).await;
            Err(trouble.into())
        }
    }
}
