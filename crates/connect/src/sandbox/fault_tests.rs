//! Every fault, for what is asked of cards that are kept, of tokens and of payouts.

#![allow(clippy::unwrap_used)]

use holdfast_core::bank::BankBehaviour;
use holdfast_core::id::IdSource;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payout::PayoutMethod;
use serde_json::{Value, json};

use super::tests::{GONE, faults, network, network_within, usd};
use super::*;
use crate::test_server::{Act, TestServer};

fn token() -> CardToken {
    CardToken::new("tok_abc".to_owned())
}

fn verify(ask: Ask) -> VerifyRequest {
    let attempt = IdSource::new(1_795_176_000_000, 4).make();
    let (return_url, three_d_secure) = (None, Default::default());
    let (moto, network) = (false, None);
    VerifyRequest { attempt, token: token(), return_url, three_d_secure, moto, network, ask }
}

fn save(ask: Ask) -> SaveCardRequest {
    let method = IdSource::new(1_795_176_000_000, 5).make();
    SaveCardRequest { method, token: token(), check: false, round: 0, ask }
}

fn payout(ask: Ask) -> PayoutRequest {
    PayoutRequest {
        payout: IdSource::new(1_795_176_000_000, 6).make(),
        amount: usd(1_000),
        method: PayoutMethod::Standard,
        account: BankBehaviour::Pays,
        ask,
    }
}

fn card() -> Value {
    json!({
        "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034,
        "funding": "credit", "country": "US", "cvc_check": "pass"
    })
}

fn verified(reference: &str) -> String {
    json!({
        "id": "sba_1", "reference": reference, "status": "approved", "amount": 0,
        "currency": "usd", "captured": 0, "refunded": 0, "released": 0,
        "created_at": 1_795_176_000_000_i64, "expires_at": 1_795_780_800_000_i64,
        "captures_max": 50, "authorization_code": "A1B2C3", "card": card(),
        "saved_card": "sbk_1", "decline": null, "challenge": null
    })
    .to_string()
}

fn saved(reference: &str) -> String {
    json!({"id": "sbk_1", "reference": reference, "card": card()}).to_string()
}

fn paid(amount: i64) -> String {
    json!({
        "id": "sbo_1", "reference": payout(Ask::First).payout.to_string(), "kind": "payout",
        "status": "paid", "amount": amount, "currency": "usd",
        "arrives_at": 1_795_780_800_000_i64, "failure_code": null
    })
    .to_string()
}

/// That only `look` was asked after the first request.
fn assert_looked(server: &TestServer, name: &str, look: &str) {
    assert_eq!(server.lines()[1..], [format!("GET /network/{look}")], "{name}");
}

#[tokio::test]
async fn verifications_survive_every_fault() {
    let reference = verify(Ask::First).attempt.to_string();
    let yes = verified(&reference);
    for (name, act, is_yes) in faults(&yes, &verified("another")) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let outcome = network_within(deadline, &server.origin()).verify(&verify(Ask::First)).await;
        let is_verified = matches!(outcome, VerificationOutcome::Verified(_));
        assert_eq!(is_verified, is_yes, "{name}: {outcome:?}");
        assert!(is_verified || outcome == VerificationOutcome::Unknown, "{name}: {outcome:?}");
        assert_eq!(server.lines().len(), 1, "{name}: nothing is tried again here");
        if !is_yes {
            let outcome = network(&server.origin()).verify(&verify(Ask::Again)).await;
            assert!(matches!(outcome, VerificationOutcome::Verified(_)), "{name}: {outcome:?}");
            assert_looked(&server, name, &format!("verifications?reference={reference}"));
        }
    }
}

#[tokio::test]
async fn keeping_a_card_survives_every_fault() {
    let reference = save(Ask::First).method.to_string();
    let yes = saved(&reference);
    for (name, act, is_yes) in faults(&yes, &saved("another")) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let outcome = network_within(deadline, &server.origin()).save_card(&save(Ask::First)).await;
        let is_saved = matches!(outcome, SaveOutcome::Saved(_));
        assert_eq!(is_saved, is_yes, "{name}: {outcome:?}");
        assert!(is_saved || outcome == SaveOutcome::Unknown, "{name}: {outcome:?}");
        assert_eq!(server.lines().len(), 1, "{name}: nothing is tried again here");
        if !is_yes {
            let outcome = network(&server.origin()).save_card(&save(Ask::Again)).await;
            assert!(matches!(outcome, SaveOutcome::Saved(_)), "{name}: {outcome:?}");
            assert_looked(&server, name, &format!("cards?reference={reference}"));
        }
    }
}

