//! The server and the gate over real connections.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

mod client;

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::Extension;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use client::{Client, Server};
use holdfast_api::error::ApiError;
use holdfast_api::gate::{self, Gate};
use holdfast_api::overload;
use holdfast_api::reply::Reply;
use holdfast_api::request_id::RequestId;
use holdfast_api::server::{Peer, ServerLimits};
use serde_json::json;

/// Long enough for a loaded machine, short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);
/// Longer than any test.
const LONG: Duration = Duration::from_secs(60);

fn limits() -> ServerLimits {
    ServerLimits {
        connections_max: 8,
        spare_connections: 1,
        busy: overload::error,
        first_byte: LONG,
        head: LONG,
        body: LONG,
        body_bytes_max: 64 * 1024,
        idle: LONG,
        drain: LONG,
    }
}

fn router() -> Router {
    let gate =
        Gate { origin: "http://api".into(), request_log: Some("http://console/requests/".into()) };
    Router::new()
        .route("/v1/echo", post(|body: Bytes| async move { Reply::ok(&body.len()) }))
        .route("/v1/id", get(|id: Extension<RequestId>| async move { Reply::ok(&id.as_str()) }))
        .route("/v1/peer", get(|peer: Extension<Peer>| async move { peer.0.0.ip().to_string() }))
        .route("/v1/refuse", get(|| async { ApiError::missing("amount") }))
        .route("/v1/unknown_caller", get(|| async { ApiError::unauthenticated("who?") }))
        .route("/v1/panic", get(panics))
        .route("/livez", get(async || "ok"))
        .route(
            "/v1/slow",
            get(|| async {
                tokio::time::sleep(SHORT).await;
                Reply::ok(&"slow")
            }),
        )
        .layer(from_fn_with_state(gate, gate::pass))
}

async fn panics() -> Reply {
    panic!("as a handler with a bug does")
}

#[tokio::test]
async fn answers_have_ids_and_protective_headers() {
    let server = Server::start(router(), limits());
    let mut client = server.connect().await;
    for path in ["/v1/id", "/v1/refuse", "/v1/panic", "/nowhere", "/v1/unknown_caller"] {
        let answer = client.get(path).await;
        let id = answer.header("request-id").unwrap();
        assert!(id.starts_with("req_"), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-cache, no-store"), "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        if path == "/v1/id" {
            assert_eq!(answer.json(), json!(id), "the handler knows the same id");
        } else {
            let log = format!("http://console/requests/{id}");
            assert_eq!(answer.json()["error"]["request_log_url"], log, "{path}");
        }
    }
    assert_eq!(client.get("/v1/peer").await.body, "127.0.0.1");
}

#[tokio::test]
async fn errors_are_objects() {
    let server = Server::start(router(), limits());
    let mut client = server.connect().await;
    let table: &[(&str, &str, u16, &str, Option<&str>)] = &[
        ("GET", "/v1/refuse", 400, "invalid_request_error", Some("parameter_missing")),
        ("GET", "/v1/unknown_caller", 401, "invalid_request_error", None),
        ("GET", "/v1/panic", 500, "api_error", Some("internal_error")),
        ("GET", "/v1/nothing", 404, "invalid_request_error", None),
        ("GET", "/v1/echo", 404, "invalid_request_error", None),
        ("POST", "/v1/refuse", 404, "invalid_request_error", None),
    ];
    for (method, path, status, kind, code) in table {
        let answer = client.send(method, path, &[], b"").await;
        let error = &answer.json()["error"];
        assert_eq!((answer.status, error["type"].as_str()), (*status, Some(*kind)), "{path}");
        assert_eq!(error["code"].as_str(), *code, "{path}");
        let page = code.map(|code| format!("http://api/docs/errors#{code}"));
        assert_eq!(error["doc_url"].as_str(), page.as_deref(), "{path}");
        let realm = answer.header("www-authenticate").is_some();
        assert_eq!(realm, *status == 401, "{path}");
    }
}

#[tokio::test]
async fn a_card_number_goes_no_further() {
    let server = Server::start(router(), limits());
    let body = b"description=card+4000+0027+6000+3184".as_slice();
    let answer = server.connect().await.send("POST", "/v1/echo", &[], body).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["error"]["code"], "card_number_refused");
    assert_eq!(answer.json()["error"]["param"], "description");
    assert!(!answer.body.contains("4000"), "{}", answer.body);
    assert_eq!(answer.header("connection"), Some("close"));
    let answer = server.connect().await.get("/v1/4000002760003184").await;
    assert_eq!(answer.json()["error"]["code"], "card_number_refused");
}

#[tokio::test]
async fn bodies_are_bounded() {
    let server = Server::start(router(), limits());
    let largest = vec![b'a'; 64 * 1024];
    let answer = server.connect().await.send("POST", "/v1/echo", &[], &largest).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "65536"));
    let larger = vec![b'a'; 64 * 1024 + 1];
    let answer = server.connect().await.send("POST", "/v1/echo", &[], &larger).await;
    assert_eq!(
        (answer.status, &answer.json()["error"]["code"]),
        (413, &json!("request_too_large"))
    );
    // Without a length, in pieces.
    let mut client = server.connect().await;
    client
        .write(b"POST /v1/echo HTTP/1.1\r\nHost: api\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await;
    for _ in 0..65 {
        client.write(b"400\r\n").await;
        client.write(&[b'a'; 1_024]).await;
        client.write(b"\r\n").await;
    }
    assert_eq!(client.answer().await.unwrap().status, 413);
}

