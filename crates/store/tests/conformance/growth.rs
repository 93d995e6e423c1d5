//! PostgreSQL over tables that are full: nothing that a payment waits for walks through one.

use std::collections::BTreeMap;
use std::time::Duration;

use holdfast_core::change::Changes;
use holdfast_core::event::EventKind;
use holdfast_core::id::PaymentIntentId;
use holdfast_core::key::RowKind;
use holdfast_core::ledger::Account;
use holdfast_core::row::Record as _;
use holdfast_core::seller::Seller;
use holdfast_core::time::Timestamp;
use holdfast_store::postgres::PostgresStore;
use holdfast_store::query::{Accounts, Created, EntriesQuery, EventsQuery, Page, RowsQuery};
use holdfast_store::{Old, Passing, ReadSide as _, Store};

use crate::fixtures::*;
use crate::server::Server;

/// How many are read of a list, of the twenty that are made here.
const FEW: usize = 9;
/// The tables that grow with every payment.
const GROWING: &str = "'rows', 'links', 'entries', 'postings', 'balances', 'effects', 'events'";
/// So many rows of each table that to walk through them is never the shorter way, all of them older
/// than what is read here: `!` comes before all that ids are made of. The times of the effects are
/// years away. `$` stands for the platform.
const FILL: &str = "
    CREATE TEMP TABLE numbers AS
        SELECT n, '!' || lpad(n::text, 21, '0') AS id FROM generate_series(1, 20000) AS n;
    INSERT INTO rows SELECT 'order', 'ord_' || id, '$', 1, n, 'shipped', '{}' FROM numbers;
    INSERT INTO rows SELECT 'replay', id, '$', 1, n, '', '{}' FROM numbers;
    INSERT INTO rows SELECT 'delivery', 'eff_' || id, '$', 1, n, 'delivered', '{}' FROM numbers;
    INSERT INTO links SELECT 'order', 'pi_' || id, 'ord_' || id FROM numbers;
    INSERT INTO links SELECT 'delivery', 'evt_' || id, 'eff_' || id FROM numbers;
    INSERT INTO entries SELECT 'je_' || id, '$', n, 'pi_' || id, 'ch_' || id, '{}' FROM numbers;
    INSERT INTO postings SELECT 'je_' || id, 1, 'held:ord_' || id, 'USD', -1 FROM numbers;
    INSERT INTO balances SELECT 'held:ord_' || id, 'USD', '$', 0, -1 FROM numbers;
    INSERT INTO effects
        SELECT 'eff_' || id, '$', 4000000000000 + n, 0, NULL, 'timer', '{}' FROM numbers;
    INSERT INTO events SELECT 'evt_' || id, '$', 'order.shipped', 'pi_' || id, n, '{}'
        FROM numbers;
    ANALYZE;";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_walks_through_a_table_that_grows() {
    let server = Server::start();
    let address = server.database();
    let database = address.rsplit('/').next().unwrap().to_owned();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    assert!(server.sql(&database, &FILL.replace('$', &ours().to_string())));
    let begun = walks(&server, &database);
    let store = PostgresStore::connect(&address, "alone").await.unwrap();
    drop(store);
    let started = walks(&server, &database);
    let store = PostgresStore::connect(&address, "alone").await.unwrap();
    write(&store).await;
    read(&store).await;
    drop(store);
    let worked = walks(&server, &database);
    // A node that starts looks at all that waits, once. To work takes no more than that.
    assert_eq!(taken(&begun, &started)["effects"], 1);
    assert_eq!(taken(&started, &worked), taken(&begun, &started));
}

/// How often each table was walked through, once nobody is connected any more: what a connection
/// has counted is written down as it ends.
fn walks(server: &Server, database: &str) -> BTreeMap<String, u64> {
    let connected = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}'");
    while server.value("postgres", &connected) != "0" {
        std::thread::sleep(Duration::from_millis(50));
    }
    let counted = format!(
        "SELECT relname || ' ' || seq_scan FROM pg_stat_user_tables WHERE relname IN ({GROWING})"
    );
    let lines = server.value(database, &counted);
    let pairs = lines.lines().map(|line| line.split_once(' ').unwrap());
    pairs.map(|(name, count)| (name.to_owned(), count.parse().unwrap())).collect()
}

