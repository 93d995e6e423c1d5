//! The store in memory: for tests and simulations. Same rules as the durable ones.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use holdfast_core::change::Changes;
use holdfast_core::currency::Currency;
use holdfast_core::effect::Effect;
use holdfast_core::event::Event;
use holdfast_core::id::{EffectId, EntryId, EventId, PaymentIntentId, PlatformId};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::row::Row;
use holdfast_core::time::Timestamp;
use holdfast_core::view::StoredRow;

use crate::query::{Accounts, Balance, EntriesQuery, EventsQuery, Page, ReadSide, RowsQuery};
use crate::retention::Found;
use crate::{Lease, Old, Outcome, OwnedEffect, Store, StoreFuture};

/// A store that forgets everything with the process.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rows: BTreeMap<RowKey, (PlatformId, StoredRow)>,
    entries: Vec<(PlatformId, JournalEntry)>,
    balances: Balances,
    effects: BTreeMap<(Timestamp, EffectId), Waiting>,
    due_of: BTreeMap<EffectId, Timestamp>,
    events: BTreeMap<EventId, (PlatformId, Event)>,
}

/// Debits less credits, in minor units.
type Balances = BTreeMap<(PlatformId, Account, Currency), i64>;

struct Waiting {
    platform: PlatformId,
    effect: Effect,
    leased_until: Timestamp,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> MemoryStore {
        MemoryStore::default()
    }

    /// Frees all leases, as a restart does.
    pub fn free_leases(&self) {
        for waiting in self.lock().effects.values_mut() {
            // Not to nothing: that somebody had the effect is remembered.
            waiting.leased_until = waiting.leased_until.min(Timestamp::from_ms(1));
        }
    }

    /// Every entry of the journal, the oldest first.
    pub fn all_entries(&self) -> Vec<JournalEntry> {
        self.lock().entries.iter().map(|(_, entry)| entry.clone()).collect()
    }

    /// Every row and its version, in the order of their kinds and ids.
    pub fn all_rows(&self) -> Vec<StoredRow> {
        self.lock().rows.values().map(|(_, stored)| stored.clone()).collect()
    }

    /// Every event, in the order of their ids.
    pub fn all_events(&self) -> Vec<Event> {
        self.lock().events.values().map(|(_, event)| event.clone()).collect()
    }

    /// Every balance, debits less credits.
    pub fn all_balances(&self) -> Vec<(Account, Currency, i64)> {
        let state = self.lock();
        let balance = |((_, account, currency), signed): (&(_, Account, Currency), &i64)| {
            (*account, *currency, *signed)
        };
        state.balances.iter().map(balance).collect()
    }

    /// Every effect that waits, the longest due first.
    pub fn all_effects(&self) -> Vec<Effect> {
        self.lock().effects.values().map(|waiting| waiting.effect.clone()).collect()
    }

    /// A panic of another test thread cannot have left a half-written state: `apply` checks
    /// before it writes.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn ready<T: Send + 'static>(value: T) -> StoreFuture<'static, T> {
        Box::pin(std::future::ready(Ok(value)))
    }
}

impl State {
    fn apply(&mut self, changes: &Changes, lease: Lease) -> Outcome {
        if !changes.finished.iter().all(|id| self.due_of.contains_key(id)) {
            return Outcome::AlreadyRecorded;
        }
        if !self.versions_match(changes) {
            return Outcome::Conflict;
        }
        let Some(balances) = self.new_balances(changes) else {
            return Outcome::LimitExceeded;
        };
        self.balances.extend(balances);
        for put in &changes.puts {
            let stored = StoredRow { version: put.expected + 1, row: put.row.clone() };
            self.rows.insert(put.row.key(), (changes.platform, stored));
        }
        for id in &changes.finished {
            if let Some(due) = self.due_of.remove(id) {
                self.effects.remove(&(due, *id));
            }
        }
        for effect in &changes.effects {
            let leased_until =
                if effect.due <= lease.due { lease.until } else { Timestamp::from_ms(0) };
            let (platform, effect) = (changes.platform, effect.clone());
            self.due_of.insert(effect.id, effect.due);
            let waiting = Waiting { platform, leased_until, effect };
            self.effects.insert((waiting.effect.due, waiting.effect.id), waiting);
        }
        let entries = changes.entries.iter().map(|entry| (changes.platform, entry.clone()));
        self.entries.extend(entries);
        let events = changes.events.iter().map(|event| (event.id, event.clone()));
        self.events.extend(events.map(|(id, event)| (id, (changes.platform, event))));
        Outcome::Committed
    }

