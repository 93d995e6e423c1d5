//! The changes in the making: rows as this command has left them so far.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

use crate::change::{Changes, Put, Relied};
use crate::command::Request;
use crate::effect::{DeliverRequest, Effect, EffectKind, Lane};
use crate::event::{Event, EventKind, Origin};
use crate::id::{EffectId, EntryId, EventId, Id, IdSource, PaymentIntentId, WebhookEndpointId};
use crate::key::{RowKey, RowKind, Version};
use crate::ledger::{Account, EntryReason, JournalEntry, Postings};
use crate::payment::attempt::Attempt;
use crate::refusal::Refusal;
use crate::row::{Record, Row};
use crate::rules::Rules;
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::view::{Stop, View};
use crate::webhook::WebhookEndpoints;

/// What an entry is about.
pub(super) struct About {
    /// The payment that it belongs to, when there is one.
    pub(super) payment: Option<PaymentIntentId>,
    /// The id of the charge, the refund, the transfer, the payout.
    pub(super) source: String,
    /// When the processor settles it; `None` for what needs no settling.
    pub(super) settles_at: Option<Timestamp>,
}

impl About {
    /// Something that belongs to a payment and needs no settling.
    pub(super) fn payment(payment: PaymentIntentId, source: &impl ToString) -> About {
        About { payment: Some(payment), source: source.to_string(), settles_at: None }
    }
}

