//! Transfers and their reversals, top-ups: the platform's own money.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

fn valid(name: &str, value: Value) -> Value {
    assert_eq!(Schema::read().faults(name, &value), Vec::<String>::new(), "{value:#}");
    value
}

/// A platform with USD 25.00 that are settled.
async fn rich() -> Shop {
    let shop = Shop::open();
    shop.pay("pm_card_bypassPending", "transfer_group=g7").await;
    shop
}

async fn events(shop: &Shop, about: &Value) -> Vec<String> {
    let events = shop.client.get("/v1/events?limit=100").await.ok();
    let events = events["data"].as_array().unwrap().iter();
    let about = events.filter(|event| event["data"]["object"]["id"] == about["id"]);
    let mut names: Vec<String> = about.map(|event| text(event, "type").to_owned()).collect();
    names.sort();
    names
}

async fn available(shop: &Shop) -> i64 {
    shop.client.get("/v1/balance").await.ok()["available"][0]["amount"].as_i64().unwrap()
}

#[tokio::test]
async fn a_transfer_is_made_changed_listed_and_reversed() {
    let shop = rich().await;
    let seller = shop.seller("Ada").await;
    let other = shop.seller("Bo").await;
    let form = format!(
        "amount=1000&currency=usd&destination={seller}&transfer_group=g1&description=Lamps\
         &metadata[order]=7&source_type=card"
    );
    let made = valid("Transfer", shop.client.post("/v1/transfers", &form).await.ok());
    assert_eq!(made["destination"], json!(seller));
    assert_eq!((&made["amount"], &made["reversed"]), (&json!(1_000), &json!(false)));
    assert_eq!(made["source_transaction"], Value::Null);
    assert_eq!(made["metadata"], json!({ "order": "7" }));
    assert_eq!(available(&shop).await, 1_500);

    let path = format!("/v1/transfers/{}", text(&made, "id"));
    let change = "description=&metadata[order]=&metadata[b]=1&expand[]=balance_transaction";
    let changed = valid("Transfer", shop.client.post(&path, change).await.ok());
    assert_eq!(changed["description"], Value::Null);
    assert_eq!(changed["metadata"], json!({ "b": "1" }));
    let entry = valid("BalanceTransaction", changed["balance_transaction"].clone());
    assert_eq!((&entry["amount"], &entry["net"]), (&json!(-1_000), &json!(-1_000)));
    assert_eq!((&entry["type"], &entry["source"]), (&json!("transfer"), &made["id"]));

    let reversals = format!("{path}/reversals");
    let form = "amount=300&metadata[why]=late&description=late";
    let back = valid("TransferReversal", shop.client.post(&reversals, form).await.ok());
    assert_eq!((&back["amount"], &back["transfer"]), (&json!(300), &made["id"]));
    let path_back = format!("{reversals}/{}", text(&back, "id"));
    let change = "metadata[why]=&expand[]=transfer";
    let back = valid("TransferReversal", shop.client.post(&path_back, change).await.ok());
    assert_eq!(back["metadata"], json!({}));
    valid("Transfer", back["transfer"].clone());
    let same = shop.client.get(&path_back).await.ok();
    assert_eq!(same["id"], back["id"]);
    let list = shop.client.get(&reversals).await.ok();
    assert_eq!(list["data"], json!([same]));
    let seen = valid("Transfer", shop.client.get(&path).await.ok());
    assert_eq!((&seen["amount_reversed"], &seen["reversed"]), (&json!(300), &json!(false)));
    assert_eq!(seen["reversals"]["data"][0]["id"], back["id"]);
    shop.client.post(&reversals, "").await.ok();
    let seen = shop.client.get(&path).await.ok();
    assert_eq!((&seen["amount_reversed"], &seen["reversed"]), (&json!(1_000), &json!(true)));
    assert_eq!(available(&shop).await, 2_500);
    let expected =
        ["transfer.created", "transfer.reversed", "transfer.reversed", "transfer.updated"];
    assert_eq!(events(&shop, &made).await, expected);

    for (query, count) in [
        (String::new(), 1),
        (format!("?destination={seller}"), 1),
        (format!("?destination={other}"), 0),
        ("?transfer_group=g1".to_owned(), 1),
        (format!("?transfer_group=g1&destination={other}"), 0),
        ("?created[gt]=4000000000".to_owned(), 0),
        ("?expand[]=data.destination".to_owned(), 1),
    ] {
        let list = shop.client.get(&format!("/v1/transfers{query}")).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test]
async fn a_transfer_out_of_a_charge_that_is_not_settled() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let paid = shop.pay("tok_visa", "transfer_group=g9").await;
    let charge = text(&paid, "latest_charge").to_owned();
    let short = format!("amount=1000&currency=usd&destination={seller}");
    let refused = shop.client.post("/v1/transfers", &short).await;
    assert_eq!(refused.error(), "400 balance_insufficient -");

    let form = format!("{short}&source_transaction={charge}&expand[]=source_transaction");
    let made = valid("Transfer", shop.client.post("/v1/transfers", &form).await.ok());
    assert_eq!(made["source_transaction"]["id"], json!(charge));
    assert_eq!(made["transfer_group"], "g9");
    let balance = valid("Balance", shop.client.get("/v1/balance").await.ok());
    assert_eq!(balance["pending"][0]["amount"], 1_500);
    assert_eq!(balance["available"][0]["amount"], 0);
    let client = shop.client.with("stripe-account", &seller);
    let balance = valid("Balance", client.get("/v1/balance").await.ok());
    assert_eq!(balance["pending"][0]["amount"], 1_000);
    assert_eq!(balance["available"][0]["amount"], 0);
    let seen = client.get("/v1/balance_transactions").await.ok();
    let seen = valid("BalanceTransaction", seen["data"][0].clone());
    assert_eq!((&seen["type"], &seen["net"]), (&json!("payment"), &json!(1_000)));
    assert_eq!(seen["status"], "pending");
    assert!(seen["available_on"].as_i64() > seen["created"].as_i64());

    let form = format!("amount=1501&currency=usd&destination={seller}&source_transaction={charge}");
    let refused = shop.client.post("/v1/transfers", &form).await;
    assert_eq!(refused.error(), "400 transfer_exceeds_charge amount");
    let rest = format!("currency=usd&destination={seller}&source_transaction={charge}");
    let made = shop.client.post("/v1/transfers", &rest).await.ok();
    assert_eq!(made["amount"], 1_500);
}

