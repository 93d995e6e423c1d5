//! Payments without a pay page: made, confirmed, declined, challenged, captured, refunded.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

#[tokio::test]
async fn a_card_pays_at_once() {
    let shop = Shop::open();
    let more = "metadata[order]=7&description=A%20book&receipt_email=salma@shop.example\
                &expand[]=latest_charge";
    let paid = shop.pay("tok_visa", more).await;
    valid("PaymentIntent", &paid);
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["amount_received"], 2_500);
    assert_eq!(paid["metadata"], json!({ "order": "7" }));
    let charge = &paid["latest_charge"];
    valid("Charge", charge);
    assert_eq!(charge["status"], "succeeded");
    assert_eq!(charge["metadata"], json!({ "order": "7" }));
    assert_eq!(charge["payment_method_details"]["card"]["last4"], "3184");

    let path = format!("/v1/payment_intents/{}", text(&paid, "id"));
    let found = shop.client.get(&path).await.ok();
    assert_eq!(found["latest_charge"], charge["id"]);
    let path = format!("/v1/charges/{}?expand[]=payment_intent", text(charge, "id"));
    let charge = shop.client.get(&path).await.ok();
    assert_eq!(charge["payment_intent"]["id"], paid["id"]);
}

#[tokio::test]
async fn a_payment_waits_for_its_card() {
    let shop = Shop::open();
    let form = "amount=100&currency=EUR&automatic_payment_methods[enabled]=true";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    assert_eq!(made["status"], "requires_payment_method");
    assert_eq!(made["currency"], "eur");
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));

    let early = shop.client.post(&path, "").await;
    assert_eq!(early.error(), "400 payment_intent_unexpected_state -");
    assert_eq!(early.json["error"]["payment_intent"]["id"], made["id"]);

    let form = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa";
    let paid = shop.client.post(&path, form).await.ok();
    assert_eq!(paid["status"], "succeeded");
    let late = shop.client.post(&path, form).await;
    assert_eq!(late.error(), "400 payment_intent_unexpected_state -");
    assert_eq!(late.json["error"]["payment_intent"]["status"], "succeeded");
}

