//! Charges whose money goes on to a seller, the platform's fee of them, and what is given back.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

fn valid(name: &str, value: Value) -> Value {
    assert_eq!(Schema::read().faults(name, &value), Vec::<String>::new(), "{value:#}");
    value
}

/// A charge of 25.00 for a seller, of which the platform keeps 2.00, and the fee.
async fn with_fee(shop: &Shop) -> (String, Value, Value) {
    let seller = shop.seller("Ada").await;
    let more = format!("transfer_data[destination]={seller}&application_fee_amount=200");
    let paid = shop.pay("pm_card_bypassPending", &more).await;
    let list = format!("/v1/application_fees?charge={}", text(&paid, "latest_charge"));
    let fee = shop.client.get(&list).await.ok()["data"][0].clone();
    (seller, paid, valid("ApplicationFee", fee))
}

async fn available(shop: &Shop, seller: Option<&str>) -> i64 {
    let client = match seller {
        Some(seller) => shop.client.with("stripe-account", seller),
        None => shop.client.clone(),
    };
    client.get("/v1/balance").await.ok()["available"][0]["amount"].as_i64().unwrap()
}

#[tokio::test]
async fn a_destination_charge_leaves_the_seller_all_but_the_fee() {
    let shop = Shop::open();
    let (seller, paid, fee) = with_fee(&shop).await;
    assert_eq!((&fee["amount"], &fee["amount_refunded"]), (&json!(200), &json!(0)));
    assert_eq!((&fee["account"], &fee["charge"]), (&json!(seller), &paid["latest_charge"]));
    assert_eq!(available(&shop, Some(&seller)).await, 2_300);
    assert_eq!(available(&shop, None).await, 200);
    let path = format!("/v1/application_fees/{}", text(&fee, "id"));
    assert_eq!(shop.client.get(&path).await.ok(), fee);
    let transaction = format!("/v1/balance_transactions/{}", text(&fee, "balance_transaction"));
    let transaction = valid("BalanceTransaction", shop.client.get(&transaction).await.ok());
    assert_eq!(
        (&transaction["type"], &transaction["net"]),
        (&json!("application_fee"), &json!(200))
    );
}

#[tokio::test]
async fn a_fee_is_given_back_in_parts_and_no_further() {
    let shop = Shop::open();
    let (seller, _, fee) = with_fee(&shop).await;
    let path = format!("/v1/application_fees/{}", text(&fee, "id"));
    let refunds = format!("{path}/refunds");
    let first = shop.client.post(&refunds, "amount=50&metadata[a]=1").await.ok();
    let first = valid("FeeRefund", first);
    let one = format!("{refunds}/{}", text(&first, "id"));
    assert_eq!(shop.client.get(&one).await.ok(), first);
    let changed = shop.client.post(&one, "metadata[a]=2").await.ok();
    assert_eq!((&changed["metadata"], &changed["amount"]), (&json!({ "a": "2" }), &json!(50)));
    assert_eq!(shop.client.get(&refunds).await.ok()["data"], json!([changed]));
    assert_eq!(available(&shop, Some(&seller)).await, 2_350);
    let too_much = shop.client.post(&refunds, "amount=151").await.error();
    assert_eq!(too_much, "400 fee_refund_exceeds_fee amount");
    let whole = valid("ApplicationFee", shop.client.post(&format!("{path}/refund"), "").await.ok());
    assert_eq!((&whole["amount_refunded"], &whole["refunded"]), (&json!(200), &json!(true)));
    assert_eq!(shop.client.post(&refunds, "").await.error(), "400 fee_refund_exceeds_fee amount");
    assert_eq!(available(&shop, Some(&seller)).await, 2_500);
    assert_eq!(available(&shop, None).await, 0);
}

#[tokio::test]
async fn what_was_made_is_found_by_its_id() {
    let shop = Shop::open();
    let product = shop.client.post("/v1/products", "name=Lamp").await.ok();
    let price = format!("product={}&currency=usd&unit_amount=100", text(&product, "id"));
    let price = shop.client.post("/v1/prices", &price).await.ok();
    let link = format!("line_items[0][price]={}&line_items[0][quantity]=1", text(&price, "id"));
    let link = shop.client.post("/v1/payment_links", &link).await.ok();
    let coupon = shop.client.post("/v1/coupons", "percent_off=10&duration=once").await.ok();
    let code = format!("promotion[type]=coupon&promotion[coupon]={}", text(&coupon, "id"));
    let code = shop.client.post("/v1/promotion_codes", &code).await.ok();
    for (path, made) in [("payment_links", &link), ("promotion_codes", &code)] {
        let path = format!("/v1/{path}/{}", text(made, "id"));
        assert_eq!(shop.client.get(&path).await.ok(), *made);
        let noted = shop.client.post(&path, "metadata[a]=1").await.ok();
        assert_eq!(noted["metadata"], json!({ "a": "1" }));
    }
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let session = shop.session(&sellers).await;
    let page = format!("/v1/payment_pages/{}", text(&session, "id"));
    assert_eq!(shop.client.get(&page).await.ok()["id"], session["id"]);
}
