//! The queues that effects wait in, each with its own number of places, so that one kind of
//! slowness delays nobody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_core::effect::{Effect, EffectKind, Lane};
use holdfast_core::id::{EffectId, WebhookEndpointId};
use holdfast_core::time::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many calls of the processor are under way at once: more than a processor likes.
const PROCESSOR_CALLS: usize = 256;
/// How many timers ring at once. They only commit, which is done in groups.
const TIMERS: usize = 256;
/// How many reports are made at once: each reads the journal as fast as the store gives it.
const REPORTS: usize = 2;
/// How many effects of the other kinds wait in memory, or are under way. With a processor that
/// takes its ten seconds this is more than two minutes of work: the rest waits on disk, and who
/// wants more is asked to come again.
const WAITING: usize = 4_096;
/// How many deliveries one receiver gets at once, so that a slow one delays nobody else.
const DELIVERIES_PER_RECEIVER: usize = 8;
/// How many deliveries wait in memory for one receiver. The rest waits on disk: one that is down
/// for days must not fill the memory with what it cannot take.
const WAITING_PER_RECEIVER: usize = 1_000;

/// The queues.
pub(crate) struct Lanes {
    processor: Arc<Semaphore>,
    timers: Arc<Semaphore>,
    reports: Arc<Semaphore>,
    taken: Arc<Mutex<Taken>>,
}

/// What is in the queues or under way. The store leases an effect again when it waits for longer
/// than its lease; it is then still performed once.
#[derive(Default)]
struct Taken {
    /// Each effect, and until when it is leased as far as we know.
    effects: HashMap<EffectId, Timestamp>,
    receivers: HashMap<WebhookEndpointId, Receiver>,
}

struct Receiver {
    places: Arc<Semaphore>,
    /// How many deliveries are in its queue or under way.
    deliveries: usize,
}

/// An effect's place in its queue. It is given back when this is dropped.
pub(crate) struct Place {
    taken: Arc<Mutex<Taken>>,
    effect: EffectId,
    receiver: Option<WebhookEndpointId>,
    lane: Arc<Semaphore>,
}

/// It is the effect's turn, until this is dropped.
pub(crate) struct Turn {
    place: Place,
    /// Nothing is ever closed, so this is always there.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes {
            processor: Arc::new(Semaphore::new(PROCESSOR_CALLS)),
            timers: Arc::new(Semaphore::new(TIMERS)),
            reports: Arc::new(Semaphore::new(REPORTS)),
            taken: Arc::default(),
        }
    }
}

impl Lanes {
    /// Queues an effect. Nothing when it is queued or under way already, or when its queue is full:
    /// it is found again once its lease is over.
    pub(crate) fn enter(&self, effect: &Effect, leased_until: Timestamp) -> Option<Place> {
        let mut taken = lock(&self.taken);
        if let Some(known) = taken.effects.get_mut(&effect.id) {
            // It waited for longer than its lease, and the new one is ours as well.
            *known = leased_until;
            return None;
        }
        let (lane, receiver) = if let EffectKind::Deliver(request) = &effect.kind {
            (taken.deliver_to(request.endpoint)?, Some(request.endpoint))
        } else if taken.is_full() {
            return None;
        } else {
            (self.of(effect.kind.lane()), None)
        };
        taken.effects.insert(effect.id, leased_until);
        drop(taken);
        Some(Place { taken: Arc::clone(&self.taken), effect: effect.id, receiver, lane })
    }

    fn of(&self, lane: Lane) -> Arc<Semaphore> {
        match lane {
            Lane::Processor | Lane::Webhook => Arc::clone(&self.processor),
            Lane::Report => Arc::clone(&self.reports),
            Lane::Internal => Arc::clone(&self.timers),
        }
    }

    /// Whether anything but deliveries is queued or under way.
    pub(crate) fn is_busy(&self) -> bool {
        lock(&self.taken).others() > 0
    }

    /// Whether nothing but deliveries can be queued any more.
    pub(crate) fn is_full(&self) -> bool {
        lock(&self.taken).is_full()
    }

    /// Waits until no processor is being called and no timer rings. Deliveries are repeated by
    /// the next start, which receivers have to bear anyway.
    pub(crate) async fn drained(&self) {
        let calls = u32::try_from(PROCESSOR_CALLS).unwrap_or(u32::MAX);
        let timers = u32::try_from(TIMERS).unwrap_or(u32::MAX);
        let _calls = self.processor.acquire_many(calls).await;
        let _timers = self.timers.acquire_many(timers).await;
    }
}