#[tokio::test]
async fn fifty_transfers_at_once_never_pass_the_balance() {
    let shop = rich().await;
    let seller = shop.seller("Ada").await;
    let mut asked = Vec::new();
    for _ in 0..50 {
        let (client, seller) = (shop.client.clone(), seller.clone());
        asked.push(tokio::spawn(async move {
            let form = format!("amount=100&currency=usd&destination={seller}");
            client.post("/v1/transfers", &form).await
        }));
    }
    let mut made = 0;
    for asked in asked {
        let answer = asked.await.unwrap();
        if answer.status == 200 {
            made += 1;
        } else {
            assert_eq!(answer.error(), "400 balance_insufficient -");
        }
    }
    assert_eq!(made, 25);
    assert_eq!(available(&shop).await, 0);
}

#[tokio::test]
async fn a_top_up_is_there_at_once() {
    let shop = Shop::open();
    let form = "amount=5000&currency=usd&description=Float&statement_descriptor=FLOAT\
                &transfer_group=g1&metadata[a]=b";
    let made = valid("Topup", shop.client.post("/v1/topups", form).await.ok());
    assert_eq!((&made["status"], &made["amount"]), (&json!("succeeded"), &json!(5_000)));
    assert_eq!(available(&shop).await, 5_000);
    let path = format!("/v1/topups/{}", text(&made, "id"));
    let refused = shop.client.post(&format!("{path}/cancel"), "").await;
    assert_eq!(refused.error(), "400 topup_unexpected_state -");
    let change = "description=New&expand[]=balance_transaction";
    let changed = valid("Topup", shop.client.post(&path, change).await.ok());
    assert_eq!(changed["description"], "New");
    assert_eq!(changed["balance_transaction"]["type"], "topup");
    assert_eq!(shop.client.get(&path).await.ok()["metadata"], json!({ "a": "b" }));
    for (query, count) in [("", 1), ("?status=succeeded", 1), ("?status=pending", 0)] {
        let list = shop.client.get(&format!("/v1/topups{query}")).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), count, "{query}");
    }
    assert_eq!(events(&shop, &made).await, ["topup.created", "topup.succeeded"]);
}

