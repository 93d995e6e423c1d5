//! What a decision may look at: the rows that were loaded for it, and the platform's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::id::PlatformId;
use crate::key::{RowKey, Version};
use crate::refusal::Refusal;
use crate::row::Row;
use crate::rules::Rules;

/// The rows that were loaded for a decision. A key that stands here with nothing was looked for
/// and is not there; a key that does not stand here was not looked for.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// Whose rows these are. Another platform's rows are never loaded.
    pub platform: PlatformId,
    /// Clocks and fees.
    pub rules: &'a Rules,
    rows: BTreeMap<RowKey, Option<StoredRow>>,
}

/// A row and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// How often it was written.
    pub version: Version,
    /// The row, which whoever looks at it shares.
    pub row: Arc<Row>,
}

/// Why a decision was not reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Load these and ask again.
    Need(BTreeSet<RowKey>),
    /// The answer is no.
    Refused(Refusal),
}

impl<'a> View<'a> {
    /// Nothing loaded yet.
    pub fn new(platform: PlatformId, rules: &'a Rules) -> View<'a> {
        View { platform, rules, rows: BTreeMap::new() }
    }

    /// Adds what was found, or not found, under a key.
    pub fn insert(&mut self, key: RowKey, found: Option<StoredRow>) {
        self.rows.insert(key, found);
    }

    /// What was found under a key. Stops with `Need` when it was not looked for.
    pub fn find(&self, key: &RowKey) -> Result<Option<&StoredRow>, Stop> {
        match self.rows.get(key) {
            Some(found) => Ok(found.as_ref()),
            None => Err(Stop::Need(BTreeSet::from([key.clone()]))),
        }
    }

    /// Stops with `Need` for all of `keys` that were not looked for, so that they are loaded in
    /// one round.
    pub fn need(&self, keys: impl IntoIterator<Item = RowKey>) -> Result<(), Stop> {
        let missing: BTreeSet<RowKey> =
            keys.into_iter().filter(|key| !self.rows.contains_key(key)).collect();
        if missing.is_empty() { Ok(()) } else { Err(Stop::Need(missing)) }
    }

    /// Forgets everything that was loaded, so that it is loaded anew.
    pub fn clear(&mut self) {
        self.rows.clear();
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<crate::money::MoneyError> for Stop {
    fn from(error: crate::money::MoneyError) -> Stop {
        Stop::Refused(error.into())
    }
}
