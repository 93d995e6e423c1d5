//! Notices: sent when something happened that nobody asked for, three times at most.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};

use crate::support::Sandbox;

/// What was received: the signature and the body.
type Received = Arc<Mutex<Vec<(String, String)>>>;

/// Somebody who takes notices, after having refused as many as `refusals`.
async fn receiver(refusals: usize) -> (String, Received) {
    let received = Received::default();
    let take = async move |State(received): State<Received>, headers: HeaderMap, body: String| {
        let signature = headers["sandbox-signature"].to_str().unwrap().to_owned();
        let mut received = received.lock().unwrap();
        received.push((signature, body));
        if received.len() <= refusals { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    };
    let router = Router::new().route("/hooks", post(take)).with_state(received.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, received)
}

async fn wait_for(received: &Received, count: usize) -> Vec<(String, String)> {
    for _ in 0..400 {
        let taken = received.lock().unwrap().clone();
        if taken.len() >= count {
            return taken;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{} of {count} notices came", received.lock().unwrap().len());
}

#[tokio::test]
async fn an_ended_challenge_and_a_failed_refund_are_told() {
    let (url, received) = receiver(0).await;
    let sandbox = Sandbox::start_with(|config| config.notify_url = url).await;
    sandbox.authorize("a1", "threeDSecureRequired").await;
    let challenge = sandbox.look_up("a1").await["challenge"]["url"].as_str().unwrap().to_owned();
    let path = challenge.strip_prefix(&sandbox.origin).unwrap();
    assert_eq!(sandbox.submit(&format!("{path}/cancel"), "").await.status, 303);
    let (signature, body) = wait_for(&received, 1).await.remove(0);
    let told: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&told["type"], &told["reference"]),
        (&json!("authorization.updated"), &json!("a1"))
    );
    assert!(told["id"].as_str().unwrap().starts_with("sbn_"));
    assert_eq!(signature, expected_signature(&signature, &body));

    let id = sandbox.authorize("a2", "refundFail").await["id"].as_str().unwrap().to_owned();
    let capture = json!({"reference": "c1", "amount": 12_000, "currency": "usd", "final": true});
    sandbox.post(&format!("/network/authorizations/{id}/captures"), "k1", &capture).await;
    let refund = json!({"reference": "r1", "amount": 12_000, "currency": "usd"});
    sandbox.post(&format!("/network/authorizations/{id}/refunds"), "k2", &refund).await;
    sandbox.authorize("a3", "threeDSecureRequired").await;
    sandbox.move_clock(600).await;
    let mut told: Vec<(String, String)> = wait_for(&received, 3).await[1..]
        .iter()
        .map(|(_, body)| {
            let told: Value = serde_json::from_str(body).unwrap();
            let text = |name: &str| told[name].as_str().unwrap().to_owned();
            (text("type"), text("reference"))
        })
        .collect();
    told.sort_unstable();
    let expected = [("authorization.updated", "a3"), ("refund.updated", "r1")];
    assert_eq!(told, expected.map(|(kind, of)| (kind.to_owned(), of.to_owned())));
}

#[tokio::test]
async fn a_notice_is_tried_again_with_the_same_id() {
    let (url, received) = receiver(1).await;
    let sandbox = Sandbox::start_with(|config| config.notify_url = url).await;
    sandbox.authorize("a1", "threeDSecureRequired").await;
    sandbox.move_clock(600).await;
    let received = wait_for(&received, 2).await;
    assert_eq!(received[0].1, received[1].1);
}

/// Signs the body again at the time that the signature names.
fn expected_signature(signature: &str, body: &str) -> String {
    let at = signature.strip_prefix("t=").unwrap().split_once(',').unwrap().0;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"ns_test");
    let tag = ring::hmac::sign(&key, format!("{at}.{body}").as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={at},v1={hex}")
}
