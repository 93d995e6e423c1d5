//! The bank: what comes in for the accounts of sellers.

use serde_json::{Value, json};

use crate::support::Sandbox;

fn body(reference: &str, account: &str, method: &str) -> Value {
    json!({
        "reference": reference,
        "account": account,
        "amount": 2_500,
        "currency": "usd",
        "method": method,
    })
}

async fn pay_out(sandbox: &Sandbox, reference: &str, account: &str, method: &str) -> Value {
    let body = body(reference, account, method);
    let answer = sandbox.post("/network/payouts", reference, &body).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn look_up(sandbox: &Sandbox, reference: &str) -> Value {
    sandbox.get(&format!("/network/payouts?reference={reference}")).await.json()
}

#[tokio::test]
async fn an_instant_payout_arrives_in_half_an_hour_of_the_sandboxs_time() {
    let sandbox = Sandbox::start().await;
    let paid = pay_out(&sandbox, "po1", "pays", "instant").await;
    assert_eq!((&paid["status"], &paid["kind"]), (&json!("pending"), &json!("payout")));
    let (created, arrives) = (paid["created_at"].as_i64(), paid["arrives_at"].as_i64());
    assert_eq!(arrives.unwrap() - created.unwrap(), 30 * 60 * 1_000);
    sandbox.move_clock(29 * 60).await;
    assert_eq!(look_up(&sandbox, "po1").await["status"], "pending");
    sandbox.move_clock(31 * 60).await;
    let there = look_up(&sandbox, "po1").await;
    assert_eq!((&there["status"], &there["failure_code"]), (&json!("paid"), &Value::Null));
    // The first answer to a repeated request is the one that was told.
    assert_eq!(pay_out(&sandbox, "po1", "pays", "instant").await, paid);
    let sandbox = sandbox.restart().await;
    assert_eq!(look_up(&sandbox, "po1").await, there, "it survives a restart");
}

#[tokio::test]
async fn a_standard_payout_takes_business_days_and_test_accounts_fail_then() {
    let sandbox = Sandbox::start().await;
    for account in [
        "no_account",
        "account_closed",
        "insufficient_funds",
        "debit_not_authorized",
        "invalid_currency",
    ] {
        let taken = pay_out(&sandbox, account, account, "standard").await;
        let (created, arrives) = (taken["created_at"].as_i64(), taken["arrives_at"].as_i64());
        let days = (arrives.unwrap() - created.unwrap()) / 86_400_000;
        assert!((2..=4).contains(&days), "{days} days");
        assert_eq!((&taken["status"], &taken["failure_code"]), (&json!("pending"), &Value::Null));
    }
    sandbox.move_clock(5 * 86_400).await;
    let failed = look_up(&sandbox, "account_closed").await;
    let expected = (&json!("failed"), &json!("account_closed"));
    assert_eq!((&failed["status"], &failed["failure_code"]), expected);
}

#[tokio::test]
async fn a_reference_and_a_key_are_used_once() {
    let sandbox = Sandbox::start().await;
    pay_out(&sandbox, "po1", "pays", "instant").await;
    let mut other = body("po1", "pays", "instant");
    other["amount"] = json!(2_501);
    let table = [
        ("po1", other.clone(), 409, "idempotency_key_reused"),
        ("k2", other, 409, "reference_in_use"),
        ("k3", body("po3", "somebody", "instant"), 400, "invalid_request"),
        ("k4", body("po4", "pays", "slowly"), 400, "invalid_request"),
    ];
    for (key, body, status, code) in table {
        let answer = sandbox.post("/network/payouts", key, &body).await;
        let said = answer.json()["error"]["code"].clone();
        assert_eq!((answer.status, said), (status, json!(code)), "{key}");
    }
    let missing = sandbox.get("/network/payouts?reference=po9").await;
    assert_eq!(
        (missing.status, missing.json()["error"]["code"].clone()),
        (404, json!("unknown_reference"))
    );
}

#[tokio::test]
async fn a_fault_after_is_found_by_looking_and_the_page_shows_what_came_in() {
    let sandbox = Sandbox::start().await;
    sandbox.add_fault(json!({"operation": "payout", "fault": "error_after"})).await;
    let body = body("po1", "no_account", "instant");
    assert_eq!(sandbox.post("/network/payouts", "po1", &body).await.status, 500);
    assert_eq!(look_up(&sandbox, "po1").await["status"], "pending");
    sandbox.move_clock(3_600).await;
    let page = sandbox.page("/").await;
    for text in ["id=\"bank\"", "po1", "USD 25.00", "no_account", "failed"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(sandbox.page("/?lang=ar").await.text.contains("البنك"));
}
