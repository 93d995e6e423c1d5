//! What one command changes: committed whole or not at all.

use std::num::NonZero;
use std::sync::Arc;

use crate::effect::Effect;
use crate::event::Event;
use crate::id::{CommandId, EffectId, PlatformId};
use crate::key::{RowKey, Version};
use crate::ledger::{Account, JournalEntry, Posting};
use crate::row::Row;

/// All that one command changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Whose rows these are.
    pub platform: PlatformId,
    /// The command.
    pub command: CommandId,
    /// Rows to write.
    pub puts: Vec<Put>,
    /// Rows that were decided upon and are not written.
    pub relied: Vec<Relied>,
    /// Accounts that must have nothing left, in any currency, once the entries are posted.
    ///
    /// Postings carry no version, so that a store of many nodes cannot tell of an account what is
    /// being posted to it elsewhere. It is exact where whoever puts something in relies on a row
    /// that whoever needs the account empty writes: a seller's accounts on the seller.
    pub emptied: Vec<Account>,
    /// Balanced postings. They commute, so that shared accounts never conflict.
    pub entries: Vec<JournalEntry>,
    /// What to do outside, and when.
    pub effects: Vec<Effect>,
    /// Effects whose outcome these changes record. Each must still be there: whoever comes second
    /// with an outcome changes nothing.
    pub finished: Vec<EffectId>,
    /// What happened.
    pub events: Vec<Event>,
}

/// A row to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    /// The version that it must still have; 0 when it must not exist.
    pub expected: Version,
    /// The row, which the events of the same commit share.
    pub row: Arc<Row>,
}

/// A row that must still be as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relied {
    /// The row.
    pub key: RowKey,
    /// The version that it must still have. Nothing can rely on a row that is not there: there is
    /// nothing that a store of many nodes could lock.
    pub version: NonZero<Version>,
}

impl Changes {
    /// Every line of every entry, with its entry.
    pub fn postings(&self) -> impl Iterator<Item = (&JournalEntry, &Posting)> {
        self.entries.iter().flat_map(|entry| entry.postings.iter().map(move |line| (entry, line)))
    }

    /// Every row with the version that it must have: those to write, and those relied upon.
    pub fn versions(&self) -> impl Iterator<Item = (RowKey, Version)> {
        let written = self.puts.iter().map(|put| (put.row.key(), put.expected));
        written.chain(self.relied.iter().map(|row| (row.key.clone(), row.version.get())))
    }

    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.puts.is_empty()
            && self.entries.is_empty()
            && self.effects.is_empty()
            && self.finished.is_empty()
            && self.events.is_empty()
    }
}
