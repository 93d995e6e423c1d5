//! Several nodes over one database, and a database that fails them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use holdfast_core::change::Changes;
use holdfast_core::currency::Currency;
use holdfast_core::ledger::{Account, EntryReason, JournalEntry};
use holdfast_core::money::Money;
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_store::postgres::PostgresStore;
use holdfast_store::query::Accounts;
use holdfast_store::{Outcome, ReadSide, Store};

use crate::fixtures::*;
use crate::proxy::{Cut, Proxy};
use crate::server::Server;

const CLEARING: Account = Account::ProcessorClearing;

fn moved(number: u32, from: Account, to: Account, minor: i64) -> Changes {
    entries(vec![entry(number, 1, (from, to, usd(minor)))])
}

async fn balance(store: &dyn Store, account: Account) -> i64 {
    let found = store.balances(ours(), Accounts::One(account)).await.unwrap();
    found.iter().map(|balance| balance.signed_minor).sum()
}

/// Several nodes over a new database.
async fn several(server: &Server, count: usize) -> Vec<Arc<PostgresStore>> {
    let address = server.database();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    let mut nodes = Vec::new();
    for number in 0..count {
        let node = PostgresStore::connect(&address, &format!("node {number}")).await.unwrap();
        nodes.push(Arc::new(node));
    }
    nodes
}

/// Commits each of the changes by another node, all at once.
async fn race(nodes: &[Arc<PostgresStore>], all: Vec<Changes>) -> Vec<Outcome> {
    let commits = all.into_iter().zip(nodes.iter().cycle()).map(|(changes, node)| {
        let node = Arc::clone(node);
        tokio::spawn(async move { node.commit(vec![changes], lease_at(0)).await.unwrap() })
    });
    let mut outcomes = Vec::new();
    for commit in commits.collect::<Vec<_>>() {
        outcomes.extend(commit.await.unwrap());
    }
    outcomes
}

fn committed(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| **outcome == Outcome::Committed).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_race_keep_limits_and_versions() {
    let server = Server::start();
    let nodes = several(&server, 3).await;
    let busy = Account::SellerAvailable(id(1));
    // Each node puts something in, so that the account has a part at each.
    let paid_in = (1..=9).map(|number| moved(number, CLEARING, busy, 10)).collect();
    assert_eq!(committed(&race(&nodes, paid_in).await), 9);
    let taken = (10..60).map(|number| moved(number, busy, Account::Bank, 20)).collect();
    // 90 is there: four times 20, whoever takes it.
    assert_eq!(committed(&race(&nodes, taken).await), 4);
    assert_eq!(balance(&*nodes[0], busy).await, -10);

    // A payout of fees looks at what all nodes have earned.
    let fees = (60..66).map(|number| moved(number, busy, Account::PlatformFees, 1)).collect();
    assert_eq!(committed(&race(&nodes, fees).await), 6);
    let payout = |number| {
        let paid = (Account::PlatformFees, Account::Bank, usd(2));
        let entry = JournalEntry { reason: EntryReason::Payout, ..entry(number, 1, paid) };
        entries(vec![entry])
    };
    assert_eq!(committed(&race(&nodes, (66..86).map(payout).collect()).await), 3);
    assert_eq!(balance(&*nodes[1], Account::PlatformFees).await, 0);

    let write = |name: u32| puts(vec![put(0, named_seller(1, &name.to_string()))]);
    assert_eq!(committed(&race(&nodes, (0..30).map(write).collect()).await), 1);
    let held = Account::Held(id(1));
    must(&*nodes[0], moved(90, CLEARING, held, 50)).await;
    let taken = (100..120).map(|number| moved(number, held, Account::Bank, 20)).collect();
    assert_eq!(committed(&race(&nodes, taken).await), 2);
}

/// Pays a seller who is as it was made.
fn paid(number: u32, seller: u32) -> Changes {
    let moved = moved(number, CLEARING, Account::SellerAvailable(id(seller)), 1);
    Changes { relied: vec![relied(seller, 1)], ..moved }
}

