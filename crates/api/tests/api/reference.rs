//! The document that the API describes itself by.

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

/// Operations that are always refused, and the one that answers with a file.
const WITHOUT_EXAMPLE: [(&str, &str); 5] = [
    ("get", "/v1/files/{id}/contents"),
    ("post", "/v1/payment_intents/{id}/increment_authorization"),
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
            if WITHOUT_EXAMPLE.contains(&(method.as_str(), path.as_str())) {
                continue;
            }
            let found = match answer.get("example") {
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
