//! Receivers of webhooks: settings, secrets, the log of deliveries, resending.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const OK: &str = "https://shop.example/hooks";
const FAILS: &str = "https://shop.example/fails";

async fn hook(shop: &Shop, url: &str, more: &str) -> Value {
    let form = format!("url={url}&enabled_events[]=*&{more}");
    shop.client.post("/v1/webhook_endpoints", &form).await.ok()
}

/// The deliveries to an endpoint, once there are so many.
async fn deliveries(shop: &Shop, hook: &Value, more: &str, count: usize) -> Vec<Value> {
    let path = format!("/v1/webhook_endpoints/{}/deliveries?limit=100{more}", text(hook, "id"));
    for _ in 0..400 {
        let list = shop.client.get(&path).await.ok();
        let data = list["data"].as_array().unwrap();
        if data.len() >= count {
            return data.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("there were no {count} deliveries");
}

#[tokio::test]
async fn an_endpoint_is_changed_but_for_its_version() {
    let shop = Shop::open();
    let made = hook(&shop, OK, "metadata[a]=1&api_version=2024-06-20&connect=true").await;
    let path = format!("/v1/webhook_endpoints/{}", text(&made, "id"));
    let form = "url=https://shop.example/new&enabled_events[0]=refund.created&description=New\
                &disabled=true&metadata[b]=2";
    let changed = shop.client.post(&path, form).await.ok();
    assert_eq!(Schema::read().faults("WebhookEndpoint", &changed), Vec::<String>::new());
    let expected = json!({
        "url": "https://shop.example/new", "enabled_events": ["refund.created"],
        "description": "New", "status": "disabled", "metadata": { "a": "1", "b": "2" },
        "api_version": "2024-06-20",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert_eq!(changed.get("secret"), None);
    assert_eq!(shop.client.get(&path).await.ok(), changed);
    let form = "disabled=false&description=&metadata=";
    let changed = shop.client.post(&path, form).await.ok();
    assert_eq!(
        (&changed["status"], &changed["description"], &changed["metadata"]),
        (&json!("enabled"), &Value::Null, &json!({}))
    );
    let table = [
        ("api_version=2024-06-20", "400 parameter_unknown api_version"),
        ("secret=whsec_x", "400 parameter_unknown secret"),
        ("enabled_events[]=unicorn.born", "400 parameter_invalid_value enabled_events"),
        ("enabled_events=", "400 parameter_invalid_value enabled_events"),
        ("url=ftp://shop.example", "400 parameter_invalid_value url"),
        ("url=https://a:b@shop.example/", "400 parameter_invalid_value url"),
        ("url=https://shop.example/%23x", "400 parameter_invalid_value url"),
        ("url=https://shop.example%5C@evil.example/", "400 parameter_invalid_value url"),
        ("disabled=yes", "400 parameter_invalid_boolean disabled"),
    ];
    for (form, expected) in table {
        assert_eq!(shop.client.post(&path, form).await.error(), expected, "{form}");
    }
    let missing = "/v1/webhook_endpoints/we_0000000000000000000000";
    let answer = shop.client.post(missing, "disabled=true").await;
    assert_eq!(answer.error(), "404 resource_missing id");
}

#[tokio::test]
async fn a_disabled_endpoint_gets_nothing() {
    let shop = Shop::open();
    let made = hook(&shop, OK, "").await;
    let path = format!("/v1/webhook_endpoints/{}", text(&made, "id"));
    shop.client.post(&path, "disabled=true").await.ok();
    shop.pay("tok_visa", "").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(shop.bank.delivered.lock().unwrap().is_empty());
    let event = shop.client.get("/v1/events?limit=1").await.ok();
    let resend = format!("/v1/events/{}/resend", text(&event["data"][0], "id"));
    let form = format!("webhook_endpoint={}", text(&made, "id"));
    let refused = shop.client.post(&resend, &form).await;
    assert_eq!(refused.error(), "400 webhook_endpoint_disabled webhook_endpoint");
    shop.client.post(&path, "disabled=false").await.ok();
    shop.client.post(&resend, &form).await.ok();
    shop.bank.delivered_to(OK, text(&event["data"][0], "type")).await;
}

#[tokio::test]
async fn a_rotated_secret_signs_beside_its_successor() {
    let shop = Shop::open();
    let made = hook(&shop, OK, "").await;
    let path = format!("/v1/webhook_endpoints/{}/rotate_secret", text(&made, "id"));
    let rotated = shop.client.post(&path, "expire_previous_in=60").await.ok();
    assert!(text(&rotated, "secret").starts_with("whsec_"));
    assert_ne!(rotated["secret"], made["secret"]);
    let row =
        shop.engine.find::<holdfast_core::webhook::WebhookEndpoints>(shop.platform, &shop.platform);
    let row = row.await.unwrap().unwrap();
    let (now, later) = (shop.engine.system_now(), shop.engine.now());
    let later = later.after(holdfast_core::time::Span::seconds(61));
    let (old, new) = (text(&made, "secret"), text(&rotated, "secret"));
    assert_eq!(row.endpoints[0].secrets(now), [old, new], "the current one is the last");
    assert_eq!(row.endpoints[0].secrets(later), [new]);
    shop.pay("tok_visa", "").await;
    shop.bank.delivered_to(OK, "payment_intent.succeeded").await;
    assert_eq!(shop.bank.signatures.load(Ordering::Relaxed), 2);

    let again = shop.client.post(&path, "").await.ok();
    let row =
        shop.engine.find::<holdfast_core::webhook::WebhookEndpoints>(shop.platform, &shop.platform);
    let row = row.await.unwrap().unwrap();
    assert_eq!(row.endpoints[0].secrets(now), [text(&again, "secret")], "no overlap was asked");
    let answer = shop.client.post(&path, "expire_previous_in=604801").await;
    assert_eq!(answer.error(), "400 parameter_invalid_integer expire_previous_in");
}

#[tokio::test]
async fn the_log_of_deliveries_says_what_came_of_each() {
    let shop = Shop::open();
    let (good, bad) = (hook(&shop, OK, "").await, hook(&shop, FAILS, "").await);
    shop.seller("Ada").await;
    shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let taken = deliveries(&shop, &good, "", 1).await.remove(0);
    assert_eq!(
        (&taken["object"], &taken["status"], &taken["response_status"], &taken["tries"]),
        (&json!("webhook_delivery"), &json!("delivered"), &json!(200), &json!(1))
    );
    assert_eq!((&taken["next_try_at"], &taken["webhook_endpoint"]), (&Value::Null, &good["id"]));
    assert!(taken["duration_ms"].is_u64() && taken["last_try_at"].is_i64());
    let failed = deliveries(&shop, &bad, "&status=retrying", 1).await.remove(0);
    assert_eq!((&failed["response_status"], &failed["event"]), (&json!(503), &taken["event"]));
    let wait = failed["next_try_at"].as_i64().unwrap() - failed["last_try_at"].as_i64().unwrap();
    assert_eq!(wait, 300, "five minutes after the first try");
    let one = format!("&event={}", text(&taken, "event"));
    assert_eq!(deliveries(&shop, &good, &one, 1).await.len(), 1);
    let path = format!("/v1/webhook_endpoints/{}/deliveries", text(&good, "id"));
    let list = shop.client.get(&path).await.ok();
    assert_eq!(text(&list, "url"), path);
    for (query, expected) in [
        ("status=lost", "400 parameter_invalid_value status"),
        ("event=evt_x", "404 resource_missing event"),
        ("starting_after=eff_0000000000000000000000", "400 cursor_invalid starting_after"),
    ] {
        let answer = shop.client.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.error(), expected, "{query}");
    }
    let delivered = shop.client.get("/v1/events?delivery_success=true").await.ok();
    assert_eq!(delivered["data"], json!([]), "one of its receivers has not taken it");
    let pending = shop.client.get("/v1/events?delivery_success=false&limit=1").await.ok();
    assert_eq!(pending["data"][0]["id"], taken["event"]);
    assert_eq!(pending["data"][0]["pending_webhooks"], 1);
    let event = format!("/v1/events/{}", text(&taken, "event"));
    assert_eq!(shop.client.get(&event).await.ok()["pending_webhooks"], 1);
    let path = format!("/v1/webhook_endpoints/{}", text(&bad, "id"));
    shop.client.post(&path, "url=https://shop.example/mended").await.ok();
    let resend = format!("/v1/events/{}/resend", text(&taken, "event"));
    let form = format!("webhook_endpoint={}", text(&bad, "id"));
    let resent = shop.client.post(&resend, &form).await.ok();
    assert_eq!(resent["id"], taken["event"]);
    deliveries(&shop, &bad, "&status=delivered", 1).await;
    let delivered = shop.client.get("/v1/events?delivery_success=true").await.ok();
    assert_eq!(delivered["data"][0]["id"], taken["event"]);
    assert_eq!(delivered["data"][0]["pending_webhooks"], 0);
    assert_eq!(shop.client.get(&event).await.ok()["pending_webhooks"], 0);
}

#[tokio::test]
async fn an_event_is_resent_to_whom_it_may_concern() {
    let shop = Shop::open();
    shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let event = shop.client.get("/v1/events?limit=1").await.ok()["data"][0].clone();
    let late = hook(&shop, OK, "").await;
    let path = format!("/v1/events/{}/resend", text(&event, "id"));
    let form = format!("webhook_endpoint={}", text(&late, "id"));
    let client = shop.client.with("idempotency-key", "once");
    for _ in 0..3 {
        assert_eq!(client.post(&path, &form).await.ok()["id"], event["id"]);
    }
    shop.bank.delivered_to(OK, "payment_intent.created").await;
    assert_eq!(deliveries(&shop, &late, "", 1).await.len(), 1, "once under one key");
    let none = "webhook_endpoint=we_0000000000000000000000";
    for (path, form, expected) in [
        (path.as_str(), "", "400 parameter_missing webhook_endpoint"),
        (&path, none, "404 resource_missing webhook_endpoint"),
        ("/v1/events/evt_0000000000000000000000/resend", &form, "404 resource_missing id"),
    ] {
        assert_eq!(shop.client.post(path, form).await.error(), expected, "{path} {form}");
    }
}

#[tokio::test]
async fn one_slow_receiver_never_delays_the_others() {
    let shop = Shop::open();
    hook(&shop, "https://slow.example/hangs", "").await;
    let quick = hook(&shop, OK, "").await;
    for _ in 0..40 {
        shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    }
    assert!(deliveries(&shop, &quick, "", 40).await.len() >= 40);
}

#[tokio::test]
async fn events_name_the_request_that_caused_them() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "order-7");
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_visa";
    let answer = client.post("/v1/payment_intents", form).await;
    let request = json!({
        "id": answer.header("request-id").unwrap(), "idempotency_key": "order-7",
    });
    let events = shop.client.get("/v1/events").await.ok();
    let events = events["data"].as_array().unwrap();
    let types: Vec<&str> = events.iter().map(|event| text(event, "type")).collect();
    assert!(types.contains(&"payment_intent.succeeded"), "{types:?}");
    for event in events {
        assert_eq!(event["request"], request, "{}", event["type"]);
    }
}
