//! Writing: a batch of changes in one transaction, each whole or not at all.

use std::collections::BTreeMap;

use holdfast_core::change::{Changes, Put};
use holdfast_core::effect::Effect;
use holdfast_core::event::Event;
use holdfast_core::ledger::JournalEntry;
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::{Lease, Outcome, OwnedEffect, StoreError};

use super::read;

/// Commits a batch. Each of its changes is checked before any of its rows is written, so that one
/// that conflicts leaves the others alone.
pub(super) fn commit(
    connection: &mut Connection,
    batch: &[Changes],
    lease: Lease,
) -> Result<Vec<Outcome>, StoreError> {
    // IMMEDIATE: a transaction that began reading could not become a writing one.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut outcomes = Vec::with_capacity(batch.len());
    for changes in batch {
        outcomes.push(apply(&transaction, changes, lease)?);
    }
    transaction.commit()?;
    Ok(outcomes)
}

fn apply(
    transaction: &Transaction<'_>,
    changes: &Changes,
    lease: Lease,
) -> Result<Outcome, StoreError> {
    if !effects_wait(transaction, changes)? {
        return Ok(Outcome::AlreadyRecorded);
    }
    if !versions_match(transaction, changes)? {
        return Ok(Outcome::Conflict);
    }
    let Some(balances) = new_balances(transaction, changes)? else {
        return Ok(Outcome::LimitExceeded);
    };
    let platform = changes.platform.to_string();
    for put in &changes.puts {
        write_row(transaction, &platform, put)?;
    }
    for (key, signed) in balances {
        write_balance(transaction, &platform, &key, signed)?;
    }
    for entry in &changes.entries {
        write_entry(transaction, &platform, entry)?;
    }
    for id in &changes.finished {
        transaction
            .prepare_cached("DELETE FROM effects WHERE id = ?")?
            .execute(params![id.to_string()])?;
    }
    for effect in &changes.effects {
        write_effect(transaction, &platform, effect, lease)?;
    }
    for event in &changes.events {
        write_event(transaction, &platform, event)?;
    }
    Ok(Outcome::Committed)
}

fn effects_wait(transaction: &Transaction<'_>, changes: &Changes) -> Result<bool, StoreError> {
    for id in &changes.finished {
        let waits = transaction
            .prepare_cached("SELECT 1 FROM effects WHERE id = ?")?
            .exists(params![id.to_string()])?;
        if !waits {
            return Ok(false);
        }
    }
    Ok(true)
}

fn versions_match(transaction: &Transaction<'_>, changes: &Changes) -> Result<bool, StoreError> {
    let platform = changes.platform.to_string();
    for put in &changes.puts {
        let key = put.row.key();
        let stored = transaction
            .prepare_cached("SELECT version, platform FROM rows WHERE kind = ? AND id = ?")?
            .query_row(params![key.kind().name(), key.id()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        let matches = match stored {
            None => put.expected == 0,
            Some((version, owner)) => {
                u64::try_from(version) == Ok(put.expected) && owner == platform
            }
        };
        if !matches {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The balances after the changes; nothing when one of them would pass its limit.
#[allow(clippy::type_complexity)] // An account, a currency, and what is there then.
fn new_balances(
    transaction: &Transaction<'_>,
    changes: &Changes,
) -> Result<Option<BTreeMap<(String, String), i64>>, StoreError> {
    let platform = changes.platform.to_string();
    let mut balances = BTreeMap::new();
    let mut limited = Vec::new();
    for (entry, posting) in changes.postings() {
        let currency = posting.amount.currency().code().to_owned();
        let key = (posting.account.to_string(), currency);
        let before = match balances.get(&key) {
            Some(before) => *before,
            None => stored_balance(transaction, &key, &platform)?,
        };
        let Some(after) = before.checked_add(posting.signed_minor()) else { return Ok(None) };
        if entry.limits(posting.account) {
            limited.push(key.clone());
        }
        balances.insert(key, after);
    }
    let passed = limited.iter().any(|key| balances.get(key).is_some_and(|after| *after > 0));
    Ok(if passed { None } else { Some(balances) })
}

fn stored_balance(
    transaction: &Transaction<'_>,
    (account, currency): &(String, String),
    platform: &str,
) -> Result<i64, StoreError> {
    let signed = transaction
        .prepare_cached(
            "SELECT signed FROM balances WHERE account = ? AND currency = ? AND platform = ?",
        )?
        .query_row(params![account, currency, platform], |row| row.get(0))
        .optional()?;
    Ok(signed.unwrap_or(0))
}

fn write_row(transaction: &Transaction<'_>, platform: &str, put: &Put) -> Result<(), StoreError> {
    let Put { expected, row } = put;
    let key = row.key();
    let (kind, id) = (key.kind().name(), key.id());
    let version = i64::try_from(expected + 1)
        .map_err(|_| StoreError::Corrupt(format!("{key:?} was written too often")))?;
    let (state, body) = (row.state(), serde_json::to_string(row)?);
    transaction
        .prepare_cached(
            "INSERT INTO rows (kind, id, platform, version, created, state, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET version = ?4, state = ?6, body = ?7",
        )?
        .execute(params![kind, id, platform, version, row.created().ms(), state, body])?;
    write_links(transaction, row, kind, &id)
}

/// Links are only ever added: a session gets its payment, nothing changes its own.
fn write_links(
    transaction: &Transaction<'_>,
    row: &Row,
    kind: &str,
    id: &str,
) -> Result<(), StoreError> {
    for link in row.links() {
        transaction
            .prepare_cached("INSERT OR IGNORE INTO links (kind, link, id) VALUES (?, ?, ?)")?
            .execute(params![kind, link, id])?;
    }
    Ok(())
}

fn write_balance(
    transaction: &Transaction<'_>,
    platform: &str,
    (account, currency): &(String, String),
    signed: i64,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO balances (account, currency, platform, signed) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET signed = excluded.signed",
        )?
        .execute(params![account, currency, platform, signed])?;
    Ok(())
}

fn write_event(
    transaction: &Transaction<'_>,
    platform: &str,
    event: &Event,
) -> Result<(), StoreError> {
    transaction
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
            serde_json::to_string(event)?,
        ])?;
    Ok(())
}

fn write_entry(
    transaction: &Transaction<'_>,
    platform: &str,
    entry: &JournalEntry,
) -> Result<(), StoreError> {
    let id = entry.id.to_string();
    transaction
        .prepare_cached(
            "INSERT INTO entries (id, platform, command, at, reason, payment, source, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            id,
            platform,
            entry.command.to_string(),
            entry.at.ms(),
            entry.reason.name(),
            entry.payment.map(|payment| payment.to_string()),
            entry.source,
            serde_json::to_string(entry)?,
        ])?;
    for (line, posting) in (0_i64..).zip(&entry.postings) {
        let (account, currency) = (posting.account.to_string(), posting.amount.currency());
        transaction
            .prepare_cached(
                "INSERT INTO postings (entry, line, account, currency, signed)
                 VALUES (?, ?, ?, ?, ?)",
            )?
            .execute(params![id, line, account, currency.code(), posting.signed_minor()])?;
    }
    Ok(())
}

fn write_effect(
    transaction: &Transaction<'_>,
    platform: &str,
    effect: &Effect,
    lease: Lease,
) -> Result<(), StoreError> {
    let leased_until = if effect.due <= lease.due { lease.until } else { Timestamp::from_ms(0) };
    transaction
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
