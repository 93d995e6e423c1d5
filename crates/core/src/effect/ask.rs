//! How often the outside was asked before.

use serde::{Deserialize, Serialize};

/// How a processor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// For the first time: just send.
    First,
    /// Again after an unknown outcome: look it up, and send again only if it never arrived.
    Again,
    /// Only look it up.
    Look,
}
