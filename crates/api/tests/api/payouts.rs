//! Payouts: of the platform, and of sellers in whose name they are asked for.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::schema::Schema;
use crate::shop::Shop;

fn valid(value: Value) -> Value {
    assert_eq!(Schema::read().faults("Payout", &value), Vec::<String>::new(), "{value:#}");
    value
}

/// A seller with money and a bank account, and a client in its name.
async fn paid_seller(shop: &Shop, bank: &str) -> (String, Client) {
    let bought = shop.purchase().await;
    let order = format!("/v1/orders/{}", bought.orders[0]);
    shop.client.post(&format!("{order}/ship"), "").await.ok();
    shop.client.post(&format!("{order}/confirm_receipt"), "").await.ok();
    let seller = bought.sellers[0].clone();
    let path = format!("/v1/accounts/{seller}/external_accounts");
    shop.client.post(&path, &format!("external_account={bank}")).await.ok();
    let client = shop.client.with("stripe-account", &seller);
    (seller, client)
}

async fn available(client: &Client) -> i64 {
    client.get("/v1/balance").await.ok()["available"][0]["amount"].as_i64().unwrap()
}

async fn events(shop: &Shop, about: &Value) -> Vec<String> {
    let events = shop.client.get("/v1/events?limit=100").await.ok();
    let events = events["data"].as_array().unwrap().iter();
    let about = events.filter(|event| event["data"]["object"]["id"] == about["id"]);
    // Of events of one moment nobody says which comes first.
    let mut names: Vec<_> = about.map(|event| text(event, "type").to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_seller_is_paid_out_and_may_call_it_off() {
    let shop = Shop::open();
    let (seller, client) = paid_seller(&shop, "btok_us").await;
    let before = available(&client).await;
    let form = "amount=500&currency=usd&description=Week+47&statement_descriptor=LAMPS\
        &metadata[week]=47&source_type=card&expand[]=destination";
    let payout = valid(client.post("/v1/payouts", form).await.ok());
    assert_eq!((&payout["status"], &payout["method"]), (&json!("pending"), &json!("standard")));
    assert_eq!(payout["destination"]["account"], *seller);
    assert!(text(&payout, "balance_transaction").starts_with("txn_"));
    assert_eq!(available(&client).await, before - 500);
    // Friday noon, two business days later.
    let days =
        (payout["arrival_date"].as_i64().unwrap() - payout["created"].as_i64().unwrap()) / 86_400;
    assert_eq!(days, 4);

    let path = format!("/v1/payouts/{}", text(&payout, "id"));
    let noted = valid(client.post(&path, "metadata[week]=&metadata[a]=1").await.ok());
    assert_eq!(noted["metadata"], json!({"a": "1"}));
    let canceled = valid(client.post(&format!("{path}/cancel"), "").await.ok());
    assert_eq!(canceled["status"], "canceled");
    assert!(text(&canceled, "failure_balance_transaction").starts_with("txn_"));
    assert_eq!(available(&client).await, before);
    let again = client.post(&format!("{path}/cancel"), "").await;
    assert_eq!(again.error(), "400 payout_unexpected_state -");
    let reversed = client.post(&format!("{path}/reverse"), "").await;
    assert_eq!(reversed.error(), "400 payout_not_reversible -");
    let told = events(&shop, &payout).await;
    assert_eq!(told, ["payout.canceled", "payout.created", "payout.updated"]);
}

#[tokio::test]
async fn an_instant_payout_is_with_the_bank_at_once() {
    let shop = Shop::open();
    let (_, client) = paid_seller(&shop, "btok_us").await;
    let payout = client.post("/v1/payouts", "amount=500&currency=usd&method=instant").await.ok();
    let payout = valid(payout);
    assert_eq!((&payout["status"], &payout["method"]), (&json!("in_transit"), &json!("instant")));
    let path = format!("/v1/payouts/{}/cancel", text(&payout, "id"));
    assert_eq!(client.post(&path, "").await.error(), "400 payout_unexpected_state -");
    shop.bank.payouts_arrived.store(true, Ordering::Relaxed);
    let paid = client.post("/v1/payouts", "amount=500&currency=usd&method=instant").await.ok();
    assert_eq!(paid["status"], "paid");
    assert_eq!(events(&shop, &paid).await, ["payout.created", "payout.paid"]);
}

#[tokio::test]
async fn what_the_bank_refuses_is_back_in_the_balance() {
    let shop = Shop::open();
    let (_, client) = paid_seller(&shop, "btok_us_verified_noAccount").await;
    let before = available(&client).await;
    let form = "amount=500&currency=usd&method=instant";
    let failed = valid(client.post("/v1/payouts", form).await.ok());
    assert_eq!(
        (&failed["status"], &failed["failure_code"]),
        (&json!("failed"), &json!("no_account"))
    );
    assert_eq!(available(&client).await, before);
}

#[tokio::test]
async fn an_account_that_its_bank_refuses_is_stopped_until_it_is_changed() {
    let shop = Shop::open();
    let (seller, client) = paid_seller(&shop, "btok_us_verified_accountClosed").await;
    let account = format!("/v1/accounts/{seller}");
    let form = "amount=500&currency=usd&method=instant";
    let failed = client.post("/v1/payouts", form).await.ok();
    assert_eq!(failed["failure_message"], "The bank account has been closed.");

    let bad = format!("{account}/external_accounts/{}", text(&failed, "destination"));
    assert_eq!(client.get(&bad).await.ok()["status"], "errored");
    let shown = shop.client.get(&account).await.ok();
    assert_eq!(shown["payouts_enabled"], false);
    assert_eq!(shown["external_accounts"]["data"][0]["status"], "errored");
    let due = shown["requirements"]["currently_due"].as_array().unwrap();
    assert!(due.contains(&json!("external_account")), "{due:?}");
    let told = last(&shop, "account.external_account.updated").await;
    assert_eq!(told["account"], *seller);
    assert_eq!(told["data"]["object"]["id"], failed["destination"]);
    assert_eq!(told["data"]["object"]["status"], "errored");
    let told = last(&shop, "account.updated").await;
    assert_eq!(told["data"]["previous_attributes"]["payouts_enabled"], true);

    let to_it = format!("{form}&destination={}", text(&failed, "destination"));
    for form in [form, to_it.as_str(), "amount=500&currency=usd"] {
        let refused = client.post("/v1/payouts", form).await;
        assert_eq!(refused.error(), BANK_REFUSES, "{form}");
    }
    client.post(&bad, "metadata[a]=1&default_for_currency=true").await.ok();
    assert_eq!(client.get(&bad).await.ok()["status"], "errored", "notes mend nothing");
    client.post(&bad, "account_holder_name=Lamp+Studio").await.ok();
    assert_eq!(client.get(&bad).await.ok()["status"], "new");
    assert_eq!(shop.client.get(&account).await.ok()["payouts_enabled"], true);
    let told = last(&shop, "account.updated").await;
    assert_eq!(told["data"]["previous_attributes"]["payouts_enabled"], false);
    assert_eq!(client.post("/v1/payouts", form).await.ok()["status"], "failed");

    let banks = format!("{account}/external_accounts");
    let better = client.post(&banks, "external_account=btok_us").await.ok();
    assert_eq!(better["default_for_currency"], true, "in the place of the one that is stopped");
    let payout = client.post("/v1/payouts", form).await.ok();
    assert_eq!(payout["destination"], better["id"]);
    assert_eq!(payout["status"], "in_transit");
    assert_eq!(client.post("/v1/payouts", &to_it).await.error(), BANK_REFUSES);
}

const BANK_REFUSES: &str = "400 bank_account_unusable destination";

/// The newest event of a kind.
async fn last(shop: &Shop, kind: &str) -> Value {
    let events = shop.client.get(&format!("/v1/events?type={kind}&limit=1")).await.ok();
    events["data"][0].clone()
}

#[tokio::test]
async fn the_platform_pays_itself_out() {
    let shop = Shop::open();
    let (_, client) = paid_seller(&shop, "btok_us").await;
    let fees = available(&shop.client).await;
    assert!(fees > 0, "the platform's fee of the order");
    let form = format!("amount={}&currency=usd", fees + 1);
    let refused = shop.client.post("/v1/payouts", &form).await;
    assert_eq!(refused.error(), "400 balance_insufficient -");
    let payout = shop.client.post("/v1/payouts", &format!("amount={fees}&currency=usd")).await.ok();
    let payout = valid(payout);
    assert_eq!(available(&shop.client).await, 0);
    let path = format!("/v1/payouts/{}", text(&payout, "id"));
    assert_eq!(client.get(&path).await.error(), "404 resource_missing id", "not a seller's");
    assert!(client.get("/v1/payouts").await.ok()["data"].as_array().unwrap().is_empty());
    let expanded = shop.client.get(&format!("{path}?expand[]=destination")).await.ok();
    assert_eq!(expanded["destination"]["object"], "bank_account");
}

#[tokio::test]
async fn payouts_are_listed_by_state_and_time() {
    let shop = Shop::open();
    let (seller, client) = paid_seller(&shop, "btok_us").await;
    let mut made = Vec::new();
    for form in ["amount=100&currency=usd", "amount=200&currency=usd&method=instant"] {
        made.push(client.post("/v1/payouts", form).await.ok());
        // Only ids of different milliseconds sort by their time.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    let (standard, instant) = (&made[0], &made[1]);
    let bank = text(standard, "destination");
    let at = standard["arrival_date"].as_i64().unwrap();
    let table = [
        ("".to_owned(), vec![instant, standard]),
        ("status=pending".to_owned(), vec![standard]),
        ("status=paid".to_owned(), vec![]),
        (format!("destination={bank}"), vec![instant, standard]),
        ("destination=ba_0000000000000000000000".to_owned(), vec![]),
        (format!("arrival_date={at}"), vec![standard]),
        (format!("arrival_date[gt]={at}&arrival_date[lte]={}", at + 1), vec![]),
        ("created[lt]=1".to_owned(), vec![]),
        (format!("starting_after={}", text(instant, "id")), vec![standard]),
        ("limit=1".to_owned(), vec![instant]),
    ];
    for (query, expected) in table {
        let list = client.get(&format!("/v1/payouts?{query}")).await.ok();
        let ids: Vec<&Value> =
            list["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        let expected: Vec<&Value> = expected.into_iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, expected, "{query}");
    }
    assert!(shop.client.get("/v1/payouts").await.ok()["data"].as_array().unwrap().is_empty());
    let one = format!("/v1/payouts/{}", text(standard, "id"));
    assert_eq!(shop.client.get(&one).await.error(), "404 resource_missing id");
    let other = shop.client.with("stripe-account", &shop.seller("Cy").await);
    assert_ne!(seller, "");
    for (method, path) in
        [("GET", one.clone()), ("POST", one.clone()), ("POST", format!("{one}/cancel"))]
    {
        assert_eq!(
            other.send(method, &path, "").await.error(),
            "404 resource_missing id",
            "{path}"
        );
    }
}

/// Form and what comes of it, for a seller with a US and a Japanese account.
const BAD: &[(&str, &str)] = &[
    ("", "400 parameter_missing amount"),
    ("amount=100", "400 parameter_missing currency"),
    ("amount=0&currency=usd", "400 amount_too_small amount"),
    ("amount=-1&currency=usd", "400 parameter_invalid_integer amount"),
    ("amount=1.5&currency=usd", "400 parameter_invalid_integer amount"),
    ("amount=1000000000000&currency=usd", "400 amount_too_large amount"),
    ("amount=100&currency=xxx", "400 parameter_invalid_value currency"),
    ("amount=100&currency=eur", "400 payouts_not_allowed -"),
    ("amount=100&currency=usd&method=fast", "400 parameter_invalid_value method"),
    ("amount=100&currency=usd&source_type=cash", "400 parameter_invalid_value source_type"),
    ("amount=100&currency=usd&destination=ba_1", "404 resource_missing destination"),
    (
        "amount=100&currency=usd&destination=ba_0000000000000000000000",
        "404 resource_missing destination",
    ),
    ("amount=100&currency=usd&payout_method=x", "400 parameter_unknown payout_method"),
    (
        "amount=100&currency=usd&statement_descriptor=<b>",
        "400 parameter_invalid_value statement_descriptor",
    ),
    (
        "amount=100&currency=usd&statement_descriptor=AAAAAAAAAAAAAAAAAAAAAAA",
        "400 parameter_too_long statement_descriptor",
    ),
    ("amount=999901&currency=usd&method=instant", "400 instant_payouts_limit_exceeded amount"),
    ("amount=100&currency=jpy&method=instant", "400 instant_payouts_unsupported method"),
    ("amount=99999999&currency=usd", "400 balance_insufficient -"),
];

#[tokio::test]
async fn bad_payouts_change_nothing() {
    let shop = Shop::open();
    let (seller, client) = paid_seller(&shop, "btok_us").await;
    let banks = format!("/v1/accounts/{seller}/external_accounts");
    shop.client.post(&banks, "external_account=btok_jp").await.ok();
    let rows = shop.store.all_rows();
    for (form, expected) in BAD {
        let answer = client.post("/v1/payouts", form).await;
        assert_eq!(answer.error(), *expected, "{form}: {}", answer.json);
    }
    for (path, expected) in [
        ("/v1/payouts?status=lost", "400 parameter_invalid_value status"),
        ("/v1/payouts?destination=x", "404 resource_missing destination"),
        ("/v1/payouts?arrival_date[at]=1", "400 parameter_unknown arrival_date[at]"),
        ("/v1/payouts/po_1", "404 resource_missing id"),
        ("/v1/payouts?expand[]=data.owner", "400 property_not_expandable expand[0]"),
    ] {
        assert_eq!(client.get(path).await.error(), expected, "{path}");
    }
    assert_eq!(shop.store.all_rows(), rows, "nothing was changed");
}
