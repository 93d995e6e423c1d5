//! An encrypted line to a server that has to prove its name, or none.

use holdfast_store::StoreError;
use holdfast_store::postgres::PostgresStore;

use crate::server::Server;

/// How the lines of Holdfast that are open now are encrypted.
const ENCRYPTED: &str = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE application_name = 'holdfast'";

#[tokio::test]
async fn a_line_is_encrypted_to_a_server_that_proves_its_name_and_to_no_other() {
    let server = Server::start();
    let place = |host: &str| format!("postgres://holdfast@{host}:{}/postgres", server.port());
    let trusting = |authority: &str| format!("sslmode=verify-full&sslrootcert={authority}");
    let refused = async |address: String| match PostgresStore::missing(&address).await {
        Err(StoreError::Unusable(why)) => why,
        other => panic!("{address}: {other:?}"),
    };

    let why = refused(format!("{}?sslmode=verify-full", place("localhost"))).await;
    assert!(why.contains("server does not support TLS"), "{why}");

    let authority = server.offer_tls();
    let authority = authority.to_str().unwrap();
    let address = format!("{}?{}", place("localhost"), trusting(authority));
    PostgresStore::migrate(&address, |_| {}).await.unwrap();
    let _store = PostgresStore::connect(&address, "alone").await.unwrap();
    assert_eq!(server.value("postgres", ENCRYPTED), "t");

    let strangers = [
        (format!("{}?sslmode=verify-full", place("localhost")), "UnknownIssuer"),
        (format!("{}?{}", place("127.0.0.1"), trusting(authority)), "not valid for name"),
    ];
    for (address, expected) in strangers {
        let why = refused(address).await;
        assert!(why.contains(expected), "{why}");
    }
}