/// The changes in the making.
pub(super) struct Draft<'a> {
    view: &'a View<'a>,
    /// The moment of the decision.
    pub(super) now: Timestamp,
    ids: IdSource,
    finished: Option<EffectId>,
    origin: Option<Origin>,
    rows: BTreeMap<RowKey, (Version, Arc<Row>)>,
    /// Rows that the platform edits, as they were.
    edited: BTreeMap<RowKey, Arc<Row>>,
    relied: BTreeSet<RowKey>,
    emptied: Vec<Account>,
    entries: Vec<JournalEntry>,
    effects: Vec<Effect>,
    events: Vec<(EventKind, RowKey)>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(view: &'a View<'a>, now: Timestamp, request: &Request) -> Draft<'a> {
        Draft {
            view,
            now,
            ids: request.ids.clone(),
            finished: request.effect,
            origin: request.origin.clone(),
            rows: BTreeMap::new(),
            edited: BTreeMap::new(),
            relied: BTreeSet::new(),
            emptied: Vec::new(),
            entries: Vec::new(),
            effects: Vec::new(),
            events: Vec::new(),
        }
    }

    pub(super) fn rules(&self) -> &'a Rules {
        self.view.rules
    }

    pub(super) fn platform(&self) -> crate::id::PlatformId {
        self.view.platform
    }

    /// A fresh id.
    pub(super) fn id<I: Id>(&mut self) -> I {
        self.ids.make()
    }

    /// Asks for rows together, so that they are loaded in one round.
    pub(super) fn need(&self, keys: impl IntoIterator<Item = RowKey>) -> Result<(), Stop> {
        self.view.need(keys)
    }

    /// A row as this command has left it so far, if there is one.
    pub(super) fn find<R: Record>(&self, id: &R::Id) -> Result<Option<R>, Stop> {
        let key = R::key(id);
        if let Some((_, row)) = self.rows.get(&key) {
            return Ok(R::of_row(row).cloned());
        }
        let stored = self.view.find(&key)?.filter(|stored| !stored.row.is_gone());
        Ok(stored.and_then(|stored| R::of_row(&stored.row)).cloned())
    }

    /// A row as this command has left it so far. Refuses when there is none.
    pub(super) fn get<R: Record>(&self, id: &R::Id) -> Result<R, Stop> {
        self.find(id)?.ok_or(Stop::Refused(Refusal::NotFound))
    }

    /// The same, for a row that must still be as it is when this is committed, though this does
    /// not write it.
    pub(super) fn rely_on<R: Record>(&mut self, id: &R::Id) -> Result<R, Stop> {
        let row = self.get(id)?;
        self.relied.insert(R::key(id));
        Ok(row)
    }

    /// Lets the commit refuse where an account still has something.
    pub(super) fn must_be_empty(&mut self, accounts: impl IntoIterator<Item = Account>) {
        self.emptied.extend(accounts);
    }

    /// Writes a row that was read before, or a new one.
    pub(super) fn put<R: Record>(&mut self, row: R) {
        let key = row.own_key();
        let expected = match self.rows.get(&key) {
            Some((version, _)) => *version,
            None => self.stored_version(&key),
        };
        self.rows.insert(key, (expected, Arc::new(row.into_row())));
    }

    /// Writes a row that must not exist yet, whether or not it was looked for.
    pub(super) fn create<R: Record>(&mut self, row: R) {
        self.rows.insert(row.own_key(), (0, Arc::new(row.into_row())));
    }

    /// Refuses `Changed` when a stored row has another version than the one somebody looked at.
    pub(super) fn expect(&self, key: &RowKey, expected: Version) -> Result<(), Stop> {
        let stored = self.view.find(key)?;
        if stored.map_or(0, |stored| stored.version) != expected {
            return Err(Refusal::Changed.into());
        }
        Ok(())
    }

    /// Writes a row whole, if it still has the version that it was made from. Its events then
    /// also hold the row as it was before.
    pub(super) fn replace(&mut self, row: Row, expected: Version) -> Result<(), Stop> {
        let key = row.key();
        self.expect(&key, expected)?;
        if let Some(stored) = self.view.find(&key)? {
            self.edited.insert(key.clone(), Arc::clone(&stored.row));
        }
        self.rows.insert(key, (expected, Arc::new(row)));
        Ok(())
    }

    /// Lets the events about a row say how it was before: for edits of the platform's own.
    pub(super) fn was<R: Record>(&mut self, row: &R) {
        self.edited.insert(row.own_key(), Arc::new(row.clone().into_row()));
    }

    /// The row of a kind that this command makes.
    pub(super) fn made(&self, kind: RowKind) -> Option<RowKey> {
        let made = |(key, (expected, _)): &(&RowKey, &(Version, Arc<Row>))| {
            *expected == 0 && key.kind() == kind
        };
        self.rows.iter().find(made).map(|(key, _)| key.clone())
    }

    /// The version of a row in the view; 0 for one that is not there or was not looked for: a
    /// new id needs no look, and if it existed after all the commit would conflict.
    fn stored_version(&self, key: &RowKey) -> Version {
        self.view.find(key).ok().flatten().map_or(0, |stored| stored.version)
    }

    /// Posts an entry. Nothing is posted when all amounts are zero.
    pub(super) fn post(
        &mut self,
        reason: EntryReason,
        about: About,
        postings: Postings,
    ) -> Option<EntryId> {
        let postings = postings.into_lines();
        if postings.is_empty() {
            return None;
        }
        let (id, command, at) = (self.id(), self.ids.command(), self.now);
        let About { payment, source, settles_at } = about;
        let entry = JournalEntry { id, command, at, reason, payment, source, settles_at, postings };
        assert!(entry.balances(), "an entry does not balance");
        self.entries.push(entry);
        Some(id)
    }

    /// Something to do outside as soon as this is committed.
    pub(super) fn effect_now(&mut self, kind: EffectKind) -> EffectId {
        self.effect_at(self.now, kind)
    }

    /// Something to do outside, later.
    pub(super) fn effect_at(&mut self, due: Timestamp, kind: EffectKind) -> EffectId {
        let id = self.id();
        let origin = match kind.lane() {
            Lane::Processor => self.origin.clone(),
            Lane::Webhook | Lane::Internal | Lane::Report => None,
        };
        self.effects.push(Effect { id, due, kind, origin });
        id
    }

    /// Says that something happened to a row. The event holds the row as this command leaves it.
    pub(super) fn event<R: Record>(&mut self, kind: EventKind, row: &R) {
        self.event_of(kind, row.own_key());
    }

    /// Says that something happened to the row under a key.
    pub(super) fn event_of(&mut self, kind: EventKind, key: RowKey) {
        self.events.push((kind, key));
    }

    /// The whole of it.
    pub(super) fn finish(mut self) -> Result<Changes, Stop> {
        self.rely_on_payees()?;
        let events = self.finish_events()?;
        let relied = self.relied_unwritten();
        let puts = self.rows.into_values().map(|(expected, row)| Put { expected, row });
        Ok(Changes {
            platform: self.view.platform,
            command: self.ids.command(),
            puts: puts.collect(),
            relied,
            emptied: self.emptied,
            entries: self.entries,
            effects: self.effects,
            finished: self.finished.into_iter().collect(),
            events,
        })
    }

    /// What is written has its version checked as it is; what this command made has none yet.
    fn relied_unwritten(&self) -> Vec<Relied> {
        let unwritten = self.relied.iter().filter(|key| !self.rows.contains_key(*key));
        let version = |key| NonZero::new(self.stored_version(key));
        unwritten
            .filter_map(|key| Some(Relied { key: key.clone(), version: version(key)? }))
            .collect()
    }

    /// Nobody is paid who is not there: whoever gets money must be there still at the commit, and a
    /// deletion in between is a conflict.
    fn rely_on_payees(&mut self) -> Result<(), Stop> {
        let payees: BTreeSet<_> = self.entries.iter().flat_map(JournalEntry::payees).collect();
        self.need(payees.iter().map(Seller::key))?;
        payees.iter().try_for_each(|seller| self.rely_on::<Seller>(seller).map(|_| ()))
    }

    fn finish_events(&mut self) -> Result<Vec<Event>, Stop> {
        let receivers: Option<WebhookEndpoints> = self.find(&self.view.platform)?;
        let receivers = receivers.map(|row| row.endpoints).unwrap_or_default();
        let mut events = Vec::new();
        for (kind, key) in std::mem::take(&mut self.events) {
            let Some((_, object)) = self.rows.get(&key).cloned() else { continue };
            let id = self.id();
            let mut deliveries = 0;
            for endpoint in receivers.iter().filter(|endpoint| endpoint.wants(kind.name())) {
                self.deliver(endpoint.id, id);
                deliveries += 1;
            }
            let (command, payment) = (self.ids.command(), object.payment());
            let before = self.edited.get(&key).cloned();
            let at = self.now;
            let related = self.related(&object);
            let origin = self.origin.clone();
            events.push(Event {
                id,
                at,
                command,
                kind,
                payment,
                deliveries,
                object,
                before,
                related,
                origin,
            });
        }
        Ok(events)
    }

    /// What the object of an event shows parts of, as far as this command has seen it: nothing is
    /// loaded for its sake.
    fn related(&self, object: &Row) -> Vec<Arc<Row>> {
        if let Row::PaymentIntent(intent) = object {
            let attempt = intent.attempt().and_then(|id| self.known(&Attempt::key(&id)));
            return attempt.into_iter().collect();
        }
        let Row::Attempt(attempt) = object else { return Vec::new() };
        let is_of = |row: &Row| matches!(row, Row::Refund(refund) if refund.attempt == attempt.id);
        self.rows.values().map(|(_, row)| row).filter(|row| is_of(row)).cloned().collect()
    }

    /// A row as this command has left it so far, if it has seen it.
    fn known(&self, key: &RowKey) -> Option<Arc<Row>> {
        if let Some((_, row)) = self.rows.get(key) {
            return Some(Arc::clone(row));
        }
        let stored = self.view.find(key).ok().flatten()?;
        Some(Arc::clone(&stored.row)).filter(|row| !row.is_gone())
    }

    /// Begins to deliver an event to a receiver.
    pub(super) fn deliver(&mut self, endpoint: WebhookEndpointId, event: EventId) {
        let id: EffectId = self.id();
        let request = DeliverRequest { delivery: id, endpoint, event, tries: 0 };
        let kind = EffectKind::Deliver(request);
        self.effects.push(Effect { id, due: self.now, kind, origin: None });
    }
}