    fn drop_old(&mut self, old: Old, limit: usize) -> usize {
        let (kind, end) = match old.found() {
            Found::Replies => (RowKind::Replay, None),
            Found::Rows(kind, end) => (kind, Some(end)),
            Found::Events(end) => {
                let ids = self.events.keys().filter(|id| id.to_string() < end);
                let dropped: Vec<EventId> = ids.take(limit).copied().collect();
                dropped.iter().for_each(|id| drop(self.events.remove(id)));
                return dropped.len();
            }
        };
        let is_old = |key: &RowKey, row: &Row| match &end {
            Some(end) => key.id() < *end && row.state() != "retrying",
            None => row.created() < old.before,
        };
        let of_kind = self.rows.iter().filter(|(key, _)| key.kind() == kind);
        let found = of_kind.filter(|(key, (_, stored))| is_old(key, &stored.row));
        let mut found: Vec<(Timestamp, RowKey)> =
            found.map(|(key, (_, stored))| (stored.row.created(), key.clone())).collect();
        found.sort();
        found.truncate(limit);
        found.iter().for_each(|(_, key)| drop(self.rows.remove(key)));
        found.len()
    }

    fn versions_match(&self, changes: &Changes) -> bool {
        changes.versions().all(|(key, expected)| {
            let stored = self.rows.get(&key);
            stored.map_or(0, |(_, stored)| stored.version) == expected
                && stored.is_none_or(|(platform, _)| *platform == changes.platform)
        })
    }

    /// The balances after the changes; nothing when one of them would pass its limit.
    fn new_balances(&self, changes: &Changes) -> Option<Balances> {
        let mut balances = Balances::new();
        let mut limited = Vec::new();
        for (entry, posting) in changes.postings() {
            let key = (changes.platform, posting.account, posting.amount.currency());
            if entry.limits(posting.account) {
                limited.push(key);
            }
            let before =
                balances.get(&key).or_else(|| self.balances.get(&key)).copied().unwrap_or(0);
            balances.insert(key, before.checked_add(posting.signed_minor())?);
        }
        let passed = limited.iter().any(|key| balances.get(key).is_some_and(|after| *after > 0));
        if passed || self.has_left(changes, &balances) { None } else { Some(balances) }
    }

    /// Whether an account that must be empty has something, after what is posted now.
    fn has_left(&self, changes: &Changes, posted: &Balances) -> bool {
        if changes.emptied.is_empty() {
            return false;
        }
        let is_meant = |(platform, account, _): &(PlatformId, Account, Currency)| {
            *platform == changes.platform && changes.emptied.contains(account)
        };
        let before = self.balances.iter().filter(|(key, _)| !posted.contains_key(key));
        before.chain(posted).any(|(key, signed)| *signed != 0 && is_meant(key))
    }
}

