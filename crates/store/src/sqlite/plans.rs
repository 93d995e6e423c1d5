//! What SQLite does for each statement: nothing walks through a table that grows.

use holdfast_core::id::Id as _;
use holdfast_core::ledger::Account;
use rusqlite::{Connection, params_from_iter};

use super::{read, schema};
use crate::query::Accounts;

/// The files whose statements a payment waits for, or somebody who looks at one.
const SOURCES: [&str; 3] =
    [include_str!("read.rs"), include_str!("write.rs"), include_str!("dropping.rs")];

/// The statements that are put together as they are asked for. Each has its own test: lists beside
/// them, balances below.
const PUT_TOGETHER: [&str; 2] =
    ["SELECT {shown}, currency, sum(signed)", "SELECT {key}, {body} FROM {from}"];

/// The statement that does walk through a table, for `/metrics`: only what waits has an effect.
const WALKS: [(&str, &str); 1] = [("SELECT name, count(*) FROM effects", "SCAN effects")];

#[test]
fn no_statement_walks_through_a_table_that_grows() {
    let (_folder, connection) = file();
    let mut put_together = PUT_TOGETHER.to_vec();
    let mut walks = WALKS.to_vec();
    let mut seen = 0;
    for sql in SOURCES.iter().flat_map(|source| statements(source)) {
        if let Some(known) = put_together.iter().position(|begin| sql.starts_with(begin)) {
            put_together.remove(known);
            continue;
        }
        let steps = plan(&connection, sql);
        match walks.iter().position(|(begin, _)| sql.starts_with(begin)) {
            Some(known) => {
                let (_, step) = walks.remove(known);
                assert!(steps.iter().any(|it| it.starts_with(step)), "{sql}\n{steps:?}");
            }
            None => {
                let walks = |it: &String| it.starts_with("SCAN") || it.contains("TEMP B-TREE");
                assert!(!steps.iter().any(walks), "{sql}\n{steps:?}");
            }
        }
        seen += 1;
    }
    assert!(put_together.is_empty() && walks.is_empty(), "{put_together:?} {walks:?}");
    assert!(seen >= 30, "only {seen} statements were found");
}

#[test]
fn balances_are_found_by_their_accounts() {
    let (_folder, connection) = file();
    let one = Accounts::One(Account::Held(holdfast_core::id::OrderId::from_number(1)));
    for (accounts, step) in [
        (one, "(account=?)"),
        (Accounts::Platform, "(account=?)"),
        (Accounts::Sellers, "(account>? AND account<?)"),
        (Accounts::HeldTotal, "(account>? AND account<?)"),
    ] {
        let (sql, _) = read::balances_sql(accounts);
        let steps = plan(&connection, &sql);
        let searches = format!("SEARCH balances USING PRIMARY KEY {step}");
        assert!(steps.contains(&searches), "{accounts:?}: {steps:?}");
    }
}

fn file() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut connection = schema::connect(&folder.path().join("file")).expect("a file");
    schema::prepare(&mut connection).expect("tables");
    (folder, connection)
}

/// The statements in a source, its tests left out: the texts that begin like one.
fn statements(source: &'static str) -> impl Iterator<Item = &'static str> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    // No text of these files holds a quotation mark, so that every other part is a text.
    let texts = code.split('"').skip(1).step_by(2);
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    texts.filter(move |text| verbs.iter().any(|verb| text.starts_with(verb)))
}

fn plan(connection: &Connection, sql: &str) -> Vec<String> {
    let explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"));
    let mut statement = explained.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let values = vec!["a"; statement.parameter_count()];
    let steps = statement.query_map(params_from_iter(values), |row| row.get(3)).expect("steps");
    steps.collect::<Result<_, _>>().expect("their texts")
}
