//! Connections that misbehave.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{KEY, Sandbox, authorize_body};

/// How long the server waits, and some more.
const CLOSED_WITHIN: Duration = Duration::from_secs(18);

async fn until_closed(mut stream: TcpStream) -> (Duration, Vec<u8>) {
    let begun = Instant::now();
    let mut bytes = Vec::new();
    // A reset is as good an end as a close.
    let _ = tokio::time::timeout(CLOSED_WITHIN, stream.read_to_end(&mut bytes)).await.unwrap();
    (begun.elapsed(), bytes)
}

#[tokio::test]
async fn silent_and_slow_connections_are_closed_after_five_seconds() {
    let sandbox = Sandbox::start().await;
    let silent = TcpStream::connect(sandbox.address).await.unwrap();
    let mut half = TcpStream::connect(sandbox.address).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.unwrap();
    // A whole request, and then half of the next.
    let mut second = TcpStream::connect(sandbox.address).await.unwrap();
    second.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut answer = [0; 12];
    second.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    second.write_all(b"GET /li").await.unwrap();
    let closed = tokio::join!(until_closed(silent), until_closed(half), until_closed(second));
    for (after, bytes) in [closed.0, closed.1] {
        assert!(after >= Duration::from_millis(4_900), "{after:?}");
        assert_eq!(bytes, b"");
    }
    assert!(closed.2.0 >= Duration::from_millis(4_900));
}

#[tokio::test]
async fn a_resting_connection_is_kept() {
    let sandbox = Sandbox::start().await;
    let mut stream = TcpStream::connect(sandbox.address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut answer = vec![0; 1_024];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
        tokio::time::sleep(Duration::from_secs(6)).await;
    }
}

#[tokio::test]
async fn bodies_and_heads_are_bounded() {
    let sandbox = Sandbox::start().await;
    let mut body = authorize_body("a1", "visa");
    body["descriptor"] = serde_json::json!("x".repeat(70_000));
    let answer = sandbox.post("/network/authorizations", "k1", &body).await;
    assert_eq!(answer.refusal(), (413, "body_too_large".to_owned()));
    let head = sandbox.client.get(sandbox.url("/livez")).header("x-long", "x".repeat(40_000));
    assert_eq!(head.send().await.unwrap().status(), 431);
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let sandbox = Sandbox::start().await;
    for (path, status) in [
        ("/", 200),
        ("/style.css", 200),
        ("/livez", 200),
        ("/nothing", 404),
        ("/network/ledger", 401),
        ("/challenge/sbc_nothing", 404),
        ("/network/tokens", 405),
    ] {
        let page = sandbox.page(path).await;
        assert_eq!(page.status, status, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path} {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    }
    let wrong = sandbox.call(sandbox.client.get(sandbox.url("/network/tokens"))).await.unwrap();
    assert_eq!(wrong.refusal(), (405, "method_not_allowed".to_owned()));
}

#[tokio::test]
async fn a_stop_lets_running_requests_finish() {
    let sandbox = Sandbox::start().await;
    let fault = serde_json::json!({"operation": "authorize", "fault": "slow", "delay_ms": 1_000});
    sandbox.add_fault(fault).await;
    let request = sandbox.client.post(sandbox.url("/network/authorizations"));
    let request = request.bearer_auth(KEY).header("idempotency-key", "k1");
    let request = request.body(authorize_body("a1", "visa").to_string());
    let running = tokio::spawn(request.send());
    // The fault is gone from the list as soon as it has struck.
    let none = serde_json::json!({"faults": []});
    while sandbox.get("/faults").await.json() != none {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (served, ..) = sandbox.stop().await;
    served.unwrap();
    assert_eq!(running.await.unwrap().unwrap().status(), 200);
}
