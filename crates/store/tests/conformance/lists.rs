//! The read side: lists with cursors both ways, and what they are narrowed to.

use holdfast_core::customer::Customer;
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, EventId, OrderId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::order::{OrderCancelReason, OrderState};
use holdfast_core::row::Row;
use holdfast_store::query::{Created, EventsQuery, PAGE_MAX, Page, RowsQuery};
use holdfast_store::{Outcome, Store};

use crate::fixtures::*;

fn page(older_than: Option<u32>, newer_than: Option<u32>, limit: usize) -> Page {
    let cursor = |number: u32| id::<SellerId>(number).to_string();
    Page { older_than: older_than.map(cursor), newer_than: newer_than.map(cursor), limit }
}

fn of_kind(kind: RowKind, page: Page) -> RowsQuery {
    RowsQuery { page, ..RowsQuery::newest(ours(), kind, PAGE_MAX) }
}

async fn sellers(store: &dyn Store, page: Page) -> Vec<Row> {
    store.rows(&of_kind(RowKind::Seller, page)).await.unwrap()
}

fn rows(numbers: impl IntoIterator<Item = u32>) -> Vec<Row> {
    numbers.into_iter().map(|number| Row::Seller(seller(number))).collect()
}

async fn with_sellers(store: &dyn Store, numbers: impl IntoIterator<Item = u32>) {
    let new = numbers.into_iter().map(|number| put(0, seller(number)));
    must(store, puts(new.collect())).await;
}

pub(crate) async fn rows_are_listed_the_newest_first(store: &dyn Store) {
    assert_eq!(sellers(store, Page::first(10)).await, rows([]));
    with_sellers(store, [2, 900, 61, 62, 1]).await;
    // Other kinds and other platforms are other lists.
    must(store, puts(vec![put(0, order(5, 1, awaiting()))])).await;
    let foreign =
        holdfast_core::change::Changes { platform: theirs(), ..puts(vec![put(0, seller(7))]) };
    must(store, foreign).await;
    assert_eq!(sellers(store, Page::first(10)).await, rows([900, 62, 61, 2, 1]));
}

pub(crate) async fn cursors_go_both_ways(store: &dyn Store) {
    with_sellers(store, 1..=9).await;
    let table = [
        (None, None, 3, vec![9, 8, 7]),
        (Some(7), None, 3, vec![6, 5, 4]),
        (Some(3), None, 3, vec![2, 1]),
        (Some(1), None, 3, vec![]),
        (None, Some(3), 3, vec![6, 5, 4]),
        (None, Some(7), 3, vec![9, 8]),
        (None, Some(9), 3, vec![]),
        (None, Some(1), 100, vec![9, 8, 7, 6, 5, 4, 3, 2]),
        (Some(8), Some(2), 3, vec![5, 4, 3]),
        (Some(8), Some(2), 100, vec![7, 6, 5, 4, 3]),
        (Some(2), Some(8), 100, vec![]),
        // A cursor need not be there itself.
        (Some(100), None, 2, vec![9, 8]),
        (None, Some(0), 2, vec![2, 1]),
    ];
    for (older_than, newer_than, limit, expected) in table {
        let found = sellers(store, page(older_than, newer_than, limit)).await;
        assert_eq!(found, rows(expected), "{older_than:?} {newer_than:?} {limit}");
    }
}

pub(crate) async fn pages_are_bounded(store: &dyn Store) {
    let all = u32::try_from(PAGE_MAX).unwrap() + 5;
    with_sellers(store, 1..=all).await;
    assert_eq!(sellers(store, Page::first(0)).await, rows([]));
    assert_eq!(sellers(store, page(None, Some(1), 0)).await, rows([]));
    assert_eq!(sellers(store, Page::first(usize::MAX)).await, rows((6..=all).rev()));
    assert_eq!(sellers(store, page(None, Some(1), usize::MAX)).await, rows((2..all - 3).rev()));
}

pub(crate) async fn rows_are_narrowed_to_links_and_states(store: &dyn Store) {
    let canceled = OrderState::Canceled { at: NOW, reason: OrderCancelReason::NotShipped };
    let orders =
        [(1, 7, awaiting()), (2, 8, awaiting()), (3, 7, canceled.clone()), (4, 7, awaiting())];
    let new = orders.map(|(number, seller, state)| put(0, order(number, seller, state)));
    must(store, puts(new.into())).await;
    // A row's place in the lists follows its state.
    must(store, puts(vec![put(1, order(4, 7, canceled))])).await;
    let table = [
        (None, None, None, vec![4, 3, 2, 1]),
        (Some(7), None, None, vec![4, 3, 1]),
        (Some(7), Some("canceled"), None, vec![4, 3]),
        (Some(7), Some("awaiting_shipment"), None, vec![1]),
        (None, Some("canceled"), None, vec![4, 3]),
        (Some(7), Some("canceled"), Some(4), vec![3]),
        (Some(9), None, None, vec![]),
        (None, Some("cancel"), None, vec![]),
    ];
    for (seller, state, older_than, expected) in table {
        let page = Page {
            older_than: older_than.map(|number| id::<OrderId>(number).to_string()),
            ..Page::first(10)
        };
        let query = RowsQuery {
            links: seller.map(|number| id::<SellerId>(number).to_string()).into_iter().collect(),
            states: state.map(str::to_owned).into_iter().collect(),
            ..of_kind(RowKind::Order, page)
        };
        let found = store.rows(&query).await.unwrap().into_iter().map(|row| row.key().id());
        let expected: Vec<_> =
            expected.into_iter().map(|number| id::<OrderId>(number).to_string()).collect();
        assert_eq!(found.collect::<Vec<_>>(), expected, "{seller:?} {state:?} {older_than:?}");
        let foreign = RowsQuery { platform: theirs(), ..query };
        assert_eq!(store.rows(&foreign).await, Ok(vec![]));
    }
}

