//! Reports of balance changes: asked for, made, compared with the ledger, refused.

use std::collections::BTreeMap;
use std::time::Duration;

use holdfast_engine::query::Accounts;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;
use crate::world::START_MS;

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

/// Lets the platform's clock go on by an hour.
async fn an_hour_later(shop: &Shop) -> i64 {
    shop.make_clock().await;
    let clock = shop.client.get("/v1/test_helpers/test_clocks").await.ok()["data"][0].clone();
    let to = START_MS / 1_000 + 3_600;
    let path = format!("/v1/test_helpers/test_clocks/{}", text(&clock, "id"));
    shop.client.post(&format!("{path}/advance"), &format!("frozen_time={to}")).await.ok();
    let engine = shop.engine.clone();
    let platform = shop.platform;
    let running = tokio::spawn(async move { engine.run_clock(platform).await });
    while shop.client.get(&path).await.ok()["status"] != "ready" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    running.abort();
    to
}

/// Makes a report and reads its table, without the head.
async fn table(shop: &Shop, form: &str) -> Vec<Vec<String>> {
    let made = shop.client.post("/v1/reporting/report_runs", form).await.ok();
    valid("ReportRun", &made);
    let path = format!("/v1/reporting/report_runs/{}", text(&made, "id"));
    for _ in 0..1_000 {
        let run = shop.client.get(&path).await.ok();
        if run["status"] == "succeeded" {
            valid("ReportRun", &run);
            assert_eq!(run["result"]["purpose"], "finance_report_run");
            let address = text(&run["result"], "url").replace("http://127.0.0.1:4001", "");
            let csv = shop.client.get(&address).await;
            assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
            let text = String::from_utf8(csv.bytes).unwrap();
            let lines = text
                .lines()
                .skip(1)
                .map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
            return lines.collect();
        }
        assert_eq!(run["status"], "pending", "{run:#}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the report is not made");
}

fn cents(amount: &str) -> i64 {
    amount.replace('.', "").parse().unwrap()
}

/// The platform's money by the ledger's own balances.
async fn ledger_sum(shop: &Shop) -> i64 {
    let mut sum = 0;
    for accounts in [Accounts::Platform, Accounts::HeldTotal] {
        for balance in shop.engine.read().balances(shop.platform, accounts).await.unwrap() {
            let name = balance.account.map(|account| account.to_string()).unwrap_or_default();
            let is_own = ["", "platform_pending", "platform_available"].contains(&name.as_str())
                || ["platform_fees", "platform_disputes"].contains(&name.as_str());
            if is_own {
                sum -= balance.signed_minor;
            }
        }
    }
    sum
}

#[tokio::test]
async fn the_sums_of_a_report_are_those_of_the_ledger() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "").await;
    let refund = format!("payment_intent={}&amount=700", text(&paid, "id"));
    shop.client.post("/v1/refunds", &refund).await.ok();
    let bought = shop.purchase().await;
    let order = format!("/v1/orders/{}", bought.orders[0]);
    shop.client.post(&format!("{order}/ship"), "").await.ok();
    shop.client.post(&format!("{order}/confirm_receipt"), "").await.ok();
    let disputed = shop.pay("tok_createDispute", "").await;
    shop.notify(&format!("disputes/{}", text(&disputed, "latest_charge"))).await.ok();
    while shop.client.get("/v1/disputes").await.ok()["data"].as_array().unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let now = an_hour_later(&shop).await;
    let interval = format!(
        "parameters[interval_start]={}&parameters[interval_end]={}",
        START_MS / 1_000 - 10,
        now - 10,
    );
    let expected = ledger_sum(&shop).await;
    assert_ne!(expected, 0);

    let form = format!("report_type=balance_change_from_activity.itemized.1&{interval}");
    let items = table(&shop, &form).await;
    let mut by_category: BTreeMap<String, (u64, i64)> = BTreeMap::new();
    for item in &items {
        assert_eq!(item.len(), 13, "{item:?}");
        assert!(item[0].starts_with("txn_") && item[1].starts_with("2026-11-20 12:0"), "{item:?}");
        let (count, sum) = by_category.entry(item[9].clone()).or_default();
        *count += 1;
        *sum += cents(&item[8]);
    }
    let sum: i64 = by_category.values().map(|(_, sum)| sum).sum();
    assert_eq!(sum, expected, "{items:#?}");
    assert_eq!(by_category["refund"], (1, -700));
    assert_eq!(by_category["dispute"], (1, -2_500));

    let form = format!("report_type=balance_change_from_activity.summary.1&{interval}");
    let summary = table(&shop, &form).await;
    for row in &summary {
        let of = (row[2].parse().unwrap(), cents(&row[5]));
        if row[0] == "total" {
            assert_eq!(of, (items.len() as u64, expected));
        } else {
            assert_eq!(by_category[&row[0]], of, "{row:?}");
        }
    }
    let form = format!("report_type=balance.summary.1&{interval}&parameters[currency]=usd");
    let balance = table(&shop, &form).await;
    let of = |name: &str| cents(&balance.iter().find(|row| row[0] == name).unwrap()[2]);
    assert_eq!((of("starting_balance"), of("activity")), (0, expected));
    assert_eq!(of("ending_balance"), expected);

    // What is before the interval is the balance that it begins with.
    let later = format!(
        "report_type=balance.summary.1&parameters[interval_start]={}&parameters[interval_end]={}\
         &parameters[columns][]=net_amount&parameters[columns][]=category",
        now - 20,
        now - 10,
    );
    let later = table(&shop, &later).await;
    let row = later.iter().find(|row| row[1] == "starting_balance").unwrap();
    assert_eq!((row.len(), cents(&row[0])), (2, expected));

    check_seller(&shop, &bought.sellers[0], &interval).await;
    let events = shop.client.get("/v1/events?type=reporting.report_run.succeeded").await.ok();
    assert_eq!(events["data"].as_array().unwrap().len(), 5);
}

