//! What one command changes: committed whole or not at all.

use std::sync::Arc;

use crate::effect::Effect;
use crate::event::Event;
use crate::id::{CommandId, EffectId, PlatformId};
use crate::key::Version;
use crate::ledger::{JournalEntry, Posting};
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

impl Changes {
    /// Every line of every entry, with its entry.
    pub fn postings(&self) -> impl Iterator<Item = (&JournalEntry, &Posting)> {
        self.entries.iter().flat_map(|entry| entry.postings.iter().map(move |line| (entry, line)))
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