/// Method, path, form and the answer. `{acct}` is a seller, `{ch}` a settled charge, `{tr}` a
/// transfer of USD 5.00, `{trr}` a reversal of USD 1.00 of another transfer, `{held}` the charge
/// of an order, `{tu}` a top-up.
const BAD: &[(&str, &str, &str, &str)] = &[
    ("POST", "/v1/transfers", "", "400 parameter_missing currency"),
    ("POST", "/v1/transfers", "currency=usd", "400 parameter_missing amount"),
    ("POST", "/v1/transfers", "amount=5&currency=usd", "400 parameter_missing destination"),
    (
        "POST",
        "/v1/transfers",
        "amount=0&currency=usd&destination={acct}",
        "400 amount_too_small amount",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=-1&currency=usd&destination={acct}",
        "400 parameter_invalid_integer amount",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=1000000000000&currency=usd&destination={acct}",
        "400 amount_too_large amount",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=xxx&destination={acct}",
        "400 parameter_invalid_value currency",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=eur&destination={acct}",
        "400 balance_insufficient -",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=999999&currency=usd&destination={acct}",
        "400 balance_insufficient -",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination=acct_0",
        "400 resource_missing destination",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination=acct_0000000000000000000000",
        "400 resource_missing destination",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination={acct}&source_transaction=ch_0000000000000000000000",
        "400 resource_missing source_transaction",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination={acct}&source_transaction={held}",
        "400 source_transaction_unusable source_transaction",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=2501&currency=usd&destination={acct}&source_transaction={ch}",
        "400 transfer_exceeds_charge amount",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=eur&destination={acct}&source_transaction={ch}",
        "400 currency_mismatch currency",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination={acct}&source_type=fpx",
        "400 parameter_invalid_value source_type",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination={acct}&to=x",
        "400 parameter_unknown to",
    ),
    (
        "POST",
        "/v1/transfers",
        "amount=5&currency=usd&destination={acct}&expand[]=reason",
        "400 property_not_expandable expand[0]",
    ),
    ("GET", "/v1/transfers/tr_0000000000000000000000", "", "404 resource_missing id"),
    ("POST", "/v1/transfers/tr_0000000000000000000000", "", "404 resource_missing id"),
    ("POST", "/v1/transfers/{tr}", "amount=5", "400 parameter_unknown amount"),
    ("POST", "/v1/transfers/{tr}", "metadata=x", "400 parameter_invalid_object metadata"),
    ("GET", "/v1/transfers?destination=x", "", "404 resource_missing destination"),
    ("POST", "/v1/transfers/{tr}/reversals", "amount=0", "400 amount_too_small amount"),
    ("POST", "/v1/transfers/{tr}/reversals", "amount=501", "400 reversal_exceeds_transfer amount"),
    (
        "POST",
        "/v1/transfers/{tr}/reversals",
        "refund_application_fee=yes",
        "400 parameter_invalid_boolean refund_application_fee",
    ),
    ("GET", "/v1/transfers/{tr}/reversals/{trr}", "", "404 resource_missing id"),
    ("POST", "/v1/transfers/{tr}/reversals/{trr}", "metadata[a]=b", "404 resource_missing id"),
    ("GET", "/v1/transfers/tr_0000000000000000000000/reversals", "", "404 resource_missing id"),
    ("GET", "/v1/application_fees/fee_0000000000000000000000", "", "404 resource_missing id"),
    (
        "POST",
        "/v1/application_fees/fee_0000000000000000000000/refunds",
        "",
        "404 resource_missing id",
    ),
    (
        "POST",
        "/v1/application_fees/fee_0000000000000000000000/refund",
        "amount=1",
        "404 resource_missing id",
    ),
    ("GET", "/v1/application_fees?charge=x", "", "404 resource_missing charge"),
    ("POST", "/v1/topups", "currency=usd", "400 parameter_missing amount"),
    ("POST", "/v1/topups", "amount=5", "400 parameter_missing currency"),
    ("POST", "/v1/topups", "amount=0&currency=usd", "400 amount_too_small amount"),
    (
        "POST",
        "/v1/topups",
        "amount=5&currency=usd&statement_descriptor=1234567890123456",
        "400 parameter_too_long statement_descriptor",
    ),
    ("POST", "/v1/topups/{tu}", "amount=7", "400 parameter_unknown amount"),
    ("POST", "/v1/topups/{tu}/cancel", "", "400 topup_unexpected_state -"),
    ("GET", "/v1/topups?status=late", "", "400 parameter_invalid_value status"),
    ("GET", "/v1/balance_transactions/txn_0000000000000000000000", "", "404 resource_missing id"),
    ("GET", "/v1/balance_transactions/ch_1", "", "404 resource_missing id"),
    ("GET", "/v1/balance_transactions?type=gift", "", "400 parameter_invalid_value type"),
    ("GET", "/v1/balance_transactions?currency=xxx", "", "400 parameter_invalid_value currency"),
    (
        "GET",
        "/v1/balance_transactions?starting_after=txn_1",
        "",
        "400 cursor_invalid starting_after",
    ),
    (
        "GET",
        "/v1/balance_transactions?source={ch}&payout=po_1",
        "",
        "400 parameters_exclusive payout",
    ),
    ("GET", "/v1/balance?currency=usd", "", "400 parameter_unknown currency"),
];

