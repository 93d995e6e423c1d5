//! A purchase over two sellers, from the session to the sellers' balances.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{PAY_ORIGIN, Shop};

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

#[tokio::test]
async fn a_session_shows_what_is_bought() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let session = shop.session(&sellers).await;
    valid("Session", &session);
    let id = text(&session, "id");
    assert_eq!(
        (&session["status"], &session["payment_status"]),
        (&json!("open"), &json!("unpaid"))
    );
    assert_eq!(
        (&session["amount_subtotal"], &session["amount_total"]),
        (&json!(2_500), &json!(2_999))
    );
    assert_eq!(session["locale"], "en");
    assert_eq!(session["client_reference_id"], "basket-7");
    assert!(text(&session, "url").starts_with(&format!("{PAY_ORIGIN}/c/{id}/")));

    let path = format!("/v1/checkout/sessions/{id}");
    let shown = shop.client.get(&format!("{path}?expand[]=line_items")).await.ok();
    valid("Session", &shown);
    let lines = shown["line_items"]["data"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    valid("LineItem", &lines[0]);
    assert_eq!(lines[0]["seller"], *sellers[0]);
    let list = shop.client.get(&format!("{path}/line_items?limit=1")).await.ok();
    assert_eq!((&list["data"][0], &list["has_more"]), (&lines[0], &json!(true)));
    let after = format!("{path}/line_items?starting_after={}", text(&lines[0], "id"));
    assert_eq!(shop.client.get(&after).await.ok()["data"], json!([lines[1]]));
}

// DIFFERENCE: the dialect has no Arabic page; Holdfast has.
#[tokio::test]
async fn the_page_may_be_in_arabic() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let form = crate::shop::session_form(&sellers[0], &sellers[1]);
    let form = form.replace("locale=en", "locale=ar");
    assert_eq!(shop.client.post("/v1/checkout/sessions", &form).await.ok()["locale"], "ar");
}

#[tokio::test]
async fn a_session_ends_unpaid() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let id = text(&shop.session(&sellers).await, "id").to_owned();
    let expire = format!("/v1/checkout/sessions/{id}/expire");
    let over = shop.client.post(&expire, "").await.ok();
    assert_eq!((&over["status"], &over["url"]), (&json!("expired"), &json!(null)));
    assert_eq!(shop.client.post(&expire, "").await.error(), "400 checkout_session_not_open -");
    let confirm = format!("/v1/payment_pages/{id}/confirm");
    let late = shop.client.post(&confirm, "payment_method=tok_visa").await;
    assert_eq!(late.error(), "400 checkout_session_not_open -");
}

#[tokio::test]
async fn the_pay_page_declines_and_takes_the_next_card() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let session = shop.session(&sellers).await;
    let id = text(&session, "id");
    let confirm = format!("/v1/payment_pages/{id}/confirm");
    let other_sum =
        shop.client.post(&confirm, "payment_method=tok_visa&expected_amount=2998").await;
    assert_eq!(other_sum.error(), "400 total_changed expected_amount");

    let declined = shop.client.post(&confirm, "payment_method=tok_insufficientFunds").await;
    assert_eq!(declined.error(), "402 card_declined -");
    assert_eq!(declined.json["error"]["payment_intent"]["amount"], 2_999);

    // A browser knows the secret of the page that it is on.
    let secret = text(&session, "url").rsplit('/').next().unwrap();
    let form = format!(
        "payment_method=tok_visa&expected_amount=2999&client_secret={id}_secret_{secret}\
         &expand[]=payment_intent&expand[]=line_items"
    );
    let paid = shop.browser().post(&confirm, &form).await.ok();
    valid("Session", &paid);
    assert_eq!((&paid["status"], &paid["payment_status"]), (&json!("complete"), &json!("paid")));
    assert_eq!((&paid["url"], &paid["metadata"]), (&json!(null), &json!({})));
    assert_eq!(paid["payment_intent"]["status"], "requires_capture");
    assert_eq!(paid["payment_intent"]["metadata"], json!({}));

    let again = shop.client.post(&confirm, "payment_method=tok_visa").await;
    assert_eq!(again.error(), "400 checkout_session_not_open -");
    let list = format!(
        "/v1/checkout/sessions?payment_intent={}&expand[]=data.payment_intent",
        text(&paid["payment_intent"], "id")
    );
    let list = shop.client.get(&list).await.ok();
    assert_eq!(list["data"][0]["payment_intent"]["metadata"], json!({ "basket": "7" }));
}

