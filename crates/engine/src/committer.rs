//! Group commit: one writer takes all that is waiting, commits it in one durable step, answers all.

use std::collections::BTreeSet;
use std::sync::Weak;

use holdfast_core::change::Changes;
use holdfast_core::effect::Effect;
use holdfast_core::key::RowKey;
use holdfast_store::{Lease, Outcome, OwnedEffect, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::engine::{Engine, Inner};

/// How many commands wait at most. Beyond that submitters wait for a place.
const QUEUE: usize = 4_096;
/// How many commands one durable step takes. A larger group saves nothing: one sync costs the
/// same whatever its size, and a group of this size already outlasts it by far.
const GROUP_MAX: usize = 512;

/// The queue of the writer.
pub(crate) struct Committer {
    queue: mpsc::Sender<Waiting>,
}

/// Changes and who waits for their outcome.
pub(crate) struct Waiting {
    changes: Changes,
    answer: oneshot::Sender<Result<(Outcome, Changes), StoreError>>,
}

impl Committer {
    pub(crate) fn new() -> (Committer, mpsc::Receiver<Waiting>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        (Committer { queue }, waiting)
    }

    /// Commits changes together with all others that are waiting, and gives them back.
    pub(crate) async fn commit(&self, changes: Changes) -> Result<(Outcome, Changes), StoreError> {
        let (answer, outcome) = oneshot::channel();
        let gone = || StoreError::Unavailable("the engine has stopped".to_owned());
        self.queue.send(Waiting { changes, answer }).await.map_err(|_| gone())?;
        outcome.await.map_err(|_| gone())?
    }
}

/// The writer, until the engine is dropped. A lone command is not delayed to fill a group: the
/// group is what has come while the one before was being synced.
pub(crate) async fn run(engine: Weak<Inner>, mut queue: mpsc::Receiver<Waiting>) {
    let mut group = Vec::new();
    while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
        let Some(inner) = engine.upgrade() else { return };
        commit_group(&Engine { inner }, std::mem::take(&mut group)).await;
    }
}

async fn commit_group(engine: &Engine, group: Vec<Waiting>) {
    let lease = engine.inner.lease();
    let batch = group.iter().map(|waiting| waiting.changes.clone()).collect();
    match engine.inner.store.commit(batch, lease).await {
        Ok(outcomes) => {
            for (waiting, outcome) in group.into_iter().zip(outcomes) {
                if outcome == Outcome::Committed {
                    follow_up(engine, &waiting.changes, lease);
                }
                // A submitter that went away does not need to know.
                let _ = waiting.answer.send(Ok((outcome, waiting.changes)));
            }
        }
        Err(error) => {
            tracing::error!(%error, commands = group.len(), "a commit failed");
            for waiting in group {
                // It may have been committed all the same, so those who wait for it look.
                wake(engine, &waiting.changes);
                let _ = waiting.answer.send(Err(error.clone()));
            }
        }
    }
}

/// Performs what is due at once - the store has leased it to us - and wakes those who wait.
fn follow_up(engine: &Engine, changes: &Changes, lease: Lease) {
    let inner = &engine.inner;
    let due = changes.effects.iter().filter(|effect| effect.due <= lease.due);
    for effect in due {
        let effect: Effect = effect.clone();
        let (platform, leased_until) = (changes.platform, lease.until);
        let owned = OwnedEffect { platform, effect, leased_until, was_leased: false };
        inner.runner.hand_over(owned);
    }
    wake(engine, changes);
}

fn wake(engine: &Engine, changes: &Changes) {
    let inner = &engine.inner;
    let keys: BTreeSet<RowKey> = changes.puts.iter().map(|put| put.row.key()).collect();
    if keys.iter().any(|key| matches!(key, RowKey::TestClock(_))) {
        inner.clock_sent.notify_one();
    }
    inner.waiters.wake(keys);
}
