//! One key, one request, one answer.

use serde_json::json;

use crate::client::text;
use crate::shop::{Shop, session_form};

#[tokio::test]
async fn the_same_request_is_answered_byte_for_byte() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let bought = shop.purchase().await;
    let session = session_form(&sellers[0], &sellers[1]);
    let refund = format!("payment_intent={}&amount=1", text(&bought.session, "payment_intent"));
    let ship = format!("/v1/orders/{}/ship", bought.orders[0]);
    let table = [
        ("/v1/payment_intents", "amount=100&currency=usd", 200),
        (
            "/v1/payment_intents",
            "amount=100&currency=usd&confirm=true&payment_method=tok_visa",
            200,
        ),
        (
            "/v1/payment_intents",
            "amount=100&currency=usd&confirm=true&payment_method=tok_chargeDeclined",
            402,
        ),
        ("/v1/checkout/sessions", &session, 200),
        ("/v1/accounts", "email=a@shop.example", 200),
        ("/v1/refunds", &refund, 200),
        (&ship, "carrier=DHL", 200),
        ("/v1/webhook_endpoints", "url=https://shop.example/hooks&enabled_events[]=*", 200),
    ];
    for (index, (path, form, status)) in table.into_iter().enumerate() {
        let client = shop.client.with("idempotency-key", &format!("key-{index}"));
        let first = client.post(path, form).await;
        assert_eq!(first.status, status, "{path} {form}: {:#}", first.json);
        assert_eq!(first.header("idempotent-replayed"), None);
        let rows = shop.store.all_rows();
        let second = client.post(path, form).await;
        assert_eq!((second.status, &second.bytes), (first.status, &first.bytes), "{path} {form}");
        assert_eq!(second.header("idempotent-replayed"), Some("true"));
        assert_ne!(second.header("request-id"), first.header("request-id"));
        assert_eq!(shop.store.all_rows(), rows, "{path} {form}: nothing more was done");
    }
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let rows = shop.store.all_rows();
    let table = [
        ("/v1/payment_intents", "amount=101&currency=usd"),
        ("/v1/payment_intents", "amount=100&currency=usd&metadata[a]=b"),
        ("/v1/accounts", "metadata[a]=b"),
    ];
    for (path, form) in table {
        let answer = client.post(path, form).await;
        assert_eq!(answer.error(), "400 idempotency_key_reused -");
        assert_eq!(answer.json["error"]["type"], "idempotency_error");
    }
    assert_eq!(shop.store.all_rows(), rows);
    // The same parameters in another order are the same request.
    let same = client.post("/v1/payment_intents", "currency=usd&amount=100").await;
    assert_eq!(same.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let bad = client.post("/v1/payment_intents", "amount=100").await;
    assert_eq!(bad.error(), "400 parameter_missing currency");
    client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
}

#[tokio::test]
async fn keys_of_a_server_and_a_browser_do_not_meet() {
    let shop = Shop::open();
    let made = shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));
    let form = format!("payment_method=tok_visa&client_secret={}", text(&made, "client_secret"));
    let server = shop.client.with("idempotency-key", "k").post(&path, &form).await.ok();
    assert_eq!(server["status"], "succeeded");
    let browser = shop.browser().with("idempotency-key", "k").post(&path, &form).await;
    assert_eq!(browser.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn a_request_under_way_is_not_begun_again() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_slow";
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.post("/v1/payment_intents", form).await }
    });
    shop.bank.asked.notified().await;
    let second = client.post("/v1/payment_intents", form).await;
    assert_eq!(second.error(), "409 idempotency_key_in_use -");
    let other = client.post("/v1/payment_intents", "amount=7&currency=usd").await;
    assert_eq!(other.error(), "400 idempotency_key_reused -");
    shop.bank.go_on.notify_one();
    let first = first.await.unwrap();
    assert_eq!(first.json["status"], "succeeded");
    let third = client.post("/v1/payment_intents", form).await;
    assert_eq!(third.bytes, first.bytes);
}

/// Another process finds the key of one that left no answer, as after a crash.
#[tokio::test]
async fn a_lost_answer_is_made_again_from_the_object() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_slow";
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.post("/v1/payment_intents", form).await }
    });
    shop.bank.asked.notified().await;
    let next = shop.other_process().with("idempotency-key", "k");
    let other = next.post("/v1/payment_intents", "amount=7&currency=usd").await;
    assert_eq!(other.error(), "400 idempotency_key_reused -");
    let again = next.post("/v1/payment_intents", form).await;
    assert_eq!(again.json["status"], "processing");

    // The first answer that was kept is the one that counts, for both processes.
    shop.bank.go_on.notify_one();
    let first = first.await.unwrap();
    assert_eq!(first.bytes, again.bytes);
    let list = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(list["data"][0]["id"], again.json["id"]);
}

#[tokio::test]
async fn a_lost_webhook_secret_is_told_again() {
    let shop = Shop::open();
    let form = "url=https://shop.example/hooks&enabled_events[]=order.created";
    shop.client
        .post("/v1/webhook_endpoints", "url=https://shop.example/&enabled_events[]=*")
        .await
        .ok();
    let client = shop.client.with("idempotency-key", "k");
    let first = client.post("/v1/webhook_endpoints", form).await;
    assert_eq!(first.json["enabled_events"], json!(["order.created"]));
    let again = client.post("/v1/webhook_endpoints", form).await;
    assert_eq!(again.bytes, first.bytes);
    let list = shop.client.get("/v1/webhook_endpoints").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
}