pub(crate) async fn links_follow_what_a_row_says(store: &dyn Store) {
    let called = |number, email| put(0, customer(number, email));
    must(store, puts(vec![called(1, Some("old")), called(2, Some("other")), called(3, None)]))
        .await;
    let renamed = |expected, number, email| puts(vec![put(expected, customer(number, email))]);
    // In one batch and in another one: the second rename sees what the first one left.
    let batch = vec![renamed(1, 1, Some("between")), renamed(2, 1, Some("new"))];
    assert_eq!(commit(store, batch).await, [Outcome::Committed, Outcome::Committed]);
    must(store, renamed(1, 2, None)).await;
    must(store, renamed(1, 3, Some("new"))).await;
    // One that conflicts changes no list.
    assert_eq!(commit(store, vec![renamed(1, 3, Some("never"))]).await, [Outcome::Conflict]);
    let table = [
        ("old", vec![]),
        ("between", vec![]),
        ("new", vec![3, 1]),
        ("other", vec![]),
        ("never", vec![]),
    ];
    for (email, expected) in table {
        let link = Customer::email_link(email);
        let query = RowsQuery::newest(ours(), RowKind::Customer, 9).linked(&link);
        let found = store.rows(&query).await.unwrap().into_iter().map(|row| row.key().id());
        let expected = expected.into_iter().map(|number| id::<CustomerId>(number).to_string());
        assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{email}");
    }
}

pub(crate) async fn states_are_counted(store: &dyn Store) {
    assert_eq!(store.count_states(ours(), RowKind::Order).await, Ok(vec![]));
    let canceled = OrderState::Canceled { at: NOW, reason: OrderCancelReason::NotShipped };
    let orders = vec![
        put(0, order(1, 1, awaiting())),
        put(0, order(2, 1, canceled)),
        put(0, order(3, 1, awaiting())),
        put(0, seller(1)),
    ];
    must(store, puts(orders)).await;
    let mut counts = store.count_states(ours(), RowKind::Order).await.unwrap();
    counts.sort();
    let expected = [("awaiting_shipment", 2), ("canceled", 1)];
    assert_eq!(counts, expected.map(|(state, count)| (state.to_owned(), count)));
    assert_eq!(store.count_states(theirs(), RowKind::Order).await, Ok(vec![]));
}

fn all_events(page: Page) -> EventsQuery {
    EventsQuery {
        platform: ours(),
        payment: None,
        kinds: vec![],
        created: Created::default(),
        page,
    }
}

async fn found(store: &dyn Store, query: &EventsQuery) -> Vec<EventId> {
    store.events(query).await.unwrap().into_iter().map(|event| event.id).collect()
}

fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<EventId> {
    numbers.into_iter().map(id).collect()
}

pub(crate) async fn events_are_listed_like_rows(store: &dyn Store) {
    let new = (1..=9).map(|number| event(number, EventKind::AccountUpdated, None));
    must(store, events(new.collect())).await;
    let cursor = |number| Some(id::<EventId>(number).to_string());
    let table = [
        (None, None, vec![9, 8, 7]),
        (cursor(7), None, vec![6, 5, 4]),
        (None, cursor(3), vec![6, 5, 4]),
        (None, cursor(8), vec![9]),
        (cursor(4), cursor(2), vec![3]),
    ];
    for (older_than, newer_than, expected) in table {
        let query = all_events(Page { older_than, newer_than, limit: 3 });
        assert_eq!(found(store, &query).await, ids(expected), "{:?}", query.page);
    }
    let foreign = EventsQuery { platform: theirs(), ..all_events(Page::first(9)) };
    assert_eq!(found(store, &foreign).await, ids([]));
}

pub(crate) async fn events_are_narrowed_to_kinds_and_payments(store: &dyn Store) {
    let (shipped, captured) = (EventKind::OrderShipped, EventKind::ChargeCaptured);
    let new = [
        event(1, shipped, Some(1)),
        event(2, captured, Some(1)),
        event(3, shipped, Some(2)),
        event(4, EventKind::AccountUpdated, None),
    ];
    must(store, events(new.into())).await;
    let table = [
        (vec![], Some(1), vec![2, 1]),
        (vec![shipped], None, vec![3, 1]),
        (vec![shipped, captured], Some(1), vec![2, 1]),
        (vec![captured], Some(2), vec![]),
        (vec![EventKind::OrderCanceled], None, vec![]),
    ];
    for (kinds, payment, expected) in table {
        let query = EventsQuery { kinds, payment: payment.map(id), ..all_events(Page::first(9)) };
        assert_eq!(found(store, &query).await, ids(expected), "{query:?}");
    }
}

pub(crate) async fn an_event_is_found_by_its_id(store: &dyn Store) {
    let new = event(1, EventKind::OrderShipped, Some(1));
    must(store, events(vec![new.clone()])).await;
    assert_eq!(store.event(ours(), id(1)).await, Ok(Some(new)));
    assert_eq!(store.event(ours(), id(2)).await, Ok(None));
    assert_eq!(store.event(theirs(), id(1)).await, Ok(None));
}
