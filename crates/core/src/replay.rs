//! The reply to an idempotent request, kept so that the same request is answered the same.

use serde::{Deserialize, Serialize};

use crate::key::RowKey;
use crate::listed::Listed;
use crate::time::Timestamp;

/// What is kept of an idempotent request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The client's key, within its scope.
    pub key: String,
    /// When the request was first carried out.
    pub created: Timestamp,
    /// A digest of the request: another one under the same key is a mistake of the client.
    pub fingerprint: String,
    /// The object that the request was about, from which a reply lost in a crash is made again.
    pub subject: Option<RowKey>,
    /// The reply, once it was given.
    pub reply: Option<Reply>,
}

/// A reply as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: String,
}

impl Listed for Replay {
    fn created(&self) -> Timestamp {
        self.created
    }
}
