//! The test controls.

use serde_json::json;

use crate::support::Sandbox;

#[tokio::test]
async fn the_clock_moves_forward_only() {
    let sandbox = Sandbox::start().await;
    for (offset, expected) in [
        (json!({"offset_ms": 5_000}), (200, json!(5_000))),
        (json!({"offset_ms": 5_000}), (200, json!(5_000))),
        (json!({"offset_ms": 4_999}), (400, json!(null))),
        (json!({"offset_ms": -1}), (400, json!(null))),
        (json!({"offset_ms": i64::MAX}), (400, json!(null))),
        (json!({"offset": 1}), (400, json!(null))),
        (json!({"offset_ms": 6_000}), (200, json!(6_000))),
    ] {
        let answer = sandbox.post("/clock", "any", &offset).await;
        let told = (answer.status, answer.json()["offset_ms"].clone());
        assert_eq!(told, expected, "{offset}");
    }
    assert_eq!(sandbox.get("/clock").await.json()["offset_ms"], 6_000);
}

#[tokio::test]
async fn what_the_new_time_brings_has_happened_when_the_clock_answers() {
    let sandbox = Sandbox::start().await;
    sandbox.authorize("a1", "visa").await;
    sandbox.authorize("a2", "threeDSecureRequired").await;
    sandbox.move_clock(7 * 24 * 3_600).await;
    let ledger = sandbox.get("/network/ledger").await.json();
    let of = |number: usize| ledger["authorizations"][number].clone();
    assert_eq!((&of(0)["status"], &of(0)["released"]), (&json!("expired"), &json!(12_000)));
    assert_eq!(of(1)["status"], "declined");
    assert_eq!(of(1)["authentication"], "expired");
    assert_eq!(of(1)["decline"]["code"], "payment_intent_authentication_failure");
}

#[tokio::test]
async fn faults_are_listed_bounded_and_cleared() {
    let sandbox = Sandbox::start().await;
    let fault = json!({"operation": "capture", "fault": "slow", "times": 3, "delay_ms": 10});
    let listed = sandbox.post("/faults", "any", &fault).await;
    assert_eq!(listed.json(), json!({"faults": [fault]}));
    for wrong in [
        json!({"operation": "capture", "fault": "slow", "times": 1_001}),
        json!({"operation": "capture", "fault": "slow", "times": 0}),
        json!({"operation": "capture", "fault": "slow", "delay_ms": 1_000_000}),
        json!({"operation": "capture", "fault": "unknown"}),
        json!({"operation": "dream", "fault": "slow"}),
        json!({"operation": "capture", "fault": "slow", "time": 2}),
    ] {
        assert_eq!(sandbox.post("/faults", "any", &wrong).await.status, 400, "{wrong}");
    }
    for _ in 1..100 {
        sandbox.add_fault(fault.clone()).await;
    }
    let full = sandbox.post("/faults", "any", &fault).await;
    assert_eq!(full.refusal(), (409, "too_many_faults".to_owned()));
    let cleared = sandbox.call(sandbox.client.delete(sandbox.url("/faults"))).await.unwrap();
    assert_eq!(cleared.json(), json!({"faults": []}));
    assert_eq!(sandbox.get("/faults").await.json(), json!({"faults": []}));
}
