//! The runner: performs effects as they come, and finds those that nobody performs.

use std::sync::Weak;
use std::time::Duration;

use holdfast_store::OwnedEffect;
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use crate::engine::{Engine, Inner};
use crate::lanes::Lanes;
use crate::perform::perform;

/// How often effects are looked for that are due and that nobody has: timers, and what a process
/// that is gone has left. The precision of every clock of the platform.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How many effects one look takes.
const CLAIM_MAX: usize = 256;

/// The way to hand effects to the runner.
pub(crate) struct Runner {
    work: mpsc::UnboundedSender<Work>,
    stopping: watch::Sender<bool>,
    pub(crate) lanes: Lanes,
}

/// What the runner waits for.
pub(crate) struct Inbox {
    work: mpsc::UnboundedReceiver<Work>,
    stopping: watch::Receiver<bool>,
}

enum Work {
    /// An effect that is leased to us.
    Perform(Box<OwnedEffect>),
    /// Look for what is due, from now on every so often.
    Look,
}

impl Runner {
    pub(crate) fn new() -> (Runner, Inbox) {
        // Unbounded, because what is in it is on disk and was admitted by a bounded queue.
        let (work, todo) = mpsc::unbounded_channel();
        let (stopping, stop) = watch::channel(false);
        let runner = Runner { work, stopping, lanes: Lanes::default() };
        (runner, Inbox { work: todo, stopping: stop })
    }

    /// Performs an effect that is leased to us.
    pub(crate) fn hand_over(&self, effect: OwnedEffect) {
        // After the runner has stopped the effect stays on disk for the next start.
        let _ = self.work.send(Work::Perform(Box::new(effect)));
    }

    /// Looks for what is due, now and from now on.
    pub(crate) fn look(&self) {
        let _ = self.work.send(Work::Look);
    }

    /// Takes nothing more, and waits for what is under way.
    pub(crate) async fn stop(&self, patience: Duration) {
        self.stopping.send_replace(true);
        let _ = tokio::time::timeout(patience, self.lanes.drained()).await;
    }
}

/// Runs until the engine is stopped or dropped.
pub(crate) async fn run(engine: Weak<Inner>, mut inbox: Inbox) {
    let mut ticks = tokio::time::interval(LOOK_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Before the clock is right, nobody can say what is due.
    let mut looks = false;
    loop {
        let work = tokio::select! {
            biased;
            _ = inbox.stopping.changed() => return,
            work = inbox.work.recv() => work,
            _ = ticks.tick(), if looks => Some(Work::Look),
        };
        // Between two pieces of work nothing here keeps a dropped engine alive.
        let (Some(work), Some(inner)) = (work, engine.upgrade()) else { return };
        let engine = Engine { inner };
        match work {
            Work::Perform(effect) => start(&engine, *effect),
            Work::Look => {
                looks = true;
                claim(&engine).await;
            }
        }
    }
}

/// Takes what is due and free. What a busy lane cannot take at once waits in it, and what a full
/// one cannot take waits on disk.
async fn claim(engine: &Engine) {
    while engine.inner.performs() && !engine.is_full() {
        let claimed = engine.inner.store.claim(engine.inner.lease(), CLAIM_MAX).await;
        let effects = match claimed {
            Ok(effects) => effects,
            Err(error) => {
                tracing::error!(%error, "due effects could not be looked for");
                return;
            }
        };
        let count = effects.len();
        for effect in effects {
            start(engine, effect);
        }
        if count < CLAIM_MAX {
            return;
        }
    }
}

fn start(engine: &Engine, mut effect: OwnedEffect) {
    let lanes = &engine.inner.runner.lanes;
    let Some(place) = lanes.enter(&effect.effect, effect.leased_until) else { return };
    let engine = engine.clone();
    tokio::spawn(async move {
        let turn = place.turn().await;
        if let Some(held) = turn.leased_until().filter(|held| *held != effect.leased_until) {
            // It was leased again while it waited; somebody else may have had it in between.
            effect = OwnedEffect { leased_until: held, was_leased: true, ..effect };
        }
        if is_ours(&engine, &effect).await {
            perform(&engine, &effect).await;
        }
        drop(turn);
    });
}

/// Whether an effect is still leased to us. It may have waited for its turn for long, or this
/// whole process may have been frozen: then another one may be at it, or done with it.
async fn is_ours(engine: &Engine, owned: &OwnedEffect) -> bool {
    if !engine.inner.performs() {
        return false;
    }
    let lease = engine.inner.lease();
    if owned.leased_until.since(lease.now) >= engine.inner.left_min() {
        return true;
    }
    let id = owned.effect.id;
    match engine.inner.store.renew(id, owned.leased_until, lease).await {
        Ok(ours) => ours,
        Err(error) => {
            // It is found again once its lease is over.
            tracing::error!(%error, effect = %id, "a lease could not be renewed");
            false
        }
    }
}