impl Store for MemoryStore {
    fn load<'a>(
        &'a self,
        platform: PlatformId,
        keys: &'a [RowKey],
    ) -> StoreFuture<'a, Vec<Option<StoredRow>>> {
        let state = self.lock();
        let find = |key| match state.rows.get(key) {
            Some((owner, stored)) if *owner == platform => Some(stored.clone()),
            Some(_) | None => None,
        };
        Self::ready(keys.iter().map(find).collect())
    }

    fn commit(&self, batch: Vec<Changes>, lease: Lease) -> StoreFuture<'_, Vec<Outcome>> {
        let mut state = self.lock();
        Self::ready(batch.iter().map(|changes| state.apply(changes, lease)).collect())
    }

    fn claim(&self, lease: Lease, limit: usize) -> StoreFuture<'_, Vec<OwnedEffect>> {
        let mut state = self.lock();
        let due = state.effects.values_mut().take_while(|waiting| waiting.effect.due <= lease.due);
        let mut claimed = Vec::new();
        for waiting in due.filter(|waiting| waiting.leased_until <= lease.now).take(limit) {
            let was_leased = waiting.leased_until > Timestamp::from_ms(0);
            waiting.leased_until = lease.until;
            let (platform, effect) = (waiting.platform, waiting.effect.clone());
            let leased_until = lease.until;
            claimed.push(OwnedEffect { platform, effect, leased_until, was_leased });
        }
        Self::ready(claimed)
    }

    fn renew(&self, effect: EffectId, held: Timestamp, lease: Lease) -> StoreFuture<'_, bool> {
        let mut state = self.lock();
        let due = state.due_of.get(&effect).copied();
        let waiting = due.and_then(|due| state.effects.get_mut(&(due, effect)));
        let ours = waiting.filter(|waiting| waiting.leased_until == held);
        let renewed = ours.map(|waiting| waiting.leased_until = lease.until).is_some();
        Self::ready(renewed)
    }

    fn next_due(&self, after: Option<Timestamp>) -> StoreFuture<'_, Option<Timestamp>> {
        let state = self.lock();
        let mut dues = state.effects.keys().map(|(due, _)| *due);
        Self::ready(dues.find(|due| after.is_none_or(|after| *due > after)))
    }

    fn drop_old(&self, old: Old, limit: usize) -> StoreFuture<'_, usize> {
        let mut state = self.lock();
        Self::ready(state.drop_old(old, limit))
    }
}

impl ReadSide for MemoryStore {
    fn rows<'a>(&'a self, query: &'a RowsQuery) -> StoreFuture<'a, Vec<Row>> {
        let state = self.lock();
        let matches = |key: &RowKey, platform: &PlatformId, row: &Row| {
            key.kind() == query.kind
                && *platform == query.platform
                && query.links.iter().all(|link| row.links().contains(link))
                && (query.states.is_empty() || query.states.iter().any(|it| row.state() == it))
                && query.created.includes(row.created())
        };
        let rows = state.rows.iter().rev();
        let rows = rows.filter(|(key, (owner, stored))| matches(key, owner, &stored.row));
        let rows = rows.map(|(key, (_, stored))| (key.id(), Row::clone(&stored.row))).collect();
        Self::ready(paged(rows, &query.page))
    }

