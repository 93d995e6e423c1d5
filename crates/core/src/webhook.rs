//! Receivers of webhooks, and what became of each delivery.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{EffectId, EventId, PlatformId, WebhookEndpointId};
use crate::secret::Secret;
use crate::time::Timestamp;

/// How many endpoints a platform may have: each event is delivered to each of them.
pub const ENDPOINTS_MAX: usize = 16;

/// All receivers of one platform, in one row: each command that makes events reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEndpoints {
    /// Whose they are.
    pub platform: PlatformId,
    /// The receivers, at most `ENDPOINTS_MAX`.
    pub endpoints: Vec<WebhookEndpoint>,
}

/// A receiver of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: WebhookEndpointId,
    /// When it was made.
    pub created: Timestamp,
    /// Where events are posted to.
    pub url: String,
    /// The key of the signature.
    pub secret: Secret,
    /// The types it wants; `*` is all of them.
    pub enabled_events: Vec<String>,
    /// What the platform wrote about it.
    pub description: Option<String>,
    /// The version in which events are rendered.
    pub api_version: Option<String>,
    /// The platform's own notes.
    pub metadata: BTreeMap<String, String>,
    /// Whether it is switched off.
    pub disabled: bool,
}

impl WebhookEndpoint {
    /// Whether it wants events of this type.
    pub fn wants(&self, event_type: &str) -> bool {
        let listed = |wanted: &String| wanted == "*" || wanted == event_type;
        !self.disabled && self.enabled_events.iter().any(listed)
    }
}

/// What became of delivering one event to one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The effect that it began with.
    pub id: EffectId,
    /// When it was first tried.
    pub created: Timestamp,
    /// The receiver.
    pub endpoint: WebhookEndpointId,
    /// The event.
    pub event: EventId,
    /// How often it was tried.
    pub tries: u32,
    /// What came of it.
    pub state: DeliveryState,
}

/// What came of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// The last try failed; there will be another.
    Retrying {
        /// The receiver's status, when it answered at all.
        status: Option<u16>,
        /// When the next try is due.
        next_at: Timestamp,
    },
    /// The receiver has it.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// The last try of the schedule failed, or the endpoint is gone.
    GivenUp {
        /// When.
        at: Timestamp,
    },
}

impl DeliveryState {
    /// The name that people and filters use.
    pub fn name(self) -> &'static str {
        match self {
            DeliveryState::Retrying { .. } => "retrying",
            DeliveryState::Delivered { .. } => "delivered",
            DeliveryState::GivenUp { .. } => "given_up",
        }
    }
}
