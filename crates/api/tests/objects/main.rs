//! Every object that is sent has the fields and the shapes that the dialect requires.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod samples;
#[allow(dead_code, reason = "shared with the test of the API")]
mod schema;
mod shapes;

use holdfast_api::objects::{Deleted, HeldFundsRelease, HeldFundsReleaseWord, List};
use schema::Schema;
use serde_json::{Value, json};

#[test]
fn objects_of_the_dialect() {
    let schema = Schema::read();
    let table: &[(&str, Value)] = &[
        ("PaymentIntent", json!(samples::payment_intent(true))),
        ("PaymentIntent", json!(samples::payment_intent(false))),
        ("PaymentMethod", json!(samples::payment_method(true))),
        ("PaymentMethod", json!(samples::payment_method(false))),
        ("Customer", json!(samples::customer(true))),
        ("Customer", json!(samples::customer(false))),
        ("DeletedCustomer", json!(Deleted::new("customer", "cus_1".into()))),
        ("SetupIntent", json!(samples::setup_intent(true))),
        ("SetupIntent", json!(samples::setup_intent(false))),
        ("SetupAttempt", json!(samples::setup_attempt(true))),
        ("SetupAttempt", json!(samples::setup_attempt(false))),
        ("Charge", json!(samples::charge(true))),
        ("Charge", json!(samples::charge(false))),
        ("Refund", json!(samples::refund(true))),
        ("Refund", json!(samples::refund(false))),
        ("ApiList_Refund", json!(List::whole("/v1/refunds".into(), vec![samples::refund(true)]))),
        ("Session", json!(samples::checkout_session(true))),
        ("Session", json!(samples::checkout_session(false))),
        ("Account", json!(samples::account(true))),
        ("Account", json!(samples::account(false))),
        ("BankAccount", json!(samples::bank_account(true))),
        ("BankAccount", json!(samples::bank_account(false))),
        ("AccountLink", json!(samples::account_link())),
        ("Payout", json!(samples::payout(true))),
        ("Payout", json!(samples::payout(false))),
        ("Balance", json!(samples::balance())),
        ("EventBase", json!(samples::event(true))),
        ("EventBase", json!(samples::event(false))),
        ("WebhookEndpoint", json!(samples::webhook_endpoint(true))),
        ("WebhookEndpoint", json!(samples::webhook_endpoint(false))),
        ("TestClock", json!(samples::test_clock(true))),
        ("TestClock", json!(samples::test_clock(false))),
    ];
    for (name, value) in table {
        assert_eq!(schema.faults(name, value), Vec::<String>::new(), "{value:#}");
    }
}

#[test]
fn the_check_finds_faults() {
    let schema = Schema::read();
    let good = json!(samples::refund(true));
    let change = |field: &str, value: Option<Value>| {
        let mut changed = good.clone();
        let object = changed.as_object_mut().unwrap();
        match value {
            Some(value) => object.insert(field.into(), value),
            None => object.remove(field),
        };
        changed
    };
    let table = [
        (change("amount", None), "Refund.amount is missing"),
        (change("amount", Some(json!(null))), "Refund.amount"),
        (change("amount", Some(json!("1"))), "Refund.amount"),
        (change("object", Some(json!("charge"))), "Refund.object"),
        (change("reason", Some(json!("boredom"))), "Refund.reason"),
        (change("secret", Some(json!(1))), "Refund.secret has no schema"),
        (change("metadata", Some(json!({ "a": 1 }))), "Refund.metadata"),
    ];
    for (value, fault) in table {
        let faults = schema.faults("Refund", &value);
        assert!(faults.iter().any(|found| found.starts_with(fault)), "{fault}: {faults:?}");
    }
}

#[test]
fn fields_are_written_in_their_order() {
    let json = serde_json::to_string(&samples::test_clock(true)).unwrap();
    let expected = r#"{"id":"clock_1","object":"test_helpers.test_clock","created":1795000000,"#;
    assert!(json.starts_with(expected), "{json}");
    let json = serde_json::to_string(&Deleted::new("webhook_endpoint", "we_1".into())).unwrap();
    assert_eq!(json, r#"{"id":"we_1","object":"webhook_endpoint","deleted":true}"#);
}

/// The fields of Holdfast's own objects are as stable as those of the dialect.
#[test]
fn objects_of_holdfast() {
    let release = HeldFundsRelease {
        id: "hfr_1".into(),
        object: HeldFundsReleaseWord,
        amount: 100,
        created: 1_795_000_000,
        currency: "usd".into(),
        fee: 5,
        held_funds: "hf_1".into(),
        livemode: false,
        net: 95,
        order: "ord_1".into(),
        reason: "buyer_confirmed",
        seller: "acct_1".into(),
    };
    let table = [
        (
            json!(samples::order(true)),
            "amount_discount amount_refunded amount_shipping amount_subtotal amount_tax \
             amount_total cancel_request canceled_at cancellation_reason checkout_session claim \
             completed_at created currency delivered_at held_funds id lines livemode metadata \
             object payment_intent protection_ends_at protection_extensions_left seller ship_by \
             shipments shipping status url",
        ),
        (
            json!(samples::order(true))["lines"][0].clone(),
            "amount_discount amount_subtotal amount_total currency description id object quantity \
             unit_amount",
        ),
        (
            json!(samples::order(true))["shipments"][0].clone(),
            "carrier object shipped_at tracking_number",
        ),
        (
            json!(samples::held_funds()),
            "amount amount_held amount_refunded amount_releasable amount_released created \
             currency frozen id livemode metadata object order release_after release_reason \
             seller status",
        ),
        (
            json!(release),
            "amount created currency fee held_funds id livemode net object order reason seller",
        ),
    ];
    for (value, fields) in table {
        let names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected: Vec<&str> = fields.split_whitespace().collect();
        expected.sort_unstable();
        let mut names = names;
        names.sort_unstable();
        assert_eq!(names, expected);
    }
    let full: Vec<_> = json!(samples::order(true)).as_object().unwrap().keys().cloned().collect();
    let bare: Vec<_> = json!(samples::order(false)).as_object().unwrap().keys().cloned().collect();
    assert_eq!(full, bare, "what is not known is null, not absent");
}