/// Writes a seller who has nothing.
fn closed(number: u32) -> Changes {
    let emptied = Account::of_seller(id(number)).to_vec();
    Changes { emptied, ..puts(vec![put(1, named_seller(number, "gone"))]) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_paid_whose_account_another_node_finds_empty() {
    let server = Server::start();
    let nodes = several(&server, 3).await;
    for round in 0..24_u32 {
        let number = round + 1;
        must(&*nodes[0], puts(vec![put(0, seller(number))])).await;
        let mut all: Vec<_> = (1..=8).map(|it| paid(round * 100 + it, number)).collect();
        let place = all.len() - round as usize % 9;
        all.insert(place, closed(number));
        let mut outcomes = race(&nodes, all).await;
        let closing = outcomes.remove(place);
        let sum = balance(&*nodes[1], Account::SellerAvailable(id(number))).await;
        assert_eq!(-sum, i64::try_from(committed(&outcomes)).unwrap(), "round {round}");
        let expected = if sum == 0 { Outcome::Committed } else { Outcome::LimitExceeded };
        assert_eq!(closing, expected, "round {round}, {sum}");
    }
}

/// Pays seller 1 as another node would that has no part of the account yet, and does not commit it
/// before somebody waits for one of its locks.
const PAYS_SLOWLY: &str = "BEGIN;
    SELECT FROM rows WHERE kind = 'account' FOR SHARE;
    INSERT INTO balances (account, currency, platform, shard, signed)
        SELECT 'seller_available:' || id, 'JPY', platform, 7, -5 FROM rows
        WHERE kind = 'account';
    DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM pg_locks WHERE NOT granted) LOOP
            PERFORM pg_sleep(0.01);
        END LOOP;
    END $$;
    COMMIT";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_node_is_paying_in_is_waited_for() {
    let server = Arc::new(Server::start());
    let node = Arc::clone(&several(&server, 1).await[0]);
    must(&*node, puts(vec![put(0, seller(1))])).await;
    let slow = {
        let server = Arc::clone(&server);
        tokio::task::spawn_blocking(move || server.sql("check0", PAYS_SLOWLY))
    };
    let locks = "SELECT count(*) FROM pg_locks
        WHERE relation = 'balances'::regclass AND mode = 'RowExclusiveLock'";
    while server.value("check0", locks) == "0" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // It relies on the seller as well, and need not wait for that.
    must(&*node, paid(1, 1)).await;
    assert!(!slow.is_finished());
    must(&*node, moved(2, Account::SellerAvailable(id(1)), CLEARING, 1)).await;
    assert_eq!(commit(&*node, vec![closed(1)]).await, [Outcome::LimitExceeded]);
    assert!(slow.await.unwrap());
    let took = (Account::SellerAvailable(id(1)), CLEARING, Money::new(5, Currency::JPY));
    must(&*node, entries(vec![entry(3, 1, took)])).await;
    must(&*node, closed(1)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_effect_is_leased_to_one_node() {
    let server = Server::start();
    let nodes = several(&server, 3).await;
    must(&*nodes[0], effects((1..=300).map(|number| effect(number, 1)).collect())).await;
    let mut claims = Vec::new();
    for turn in 0..30 {
        let node = Arc::clone(&nodes[turn % 3]);
        claims.push(tokio::spawn(async move { node.claim(lease_at(1), 20).await.unwrap() }));
    }
    let mut taken = Vec::new();
    for claim in claims {
        taken.extend(claim.await.unwrap().into_iter().map(|owned| owned.effect.id));
    }
    // What one was just leasing was left to it by the others, so that a look may find less.
    taken.extend(nodes[0].claim(lease_at(1), 300).await.unwrap().iter().map(|it| it.effect.id));
    assert_eq!(taken.len(), 300);
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), 300, "an effect was leased twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_carried_out_once() {
    let server = Server::start();
    let direct = Arc::clone(&several(&server, 1).await[0]);
    let proxy = Proxy::to(server.port()).await;
    let node = PostgresStore::connect(&server.address(proxy.port, "check0"), "far").await.unwrap();
    let cuts = [Cut::Before, Cut::After, Cut::After, Cut::Before, Cut::None, Cut::Silent];
    for (number, cut) in (1..).zip(cuts) {
        proxy.cut(cut);
        let sold = moved(number, CLEARING, Account::PlatformFees, 1);
        let changes = Changes { puts: vec![put(0, seller(number))], ..sold };
        let outcomes = node.commit(vec![changes], lease_at(0)).await;
        assert_eq!(outcomes, Ok(vec![Outcome::Committed]), "{cut:?}");
        assert!(proxy.has_cut(), "{cut:?}");
        let found = direct.load(ours(), &[Seller::key(&id(number))]).await.unwrap();
        assert_eq!(found[0].as_ref().map(|stored| stored.version), Some(1), "{cut:?}");
        assert_eq!(balance(&*direct, CLEARING).await, i64::from(number), "{cut:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_number_was_taken_joins_anew() {
    let server = Server::start();
    let address = server.database();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    let first = PostgresStore::connect(&address, "first").await.unwrap();
    must(&first, moved(1, CLEARING, Account::PlatformFees, 1)).await;
    // It is frozen for two minutes, as the others see it.
    assert!(server.sql("check0", "UPDATE nodes SET seen = seen - interval '2 minutes'"));
    let second = PostgresStore::connect(&address, "second").await.unwrap();
    let numbers = "SELECT string_agg(coalesce(number::text, '-'), ' ' ORDER BY seen) FROM nodes";
    assert_eq!(server.value("check0", numbers), "- 1");
    must(&second, moved(2, CLEARING, Account::PlatformFees, 1)).await;
    must(&first, moved(3, CLEARING, Account::PlatformFees, 1)).await;
    assert_eq!(server.value("check0", numbers), "- 1 2");
    assert_eq!(balance(&first, CLEARING).await, 3);
    let parts = "SELECT count(*) FROM balances WHERE account = 'processor_clearing'";
    assert_eq!(server.value("check0", parts), "2");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_killed_loses_nothing_and_does_nothing_twice() {
    let mut server = Server::start();
    let nodes = several(&server, 2).await;
    let stop = Arc::new(AtomicBool::new(false));
    let workers = (0..4).map(|worker: u32| {
        let (node, stop) = (Arc::clone(&nodes[worker as usize % 2]), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut done = Vec::new();
            for number in (worker * 1_000_000..).take_while(|_| !stop.load(Ordering::SeqCst)) {
                let changes = moved(number + 1, CLEARING, Account::PlatformFees, 1);
                let outcomes = node.commit(vec![changes], lease_at(0)).await;
                assert_eq!(outcomes, Ok(vec![Outcome::Committed]));
                done.push(number + 1);
            }
            done
        })
    });
    let workers: Vec<_> = workers.collect();
    for pause in [300, 150, 700] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        server.kill_and_restart();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::SeqCst);
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    for number in &done {
        let found = nodes[0].entry(ours(), id(*number)).await.unwrap();
        assert!(found.is_some(), "{number} was acknowledged and is lost");
    }
    assert!(done.len() > 20, "only {} commits", done.len());
    assert_eq!(server.value("check0", "SELECT count(*) FROM entries"), done.len().to_string());
    assert_eq!(balance(&*nodes[1], CLEARING).await, i64::try_from(done.len()).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_that_is_killed_goes_on_where_it_was() {
    let mut server = Server::start();
    for pause in [2, 15] {
        let address = server.database();
        let migrated = {
            let address = address.clone();
            tokio::spawn(async move { PostgresStore::migrate(&address, |_| {}).await })
        };
        tokio::time::sleep(Duration::from_millis(pause)).await;
        server.kill_and_restart();
        // It may have been done in time; if not, it says so.
        let _ = migrated.await.unwrap();
        PostgresStore::migrate(&address, |_| {}).await.unwrap();
        let node = PostgresStore::connect(&address, "node").await.unwrap();
        must(&node, moved(1, CLEARING, Account::PlatformFees, 1)).await;
    }
}