/// A seller's report has the words and the sums of its balance transactions, its fee apart.
async fn check_seller(shop: &Shop, seller: &str, interval: &str) {
    let form = format!(
        "report_type=balance_change_from_activity.summary.1&{interval}\
         &parameters[connected_account]={seller}"
    );
    let rows = table(shop, &form).await;
    let own = shop.client.with("stripe-account", seller).get("/v1/balance_transactions").await.ok();
    let entry = &own["data"][0];
    assert_eq!((&rows[0][0], &rows[0][2]), (&"charge".to_owned(), &"1".to_owned()), "{rows:?}");
    assert_eq!(entry["reporting_category"], "charge");
    let said = ["amount", "fee", "net"].map(|name| entry[name].as_i64().unwrap());
    assert_eq!([3, 4, 5].map(|column| cents(&rows[0][column])), said, "{rows:?}");
    assert!(said[1] > 0, "{entry}");
}

#[tokio::test]
async fn report_types_are_listed() {
    let shop = Shop::open();
    let all = shop.client.get("/v1/reporting/report_types").await.ok();
    let all = all["data"].as_array().unwrap().clone();
    assert_eq!(all.len(), 3);
    for report in all {
        valid("ReportType", &report);
        let path = format!("/v1/reporting/report_types/{}", text(&report, "id"));
        assert_eq!(shop.client.get(&path).await.ok()["name"], report["name"]);
    }
    let none = shop.client.get("/v1/reporting/report_types/payout_reconciliation.1").await;
    assert_eq!(none.error(), "404 resource_missing id");
}

#[tokio::test]
async fn bad_reports_are_refused() {
    let shop = Shop::open();
    let known = "report_type=balance.summary.1";
    let past = "parameters[interval_start]=1000&parameters[interval_end]=2000";
    let with = |more: &str| format!("{known}&{past}&parameters{more}");
    let future =
        format!("{known}&parameters[interval_start]=1&parameters[interval_end]=9999999999");
    let back = format!("{known}&parameters[interval_start]=5&parameters[interval_end]=5");
    let payout = format!("report_type=payout_reconciliation.itemized.5&{past}");
    let table: Vec<(String, &str)> = vec![
        (past.into(), "400 parameter_missing report_type"),
        (payout, "400 parameter_invalid_value report_type"),
        (known.into(), "400 parameter_missing parameters"),
        (
            format!("{known}&parameters[interval_end]=1"),
            "400 parameter_missing parameters[interval_start]",
        ),
        (
            format!("{known}&parameters[interval_start]=1"),
            "400 parameter_missing parameters[interval_end]",
        ),
        (back, "400 parameter_invalid_value parameters[interval_end]"),
        (future, "400 parameter_invalid_value parameters[interval_end]"),
        (with("[timezone]=Europe/Berlin"), "400 parameter_invalid_value parameters[timezone]"),
        (with("[columns][]=secret"), "400 parameter_invalid_value parameters[columns]"),
        (with("[currency]=xxx"), "400 parameter_invalid_value parameters[currency]"),
        (
            with("[connected_account]=acct_0000000000000000000000"),
            "404 resource_missing parameters[connected_account]",
        ),
        (with("[payout]=po_1"), "400 parameter_unknown parameters[payout]"),
    ];
    for (form, expected) in table {
        let answer = shop.client.post("/v1/reporting/report_runs", &form).await;
        assert_eq!(answer.error(), expected, "{form}");
    }
    assert_eq!(shop.client.get("/v1/reporting/report_runs").await.ok()["data"], json!([]));
    let none = shop.client.get("/v1/reporting/report_runs/frr_1").await;
    assert_eq!(none.error(), "404 resource_missing id");
}
