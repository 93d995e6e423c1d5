//! Where the address of a charge's receipt stands, and where it does not.

use holdfast_api::events::body;
use serde_json::Value;

use crate::client::text;
use crate::shop::{PAY_ORIGIN, Shop, receipts};

/// The address that the receipt of a charge has in these tests.
fn address(charge: &str) -> String {
    format!("{PAY_ORIGIN}/r/{charge}/of_{charge}")
}

#[tokio::test]
async fn every_charge_that_succeeded_says_where_its_receipt_is() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "expand[]=latest_charge").await;
    let charge = text(&paid["latest_charge"], "id").to_owned();
    let address = address(&charge);
    assert_eq!(paid["latest_charge"]["receipt_url"], address);
    let refund = format!("charge={charge}&amount=100&expand[]=charge");
    let refund = shop.client.post("/v1/refunds", &refund).await.ok();
    assert_eq!(refund["charge"]["receipt_url"], address);

    let get = async |path: &str| shop.client.get(path).await.ok();
    assert_eq!(get(&format!("/v1/charges/{charge}")).await["receipt_url"], address);
    let lists = ["/v1/charges", "/v1/charges/search?query=status:%22succeeded%22"];
    for list in lists {
        assert_eq!(get(list).await["data"][0]["receipt_url"], address, "{list}");
    }
    let within = get(&format!("/v1/refunds?charge={charge}&expand[]=data.charge")).await;
    assert_eq!(within["data"][0]["charge"]["receipt_url"], address);
    let older = shop.client.with("stripe-version", "2022-08-01");
    let listed = older.get(&format!("/v1/payment_intents/{}", text(&paid, "id"))).await.ok();
    assert_eq!(listed["charges"]["data"][0]["receipt_url"], address);

    let mut events = 0;
    for event in shop.store.all_events() {
        let shown: Value = serde_json::from_slice(&body(&event, None, &receipts())).unwrap();
        let id = text(&shown, "id");
        assert_eq!(get(&format!("/v1/events/{id}")).await["data"], shown["data"]);
        if shown["data"]["object"]["object"] == "charge" {
            assert_eq!(shown["data"]["object"]["receipt_url"], address, "{}", shown["type"]);
            events += 1;
        }
    }
    assert!(events >= 2, "charge.succeeded and charge.refunded at least: {events}");
}

#[tokio::test]
async fn a_charge_that_failed_or_is_undecided_has_no_receipt() {
    let shop = Shop::open();
    let form = "amount=900&currency=usd&confirm=true&payment_method=tok_chargeDeclined";
    assert_eq!(shop.client.post("/v1/payment_intents", form).await.error(), "402 card_declined -");
    shop.pay("tok_threeDSecureRequired", "return_url=https://shop.example/back").await;
    let list = shop.client.get("/v1/charges").await.ok();
    let shown = list["data"].as_array().unwrap().iter();
    let shown: Vec<_> = shown.map(|it| (text(it, "status"), it["receipt_url"].as_str())).collect();
    assert_eq!(shown, [("pending", None), ("failed", None)]);
    for event in shop.store.all_events() {
        let shown: Value = serde_json::from_slice(&body(&event, None, &receipts())).unwrap();
        assert_eq!(shown["data"]["object"]["receipt_url"].as_str(), None, "{}", shown["type"]);
    }
}

#[tokio::test]
async fn money_that_is_only_set_aside_has_a_receipt_as_well() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", "capture_method=manual&expand[]=latest_charge").await;
    let charge = &held["latest_charge"];
    assert_eq!((&charge["status"], &charge["captured"]), (&"succeeded".into(), &false.into()));
    assert_eq!(charge["receipt_url"], address(text(charge, "id")));
    // Nobody is sent a receipt by mail, which is what a receipt's number is of in the dialect.
    assert!(charge["receipt_number"].is_null());
}
