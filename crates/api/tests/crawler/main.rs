//! A crawler made of the table of routes: whoever calls whatever route with an id of another
//! platform, or in a seller's name with an id of another seller, is answered byte for byte as for
//! an id that nobody has, and changes nothing.
//!
//! A route that is added is crawled at once. Where the crawler does not know an id for it, or no
//! parameters that lead as far as the id, the test fails and says what is missing in `population`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

#[path = "../api/client.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod client;
#[path = "../api/conformance.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod conformance;
mod crawl;
#[path = "../api/disputing.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod disputing;
mod known;
mod population;
#[path = "../objects/schema.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod schema;
#[path = "../objects/shapes.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod shapes;
#[path = "../api/shop.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod shop;
#[path = "../api/world.rs"]
#[allow(dead_code, reason = "shared with the tests of the API")]
mod world;

use crawl::Crawl;
use holdfast_core::row::Row;
use holdfast_core::view::StoredRow;
use population::Population;
use shop::Shop;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_another_platform_are_nobodys() {
    let victim = Shop::open();
    let attacker = victim.beside();
    let theirs = Population::of(&victim).await;
    let own = Population::of(&attacker).await;
    let rows = victim.store.all_rows();
    let crawl = Crawl::new(&theirs, &own);
    for caller in own.callers().await {
        crawl.paths(&caller).await;
        crawl.references(&caller).await;
    }
    crawl.lists(&own.client).await;
    crawl.accounts(&own.client).await;
    crawl.check();
    unchanged(&rows, &victim);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_of_another_seller_are_nobodys() {
    let shop = Shop::open();
    let platform = Population::of(&shop).await;
    let rows = shop.store.all_rows();
    for (own, theirs) in platform.sellers_both_ways().await {
        let crawl = Crawl::new(&theirs, &own);
        for caller in platform.callers().await {
            let caller = caller.of_seller(&own.seller);
            crawl.paths(&caller).await;
            crawl.references(&caller).await;
        }
        crawl.lists(&own.client).await;
        crawl.check();
    }
    unchanged(&rows, &shop);
}

/// Nothing was changed or made but the keys of the callers.
fn unchanged(before: &[StoredRow], shop: &Shop) {
    let after = shop.store.all_rows();
    let is_new = |stored: &&StoredRow| !before.contains(stored);
    let of_caller = |stored: &&StoredRow| matches!(*stored.row, Row::ApiKey(_));
    let changed: Vec<_> = after.iter().filter(is_new).filter(|row| !of_caller(row)).collect();
    assert!(changed.is_empty() && after.len() >= before.len(), "changed: {changed:#?}");
}
