//! Who a node is to the others: its keys and its addresses.

use holdfast_core::id::PlatformId;
use serde::{Deserialize, Serialize};

/// Whose node this is, and what it proves that by.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) platform: PlatformId,
    pub(crate) secret_key: String,
    pub(crate) publishable_key: String,
    pub(crate) receipt_key: String,
    /// The key of the sandbox network.
    pub(crate) network_key: String,
    /// What the sandbox network's notices are signed with.
    pub(crate) notify_secret: String,
}

/// The addresses, without a path.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Origins {
    pub(crate) shop: String,
    pub(crate) api: String,
    pub(crate) pay: String,
    pub(crate) console: String,
    pub(crate) sandbox: String,
    pub(crate) card: String,
}
