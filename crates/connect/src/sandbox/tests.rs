#![allow(clippy::unwrap_used)]

use std::time::Instant;

use holdfast_core::currency::Currency;
use holdfast_core::effect::{HoldChange, HoldOf};
use holdfast_core::id::IdSource;
use holdfast_core::money::Money;
use holdfast_core::payment::card::CardToken;
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::time::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::test_server::{Act, PATIENT, SHORT, TestServer};

pub(super) const GONE: &str =
    r#"{"error":{"code":"unknown_reference","message":"never received"}}"#;

pub(super) fn network(origin: &str) -> SandboxNetwork {
    network_within(PATIENT, origin)
}

pub(super) fn network_within(timeout: Duration, origin: &str) -> SandboxNetwork {
    let connection = connection(origin, "sandbox_key");
    SandboxNetwork::new(&SandboxConnection { timeout, ..connection }).unwrap()
}

fn connection(origin: &str, key: &str) -> SandboxConnection {
    SandboxConnection {
        network_url: origin.to_owned(),
        network_key: Secret::new(key.to_owned()),
        timeout: PATIENT,
    }
}

pub(super) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn authorize(ask: Ask) -> AuthorizeRequest {
    AuthorizeRequest {
        attempt: IdSource::new(1_795_176_000_000, 1).make(),
        token: CardToken::new("tok_abc".to_owned()),
        amount: usd(1_000),
        return_url: Some("http://127.0.0.1:4002/c/cs_1/return".to_owned()),
        descriptor: "BAZAAR* LAMPS".to_owned(),
        three_d_secure: Default::default(),
        off_session: false,
        save: false,
        incremental: false,
        moto: false,
        network: None,
        capture: None,
        ask,
    }
}

fn capture(ask: Ask) -> CaptureRequest {
    CaptureRequest {
        capture: IdSource::new(1_795_176_000_000, 2).make(),
        authorization: "sba_1".to_owned(),
        amount: usd(1_000),
        ask,
    }
}

fn refund(method: RefundMethod, ask: Ask) -> RefundRequest {
    RefundRequest {
        refund: IdSource::new(1_795_176_000_000, 3).make(),
        authorization: "sba_1".to_owned(),
        amount: usd(1_000),
        method,
        ask,
    }
}

fn raise(ask: Ask) -> HoldRequest {
    let change = HoldChange::Raise(IdSource::new(1_795_176_000_000, 4).make());
    HoldRequest { change, ..give_up(ask) }
}

fn give_up(ask: Ask) -> HoldRequest {
    HoldRequest {
        attempt: HoldOf::Payment(authorize(ask).attempt),
        authorization: "sba_1".to_owned(),
        amount: usd(1_000),
        change: HoldChange::GiveUp { tries: 0, until: Timestamp::from_seconds(1) },
        ask,
    }
}

/// The question whether a card may be kept is given up: the bank would hold nothing.
fn give_up_setup(ask: Ask) -> HoldRequest {
    let attempt = HoldOf::Setup(IdSource::new(1_795_176_000_000, 5).make());
    HoldRequest { attempt, amount: usd(0), ..give_up(ask) }
}

/// The authorization of [`authorize`], approved.
fn approved(amount: i64) -> String {
    json!({
        "id": "sba_1", "reference": authorize(Ask::First).attempt.to_string(),
        "status": "approved", "amount": amount, "currency": "usd", "captured": 0, "refunded": 0,
        "released": 0, "created_at": 1_795_176_000_000_i64, "expires_at": 1_795_780_800_000_i64,
        "captures_max": 50, "authorization_code": "A1B2C3",
        "card": {
            "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034,
            "funding": "credit", "country": "US", "cvc_check": "pass",
            "address_line1_check": "pass", "address_postal_code_check": "pass"
        },
        "decline": null, "challenge": null, "authentication": null
    })
    .to_string()
}

/// A movement of `sba_1` that succeeded.
fn moved(kind: &str, reference: &str, amount: i64) -> String {
    json!({
        "id": "sbp_1", "reference": reference, "authorization": "sba_1", "kind": kind,
        "status": "succeeded", "amount": amount, "currency": "usd",
        "created_at": 1_795_176_000_000_i64, "failure_code": null
    })
    .to_string()
}

