//! Rows, entries and effects for the checks. What a check does not look at is the same in all.

use std::collections::BTreeMap;
use std::num::NonZero;

use holdfast_core::change::{Changes, Put, Relied};
use holdfast_core::currency::Currency;
use holdfast_core::customer::{Customer, TaxExempt};
use holdfast_core::effect::{Effect, EffectKind, Timer};
use holdfast_core::event::{Event, EventKind};
use holdfast_core::id::{Id, PlatformId};
use holdfast_core::ledger::{Account, EntryReason, JournalEntry, Postings};
use holdfast_core::money::Money;
use holdfast_core::order::{Funding, Order, OrderState};
use holdfast_core::row::{Record, Row};
use holdfast_core::secret::Secret;
use holdfast_core::seller::Seller;
use holdfast_core::time::{Span, Timestamp};
use holdfast_store::{Lease, Outcome, Store};

/// The platform's and the system's time of all checks.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);
/// How long the checks lease effects for.
pub(crate) const LEASE: Span = Span::seconds(60);

pub(crate) fn id<I: Id>(number: u32) -> I {
    I::from_number(u128::from(number))
}

pub(crate) fn ours() -> PlatformId {
    id(1)
}

pub(crate) fn theirs() -> PlatformId {
    id(2)
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

/// Whoever leases at `NOW` and some seconds.
pub(crate) fn lease_at(seconds: u32) -> Lease {
    let now = NOW.after(Span::seconds(seconds));
    Lease { due: now, now, until: now.after(LEASE) }
}

pub(crate) async fn commit(store: &dyn Store, batch: Vec<Changes>) -> Vec<Outcome> {
    store.commit(batch, lease_at(0)).await.unwrap()
}

/// Commits one command's changes, which must succeed.
pub(crate) async fn must(store: &dyn Store, changes: Changes) {
    assert_eq!(commit(store, vec![changes]).await, [Outcome::Committed]);
}

pub(crate) fn nothing() -> Changes {
    Changes {
        platform: ours(),
        command: id(1),
        puts: Vec::new(),
        relied: Vec::new(),
        emptied: Vec::new(),
        entries: Vec::new(),
        effects: Vec::new(),
        finished: Vec::new(),
        events: Vec::new(),
    }
}

pub(crate) fn put<R: Record>(expected: u64, row: R) -> Put {
    Put { expected, row: row.into_row().into() }
}

/// The seller of this number, who must still have this version.
pub(crate) fn relied(number: u32, version: u64) -> Relied {
    Relied { key: Seller::key(&id(number)), version: NonZero::new(version).unwrap() }
}

pub(crate) fn puts(puts: Vec<Put>) -> Changes {
    Changes { puts, ..nothing() }
}

pub(crate) fn seller(number: u32) -> Seller {
    Seller::new(id(number), NOW, "US", Currency::USD)
}

pub(crate) fn named_seller(number: u32, name: &str) -> Seller {
    Seller { name: Some(name.to_owned()), ..seller(number) }
}

/// A customer, who is listed by the e-mail address.
pub(crate) fn customer(number: u32, email: Option<&str>) -> Customer {
    Customer {
        id: id(number),
        created: NOW,
        deleted: false,
        name: None,
        email: email.map(str::to_owned),
        phone: None,
        description: None,
        address: None,
        shipping: None,
        business_name: None,
        individual_name: None,
        preferred_locales: Vec::new(),
        default_method: None,
        tax_exempt: TaxExempt::None,
        discount: None,
        metadata: BTreeMap::new(),
    }
}

/// An order of payment 1, of the seller of this number.
pub(crate) fn order(number: u32, seller: u32, state: OrderState) -> Order {
    Order {
        id: id(number),
        created: NOW,
        intent: id(1),
        session: id(1),
        seller: id(seller),
        lines: Vec::new(),
        items: usd(100),
        discounts: Vec::new(),
        shipping: usd(0),
        total: usd(100),
        refunded: usd(0),
        customer_email: None,
        ship_to: None,
        secret: Secret::new("order".to_owned()),
        metadata: BTreeMap::new(),
        shipments: Vec::new(),
        funding: Funding::Authorized,
        state,
    }
}

pub(crate) fn awaiting() -> OrderState {
    OrderState::AwaitingShipment { ship_by: NOW, cancel_request: None }
}

/// Moves `amount` from one account to another, for a payment.
pub(crate) fn entry(number: u32, payment: u32, moved: (Account, Account, Money)) -> JournalEntry {
    let (from, to, amount) = moved;
    JournalEntry {
        id: id(number),
        command: id(1),
        at: NOW,
        reason: EntryReason::Capture,
        payment: Some(id(payment)),
        source: format!("source {payment}"),
        settles_at: None,
        postings: Postings::new().debit(from, amount).credit(to, amount).into_lines(),
    }
}

pub(crate) fn entries(entries: Vec<JournalEntry>) -> Changes {
    Changes { entries, ..nothing() }
}

/// A timer that is due so many seconds after `NOW`.
pub(crate) fn effect(number: u32, due_in: u32) -> Effect {
    let kind = EffectKind::Timer(Timer::ShipBy(id(number)));
    Effect { id: id(number), due: NOW.after(Span::seconds(due_in)), kind, origin: None }
}

pub(crate) fn effects(effects: Vec<Effect>) -> Changes {
    Changes { effects, ..nothing() }
}

pub(crate) fn event(number: u32, kind: EventKind, payment: Option<u32>) -> Event {
    Event {
        id: id(number),
        at: NOW,
        command: id(1),
        kind,
        payment: payment.map(id),
        deliveries: 0,
        object: Row::Seller(seller(number)).into(),
        before: None,
        related: Vec::new(),
        origin: None,
    }
}

pub(crate) fn events(events: Vec<Event>) -> Changes {
    Changes { events, ..nothing() }
}