#[tokio::test]
async fn orders_are_shipped_received_and_paid() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let [first, second] = &bought.orders;
    let path = format!("/v1/orders/{first}");
    let order = shop.client.get(&path).await.ok();
    assert_eq!(order["status"], "awaiting_shipment");
    assert_eq!(
        (&order["amount_subtotal"], &order["amount_shipping"]),
        (&json!(2_000), &json!(399))
    );
    assert!(text(&order, "url").starts_with(&format!("{PAY_ORIGIN}/o/{first}/")));
    assert_eq!(order["payment_intent"], bought.session["payment_intent"]);

    let early = shop.client.post(&format!("{path}/confirm_receipt"), "").await;
    assert_eq!(early.error(), "400 order_unexpected_state -");
    let form = "carrier=DHL&tracking_number=JD014600003&expand[]=held_funds";
    let shipped = shop.client.post(&format!("{path}/ship"), form).await.ok();
    assert_eq!(shipped["status"], "shipped");
    assert_eq!(shipped["shipments"][0]["carrier"], "DHL");
    assert_eq!(shipped["protection_extensions_left"], 1);
    let funds = &shipped["held_funds"];
    assert_eq!((&funds["status"], &funds["amount_held"]), (&json!("holding"), &json!(2_399)));

    let longer = shop.client.post(&format!("{path}/extend_protection"), "").await.ok();
    assert_eq!(longer["protection_extensions_left"], 0);
    let more = shop.client.post(&format!("{path}/extend_protection"), "").await;
    assert_eq!(more.error(), "400 extensions_exhausted -");
    let delivered = shop.client.post(&format!("{path}/deliver"), "").await.ok();
    assert_eq!(delivered["status"], "delivered");
    let done = shop.client.post(&format!("{path}/confirm_receipt"), "").await.ok();
    assert_eq!(done["status"], "completed");

    let funds = format!("/v1/held_funds/{}?expand[]=order", text(funds, "id"));
    let funds = shop.client.get(&funds).await.ok();
    assert_eq!(
        (&funds["status"], &funds["release_reason"]),
        (&json!("released"), &json!("buyer_confirmed"))
    );
    assert_eq!(funds["order"]["id"], **first);

    // The other seller cannot ship any more.
    let canceled = shop.client.post(&format!("/v1/orders/{second}/cancel"), "").await.ok();
    assert_eq!(canceled["status"], "canceled");
    assert_eq!(canceled["cancellation_reason"], "requested_by_platform");

    // 5 % of 23.99, rounded down, is the platform's.
    let balance = shop.client.get("/v1/balance").await.ok();
    valid("Balance", &balance);
    assert_eq!(balance["available"][0]["amount"], 119);
    let seller = shop.client.with("stripe-account", &bought.sellers[0]);
    let balance = seller.get("/v1/balance").await.ok();
    valid("Balance", &balance);
    assert_eq!(balance["available"][0]["amount"], 2_399 - 119);
    assert_eq!(balance["pending"][0]["amount"], 0);
}

#[tokio::test]
async fn a_claim_freezes_the_money_until_it_is_ruled() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let path = format!("/v1/orders/{}", bought.orders[0]);
    shop.client.post(&format!("{path}/ship"), "").await.ok();
    let form = "reason=not_as_described&description=It%20is%20blue";
    let claimed = shop.client.post(&format!("{path}/claim"), form).await.ok();
    assert_eq!(claimed["status"], "in_claim");
    assert_eq!(claimed["claim"]["reason"], "not_as_described");
    let funds = text(&claimed, "held_funds").to_owned();
    let frozen = shop.client.post(&format!("/v1/held_funds/{funds}/release"), "").await;
    assert_eq!(frozen.error(), "400 held_funds_frozen -");

    let too_much =
        shop.client.post(&format!("{path}/rule"), "outcome=split&refund_amount=2400").await;
    assert_eq!(too_much.error(), "400 ruling_exceeds_held refund_amount");
    let ruled = shop.client.post(&format!("{path}/rule"), "outcome=split&refund_amount=1000").await;
    assert_eq!(ruled.ok()["amount_refunded"], 1_000);
    let funds = shop.client.get(&format!("/v1/held_funds/{funds}")).await.ok();
    assert_eq!(
        (&funds["amount_refunded"], &funds["amount_released"]),
        (&json!(1_000), &json!(1_399))
    );
    let refunds = format!("/v1/refunds?payment_intent={}", text(&bought.session, "payment_intent"));
    assert_eq!(shop.client.get(&refunds).await.ok()["data"][0]["amount"], 1_000);
}