#[tokio::test]
async fn payouts_survive_every_fault() {
    let reference = payout(Ask::First).payout.to_string();
    let yes = paid(1_000);
    let done = PayoutOutcome::Paid { reference: "sbo_1".to_owned() };
    for (name, act, is_yes) in faults(&yes, &paid(1_001)) {
        let deadline = act.deadline();
        let server = TestServer::start([act, Act::Answer(200, yes.clone())]).await;
        let outcome = network_within(deadline, &server.origin()).payout(&payout(Ask::First)).await;
        let expected = if is_yes { done.clone() } else { PayoutOutcome::Unknown };
        assert_eq!(outcome, expected, "{name}");
        assert_eq!(server.lines().len(), 1, "{name}: nothing is tried again here");
        if !is_yes {
            assert_eq!(network(&server.origin()).payout(&payout(Ask::Again)).await, done, "{name}");
            assert_looked(&server, name, &format!("payouts?reference={reference}"));
        }
    }
}

#[tokio::test]
async fn a_token_is_known_or_not_only_by_a_clear_answer() {
    let yes = json!({"card": card(), "name": null, "created_at": null, "used": false}).to_string();
    let wrong = json!({"card": null, "used": false}).to_string();
    for (name, act, is_yes) in faults(&yes, &wrong) {
        let server = TestServer::start([act.clone()]).await;
        let seen = network_within(act.deadline(), &server.origin()).token(&token()).await;
        assert_eq!(matches!(seen, TokenSeen::Known(_)), is_yes, "{name}: {seen:?}");
        assert_eq!(seen == TokenSeen::Unknown, !is_yes, "{name}: {seen:?}");
        let lines = server.lines();
        assert!(lines.iter().all(|line| !line.contains("tok_abc")), "{name}: {lines:?}");
    }
}

#[tokio::test]
async fn a_look_sends_nothing_and_a_resend_keeps_its_key() {
    let gone = || Act::Answer(404, GONE.to_owned());
    let server = TestServer::start([gone(), gone(), gone()]).await;
    let network = network(&server.origin());
    assert_eq!(network.verify(&verify(Ask::Look)).await, VerificationOutcome::NotFound);
    assert_eq!(network.save_card(&save(Ask::Look)).await, SaveOutcome::Unknown);
    assert_eq!(network.payout(&payout(Ask::Look)).await, PayoutOutcome::Unknown);
    assert!(server.lines().iter().all(|line| line.starts_with("GET")), "{:?}", server.lines());

    let keys = [verify(Ask::Again).attempt.to_string(), save(Ask::Again).method.to_string()];
    let keys = [keys[0].clone(), keys[1].clone(), payout(Ask::Again).payout.to_string()];
    let yes = [verified(&keys[0]), saved(&keys[1]), paid(1_000)];
    let script = yes.into_iter().flat_map(|yes| [gone(), Act::Answer(200, yes)]);
    let server = TestServer::start(script).await;
    let network = self::network(&server.origin());
    network.verify(&verify(Ask::Again)).await;
    network.save_card(&save(Ask::Again)).await;
    network.payout(&payout(Ask::Again)).await;
    let posts: Vec<_> =
        server.seen().into_iter().filter(|it| it.line.starts_with("POST")).collect();
    let lines: Vec<_> = posts.iter().map(|post| post.line.as_str()).collect();
    let expected =
        ["verifications", "cards", "payouts"].map(|kind| format!("POST /network/{kind}"));
    assert_eq!(lines, expected);
    for (post, key) in posts.iter().zip(keys) {
        assert_eq!(post.header("idempotency-key"), Some(&*key.to_lowercase()), "{}", post.line);
    }
}

#[tokio::test]
async fn without_a_connection_nothing_is_concluded() {
    let network = network(&format!("http://{}", TestServer::nobody().await));
    for ask in [Ask::First, Ask::Again, Ask::Look] {
        let is_first = ask == Ask::First;
        let verified = network.verify(&verify(ask)).await;
        assert_eq!(verified == VerificationOutcome::NeverSent, is_first, "{ask:?}: {verified:?}");
        assert_eq!(verified == VerificationOutcome::Unknown, !is_first, "{ask:?}: {verified:?}");
        let paid = network.payout(&payout(ask)).await;
        assert_eq!(paid == PayoutOutcome::NeverSent, is_first, "{ask:?}: {paid:?}");
        assert_eq!(paid == PayoutOutcome::Unknown, !is_first, "{ask:?}: {paid:?}");
        assert_eq!(network.save_card(&save(ask)).await, SaveOutcome::Unknown, "{ask:?}");
    }
    assert_eq!(network.token(&token()).await, TokenSeen::Unknown);
}
