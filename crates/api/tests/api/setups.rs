//! Cards that are saved without a payment.

use std::sync::atomic::Ordering;

use holdfast_core::effect::HoldChange;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

fn kinds(shop: &Shop) -> Vec<&'static str> {
    shop.store.all_events().iter().map(|event| event.kind.name()).collect()
}

#[tokio::test]
async fn a_card_is_saved_at_once() {
    let shop = Shop::open();
    let owner = shop.client.post("/v1/customers", "name=Ada").await.ok();
    let form = format!(
        "confirm=true&payment_method=pm_card_visa&customer={}&usage=on_session&description=later\
         &metadata[a]=1&automatic_payment_methods[enabled]=true\
         &automatic_payment_methods[allow_redirects]=never&expand[]=latest_attempt\
         &expand[]=payment_method&expand[]=customer",
        text(&owner, "id")
    );
    let made = shop.client.post("/v1/setup_intents", &form).await.ok();
    valid("SetupIntent", &made);
    assert_eq!((&made["status"], &made["usage"]), (&json!("succeeded"), &json!("on_session")));
    assert_eq!(made["payment_method"]["customer"], owner["id"]);
    assert_eq!(made["latest_attempt"]["status"], "succeeded");
    let mut kinds = kinds(&shop);
    kinds.sort_unstable();
    let expected = [
        "customer.created",
        "payment_method.attached",
        "setup_intent.created",
        "setup_intent.succeeded",
    ];
    assert_eq!(kinds, expected);
    let path = format!("/v1/setup_attempts?setup_intent={}", text(&made, "id"));
    let expanded = format!("{path}&expand[]=data.payment_method&expand[]=data.setup_intent");
    let attempts = shop.client.get(&expanded).await.ok();
    valid("SetupAttempt", &attempts["data"][0]);
    assert_eq!(attempts["data"][0]["payment_method"], made["payment_method"]);
    assert_eq!(shop.client.get(&path).await.ok()["data"].as_array().unwrap().len(), 1);
    for filter in [
        format!("customer={}", text(&owner, "id")),
        format!("payment_method={}", text(&made["payment_method"], "id")),
        "created[gt]=1&expand[]=data.payment_method".to_owned(),
    ] {
        let list = shop.client.get(&format!("/v1/setup_intents?{filter}")).await.ok();
        assert_eq!(list["data"][0]["id"], made["id"], "{filter}");
    }
    let late = format!("/v1/setup_intents/{}", text(&made, "id"));
    for action in ["confirm", "cancel"] {
        let answer = shop.client.post(&format!("{late}/{action}"), "").await;
        assert_eq!(answer.error(), "400 setup_intent_unexpected_state -", "{action}");
        assert_eq!(answer.json["error"]["setup_intent"]["status"], "succeeded");
    }
}

#[tokio::test]
async fn a_setup_waits_for_its_card_and_is_changed_meanwhile() {
    let shop = Shop::open();
    let made = shop.client.post("/v1/setup_intents", "").await.ok();
    valid("SetupIntent", &made);
    assert_eq!(made["status"], "requires_payment_method");
    assert_eq!(made["usage"], "off_session");
    let path = format!("/v1/setup_intents/{}", text(&made, "id"));
    let card = "type=card&card[token]=tok_visa";
    let card = shop.client.post("/v1/payment_methods", card).await.ok();
    let form = format!("payment_method={}&description=x&metadata[a]=1", text(&card, "id"));
    let waiting = shop.client.post(&path, &form).await.ok();
    assert_eq!(waiting["status"], "requires_confirmation");
    assert_eq!((&waiting["payment_method"], &waiting["description"]), (&card["id"], &json!("x")));
    let done = shop.client.post(&format!("{path}/confirm"), "").await.ok();
    assert_eq!((&done["status"], &done["payment_method"]), (&json!("succeeded"), &card["id"]));

    let form = "payment_method=tok_visa";
    let made = shop.client.post("/v1/setup_intents", form).await.ok();
    assert_eq!(made["status"], "requires_confirmation");
    let path = format!("/v1/setup_intents/{}/cancel", text(&made, "id"));
    let gone = shop.client.post(&path, "cancellation_reason=abandoned").await.ok();
    valid("SetupIntent", &gone);
    assert_eq!(
        (&gone["status"], &gone["cancellation_reason"]),
        (&json!("canceled"), &json!("abandoned"))
    );
}

