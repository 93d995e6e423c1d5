//! Who writes: a row for each running node, which each of its transactions moves on.
//!
//! A batch begins by writing its number into its node's row. So whoever lost the answer to a
//! commit reads the row back, and knows; and a node that was away for so long that another has
//! taken its place finds that it is not in its row any more, and commits nothing.

use std::time::Duration;

use super::link::{Live, in_time};
use super::trouble::Trouble;

/// How long the row of a node that is gone is kept: until nobody asks any more what became of its
/// last batch.
const KEPT: &str = "1 day";

/// What a node is called, and how soon the others take it for gone.
#[derive(Clone, Debug)]
pub struct Member {
    /// The installation's name, which runs once at a time.
    pub name: String,
    /// How long a node may be silent before its number is given to another: as long as effects are
    /// leased, and the same at every node.
    pub silent_max: Duration,
}

impl Member {
    /// A node of this name that may be silent for a minute.
    pub fn named(name: &str) -> Member {
        Member { name: name.to_owned(), silent_max: Duration::from_secs(60) }
    }
}

/// A running node, as the database knows it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The name of this start of the program.
    pub(super) holder: String,
    /// A small number that no other running node has: which part of a much used account it adds to.
    pub(super) number: i32,
}

const FREE_ONE: &str = "UPDATE nodes SET number = NULL WHERE holder = (
        SELECT holder FROM nodes
        WHERE number IS NOT NULL AND seen < clock_timestamp() - $1::text::interval
        ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
    )";
const FORGET: &str = "DELETE FROM nodes
    WHERE number IS NULL AND seen < clock_timestamp() - $1::text::interval";
const JOIN: &str = "INSERT INTO nodes (holder, name, number, batch, seen)
    SELECT gen_random_uuid()::text, $1, min(free), 0, clock_timestamp()
    FROM generate_series(1, (SELECT count(*)::int + 1 FROM nodes)) AS free
    WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.number = free)
    RETURNING holder, number";
const SUCCEED: &str = "UPDATE nodes SET number = NULL WHERE name = $1 AND number IS NOT NULL";
/// Not to nothing: that somebody had the effect is remembered.
const FREE_LEASES: &str = "UPDATE effects SET leased_until = 1 WHERE leased_until > 1
    AND leased_by IN (SELECT holder FROM nodes WHERE name = $1)";
const ADVANCE: &str = "UPDATE nodes SET batch = $2, seen = clock_timestamp()
    WHERE holder = $1 AND number IS NOT NULL AND batch < $2";
const LOOK: &str = "UPDATE nodes SET seen = clock_timestamp() WHERE holder = $1
    RETURNING batch, number IS NOT NULL";

/// Takes a number that no running node has. Two that start at once may want the same: one of them
/// then has to try again.
///
/// Where the installation `is_starting`, its program of before is gone, with its number and the
/// effects that it had leased.
pub(super) async fn join(live: &Live, member: &Member, is_starting: bool) -> Result<Node, Trouble> {
    let client = live.client();
    let (name, silent_max) = (&member.name, format!("{} ms", member.silent_max.as_millis()));
    let both = async {
        client.batch_execute("BEGIN").await?;
        if is_starting {
            client.execute(SUCCEED, &[name]).await?;
            client.execute(FREE_LEASES, &[name]).await?;
        }
        client.execute(FREE_ONE, &[&silent_max]).await?;
        client.execute(FORGET, &[&KEPT]).await?;
        let row = client.query_one(JOIN, &[name]).await?;
        client.batch_execute("COMMIT").await?;
        Ok(Node { holder: row.get(0), number: row.get(1) })
    };
    in_time(both).await
}

/// The statement that begins a batch: it changes one row, or the node has lost its number.
pub(super) async fn advance(live: &Live) -> Result<tokio_postgres::Statement, Trouble> {
    live.prepared(ADVANCE).await
}

/// What the database knows of a node: the last batch that was committed, and whether the node may
/// still write. It waits for a batch that is being committed, and counts as durable as one.
pub(super) async fn look(live: &Live, holder: &str) -> Result<Option<(i64, bool)>, Trouble> {
    let statement = live.prepared(LOOK).await?;
    let row = in_time(live.client().query_opt(&statement, &[&holder])).await?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}