    fn count_states(
        &self,
        platform: PlatformId,
        kind: RowKind,
    ) -> StoreFuture<'_, Vec<(String, u64)>> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for (key, (owner, stored)) in &self.lock().rows {
            if key.kind() == kind && *owner == platform {
                *counts.entry(stored.row.state().to_owned()).or_default() += 1;
            }
        }
        Self::ready(counts.into_iter().collect())
    }

    fn events<'a>(&'a self, query: &'a EventsQuery) -> StoreFuture<'a, Vec<Event>> {
        let state = self.lock();
        let matches = |(platform, event): &&(PlatformId, Event)| {
            *platform == query.platform
                && query.payment.is_none_or(|payment| event.payment == Some(payment))
                && (query.kinds.is_empty() || query.kinds.contains(&event.kind))
                && query.created.includes(event.at)
        };
        let events = state.events.values().rev().filter(matches);
        let events = events.map(|(_, event)| (event.id.to_string(), event.clone())).collect();
        Self::ready(paged(events, &query.page))
    }

    fn event(&self, platform: PlatformId, id: EventId) -> StoreFuture<'_, Option<Event>> {
        let found = match self.lock().events.get(&id) {
            Some((owner, event)) if *owner == platform => Some(event.clone()),
            Some(_) | None => None,
        };
        Self::ready(found)
    }

    fn entries<'a>(&'a self, query: &'a EntriesQuery) -> StoreFuture<'a, Vec<JournalEntry>> {
        let state = self.lock();
        let matches = |(owner, entry): &&(PlatformId, JournalEntry)| {
            let mut accounts = entry.postings.iter().map(|posting| posting.account);
            *owner == query.platform
                && (query.accounts.is_empty() || accounts.any(|it| query.accounts.contains(&it)))
                && query.source.as_ref().is_none_or(|source| entry.source == *source)
                && query.created.includes(entry.at)
        };
        let entries = state.entries.iter().filter(matches);
        let mut entries: Vec<(String, JournalEntry)> =
            entries.map(|(_, entry)| (entry.id.to_string(), entry.clone())).collect();
        entries.sort_by(|(a, _), (b, _)| b.cmp(a));
        Self::ready(paged(entries, &query.page))
    }

    fn entry(&self, platform: PlatformId, id: EntryId) -> StoreFuture<'_, Option<JournalEntry>> {
        let state = self.lock();
        let mut entries = state.entries.iter();
        let found = entries.find(|(owner, entry)| *owner == platform && entry.id == id);
        Self::ready(found.map(|(_, entry)| entry.clone()))
    }

    fn journal(
        &self,
        platform: PlatformId,
        payment: PaymentIntentId,
    ) -> StoreFuture<'_, Vec<JournalEntry>> {
        let state = self.lock();
        let of_payment = |(owner, entry): &&(PlatformId, JournalEntry)| {
            *owner == platform && entry.payment == Some(payment)
        };
        let mut entries: Vec<JournalEntry> =
            state.entries.iter().filter(of_payment).map(|(_, entry)| entry.clone()).collect();
        entries.sort_by_key(|entry| entry.id);
        Self::ready(entries)
    }

    fn balances(&self, platform: PlatformId, accounts: Accounts) -> StoreFuture<'_, Vec<Balance>> {
        let mut sums: BTreeMap<(Option<Account>, Currency), i64> = BTreeMap::new();
        for ((owner, account, currency), signed) in &self.lock().balances {
            if *owner == platform && accounts.include(*account) {
                let shown = if accounts == Accounts::HeldTotal { None } else { Some(*account) };
                *sums.entry((shown, *currency)).or_default() += signed;
            }
        }
        let balance =
            |((account, currency), signed_minor)| Balance { account, currency, signed_minor };
        Self::ready(sums.into_iter().map(balance).collect())
    }

    fn count_effects(&self) -> StoreFuture<'_, Vec<(String, u64)>> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for waiting in self.lock().effects.values() {
            *counts.entry(waiting.effect.kind.name().to_owned()).or_default() += 1;
        }
        Self::ready(counts.into_iter().collect())
    }
}

impl Accounts {
    fn include(self, account: Account) -> bool {
        match (self, account) {
            (Accounts::One(one), account) => one == account,
            (
                Accounts::Sellers,
                Account::SellerPending(_) | Account::SellerAvailable(_) | Account::SellerPaying(_),
            )
            | (Accounts::HeldTotal, Account::Held(_)) => true,
            (
                Accounts::Platform,
                Account::Held(_)
                | Account::SellerPending(_)
                | Account::SellerAvailable(_)
                | Account::SellerPaying(_),
            ) => false,
            (Accounts::Platform, _) => true,
            (Accounts::Sellers | Accounts::HeldTotal, _) => false,
        }
    }
}

/// The page of a list that is ordered by id, the newest first.
fn paged<T>(items: Vec<(String, T)>, page: &Page) -> Vec<T> {
    let older = |id: &String| page.older_than.as_ref().is_none_or(|cursor| id < cursor);
    let newer = |id: &String| page.newer_than.as_ref().is_none_or(|cursor| id > cursor);
    let kept: Vec<T> =
        items.into_iter().filter(|(id, _)| older(id) && newer(id)).map(|(_, item)| item).collect();
    let limit = page.bounded_limit();
    match &page.newer_than {
        // The page that ends right before the cursor: the oldest of what is newer.
        Some(_) => {
            let skip = kept.len().saturating_sub(limit);
            kept.into_iter().skip(skip).collect()
        }
        None => kept.into_iter().take(limit).collect(),
    }
}