#[tokio::test]
async fn a_decline_is_told_with_the_setup() {
    let shop = Shop::open();
    let form = "confirm=true&payment_method=tok_chargeDeclined";
    let answer = shop.client.post("/v1/setup_intents", form).await;
    assert_eq!(answer.error(), "402 card_declined -");
    let error = &answer.json["error"];
    let setup = &error["setup_intent"];
    valid("SetupIntent", setup);
    valid("PaymentMethod", &error["payment_method"]);
    assert_eq!(setup["status"], "requires_payment_method");
    assert_eq!(setup["last_setup_error"]["decline_code"], "generic_decline");
    let path = format!("/v1/payment_methods/{}", text(&error["payment_method"], "id"));
    assert_eq!(shop.client.get(&path).await.ok()["card"]["last4"], "3184");
    let path = format!("/v1/setup_intents/{}/confirm", text(setup, "id"));
    let saved = shop.client.post(&path, "payment_method=tok_visa").await.ok();
    assert_eq!((&saved["status"], &saved["last_setup_error"]), (&json!("succeeded"), &json!(null)));
    let attempts = format!("/v1/setup_attempts?setup_intent={}", text(setup, "id"));
    let attempts = shop.client.get(&attempts).await.ok();
    let states: Vec<&str> =
        attempts["data"].as_array().unwrap().iter().map(|row| text(row, "status")).collect();
    assert_eq!(states, ["succeeded", "failed"]);
    valid("SetupAttempt", &attempts["data"][1]);
}

#[tokio::test]
async fn a_bank_asks_the_buyer_before_a_card_is_saved() {
    let shop = Shop::open();
    let form = "confirm=true&payment_method=tok_threeDSecureRequired\
                &return_url=https://shop.example/back";
    let waiting = shop.client.post("/v1/setup_intents", form).await.ok();
    valid("SetupIntent", &waiting);
    assert_eq!(waiting["status"], "requires_action");
    let page = &waiting["next_action"]["redirect_to_url"];
    assert_eq!(page["url"], "http://127.0.0.1:4004/challenge/1");
    assert_eq!(page["return_url"], "https://shop.example/back");

    shop.bank.codes_given.store(true, Ordering::Relaxed);
    shop.notify(text(&waiting, "latest_attempt")).await.ok();
    let path = format!("/v1/setup_intents/{}", text(&waiting, "id"));
    let mut shown = Value::Null;
    for _ in 0..1_000 {
        shown = shop.client.get(&path).await.ok();
        if shown["status"] == "succeeded" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(shown["status"], "succeeded");
    assert!(kinds(&shop).contains(&"setup_intent.requires_action"));
}

#[tokio::test]
async fn a_setup_that_is_given_up_saves_nothing() {
    let shop = Shop::open();
    let form = "confirm=true&payment_method=tok_threeDSecureRequired";
    let waiting = shop.client.post("/v1/setup_intents", form).await.ok();
    let path = format!("/v1/setup_intents/{}/cancel", text(&waiting, "id"));
    let gone = shop.client.post(&path, "").await.ok();
    assert_eq!((&gone["status"], &gone["cancellation_reason"]), (&json!("canceled"), &json!(null)));
    // The bank is told to ask the cardholder no more, as for a payment.
    let told = async || {
        loop {
            let held = shop.bank.held.lock().unwrap().clone();
            if !held.is_empty() {
                break held;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let told = tokio::time::timeout(std::time::Duration::from_secs(20), told()).await.unwrap();
    assert!(matches!(told[0].change, HoldChange::GiveUp { .. }));
    assert_eq!((told[0].authorization.as_str(), told[0].amount.minor()), ("sba_asked", 0));
    let reference = format!("{}_given_up", text(&gone, "latest_attempt"));
    assert_eq!((told.len(), told[0].own_reference()), (1, reference));

    let silent = "confirm=true&payment_method=tok_silent";
    let silent = shop.client.post("/v1/setup_intents", silent).await.ok();
    assert_eq!(silent["status"], "processing");
    let path = format!("/v1/setup_intents/{}/cancel", text(&silent, "id"));
    assert_eq!(
        shop.client.post(&path, "").await.error(),
        "400 setup_intent_unexpected_state -",
        "what the bank was asked is not known yet"
    );
}

#[tokio::test]
async fn a_browser_saves_a_card_with_the_setups_secret() {
    let shop = Shop::open();
    let form = "metadata[a]=1";
    let made = shop.client.post("/v1/setup_intents", form).await.ok();
    let (id, secret) = (text(&made, "id"), text(&made, "client_secret"));
    let path = format!("/v1/setup_intents/{id}");
    let browser = shop.browser();
    let wrong = format!("{path}?client_secret={secret}x");
    assert_eq!(browser.get(&wrong).await.error(), "404 resource_missing id");
    assert_eq!(browser.get(&path).await.error(), "400 parameter_missing client_secret");
    let shown = browser.get(&format!("{path}?client_secret={secret}")).await.ok();
    assert_eq!(shown["metadata"], json!({}));
    let form = format!("client_secret={secret}&payment_method=tok_visa");
    let done = browser.post(&format!("{path}/confirm"), &form).await.ok();
    assert_eq!(done["status"], "succeeded");
    assert_eq!(browser.post(&path, &form).await.error(), "403 secret_key_required -");
}
