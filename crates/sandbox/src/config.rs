//! What the sandbox is told when it starts.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The sandbox's configuration. Origins are without a slash at the end.
#[derive(Clone, Serialize, Deserialize)]
pub struct SandboxConfig {
    /// The origin that the sandbox is reached at, such as `http://127.0.0.1:4004`.
    pub origin: String,
    /// The ledger file; created when it does not exist.
    pub ledger: PathBuf,
    /// The bearer key of the network's callers.
    pub network_key: String,
    /// Where notices go.
    pub notify_url: String,
    /// What notices are signed with.
    pub notify_secret: String,
    /// The origin of Holdfast's API, for the form that moves the clock.
    pub api_url: String,
    /// A secret test key of that API.
    pub api_key: String,
    /// The example shop, for a link.
    pub shop_origin: String,
    /// The console, for a link.
    pub console_origin: String,
}
