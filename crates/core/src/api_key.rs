//! Keys of the API, as they are kept: everything but the key itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::ApiKeyId;
use crate::listed::Listed;
use crate::time::Timestamp;

/// A key that opens the API. The key is shown once, to whoever made it; here is its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id, which the key itself begins with, so that it is found without a search.
    pub id: ApiKeyId,
    /// When it was made.
    pub created: Timestamp,
    /// What the platform calls it.
    pub name: Option<String>,
    /// What it is for.
    pub kind: ApiKeyKind,
    /// The digest of the key, 64 hexadecimal digits, and its end.
    pub current: KeyPrint,
    /// Keys that were replaced and still count for a while, at most [`PREVIOUS_MAX`].
    pub previous: Vec<PreviousKey>,
    /// What a restricted key may do, by the name of the resource.
    pub permissions: BTreeMap<String, Permission>,
    /// From when on it counts no more, by the machine's clock.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// How many replaced keys may still count at once: each rotation adds one for up to a week, and
/// whoever rotates more often than this in a week needs no overlap.
pub const PREVIOUS_MAX: usize = 4;

/// What is kept of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyPrint {
    /// Its SHA-256 digest, 64 hexadecimal digits. A key is random, so that its digest gives
    /// nothing away.
    pub digest: String,
    /// Its last four characters, by which people tell keys apart.
    pub last4: String,
}

/// A key that was replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviousKey {
    /// What is kept of it.
    pub print: KeyPrint,
    /// From when on it counts no more, by the machine's clock.
    pub expires_at: Timestamp,
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiKeyKind {
    /// In a buyer's browser.
    Publishable,
    /// In the platform's servers: everything.
    Secret,
    /// In the platform's servers: what its permissions list.
    Restricted,
}

/// What a restricted key may do with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Retrieve and list.
    Read,
    /// Also create, change and act.
    Write,
}

impl ApiKey {
    /// Its keys, the current one and those that were replaced, and from when on each counts no
    /// more, by the machine's clock.
    pub fn prints(&self) -> impl Iterator<Item = (&KeyPrint, Option<Timestamp>)> {
        let end =
            |replaced| [self.expires_at, self.revoked_at, replaced].into_iter().flatten().min();
        let previous = self.previous.iter();
        let previous = previous.map(move |key| (&key.print, end(Some(key.expires_at))));
        std::iter::once((&self.current, end(None))).chain(previous)
    }

    /// Whether it counts at a moment of the machine's clock.
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|at| now < at)
    }
}

impl Listed for ApiKey {
    fn created(&self) -> Timestamp {
        self.created
    }

    fn state(&self) -> &'static str {
        match self.kind {
            ApiKeyKind::Publishable => "publishable",
            ApiKeyKind::Secret => "secret",
            ApiKeyKind::Restricted => "restricted",
        }
    }
}
