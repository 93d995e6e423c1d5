//! What only a store on a disk has to show.

use std::path::Path;

use holdfast_core::currency::Currency;
use holdfast_core::customer::Customer;
use holdfast_core::event::EventKind;
use holdfast_core::id::{CustomerId, PaymentIntentId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::view::StoredRow;
use holdfast_store::query::{Accounts, RowsQuery};
use holdfast_store::sqlite::SqliteStore;
use holdfast_store::{ReadSide, Store, StoreError};

use crate::fixtures::*;

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(folder).unwrap()
}

#[tokio::test]
async fn a_store_that_is_opened_again_has_everything() {
    let folder = tempfile::tempdir().unwrap();
    let sale = (Account::ProcessorClearing, Account::PlatformAvailable, usd(5));
    let changes = holdfast_core::change::Changes {
        puts: vec![put(0, seller(1))],
        entries: vec![entry(1, 1, sale)],
        effects: vec![effect(1, 0)],
        events: vec![event(1, EventKind::AccountUpdated, Some(1))],
        ..nothing()
    };
    let store = open(folder.path());
    must(&store, changes).await;
    assert_eq!(store.claim(lease_at(0), 9).await, Ok(vec![]));
    drop(store);

    let store = open(folder.path());
    let found = store.load(ours(), &[Seller::key(&id(1))]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(1));
    assert_eq!(store.journal(ours(), id(1)).await, Ok(vec![entry(1, 1, sale)]));
    assert_eq!(store.balances(ours(), Accounts::Platform).await.unwrap().len(), 2);
    assert!(store.event(ours(), id(1)).await.unwrap().is_some());
    // Whoever had leased the effect is gone.
    let claimed = store.claim(lease_at(0), 9).await.unwrap();
    assert_eq!(claimed.into_iter().map(|owned| owned.effect).collect::<Vec<_>>(), [effect(1, 0)]);
}

#[tokio::test]
async fn a_commit_is_carried_out_for_a_caller_that_went_away() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    drop(store.commit(vec![puts(vec![put(0, seller(1))])], lease_at(0)));
    drop(store);
    let store = open(folder.path());
    let found = store.load(ours(), &[Seller::key(&id(1))]).await.unwrap();
    assert!(found[0].is_some());
}

#[tokio::test]
async fn only_one_opens_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let second = SqliteStore::open(folder.path()).err().unwrap();
    assert!(second.retryable() && second.to_string().contains("in use"), "{second}");
    drop(store);
    open(folder.path());
}

#[tokio::test]
async fn a_file_of_another_schema_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let file = folder.path().join("holdfast.sqlite");
    let version = |connection: &rusqlite::Connection| -> i64 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    };
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", version(&connection) + 1).unwrap();
    drop(connection);
    for _ in 0..2 {
        let refused = SqliteStore::open(folder.path()).err().unwrap();
        assert!(matches!(refused, StoreError::Unusable(_)), "{refused}");
    }
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", version(&connection) - 1).unwrap();
    drop(connection);
    open(folder.path());
}

/// A file as schema 2 had it: a customer who is listed by an address that is not the customer's
/// any more, an entry, an event and a timer.
fn write_schema_2(folder: &Path) {
    let connection = rusqlite::Connection::open(folder.join("holdfast.sqlite")).unwrap();
    connection.execute_batch(include_str!("schema_2.sql")).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    let (platform, payment) = (ours().to_string(), id::<PaymentIntentId>(1).to_string());
    let row = customer(1, Some("new")).into_row();
    let customer = id::<CustomerId>(1).to_string();
    let insert = "INSERT INTO rows VALUES ('customer', ?, ?, 7, ?, 'active', ?)";
    let values = rusqlite::params![customer, platform, NOW.ms(), json(&row)];
    connection.execute(insert, values).unwrap();
    for email in ["old", "new"] {
        let insert = "INSERT INTO links VALUES ('customer', ?, ?)";
        connection.execute(insert, [Customer::email_link(email), customer.clone()]).unwrap();
    }
    let entry = entry(1, 1, SALE);
    let number = entry.id.to_string();
    let insert = "INSERT INTO entries VALUES (?, ?, 'cmd_', ?, 'capture', ?, ?, ?)";
    let values = rusqlite::params![number, platform, NOW.ms(), payment, entry.source, json(&entry)];
    connection.execute(insert, values).unwrap();
    let lines = [("processor_clearing", 5), ("platform_available", -5)];
    for (line, (account, signed)) in lines.into_iter().enumerate() {
        let insert = "INSERT INTO postings VALUES (?, ?, ?, 'USD', ?)";
        let values = rusqlite::params![number, i64::try_from(line).unwrap(), account, signed];
        connection.execute(insert, values).unwrap();
        let insert = "INSERT INTO balances VALUES (?, 'USD', ?, ?)";
        connection.execute(insert, rusqlite::params![account, platform, signed]).unwrap();
    }
    let timer = effect(1, 0);
    let insert = "INSERT INTO effects VALUES (?, ?, ?, 0, 'timer', ?)";
    let values = rusqlite::params![timer.id.to_string(), platform, timer.due.ms(), json(&timer)];
    connection.execute(insert, values).unwrap();
    let event = event(1, EventKind::AccountUpdated, Some(1));
    let insert = "INSERT INTO events VALUES (?, ?, 'account.updated', ?, ?, ?)";
    let values = rusqlite::params![event.id.to_string(), platform, payment, NOW.ms(), json(&event)];
    connection.execute(insert, values).unwrap();
}

