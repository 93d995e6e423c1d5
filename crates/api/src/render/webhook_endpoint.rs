//! A receiver of webhooks as a `webhook_endpoint`.

use holdfast_core::webhook;

use crate::objects::{WebhookEndpoint, WebhookEndpointWord};

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
