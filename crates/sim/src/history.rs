//! What clients asked and were told: the other half of the truth, kept outside the program.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use holdfast_core::change::Changes;
use holdfast_core::command::{Claim, Command, Subject};
use holdfast_core::event::Event;
use holdfast_core::key::{RowKey, Version};
use holdfast_core::ledger::JournalEntry;
use holdfast_core::refusal::Refusal;
use holdfast_core::replay::Replay;

/// A wish of a client, under the idempotency key that it chose before it asked.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) number: u64,
    pub(crate) subject: Subject,
    pub(crate) command: Command,
}

impl Operation {
    /// The claim to its key.
    pub(crate) fn claim(&self) -> Claim {
        let (key, fingerprint) = (self.key(), format!("f{}", self.number));
        Claim { key, fingerprint, subject: self.subject.clone() }
    }

    fn key(&self) -> String {
        format!("k{}", self.number)
    }
}

/// What a client was told to be durable.
#[derive(Debug)]
pub(crate) struct Acknowledged {
    pub(crate) operation: u64,
    pub(crate) rows: Vec<(RowKey, Version)>,
    pub(crate) entries: Vec<JournalEntry>,
    pub(crate) events: Vec<Event>,
}

/// All that was asked and told.
#[derive(Default)]
pub(crate) struct History {
    told: Mutex<Told>,
}

#[derive(Default)]
pub(crate) struct Told {
    operations: u64,
    /// Asked, and not answered yet: by their number.
    pub(crate) pending: BTreeMap<u64, Operation>,
    pub(crate) acknowledged: Vec<Acknowledged>,
    /// What each answered operation was said to be about.
    pub(crate) subjects: BTreeMap<u64, Option<RowKey>>,
    /// How often each refusal was told, by its code.
    pub(crate) refused: BTreeMap<&'static str, u64>,
    pub(crate) violations: Vec<String>,
}

impl History {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A client writes down what it is about to ask.
    pub(crate) fn begin(&self, subject: Subject, command: Command) -> Operation {
        let mut told = self.lock();
        told.operations += 1;
        let operation = Operation { number: told.operations, subject, command };
        told.pending.insert(operation.number, operation.clone());
        operation
    }

    /// It was carried out just now.
    pub(crate) fn committed(&self, operation: &Operation, changes: &Changes) -> Option<RowKey> {
        let subject = subject(operation, changes);
        let mut told = self.lock();
        let rows = changes.puts.iter().map(|put| (put.row.key(), put.expected + 1)).collect();
        told.acknowledged.push(Acknowledged {
            operation: operation.number,
            rows,
            entries: changes.entries.clone(),
            events: changes.events.clone(),
        });
        told.close(operation, &subject);
        subject
    }

    /// It was carried out before.
    pub(crate) fn replayed(&self, operation: &Operation, replay: &Replay) -> Option<RowKey> {
        let mut told = self.lock();
        let (key, claim) = (operation.key(), operation.claim());
        if replay.key != key || replay.fingerprint != claim.fingerprint {
            told.violations.push(format!("I6: {key} was answered with {}", replay.key));
        }
        told.close(operation, &replay.subject);
        replay.subject.clone()
    }

    /// It was refused.
    pub(crate) fn refused(&self, operation: &Operation, refusal: Refusal) {
        let mut told = self.lock();
        if told.subjects.contains_key(&operation.number) {
            let key = operation.key();
            told.violations.push(format!("I6: {key} was carried out and refused"));
        }
        *told.refused.entry(refusal.code()).or_default() += 1;
        told.pending.remove(&operation.number);
    }

    pub(crate) fn violation(&self, what: String) {
        self.lock().violations.push(what);
    }
}

impl Told {
    fn close(&mut self, operation: &Operation, subject: &Option<RowKey>) {
        self.pending.remove(&operation.number);
        let before = self.subjects.insert(operation.number, subject.clone());
        if before.as_ref().is_some_and(|before| before != subject) {
            let key = operation.key();
            self.violations.push(format!("I6: {key} was about {before:?}, then {subject:?}"));
        }
    }
}

/// What a command's reply is about: what it names, or what it makes.
fn subject(operation: &Operation, changes: &Changes) -> Option<RowKey> {
    match &operation.subject {
        Subject::Known(key) => Some(key.clone()),
        Subject::Made(kind) => {
            let made = changes.puts.iter().filter(|put| put.expected == 0);
            made.map(|put| put.row.key()).find(|key| key.kind() == *kind)
        }
    }
}
