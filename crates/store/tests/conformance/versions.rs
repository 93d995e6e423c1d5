//! Optimistic versions, and changes that are whole or not at all.

use holdfast_core::change::Changes;
use holdfast_core::event::EventKind;
use holdfast_core::ledger::Account;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::view::StoredRow;
use holdfast_store::query::Accounts;
use holdfast_store::{Outcome, Store};

use crate::fixtures::*;

async fn version(store: &dyn Store, number: u32) -> u64 {
    let found = store.load(ours(), &[Seller::key(&id(number))]).await.unwrap();
    found[0].as_ref().map_or(0, |stored| stored.version)
}

pub(crate) async fn a_row_is_seen_as_the_last_commit_left_it(store: &dyn Store) {
    let key = [Seller::key(&id(1))];
    assert_eq!(store.load(ours(), &key).await, Ok(vec![None]));
    for number in 1..=5_u64 {
        let row = named_seller(1, &number.to_string());
        // Looked at in between, so that a store that remembers what it read is not believed.
        let conflicting = puts(vec![put(number + 7, named_seller(1, "never"))]);
        assert_eq!(commit(store, vec![conflicting]).await, [Outcome::Conflict]);
        must(store, puts(vec![put(number - 1, row.clone())])).await;
        let stored = StoredRow { version: number, row: row.into_row().into() };
        assert_eq!(store.load(ours(), &key).await, Ok(vec![Some(stored)]));
        assert_eq!(store.load(theirs(), &key).await, Ok(vec![None]));
    }
}

pub(crate) async fn a_row_is_written_at_the_version_that_it_has(store: &dyn Store) {
    let table = [
        (1, Outcome::Conflict, 0),
        (0, Outcome::Committed, 1),
        (0, Outcome::Conflict, 1),
        (2, Outcome::Conflict, 1),
        (1, Outcome::Committed, 2),
        (1, Outcome::Conflict, 2),
        (2, Outcome::Committed, 3),
        (u64::MAX, Outcome::Conflict, 3),
    ];
    for (step, (expected, outcome, after)) in table.into_iter().enumerate() {
        let changes = puts(vec![put(expected, named_seller(1, &step.to_string()))]);
        assert_eq!(commit(store, vec![changes]).await, [outcome], "step {step}");
        assert_eq!(version(store, 1).await, after, "step {step}");
    }
}

pub(crate) async fn changes_are_committed_whole_or_not_at_all(store: &dyn Store) {
    must(store, puts(vec![put(0, seller(1))])).await;
    let sale = (Account::ProcessorClearing, Account::PlatformAvailable, usd(5));
    let conflicting = Changes {
        // The second of the rows is there already.
        puts: vec![put(0, seller(2)), put(0, seller(1)), put(0, seller(3))],
        entries: vec![entry(1, 1, sale)],
        effects: vec![effect(1, 0)],
        events: vec![event(1, EventKind::AccountUpdated, Some(1))],
        ..nothing()
    };
    assert_eq!(commit(store, vec![conflicting.clone()]).await, [Outcome::Conflict]);
    assert_eq!(
        [version(store, 1).await, version(store, 2).await, version(store, 3).await],
        [1, 0, 0]
    );
    assert_eq!(store.journal(ours(), id(1)).await, Ok(vec![]));
    assert_eq!(store.balances(ours(), Accounts::Platform).await, Ok(vec![]));
    assert_eq!(store.count_effects().await, Ok(vec![]));
    assert_eq!(store.event(ours(), id(1)).await, Ok(None));

    let fitting = Changes { puts: vec![put(0, seller(2)), put(1, seller(1))], ..conflicting };
    must(store, fitting).await;
    assert_eq!([version(store, 1).await, version(store, 2).await], [2, 1]);
    assert_eq!(store.journal(ours(), id(1)).await.unwrap().len(), 1);
    assert_eq!(store.balances(ours(), Accounts::Platform).await.unwrap().len(), 2);
    assert_eq!(store.count_effects().await, Ok(vec![("timer".to_owned(), 1)]));
    assert!(store.event(ours(), id(1)).await.unwrap().is_some());
}

pub(crate) async fn a_batch_is_committed_in_its_order(store: &dyn Store) {
    let write =
        |expected, number, name: &str| puts(vec![put(expected, named_seller(number, name))]);
    let batch = vec![
        write(0, 1, "first"),
        write(0, 1, "late"),
        write(1, 1, "second"),
        write(1, 1, "late"),
        write(5, 2, "never"),
        write(0, 2, "other"),
    ];
    let outcomes = commit(store, batch).await;
    let (yes, no) = (Outcome::Committed, Outcome::Conflict);
    assert_eq!(outcomes, [yes.clone(), no.clone(), yes.clone(), no.clone(), no, yes]);
    let keys = [1, 2].map(|number| Seller::key(&id(number)));
    let found = store.load(ours(), &keys).await.unwrap();
    let names = found.into_iter().map(|stored| {
        let stored = stored.unwrap();
        Seller::of_row(&stored.row).unwrap().name.clone().unwrap()
    });
    assert_eq!(names.collect::<Vec<_>>(), ["second", "other"]);
}

pub(crate) async fn an_empty_batch_is_committed(store: &dyn Store) {
    assert_eq!(commit(store, vec![]).await, []);
    assert_eq!(commit(store, vec![nothing()]).await, [Outcome::Committed]);
}

pub(crate) async fn a_row_that_is_relied_upon_must_be_as_it_was(store: &dyn Store) {
    must(store, puts(vec![put(0, seller(1))])).await;
    let foreign = Changes { platform: theirs(), ..puts(vec![put(0, seller(2))]) };
    must(store, foreign).await;
    let (yes, no) = (Outcome::Committed, Outcome::Conflict);
    let mut made = 10;
    for (number, version_relied, outcome) in [
        (1, 1, yes.clone()),
        (1, 1, yes.clone()),
        (1, 2, no.clone()),
        // Nobody relies on what is not there, or is another platform's.
        (3, 1, no.clone()),
        (2, 1, no.clone()),
    ] {
        made += 1;
        let relied = vec![relied(number, version_relied)];
        let changes = Changes { relied, ..puts(vec![put(0, seller(made))]) };
        assert_eq!(commit(store, vec![changes]).await, std::slice::from_ref(&outcome), "{made}");
        assert_eq!(version(store, made).await, u64::from(outcome == yes), "{made}");
    }
    assert_eq!(version(store, 1).await, 1, "it was not written");

    // Within a batch: what was decided before the row was written conflicts.
    let relies = |made| Changes { relied: vec![relied(1, 1)], ..puts(vec![put(0, seller(made))]) };
    let batch = vec![relies(30), puts(vec![put(1, named_seller(1, "new"))]), relies(31)];
    assert_eq!(commit(store, batch).await, [yes.clone(), yes.clone(), no]);
    // Rows that are written stand between rows that are relied upon.
    let mixed = Changes {
        relied: vec![relied(1, 2), relied(12, 1)],
        ..puts(vec![put(0, order(5, 1, awaiting())), put(1, named_seller(11, "new"))])
    };
    assert_eq!(commit(store, vec![mixed]).await, [yes]);
    assert_eq!((version(store, 11).await, version(store, 12).await), (2, 1));
}
