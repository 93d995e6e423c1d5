//! The document that the API describes itself by.

use std::collections::BTreeMap;

use holdfast_api::Route;
use serde_json::Value;

use crate::shapes::Shapes;
use crate::shop::Shop;

#[tokio::test]
async fn nothing_that_is_read_is_left_out() {
    let document = document().await;
    let mut cut = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for why in operation["x-cut-short"].as_array().into_iter().flatten() {
                cut.push(format!("{method} {path}: {why}"));
            }
        }
    }
    assert!(cut.is_empty(), "{}\nGive params.example(...) before the check", cut.join("\n"));
}

/// What every operation is called on the pages, in the order of the table: to be read whenever it
/// changes, because nobody else checks that a line made of a path is English.
const SUMMARIES: &str = include_str!("summaries.txt");

#[tokio::test]
async fn every_operation_has_a_line_of_its_own() {
    let document = document().await;
    let mut lines = Vec::new();
    let mut operations: BTreeMap<String, String> = BTreeMap::new();
    for Route { method, path, .. } in holdfast_api::routes() {
        let described = &document["paths"][path][method.to_ascii_lowercase()];
        let summary = described["summary"].as_str().unwrap();
        let asked = format!("{method} {path}");
        lines.push(format!("{asked}: {summary}"));
        let other = operations.insert(summary.to_owned(), asked.clone());
        assert_eq!(other, None, "{asked} is called as another one: {summary}");
    }
    let expected: Vec<&str> = SUMMARIES.lines().collect();
    assert_eq!(lines, expected);
}

/// Operations that are always refused, and the one that answers with a file.
const WITHOUT_EXAMPLE: [(&str, &str); 4] = [
    ("get", "/v1/files/{id}/contents"),
    ("post", "/v1/payouts/{id}/reverse"),
    ("post", "/v1/refunds/{id}/cancel"),
    ("post", "/v1/topups/{id}/cancel"),
];

#[tokio::test]
async fn examples_are_as_the_document_says() {
    let document = document().await;
    let shapes = Shapes { document: &document, allowed: &[] };
    let mut faults = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let answer = &operation["responses"]["200"]["content"]["application/json"];
            let is_without = WITHOUT_EXAMPLE.contains(&(method.as_str(), path.as_str()));
            let found = match answer.get("example") {
                Some(_) if is_without => vec!["it has an example now".to_owned()],
                None if is_without => Vec::new(),
                Some(example) => shapes.faults(&answer["schema"], example),
                None => vec!["no test has seen an answer of it".to_owned()],
            };
            faults.extend(found.into_iter().map(|fault| format!("{method} {path}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}\nthen: cargo xtask generate", faults.join("\n"));
}

/// The document as it is served.
pub(crate) async fn document() -> Value {
    Shop::open().client.get("/openapi.json").await.ok()
}
