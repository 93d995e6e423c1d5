//! Events: the same bytes in the list and in webhooks, and every kind with its object.

use std::time::{Duration, Instant};

use holdfast_api::events::body;
use holdfast_core::event::EventKind;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{Shop, receipts};

const HOOK: &str = "https://shop.example/hooks";
/// Longer than recording an answer takes.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to look whether it is recorded.
const LOOK_EVERY: Duration = Duration::from_millis(5);

#[tokio::test]
async fn a_webhook_carries_what_the_list_shows() {
    let shop = Shop::open();
    let form = format!("url={HOOK}&enabled_events[]=payment_intent.succeeded&description=x");
    let hook = shop.client.post("/v1/webhook_endpoints", &form).await.ok();
    assert_eq!(Schema::read().faults("WebhookEndpoint", &hook), Vec::<String>::new());
    assert!(text(&hook, "secret").starts_with("whsec_"));

    let paid = shop.pay("tok_visa", "metadata[order]=7").await;
    let event = shop.bank.delivered_to(HOOK, "payment_intent.succeeded").await;
    let sent = String::from_utf8(body(&event, None, &receipts())).unwrap();
    assert!(sent.contains(r#""pending_webhooks":1,"#), "{sent}");
    let as_shown = sent.replace(r#""pending_webhooks":1,"#, r#""pending_webhooks":0,"#);
    let deadline = Instant::now() + PATIENCE;
    let answer = loop {
        let answer = shop.client.get(&format!("/v1/events/{}", event.id)).await;
        if answer.bytes == as_shown.as_bytes() {
            break answer;
        }
        assert_eq!(answer.bytes, sent.as_bytes(), "the same bytes until it is taken");
        assert!(Instant::now() < deadline, "it was taken, and that is not shown");
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let shown = answer.ok();
    assert_eq!(Schema::read().faults("EventBase", &shown), Vec::<String>::new());
    assert_eq!(
        (&shown["type"], &shown["api_version"]),
        (&json!("payment_intent.succeeded"), &json!("2026-10-28.endive"))
    );
    assert_eq!(shown["data"]["object"]["id"], paid["id"]);
    assert_eq!(shown["data"]["object"]["metadata"], json!({ "order": "7" }));
    let only = shop.bank.delivered.lock().unwrap().len();
    assert_eq!(only, 1, "nothing that was not asked for");

    let older: Value =
        serde_json::from_slice(&body(&event, Some("2024-06-20"), &receipts())).unwrap();
    assert_eq!(older["api_version"], "2024-06-20");
    let odd: Value = serde_json::from_slice(&body(&event, Some("soon"), &receipts())).unwrap();
    assert_eq!(odd["api_version"], "2026-10-28.endive");
}

#[tokio::test]
async fn lists_are_narrowed_by_type() {
    let shop = Shop::open();
    shop.pay("tok_visa", "").await;
    let types = |list: &Value| -> Vec<String> {
        let data = list["data"].as_array().unwrap();
        data.iter().map(|event| text(event, "type").to_owned()).collect()
    };
    let all = types(&shop.client.get("/v1/events?limit=100").await.ok());
    for kind in ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"] {
        assert!(all.contains(&kind.to_owned()), "{kind} in {all:?}");
        let one = types(&shop.client.get(&format!("/v1/events?type={kind}")).await.ok());
        assert_eq!(one, [kind]);
    }
    let two = "/v1/events?types[]=payment_intent.created&types[]=charge.succeeded";
    assert_eq!(types(&shop.client.get(two).await.ok()).len(), 2);
    let first = shop.client.get("/v1/events?limit=1").await.ok();
    let path = format!("/v1/events?starting_after={}", text(&first["data"][0], "id"));
    assert_eq!(types(&shop.client.get(&path).await.ok()), all[1..]);
    let path = format!("/v1/events?ending_before={}", text(&first["data"][0], "id"));
    assert!(types(&shop.client.get(&path).await.ok()).is_empty());
}

#[tokio::test]
async fn every_event_has_an_object_of_its_kind() {
    let shop = Shop::open();
    shop.make_clock().await;
    let bought = shop.purchase().await;
    for order in &bought.orders {
        shop.client.post(&format!("/v1/orders/{order}/ship"), "").await.ok();
    }
    let [first, second] = &bought.orders;
    shop.client.post(&format!("/v1/orders/{first}/confirm_receipt"), "").await.ok();
    shop.client.post(&format!("/v1/orders/{second}/claim"), "reason=other").await.ok();
    shop.client.post(&format!("/v1/orders/{second}/rule"), "outcome=buyer").await.ok();
    let clocks = shop.client.get("/v1/test_helpers/test_clocks").await.ok();
    let clock = text(&clocks["data"][0], "id");
    let path = format!("/v1/test_helpers/test_clocks/{clock}/advance");
    let sent = shop.client.post(&path, "frozen_time=1800000000").await.ok();
    assert_eq!(Schema::read().faults("TestClock", &sent), Vec::<String>::new());
    assert_eq!(sent["status"], "advancing");
    assert_eq!(sent["status_details"]["advancing"]["target_frozen_time"], 1_800_000_000);
    let twice = shop.client.post(&path, "frozen_time=1900000000").await;
    assert_eq!(twice.error(), "400 clock_advancing -");

    let events = shop.store.all_events();
    assert!(events.len() > 15);
    for event in &events {
        let shown: Value = serde_json::from_slice(&body(event, None, &receipts())).unwrap();
        let object = &shown["data"]["object"];
        let kind = text(&shown, "type");
        let (noun, _) = kind.rsplit_once('.').unwrap();
        // The dialect's one event that is named after where its object is shown.
        let noun = if noun == "charge.refund" { "refund" } else { noun };
        assert_eq!(object["object"], noun, "{kind}");
        assert!(object.get("url").is_none_or(Value::is_null), "{kind}: no access secret");
    }
    let seen: Vec<EventKind> = events.iter().map(|event| event.kind).collect();
    for kind in [EventKind::OrderShipped, EventKind::HeldFundsReleased, EventKind::RefundCreated] {
        assert!(seen.contains(&kind), "{}", kind.name());
    }
}
