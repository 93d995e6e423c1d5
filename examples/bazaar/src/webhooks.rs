//! What Holdfast reports: `POST /webhooks`, and the last events for the developer page.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

use crate::shop::Shop;
use crate::signature;

/// The last events, in memory only: what matters is read from the API when it is needed.
#[derive(Default)]
pub(crate) struct EventLog(Mutex<VecDeque<Event>>);

/// One event as it was reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) kind: String,
    /// The id of the object that it is about.
    pub(crate) object: String,
    /// Unix seconds of the first delivery.
    pub(crate) received_s: u64,
    /// How often it came. Every event may come more than once.
    pub(crate) deliveries: u32,
}

/// Events kept. A developer who tries out a purchase sees about ten.
const EVENTS_MAX: usize = 100;

/// The largest body that is read; an event with its object takes a few KiB.
pub(crate) const EVENT_BYTES_MAX: usize = 256 * 1024;

/// Longest id or type that is kept.
const NAME_CHARS_MAX: usize = 120;

const SIGNATURE_HEADER: &str = "stripe-signature";

#[derive(Deserialize)]
struct WireEvent {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: WireData,
}

#[derive(Deserialize)]
struct WireData {
    object: WireObject,
}

#[derive(Deserialize)]
struct WireObject {
    #[serde(default)]
    id: String,
}

/// Believes the event only with a signature over exactly these bytes. 200 tells the sender to stop
/// sending it, so it comes last.
pub(crate) async fn receive(
    State(shop): State<Arc<Shop>>,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, &'static str) {
    let header = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let now_s = unix_now_s();
    let secret = &shop.config.webhook_secret;
    if let Err(error) = signature::verify(header.unwrap_or_default(), &body, secret, now_s) {
        tracing::warn!(?error, "a webhook was refused");
        return (StatusCode::BAD_REQUEST, "Stripe-Signature: not right for this body\n");
    }
    let Ok(event) = serde_json::from_slice::<WireEvent>(&body) else {
        return (StatusCode::BAD_REQUEST, "body: not an event\n");
    };
    tracing::info!(event = short(&event.id), kind = short(&event.kind), "a webhook came");
    shop.events.note(&event, now_s);
    (StatusCode::OK, "noted\n")
}

impl EventLog {
    /// The events, the latest first.
    pub(crate) fn latest(&self) -> Vec<Event> {
        let events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter().cloned().collect()
    }

    fn note(&self, event: &WireEvent, received_s: u64) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = short(&event.id);
        if let Some(known) = events.iter_mut().find(|known| known.id == id) {
            known.deliveries = known.deliveries.saturating_add(1);
            return;
        }
        let (kind, object) = (short(&event.kind), short(&event.data.object.id));
        events.push_front(Event { id, kind, object, received_s, deliveries: 1 });
        events.truncate(EVENTS_MAX);
    }
}

fn short(text: &str) -> String {
    text.chars().take(NAME_CHARS_MAX).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the shop has no engine whose clock it could ask; signatures carry the real time"
)]
fn unix_now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_last_events_are_kept_once_each() {
        let log = EventLog::default();
        let event = |number: usize| WireEvent {
            id: format!("evt_{number}"),
            kind: "order.created".to_owned(),
            data: WireData { object: WireObject { id: format!("ord_{number}") } },
        };
        for number in 0..EVENTS_MAX + 5 {
            log.note(&event(number), 1);
        }
        log.note(&event(EVENTS_MAX), 2);
        let events = log.latest();
        assert_eq!(events.len(), EVENTS_MAX);
        assert_eq!(events[0].id, "evt_104");
        assert_eq!(events[99].id, "evt_5");
        assert_eq!((events[4].deliveries, events[4].received_s), (2, 1));
    }
}