/// Each way in which a network can answer badly, and whether the first answer is a yes all the
/// same. `yes` is the answer without a fault, `wrong` the one with another amount.
pub(super) fn faults(yes: &str, wrong: &str) -> Vec<(&'static str, Act, bool)> {
    let html = "<html><title>502</title></html>".to_owned();
    let limited = r#"{"error":{"code":"rate_limited","message":"x"}}"#.to_owned();
    let failed = r#"{"error":{"code":"server_error","message":"x"}}"#.to_owned();
    let late = Duration::from_millis(100);
    vec![
        ("slow", Act::Slow(late, yes.to_owned()), true),
        ("too slow", Act::Slow(2 * SHORT, yes.to_owned()), false),
        ("timeout", Act::Hold, false),
        ("reset", Act::Reset, false),
        ("close", Act::Close, false),
        ("error", Act::Answer(500, failed), false),
        ("yes with an error's status", Act::Answer(500, yes.to_owned()), false),
        ("truncated", Act::Truncate(yes.to_owned()), false),
        ("stalled", Act::Stall, false),
        ("wrong amount", Act::Answer(200, wrong.to_owned()), false),
        ("rate limited", Act::Answer(429, limited), false),
        ("bad gateway", Act::Answer(502, html.clone()), false),
        ("page", Act::Answer(200, html), false),
        ("redirect", Act::Answer(307, String::new()), false),
        ("not HTTP", Act::Raw("\u{1}\u{2}\u{3}\r\n\r\n"), false),
        (
            "cut short without a length",
            Act::Raw("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"sba_1\","),
            false,
        ),
        ("endless", Act::Answer(200, format!("{yes}{}", " ".repeat(70_000))), false),
        ("unauthorized", Act::Answer(401, "{}".to_owned()), false),
        ("conflict", Act::Answer(409, "{}".to_owned()), false),
        ("nothing", Act::Answer(204, String::new()), false),
    ]
}

#[tokio::test]
async fn authorizations_survive_every_fault() {
    let yes = approved(1_000);
    for (name, act, is_yes) in faults(&yes, &approved(1_001)) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let network = network_within(deadline, &server.origin());
        let outcome = network.authorize(&authorize(Ask::First)).await;
        let is_approved = matches!(outcome, AuthorizationOutcome::Approved { .. });
        assert_eq!(is_approved, is_yes, "{name}: {outcome:?}");
        assert!(is_approved || outcome == AuthorizationOutcome::Unknown, "{name}: {outcome:?}");
        assert_eq!(server.lines().len(), 1, "{name}: nothing is tried again here");
        if !is_yes {
            let network = self::network(&server.origin());
            let outcome = network.authorize(&authorize(Ask::Again)).await;
            assert!(matches!(outcome, AuthorizationOutcome::Approved { .. }), "{name}");
            let posts = server.lines().iter().filter(|line| line.starts_with("POST")).count();
            assert_eq!(posts, 1, "{name}: what was received is not sent again");
        }
    }
}

#[tokio::test]
async fn captures_survive_every_fault() {
    let reference = capture(Ask::First).capture.to_string();
    let (yes, wrong) = (moved("capture", &reference, 1_000), moved("capture", &reference, 1_001));
    for (name, act, is_yes) in faults(&yes, &wrong) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let network = network_within(deadline, &server.origin());
        let outcome = network.capture(&capture(Ask::First)).await;
        let done = AskedOutcome::Succeeded { reference: "sbp_1".to_owned() };
        let expected = if is_yes { done.clone() } else { AskedOutcome::Unknown };
        assert_eq!(outcome, expected, "{name}");
        assert_eq!(server.lines().len(), 1, "{name}: nothing is tried again here");
        if !is_yes {
            let network = self::network(&server.origin());
            assert_eq!(network.capture(&capture(Ask::Again)).await, done, "{name}");
            let expected = format!("GET /network/captures?reference={reference}");
            assert_eq!(server.lines()[1..], [expected], "{name}");
        }
    }
}

