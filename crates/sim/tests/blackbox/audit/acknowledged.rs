//! Nothing that a client was told is lost: every object is still there, and is what it was or what
//! may have become of it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::api::Api;
use crate::history::Operation;

/// Where each kind of object is read.
const PATHS: &[(&str, &str)] = &[
    ("account", "/v1/accounts"),
    ("checkout.session", "/v1/checkout/sessions"),
    ("order", "/v1/orders"),
    ("payment_intent", "/v1/payment_intents"),
    ("refund", "/v1/refunds"),
    ("transfer", "/v1/transfers"),
];

/// What never changes of any object.
const FIXED: &[&str] = &[
    "id",
    "object",
    "amount",
    "amount_shipping",
    "amount_subtotal",
    "amount_total",
    "capture_method",
    "checkout_session",
    "client_secret",
    "created",
    "currency",
    "description",
    "destination",
    "lines",
    "livemode",
    "metadata",
    "reason",
    "seller",
    "source_transaction",
    "transfer",
];

/// What only ever grows.
const GROWING: &[&str] = &["amount_received", "amount_refunded", "amount_reversed"];

/// What may have become of an object that was in a state.
const BECOMES: &[(&str, &str, &[&str])] = &[
    ("payment_intent", "requires_payment_method", &["requires_payment_method"]),
    ("payment_intent", "requires_action", ANY_OUTCOME),
    ("payment_intent", "processing", ANY_OUTCOME),
    ("payment_intent", "requires_capture", &["requires_capture", "succeeded", "canceled"]),
    ("payment_intent", "succeeded", &["succeeded"]),
    ("payment_intent", "canceled", &["canceled"]),
    ("refund", "pending", &["succeeded"]),
    ("refund", "succeeded", &["succeeded"]),
    ("checkout.session", "open", &["open", "complete"]),
    ("checkout.session", "complete", &["complete"]),
    ("order", "awaiting_shipment", &["awaiting_shipment", "canceled"]),
    ("order", "shipped", &["shipped", "delivered", "completed", "refunded"]),
    ("order", "delivered", &["delivered", "completed", "refunded"]),
    ("order", "completed", &["completed", "refunded"]),
    ("order", "canceled", &["canceled"]),
    ("order", "refunded", &["refunded"]),
];
/// What has no state.
const STATELESS: &[&str] = &["account", "transfer", "transfer_reversal"];
const ANY_OUTCOME: &[&str] =
    &["requires_capture", "succeeded", "canceled", "requires_payment_method"];

/// Reads every object that an answer held and compares.
pub(crate) async fn still_told(api: &Api, operations: &[Operation]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for operation in operations {
        let Some(told) = told(operation) else { continue };
        let Some(path) = path_of(&told) else {
            problems.push(format!("{}: no known object: {told}", operation.key));
            continue;
        };
        if !seen.contains_key(&path) {
            let answer = api.get(&path).await.expect("an answer");
            let now = if answer.is_ok() { answer.json() } else { Value::Null };
            seen.insert(path.clone(), now);
        }
        let differences = differences(&told, &seen[&path]);
        let key = &operation.key;
        problems.extend(differences.into_iter().map(|it| format!("{key} {path}: {it}")));
    }
    problems
}

/// The object of an answer: of a success, or the payment that a decline is about.
fn told(operation: &Operation) -> Option<Value> {
    let answer = operation.acknowledged()?.json();
    Some(match answer.get("error") {
        None => answer,
        Some(error) => error.get("payment_intent").cloned().unwrap_or(Value::Null),
    })
}

fn path_of(object: &Value) -> Option<String> {
    if object["object"] == "transfer_reversal" {
        let (transfer, id) = (object["transfer"].as_str()?, object["id"].as_str()?);
        return Some(format!("/v1/transfers/{transfer}/reversals/{id}"));
    }
    let (_, path) = PATHS.iter().find(|(kind, _)| object["object"] == *kind)?;
    Some(format!("{path}/{}", object["id"].as_str()?))
}

fn differences(told: &Value, now: &Value) -> Vec<String> {
    if now.is_null() {
        return vec!["it is gone".to_owned()];
    }
    let fixed = FIXED.iter().filter(|name| told.get(**name) != now.get(**name));
    let shrunk = GROWING.iter().filter(|name| told[**name].as_i64() > now[**name].as_i64());
    let mut found: Vec<String> = fixed
        .chain(shrunk)
        .map(|name| format!("{name} {} became {}", told[name], now[name]))
        .collect();
    if !may_become(told, now) {
        found.push(format!("{} became {}", told["status"], now["status"]));
    }
    found
}

fn may_become(told: &Value, now: &Value) -> bool {
    let Some(was) = told["status"].as_str() else {
        return STATELESS.iter().any(|kind| told["object"] == *kind);
    };
    let row = BECOMES.iter().find(|(kind, from, _)| told["object"] == *kind && was == *from);
    row.is_some_and(|(_, _, to)| now["status"].as_str().is_some_and(|now| to.contains(&now)))
}
