//! I7: every event has reached every receiver that was there.

use std::collections::BTreeMap;

use holdfast_core::id::{EventId, WebhookEndpointId};
use holdfast_core::webhook::DeliveryState;

use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    let mut ended: BTreeMap<EventId, u32> = BTreeMap::new();
    let mut received = BTreeMap::new();
    for endpoint in &evidence.endpoints {
        received.insert(endpoint.id, evidence.receivers.of(endpoint.id));
    }
    for delivery in &evidence.deliveries {
        *ended.entry(delivery.event).or_default() += 1;
        let (event, endpoint) = (delivery.event, delivery.endpoint);
        match delivery.state {
            DeliveryState::Delivered { .. } => {
                let has = has(&received, endpoint, event).unwrap_or(true);
                findings.expect(has, || format!("I7: {endpoint} never got {event}"));
            }
            // A receiver that was removed meanwhile is given up at once.
            DeliveryState::GivenUp { .. } => {
                let is_there = received.contains_key(&endpoint);
                let tries = delivery.tries;
                findings.expect(!is_there || tries > 9, || format!("I7: {event} after {tries}"));
            }
            DeliveryState::Retrying { .. } => {
                findings.expect(false, || format!("I7: {event} is still on its way"));
            }
        }
    }
    for event in &evidence.events {
        let deliveries = ended.get(&event.id).copied().unwrap_or(0);
        findings.same(&deliveries, &event.deliveries, || format!("I7: deliveries of {}", event.id));
    }
}

fn has(
    received: &BTreeMap<WebhookEndpointId, std::collections::BTreeSet<EventId>>,
    endpoint: WebhookEndpointId,
    event: EventId,
) -> Option<bool> {
    received.get(&endpoint).map(|events| events.contains(&event))
}
