//! Every fault, as a client meets it, and what is true afterwards.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Sandbox, authorize_body};

/// What a client sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Status(u16),
    /// The connection closes without an answer.
    Dropped,
    /// The headers come, and not all of the body.
    Cut,
}

async fn seen(sandbox: &Sandbox, body: &Value) -> Seen {
    let request = sandbox.client.post(sandbox.url("/network/authorizations"));
    let request = request.bearer_auth(crate::support::KEY).header("idempotency-key", "k1");
    match request.body(body.to_string()).send().await {
        Err(error) => {
            assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
            Seen::Dropped
        }
        Ok(answer) => {
            let status = answer.status().as_u16();
            match answer.bytes().await {
                Ok(_) => Seen::Status(status),
                Err(_) => Seen::Cut,
            }
        }
    }
}

#[tokio::test]
async fn every_fault_of_an_authorization() {
    let table = [
        ("slow", Seen::Status(200), true),
        ("timeout_before", Seen::Dropped, false),
        ("timeout_after", Seen::Dropped, true),
        ("reset_before", Seen::Dropped, false),
        ("reset_after", Seen::Dropped, true),
        ("error_before", Seen::Status(500), false),
        ("error_after", Seen::Status(500), true),
        ("truncated", Seen::Cut, true),
        ("wrong_amount", Seen::Status(200), true),
        ("rate_limited", Seen::Status(429), false),
        ("bad_gateway", Seen::Status(502), false),
    ];
    for (fault, expected, done) in table {
        let sandbox = Sandbox::start().await;
        let fault_body = json!({"operation": "authorize", "fault": fault, "delay_ms": 300});
        sandbox.add_fault(fault_body).await;
        let body = authorize_body("a1", "visa");
        let begun = Instant::now();
        assert_eq!(seen(&sandbox, &body).await, expected, "{fault}");
        if ["slow", "timeout_before", "timeout_after"].contains(&fault) {
            assert!(begun.elapsed() >= Duration::from_millis(300), "{fault}");
        }
        let found = sandbox.get("/network/authorizations?reference=a1").await;
        assert_eq!(found.status, if done { 200 } else { 404 }, "{fault}");
        // The same key does it once, whatever the fault has told.
        let again = sandbox.post("/network/authorizations", "k1", &body).await;
        assert_eq!(again.json()["amount"], 12_000, "{fault}");
        let ledger = sandbox.get("/network/ledger").await.json();
        assert_eq!(ledger["authorizations"].as_array().unwrap().len(), 1, "{fault}");
    }
}

#[tokio::test]
async fn every_operation_can_be_struck() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "visa").await["id"].as_str().unwrap().to_owned();
    let movement = |kind: &str| format!("/network/authorizations/{id}/{kind}");
    let card = json!({
        "profile": "visa", "brand": "visa", "last4": "4242", "exp_month": 1, "exp_year": 2040,
        "funding": "credit", "country": "US", "name": null,
    });
    let money = json!({"reference": "m1", "amount": 5_000, "currency": "usd"});
    let mut capture = money.clone();
    capture["final"] = json!(false);
    let void = json!({"reference": "m1", "amount": 1_000});
    for (operation, path, body) in [
        ("token", "/network/tokens".to_owned(), card),
        ("authorize", "/network/authorizations".to_owned(), authorize_body("a2", "visa")),
        ("capture", movement("captures"), capture),
        ("void", movement("voids"), void),
        ("refund", movement("refunds"), money),
    ] {
        sandbox.add_fault(json!({"operation": operation, "fault": "error_after"})).await;
        let struck = sandbox.post(&path, operation, &body).await;
        assert_eq!(struck.refusal(), (500, "server_error".to_owned()), "{operation}");
        assert_eq!(sandbox.post(&path, operation, &body).await.status, 200, "{operation}");
    }
    let now = sandbox.look_up("a1").await;
    let sums = (&now["captured"], &now["released"], &now["refunded"]);
    assert_eq!(sums, (&json!(5_000), &json!(1_000), &json!(5_000)));
    for kind in ["authorizations", "captures", "voids", "refunds"] {
        sandbox.add_fault(json!({"operation": "lookup", "fault": "error_before"})).await;
        let reference = if kind == "authorizations" { "a1" } else { "m1" };
        let path = format!("/network/{kind}?reference={reference}");
        assert_eq!(sandbox.get(&path).await.status, 500, "{kind}");
        assert_eq!(sandbox.get(&path).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn a_wrong_amount_is_one_too_many() {
    let sandbox = Sandbox::start().await;
    sandbox.add_fault(json!({"operation": "authorize", "fault": "wrong_amount"})).await;
    sandbox.add_fault(json!({"operation": "lookup", "fault": "wrong_amount"})).await;
    assert_eq!(sandbox.authorize("a1", "visa").await["amount"], 12_001);
    assert_eq!(sandbox.look_up("a1").await["amount"], 12_001);
    assert_eq!(sandbox.look_up("a1").await["amount"], 12_000);
    // An answer without an amount stays as it is.
    sandbox.add_fault(json!({"operation": "lookup", "fault": "wrong_amount"})).await;
    assert_eq!(sandbox.get("/network/voids?reference=x").await.status, 404);
}

#[tokio::test]
async fn a_cut_answer_announces_more_than_it_sends() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let sandbox = Sandbox::start().await;
    sandbox.authorize("a1", "visa").await;
    let whole = sandbox.get("/network/authorizations?reference=a1").await.body;
    sandbox.add_fault(json!({"operation": "lookup", "fault": "truncated"})).await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.address).await.unwrap();
    let request = format!(
        "GET /network/authorizations?reference=a1 HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {}\r\n\r\n",
        crate::support::KEY
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains(&format!("content-length: {}\r\n", whole.len())), "{head}");
    assert_eq!(body.as_bytes(), &whole[..whole.len() / 2]);
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let sandbox = Sandbox::start().await;
    sandbox.add_fault(json!({"operation": "lookup", "fault": "reset_before"})).await;
    let mut stream = tokio::net::TcpStream::connect(sandbox.address).await.unwrap();
    let request = format!(
        "GET /network/voids?reference=v1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        crate::support::KEY
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(bytes, b"");
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_it_was_told() {
    let sandbox = Sandbox::start().await;
    sandbox.add_fault(json!({"operation": "lookup", "fault": "error_before", "times": 2})).await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let Answer { status, .. } = sandbox.get("/network/voids?reference=v1").await;
        statuses.push(status);
    }
    assert_eq!(statuses, [500, 500, 404]);
    // A caller without the key neither sees nor uses up a fault.
    sandbox.add_fault(json!({"operation": "lookup", "fault": "error_before"})).await;
    let unkeyed = sandbox.client.get(sandbox.url("/network/voids?reference=v1")).send().await;
    assert_eq!(unkeyed.unwrap().status(), 401);
    assert_eq!(sandbox.get("/network/voids?reference=v1").await.status, 500);
}