#[tokio::test]
async fn a_decline_says_why_and_the_next_card_may_pay() {
    let shop = Shop::open();
    let table = [
        ("tok_chargeDeclined", "card_declined", Some("generic_decline")),
        ("tok_insufficientFunds", "card_declined", Some("insufficient_funds")),
        ("tok_chargeDeclinedExpiredCard", "expired_card", None),
    ];
    let made = shop.client.post("/v1/payment_intents", "amount=900&currency=usd").await.ok();
    let path = format!("/v1/payment_intents/{}", text(&made, "id"));
    let confirm = format!("{path}/confirm");
    for (token, code, reason) in table {
        let answer = shop.client.post(&confirm, &format!("payment_method={token}")).await;
        assert_eq!(answer.status, 402, "{:#}", answer.json);
        let error = &answer.json["error"];
        assert_eq!(error["type"], "card_error");
        assert_eq!(error["code"], code);
        assert_eq!(error["decline_code"].as_str(), reason);
        assert_eq!(error["advice_code"], "try_again_later");
        assert!(text(error, "charge").starts_with("ch_"));
        let payment = &error["payment_intent"];
        valid("PaymentIntent", payment);
        assert_eq!(payment["status"], "requires_payment_method");
        assert_eq!(payment["last_payment_error"]["code"], code);

        let charge = format!("/v1/charges/{}", text(error, "charge"));
        let charge = shop.client.get(&charge).await.ok();
        valid("Charge", &charge);
        assert_eq!((&charge["status"], &charge["failure_code"]), (&json!("failed"), &json!(code)));
    }
    let paid = shop.client.post(&confirm, "payment_method=tok_visa").await.ok();
    assert_eq!((&paid["status"], &paid["last_payment_error"]), (&json!("succeeded"), &json!(null)));
    let charges = format!("/v1/charges?payment_intent={}", text(&made, "id"));
    assert_eq!(shop.client.get(&charges).await.ok()["data"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_decline_at_creation_is_told_with_the_payment() {
    let shop = Shop::open();
    let form = "amount=900&currency=usd&confirm=true&payment_method=tok_chargeDeclined";
    let answer = shop.client.post("/v1/payment_intents", form).await;
    assert_eq!(answer.error(), "402 card_declined -");
    let id = text(&answer.json["error"]["payment_intent"], "id").to_owned();
    let found = shop.client.get(&format!("/v1/payment_intents/{id}")).await.ok();
    assert_eq!(found["status"], "requires_payment_method");
}

#[tokio::test]
async fn a_bank_asks_the_buyer_first() {
    let shop = Shop::open();
    let waiting =
        shop.pay("tok_threeDSecureRequired", "return_url=https://shop.example/back").await;
    valid("PaymentIntent", &waiting);
    assert_eq!(waiting["status"], "requires_action");
    let url = &waiting["next_action"]["redirect_to_url"]["url"];
    assert_eq!(url, "http://127.0.0.1:4004/challenge/1");
    let charge = text(&waiting, "latest_charge").to_owned();

    shop.bank.codes_given.store(true, Ordering::Relaxed);
    assert_eq!(shop.notify(&charge).await.ok(), json!({ "received": true }));
    let path = format!("/v1/payment_intents/{}", text(&waiting, "id"));
    let mut status = json!("requires_action");
    for _ in 0..1_000 {
        status = shop.client.get(&path).await.ok()["status"].clone();
        if status == "succeeded" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(status, "succeeded");
}

#[tokio::test]
async fn notices_are_believed_only_from_their_sender() {
    let shop = Shop::open();
    for reference in ["ch_0000000000000000000000", "re_0000000000000000000000", "x", ""] {
        assert_eq!(shop.notify(reference).await.status, 200, "{reference}");
    }
    let client = shop.client.with("content-type", "application/json");
    let answer = client.post("/webhooks/processors/sandbox", "ch_1").await;
    assert_eq!(answer.error(), "400 notice_refused -");
    assert!(shop.store.all_rows().is_empty());
}

#[tokio::test]
async fn a_bank_that_says_nothing_leaves_the_payment_processing() {
    let shop = Shop::open();
    let waiting = shop.pay("tok_silent", "").await;
    valid("PaymentIntent", &waiting);
    assert_eq!(waiting["status"], "processing");
    let path = format!("/v1/payment_intents/{}", text(&waiting, "id"));
    assert_eq!(shop.client.get(&path).await.ok()["status"], "processing");
    let cancel = shop.client.post(&format!("{path}/cancel"), "").await;
    assert_eq!(cancel.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn money_is_taken_in_parts_and_the_rest_let_go() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", "capture_method=manual").await;
    assert_eq!(
        (&held["status"], &held["amount_capturable"]),
        (&json!("requires_capture"), &json!(2_500))
    );
    let path = format!("/v1/payment_intents/{}", text(&held, "id"));
    let capture = format!("{path}/capture");

    let too_much = shop.client.post(&capture, "amount_to_capture=2501").await;
    assert_eq!(too_much.error(), "400 capture_exceeds_authorization amount_to_capture");
    assert_eq!(too_much.json["error"]["payment_intent"]["amount_capturable"], 2_500);

    let first = shop.client.post(&capture, "amount_to_capture=1000&final_capture=false").await.ok();
    assert_eq!(first["status"], "requires_capture");
    assert_eq!(
        (&first["amount_received"], &first["amount_capturable"]),
        (&json!(1_000), &json!(1_500))
    );
    let last = shop.client.post(&capture, "amount_to_capture=500").await.ok();
    assert_eq!((&last["amount_received"], &last["amount_capturable"]), (&json!(1_500), &json!(0)));
    let charge = format!("/v1/charges/{}", text(&held, "latest_charge"));
    let charge = shop.client.get(&charge).await.ok();
    assert_eq!(charge["amount_captured"], 1_500);

    let again = shop.client.post(&capture, "").await;
    assert_eq!(again.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn a_payment_is_called_off() {
    let shop = Shop::open();
    let table = [
        ("confirm=false", "duplicate"),
        ("payment_method=tok_visa", "abandoned"),
        ("payment_method=tok_visa&confirm=true&capture_method=manual", "fraudulent"),
    ];
    let unsaid = shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let path = format!("/v1/payment_intents/{}/cancel", text(&unsaid, "id"));
    let unsaid = shop.client.post(&path, "").await.ok();
    assert_eq!(
        (&unsaid["status"], &unsaid["cancellation_reason"]),
        (&json!("canceled"), &json!(null))
    );
    for (more, reason) in table {
        let form = format!("amount=100&currency=usd&{more}");
        let made = shop.client.post("/v1/payment_intents", &form).await.ok();
        let path = format!("/v1/payment_intents/{}/cancel", text(&made, "id"));
        let form = format!("cancellation_reason={reason}");
        let canceled = shop.client.post(&path, &form).await.ok();
        valid("PaymentIntent", &canceled);
        assert_eq!(canceled["status"], "canceled", "{more}");
        assert_eq!(canceled["cancellation_reason"], reason);
        let again = shop.client.post(&path, &form).await;
        assert_eq!(again.json["error"]["payment_intent"]["status"], "canceled");
    }
    let paid = shop.pay("tok_visa", "").await;
    let path = format!("/v1/payment_intents/{}/cancel", text(&paid, "id"));
    let late = shop.client.post(&path, "").await;
    assert_eq!(late.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn money_goes_back_until_none_is_left() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "").await;
    let (id, charge) = (text(&paid, "id"), text(&paid, "latest_charge"));
    let form = format!("payment_intent={id}&amount=500&reason=duplicate&metadata[why]=x");
    let first = shop.client.post("/v1/refunds", &form).await.ok();
    valid("Refund", &first);
    assert_eq!((&first["status"], &first["amount"]), (&json!("succeeded"), &json!(500)));
    assert_eq!(first["reason"], "duplicate");
    assert_eq!(first["metadata"], json!({ "why": "x" }));

    let too_much = shop.client.post("/v1/refunds", &format!("charge={charge}&amount=2001")).await;
    assert_eq!(too_much.error(), "400 refund_exceeds_payment amount");
    let form = format!("charge={charge}&expand[]=charge&expand[]=payment_intent");
    let rest = shop.client.post("/v1/refunds", &form).await.ok();
    assert_eq!(rest["reason"], json!(null), "nobody said why");
    assert_eq!(rest["amount"], 2_000);
    assert_eq!(rest["charge"]["amount_refunded"], 2_500);
    assert_eq!(rest["payment_intent"]["id"], id);
    let none = shop.client.post("/v1/refunds", &format!("payment_intent={id}")).await;
    assert_eq!(none.error(), "400 charge_already_refunded -");

    let path = format!("/v1/charges/{charge}?expand[]=refunds");
    let shown = shop.client.get(&path).await.ok();
    valid("Charge", &shown);
    assert_eq!(shown["refunded"], true);
    assert_eq!(shown["refunds"]["data"].as_array().unwrap().len(), 2);
    for filter in [format!("payment_intent={id}"), format!("charge={charge}"), String::new()] {
        let list = shop.client.get(&format!("/v1/refunds?{filter}")).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), 2, "{filter}");
    }
    let path = format!("/v1/refunds/{}", text(&first, "id"));
    assert_eq!(shop.client.get(&path).await.ok(), first);
}
