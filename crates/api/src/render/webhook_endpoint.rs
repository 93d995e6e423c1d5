//! A receiver of webhooks as a `webhook_endpoint`.

use holdfast_core::time::Timestamp;
use holdfast_core::webhook::{self, DeliveryState};

use crate::objects::{WebhookDelivery, WebhookDeliveryWord, WebhookEndpoint, WebhookEndpointWord};

use super::LIVEMODE;

/// A receiver, without its secret.
pub(crate) fn object(row: &webhook::WebhookEndpoint) -> WebhookEndpoint {
    WebhookEndpoint {
        id: row.id.to_string(),
        object: WebhookEndpointWord,
        api_version: row.api_version.clone(),
        application: (),
        created: row.created.seconds(),
        description: row.description.clone(),
        enabled_events: row.enabled_events.clone(),
        livemode: LIVEMODE,
        metadata: row.metadata.clone(),
        secret: None,
        status: if row.disabled { "disabled" } else { "enabled" },
        url: row.url.clone(),
    }
}

/// A receiver that was just registered, with the secret of its signatures.
pub(crate) fn with_secret(row: &webhook::WebhookEndpoint) -> WebhookEndpoint {
    let secret = Some(row.secret.reveal().to_owned());
    WebhookEndpoint { secret, ..object(row) }
}

/// What became of one event at one receiver.
pub(crate) fn delivery(row: &webhook::Delivery) -> WebhookDelivery {
    let next_try_at = match row.state {
        DeliveryState::Retrying { next_at, .. } => Some(next_at),
        DeliveryState::Delivered { .. } | DeliveryState::GivenUp { .. } => None,
    };
    WebhookDelivery {
        id: row.id.to_string(),
        object: WebhookDeliveryWord,
        created: row.created.seconds(),
        duration_ms: row.last_try.map(|last| last.duration_ms),
        event: row.event.to_string(),
        last_try_at: row.last_try.map(|last| last.at.seconds()),
        livemode: LIVEMODE,
        next_try_at: next_try_at.map(Timestamp::seconds),
        response_status: row.last_try.and_then(|last| last.status),
        status: row.state.name(),
        tries: row.tries,
        webhook_endpoint: row.endpoint.to_string(),
    }
}
