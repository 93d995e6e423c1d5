//! Webhooks: believed with a signature over their bytes, and never without.

use std::time::{SystemTime, UNIX_EPOCH};

use ring::hmac;

use crate::browser::Answer;
use crate::{Shop, WEBHOOK_SECRET};

const BODY: &str = r#"{"id":"evt_1","object":"event","type":"order.shipped","created":1,
    "data":{"object":{"id":"ord_1","object":"order"}}}"#;

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn sign(secret: &str, at_s: u64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{at_s}.{body}").as_bytes());
    let digits: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at_s},v1={digits}")
}

async fn deliver(shop: &Shop, signature: &str, body: &str) -> Answer {
    let mut browser = shop.browser();
    let request = browser.client().post(format!("{}/webhooks", shop.origin));
    let request = request.header("stripe-signature", signature).body(body.to_owned());
    browser.send(request).await
}

#[tokio::test]
async fn a_signed_event_is_noted_once() {
    let shop = Shop::open().await;
    let signature = sign(WEBHOOK_SECRET, now_s(), BODY);
    for _ in 0..2 {
        assert_eq!(deliver(&shop, &signature, BODY).await.status, 200);
    }
    let page = shop.browser().get("/webhooks").await;
    page.has(&["order.shipped", "evt_1", "ord_1", "delivered 2 times"]);
    assert_eq!(page.body.matches("evt_1").count(), 1);
}

#[tokio::test]
async fn anything_else_is_refused() {
    let shop = Shop::open().await;
    let now = now_s();
    let table = [
        (String::new(), BODY.to_owned()),
        (sign("whsec_other", now, BODY), BODY.to_owned()),
        (sign(WEBHOOK_SECRET, now, BODY), BODY.replace("shipped", "refunded")),
        (sign(WEBHOOK_SECRET, now - 310, BODY), BODY.to_owned()),
        (sign(WEBHOOK_SECRET, now, "not json"), "not json".to_owned()),
        (sign(WEBHOOK_SECRET, now, "{}"), "{}".to_owned()),
    ];
    for (signature, body) in table {
        assert_eq!(deliver(&shop, &signature, &body).await.status, 400, "{signature} {body}");
    }
    let huge = "x".repeat(300 * 1024);
    let signature = sign(WEBHOOK_SECRET, now, &huge);
    assert_eq!(deliver(&shop, &signature, &huge).await.status, 413);
    shop.browser().get("/webhooks").await.has(&["Nothing has come yet."]);
}

#[tokio::test]
async fn without_a_secret_nothing_is_believed() {
    let shop = Shop::with(|config| config.webhook_secret = String::new()).await;
    let signature = sign("", now_s(), BODY);
    // An empty key is no key for the signer either, but the shop must not depend on that.
    assert_eq!(deliver(&shop, &signature, BODY).await.status, 400);
}
