//! Receivers of webhooks, and what became of each delivery.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{EffectId, EventId, PlatformId, WebhookEndpointId};
use crate::listed::Listed;
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
    /// Whether it was made for events of connected accounts. It is told of all events all the
    /// same: sellers have no installation of their own here.
    #[serde(default)]
    pub connect: bool,
    /// The secret that was replaced, while it still counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousSecret>,
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousSecret {
    /// The key of the second signature.
    pub secret: Secret,
    /// From when on it counts no more, by the machine's clock.
    pub until: Timestamp,
}

impl WebhookEndpoint {
    /// Whether it wants events of this type.
    pub fn wants(&self, event_type: &str) -> bool {
        let listed = |wanted: &String| wanted == "*" || wanted == event_type;
        !self.disabled && self.enabled_events.iter().any(listed)
    }

    /// The secrets that a delivery at `now`, of the machine's clock, is signed with. The current
    /// one is the last: receivers that look at one signature only take that.
    pub fn secrets(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous.iter().filter(|previous| now < previous.until);
        let previous = previous.map(|previous| previous.secret.reveal());
        previous.chain([self.secret.reveal()]).collect()
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
    /// What was seen at the last try; `None` where nobody was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_try: Option<DeliveryTry>,
    /// What was seen at the tries before the last one, oldest first. The schedule bounds how many
    /// there are; rows that an older version wrote have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_tries: Vec<DeliveryTry>,
}

impl Delivery {
    /// What was seen at each try, oldest first.
    pub fn seen(&self) -> impl Iterator<Item = &DeliveryTry> {
        self.earlier_tries.iter().chain(&self.last_try)
    }
}

/// What was seen at one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryTry {
    /// When it was over.
    pub at: Timestamp,
    /// The receiver's status, when it answered at all.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
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

/// What may be asked about one receiver.
#[derive(Clone, Debug)]
pub enum WebhookCommand {
    /// Change its settings.
    Change(WebhookEndpointId, Box<WebhookChange>),
    /// Replace its secret.
    Rotate {
        /// The receiver.
        endpoint: WebhookEndpointId,
        /// The new secret.
        secret: Secret,
        /// Until when the old one also signs, by the machine's clock; not at all if `None`.
        previous_until: Option<Timestamp>,
    },
    /// Deliver an event once more.
    Resend {
        /// The event.
        event: EventId,
        /// To whom.
        endpoint: WebhookEndpointId,
    },
}

/// What changes about a receiver; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Where events are posted to.
    pub url: Option<String>,
    /// The types it wants.
    pub enabled_events: Option<Vec<String>>,
    /// What the platform wrote about it; `Some(None)` takes it away.
    pub description: Option<Option<String>>,
    /// The notes, whole.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Whether it is switched off.
    pub disabled: Option<bool>,
}

impl Listed for WebhookEndpoints {
    fn created(&self) -> Timestamp {
        // The row is as old as the platform.
        Timestamp::from_ms(0)
    }
}

impl Listed for Delivery {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn links(&self) -> Vec<String> {
        vec![self.endpoint.to_string(), self.event.to_string()]
    }

    fn state(&self) -> &'static str {
        self.state.name()
    }
}
