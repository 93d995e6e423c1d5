//! Moving an installation from its file to PostgreSQL: whole or not at all.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::StoreError;
use crate::postgres;
use crate::sqlite;

/// What was moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// How many rows, of all tables.
    pub rows: u64,
    /// What the file is called now, so that nobody goes on with it by accident.
    pub file: String,
}

/// A table that both have.
struct Table {
    name: &'static str,
    columns: &'static [Column],
    /// How many of the columns, from the first on, name a row.
    key: usize,
    /// Columns that only PostgreSQL has, and their value.
    added: &'static [(&'static str, &'static str)],
}

/// A column and the type that it has in PostgreSQL.
type Column = (&'static str, &'static str);

const TEXT: &str = "text";
const NUMBER: &str = "bigint";
const SMALL: &str = "smallint";

const TABLES: [Table; 7] = [
    Table {
        name: "rows",
        columns: &[
            ("kind", TEXT),
            ("id", TEXT),
            ("platform", TEXT),
            ("version", NUMBER),
            ("created", NUMBER),
            ("state", TEXT),
            ("body", TEXT),
        ],
        key: 2,
        added: &[],
    },
    Table {
        name: "links",
        columns: &[("kind", TEXT), ("link", TEXT), ("id", TEXT)],
        key: 3,
        added: &[],
    },
    Table {
        name: "entries",
        columns: &[
            ("id", TEXT),
            ("platform", TEXT),
            ("at", NUMBER),
            ("payment", TEXT),
            ("source", TEXT),
            ("body", TEXT),
        ],
        key: 1,
        added: &[],
    },
    Table {
        name: "postings",
        columns: &[
            ("entry", TEXT),
            ("line", SMALL),
            ("account", TEXT),
            ("currency", TEXT),
            ("signed", NUMBER),
        ],
        key: 2,
        added: &[],
    },
    Table {
        name: "balances",
        columns: &[("account", TEXT), ("currency", TEXT), ("platform", TEXT), ("signed", NUMBER)],
        key: 3,
        // Whoever adds to it later adds a part of its own.
        added: &[("shard", "0")],
    },
    Table {
        name: "effects",
        columns: &[
            ("id", TEXT),
            ("platform", TEXT),
            ("due", NUMBER),
            ("leased_until", NUMBER),
            ("name", TEXT),
            ("body", TEXT),
        ],
        key: 1,
        added: &[],
    },
    Table {
        name: "events",
        columns: &[
            ("id", TEXT),
            ("platform", TEXT),
            ("kind", TEXT),
            ("payment", TEXT),
            ("at", NUMBER),
            ("body", TEXT),
        ],
        key: 1,
        added: &[],
    },
];

/// How many rows are sent at once.
const TOGETHER: usize = 1_000;

/// Moves the file in `folder`, which nobody may have open, to the database at `address`, which
/// must be empty; telling each table and its rows as it is done. Counts of rows and sums of money
/// are compared before anything is committed.
///
/// It can be called again whenever it was interrupted: nothing was moved then, or all of it was and
/// only the file kept its name.
///
/// # Errors
/// `Unavailable` when the file is in use or the database does not answer, `Corrupt` when the
/// database holds something else, or the two are not the same in the end.
pub async fn to_postgres(
    folder: &Path,
    address: &str,
    mut told: impl FnMut(&str, u64),
) -> Result<Moved, StoreError> {
    let (lock, file) = sqlite::open_alone(folder)?;
    postgres::PostgresStore::migrate(address, |_| {}).await?;
    let client = postgres::client(address).await?;
    client.batch_execute("BEGIN").await.map_err(failed)?;
    let is_empty = count(&client, "rows").await? == 0 && count(&client, "entries").await? == 0;
    let mut rows = 0;
    for table in &TABLES {
        if is_empty {
            copy(&file, &client, table).await?;
        }
        let moved = compare(&file, &client, table).await?;
        told(table.name, moved);
        rows += moved;
    }
    compare_sums(&file, &client).await?;
    client.batch_execute("COMMIT").await.map_err(failed)?;
    drop(file);
    let moved = sqlite::set_aside(folder)?;
    drop(lock);
    Ok(Moved { rows, file: moved.display().to_string() })
}

/// Copies a table in the order of its key.
async fn copy(file: &Connection, client: &Client, table: &Table) -> Result<(), StoreError> {
    let insert = client.prepare(&insert(table)).await.map_err(failed)?;
    let mut after: Vec<Value> = Vec::new();
    loop {
        let chunk = chunk(file, table, &after)?;
        let Some(last) = chunk.last else { return Ok(()) };
        after = last;
        let columns: Vec<&(dyn ToSql + Sync)> =
            chunk.columns.iter().map(|column| column.values()).collect();
        client.execute(&insert, &columns).await.map_err(failed)?;
    }
}

