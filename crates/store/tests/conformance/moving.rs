//! From the file to PostgreSQL: whole or not at all.

use std::path::Path;

use holdfast_core::change::Changes;
use holdfast_core::event::EventKind;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::Account;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_store::moving;
use holdfast_store::postgres::PostgresStore;
use holdfast_store::query::{Accounts, RowsQuery};
use holdfast_store::sqlite::SqliteStore;
use holdfast_store::{Outcome, ReadSide, Store, StoreError};

use crate::fixtures::*;
use crate::server::Server;

const SELLERS: u32 = 2_345;

/// An installation with more rows than are sent at once, and some of every table.
async fn filled(folder: &Path) {
    let store = SqliteStore::open(folder).unwrap();
    must(&store, puts((1..=SELLERS).map(|number| put(0, seller(number))).collect())).await;
    must(&store, puts((1..9).map(|number| put(0, order(number, 1, awaiting()))).collect())).await;
    let (busy, held) = (Account::SellerAvailable(id(1)), Account::Held(id(1)));
    let sold = [(Account::ProcessorClearing, held, usd(90)), (held, busy, usd(50))];
    must(&store, entries((1..).zip(sold).map(|(number, it)| entry(number, 1, it)).collect())).await;
    must(&store, effects(vec![effect(1, 0), effect(2, 60)])).await;
    must(&store, events(vec![event(1, EventKind::AccountUpdated, Some(1))])).await;
}

async fn moved(folder: &Path, address: &str) -> Result<moving::Moved, StoreError> {
    moving::to_postgres(folder, address, |_, _| {}).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_is_moved() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let address = server.database();
    filled(folder.path()).await;
    let done = moved(folder.path(), &address).await.unwrap();
    assert!(Path::new(&done.file).exists() && !folder.path().join("holdfast.sqlite").exists());

    let store = PostgresStore::connect(&address, "moved").await.unwrap();
    let found = store.load(ours(), &[Seller::key(&id(SELLERS))]).await.unwrap();
    assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(1));
    let counted = store.count_states(ours(), RowKind::Seller).await;
    assert_eq!(counted, Ok(vec![(String::new(), u64::from(SELLERS))]));
    let of_seller =
        RowsQuery::newest(ours(), RowKind::Order, 9).linked(&id::<holdfast_core::id::SellerId>(1));
    assert_eq!(store.rows(&of_seller).await.unwrap().len(), 8);
    assert_eq!(store.journal(ours(), id(1)).await.unwrap().len(), 2);
    assert!(store.event(ours(), id(1)).await.unwrap().is_some());
    // Whoever had leased an effect is gone.
    assert_eq!(store.claim(lease_at(61), 9).await.unwrap().len(), 2);

    // Money goes on from where it was.
    let busy = Account::SellerAvailable(id(1));
    let out = |number, minor| entries(vec![entry(number, 1, (busy, Account::Bank, usd(minor)))]);
    let outcomes = commit(&store, vec![out(3, 60), out(4, 50), out(5, 1)]).await;
    let no = Outcome::LimitExceeded;
    assert_eq!(outcomes, [no.clone(), Outcome::Committed, no]);
    let held = store.balances(ours(), Accounts::HeldTotal).await.unwrap();
    assert_eq!(held[0].signed_minor, -40);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_is_whole_or_not_at_all() {
    let (mut server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let address = server.database();
    filled(folder.path()).await;
    // The file is in use.
    let open = SqliteStore::open(folder.path()).unwrap();
    assert!(matches!(moved(folder.path(), &address).await, Err(StoreError::Unavailable(_))));
    drop(open);
    // The database is killed in the middle.
    let broken = {
        let (folder, address) = (folder.path().to_owned(), address.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(moved(&folder, &address))
        })
    };
    tokio::time::sleep(std::time::Duration::from_millis(120)).await;
    server.kill_and_restart();
    if broken.join().unwrap().is_err() {
        moved(folder.path(), &address).await.unwrap();
    }
    // It was moved, and only the file kept its name.
    std::fs::rename(
        folder.path().join("holdfast-moved.sqlite"),
        folder.path().join("holdfast.sqlite"),
    )
    .unwrap();
    moved(folder.path(), &address).await.unwrap();
    assert!(matches!(moved(folder.path(), &address).await, Err(StoreError::Unavailable(_))));

    // Another installation does not fit into what is there.
    let other = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(other.path()).unwrap();
    must(&store, Changes { puts: vec![put(0, seller(1))], ..nothing() }).await;
    drop(store);
    assert!(matches!(moved(other.path(), &address).await, Err(StoreError::Corrupt(_))));
    assert!(other.path().join("holdfast.sqlite").exists());
}
