//! Copies of the file: made while payments go on, looked through, and put back.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use holdfast_core::effect::Effect;
use holdfast_core::event::Event;
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;

use crate::StoreError;

use super::{FILE, lock, schema};

/// How many findings of one sort are told.
const TOLD: usize = 5;

/// Copies the store of `folder` to a new file, as it is at one moment. Payments go on meanwhile;
/// whoever has the store open notices nothing. The copy is whole and on the disk once this
/// returns: until then it has another name.
///
/// # Errors
/// `Unavailable` when there is no store, when there is a file of that name already, or when the
/// disk refuses.
pub fn backup(folder: &Path, to: &Path) -> Result<(), StoreError> {
    refuse_existing(to)?;
    let partial = beside(to);
    // What an earlier try has left.
    remove(&partial)?;
    let connection = existing(&folder.join(FILE))?;
    let name = partial.to_str().ok_or_else(|| unavailable("the name is no text"))?;
    connection.execute("VACUUM INTO ?", [name])?;
    in_place(&partial, to)
}

/// Puts a copy into `folder`, which must not have a store. The copy is looked through before.
///
/// # Errors
/// `Corrupt` for a copy that is not whole, `Unavailable` when there is a store already or when the
/// disk refuses.
pub fn restore(from: &Path, folder: &Path) -> Result<(), StoreError> {
    let to = folder.join(FILE);
    let _lock = lock(folder)?;
    // A log without its file belongs to a store that somebody has taken apart.
    refuse_existing(&to)?;
    refuse_existing(&folder.join(format!("{FILE}-wal")))?;
    let partial = beside(&to);
    io(fs::copy(from, &partial))?;
    let found = findings(&existing(&partial)?)?;
    if let Some(first) = found.first() {
        remove(&partial)?;
        return Err(StoreError::Corrupt(format!("{}: {first}", from.display())));
    }
    in_place(&partial, &to)
}

/// Looks a store through, also while payments go on: the file's pages and indexes, that every row
/// can be read and is listed as it says, that every entry balances, and that the balances are the
/// sums of what was posted. Answers with what is wrong.
///
/// # Errors
/// `Unavailable` when there is no store, `Corrupt` when it cannot even be looked at.
pub fn check(folder: &Path) -> Result<Vec<String>, StoreError> {
    findings(&existing(&folder.join(FILE))?)
}

fn existing(file: &Path) -> Result<Connection, StoreError> {
    let connection = schema::connect_to_read(file)?;
    schema::refuse_other(&connection)?;
    Ok(connection)
}

fn findings(connection: &Connection) -> Result<Vec<String>, StoreError> {
    // One moment for all that is looked at.
    let moment = connection.unchecked_transaction()?;
    let mut found = lines(&moment, "PRAGMA integrity_check(5)", "the file")?;
    found.retain(|line| line != "the file: ok");
    if !found.is_empty() {
        return Ok(found);
    }
    found.extend(lines(
        &moment,
        "SELECT entry FROM postings GROUP BY entry, currency HAVING sum(signed) <> 0 LIMIT 5",
        "does not balance",
    )?);
    found.extend(lines(
        &moment,
        "SELECT account || ' ' || currency FROM (
             SELECT account, currency, platform, signed FROM balances
             UNION ALL
             SELECT account, currency, platform, -signed
                 FROM postings JOIN entries ON entries.id = postings.entry)
         GROUP BY account, currency, platform HAVING sum(signed) <> 0 LIMIT 5",
        "is not the sum of its postings",
    )?);
    found.extend(unreadable::<JournalEntry>(&moment, "entries")?);
    found.extend(unreadable::<Event>(&moment, "events")?);
    found.extend(unreadable::<Effect>(&moment, "effects")?);
    found.extend(misplaced(&moment)?);
    Ok(found)
}

fn lines(connection: &Connection, sql: &str, what: &str) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(sql)?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
    lines.map(|line| Ok(format!("{what}: {}", line?))).collect()
}

/// What of a table is not what it should be.
fn unreadable<T: DeserializeOwned>(
    connection: &Connection,
    table: &str,
) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(&format!("SELECT id, body FROM {table}"))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body: String = row.get(1)?;
        if let Err(error) = serde_json::from_str::<T>(&body) {
            found.push(format!("cannot be read: {}: {error}", row.get::<_, String>(0)?));
        }
        if found.len() == TOLD {
            break;
        }
    }
    Ok(found)
}

/// Rows that cannot be read, or that lists do not find as they say.
fn misplaced(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare("SELECT kind, id, state, body FROM rows")?;
    let mut linked =
        connection.prepare("SELECT 1 FROM links WHERE kind = ? AND link = ? AND id = ?")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(stored) = rows.next()? {
        let (kind, id, state): (String, String, String) =
            (stored.get(0)?, stored.get(1)?, stored.get(2)?);
        let row: Row = match serde_json::from_str(&stored.get::<_, String>(3)?) {
            Ok(row) => row,
            Err(error) => {
                found.push(format!("cannot be read: {kind} {id}: {error}"));
                continue;
            }
        };
        let (key, is_state) = (row.key(), row.state() == state);
        let mut is_listed = is_state && key.kind().name() == kind && key.id() == id;
        for link in row.links() {
            is_listed &= linked.exists(params![kind, link, id])?;
        }
        if !is_listed {
            found.push(format!("is listed as something else: {kind} {id}"));
        }
        if found.len() >= TOLD {
            break;
        }
    }
    Ok(found)
}

/// Gives a file that is whole its name.
fn in_place(partial: &Path, to: &Path) -> Result<(), StoreError> {
    io(File::open(partial).and_then(|file| file.sync_all()))?;
    io(fs::rename(partial, to))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    io(File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all()))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

fn refuse_existing(file: &Path) -> Result<(), StoreError> {
    if file.exists() { Err(unavailable(&format!("{} exists", file.display()))) } else { Ok(()) }
}

fn remove(file: &Path) -> Result<(), StoreError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unavailable(&error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn io<T>(done: io::Result<T>) -> Result<T, StoreError> {
    done.map_err(|error| unavailable(&error))
}

fn unavailable(what: &(impl ToString + ?Sized)) -> StoreError {
    StoreError::Unavailable(what.to_string())
}