fn insert(table: &Table) -> String {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let arrays: Vec<String> = (1..)
        .zip(table.columns)
        .map(|(place, (_, of))| format!("${place}::{}[]", if *of == SMALL { NUMBER } else { of }))
        .collect();
    let added: String = table.added.iter().map(|(name, _)| format!(", {name}")).collect();
    let values: String = table.added.iter().map(|(_, value)| format!(", {value}")).collect();
    let (name, names, arrays) = (table.name, names.join(", "), arrays.join(", "));
    format!("INSERT INTO {name} ({names}{added}) SELECT *{values} FROM unnest({arrays})")
}

/// Some rows of a table, as columns.
struct Chunk {
    columns: Vec<Values>,
    /// The key of the last row; nothing when there is none.
    last: Option<Vec<Value>>,
}

/// The values of a column.
enum Values {
    Texts(Vec<Option<String>>),
    Numbers(Vec<Option<i64>>),
}

impl Values {
    fn values(&self) -> &(dyn ToSql + Sync) {
        match self {
            Values::Texts(texts) => texts,
            Values::Numbers(numbers) => numbers,
        }
    }

    fn push(&mut self, row: &Row<'_>, place: usize) -> Result<(), StoreError> {
        match self {
            Values::Texts(texts) => texts.push(row.get(place)?),
            Values::Numbers(numbers) => numbers.push(row.get(place)?),
        }
        Ok(())
    }
}

fn chunk(
    file: &Connection,
    table: &Table,
    after: &[rusqlite::types::Value],
) -> Result<Chunk, StoreError> {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let key = names[..table.key].join(", ");
    let marks = vec!["?"; after.len()].join(", ");
    let begin = if after.is_empty() { String::new() } else { format!("WHERE ({key}) > ({marks})") };
    let (name, names) = (table.name, names.join(", "));
    let sql = format!("SELECT {names} FROM {name} {begin} ORDER BY {key} LIMIT {TOGETHER}");
    let mut statement = file.prepare_cached(&sql)?;
    let mut found = statement.query(params_from_iter(after))?;
    let empty = |(_, of): &Column| match *of {
        TEXT => Values::Texts(Vec::new()),
        _ => Values::Numbers(Vec::new()),
    };
    let mut chunk = Chunk { columns: table.columns.iter().map(empty).collect(), last: None };
    while let Some(row) = found.next()? {
        for (place, column) in chunk.columns.iter_mut().enumerate() {
            column.push(row, place)?;
        }
        let key = (0..table.key).map(|place| row.get::<_, Value>(place));
        chunk.last = Some(key.collect::<Result<_, _>>()?);
    }
    Ok(chunk)
}

/// Compares how many rows a table has on both sides.
async fn compare(file: &Connection, client: &Client, table: &Table) -> Result<u64, StoreError> {
    let name = table.name;
    let here: i64 =
        file.query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))?;
    let there = count(client, name).await?;
    if here != there {
        return Err(StoreError::Corrupt(format!("{name}: {here} rows here, {there} there")));
    }
    Ok(u64::try_from(here).unwrap_or(0))
}

async fn count(client: &Client, table: &str) -> Result<i64, StoreError> {
    let row = client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await;
    Ok(row.map_err(failed)?.get(0))
}

/// What every account has, by its lines and by its balance, on both sides.
async fn compare_sums(file: &Connection, client: &Client) -> Result<(), StoreError> {
    for table in ["postings", "balances"] {
        let sql = format!(
            "SELECT account, currency, sum(signed) FROM {table}
             GROUP BY account, currency ORDER BY account, currency"
        );
        let mut statement = file.prepare(&sql)?;
        let sum = |row: &Row<'_>| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
        };
        let here = statement.query_map([], sum)?.collect::<Result<Vec<_>, _>>()?;
        let sql = sql.replace("sum(signed)", "sum(signed)::bigint");
        let there = client.query(&sql, &[]).await.map_err(failed)?;
        let there = there.iter().map(|row| (row.get(0), row.get(1), row.get(2)));
        if !there.eq(here) {
            return Err(StoreError::Corrupt(format!("the sums of the {table} are not the same")));
        }
    }
    Ok(())
}

fn failed(error: tokio_postgres::Error) -> StoreError {
    postgres::failed(error)
}