impl Taken {
    /// How many there are beside deliveries.
    fn others(&self) -> usize {
        let deliveries: usize = self.receivers.values().map(|receiver| receiver.deliveries).sum();
        self.effects.len().saturating_sub(deliveries)
    }

    fn is_full(&self) -> bool {
        self.others() >= WAITING
    }

    fn deliver_to(&mut self, endpoint: WebhookEndpointId) -> Option<Arc<Semaphore>> {
        let receiver = self.receivers.entry(endpoint).or_insert_with(|| Receiver {
            places: Arc::new(Semaphore::new(DELIVERIES_PER_RECEIVER)),
            deliveries: 0,
        });
        if receiver.deliveries >= WAITING_PER_RECEIVER {
            return None;
        }
        receiver.deliveries += 1;
        Some(Arc::clone(&receiver.places))
    }
}

impl Place {
    /// Waits until it is the effect's turn.
    pub(crate) async fn turn(self) -> Turn {
        let permit = Arc::clone(&self.lane).acquire_owned().await.ok();
        Turn { place: self, _permit: permit }
    }
}

impl Turn {
    /// Until when the effect is leased to this process.
    pub(crate) fn leased_until(&self) -> Option<Timestamp> {
        let place = &self.place;
        lock(&place.taken).effects.get(&place.effect).copied()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        taken.effects.remove(&self.effect);
        let Some(endpoint) = self.receiver else { return };
        if let Some(receiver) = taken.receivers.get_mut(&endpoint) {
            receiver.deliveries -= 1;
            if receiver.deliveries == 0 {
                taken.receivers.remove(&endpoint);
            }
        }
    }
}

fn lock(taken: &Mutex<Taken>) -> MutexGuard<'_, Taken> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use holdfast_core::effect::{DeliverRequest, Timer};
    use holdfast_core::id::Id;

    use super::*;

    const UNTIL: Timestamp = Timestamp::from_ms(60_000);

    fn id<I: Id>(number: usize) -> I {
        I::from_number(u128::try_from(number).unwrap_or_default())
    }

    fn effect(number: usize, kind: EffectKind) -> Effect {
        Effect { id: id(number), due: Timestamp::from_ms(0), kind, origin: None }
    }

    fn delivery(number: usize, endpoint: usize) -> Effect {
        let (delivery, endpoint, event) = (id(number), id(endpoint), id(1));
        let request = DeliverRequest { delivery, endpoint, event, tries: 0 };
        effect(number, EffectKind::Deliver(request))
    }

    #[test]
    fn an_effect_is_queued_once_at_a_time() {
        let lanes = Lanes::default();
        let timer = effect(1, EffectKind::Timer(Timer::ShipBy(id(1))));
        let place = lanes.enter(&timer, UNTIL);
        assert!(place.is_some() && lanes.enter(&timer, UNTIL).is_none() && lanes.is_busy());
        drop(place);
        assert!(!lanes.is_busy() && lanes.enter(&timer, UNTIL).is_some());
    }

    #[test]
    fn what_a_slow_processor_has_not_done_stays_on_disk() {
        let lanes = Lanes::default();
        let timer = |number| effect(number, EffectKind::Timer(Timer::ShipBy(id(1))));
        let mut places: Vec<_> =
            (0..=WAITING).map(|number| lanes.enter(&timer(number), UNTIL)).collect();
        assert!(places.pop().is_some_and(|last| last.is_none()) && lanes.is_full());
        let another = WAITING + 1;
        assert!(lanes.enter(&delivery(another, 1), UNTIL).is_some(), "receivers have their own");
        places.pop();
        assert!(!lanes.is_full() && lanes.enter(&timer(another), UNTIL).is_some());
    }

    #[test]
    fn the_backlog_of_a_receiver_stays_on_disk() {
        let lanes = Lanes::default();
        let mut places: Vec<_> = (0..=WAITING_PER_RECEIVER)
            .map(|number| lanes.enter(&delivery(number, 1), UNTIL))
            .collect();
        assert!(places.pop().is_some_and(|last| last.is_none()));
        assert!(places.iter().all(Option::is_some) && !lanes.is_busy());
        let another = WAITING_PER_RECEIVER + 1;
        assert!(
            lanes.enter(&delivery(another, 2), UNTIL).is_some(),
            "another receiver has its own"
        );
        places.pop();
        assert!(lanes.enter(&delivery(another, 1), UNTIL).is_some());
        places.clear();
        assert!(lock(&lanes.taken).receivers.is_empty());
    }
}
