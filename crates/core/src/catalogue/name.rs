//! Names that the platform gives to its things: each names one thing at a time.

use serde::{Deserialize, Serialize};

use crate::id::PlatformId;
use crate::listed::Listed;
use crate::time::Timestamp;

/// A name and what it names now. Rows that are found by a name of the platform's own are written
/// together with it, so that two requests cannot give one name twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Whose, of what kind of thing, and the word: `plat_.../coupon/SPRING`.
    pub key: String,
    /// When it was first given.
    pub created: Timestamp,
    /// The id of what it names; nothing when it may be given again.
    pub target: Option<String>,
}

impl Name {
    /// The key of a word among a platform's things of one kind.
    pub fn key_of(platform: PlatformId, kind: &str, word: &str) -> String {
        format!("{platform}/{kind}/{word}")
    }
}

impl Listed for Name {
    fn created(&self) -> Timestamp {
        self.created
    }
}
