//! What becomes of each command of a batch, and what is written of those that are committed.
//!
//! The checks are those of every store, made in order over what was read and locked, each command
//! seeing what the ones before it in the batch have left.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use holdfast_core::change::{Changes, Put};
use holdfast_core::id::EffectId;
use holdfast_core::key::{RowKey, Version};
use holdfast_core::ledger::{Account, JournalEntry, Posting};

use crate::Outcome;

/// What is stored of all that a batch touches.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// The versions of rows, and whose they are.
    pub(super) rows: HashMap<(String, String), (i64, String)>,
    /// Debits less credits of the parts that this node adds to.
    pub(super) parts: HashMap<BalanceKey, i64>,
    /// Debits less credits over all parts, of the balances whose limit is looked at or that must
    /// be empty.
    pub(super) wholes: HashMap<BalanceKey, i128>,
    /// Effects whose outcome is recorded and that are still there.
    pub(super) effects: HashSet<String>,
}

/// An account's name, its currency and its platform.
pub(super) type BalanceKey = (String, String, String);

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct Decided<'a> {
    /// What became of each command, in order.
    pub(super) outcomes: Vec<Outcome>,
    /// The last state of each row, whose it is, and whether it is new to the database.
    pub(super) rows: BTreeMap<RowKey, Written<'a>>,
    /// What is added to this node's part of each balance.
    pub(super) added: BTreeMap<BalanceKey, i64>,
    /// The commands that are committed.
    pub(super) committed: Vec<&'a Changes>,
    /// Effects that end, of those that were stored.
    pub(super) finished: BTreeSet<EffectId>,
}

/// A row as the batch leaves it.
#[derive(Debug)]
pub(super) struct Written<'a> {
    pub(super) put: &'a Put,
    pub(super) platform: String,
    pub(super) is_new: bool,
}

/// Goes through a batch in its order.
pub(super) fn decide<'a>(batch: &'a [Changes], mut stored: Stored) -> Decided<'a> {
    let mut decided = Decided::default();
    for changes in batch {
        let outcome = apply(&mut decided, &mut stored, changes);
        decided.outcomes.push(outcome);
    }
    decided
}

fn apply<'a>(decided: &mut Decided<'a>, stored: &mut Stored, changes: &'a Changes) -> Outcome {
    let platform = changes.platform.to_string();
    if !changes.finished.iter().all(|id| stored.effects.contains(&id.to_string())) {
        return Outcome::AlreadyRecorded;
    }
    if !changes.versions().all(|(key, expected)| fits(stored, &key, (expected, &platform))) {
        return Outcome::Conflict;
    }
    let Some(balances) = new_balances(stored, changes, &platform) else {
        return Outcome::LimitExceeded;
    };
    for (key, after) in balances {
        let before = stored.parts.insert(key.clone(), after).unwrap_or(0);
        // The difference of two numbers that fit; their sum over the batch fits as they do.
        let added = after.wrapping_sub(before);
        if let Some(whole) = stored.wholes.get_mut(&key) {
            *whole += i128::from(added);
        }
        let sum = decided.added.entry(key).or_insert(0);
        *sum = sum.wrapping_add(added);
    }
    for put in &changes.puts {
        let key = put.row.key();
        let is_new = decided.rows.get(&key).map_or(put.expected == 0, |row| row.is_new);
        let version = i64::try_from(put.expected + 1).unwrap_or(i64::MAX);
        stored.rows.insert(name(&key), (version, platform.clone()));
        decided.rows.insert(key, Written { put, platform: platform.clone(), is_new });
    }
    for id in &changes.finished {
        stored.effects.remove(&id.to_string());
        decided.finished.insert(*id);
    }
    stored.effects.extend(changes.effects.iter().map(|effect| effect.id.to_string()));
    decided.committed.push(changes);
    Outcome::Committed
}

fn fits(stored: &Stored, key: &RowKey, (expected, platform): (Version, &str)) -> bool {
    match stored.rows.get(&name(key)) {
        None => expected == 0,
        Some((version, owner)) => u64::try_from(*version) == Ok(expected) && owner == platform,
    }
}

/// The accounts that must be empty for one of the commands, and their platforms. What the batch
/// posts to them is known with its whole, like a balance that has a limit.
pub(super) fn emptied(batch: &[Changes]) -> BTreeSet<(String, String)> {
    let of = |changes: &Changes| {
        let platform = changes.platform.to_string();
        let name = |account: &Account| (account.to_string(), platform.clone());
        changes.emptied.iter().map(name).collect::<Vec<_>>()
    };
    batch.iter().flat_map(of).collect()
}

/// A row's name in the database.
pub(super) fn name(key: &RowKey) -> (String, String) {
    (key.kind().name().to_owned(), key.id())
}

/// The balance that a line is posted to.
pub(super) fn balance_key(posting: &Posting, platform: &str) -> BalanceKey {
    let (account, currency) = (posting.account.to_string(), posting.amount.currency());
    (account, currency.code().to_owned(), platform.to_owned())
}

/// Whether the whole balance has to be known for a line: it takes money from an account that may
/// not have less than nothing. What adds to such an account passes no limit, and what has a
/// balance in one part has it whole.
pub(super) fn needs_whole(entry: &JournalEntry, posting: &Posting) -> bool {
    let takes = posting.signed_minor() > 0 || !posting.account.is_limited();
    entry.limits(posting.account) && takes
}

/// This node's parts of the balances after a command; nothing when a balance would pass its limit
/// or what can be counted.
fn new_balances(
    stored: &Stored,
    changes: &Changes,
    platform: &str,
) -> Option<HashMap<BalanceKey, i64>> {
    let mut after: HashMap<BalanceKey, i64> = HashMap::new();
    let mut limited = HashSet::new();
    for (entry, posting) in changes.postings() {
        let key = balance_key(posting, platform);
        let before = after.get(&key).or_else(|| stored.parts.get(&key)).copied().unwrap_or(0);
        if needs_whole(entry, posting) {
            limited.insert(key.clone());
        }
        after.insert(key, before.checked_add(posting.signed_minor())?);
    }
    let whole = |key: &BalanceKey| {
        let part = stored.parts.get(key).copied().unwrap_or(0);
        let added = after.get(key).map_or(0, |after| i128::from(*after) - i128::from(part));
        stored.wholes.get(key).copied().unwrap_or(0) + added
    };
    let emptied = emptied(std::slice::from_ref(changes));
    let is_emptied = |key: &BalanceKey| emptied.contains(&(key.0.clone(), key.2.clone()));
    let has_left = || stored.wholes.keys().any(|key| is_emptied(key) && whole(key) != 0);
    let is_refused = limited.iter().any(|key| whole(key) > 0) || has_left();
    if is_refused { None } else { Some(after) }
}
