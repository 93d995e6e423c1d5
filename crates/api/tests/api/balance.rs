//! Balances and their transactions: of the platform, and of sellers.

use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::schema::Schema;
use crate::shop::Shop;

fn valid(name: &str, value: Value) -> Value {
    assert_eq!(Schema::read().faults(name, &value), Vec::<String>::new(), "{value:#}");
    value
}

impl Shop {
    /// Waits until the platform was told what became available.
    pub(crate) async fn noted_balance(&self) -> Value {
        for _ in 0..1_000 {
            let events = self.client.get("/v1/events?type=balance.available").await.ok();
            if let Some(event) = events["data"].as_array().unwrap().first() {
                return event.clone();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("nothing became available");
    }
}

/// The sum of all balance transactions by their nets, read a few at a time.
async fn sum_of_nets(client: &Client) -> i64 {
    let (mut sum, mut query) = (0, String::new());
    loop {
        let path = format!("/v1/balance_transactions?limit=3{query}");
        let list = client.get(&path).await.ok();
        let data = list["data"].as_array().unwrap();
        for object in data {
            let object = valid("BalanceTransaction", object.clone());
            let number = |name: &str| object[name].as_i64().unwrap();
            assert_eq!(number("net"), number("amount") - number("fee"));
            sum += number("net");
        }
        if list["has_more"] == json!(false) {
            return sum;
        }
        query = format!("&starting_after={}", text(data.last().unwrap(), "id"));
    }
}

async fn whole(client: &Client) -> i64 {
    let balance = valid("Balance", client.get("/v1/balance").await.ok());
    let of = |part: &str| balance[part][0]["amount"].as_i64().unwrap();
    of("available") + of("pending")
}

#[tokio::test]
async fn what_settles_at_once_is_told() {
    let shop = Shop::open();
    shop.pay("pm_card_bypassPending", "").await;
    let event = shop.noted_balance().await;
    let told = valid("Balance", event["data"]["object"].clone());
    assert_eq!(told["available"][0]["amount"], 2_500);
    assert_eq!(told["pending"][0]["amount"], 0);
    let balance = valid("Balance", shop.client.get("/v1/balance").await.ok());
    assert_eq!(balance, told);
}

#[tokio::test]
async fn the_nets_sum_to_the_balances() {
    let shop = Shop::open();
    shop.pay("pm_card_bypassPending", "").await;
    let pending = shop.pay("tok_visa", "").await;
    let charge = text(&pending, "latest_charge").to_owned();
    let bought = shop.purchase().await;
    let [first, second] = &bought.orders;
    shop.client.post(&format!("/v1/orders/{first}/ship"), "").await.ok();
    shop.client.post(&format!("/v1/orders/{first}/confirm_receipt"), "").await.ok();
    shop.client.post(&format!("/v1/orders/{second}/ship"), "").await.ok();
    let seller = &bought.sellers[0];
    let form = format!("currency=usd&destination={seller}&source_transaction={charge}&amount=700");
    let transfer = shop.client.post("/v1/transfers", &form).await.ok();
    let form = format!("amount=900&currency=usd&destination={seller}");
    shop.client.post("/v1/transfers", &form).await.ok();
    let path = format!("/v1/transfers/{}/reversals", text(&transfer, "id"));
    shop.client.post(&path, "amount=200").await.ok();
    shop.client.post("/v1/refunds", &format!("charge={charge}&amount=100")).await.ok();
    shop.client.post("/v1/topups", "amount=4000&currency=usd").await.ok();

    assert_eq!(sum_of_nets(&shop.client).await, whole(&shop.client).await);
    let seller = shop.client.with("stripe-account", seller);
    assert_eq!(sum_of_nets(&seller).await, whole(&seller).await);
    // What is held for its order is shown to the second seller, and not yet in its journal.
    let other = shop.client.with("stripe-account", &bought.sellers[1]);
    assert_eq!(sum_of_nets(&other).await, 0);
    assert!(whole(&other).await > 0);
}

fn sorted(words: &str) -> Vec<&str> {
    let mut words: Vec<&str> = words.split_whitespace().collect();
    words.sort_unstable();
    words
}

#[tokio::test]
async fn transactions_are_narrowed_expanded_and_paged() {
    let shop = Shop::open();
    let paid = shop.pay("pm_card_bypassPending", "").await;
    let charge = text(&paid, "latest_charge").to_owned();
    shop.client.post("/v1/refunds", &format!("charge={charge}&amount=500")).await.ok();
    shop.client.post("/v1/topups", "amount=900&currency=usd").await.ok();
    let seller = shop.seller("Ada").await;
    for _ in 0..3 {
        let form = format!("amount=100&currency=usd&destination={seller}");
        shop.client.post("/v1/transfers", &form).await.ok();
    }
    let types = |list: &Value| {
        let data = list["data"].as_array().unwrap().iter();
        data.map(|it| text(it, "type").to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        ("", "transfer transfer transfer topup refund charge"),
        ("?type=transfer", "transfer transfer transfer"),
        ("?type=payout", ""),
        ("?currency=eur", ""),
        ("?currency=usd&type=topup", "topup"),
        ("?created[gt]=4000000000", ""),
        ("?payout=po_1", ""),
        ("?expand[]=data.source", "transfer transfer transfer topup refund charge"),
    ] {
        for path in ["/v1/balance_transactions", "/v1/balance/history"] {
            let list = shop.client.get(&format!("{path}{query}")).await.ok();
            // Of entries of one moment nobody says which comes first.
            assert_eq!(sorted(&types(&list)), sorted(expected), "{path}{query}");
            for object in list["data"].as_array().unwrap() {
                valid("BalanceTransaction", object.clone());
            }
        }
    }
    let list = shop.client.get(&format!("/v1/balance_transactions?source={charge}")).await.ok();
    assert_eq!(types(&list), "charge");
    let id = text(&list["data"][0], "id");
    let one = shop.client.get(&format!("/v1/balance/history/{id}?expand[]=source")).await.ok();
    let one = valid("BalanceTransaction", one);
    assert_eq!((&one["source"]["id"], &one["status"]), (&json!(charge), &json!("available")));
    assert_eq!(one["reporting_category"], "charge");

    let all = shop.client.get("/v1/balance_transactions").await.ok();
    let at = |index: usize| text(&all["data"][index], "id").to_owned();
    let path = format!("/v1/balance_transactions?limit=2&ending_before={}", at(4));
    let page = shop.client.get(&path).await.ok();
    assert_eq!((&page["data"][0]["id"], &page["data"][1]["id"]), (&json!(at(2)), &json!(at(3))));
    assert_eq!(page["has_more"], true);

    // Another's is not there: not the other platform's, and not the platform's to a seller.
    let stranger = shop.other_platform();
    let path = format!("/v1/balance_transactions/{id}");
    assert_eq!(stranger.get(&path).await.error(), "404 resource_missing id");
    let seller = shop.client.with("stripe-account", &seller);
    assert_eq!(seller.get(&path).await.error(), "404 resource_missing id");
    let list = seller.get("/v1/balance_transactions").await.ok();
    assert_eq!(types(&list), "payment payment payment");
}
