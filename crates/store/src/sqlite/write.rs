//! Writing: a batch of changes in one transaction, each whole or not at all.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use holdfast_core::change::{Changes, Put};
use holdfast_core::currency::Currency;
use holdfast_core::effect::Effect;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, PlatformId};
use holdfast_core::key::{RowKey, Version};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::{Lease, Outcome, OwnedEffect, StoreError};

use super::cache::{Found, RowCache};
use super::{body, read};

/// Commits a batch. Each of its changes is checked before any of its rows is written, so that one
/// that conflicts leaves the others alone.
pub(super) fn commit(
    connection: &mut Connection,
    cache: &RowCache,
    batch: Vec<Changes>,
    lease: Lease,
) -> Result<Vec<Outcome>, StoreError> {
    // IMMEDIATE: a transaction that began reading could not become a writing one.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut group = Group::new(&transaction, cache);
    let mut outcomes = Vec::with_capacity(batch.len());
    for (command, changes) in batch.iter().enumerate() {
        outcomes.push(group.apply(command, changes, lease)?);
    }
    let rows = group.finish()?;
    let writing = cache.write(rows.keys().cloned().collect());
    let last: HashMap<Place, usize> =
        rows.into_values().map(|written| (written.place, written.json)).collect();
    transaction.commit()?;
    writing.committed(rows_at(batch, &last));
    Ok(outcomes)
}

/// The rows at these places of a batch, as they are stored now.
fn rows_at(
    batch: Vec<Changes>,
    places: &HashMap<Place, usize>,
) -> impl Iterator<Item = (PlatformId, StoredRow, usize)> {
    let puts = batch.into_iter().enumerate().flat_map(|(command, changes)| {
        let platform = changes.platform;
        let puts = changes.puts.into_iter().enumerate();
        puts.map(move |(number, put)| ((command, number), platform, put))
    });
    puts.filter_map(|(place, platform, put)| {
        let json = *places.get(&place)?;
        Some((platform, StoredRow { version: put.expected + 1, row: put.row }, json))
    })
}

/// Which row of a batch: the command's number, and the row's number among its rows.
type Place = (usize, usize);

/// An account of a platform, in a currency.
type BalanceKey = (PlatformId, Account, Currency);

/// What a batch has written so far.
struct Group<'a> {
    transaction: &'a Transaction<'a>,
    cache: &'a RowCache,
    rows: HashMap<RowKey, Written<'a>>,
    /// The balances that the batch has looked at; written once, at its end. The account that every
    /// payment touches is then one statement for all of them.
    balances: BTreeMap<BalanceKey, Sum>,
}

/// A row as a command of the batch left it.
struct Written<'a> {
    platform: PlatformId,
    version: Version,
    row: &'a Row,
    place: Place,
    json: usize,
}

#[derive(Clone, Copy)]
struct Sum {
    signed: i64,
    is_new: bool,
}

/// A row that is to be written over: how it is found, which follows it.
struct Before {
    platform: PlatformId,
    version: Version,
    state: &'static str,
    links: Vec<String>,
}

impl Before {
    fn of(platform: PlatformId, version: Version, row: &Row) -> Before {
        Before { platform, version, state: row.state(), links: row.links() }
    }

    fn of_found(found: &Found) -> Option<Before> {
        let (platform, stored) = found.as_ref()?;
        Some(Before::of(*platform, stored.version, &stored.row))
    }
}

/// Whether a row has the version that it must have; 0 when it must not be there.
fn fits(before: Option<&Before>, expected: Version, changes: &Changes) -> bool {
    match before {
        None => expected == 0,
        Some(before) => before.version == expected && before.platform == changes.platform,
    }
}

