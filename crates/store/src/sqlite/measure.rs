//! For measurements only: many more payments in a file, and the same rows written straight.

use std::path::Path;
use std::time::{Duration, Instant};

use holdfast_core::key::RowKind;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;

use super::template::{self, Lines, Template};
use super::{FILE, open_alone, schema};

/// How many rows are written before the disk is asked to take them.
const TOGETHER: usize = 200_000;

/// How much of the file is kept in memory meanwhile, in KiB.
const CACHE_KIB: i64 = 128 << 10;

/// Multiplies the payments in the file of `folder`, which nobody may have open, until there are at
/// least `payments` of them, telling how many there are now and then. Each is a copy of one that
/// was really made, earlier and under ids of its own; rows, timers, journal and balances are as
/// if all of them had been made. Answers with how many there are.
///
/// A file in which this was interrupted is of no more use.
///
/// # Errors
/// `Unavailable` when there is no payment yet, or when the disk refuses.
pub fn multiply(
    folder: &Path,
    payments: u64,
    mut told: impl FnMut(u64),
) -> Result<u64, StoreError> {
    let (_lock, mut file) = open_alone(folder)?;
    let template = Template::of(&file)?;
    // A file that is made for a measurement is made again when the power fails.
    file.pragma_update(None, "wal_autocheckpoint", 0)?;
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    file.pragma_update(None, "journal_mode", "OFF")?;
    file.pragma_update(None, "synchronous", "OFF")?;
    // The indexes of many millions of rows are sorted in files.
    file.pragma_update(None, "temp_store", "FILE")?;
    file.pragma_update(None, "cache_size", -CACHE_KIB)?;
    let indexes = drop_indexes(&file)?;
    let inserts: Vec<String> = template.tables.iter().map(Lines::insert).collect();
    let rows_each: usize = template.tables.iter().map(|lines| lines.rows.len()).sum();
    let at_once = (TOGETHER / rows_each.max(1)).max(1);
    let copies = payments.div_ceil(template.payments.max(1)).saturating_sub(1);
    let copies = i64::try_from(copies).unwrap_or(i64::MAX);
    let mut next = 0;
    while next < copies {
        let transaction = file.transaction()?;
        for _ in 0..at_once.min(usize::try_from(copies - next).unwrap_or(usize::MAX)) {
            // The earliest first: new ones go to the ends of the tables, as in life.
            let by_ms = (copies - next) * template.span_ms;
            copy(&transaction, &template, &inserts, by_ms)?;
            next += 1;
        }
        transaction.commit()?;
        told(template.payments * u64::try_from(next + 1).unwrap_or(0));
    }
    indexes.iter().try_for_each(|sql| file.execute_batch(sql))?;
    reckon_balances(&file)?;
    file.pragma_update(None, "journal_mode", "WAL")?;
    drop(file);
    let written = std::fs::File::open(folder.join(FILE)).and_then(|file| file.sync_all());
    written.map_err(|error| StoreError::Unavailable(error.to_string()))?;
    Ok(template.payments * u64::try_from(copies + 1).unwrap_or(0))
}

fn copy(
    file: &Connection,
    template: &Template,
    inserts: &[String],
    by_ms: i64,
) -> Result<(), StoreError> {
    for (lines, insert) in template.tables.iter().zip(inserts) {
        let rows: Vec<Vec<Value>> =
            lines.rows.iter().map(|row| template.earlier(row, by_ms)).collect();
        template::write(file, insert, &rows)?;
    }
    Ok(())
}

/// Takes the indexes away, which are made sooner in one go. Answers with how they are made.
fn drop_indexes(file: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = file
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")?;
    let indexes = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let indexes = indexes.collect::<Result<Vec<(String, String)>, _>>()?;
    for (name, _) in &indexes {
        file.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    Ok(indexes.into_iter().map(|(_, sql)| sql).collect())
}

/// Makes each balance the sum of what was posted.
fn reckon_balances(file: &Connection) -> Result<(), StoreError> {
    file.execute_batch(
        "INSERT OR REPLACE INTO balances (account, currency, platform, signed)
             SELECT account, currency, platform, sum(signed)
                 FROM postings JOIN entries ON entries.id = postings.entry
                 GROUP BY account, currency, platform",
    )?;
    Ok(())
}

/// How much of a payment is written straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Every row that Holdfast keeps of it.
    All,
    /// One row, four postings and one event.
    Least,
}

