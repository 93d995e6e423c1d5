//! The receivers of webhooks: which events each of them has, however often it was sent them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use holdfast_core::event::Event;
use holdfast_core::id::{EventId, WebhookEndpointId};
use holdfast_core::row::Row;

/// What the receivers have.
#[derive(Default)]
pub(crate) struct Receivers {
    received: Mutex<BTreeMap<WebhookEndpointId, BTreeMap<EventId, Arc<Row>>>>,
}

impl Receivers {
    /// A receiver takes an event. What it says of one id is always the same.
    pub(crate) fn receive(&self, endpoint: WebhookEndpointId, event: &Event) {
        let mut received = self.lock();
        let events = received.entry(endpoint).or_default();
        let before = events.insert(event.id, Arc::clone(&event.object));
        assert!(before.is_none_or(|before| before == event.object), "an event has changed");
    }

    /// The events that a receiver has.
    pub(crate) fn of(&self, endpoint: WebhookEndpointId) -> BTreeSet<EventId> {
        let received = self.lock();
        received.get(&endpoint).map(|events| events.keys().copied().collect()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<WebhookEndpointId, BTreeMap<EventId, Arc<Row>>>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
