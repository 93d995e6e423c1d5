//! Disputes: seen, answered, accepted; what they do to charges, refunds, orders and the books.

use holdfast_core::currency::Currency;
use holdfast_core::ledger::Account;
use holdfast_engine::query::Accounts;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

/// A payment of 25.00 dollars that its cardholder complains about.
async fn complained(shop: &Shop, card: &str) -> Value {
    let paid = shop.pay(&format!("tok_{card}"), "").await;
    assert_eq!(paid["status"], "succeeded");
    shop.notify(&format!("disputes/{}", text(&paid, "latest_charge"))).await.ok();
    paid
}

/// The dispute of a payment, once it is known.
async fn dispute_of(shop: &Shop, paid: &Value) -> Value {
    let path = format!("/v1/disputes?payment_intent={}", text(paid, "id"));
    for _ in 0..400 {
        let found = shop.client.get(&path).await.ok();
        if let Some(dispute) = found["data"].get(0) {
            return dispute.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the dispute does not come");
}

async fn disputed(shop: &Shop, card: &str) -> (Value, Value) {
    let paid = complained(shop, card).await;
    let dispute = dispute_of(shop, &paid).await;
    (paid, dispute)
}

async fn balance(shop: &Shop, account: Account) -> i64 {
    let found = shop.engine.read().balances(shop.platform, Accounts::One(account)).await.unwrap();
    let usd = found.iter().find(|balance| balance.currency == Currency::USD);
    usd.map_or(0, |balance| balance.signed_minor)
}

async fn events(shop: &Shop, prefix: &str) -> Vec<String> {
    let all = shop.client.get("/v1/events?limit=100").await.ok();
    let all = all["data"].as_array().unwrap().iter().rev();
    let names = all.map(|event| text(event, "type").to_owned());
    names.filter(|name| name.starts_with(prefix)).collect()
}

#[tokio::test]
async fn a_dispute_takes_the_money_back_and_shows_everywhere() {
    let shop = Shop::open();
    let (paid, dispute) = disputed(&shop, "createDispute").await;
    valid("Dispute", &dispute);
    assert_eq!(dispute["status"], "needs_response");
    assert_eq!(dispute["reason"], "fraudulent");
    assert_eq!(dispute["amount"], 2_500);
    assert_eq!(dispute["is_charge_refundable"], false);
    assert_eq!(dispute["evidence_details"]["past_due"], false);
    let moved = &dispute["balance_transactions"][0];
    assert_eq!((&moved["amount"], &moved["net"]), (&json!(-2_500), &json!(-2_500)));
    assert_eq!((&moved["type"], &moved["source"]), (&json!("adjustment"), &dispute["id"]));
    assert_eq!(moved["reporting_category"], "dispute");
    assert_eq!(balance(&shop, Account::PlatformDisputes).await, 2_500);

    let charge = format!("/v1/charges/{}", text(&paid, "latest_charge"));
    assert_eq!(shop.client.get(&charge).await.ok()["disputed"], true);
    let of_charge = shop.client.get(&format!("{charge}/dispute")).await.ok();
    assert_eq!(of_charge["id"], dispute["id"]);
    let expanded =
        format!("/v1/disputes/{}?expand[]=charge&expand[]=payment_intent", text(&dispute, "id"));
    let expanded = shop.client.get(&expanded).await.ok();
    valid("Dispute", &expanded);
    assert_eq!(expanded["charge"]["id"], paid["latest_charge"]);
    assert_eq!(expanded["payment_intent"]["id"], paid["id"]);
    let refund = format!("payment_intent={}", text(&paid, "id"));
    let refund = shop.client.post("/v1/refunds", &refund).await;
    assert_eq!(refund.error(), "400 charge_disputed -");
    assert_eq!(
        events(&shop, "charge.dispute").await,
        ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
    );
}

#[tokio::test]
async fn evidence_decides_as_the_test_mode_says() {
    let table = [
        ("winning_evidence", "won", 0, json!([-2_500, 2_500])),
        ("losing_evidence", "lost", 2_500, json!([-2_500])),
        ("it was delivered", "under_review", 2_500, json!([-2_500])),
    ];
    for (evidence, status, withdrawn, moved) in table {
        let shop = Shop::open();
        let (paid, dispute) = disputed(&shop, "createDispute").await;
        let path = format!("/v1/disputes/{}", text(&dispute, "id"));
        let form = format!("evidence[uncategorized_text]={evidence}&metadata[case]=7");
        let answered = shop.client.post(&path, &form).await.ok();
        valid("Dispute", &answered);
        assert_eq!(answered["status"], status);
        assert_eq!(answered["evidence"]["uncategorized_text"], evidence);
        assert_eq!(answered["metadata"], json!({ "case": "7" }));
        let details = &answered["evidence_details"];
        assert_eq!(details["has_evidence"], true);
        assert_eq!((&details["submission_count"], &details["due_by"]), (&json!(1), &json!(null)));
        let amounts: Vec<&Value> = answered["balance_transactions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|moved| &moved["amount"])
            .collect();
        assert_eq!(json!(amounts), moved, "{evidence}");
        assert_eq!(balance(&shop, Account::PlatformDisputes).await, withdrawn, "{evidence}");
        let late = shop.client.post(&path, "evidence[customer_name]=Salma").await;
        assert_eq!(late.error(), "400 dispute_unexpected_state -");
        let late = shop.client.post(&format!("{path}/close"), "").await;
        assert_eq!(late.error(), "400 dispute_unexpected_state -");
        // Notes may be written whatever the state.
        let noted = shop.client.post(&path, "metadata[case]=").await.ok();
        assert_eq!(noted["metadata"], json!({}));
        let refund = format!("payment_intent={}", text(&paid, "id"));
        let refund = shop.client.post("/v1/refunds", &refund).await;
        assert_eq!(refund.status == 200, status == "won", "{:#}", refund.json);
    }
}

#[tokio::test]
async fn evidence_is_staged_until_it_is_submitted() {
    let shop = Shop::open();
    let (_, dispute) = disputed(&shop, "createDispute").await;
    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let form = "evidence[customer_name]=%D8%B3%D9%84%D9%85%D9%89&submit=false";
    let staged = shop.client.post(&path, form).await.ok();
    assert_eq!(staged["status"], "needs_response");
    assert_eq!(staged["evidence"]["customer_name"], "سلمى");
    assert_eq!(staged["evidence_details"]["submission_count"], 0);
    let form =
        "evidence[customer_name]=&evidence[uncategorized_text]=winning_evidence&submit=false";
    let staged = shop.client.post(&path, form).await.ok();
    assert_eq!(staged["evidence"]["customer_name"], json!(null));
    let won = shop.client.post(&path, "submit=true").await.ok();
    assert_eq!(won["status"], "won");
    assert_eq!(
        events(&shop, "charge.dispute").await,
        [
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.updated",
            "charge.dispute.updated",
            "charge.dispute.closed",
            "charge.dispute.funds_reinstated",
        ]
    );
}

#[tokio::test]
async fn a_dispute_that_is_accepted_is_lost() {
    let shop = Shop::open();
    let (_, dispute) = disputed(&shop, "createDispute").await;
    let path = format!("/v1/disputes/{}/close", text(&dispute, "id"));
    let lost = shop.client.post(&path, "").await.ok();
    valid("Dispute", &lost);
    assert_eq!(lost["status"], "lost");
    assert_eq!(lost["evidence_details"]["past_due"], false);
    assert_eq!(balance(&shop, Account::PlatformDisputes).await, 2_500);
}

#[tokio::test]
async fn an_inquiry_moves_no_money() {
    let shop = Shop::open();
    let (paid, dispute) = disputed(&shop, "createDisputeInquiry").await;
    valid("Dispute", &dispute);
    assert_eq!(dispute["status"], "warning_needs_response");
    assert_eq!(dispute["is_charge_refundable"], true);
    assert_eq!(dispute["balance_transactions"], json!([]));
    assert_eq!(dispute["payment_method_details"]["card"]["case_type"], "inquiry");
    let refund = format!("payment_intent={}", text(&paid, "id"));
    assert_eq!(shop.client.post("/v1/refunds", &refund).await.ok()["status"], "succeeded");
    let path = format!("/v1/disputes/{}/close", text(&dispute, "id"));
    assert_eq!(shop.client.post(&path, "").await.ok()["status"], "warning_closed");
}

#[tokio::test]
async fn a_bank_warns_of_fraud() {
    let shop = Shop::open();
    let paid = complained(&shop, "createIssuerFraudRecord").await;
    let path = "/v1/radar/early_fraud_warnings";
    let mut found = json!(null);
    for _ in 0..400 {
        let list = format!("{path}?charge={}", text(&paid, "latest_charge"));
        found = shop.client.get(&list).await.ok()["data"][0].clone();
        if found.is_object() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    valid("EarlyFraudWarning", &found);
    assert_eq!((&found["actionable"], &found["charge"]), (&json!(true), &paid["latest_charge"]));
    let one = format!("{path}/{}?expand[]=charge", text(&found, "id"));
    let refund = format!("payment_intent={}", text(&paid, "id"));
    shop.client.post("/v1/refunds", &refund).await.ok();
    let found = shop.client.get(&one).await.ok();
    valid("EarlyFraudWarning", &found);
    assert_eq!(found["actionable"], false);
    let warned = events(&shop, "radar.").await;
    assert_eq!(warned, ["radar.early_fraud_warning.created"]);
}

#[tokio::test]
async fn bad_requests_change_no_dispute() {
    let shop = Shop::open();
    let (_, dispute) = disputed(&shop, "createDispute").await;
    let id = text(&dispute, "id").to_owned();
    let own = format!("/v1/disputes/{id}");
    let strange = "/v1/disputes/dp_0000000000000000000000";
    let long = format!("evidence[customer_name]={}", "v".repeat(20_001));
    // Eight times 20,000 characters of Arabic, which is 1 MB as a form.
    let words = "%D9%85".repeat(20_000);
    let fields = ["customer_name", "billing_address", "refund_policy_disclosure", "service_date"];
    let more = ["shipping_address", "shipping_date", "product_description", "uncategorized_text"];
    let all: Vec<String> =
        fields.iter().chain(&more).map(|field| format!("evidence[{field}]={words}")).collect();
    let too_much = format!("submit=false&{}", all.join("&"));
    let fits = format!("submit=false&{}", all[..7].join("&"));
    let table: &[(&str, &str, &str)] = &[
        (strange, "submit=true", "404 resource_missing id"),
        ("/v1/disputes/dp_1", "", "404 resource_missing id"),
        (&own, "submit=true", "400 dispute_evidence_missing evidence"),
        (&own, "submit=perhaps", "400 parameter_invalid_boolean submit"),
        (&own, "evidence=x", "400 parameter_invalid_object evidence"),
        (&own, "evidence[secret]=x", "400 parameter_unknown evidence[secret]"),
        (&own, &long, "400 parameter_too_long evidence[customer_name]"),
        (&own, &too_much, "400 dispute_evidence_too_long evidence"),
        (&own, "evidence[receipt]=file_1", "404 resource_missing evidence[receipt]"),
        (&own, "status=won", "400 parameter_unknown status"),
        (&own, "metadata[a][b]=1", "400 parameter_invalid_string metadata[a]"),
        (&own, "expand[]=evidence.receipt", "400 property_not_expandable expand[0]"),
    ];
    let before = shop.client.get(&own).await.ok();
    for (path, form, expected) in table {
        let answer = shop.client.post(path, form).await;
        assert_eq!(answer.error(), *expected, "{path} {}", &form[..form.len().min(80)]);
    }
    for (path, expected) in [
        ("/v1/disputes?charge=pi_1", "404 resource_missing charge"),
        ("/v1/disputes?created[at]=1", "400 parameter_unknown created[at]"),
        ("/v1/disputes?status=won", "400 parameter_unknown status"),
        ("/v1/radar/early_fraud_warnings/issfr_1", "404 resource_missing id"),
        ("/v1/radar/early_fraud_warnings?charge=x", "404 resource_missing charge"),
    ] {
        assert_eq!(shop.client.get(path).await.error(), expected, "{path}");
    }
    assert_eq!(shop.client.get(&own).await.ok(), before);
    // The largest evidence that there may be.
    let kept = shop.client.post(&own, &fits).await.ok();
    assert_eq!(kept["evidence"]["customer_name"].as_str().unwrap().chars().count(), 20_000);
    let other = shop.other_platform().get(&own).await;
    assert_eq!(other.error(), shop.client.get(strange).await.error());
}

#[tokio::test]
async fn the_money_of_orders_is_frozen_until_the_bank_has_decided() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let session = shop.session(&sellers).await;
    let path = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let session = shop.client.post(&path, "payment_method=tok_createDispute").await.ok();
    let orders = format!("/v1/orders?payment_intent={}", text(&session, "payment_intent"));
    let order = shop.client.get(&orders).await.ok()["data"][0].clone();
    let order = format!("/v1/orders/{}", text(&order, "id"));
    let shipped = shop.client.post(&format!("{order}/ship"), "").await.ok();
    let payment = format!("/v1/payment_intents/{}", text(&session, "payment_intent"));
    let payment = shop.client.get(&payment).await.ok();
    shop.notify(&format!("disputes/{}", text(&payment, "latest_charge"))).await.ok();
    let dispute = dispute_of(&shop, &payment).await;
    let funds = format!("/v1/held_funds/{}", text(&shipped, "held_funds"));
    let frozen = shop.client.get(&funds).await.ok();
    assert_eq!((&frozen["status"], &frozen["frozen"]), (&json!("frozen"), &json!(true)));
    for action in ["release", "refund"] {
        let refused = shop.client.post(&format!("{funds}/{action}"), "").await;
        assert_eq!(refused.error(), "400 held_funds_frozen -", "{action}");
    }
    let received = shop.client.post(&format!("{order}/confirm_receipt"), "").await;
    assert_eq!(received.error(), "400 held_funds_frozen -");

    let path = format!("/v1/disputes/{}", text(&dispute, "id"));
    let form = "evidence[uncategorized_text]=winning_evidence";
    assert_eq!(shop.client.post(&path, form).await.ok()["status"], "won");
    let handed = shop.client.get(&funds).await.ok();
    assert_eq!(handed["frozen"], true, "an operator's to move");
    let released = shop.client.post(&format!("{funds}/release"), "").await.ok();
    assert_eq!(released["amount_held"], 0);
}