impl<'a> Group<'a> {
    fn new(transaction: &'a Transaction<'a>, cache: &'a RowCache) -> Group<'a> {
        Group { transaction, cache, rows: HashMap::new(), balances: BTreeMap::new() }
    }

    fn apply(
        &mut self,
        command: usize,
        changes: &'a Changes,
        lease: Lease,
    ) -> Result<Outcome, StoreError> {
        if !self.effects_wait(changes)? {
            return Ok(Outcome::AlreadyRecorded);
        }
        let Some(before) = self.rows_before(changes)? else { return Ok(Outcome::Conflict) };
        let Some(balances) = self.new_balances(changes)? else {
            return Ok(Outcome::LimitExceeded);
        };
        self.balances.extend(balances);
        let platform = changes.platform.to_string();
        let mut bodies = Vec::with_capacity(changes.puts.len());
        for (number, (put, before)) in changes.puts.iter().zip(before).enumerate() {
            let body = self.write_row(&platform, put, before)?;
            let written = Written {
                platform: changes.platform,
                version: put.expected + 1,
                row: &put.row,
                place: (command, number),
                json: body.len(),
            };
            self.rows.insert(put.row.key(), written);
            bodies.push(body);
        }
        for entry in &changes.entries {
            self.write_entry(&platform, entry)?;
        }
        for id in &changes.finished {
            self.transaction
                .prepare_cached("DELETE FROM effects WHERE id = ?")?
                .execute(params![id.to_string()])?;
        }
        for effect in &changes.effects {
            self.write_effect(&platform, effect, lease)?;
        }
        for event in &changes.events {
            let written = |row: &Arc<Row>| {
                let mut written = changes.puts.iter().zip(&bodies);
                let same = written.find(|(put, _)| Arc::ptr_eq(&put.row, row));
                same.map(|(_, body)| body.as_str())
            };
            self.write_event(&platform, event, &body::of_event(event, written)?)?;
        }
        Ok(Outcome::Committed)
    }

    fn effects_wait(&self, changes: &Changes) -> Result<bool, StoreError> {
        for id in &changes.finished {
            let waits = self
                .transaction
                .prepare_cached("SELECT 1 FROM effects WHERE id = ?")?
                .exists(params![id.to_string()])?;
            if !waits {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn are_as_relied(&self, changes: &Changes) -> Result<bool, StoreError> {
        for relied in &changes.relied {
            let before = self.before(&relied.key)?;
            if !fits(before.as_ref(), relied.version.get(), changes) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rows that are to be written, as they are; nothing when one of them, or of those that are
    /// relied upon, has another version.
    fn rows_before(&self, changes: &Changes) -> Result<Option<Vec<Option<Before>>>, StoreError> {
        if !self.are_as_relied(changes)? {
            return Ok(None);
        }
        let mut rows = Vec::with_capacity(changes.puts.len());
        for put in &changes.puts {
            let before = self.before(&put.row.key())?;
            if !fits(before.as_ref(), put.expected, changes) {
                return Ok(None);
            }
            rows.push(before);
        }
        Ok(Some(rows))
    }

    /// A row as this batch has left it so far.
    fn before(&self, key: &RowKey) -> Result<Option<Before>, StoreError> {
        if let Some(written) = self.rows.get(key) {
            return Ok(Some(Before::of(written.platform, written.version, written.row)));
        }
        match self.cache.peek(key, Before::of_found) {
            Ok(before) => Ok(before),
            Err(_) => {
                let found = read::load_one(self.transaction, key)?;
                Ok(Before::of_found(&found.map(|(found, _)| found)))
            }
        }
    }

    /// The balances after the changes; nothing when one of them would pass its limit.
    fn new_balances(
        &self,
        changes: &Changes,
    ) -> Result<Option<BTreeMap<BalanceKey, Sum>>, StoreError> {
        let mut balances = BTreeMap::new();
        let mut limited = Vec::new();
        for (entry, posting) in changes.postings() {
            let key = (changes.platform, posting.account, posting.amount.currency());
            let before = match balances.get(&key).or_else(|| self.balances.get(&key)) {
                Some(before) => *before,
                None => self.stored_balance(&key)?,
            };
            let after = before.signed.checked_add(posting.signed_minor());
            let Some(signed) = after else { return Ok(None) };
            if entry.limits(posting.account) {
                limited.push(key);
            }
            balances.insert(key, Sum { signed, ..before });
        }
        let passed = limited.iter().any(|key| balances.get(key).is_some_and(|it| it.signed > 0));
        let is_refused = passed || self.has_left(changes, &balances)?;
        Ok(if is_refused { None } else { Some(balances) })
    }

    /// Whether an account that must be empty has something: what is stored, as this batch has left
    /// it so far, after what is posted now.
    fn has_left(
        &self,
        changes: &Changes,
        posted: &BTreeMap<BalanceKey, Sum>,
    ) -> Result<bool, StoreError> {
        for account in &changes.emptied {
            let mut left: HashMap<String, i64> = self
                .transaction
                .prepare_cached(
                    "SELECT currency, signed FROM balances WHERE account = ? AND platform = ?",
                )?
                .query_map(params![account.to_string(), changes.platform.to_string()], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?
                .collect::<Result<_, _>>()?;
            for ((platform, of, currency), sum) in self.balances.iter().chain(posted) {
                if *platform == changes.platform && of == account {
                    left.insert(currency.code().to_owned(), sum.signed);
                }
            }
            if left.values().any(|signed| *signed != 0) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stored_balance(
        &self,
        (platform, account, currency): &BalanceKey,
    ) -> Result<Sum, StoreError> {
        let signed = self
            .transaction
            .prepare_cached(
                "SELECT signed FROM balances WHERE account = ? AND currency = ? AND platform = ?",
            )?
            .query_row(params![account.to_string(), currency.code(), platform.to_string()], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(Sum { signed: signed.unwrap_or(0), is_new: signed.is_none() })
    }

    /// Writes a row and how lists find it. Answers with its JSON.
    fn write_row(
        &self,
        platform: &str,
        put: &Put,
        before: Option<Before>,
    ) -> Result<String, StoreError> {
        let Put { expected, row } = put;
        let key = row.key();
        let (kind, id) = (key.kind().name(), key.id());
        let version = i64::try_from(expected + 1)
            .map_err(|_| StoreError::Corrupt(format!("{key:?} was written too often")))?;
        let (state, body) = (row.state(), serde_json::to_string(row)?);
        match &before {
            None => self
                .transaction
                .prepare_cached(
                    "INSERT INTO rows (kind, id, platform, version, created, state, body)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![kind, id, platform, version, row.created().ms(), state, body])?,
            // A column that is named is written into its index anew, even if it is as it was.
            Some(before) if before.state == state => self
                .transaction
                .prepare_cached("UPDATE rows SET version = ?, body = ? WHERE kind = ? AND id = ?")?
                .execute(params![version, body, kind, id])?,
            Some(_) => self
                .transaction
                .prepare_cached(
                    "UPDATE rows SET version = ?, state = ?, body = ? WHERE kind = ? AND id = ?",
                )?
                .execute(params![version, state, body, kind, id])?,
        };
        let links_before = before.map(|before| before.links).unwrap_or_default();
        self.write_links(kind, &id, &links_before, &row.links())?;
        Ok(body)
    }

    /// A row's place in the lists follows what it says.
    fn write_links(
        &self,
        kind: &str,
        id: &str,
        before: &[String],
        after: &[String],
    ) -> Result<(), StoreError> {
        for link in before.iter().filter(|link| !after.contains(link)) {
            self.transaction
                .prepare_cached("DELETE FROM links WHERE kind = ? AND link = ? AND id = ?")?
                .execute(params![kind, link, id])?;
        }
        for link in after.iter().filter(|link| !before.contains(link)) {
            self.transaction
                .prepare_cached("INSERT OR IGNORE INTO links (kind, link, id) VALUES (?, ?, ?)")?
                .execute(params![kind, link, id])?;
        }
        Ok(())
    }

    fn write_event(&self, platform: &str, event: &Event, body: &str) -> Result<(), StoreError> {
        self.transaction
            .prepare_cached(
                "INSERT INTO events (id, platform, kind, payment, at, body)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                event.id.to_string(),
                platform,
                event.kind.name(),
                event.payment.map(|payment| payment.to_string()),
                event.at.ms(),
                body,
            ])?;
        Ok(())
    }

    fn write_entry(&self, platform: &str, entry: &JournalEntry) -> Result<(), StoreError> {
        let id = entry.id.to_string();
        self.transaction
            .prepare_cached(
                "INSERT INTO entries (id, platform, at, payment, source, body)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                id,
                platform,
                entry.at.ms(),
                entry.payment.map(|payment| payment.to_string()),
                entry.source,
                serde_json::to_string(entry)?,
            ])?;
        for (line, posting) in (0_i64..).zip(&entry.postings) {
            let (account, currency) = (posting.account.to_string(), posting.amount.currency());
            self.transaction
                .prepare_cached(
                    "INSERT INTO postings (entry, line, account, currency, signed)
                     VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![id, line, account, currency.code(), posting.signed_minor()])?;
        }
        Ok(())
    }

    fn write_effect(
        &self,
        platform: &str,
        effect: &Effect,
        lease: Lease,
    ) -> Result<(), StoreError> {
        let leased_until =
            if effect.due <= lease.due { lease.until } else { Timestamp::from_ms(0) };
        self.transaction
            .prepare_cached(
                "INSERT INTO effects (id, platform, due, leased_until, name, body)
                 VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                effect.id.to_string(),
                platform,
                effect.due.ms(),
                leased_until.ms(),
                effect.kind.name(),
                serde_json::to_string(effect)?,
            ])?;
        Ok(())
    }

    /// Writes the balances; then all of the batch is written.
    fn finish(self) -> Result<HashMap<RowKey, Written<'a>>, StoreError> {
        for ((platform, account, currency), sum) in &self.balances {
            let sql = if sum.is_new {
                "INSERT INTO balances (signed, account, currency, platform) VALUES (?, ?, ?, ?)"
            } else {
                "UPDATE balances SET signed = ?
                 WHERE account = ? AND currency = ? AND platform = ?"
            };
            self.transaction.prepare_cached(sql)?.execute(params![
                sum.signed,
                account.to_string(),
                currency.code(),
                platform.to_string()
            ])?;
        }
        Ok(self.rows)
    }
}

/// Leases effects that are due and free.
pub(super) fn claim(
    connection: &mut Connection,
    lease: Lease,
    limit: usize,
) -> Result<Vec<OwnedEffect>, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let claimed = read::due(&transaction, lease, limit)?;
    for owned in &claimed {
        transaction
            .prepare_cached("UPDATE effects SET leased_until = ? WHERE id = ?")?
            .execute(params![lease.until.ms(), owned.effect.id.to_string()])?;
    }
    transaction.commit()?;
    Ok(claimed)
}

/// Leases an effect for longer, if it is still leased as it was.
pub(super) fn renew(
    connection: &Connection,
    effect: EffectId,
    held: Timestamp,
    lease: Lease,
) -> Result<bool, StoreError> {
    let renewed = connection
        .prepare_cached("UPDATE effects SET leased_until = ? WHERE id = ? AND leased_until = ?")?
        .execute(params![lease.until.ms(), effect.to_string(), held.ms()])?;
    Ok(renewed > 0)
}