#[tokio::test]
async fn a_slow_body_is_given_up() {
    let server = Server::start(router(), ServerLimits { body: SHORT, ..limits() });
    let mut client = server.connect().await;
    client.write(b"POST /v1/echo HTTP/1.1\r\nHost: api\r\nContent-Length: 9\r\n\r\nab").await;
    let answer = client.answer().await.unwrap();
    assert_eq!((answer.status, &answer.json()["error"]["code"]), (408, &json!("request_too_slow")));
}

/// What a client sends, and whether its connection is closed although nothing else happens.
#[tokio::test]
async fn silence_half_heads_and_idleness_have_an_end() {
    type Deadline = fn(&mut ServerLimits);
    let table: &[(&str, Deadline, &[u8], bool)] = &[
        ("silent", |limits| limits.first_byte = SHORT, b"", false),
        ("half a head", |limits| limits.head = SHORT, b"GET /v1/id HTTP/1.1\r\nHost:", false),
        ("idle", |limits| limits.idle = SHORT, b"GET /v1/id HTTP/1.1\r\nHost: api\r\n\r\n", true),
    ];
    for (name, deadline, bytes, answered) in table {
        let mut limits = limits();
        deadline(&mut limits);
        let server = Server::start(router(), limits);
        let mut client = server.connect().await;
        let started = Instant::now();
        client.write(bytes).await;
        if *answered {
            assert_eq!(client.answer().await.unwrap().status, 200, "{name}");
        }
        assert!(client.answer().await.is_none(), "{name}: the connection is closed");
        assert!((SHORT..LONG / 2).contains(&started.elapsed()), "{name}");
    }
}

#[tokio::test]
async fn half_a_head_on_a_used_connection_has_the_deadline_of_heads() {
    let server = Server::start(router(), ServerLimits { head: SHORT, ..limits() });
    let mut client = server.connect().await;
    assert_eq!(client.get("/v1/id").await.status, 200);
    // Waiting between requests is allowed for much longer than for half a head.
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(client.get("/v1/id").await.status, 200);
    client.write(b"GET /v1/id HT").await;
    assert!(client.answer().await.is_none());
}

#[tokio::test]
async fn a_handler_may_take_longer_than_any_deadline_of_the_connection() {
    let brief = Duration::from_millis(50);
    let limits = ServerLimits { first_byte: brief, head: brief, idle: brief, ..limits() };
    let server = Server::start(router(), limits);
    let mut client = server.connect().await;
    assert_eq!(client.get("/v1/slow").await.body, r#""slow""#);
}

#[tokio::test]
async fn connections_beyond_the_cap_wait() {
    let limits = ServerLimits { connections_max: 1, spare_connections: 0, ..limits() };
    let server = Server::start(router(), limits);
    let mut first = server.connect().await;
    assert_eq!(first.get("/v1/id").await.status, 200);
    let mut second = server.connect().await;
    let (answer, ()) = tokio::join!(second.get("/v1/id"), async {
        tokio::time::sleep(SHORT).await;
        drop(first);
    });
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_few_beyond_the_cap_are_told_to_come_again_and_probes_are_answered() {
    let server = Server::start(router(), ServerLimits { connections_max: 1, ..limits() });
    let mut first = server.connect().await;
    assert_eq!(first.get("/v1/id").await.status, 200);
    let before = overload::refused();
    for _ in 0..3 {
        // Each makes room for the next one, and for the monitor's.
        let answer = server.connect().await.get("/v1/id").await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.header("stripe-should-retry"), Some("true"));
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(answer.header("request-id").is_some());
        assert_eq!(answer.json()["error"]["code"], "service_unavailable");
        assert_eq!(server.connect().await.get("/livez").await.body, "ok");
    }
    assert_eq!(overload::refused() - before, 3);
    assert_eq!(first.get("/v1/id").await.status, 200, "who has a place keeps it");
    drop(first);
    while server.connect().await.get("/v1/id").await.status != 200 {}
}

#[tokio::test]
async fn a_graceful_stop_finishes_what_is_under_way() {
    let mut server = Server::start(router(), limits());
    let mut busy = server.connect().await;
    let mut idle = server.connect().await;
    let silent = server.connect().await;
    assert_eq!(idle.get("/v1/id").await.status, 200);
    busy.write(b"GET /v1/slow HTTP/1.1\r\nHost: api\r\n\r\n").await;
    // Its answer shows that the server has seen the other requests, sent before it.
    assert_eq!(idle.get("/v1/id").await.status, 200);
    let started = Instant::now();
    server.stop();
    assert_eq!(busy.answer().await.unwrap().body, r#""slow""#);
    server.stopped().await;
    assert!(started.elapsed() < LONG / 2);
    assert!(idle.answer().await.is_none());
    drop(silent);
    assert!(Client::try_connect(server.address).await.is_err(), "the port is free");
}

#[tokio::test]
async fn a_graceful_stop_has_an_end() {
    let mut server = Server::start(router(), ServerLimits { drain: SHORT, ..limits() });
    let mut stuck = server.connect().await;
    stuck.write(b"POST /v1/echo HTTP/1.1\r\nHost: api\r\nContent-Length: 9\r\n\r\nab").await;
    assert_eq!(server.connect().await.get("/v1/id").await.status, 200);
    server.stop();
    server.stopped().await;
    assert!(stuck.answer().await.is_none());
}