fn taken(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> BTreeMap<String, u64> {
    after.iter().map(|(name, count)| (name.clone(), count - before[name])).collect()
}

/// All that a commit may write, first anew and then over what is there.
async fn write(store: &PostgresStore) {
    for round in 0..20 {
        let held = Account::Held(id(round));
        let sale = (Account::ProcessorClearing, held, usd(5));
        let number = round + 1;
        must(
            store,
            Changes {
                puts: vec![put(u64::from(round), seller(1)), put(0, order(number, 1, awaiting()))],
                entries: vec![entry(number, 1, sale)],
                effects: vec![effect(number, 0), effect(1_000 + number, 60)],
                events: vec![event(number, EventKind::OrderShipped, Some(1))],
                ..nothing()
            },
        )
        .await;
        must(store, Changes { finished: vec![id(number)], ..nothing() }).await;
    }
    // Often enough that the database makes one plan for all times.
    for _ in 0..20 {
        assert_eq!(store.claim(lease_at(0), 9).await, Ok(vec![]));
    }
    for what in Passing::ALL.into_iter().cycle().take(100) {
        let expected = match what {
            Passing::Replies | Passing::Events | Passing::Deliveries => FEW,
            Passing::AccountLinks | Passing::BankTokens => 0,
        };
        let old = Old { what, before: Timestamp::from_ms(30_000) };
        assert_eq!(store.drop_old(old, FEW).await, Ok(expected), "{what:?}");
    }
    let later = lease_at(120);
    let claimed = store.claim(later, 9).await.unwrap();
    assert_eq!(claimed.len(), 9);
    let first = &claimed[0];
    assert_eq!(store.renew(first.effect.id, first.leased_until, later).await, Ok(true));
}

/// All that is read for somebody who pays, or who looks at a payment.
async fn read(store: &PostgresStore) {
    let payment: PaymentIntentId = id(1);
    assert!(store.load(ours(), &[Seller::key(&id(1))]).await.unwrap()[0].is_some());
    assert_eq!(store.journal(ours(), payment).await.unwrap().len(), 20);
    assert!(store.next_due(None).await.unwrap().is_some());
    for accounts in [Accounts::Platform, Accounts::Sellers, Accounts::One(Account::Held(id(1)))] {
        store.balances(ours(), accounts).await.unwrap();
    }
    let cursor = store.entries(&entries_of(ours(), None)).await.unwrap()[FEW - 1].id.to_string();
    for older_than in [None, Some(cursor)] {
        let page = Page { older_than, ..Page::first(FEW) };
        let source = Some("ch_1".to_owned());
        for query in [entries_of(ours(), None), entries_of(ours(), source)] {
            store.entries(&EntriesQuery { page: page.clone(), ..query }).await.unwrap();
        }
        for payment in [None, Some(payment)] {
            let kinds = vec![EventKind::OrderShipped];
            let (platform, created, page) = (ours(), Created::default(), page.clone());
            let query = EventsQuery { platform, payment, kinds, created, page };
            store.events(&query).await.unwrap();
        }
    }
    let seller: holdfast_core::id::SellerId = id(1);
    let orders = RowsQuery::newest(ours(), RowKind::Order, FEW);
    for states in [vec![], vec!["awaiting_shipment".to_owned()]] {
        for links in [vec![], vec![seller.to_string()]] {
            let (states, links) = (states.clone(), links);
            store.rows(&RowsQuery { states, links, ..orders.clone() }).await.unwrap();
        }
    }
}

fn entries_of(platform: holdfast_core::id::PlatformId, source: Option<String>) -> EntriesQuery {
    let (accounts, created) = (Vec::new(), Created::default());
    EntriesQuery { platform, accounts, source, created, page: Page::first(FEW) }
}