#[tokio::test]
async fn bad_requests_are_refused_and_change_nothing() {
    let shop = rich().await;
    let seller = shop.seller("Ada").await;
    let charges = shop.client.get("/v1/charges").await.ok();
    let charge = text(&charges["data"][0], "id").to_owned();
    let form = format!("amount=500&currency=usd&destination={seller}");
    let transfer = shop.client.post("/v1/transfers", &form).await.ok();
    let other = shop.client.post("/v1/transfers", &form).await.ok();
    let path = format!("/v1/transfers/{}/reversals", text(&other, "id"));
    let reversal = shop.client.post(&path, "amount=100").await.ok();
    let topup = shop.client.post("/v1/topups", "amount=1&currency=usd").await.ok();
    let bought = shop.purchase().await;
    let payment = text(&bought.session, "payment_intent");
    let held = shop.client.get(&format!("/v1/charges?payment_intent={payment}")).await.ok();
    let held = text(&held["data"][0], "id");
    let words = [
        ("{acct}", seller.as_str()),
        ("{ch}", &charge),
        ("{tr}", text(&transfer, "id")),
        ("{trr}", text(&reversal, "id")),
        ("{held}", held),
        ("{tu}", text(&topup, "id")),
    ];
    // The note of the balance is on its way by itself.
    shop.noted_balance().await;
    let before = (shop.store.all_rows(), shop.store.all_entries());
    for (method, path, form, expected) in BAD {
        let fill = |text: &str| {
            words.iter().fold(text.to_owned(), |text, (word, id)| text.replace(word, id))
        };
        let answer = shop.client.send(method, &fill(path), &fill(form)).await;
        assert_eq!(answer.error(), *expected, "{method} {path} {form}");
    }
    assert!(before == (shop.store.all_rows(), shop.store.all_entries()), "something changed");
}
