//! What is kept for a while only: it goes when it is old, with all that finds it.

use holdfast_core::change::Changes;
use holdfast_core::event::{Event, EventKind};
use holdfast_core::id::{EffectId, Id, IdSource};
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::ledger::Account;
use holdfast_core::link::{AccountLink, LinkPurpose};
use holdfast_core::replay::Replay;
use holdfast_core::row::Record;
use holdfast_core::secret::Secret;
use holdfast_core::time::{Span, Timestamp};
use holdfast_core::webhook::{Delivery, DeliveryState};
use holdfast_store::query::{Accounts, EventsQuery, Page, RowsQuery};
use holdfast_store::{Old, Passing, Store};

use crate::fixtures::*;

/// So many seconds after `NOW`.
fn at(seconds: u32) -> Timestamp {
    NOW.after(Span::seconds(seconds))
}

fn id_at<I: Id>(seconds: u32) -> I {
    IdSource::first_at(at(seconds).ms())
}

/// A reply that was made so many seconds after `NOW`. The keys are in no order of time.
fn reply(seconds: u32) -> Replay {
    let key = format!("{}{seconds}", 9 - seconds % 10);
    let (created, fingerprint) = (at(seconds), String::new());
    Replay { key, created, fingerprint, subject: None, reply: None }
}

fn delivery(seconds: u32, state: DeliveryState) -> Delivery {
    Delivery {
        id: id_at(seconds),
        created: at(seconds),
        endpoint: id(1),
        event: id_at(seconds),
        tries: 1,
        state,
        last_try: None,
        earlier_tries: Vec::new(),
    }
}

fn delivered(seconds: u32) -> Delivery {
    delivery(seconds, DeliveryState::Delivered { at: at(seconds) })
}

fn link(seconds: u32) -> AccountLink {
    AccountLink {
        id: id_at(seconds),
        created: at(seconds),
        seller: id(1),
        purpose: LinkPurpose::Login,
        refresh_url: None,
        return_url: None,
        secret: Secret::new("link".to_owned()),
        expires_at: at(seconds),
        visit: None,
    }
}

fn happened(seconds: u32) -> Event {
    Event { id: id_at(seconds), at: at(seconds), ..event(1, EventKind::AccountUpdated, Some(1)) }
}

async fn drop_all(store: &dyn Store, what: Passing, before: u32, limit: usize) -> usize {
    store.drop_old(Old { what, before: at(before) }, limit).await.unwrap()
}

/// How many rows of a kind there are.
async fn count(store: &dyn Store, kind: RowKind) -> usize {
    store.rows(&RowsQuery::newest(ours(), kind, 100)).await.unwrap().len()
}

async fn events(store: &dyn Store) -> Vec<Timestamp> {
    let query = EventsQuery {
        platform: ours(),
        payment: None,
        kinds: Vec::new(),
        created: Default::default(),
        page: Page::first(100),
    };
    store.events(&query).await.unwrap().into_iter().map(|event| event.at).collect()
}

pub(crate) async fn the_old_is_dropped_the_oldest_first(store: &dyn Store) {
    for seconds in [3, 1, 4, 2, 5] {
        let rows = vec![put(0, reply(seconds)), put(0, delivered(seconds)), put(0, link(seconds))];
        must(store, Changes { events: vec![happened(seconds)], ..puts(rows) }).await;
    }
    for what in Passing::ALL.into_iter().filter(|what| *what != Passing::BankTokens) {
        let dropped = async |before, limit| drop_all(store, what, before, limit).await;
        assert_eq!((dropped(1, 9).await, dropped(5, 0).await), (0, 0), "{what:?}");
        assert_eq!(dropped(5, 3).await, 3, "{what:?}");
        assert_eq!((dropped(5, 3).await, dropped(5, 3).await), (1, 0), "{what:?}");
    }
    for kind in [RowKind::Replay, RowKind::Delivery, RowKind::AccountLink] {
        assert_eq!(count(store, kind).await, 1, "{kind:?}");
    }
    assert_eq!(events(store).await, [at(5)]);
    let left = [reply(5).own_key(), delivered(5).own_key(), reply(4).own_key()];
    let left = store.load(ours(), &left).await.unwrap();
    assert!(left[0].is_some() && left[1].is_some() && left[2].is_none());
    // Nothing finds what is gone.
    for (link, expected) in [(id_at::<holdfast_core::id::EventId>(4), 0), (id_at(5), 1)] {
        let query = RowsQuery::newest(ours(), RowKind::Delivery, 9).linked(&link);
        assert_eq!(store.rows(&query).await.unwrap().len(), expected);
    }
}

pub(crate) async fn what_will_be_tried_again_stays(store: &dyn Store) {
    let retrying = DeliveryState::Retrying { status: None, next_at: at(99) };
    let given_up = DeliveryState::GivenUp { at: at(2) };
    let rows = vec![put(0, delivery(1, retrying)), put(0, delivery(2, given_up))];
    must(store, puts(rows)).await;
    assert_eq!(drop_all(store, Passing::Deliveries, 9, 9).await, 1);
    let states = store.count_states(ours(), RowKind::Delivery).await;
    assert_eq!(states, Ok(vec![("retrying".to_owned(), 1)]));
}

pub(crate) async fn what_money_was_decided_upon_stays(store: &dyn Store) {
    let sale = (Account::ProcessorClearing, Account::PlatformAvailable, usd(5));
    let changes = Changes {
        puts: vec![put(0, seller(1)), put(0, order(1, 1, awaiting()))],
        entries: vec![entry(1, 1, sale)],
        effects: vec![effect(1, 0)],
        ..nothing()
    };
    must(store, changes).await;
    for what in Passing::ALL {
        assert_eq!(drop_all(store, what, 1_000_000, 100).await, 0, "{what:?}");
    }
    assert_eq!(count(store, RowKind::Seller).await + count(store, RowKind::Order).await, 2);
    assert_eq!(store.journal(ours(), id(1)).await.unwrap().len(), 1);
    assert_eq!(store.balances(ours(), Accounts::Platform).await.unwrap().len(), 2);
    assert_eq!(store.count_effects().await.unwrap().len(), 1);
}

pub(crate) async fn what_was_dropped_can_be_made_again(store: &dyn Store) {
    let key: [RowKey; 1] = [reply(1).own_key()];
    for _ in 0..2 {
        assert_eq!(store.load(ours(), &key).await, Ok(vec![None]));
        must(store, puts(vec![put(0, reply(1))])).await;
        let found = store.load(ours(), &key).await.unwrap();
        assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(1));
        assert_eq!(drop_all(store, Passing::Replies, 2, 9).await, 1);
    }
    // Another row's place in the lists is its own.
    let other: EffectId = id_at(3);
    must(store, puts(vec![put(0, delivered(1)), put(0, delivered(3))])).await;
    assert_eq!(drop_all(store, Passing::Deliveries, 3, 9).await, 1);
    let query = RowsQuery::newest(ours(), RowKind::Delivery, 9)
        .linked(&id::<holdfast_core::id::WebhookEndpointId>(1));
    let found = store.rows(&query).await.unwrap();
    assert_eq!(found.iter().map(|row| row.key()).collect::<Vec<_>>(), [Delivery::key(&other)]);
}
