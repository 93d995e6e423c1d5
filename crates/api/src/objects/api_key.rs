//! `api_key`: a key of the API, as its platform sees it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

object_words! {
    /// `api_key`
    ApiKeyWord = "api_key";
}

/// A key of the API. The key itself is only in the answers that make or replace it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApiKey {
    /// `key_...`
    pub id: String,
    /// `api_key`
    pub object: ApiKeyWord,
    /// When it was made.
    pub created: i64,
    /// From when on it counts no more, if ever.
    pub expires_at: Option<i64>,
    /// `publishable`, `secret` or `restricted`.
    pub kind: &'static str,
    /// Whether it is of real money.
    pub livemode: bool,
    /// What the platform calls it.
    pub name: Option<String>,
    /// What a restricted key may do: `read` or `write`, by the name of the resource.
    pub permissions: BTreeMap<String, &'static str>,
    /// Replaced keys that still count.
    pub previous_keys: Vec<PreviousKey>,
    /// The key with its middle left out.
    pub redacted: String,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// The key. Present only when it was just made; it cannot be shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// `active`, `expired` or `revoked`.
    pub status: &'static str,
}

/// A replaced key that still counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviousKey {
    /// From when on it counts no more.
    pub expires_at: i64,
    /// The key with its middle left out.
    pub redacted: String,
}
