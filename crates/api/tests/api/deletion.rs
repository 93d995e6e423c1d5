//! Deleting an account: only one that is empty, whatever comes at the same moment.

use std::sync::atomic::Ordering;

use holdfast_core::id::{Id as _, SellerId};
use holdfast_core::ledger::Account;
use serde_json::json;

use crate::client::text;
use crate::shop::Shop;

/// How many transfers go to an account at the moment in which it is deleted.
const TRANSFERS: usize = 50;
/// How many accounts are deleted so.
const ROUNDS: usize = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_transfer_reaches_an_account_that_is_gone() {
    let shop = Shop::open();
    shop.pay("pm_card_bypassPending", "").await;
    for round in 0..ROUNDS {
        let seller = shop.seller("Ada").await;
        let path = format!("/v1/accounts/{seller}");
        let form = format!("amount=1&currency=usd&destination={seller}");
        let mut asked = Vec::new();
        let mut deletion = None;
        for number in 0..TRANSFERS {
            if number == round * TRANSFERS / ROUNDS {
                let (client, path) = (shop.client.clone(), path.clone());
                let sent = async move { client.send("DELETE", &path, "").await };
                deletion = Some(tokio::spawn(sent));
            }
            let (client, form) = (shop.client.clone(), form.clone());
            asked.push(tokio::spawn(async move { client.post("/v1/transfers", &form).await }));
        }
        let mut moved = 0;
        for answer in asked {
            let answer = answer.await.unwrap();
            if answer.status == 200 {
                moved += 1;
            } else {
                assert_eq!(answer.error(), "400 resource_missing destination");
            }
        }
        let deleted = deletion.unwrap().await.unwrap();
        assert_eq!(owned(&shop, &seller), moved, "round {round}");
        if moved == 0 {
            assert_eq!(deleted.ok()["deleted"], true);
        } else {
            assert_eq!(deleted.error(), "400 account_not_empty -", "round {round}");
        }
    }
}

/// What the books have for a seller, in minor units of all currencies.
fn owned(shop: &Shop, seller: &str) -> i64 {
    let own = Account::of_seller(SellerId::parse(seller).unwrap());
    let balances = shop.store.all_balances().into_iter();
    balances.filter(|(account, ..)| own.contains(account)).map(|(.., signed)| -signed).sum()
}

#[tokio::test]
async fn whatever_may_still_bring_money_keeps_an_account() {
    let shop = Shop::open();
    let price = "currency=usd&unit_amount=500&product_data[name]=Lamp";
    let price = shop.client.post("/v1/prices", price).await.ok();
    let price = text(&price, "id").to_owned();
    let to = "transfer_data[destination]";
    for (what, path, form, end) in [
        (
            "open payments",
            "/v1/payment_intents",
            format!("amount=500&currency=usd&{to}="),
            "cancel",
        ),
        (
            "open checkout sessions",
            "/v1/checkout/sessions",
            format!(
                "mode=payment&line_items[0][price]={price}&line_items[0][quantity]=1\
                 &success_url=https://shop.example&payment_intent_data[transfer_data][destination]="
            ),
            "expire",
        ),
        (
            "active payment links",
            "/v1/payment_links",
            format!("line_items[0][price]={price}&line_items[0][quantity]=1&{to}="),
            "",
        ),
    ] {
        let seller = shop.seller("Ada").await;
        let account = format!("/v1/accounts/{seller}");
        let made = shop.client.post(path, &format!("{form}{seller}")).await.ok();
        let refused = shop.client.send("DELETE", &account, "").await;
        assert_eq!(refused.error(), "400 account_not_empty -", "{what}");
        let message = text(&refused.json["error"], "message");
        assert!(message.contains(what), "{message}");
        let of_it = format!("{path}/{}", text(&made, "id"));
        match end {
            "" => shop.client.post(&of_it, "active=false").await.ok(),
            end => shop.client.post(&format!("{of_it}/{end}"), "").await.ok(),
        };
        let deleted = shop.client.send("DELETE", &account, "").await.ok();
        assert_eq!(deleted, json!({"id": seller, "object": "account", "deleted": true}));
    }
}

#[tokio::test]
async fn a_refund_under_way_keeps_the_account_that_pays_for_it() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let order = format!("/v1/orders/{}", bought.orders[0]);
    shop.client.post(&format!("{order}/ship"), "").await.ok();
    shop.client.post(&format!("{order}/confirm_receipt"), "").await.ok();
    shop.bank.refunds_unanswered.store(true, Ordering::Relaxed);
    let form = format!("payment_intent={}", text(&bought.session, "payment_intent"));
    let refund = shop.client.post("/v1/refunds", &form).await.ok();
    assert_eq!((&refund["status"], owned(&shop, &bought.sellers[0])), (&json!("pending"), 0));
    let account = format!("/v1/accounts/{}", bought.sellers[0]);
    let refused = shop.client.send("DELETE", &account, "").await;
    assert_eq!(refused.error(), "400 account_not_empty -");
    assert!(text(&refused.json["error"], "message").contains("refunds under way"));
}
