//! A batch as columns: each table is written by one statement over arrays.

use holdfast_core::event::Event;
use holdfast_core::ledger::JournalEntry;
use holdfast_core::time::Timestamp;
use tokio_postgres::types::ToSql;

use crate::{Lease, StoreError};

use super::decided::Decided;
use super::nodes::Node;

/// The columns of a table.
pub(super) type Values<'a> = Vec<&'a (dyn ToSql + Sync)>;

/// New or changed rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) kinds: Vec<&'static str>,
    pub(super) ids: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) versions: Vec<i64>,
    pub(super) created: Vec<i64>,
    pub(super) states: Vec<&'static str>,
    pub(super) bodies: Vec<String>,
}

impl Rows {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![
            &self.kinds,
            &self.ids,
            &self.platforms,
            &self.versions,
            &self.created,
            &self.states,
            &self.bodies,
        ]
    }
}

/// Links of rows.
#[derive(Debug, Default)]
pub(super) struct Links {
    pub(super) kinds: Vec<&'static str>,
    pub(super) links: Vec<String>,
    pub(super) ids: Vec<String>,
}

impl Links {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![&self.kinds, &self.links, &self.ids]
    }
}

/// Journal entries.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) ids: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) at: Vec<i64>,
    pub(super) payments: Vec<Option<String>>,
    pub(super) sources: Vec<String>,
    pub(super) bodies: Vec<String>,
}

impl Entries {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![&self.ids, &self.platforms, &self.at, &self.payments, &self.sources, &self.bodies]
    }
}

/// The lines of entries.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pub(super) entries: Vec<String>,
    pub(super) lines: Vec<i16>,
    pub(super) accounts: Vec<String>,
    pub(super) currencies: Vec<String>,
    pub(super) signed: Vec<i64>,
}

impl Lines {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![&self.entries, &self.lines, &self.accounts, &self.currencies, &self.signed]
    }
}

/// What is added to balances.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) accounts: Vec<String>,
    pub(super) currencies: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) shards: Vec<i32>,
    pub(super) signed: Vec<i64>,
}

impl Added {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![&self.accounts, &self.currencies, &self.platforms, &self.shards, &self.signed]
    }
}

/// New effects.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) ids: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) due: Vec<i64>,
    pub(super) leased_until: Vec<i64>,
    pub(super) leased_by: Vec<Option<String>>,
    pub(super) names: Vec<&'static str>,
    pub(super) bodies: Vec<String>,
}

impl Effects {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![
            &self.ids,
            &self.platforms,
            &self.due,
            &self.leased_until,
            &self.leased_by,
            &self.names,
            &self.bodies,
        ]
    }
}

/// Events.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) ids: Vec<String>,
    pub(super) platforms: Vec<String>,
    pub(super) kinds: Vec<&'static str>,
    pub(super) payments: Vec<Option<String>>,
    pub(super) at: Vec<i64>,
    pub(super) bodies: Vec<String>,
}

/// All that one transaction writes.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) new_rows: Rows,
    pub(super) changed_rows: Rows,
    pub(super) links: Links,
    pub(super) entries: Entries,
    pub(super) lines: Lines,
    pub(super) added: Added,
    pub(super) effects: Effects,
    pub(super) finished: Vec<String>,
    pub(super) events: Events,
}

/// The one part of a balance that is not divided.
const WHOLE: i32 = 0;

/// Which part of a balance a node adds to. What is held for one order is touched a few times in
/// its life, so that it is not divided; everything else has a part for each node, because a busy
/// seller's account, or the platform's, is touched by nearly every batch of every node.
pub(super) fn shard_of(account: &str, node: i32) -> i32 {
    if account.starts_with("held:") { WHOLE } else { node }
}

impl Tables {
    /// The columns of what was decided.
    pub(super) fn of(
        decided: &Decided<'_>,
        lease: Lease,
        node: &Node,
    ) -> Result<Tables, StoreError> {
        let mut tables = Tables::default();
        tables.put_rows(decided)?;
        for changes in &decided.committed {
            let platform = changes.platform.to_string();
            for entry in &changes.entries {
                tables.put_entry(entry, &platform)?;
            }
            for event in &changes.events {
                tables.events.put(event, &platform)?;
            }
            let kept = |id| !decided.finished.contains(id);
            for effect in changes.effects.iter().filter(|effect| kept(&effect.id)) {
                let leased = effect.due <= lease.due;
                let until = if leased { lease.until } else { Timestamp::from_ms(0) };
                tables.effects.ids.push(effect.id.to_string());
                tables.effects.platforms.push(platform.clone());
                tables.effects.due.push(effect.due.ms());
                tables.effects.leased_until.push(until.ms());
                tables.effects.leased_by.push(leased.then(|| node.holder.clone()));
                tables.effects.names.push(effect.kind.name());
                tables.effects.bodies.push(serde_json::to_string(effect)?);
            }
        }
        for ((account, currency, platform), signed) in &decided.added {
            tables.added.accounts.push(account.clone());
            tables.added.currencies.push(currency.clone());
            tables.added.platforms.push(platform.clone());
            tables.added.shards.push(shard_of(account, node.number));
            tables.added.signed.push(*signed);
        }
        tables.finished = decided.finished.iter().map(ToString::to_string).collect();
        Ok(tables)
    }

    fn put_rows(&mut self, decided: &Decided<'_>) -> Result<(), StoreError> {
        for (key, written) in &decided.rows {
            let row = &written.put.row;
            let (kind, id) = (key.kind().name(), key.id());
            for link in row.links() {
                self.links.kinds.push(kind);
                self.links.links.push(link);
                self.links.ids.push(id.clone());
            }
            let rows = if written.is_new { &mut self.new_rows } else { &mut self.changed_rows };
            let version = i64::try_from(written.put.expected + 1)
                .map_err(|_| StoreError::Corrupt(format!("{key:?} was written too often")))?;
            rows.kinds.push(kind);
            rows.ids.push(id);
            rows.platforms.push(written.platform.clone());
            rows.versions.push(version);
            rows.created.push(row.created().ms());
            rows.states.push(row.state());
            rows.bodies.push(serde_json::to_string(row)?);
        }
        Ok(())
    }

    fn put_entry(&mut self, entry: &JournalEntry, platform: &str) -> Result<(), StoreError> {
        let id = entry.id.to_string();
        for (line, posting) in (0_i16..).zip(&entry.postings) {
            self.lines.entries.push(id.clone());
            self.lines.lines.push(line);
            self.lines.accounts.push(posting.account.to_string());
            self.lines.currencies.push(posting.amount.currency().code().to_owned());
            self.lines.signed.push(posting.signed_minor());
        }
        self.entries.ids.push(id);
        self.entries.platforms.push(platform.to_owned());
        self.entries.at.push(entry.at.ms());
        self.entries.payments.push(entry.payment.map(|payment| payment.to_string()));
        self.entries.sources.push(entry.source.clone());
        self.entries.bodies.push(serde_json::to_string(entry)?);
        Ok(())
    }
}

impl Events {
    /// The columns in their order.
    pub(super) fn values(&self) -> Values<'_> {
        vec![&self.ids, &self.platforms, &self.kinds, &self.payments, &self.at, &self.bodies]
    }

    fn put(&mut self, event: &Event, platform: &str) -> Result<(), StoreError> {
        self.ids.push(event.id.to_string());
        self.platforms.push(platform.to_owned());
        self.kinds.push(event.kind.name());
        self.payments.push(event.payment.map(|payment| payment.to_string()));
        self.at.push(event.at.ms());
        self.bodies.push(serde_json::to_string(event)?);
        Ok(())
    }
}