const SALE: (Account, Account, Money) =
    (Account::ProcessorClearing, Account::PlatformAvailable, Money::new(5, Currency::USD));

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[tokio::test]
async fn a_file_of_the_schema_before_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    write_schema_2(folder.path());
    // The second time there is nothing left to be done.
    for _ in 0..2 {
        let store = open(folder.path());
        let found = store.load(ours(), &[Customer::key(&id(1))]).await.unwrap();
        let row = customer(1, Some("new")).into_row();
        assert_eq!(found, [Some(StoredRow { version: 7, row: row.clone().into() })]);
        for (email, expected) in [("old", vec![]), ("new", vec![row])] {
            let query = RowsQuery::newest(ours(), RowKind::Customer, 9)
                .linked(&Customer::email_link(email));
            assert_eq!(store.rows(&query).await, Ok(expected), "{email}");
        }
        assert_eq!(store.journal(ours(), id(1)).await, Ok(vec![entry(1, 1, SALE)]));
        assert_eq!(store.balances(ours(), Accounts::Platform).await.unwrap().len(), 2);
        let updated = event(1, EventKind::AccountUpdated, Some(1));
        assert_eq!(store.event(ours(), id(1)).await, Ok(Some(updated)));
        assert_eq!(store.count_effects().await, Ok(vec![("timer".to_owned(), 1)]));
    }
    let store = open(folder.path());
    let moved = customer(1, Some("newer"));
    must(&store, puts(vec![put(7, moved)])).await;
}

#[tokio::test]
async fn a_file_of_schema_3_gets_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    must(&store, puts(vec![put(0, seller(1))])).await;
    drop(store);
    let file = folder.path().join("holdfast.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.execute_batch("DROP INDEX rows_of_replies; PRAGMA user_version = 3").unwrap();
    drop(connection);
    let store = open(folder.path());
    assert!(store.load(ours(), &[Seller::key(&id(1))]).await.unwrap()[0].is_some());
    let connection = rusqlite::Connection::open(&file).unwrap();
    let found = "SELECT count(*) FROM sqlite_schema WHERE name = 'rows_of_replies'";
    let count: i64 = connection.query_row(found, [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn the_log_begins_anew_while_commits_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let name = "n".repeat(200_000);
    // Each writes fifty pages: three times as many as make a long log.
    for number in 1..=600 {
        let mut batch = puts(vec![put(number - 1, named_seller(1, &name))]);
        batch.events = vec![event(u32::try_from(number).unwrap(), EventKind::AccountUpdated, None)];
        must(&store, batch).await;
    }
    let log = folder.path().join("holdfast.sqlite-wal");
    let bytes = std::fs::metadata(&log).unwrap().len();
    assert!(bytes < 80 << 20, "the log has {bytes} bytes");
    drop(store);
    // Whoever closes the file last copies all of it.
    assert!(std::fs::metadata(&log).map_or(0, |log| log.len()) == 0);
    let store = open(folder.path());
    let found = store.load(ours(), &[Seller::key(&id(1))]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(600));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = SqliteStore::open(&folder.path().join("absent")).err().unwrap();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
}

#[tokio::test]
async fn what_makes_no_sense_is_corrupt_and_not_absent() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    must(&store, puts(vec![put(0, seller(1)), put(0, seller(2))])).await;
    drop(store);
    let file = folder.path().join("holdfast.sqlite");
    let connection = rusqlite::Connection::open(&file).unwrap();
    let first = id::<holdfast_core::id::SellerId>(1).to_string();
    connection.execute("UPDATE rows SET body = '{}' WHERE id = ?", [first]).unwrap();
    drop(connection);
    let store = open(folder.path());
    let found = store.load(ours(), &[Seller::key(&id(1))]).await;
    assert!(matches!(found, Err(StoreError::Corrupt(_))), "{found:?}");
    // The thread that met it serves on.
    assert!(store.load(ours(), &[Seller::key(&id(2))]).await.unwrap()[0].is_some());
}