#[tokio::test]
async fn voids_and_refunds_survive_every_fault() {
    let methods = [(RefundMethod::Reversal, "void"), (RefundMethod::Return, "refund")];
    for (method, kind) in methods {
        let reference = refund(method, Ask::First).refund.to_string();
        let (yes, wrong) = (moved(kind, &reference, 1_000), moved(kind, &reference, 999));
        for (name, act, is_yes) in faults(&yes, &wrong) {
            let deadline = act.deadline();
            let server = TestServer::start([act]).await;
            let network = network_within(deadline, &server.origin());
            let outcome = network.refund(&refund(method, Ask::First)).await;
            let done = AskedOutcome::Succeeded { reference: "sbp_1".to_owned() };
            let expected = if is_yes { done } else { AskedOutcome::Unknown };
            assert_eq!(outcome, expected, "{kind} {name}");
            assert_eq!(server.lines().len(), 1, "{kind} {name}");
        }
    }
}

#[tokio::test]
async fn changes_of_holds_survive_every_fault() {
    for (asked, kind, plural) in [
        (raise as fn(Ask) -> HoldRequest, "increment", "increments"),
        (give_up, "void", "voids"),
        (give_up_setup, "void", "voids"),
    ] {
        let (reference, amount) = (asked(Ask::First).own_reference(), asked(Ask::First).amount);
        let yes = moved(kind, &reference, amount.minor());
        let wrong = moved(kind, &reference, amount.minor() + 1);
        for (name, act, is_yes) in faults(&yes, &wrong) {
            let deadline = act.deadline();
            let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
            let network = network_within(deadline, &server.origin());
            let outcome = network.change_hold(&asked(Ask::First)).await;
            let done = AskedOutcome::Succeeded { reference: "sbp_1".to_owned() };
            let expected = if is_yes { done.clone() } else { AskedOutcome::Unknown };
            assert_eq!(outcome, expected, "{kind} {name}");
            assert_eq!(server.lines().len(), 1, "{kind} {name}: nothing is tried again here");
            if !is_yes {
                let network = self::network(&server.origin());
                assert_eq!(network.change_hold(&asked(Ask::Again)).await, done, "{kind} {name}");
                let expected = format!("GET /network/{plural}?reference={reference}");
                assert_eq!(server.lines()[1..], [expected], "{kind} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_faulty_look_sends_nothing() {
    let yes = approved(1_000);
    for (name, act, is_yes) in faults(&yes, &approved(1_001)) {
        for ask in [Ask::Again, Ask::Look] {
            let server = TestServer::start([act.clone()]).await;
            let network = network_within(act.deadline(), &server.origin());
            let outcome = network.authorize(&authorize(ask)).await;
            let is_approved = matches!(outcome, AuthorizationOutcome::Approved { .. });
            assert_eq!(is_approved, is_yes, "{name} {ask:?}: {outcome:?}");
            assert!(server.lines().iter().all(|line| line.starts_with("GET")), "{name} {ask:?}");
        }
    }
}

#[tokio::test]
async fn what_never_arrived_is_sent_again_under_its_key() {
    let script = [Act::Answer(404, GONE.to_owned()), Act::Answer(200, approved(1_000))];
    let server = TestServer::start(script).await;
    let outcome = network(&server.origin()).authorize(&authorize(Ask::Again)).await;
    assert!(matches!(outcome, AuthorizationOutcome::Approved { .. }), "{outcome:?}");

    let reference = authorize(Ask::Again).attempt.to_string();
    let [look, post] = &server.seen()[..] else { panic!("a look and a request") };
    assert_eq!(look.line, format!("GET /network/authorizations?reference={reference}"));
    assert_eq!(post.line, "POST /network/authorizations");
    assert_eq!(post.header("idempotency-key"), Some(&*reference.to_lowercase()));
    assert_eq!(look.header("authorization"), Some("bearer sandbox_key"));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_404_that_proves_nothing_sends_nothing() {
    for body in ["", "<html>404</html>", r#"{"error":{"code":"not_found"}}"#] {
        let server = TestServer::start([Act::Answer(404, body.to_owned())]).await;
        let outcome = network(&server.origin()).authorize(&authorize(Ask::Again)).await;
        assert_eq!(outcome, AuthorizationOutcome::Unknown);
        assert_eq!(server.lines().len(), 1);
    }
}

#[tokio::test]
async fn a_look_that_finds_nothing_is_told_by_kind() {
    let script = || [Act::Answer(404, GONE.to_owned())];
    let server = TestServer::start(script()).await;
    let outcome = network(&server.origin()).authorize(&authorize(Ask::Look)).await;
    assert_eq!(outcome, AuthorizationOutcome::NotFound);
    let server = TestServer::start(script()).await;
    let outcome = network(&server.origin()).capture(&capture(Ask::Look)).await;
    assert_eq!(outcome, AskedOutcome::Unknown);
    let server = TestServer::start(script()).await;
    let look = refund(RefundMethod::Return, Ask::Look);
    assert_eq!(network(&server.origin()).refund(&look).await, AskedOutcome::Unknown);
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn without_a_connection_only_a_first_request_was_never_sent() {
    let network = network(&format!("http://{}", TestServer::nobody().await));
    for (ask, expected, moved) in [
        (Ask::First, AuthorizationOutcome::NeverSent, AskedOutcome::NeverSent),
        (Ask::Again, AuthorizationOutcome::Unknown, AskedOutcome::Unknown),
        (Ask::Look, AuthorizationOutcome::Unknown, AskedOutcome::Unknown),
    ] {
        assert_eq!(network.authorize(&authorize(ask)).await, expected, "{ask:?}");
        assert_eq!(network.capture(&capture(ask)).await, moved, "{ask:?}");
    }
    // A name that no resolver asks anybody about: its first part is longer than names can be.
    let nowhere = self::network(&format!("http://{}.invalid:4004", "x".repeat(64)));
    assert_eq!(nowhere.authorize(&authorize(Ask::First)).await, AuthorizationOutcome::NeverSent);
    assert!(!network.move_clock(Span::seconds(1)).await);
}

#[tokio::test]
async fn a_resend_that_fails_to_connect_is_unknown() {
    // The server answers the look on the only connection it will ever take.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let once = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        drop(listener);
        let mut buffer = [0; 4096];
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        let length = GONE.len();
        let head = format!("HTTP/1.1 404 X\r\nconnection: close\r\ncontent-length: {length}\r\n");
        stream.write_all(format!("{head}\r\n{GONE}").as_bytes()).await.unwrap();
    });
    let outcome = network(&origin).authorize(&authorize(Ask::Again)).await;
    once.await.unwrap();
    assert_eq!(outcome, AuthorizationOutcome::Unknown);
}

#[tokio::test]
async fn requests_hold_what_the_network_asks_for_and_no_more() {
    let server = TestServer::start([]).await;
    let network = network(&server.origin());
    network.authorize(&authorize(Ask::First)).await;
    network.capture(&capture(Ask::First)).await;
    network.refund(&refund(RefundMethod::Reversal, Ask::First)).await;
    network.refund(&refund(RefundMethod::Return, Ask::First)).await;
    let (raised, given_up) = (raise(Ask::First), give_up(Ask::First));
    network.change_hold(&raised).await;
    network.change_hold(&given_up).await;
    let (attempt, taken) = (authorize(Ask::First).attempt, capture(Ask::First).capture);
    let back = refund(RefundMethod::Return, Ask::First).refund;
    let (raised, given_up) = (raised.own_reference(), given_up.own_reference());
    let table: [(&str, String, Value); 6] = [
        (
            "POST /network/authorizations",
            attempt.to_string(),
            json!({
                "reference": attempt.to_string(), "token": "tok_abc", "amount": 1000,
                "currency": "usd", "descriptor": "BAZAAR* LAMPS",
                "return_url": "http://127.0.0.1:4002/c/cs_1/return",
                "three_ds": "automatic", "off_session": false
            }),
        ),
        (
            "POST /network/authorizations/sba_1/captures",
            taken.to_string(),
            json!({
                "reference": taken.to_string(), "amount": 1000, "currency": "usd",
                "final": false
            }),
        ),
        (
            "POST /network/authorizations/sba_1/voids",
            back.to_string(),
            json!({"reference": back.to_string(), "amount": 1000}),
        ),
        (
            "POST /network/authorizations/sba_1/refunds",
            back.to_string(),
            json!({"reference": back.to_string(), "amount": 1000, "currency": "usd"}),
        ),
        (
            "POST /network/authorizations/sba_1/increments",
            raised.clone(),
            json!({"reference": raised, "amount": 1000, "currency": "usd"}),
        ),
        (
            "POST /network/authorizations/sba_1/voids",
            given_up.clone(),
            json!({"reference": given_up, "amount": 1000, "while_asked": true}),
        ),
    ];
    let seen = server.seen();
    assert_eq!(seen.len(), table.len());
    for (seen, (line, key, body)) in seen.iter().zip(table) {
        assert_eq!(seen.line, line);
        assert_eq!(seen.header("idempotency-key"), Some(&*key.to_lowercase()), "{line}");
        assert_eq!(seen.header("content-type"), Some("application/json"), "{line}");
        assert_eq!(seen.header("user-agent"), Some("holdfast/1.0"), "{line}");
        assert_eq!(seen.header("authorization"), Some("bearer sandbox_key"), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&seen.body).unwrap(), body, "{line}");
    }
}

#[tokio::test]
async fn the_clock_is_moved_and_never_back() {
    let error = |code: &str| format!(r#"{{"error":{{"code":"{code}"}}}}"#);
    let table = [
        (Act::Answer(200, r#"{"offset_ms":3600000,"now_ms":1}"#.to_owned()), true),
        (Act::Answer(400, error("clock_backwards")), true),
        (Act::Answer(400, error("invalid_parameter")), false),
        (Act::Answer(500, error("server_error")), false),
        (Act::Hold, false),
        (Act::Reset, false),
    ];
    for (act, expected) in table {
        let server = TestServer::start([act.clone()]).await;
        let network = network_within(act.deadline(), &server.origin());
        let moved = network.move_clock(Span::hours(1)).await;
        assert_eq!(moved, expected, "{act:?}");
        assert_eq!(server.lines(), ["POST /clock"]);
        assert_eq!(server.seen()[0].body, r#"{"offset_ms":3600000}"#);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_ends_at_the_deadline() {
    for act in [Act::Hold, Act::Stall] {
        let server = TestServer::start([act]).await;
        let start = Instant::now();
        let network = network_within(SHORT, &server.origin());
        let outcome = network.authorize(&authorize(Ask::First)).await;
        assert_eq!(outcome, AuthorizationOutcome::Unknown);
        assert!(start.elapsed() >= SHORT, "{:?}", start.elapsed());
    }
}

#[test]
fn a_connection_that_cannot_be_is_refused() {
    for (origin, key, error) in [
        ("", "key", SetupError::Address),
        ("127.0.0.1:4004", "key", SetupError::Address),
        ("https://127.0.0.1:4004", "key", SetupError::Address),
        ("ftp://127.0.0.1:4004", "key", SetupError::Address),
        ("http://", "key", SetupError::Address),
        ("http://127.0.0.1:4004/network", "key", SetupError::Address),
        ("http://127.0.0.1:4004/?a=b", "key", SetupError::Address),
        ("http://user@127.0.0.1:4004", "key", SetupError::Address),
        ("http://127.0.0.1:4004", "", SetupError::Key),
        ("http://127.0.0.1:4004", "two words", SetupError::Key),
        ("http://127.0.0.1:4004", "key\r\nhost: evil", SetupError::Key),
        ("http://127.0.0.1:4004", "schlüssel", SetupError::Key),
    ] {
        let refused = SandboxNetwork::new(&connection(origin, key)).err();
        assert_eq!(refused, Some(error), "{origin} {key}");
    }
    assert!(SandboxNetwork::new(&connection("http://127.0.0.1:4004/", "key")).is_ok());
}

#[test]
fn the_key_is_never_printed() {
    let connection = connection("http://127.0.0.1:4004", "sandbox_key");
    assert!(!format!("{connection:?}").contains("sandbox_key"));
    let network = SandboxNetwork::new(&connection).unwrap();
    assert!(!format!("{:?}", network.client).contains("sandbox_key"));
}