#[tokio::test]
async fn an_operator_moves_held_funds() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let order = format!("/v1/orders/{}/ship", bought.orders[0]);
    let funds = text(&shop.client.post(&order, "").await.ok(), "held_funds").to_owned();
    let path = format!("/v1/held_funds/{funds}");
    let seller = shop.client.with("stripe-account", &bought.sellers[0]);
    assert_eq!(seller.get("/v1/balance").await.ok()["pending"][0]["amount"], 2_399);

    let part = shop.client.post(&format!("{path}/release"), "amount=1000").await.ok();
    assert_eq!((&part["amount_released"], &part["amount_held"]), (&json!(1_000), &json!(1_399)));
    let back = shop.client.post(&format!("{path}/refund"), "amount=399").await.ok();
    assert_eq!((&back["amount_refunded"], &back["amount_held"]), (&json!(399), &json!(1_000)));
    let too_much = shop.client.post(&format!("{path}/release"), "amount=1001").await;
    assert_eq!(too_much.error(), "400 release_exceeds_held amount");
    let frozen = shop.client.post(&format!("{path}/freeze"), "").await.ok();
    assert_eq!((&frozen["status"], &frozen["amount_releasable"]), (&json!("frozen"), &json!(0)));
    let again = shop.client.post(&format!("{path}/freeze"), "").await;
    assert_eq!(again.error(), "400 held_funds_frozen -");
    let rest = shop.client.post(&format!("{path}/release"), "").await.ok();
    assert_eq!(
        (&rest["status"], &rest["release_reason"]),
        (&json!("released"), &json!("operator"))
    );
    let order = shop.client.get(&format!("/v1/orders/{}", bought.orders[0])).await.ok();
    assert_eq!(order["status"], "completed");
}

#[tokio::test]
async fn an_order_is_refunded_by_its_own() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let payment = text(&bought.session, "payment_intent");
    let form = format!("payment_intent={payment}&order={}&amount=100", bought.orders[1]);
    let refund = shop.client.post("/v1/refunds", &form).await.ok();
    assert_eq!(refund["destination_details"]["card"]["type"], "reversal");
    let path = format!("/v1/orders/{}?expand[]=payment_intent", bought.orders[1]);
    let order = shop.client.get(&path).await.ok();
    assert_eq!(order["amount_refunded"], 100);
    assert_eq!(order["payment_intent"]["amount_capturable"], 2_899);
    let other = shop.purchase().await;
    let form = format!("payment_intent={payment}&order={}", other.orders[0]);
    let foreign = shop.client.post("/v1/refunds", &form).await;
    assert_eq!(foreign.error(), "404 resource_missing order");
}

#[tokio::test]
async fn a_buyer_asks_and_a_seller_agrees() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let path = format!("/v1/orders/{}/cancel", bought.orders[0]);
    let asked = shop.client.post(&path, "requested_by=buyer").await.ok();
    assert_eq!(asked["status"], "awaiting_shipment");
    assert!(asked["cancel_request"]["respond_by"].is_i64());
    let twice = shop.client.post(&path, "requested_by=buyer").await;
    assert_eq!(twice.error(), "400 order_unexpected_state -");
    let seller = shop.client.with("stripe-account", &bought.sellers[0]);
    let forged = seller.post(&path, "requested_by=platform").await;
    assert_eq!(forged.error(), "400 parameter_invalid_value requested_by");
    let agreed = seller.post(&path, "").await.ok();
    assert_eq!(agreed["cancellation_reason"], "requested_by_buyer");
    assert_eq!(agreed["url"], json!(null));
}

#[tokio::test]
async fn a_product_that_excludes_cards_is_not_paid_by_card() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let form = crate::shop::session_form(&sellers[0], &sellers[1]);
    let form = format!("{form}&line_items[1][excluded_payment_method_types][0]=card");
    let session = shop.client.post("/v1/checkout/sessions", &form).await.ok();
    assert_eq!(session["payment_method_types"], json!([]));
    let path = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let refused = shop.client.post(&path, "payment_method=tok_visa").await;
    assert_eq!(refused.error(), "400 card_not_allowed -");
}
