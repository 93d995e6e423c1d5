//! What only a store of many nodes has to show.

use holdfast_store::postgres::PostgresStore;
use holdfast_store::{Store, StoreError};

use crate::fixtures::*;
use crate::server::Server;

/// A store over an empty part of the server.
pub(crate) async fn store(server: &Server) -> PostgresStore {
    let address = server.schema();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    PostgresStore::connect(&address, "alone").await.unwrap()
}

#[tokio::test]
async fn a_database_is_taken_once_its_tables_are_made() {
    let server = Server::start();
    let address = server.database();
    let refused = PostgresStore::connect(&address, "alone").await.err().unwrap();
    assert!(
        matches!(&refused, StoreError::Unusable(what) if what.contains("migrate")),
        "{refused}"
    );
    let planned = PostgresStore::missing(&address).await.unwrap();
    let mut done = Vec::new();
    PostgresStore::migrate(&address, |name| done.push(name.to_owned())).await.unwrap();
    assert!(!planned.is_empty() && done == planned, "{planned:?} {done:?}");
    assert_eq!(PostgresStore::missing(&address).await, Ok(vec![]));
    PostgresStore::migrate(&address, |name| panic!("{name} is made twice")).await.unwrap();
    PostgresStore::connect(&address, "alone").await.unwrap();
}

#[tokio::test]
async fn an_index_that_was_not_finished_is_made_anew() {
    let server = Server::start();
    let address = server.database();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    let database = address.rsplit('/').next().unwrap();
    // As a program that is killed while it makes the index leaves it.
    for undo in [
        "UPDATE holdfast_schema SET version = 4",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'rows_of_replies'::regclass",
    ] {
        assert!(server.sql(database, undo), "{undo}");
    }
    let both = tokio::join!(
        PostgresStore::migrate(&address, |_| {}),
        PostgresStore::migrate(&address, |_| {})
    );
    assert_eq!(both, (Ok(()), Ok(())));
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'rows_of_replies'::regclass";
    assert_eq!(server.value(database, valid), "t");
    assert_eq!(PostgresStore::missing(&address).await, Ok(vec![]));
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused() {
    for address in ["nowhere", "host=one,two dbname=holdfast", "postgres://[half"] {
        let refused = PostgresStore::connect(address, "alone").await.err().unwrap();
        assert!(matches!(refused, StoreError::Unusable(_)), "{address}: {refused}");
    }
    let silent = PostgresStore::connect("postgres://holdfast@127.0.0.1:1/holdfast", "alone").await;
    assert!(silent.err().is_some_and(|error| error.retryable()));
}

#[tokio::test]
async fn an_installation_that_starts_again_frees_what_it_had() {
    let server = Server::start();
    let address = server.database();
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    let other = PostgresStore::connect(&address, "other").await.unwrap();
    let one = PostgresStore::connect(&address, "one").await.unwrap();
    must(&one, effects(vec![effect(1, 0), effect(2, 5)])).await;
    must(&other, effects(vec![effect(3, 0)])).await;
    assert_eq!(one.claim(lease_at(5), 9).await.unwrap().len(), 1);
    let started_again = PostgresStore::connect(&address, "one").await.unwrap();
    let claimed = started_again.claim(lease_at(6), 9).await.unwrap();
    let claimed: Vec<_> = claimed.iter().map(|it| (it.effect.clone(), it.was_leased)).collect();
    assert_eq!(claimed, [(effect(1, 0), true), (effect(2, 5), true)]);
}
