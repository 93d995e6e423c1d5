//! Copies of the embedded store: made under load, looked through, and put back.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use holdfast_core::event::EventKind;
use holdfast_core::id::{EntryId, SellerId};
use holdfast_core::key::RowKind;
use holdfast_core::ledger::Account;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_store::query::{Accounts, PAGE_MAX, RowsQuery};
use holdfast_store::sqlite::{SqliteStore, backup, check, restore};
use holdfast_store::{ReadSide, Store, StoreError};

use crate::fixtures::*;

/// What one command of these tests writes: one of everything.
fn one(number: u32) -> holdfast_core::change::Changes {
    let sale = (Account::ProcessorClearing, Account::PlatformAvailable, usd(5));
    holdfast_core::change::Changes {
        puts: vec![put(0, seller(number)), put(0, customer(number, Some("buyer")))],
        entries: vec![entry(number, 1, sale)],
        effects: vec![effect(number, 0)],
        events: vec![event(number, EventKind::AccountUpdated, Some(1))],
        ..nothing()
    }
}

async fn count(store: &SqliteStore, kind: RowKind) -> u64 {
    let counts = store.count_states(ours(), kind).await.unwrap();
    counts.iter().map(|(_, count)| count).sum()
}

#[tokio::test]
async fn a_copy_made_under_load_is_put_back_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (data, anew) = (folder.path().join("data"), folder.path().join("anew"));
    for folder in [&data, &anew] {
        std::fs::create_dir(folder).unwrap();
    }
    let store = Arc::new(SqliteStore::open(&data).unwrap());
    let (over, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let load = {
        let (store, over, written) = (Arc::clone(&store), Arc::clone(&over), Arc::clone(&written));
        tokio::spawn(async move {
            for number in 1.. {
                must(&*store, one(number)).await;
                written.store(number, Ordering::SeqCst);
                if over.load(Ordering::SeqCst) {
                    return;
                }
            }
        })
    };
    while written.load(Ordering::SeqCst) < 50 {
        tokio::task::yield_now().await;
    }
    let before = written.load(Ordering::SeqCst);
    let copy = folder.path().join("copy.sqlite");
    let (from, to) = (data.clone(), copy.clone());
    tokio::task::spawn_blocking(move || backup(&from, &to)).await.unwrap().unwrap();
    let after = written.load(Ordering::SeqCst) + 1;
    assert_eq!(check(&data), Ok(vec![]), "the store is looked through under load");
    over.store(true, Ordering::SeqCst);
    load.await.unwrap();
    drop(store);

    restore(&copy, &anew).unwrap();
    assert_eq!(check(&anew), Ok(vec![]));
    let store = SqliteStore::open(&anew).unwrap();
    let sellers = count(&store, RowKind::Seller).await;
    assert!(
        (u64::from(before)..=u64::from(after)).contains(&sellers),
        "{before} {sellers} {after}"
    );
    // All that is in it is of one moment.
    assert_eq!(count(&store, RowKind::Customer).await, sellers);
    let balances = store.balances(ours(), Accounts::One(Account::PlatformAvailable)).await.unwrap();
    assert_eq!(balances[0].signed_minor, -5 * i64::try_from(sellers).unwrap());
    let linked = RowsQuery::newest(ours(), RowKind::Customer, PAGE_MAX);
    let linked = linked.linked(&holdfast_core::customer::Customer::email_link("buyer"));
    let listed = u64::try_from(store.rows(&linked).await.unwrap().len()).unwrap();
    assert_eq!(listed, sellers.min(u64::try_from(PAGE_MAX).unwrap()));
    // It is a store like any other.
    must(&store, one(u32::try_from(sellers).unwrap() + 1)).await;
}

#[tokio::test]
async fn nothing_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path(), folder.path().join("copy"));
    assert!(matches!(backup(data, &copy), Err(StoreError::Unavailable(_))), "there is no store");
    let store = SqliteStore::open(data).unwrap();
    must(&store, one(1)).await;
    backup(data, &copy).unwrap();
    assert!(matches!(backup(data, &copy), Err(StoreError::Unavailable(_))), "there is a file");
    let refused = restore(&copy, data).err().unwrap();
    assert!(refused.to_string().contains("in use"), "{refused}");
    drop(store);
    let refused = restore(&copy, data).err().unwrap();
    assert!(refused.to_string().contains("exists"), "{refused}");
    let store = SqliteStore::open(data).unwrap();
    assert!(store.load(ours(), &[Seller::key(&id(1))]).await.unwrap()[0].is_some());
}

/// Changes a copy as a bad disk or somebody with an editor might.
fn spoiled(copy: &Path, sql: &str) {
    let connection = rusqlite::Connection::open(copy).unwrap();
    assert_eq!(connection.execute(sql, []).unwrap(), 1, "{sql}");
}

#[tokio::test]
async fn what_is_wrong_with_a_store_is_found_and_not_put_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    must(&store, one(1)).await;
    must(&store, one(2)).await;
    drop(store);
    let (first, entry): (SellerId, EntryId) = (id(1), id(1));
    let table = [
        ("UPDATE balances SET signed = 11 WHERE account = 'processor_clearing'".to_owned(), "sum"),
        (format!("UPDATE postings SET signed = 6 WHERE line = 0 AND entry = '{entry}'"), "balance"),
        (format!("UPDATE rows SET body = '{{}}' WHERE id = '{first}'"), "cannot be read"),
        (format!("UPDATE rows SET state = 'x' WHERE id = '{first}'"), "listed"),
        ("DELETE FROM links WHERE id = (SELECT max(id) FROM links)".to_owned(), "listed"),
        ("UPDATE events SET body = '' WHERE number = 1".to_owned(), "cannot be read"),
    ];
    for (sql, expected) in table {
        let (copy, anew) = (folder.path().join("copy"), folder.path().join("anew"));
        backup(folder.path(), &copy).unwrap();
        spoiled(&copy, &sql);
        std::fs::create_dir(&anew).unwrap();
        let refused = restore(&copy, &anew).err().unwrap();
        assert!(matches!(refused, StoreError::Corrupt(_)), "{sql}");
        assert!(refused.to_string().contains(expected), "{sql}: {refused}");
        assert!(!anew.join("holdfast.sqlite").exists());
        std::fs::remove_file(&copy).unwrap();
        std::fs::remove_dir_all(&anew).unwrap();
    }
    assert_eq!(check(folder.path()), Ok(vec![]));
}

#[tokio::test]
async fn a_page_that_the_disk_has_spoiled_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let named = (1..=200).map(|number| put(0, named_seller(number, &"n".repeat(1_000))));
    must(&store, puts(named.collect())).await;
    drop(store);
    let file = folder.path().join("holdfast.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    // The head of every page from the middle on.
    for page in bytes.chunks_mut(4_096).skip(20) {
        page[..16].fill(0xff);
    }
    std::fs::write(&file, bytes).unwrap();
    let found = check(folder.path());
    assert!(!matches!(&found, Ok(found) if found.is_empty()), "{found:?}");
}
