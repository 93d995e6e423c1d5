//! Receivers of webhooks, and what they answered.

use crate::command::{CreateWebhookEndpoint, DeliveryOutcome, RecordDelivery};
use crate::effect::{DeliverRequest, EffectKind};
use crate::id::{EventId, WebhookEndpointId};
use crate::refusal::Refusal;
use crate::view::Stop;
use crate::webhook::{
    Delivery, DeliveryState, DeliveryTry, ENDPOINTS_MAX, PreviousSecret, WebhookChange,
    WebhookCommand, WebhookEndpoint, WebhookEndpoints,
};

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
        connect: create.connect,
        previous: None,
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

/// Changes a receiver, or sends it something again.
pub(super) fn command(draft: &mut Draft<'_>, command: &WebhookCommand) -> Result<(), Stop> {
    match command {
        WebhookCommand::Change(endpoint, change) => {
            edit(draft, *endpoint, |endpoint| apply(endpoint, change))
        }
        WebhookCommand::Rotate { endpoint, secret, previous_until } => {
            edit(draft, *endpoint, |endpoint| {
                let old = std::mem::replace(&mut endpoint.secret, secret.clone());
                let previous = |until| PreviousSecret { secret: old, until };
                endpoint.previous = previous_until.map(previous);
            })
        }
        WebhookCommand::Resend { event, endpoint } => resend(draft, *event, *endpoint),
    }
}

fn edit(
    draft: &mut Draft<'_>,
    id: WebhookEndpointId,
    edit: impl FnOnce(&mut WebhookEndpoint),
) -> Result<(), Stop> {
    let mut row: WebhookEndpoints = draft.get(&draft.platform())?;
    let found = row.endpoints.iter_mut().find(|endpoint| endpoint.id == id);
    edit(found.ok_or(Refusal::NotFound)?);
    draft.put(row);
    Ok(())
}

fn apply(endpoint: &mut WebhookEndpoint, change: &WebhookChange) {
    let WebhookChange { url, enabled_events, description, metadata, disabled } = change.clone();
    endpoint.url = url.unwrap_or_else(|| endpoint.url.clone());
    endpoint.enabled_events = enabled_events.unwrap_or_else(|| endpoint.enabled_events.clone());
    endpoint.description = description.unwrap_or_else(|| endpoint.description.clone());
    endpoint.metadata = metadata.unwrap_or_else(|| endpoint.metadata.clone());
    endpoint.disabled = disabled.unwrap_or(endpoint.disabled);
}

/// The event is delivered as if it had just happened, whether or not the receiver lists its type:
/// somebody wants it there. Refuses `EndpointDisabled`.
fn resend(draft: &mut Draft<'_>, event: EventId, endpoint: WebhookEndpointId) -> Result<(), Stop> {
    let row: WebhookEndpoints = draft.get(&draft.platform())?;
    let found = row.endpoints.iter().find(|known| known.id == endpoint);
    if found.ok_or(Refusal::NotFound)?.disabled {
        return Err(Refusal::EndpointDisabled.into());
    }
    draft.deliver(endpoint, event);
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
        DeliveryOutcome::Accepted { .. } => DeliveryState::Delivered { at: draft.now },
        DeliveryOutcome::Refused { status } => try_again(draft, request, status),
        DeliveryOutcome::NoReceiver => DeliveryState::GivenUp { at: draft.now },
    };
    draft.put(Delivery {
        id: request.delivery,
        created: before.as_ref().map_or(draft.now, |delivery| delivery.created),
        endpoint: request.endpoint,
        event: request.event,
        tries: request.tries.saturating_add(1),
        state,
        last_try: last_try(draft, record),
        earlier_tries: before.iter().flat_map(Delivery::seen).copied().collect(),
    });
    Ok(())
}

fn last_try(draft: &Draft<'_>, record: &RecordDelivery) -> Option<DeliveryTry> {
    let status = match record.outcome {
        DeliveryOutcome::Accepted { status } => Some(status),
        DeliveryOutcome::Refused { status } => status,
        DeliveryOutcome::NoReceiver => return None,
    };
    Some(DeliveryTry { at: draft.now, status, duration_ms: record.duration_ms })
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
