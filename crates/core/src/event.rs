//! Events: what happened, for the audit log, the webhooks and the payment's timeline.

pub(crate) mod kind;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{CommandId, EventId, PaymentIntentId};
use crate::row::Row;
use crate::time::Timestamp;

pub use kind::EventKind;

/// Something that happened, with the object as it was right after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The command that did it.
    pub command: CommandId,
    /// What.
    pub kind: EventKind,
    /// The payment whose timeline it belongs to.
    pub payment: Option<PaymentIntentId>,
    /// To how many receivers it goes.
    pub deliveries: u32,
    /// The object, as this very commit left it.
    pub object: Arc<Row>,
    /// The object as it was before, where the platform edited it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Arc<Row>>,
    /// Rows that the object shows parts of: a payment's charge, a charge's newest refund.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Arc<Row>>,
    /// The client's request that made it happen; `None` if a clock, a bank or a page of ours did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// A client's request, as its events name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The name of the request, `req_...`.
    pub request: String,
    /// The client's idempotency key, as the client wrote it.
    pub idempotency_key: Option<String>,
}
