//! Receivers of webhooks, and what they answered.

use crate::command::{CreateWebhookEndpoint, DeliveryOutcome, RecordDelivery};
use crate::effect::{DeliverRequest, EffectKind};
use crate::id::WebhookEndpointId;
use crate::refusal::Refusal;
use crate::view::Stop;
use crate::webhook::{Delivery, DeliveryState, ENDPOINTS_MAX, WebhookEndpoint, WebhookEndpoints};

use super::draft::Draft;

/// Registers a receiver. Refuses `TooManyEndpoints`.
pub(super) fn create(draft: &mut Draft<'_>, create: &CreateWebhookEndpoint) -> Result<(), Stop> {
    let platform = draft.platform();
    let none = WebhookEndpoints { platform, endpoints: Vec::new() };
    let mut row: WebhookEndpoints = draft.find(&platform)?.unwrap_or(none);
    if row.endpoints.len() >= ENDPOINTS_MAX {
        return Err(Refusal::TooManyEndpoints.into());
    }
    row.endpoints.push(WebhookEndpoint {
        id: draft.id(),
        created: draft.now,
        url: create.url.clone(),
        secret: create.secret.clone(),
        enabled_events: create.enabled_events.clone(),
        description: create.description.clone(),
        api_version: create.api_version.clone(),
        metadata: create.metadata.clone(),
        disabled: false,
    });
    draft.put(row);
    Ok(())
}

/// Removes a receiver. Deliveries under way find nobody and end.
pub(super) fn delete(draft: &mut Draft<'_>, id: WebhookEndpointId) -> Result<(), Stop> {
    let mut row: WebhookEndpoints = draft.get(&draft.platform())?;
    let before = row.endpoints.len();
    row.endpoints.retain(|endpoint| endpoint.id != id);
    if row.endpoints.len() == before {
        return Err(Refusal::NotFound.into());
    }
    draft.put(row);
    Ok(())
}

/// Records what a receiver answered, and sets the next try when it did not accept. Repeating an
/// answer changes nothing.
pub(super) fn record(draft: &mut Draft<'_>, record: &RecordDelivery) -> Result<(), Stop> {
    let request = &record.request;
    let before: Option<Delivery> = draft.find(&request.delivery)?;
    if before.as_ref().is_some_and(|delivery| delivery.tries > request.tries) {
        return Ok(());
    }
    let state = match record.outcome {
        DeliveryOutcome::Accepted => DeliveryState::Delivered { at: draft.now },
        DeliveryOutcome::Refused { status } => try_again(draft, request, status),
        DeliveryOutcome::NoReceiver => DeliveryState::GivenUp { at: draft.now },
    };
    draft.put(Delivery {
        id: request.delivery,
        created: before.map_or(draft.now, |delivery| delivery.created),
        endpoint: request.endpoint,
        event: request.event,
        tries: request.tries.saturating_add(1),
        state,
    });
    Ok(())
}

fn try_again(
    draft: &mut Draft<'_>,
    request: &DeliverRequest,
    status: Option<u16>,
) -> DeliveryState {
    let tries = usize::try_from(request.tries).unwrap_or(usize::MAX);
    let Some(wait) = draft.rules().webhook_waits.get(tries) else {
        return DeliveryState::GivenUp { at: draft.now };
    };
    let next_at = draft.now.after(*wait);
    let next = DeliverRequest { tries: request.tries.saturating_add(1), ..request.clone() };
    draft.effect_at(next_at, EffectKind::Deliver(next));
    DeliveryState::Retrying { status, next_at }
}
