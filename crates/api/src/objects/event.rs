//! `event`: what happened, as the log keeps it and webhooks carry it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

object_words! {
    /// `event`
    EventWord = "event";
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// `evt_...`
    pub id: String,
    /// `event`
    pub object: EventWord,
    /// The seller it is about, where it is one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The version that `data` is written in.
    pub api_version: Option<String>,
    /// When it happened.
    pub created: i64,
    /// What it happened to.
    pub data: EventData,
    /// Whether it is real money.
    pub livemode: bool,
    /// How many endpoints have not taken it yet; in a webhook, to how many it goes.
    pub pending_webhooks: i64,
    /// The request that made it happen; null if a clock or a bank did.
    pub request: Option<EventRequest>,
    /// `<object>.<what happened>`, e.g. `order.shipped`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What an event happened to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventData {
    /// The object as it was right after.
    pub object: Value,
    /// The fields that changed, as they were before; only for updates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_attributes: Option<Value>,
}

/// The request that made an event happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EventRequest {
    /// `req_...`
    pub id: Option<String>,
    /// Its idempotency key.
    pub idempotency_key: Option<String>,
}
