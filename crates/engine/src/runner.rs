//! The runner: performs effects as they come, and finds those that nobody performs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use holdfast_core::effect::{EffectKind, Lane};
use holdfast_core::id::WebhookEndpointId;
use holdfast_store::OwnedEffect;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::engine::Engine;
use crate::perform::perform;

/// How many calls of the processor are under way at once: more than a processor likes.
const PROCESSOR_CALLS: usize = 256;
/// How many deliveries one receiver gets at once, so that a slow one delays nobody else.
const DELIVERIES_PER_RECEIVER: usize = 8;
/// How many timers ring at once. They only commit, which is done in groups.
const TIMERS: usize = 256;
/// How often effects are looked for that are due and that nobody has: timers, and what a process
/// that is gone has left. The precision of every clock of the platform.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How many effects one look takes.
const CLAIM_MAX: usize = 256;

/// The way to hand effects to the runner.
pub(crate) struct Runner {
    work: mpsc::UnboundedSender<OwnedEffect>,
    stopping: watch::Sender<bool>,
    lanes: Lanes,
}

impl Runner {
    pub(crate) fn new() -> (Runner, mpsc::UnboundedReceiver<OwnedEffect>) {
        // Unbounded, because what is in it is on disk and was admitted by a bounded queue.
        let (work, todo) = mpsc::unbounded_channel();
        let (stopping, _) = watch::channel(false);
        (Runner { work, stopping, lanes: Lanes::default() }, todo)
    }

    /// Performs an effect that is leased to us.
    pub(crate) fn hand_over(&self, effect: OwnedEffect) {
        // After the runner has stopped the effect stays on disk for the next start.
        let _ = self.work.send(effect);
    }

    /// Takes nothing more, and waits for what is under way.
    pub(crate) async fn stop(&self, patience: Duration) {
        self.stopping.send_replace(true);
        let _ = tokio::time::timeout(patience, self.lanes.drained()).await;
    }
}

/// The queues, each with its own number of places.
struct Lanes {
    processor: Arc<Semaphore>,
    timers: Arc<Semaphore>,
    receivers: Mutex<HashMap<WebhookEndpointId, Arc<Semaphore>>>,
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes {
            processor: Arc::new(Semaphore::new(PROCESSOR_CALLS)),
            timers: Arc::new(Semaphore::new(TIMERS)),
            receivers: Mutex::new(HashMap::new()),
        }
    }
}

impl Lanes {
    fn of(&self, kind: &EffectKind) -> Arc<Semaphore> {
        if let EffectKind::Deliver(request) = kind {
            let mut receivers = self.receivers.lock().unwrap_or_else(PoisonError::into_inner);
            let places = receivers.entry(request.endpoint);
            let new = || Arc::new(Semaphore::new(DELIVERIES_PER_RECEIVER));
            return Arc::clone(places.or_insert_with(new));
        }
        match kind.lane() {
            Lane::Processor | Lane::Webhook => Arc::clone(&self.processor),
            Lane::Internal => Arc::clone(&self.timers),
        }
    }

    /// Waits until no processor is being called and no timer rings. Deliveries are repeated by
    /// the next start, which receivers have to bear anyway.
    async fn drained(&self) {
        let calls = u32::try_from(PROCESSOR_CALLS).unwrap_or(u32::MAX);
        let timers = u32::try_from(TIMERS).unwrap_or(u32::MAX);
        let _calls = self.processor.acquire_many(calls).await;
        let _timers = self.timers.acquire_many(timers).await;
    }
}

/// Runs until the engine is stopped.
pub(crate) async fn run(engine: Engine, mut work: mpsc::UnboundedReceiver<OwnedEffect>) {
    let mut stopping = engine.inner.runner.stopping.subscribe();
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            _ = stopping.changed() => return,
            effect = work.recv() => match effect {
                Some(effect) => start(&engine, effect),
                None => return,
            },
            _ = look.tick() => claim(&engine).await,
        }
    }
}

/// Takes what is due and free. What a full lane cannot take at once waits in it.
async fn claim(engine: &Engine) {
    loop {
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

fn start(engine: &Engine, effect: OwnedEffect) {
    let lane = engine.inner.runner.lanes.of(&effect.effect.kind);
    let engine = engine.clone();
    tokio::spawn(async move {
        let Ok(place): Result<OwnedSemaphorePermit, _> = lane.acquire_owned().await else { return };
        perform(&engine, &effect).await;
        drop(place);
    });
}
