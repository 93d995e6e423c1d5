//! `webhook_delivery`: what became of one event at one receiver.

use schemars::JsonSchema;
use serde::Serialize;

object_words! {
    /// `webhook_delivery`
    WebhookDeliveryWord = "webhook_delivery";
}

/// What became of one event at one receiver. It is there from the first try on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WebhookDelivery {
    /// `eff_...`
    pub id: String,
    /// `webhook_delivery`
    pub object: WebhookDeliveryWord,
    /// When it was first tried.
    pub created: i64,
    /// How long the last try took, in milliseconds.
    pub duration_ms: Option<u32>,
    /// The event.
    pub event: String,
    /// When it was last tried; null where nobody was there to be asked.
    pub last_try_at: Option<i64>,
    /// Whether it is about real money.
    pub livemode: bool,
    /// When it will be tried again; null when it is over.
    pub next_try_at: Option<i64>,
    /// The receiver's status at the last try; null when it did not answer.
    pub response_status: Option<u16>,
    /// `retrying`, `delivered` or `given_up`.
    pub status: &'static str,
    /// How often it was tried.
    pub tries: u32,
    /// The receiver.
    pub webhook_endpoint: String,
}
