//! What only a store of many nodes has to show.

use holdfast_store::StoreError;
use holdfast_store::postgres::PostgresStore;

use crate::server::Server;

/// A store over a database of its own.
pub(crate) async fn store(server: &Server) -> PostgresStore {
    let address = server.database();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    PostgresStore::connect(&address).await.unwrap()
}

#[tokio::test]
async fn a_database_is_taken_once_its_tables_are_made() {
    let server = Server::start();
    let address = server.database();
    let refused = PostgresStore::connect(&address).await.err().unwrap();
    assert!(matches!(&refused, StoreError::Corrupt(what) if what.contains("migrate")), "{refused}");
    let planned = PostgresStore::missing(&address).await.unwrap();
    let mut done = Vec::new();
    PostgresStore::migrate(&address, |name| done.push(name.to_owned())).await.unwrap();
    assert!(!planned.is_empty() && done == planned, "{planned:?} {done:?}");
    assert_eq!(PostgresStore::missing(&address).await, Ok(vec![]));
    PostgresStore::migrate(&address, |name| panic!("{name} is made twice")).await.unwrap();
    PostgresStore::connect(&address).await.unwrap();
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused() {
    for address in ["nowhere", "host=one,two dbname=holdfast", "postgres://[half"] {
        let refused = PostgresStore::connect(address).await.err().unwrap();
        assert!(matches!(refused, StoreError::Corrupt(_)), "{address}: {refused}");
    }
    let silent = PostgresStore::connect("postgres://holdfast@127.0.0.1:1/holdfast").await;
    assert!(silent.err().is_some_and(|error| error.retryable()));
}
