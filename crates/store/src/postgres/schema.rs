//! The tables, and the steps that they were made in.
//!
//! A step is a file that is never changed once it was released. Steps add what the next program
//! needs (expand); what no running program needs any more is taken away by a later one (contract).
//! So nodes of two versions can run side by side while one is replaced by the other.

use tokio_postgres::Client;

use crate::StoreError;

use super::link::{LOCK_TIMEOUT, Link, Waits, in_time};
use super::trouble::Trouble;

/// A step of the tables.
struct Step {
    name: &'static str,
    sql: &'static str,
    /// The index that the step makes while payments go on. It cannot be made in a transaction.
    index: Option<&'static str>,
}

const STEPS: [Step; 5] = [
    made_whole("rows and their links", include_str!("schema/0001-rows.sql")),
    made_whole("the journal and its balances", include_str!("schema/0002-journal.sql")),
    made_whole("effects and events", include_str!("schema/0003-effects-and-events.sql")),
    made_whole("the nodes that write", include_str!("schema/0004-nodes.sql")),
    Step {
        name: "an index of old replies",
        sql: include_str!("schema/0005-old-replies.sql"),
        index: Some("rows_of_replies"),
    },
];

/// A step that is one transaction with its record.
const fn made_whole(name: &'static str, sql: &'static str) -> Step {
    Step { name, sql, index: None }
}

/// How many steps a program must know to work with these tables. It grows when a step takes
/// something away.
const OLDEST: i32 = 1;
/// Names our lock among those of other programs in the same database.
const LOCK: i64 = 0x686f_6c64_6661_7374;

const VERSIONS: &str = "CREATE TABLE IF NOT EXISTS holdfast_schema (
    only_row BOOL NOT NULL PRIMARY KEY DEFAULT TRUE CHECK (only_row),
    version  INT  NOT NULL,
    oldest   INT  NOT NULL
)";
const FOUND: &str = "SELECT version, oldest FROM holdfast_schema";
const RECORD: &str = "INSERT INTO holdfast_schema (version, oldest) VALUES ($1, $2)
    ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, oldest = excluded.oldest";

/// The names of the steps that a database still lacks.
pub(super) async fn missing(link: &Link) -> Result<Vec<&'static str>, StoreError> {
    let live = link.live().await?;
    let done = known_steps(found(live.client()).await?)?;
    Ok(STEPS[done..].iter().map(|step| step.name).collect())
}

/// Makes what is missing, and names each step as it is done. Each is a transaction with its own
/// record, or an index that is looked for again, so that what was ended half way goes on where it
/// was. Whoever comes at the same time waits; payments take no such lock.
pub(super) async fn migrate(link: &Link, mut done: impl FnMut(&str)) -> Result<(), StoreError> {
    let live = link.live().await?;
    let client = live.client();
    lock(client).await?;
    let made = async {
        while let Some(name) = next_step(client).await? {
            done(name);
        }
        Ok(())
    };
    let made = made.await;
    // Whoever cannot say so is not connected any more, which unlocks as well.
    let _ = in_time(client.execute("SELECT pg_advisory_unlock($1)", &[&LOCK])).await;
    made
}

/// Takes the lock of whoever makes tables. It is asked for again and again: who waits for it within
/// a statement would be waited for by the index that is made meanwhile.
async fn lock(client: &Client) -> Result<(), StoreError> {
    let mut waits = Waits::new();
    loop {
        let asked = client.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]);
        if in_time(asked).await?.get(0) {
            return Ok(());
        }
        if !waits.wait().await {
            let message = "somebody else is making the database's tables".to_owned();
            return Err(StoreError::Unavailable(message));
        }
    }
}

/// Whether this program can work with the tables as they are.
pub(super) async fn check(link: &Link) -> Result<(), StoreError> {
    let missing = missing(link).await?;
    if missing.is_empty() {
        return Ok(());
    }
    let count = missing.len();
    let message = format!("the database lacks {count} steps of its tables: run `holdfast migrate`");
    Err(StoreError::Unusable(message))
}

async fn next_step(client: &Client) -> Result<Option<&'static str>, StoreError> {
    in_time(client.batch_execute(VERSIONS)).await?;
    let done = known_steps(found(client).await?)?;
    let Some(step) = STEPS.get(done) else { return Ok(None) };
    let version = i32::try_from(done + 1).unwrap_or(i32::MAX);
    // No deadline: a step may read or rewrite a table.
    match step.index {
        Some(index) => {
            make_index(client, index, step.sql).await.map_err(Trouble::from)?;
            in_time(client.execute(RECORD, &[&version, &OLDEST])).await?;
        }
        None => {
            in_time(client.batch_execute("BEGIN")).await?;
            client.batch_execute(step.sql).await.map_err(Trouble::from)?;
            in_time(client.execute(RECORD, &[&version, &OLDEST])).await?;
            in_time(client.batch_execute("COMMIT")).await?;
        }
    }
    Ok(Some(step.name))
}

/// Makes an index while others write, anew where somebody who made it before did not finish it. It
/// waits for whoever began before it, however long that takes; nobody waits for it.
async fn make_index(client: &Client, index: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    let is_whole = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)";
    let found = client.query_opt(is_whole, &[&index]).await?;
    match found.map(|row| row.get(0)) {
        Some(true) => return Ok(()),
        Some(false) => client.batch_execute(&format!("DROP INDEX {index}")).await?,
        None => {}
    }
    client.batch_execute("SET lock_timeout = 0").await?;
    client.batch_execute(sql).await?;
    client.batch_execute(LOCK_TIMEOUT).await
}

/// The steps that were made, and how many of them a program must know.
async fn found(client: &Client) -> Result<(i32, i32), StoreError> {
    let exists = "SELECT to_regclass('holdfast_schema') IS NOT NULL";
    if !in_time(client.query_one(exists, &[])).await?.get::<_, bool>(0) {
        return Ok((0, 0));
    }
    let row = in_time(client.query_opt(FOUND, &[])).await?;
    Ok(row.map_or((0, 0), |row| (row.get(0), row.get(1))))
}

/// How many of our steps are made; refused where a later program took away what this one needs.
fn known_steps((version, oldest): (i32, i32)) -> Result<usize, StoreError> {
    let ours = i32::try_from(STEPS.len()).unwrap_or(i32::MAX);
    if oldest > ours {
        let message = format!("the database is at step {version}, this program knows {ours} only");
        return Err(StoreError::Unusable(message));
    }
    Ok(usize::try_from(version.min(ours)).unwrap_or(0))
}

/// Settings without which what is acknowledged may be lost, and the values they must not have.
const UNSAFE: [(&str, &str); 3] =
    [("fsync", "off"), ("full_page_writes", "off"), ("synchronous_commit", "off")];

/// Refuses a server that does not keep what it has committed.
pub(super) async fn check_settings(link: &Link) -> Result<(), StoreError> {
    let live = link.live().await?;
    for (setting, value) in UNSAFE {
        let setting_of = "SELECT current_setting($1)";
        let found = in_time(live.client().query_one(setting_of, &[&setting])).await?;
        if found.get::<_, &str>(0) == value {
            let message = format!("{setting} = {value} of the database loses payments");
            return Err(StoreError::Unusable(message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_works_with_later_tables_that_still_have_what_it_needs() {
        assert_eq!(known_steps((0, 0)), Ok(0));
        assert_eq!(known_steps((2, 1)), Ok(2));
        assert_eq!(known_steps((9, 5)), Ok(5));
        assert!(matches!(known_steps((9, 6)), Err(StoreError::Unusable(_))));
    }
}