/// What was written straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Straight {
    /// How many payments.
    pub payments: u64,
    /// How many rows of all tables.
    pub rows: u64,
    /// In which time.
    pub took: Duration,
}

/// Writes the rows of the payments in the file of `from` to a new file in `to`, with the same
/// tables, indexes and settings, in transactions of `group` payments each. The balances are
/// written once a group. Nothing else is done: no versions are looked at, no row is written
/// twice.
///
/// # Errors
/// `Unavailable` when there is no payment, or when the disk refuses.
pub fn write_straight(
    from: &Path,
    to: &Path,
    written: Written,
    group: u64,
) -> Result<Straight, StoreError> {
    let source = schema::connect_to_read(&from.join(FILE))?;
    let mut template = Template::of(&source)?;
    let balances = balances(&source)?;
    let payments = template.payments;
    if written == Written::Least {
        template.tables = least(template.tables, usize::try_from(payments).unwrap_or(0));
    }
    let mut file = schema::connect(&to.join(FILE))?;
    schema::prepare(&mut file)?;
    let inserts: Vec<String> = template.tables.iter().map(Lines::insert).collect();
    let groups = usize::try_from(payments.div_ceil(group.max(1))).unwrap_or(usize::MAX);
    let begun = Instant::now();
    for number in 0..groups {
        let transaction = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for (lines, insert) in template.tables.iter().zip(&inserts) {
            let place = |number: usize| lines.rows.len() * number / groups;
            template::write(&transaction, insert, &lines.rows[place(number)..place(number + 1)])?;
        }
        template::write(&transaction, PUT_BALANCE, &balances)?;
        transaction.commit()?;
    }
    let took = begun.elapsed();
    let rows: usize = template.tables.iter().map(|lines| lines.rows.len()).sum();
    Ok(Straight { payments, rows: u64::try_from(rows).unwrap_or(u64::MAX), took })
}

/// The version of SQLite.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

const PUT_BALANCE: &str =
    "INSERT OR REPLACE INTO balances (account, currency, platform, signed) VALUES (?, ?, ?, ?)";

fn balances(file: &Connection) -> Result<Vec<Vec<Value>>, StoreError> {
    // Those that every payment touches; a held order's own are among the postings' many.
    let mut statement = file.prepare(
        "SELECT account, currency, platform, signed FROM balances WHERE account NOT LIKE 'held:%'",
    )?;
    let rows = statement.query_map([], |row| (0..4).map(|place| row.get(place)).collect())?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Of each payment one row, four postings and one event. Where a payment has fewer postings, those
/// of others stand for them, as further lines.
fn least(tables: Vec<Lines>, payments: usize) -> Vec<Lines> {
    let mut kept = Vec::new();
    for mut lines in tables {
        match lines.table {
            "rows" => {
                let payment = Value::Text(RowKind::PaymentIntent.name().to_owned());
                let kind = lines.column("kind").unwrap_or(0);
                lines.rows.retain(|row| row.get(kind) == Some(&payment));
            }
            "postings" => {
                let line = lines.column("line").unwrap_or(0);
                let all = std::mem::take(&mut lines.rows);
                for (place, row) in all.iter().cycle().take(4 * payments).enumerate() {
                    let mut row = row.clone();
                    if let (true, Value::Integer(line)) = (place >= all.len(), &mut row[line]) {
                        *line += i64::try_from(place).unwrap_or(i64::MAX);
                    }
                    lines.rows.push(row);
                }
            }
            "events" => lines.rows.truncate(payments),
            _ => continue,
        }
        kept.push(lines);
    }
    kept
}
