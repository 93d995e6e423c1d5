//! What people do: clients with idempotency keys, who ask again when they were not answered.

mod actions;
mod funds;
mod known;
mod orders;
mod payments;
mod payouts;
mod saving;
mod visit;
mod wishes;

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::command::{Command, Subject};
use holdfast_core::id::PlatformId;
use holdfast_core::key::RowKey;
use holdfast_core::refusal::Refusal;
use holdfast_core::row::Record;
use holdfast_engine::{Engine, Submission, SubmitError, Submitted, System};

use crate::history::{History, Operation};
use crate::machine::Machine;
use crate::processor::Processor;
use crate::random::Dice;
use crate::trace::Trace;

pub(crate) use actions::Action;
pub(crate) use known::Known;
pub(crate) use wishes::{seller as new_seller, webhook_endpoint as new_webhook_endpoint};

/// How often a client asks again that was not answered.
const TRIES: usize = 8;
/// How many of a thousand operations are sent twice at once, as by a double click.
const DOUBLE: u64 = 60;
/// How many of a thousand are sent once more after they were answered.
const AGAIN: u64 = 60;

/// What outlives the program: the platform's people and what they have written down.
pub(crate) struct Town {
    pub(crate) platform: PlatformId,
    pub(crate) dice: Dice,
    pub(crate) history: History,
    pub(crate) processor: Arc<Processor>,
    pub(crate) known: Known,
    pub(crate) trace: Arc<Trace>,
}

/// A client of the running program.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) engine: Engine,
    pub(crate) town: Arc<Town>,
    pub(crate) machine: Arc<Machine>,
}

/// What a client knows in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It was carried out, and is about this.
    Done(Option<RowKey>),
    /// The answer is no.
    Refused(Refusal),
    /// The client has given up asking, and does not know.
    Unknown,
}

impl Client {
    /// Asks for a command under a fresh key, until there is an answer.
    pub(crate) async fn ask(&self, subject: Subject, command: Command) -> Answer {
        let operation = self.town.history.begin(subject, command);
        self.ask_for(&operation).await
    }

    /// Asks about an object that is known.
    pub(crate) async fn ask_about(&self, key: RowKey, command: Command) -> Answer {
        self.ask(Subject::Known(key), command).await
    }

    /// Asks for an operation that was written down, perhaps by the program before this one.
    pub(crate) async fn ask_for(&self, operation: &Operation) -> Answer {
        if self.chance(DOUBLE) {
            let (client, operation) = (self.clone(), operation.clone());
            tokio::spawn(async move { client.insist(&operation).await });
        }
        let answer = self.insist(operation).await;
        let number = operation.number;
        self.town.trace.line(self.machine.now(), format_args!("k{number} {answer:?}"));
        if self.chance(AGAIN) && answer != Answer::Unknown {
            self.insist(operation).await;
        }
        answer
    }

    async fn insist(&self, operation: &Operation) -> Answer {
        let history = &self.town.history;
        for _ in 0..TRIES {
            let claim = Some(operation.claim());
            let submission = Submission::new(self.town.platform, operation.command.clone());
            match self.engine.submit(Submission { claim, ..submission }).await {
                Ok(Submitted::Committed(changes)) => {
                    return Answer::Done(history.committed(operation, &changes));
                }
                Ok(Submitted::Replayed(replay)) => {
                    return Answer::Done(history.replayed(operation, &replay));
                }
                Err(SubmitError::Refused(refusal)) => {
                    history.refused(operation, refusal);
                    return Answer::Refused(refusal);
                }
                Err(SubmitError::Store(_) | SubmitError::Busy) => self.pause(2_000).await,
                Err(SubmitError::Bug(what)) => {
                    history.violation(format!("a bug in {:?}: {what}", operation.command));
                    return Answer::Unknown;
                }
            }
        }
        Answer::Unknown
    }

    /// A row as the client sees it; nothing when the store does not answer.
    pub(crate) async fn see<R: Record>(&self, id: &R::Id) -> Option<R> {
        self.engine.find(self.town.platform, id).await.ok().flatten()
    }

    /// Waits a little, up to so many milliseconds.
    pub(crate) async fn pause(&self, most_ms: i64) {
        let ms = self.town.dice.lock().between(1, most_ms).unsigned_abs();
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }

    pub(crate) fn chance(&self, per_thousand: u64) -> bool {
        self.town.dice.lock().chance(per_thousand)
    }
}
