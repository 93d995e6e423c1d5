//! `webhook_endpoint`: where events are delivered.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Metadata, Null};

object_words! {
    /// `webhook_endpoint`
    WebhookEndpointWord = "webhook_endpoint";
}

/// Where events are delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WebhookEndpoint {
    /// `we_...`
    pub id: String,
    /// `webhook_endpoint`
    pub object: WebhookEndpointWord,
    /// The version events are written in; null for the account's own.
    pub api_version: Option<String>,
    /// Not used.
    pub application: Null,
    /// When it was made.
    pub created: i64,
    /// For the platform's own use.
    pub description: Option<String>,
    /// The types of events it wants; `*` for all.
    pub enabled_events: Vec<String>,
    /// Whether it is told of real money.
    pub livemode: bool,
    /// The platform's own names and texts.
    pub metadata: Metadata,
    /// `whsec_...`, only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// `enabled` or `disabled`.
    pub status: &'static str,
    /// Where it is.
    pub url: String,
}
