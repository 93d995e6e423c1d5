//! Cards that the network keeps: what is asked, and what each answer certainly says.

#![allow(clippy::unwrap_used)]

use holdfast_core::effect::{Ask, SaveCardRequest, VerifyRequest};
use holdfast_core::id::IdSource;
use holdfast_core::payment::card::{CardToken, TokenSeen};
use holdfast_core::payment::method::SaveOutcome;
use holdfast_core::payment::notes::ThreeDSecure;
use holdfast_core::payment::setup::VerificationOutcome;
use serde_json::{Value, json};

use crate::client::{Answer, Lost};

use super::classify::{self, Heard, How};
use super::question::Question;

fn verify_request() -> VerifyRequest {
    VerifyRequest {
        attempt: IdSource::new(1, 1).make(),
        token: CardToken::new("tok_visa".to_owned()),
        return_url: None,
        three_d_secure: ThreeDSecure::Automatic,
        moto: false,
        network: None,
        ask: Ask::First,
    }
}

fn save_request() -> SaveCardRequest {
    SaveCardRequest {
        method: IdSource::new(1, 2).make(),
        token: CardToken::new("tok_visa".to_owned()),
        check: false,
        round: 0,
        ask: Ask::First,
    }
}

fn card() -> Value {
    json!({
        "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034,
        "funding": "credit", "country": "US", "fingerprint": "abcdefghijklmnop",
        "cvc_check": "pass"
    })
}

fn verified() -> Value {
    json!({
        "id": "sba_1", "reference": verify_request().attempt.to_string(), "status": "approved",
        "amount": 0, "currency": "usd", "captured": 0, "refunded": 0, "released": 0,
        "created_at": 1_795_176_000_000_i64, "expires_at": 1_795_780_800_000_i64,
        "captures_max": 50, "authorization_code": "A1B2C3", "card": card(),
        "saved_card": "sbk_1", "decline": null, "challenge": null
    })
}

fn saved() -> Value {
    json!({"id": "sbk_1", "reference": save_request().method.to_string(), "card": card()})
}

fn with(mut object: Value, changes: &[(&str, Value)]) -> Value {
    for (field, value) in changes {
        object[*field] = value.clone();
    }
    object
}

fn answered(how: How, status: u16, body: &Value) -> Heard {
    Heard { how, answer: Ok(Answer { status, body: body.to_string().into_bytes() }) }
}

fn error(code: &str) -> Value {
    json!({"error": {"code": code, "message": "x"}})
}

fn verification(heard: &Heard) -> String {
    let request = verify_request();
    match classify::verification(&Question::verification(&request), heard) {
        Ok(VerificationOutcome::Verified(card)) => {
            let print = card.summary.fingerprint.unwrap_or_default();
            format!("verified {} {} {print}", card.token.reveal(), card.summary.last4)
        }
        Ok(VerificationOutcome::Declined { decline, card }) => {
            let known = if card.is_some() { "card" } else { "no card" };
            format!("declined {} {known}", decline.code)
        }
        Ok(VerificationOutcome::Challenged { challenge, .. }) => {
            format!("challenged {}", challenge.url)
        }
        Ok(VerificationOutcome::NotFound) => "not found".to_owned(),
        Ok(VerificationOutcome::NeverSent) => "never sent".to_owned(),
        Ok(VerificationOutcome::Unknown) => panic!("a doubt has a reason"),
        Err(doubt) => format!("? {doubt}"),
    }
}

fn keeping(heard: &Heard) -> String {
    let request = save_request();
    match classify::saved_card(&Question::save(&request), heard) {
        Ok(SaveOutcome::Saved(card)) => {
            format!("saved {} {}", card.token.reveal(), card.summary.last4)
        }
        Ok(SaveOutcome::Failed(decline)) => {
            let reason = decline.decline_code.unwrap_or_default();
            format!("failed {} {reason}", decline.code)
        }
        Ok(SaveOutcome::Unknown) => panic!("a doubt has a reason"),
        Err(doubt) => format!("? {doubt}"),
    }
}

#[test]
fn verifications_are_what_the_network_certainly_says() {
    let unreadable = "? not the object that was asked for";
    let page = json!({"url": "http://127.0.0.1:4004/challenge/c1", "expires_at": 1});
    let declined = json!({"code": "card_declined", "decline_code": "lost_card"});
    let asked = ("status", json!("challenge"));
    let table: &[(&[(&str, Value)], &str)] = &[
        (&[], "verified sbk_1 4242 abcdefghijklmnop"),
        (&[("saved_card", json!(null))], unreadable),
        (&[("saved_card", json!("../x"))], unreadable),
        (&[("reference", json!("setatt_1"))], "? another reference than was asked for"),
        (&[("amount", json!(1))], "? another amount than was asked for"),
        (&[("currency", json!("eur"))], "? another currency than was asked for"),
        (&[("id", json!(""))], unreadable),
        (&[("card", json!({}))], unreadable),
        (&[("status", json!("declined"))], "declined card_declined card"),
        (&[("status", json!("declined")), ("decline", declined)], "declined card_declined card"),
        (&[asked.clone(), ("challenge", page)], "challenged http://127.0.0.1:4004/challenge/c1"),
        (&[asked], unreadable),
        (&[("status", json!("voided"))], "declined processing_error card"),
        (&[("status", json!("later"))], unreadable),
    ];
    for (changes, expected) in table {
        let body = with(verified(), changes);
        assert_eq!(verification(&answered(How::Sent, 200, &body)), *expected, "{changes:?}");
    }
    let lost = |how, answer| verification(&Heard { how, answer: Err(answer) });
    assert_eq!(lost(How::Sent, Lost::NeverSent), "never sent");
    assert_eq!(lost(How::SentAgain, Lost::NeverSent), "? no answer, or not all of it");
    assert_eq!(lost(How::Sent, Lost::NoAnswer), "? no answer, or not all of it");
    let refused = answered(How::Sent, 402, &error("token_already_used"));
    assert_eq!(verification(&refused), "declined token_already_used no card");
    let missing = answered(How::Looked, 404, &error("unknown_reference"));
    assert_eq!(verification(&missing), "not found");
    assert_eq!(verification(&answered(How::Sent, 500, &verified())), "? status 500");
}

#[test]
fn a_card_is_kept_only_when_the_network_says_its_name() {
    let unreadable = "? not the object that was asked for";
    let table: &[(&[(&str, Value)], &str)] = &[
        (&[], "saved sbk_1 4242"),
        (&[("id", json!("a b"))], unreadable),
        (&[("id", json!(null))], unreadable),
        (&[("reference", json!("pm_1"))], "? another reference than was asked for"),
        (&[("card", json!(null))], unreadable),
    ];
    for (changes, expected) in table {
        let body = with(saved(), changes);
        assert_eq!(keeping(&answered(How::Sent, 200, &body)), *expected, "{changes:?}");
    }
    let refused = answered(How::Sent, 402, &error("unknown_token"));
    assert!(keeping(&refused).starts_with("failed "), "{}", keeping(&refused));
    let reason = json!({"code": "card_declined", "decline_code": "lost_card"});
    let declined = json!({"error": {"code": "declined", "message": "x", "decline": reason}});
    let declined = answered(How::Sent, 402, &declined);
    assert_eq!(keeping(&declined), "failed card_declined lost_card");
    assert_eq!(keeping(&answered(How::Sent, 429, &error("rate_limited"))), "? status 429");
    // Nothing is given up for a connection that failed: asking again is always safe.
    let lost = Heard { how: How::Sent, answer: Err(Lost::NeverSent) };
    assert_eq!(keeping(&lost), "? no answer, or not all of it");
}

#[test]
fn questions_are_the_same_bytes_each_time() {
    let (verify, save) = (verify_request(), save_request());
    let (first, second) = (Question::verification(&verify), Question::save(&save));
    assert_eq!(first.post_path(), ["network", "verifications"]);
    assert_eq!(second.post_path(), ["network", "cards"]);
    assert_eq!(first.body, Question::verification(&verify).body);
    let body: Value = serde_json::from_slice(&first.body).unwrap();
    let reference = verify.attempt.to_string();
    assert_eq!(
        body,
        json!({"reference": reference, "token": "tok_visa", "descriptor": "HOLDFAST"})
    );
    let body: Value = serde_json::from_slice(&second.body).unwrap();
    assert_eq!(body, json!({"reference": save.method.to_string(), "token": "tok_visa"}));
    let check = SaveCardRequest { check: true, round: 2, ..save };
    let body: Value = serde_json::from_slice(&Question::save(&check).body).unwrap();
    let reference = format!("{}_2", check.method);
    assert_eq!(body, json!({"reference": reference, "token": "tok_visa", "check": true}));
}

#[test]
fn a_token_is_known_only_when_the_network_shows_its_card() {
    let object = || json!({"card": saved()["card"], "name": "Ada", "created_at": 5, "used": true});
    let seen = |status, body: &Value| {
        let body = serde_json::to_vec(body).unwrap();
        match classify::token(Some(Answer { status, body })) {
            TokenSeen::Known(known) => format!(
                "{} {:?} {:?} {}",
                known.card.last4,
                known.name,
                known.created.map(|at| at.ms()),
                known.used
            ),
            TokenSeen::NotFound => "not found".to_owned(),
            TokenSeen::Unknown => "?".to_owned(),
        }
    };
    let table = [
        (200, object(), "4242 Some(\"Ada\") Some(5) true"),
        (200, with(object(), &[("created_at", json!(null))]), "4242 Some(\"Ada\") None true"),
        (200, with(object(), &[("name", json!("x".repeat(121)))]), "4242 None Some(5) true"),
        (200, with(object(), &[("card", json!({}))]), "?"),
        (200, with(object(), &[("used", json!(null))]), "?"),
        (201, object(), "?"),
        (404, error("unknown_token"), "not found"),
        (404, error("not_found"), "?"),
        (500, error("unknown_token"), "?"),
    ];
    for (status, body, expected) in table {
        assert_eq!(seen(status, &body), expected, "{status} {body}");
    }
    assert_eq!(classify::token(None), TokenSeen::Unknown);
}

#[test]
fn the_bank_is_told_to_ask_only_where_the_platform_wants_it() {
    let table = [
        (ThreeDSecure::Automatic, json!(null)),
        (ThreeDSecure::Any, json!("any")),
        (ThreeDSecure::Challenge, json!("any")),
    ];
    for (three_d_secure, told) in table {
        let request = VerifyRequest { three_d_secure, ..verify_request() };
        let body: Value =
            serde_json::from_slice(&Question::verification(&request).body).expect("a body");
        assert_eq!(body["three_ds"], told, "{three_d_secure:?}");
    }
}

#[test]
fn the_network_is_told_how_the_card_came_and_who_is_to_carry_it() {
    let table = [
        (false, None, json!([null, null])),
        (true, None, json!([true, null])),
        (false, Some("cartes_bancaires"), json!([null, "cartes_bancaires"])),
        (true, Some("visa"), json!([true, "visa"])),
    ];
    for (moto, network, told) in table {
        let network = network.map(str::to_owned);
        let request = VerifyRequest { moto, network, ..verify_request() };
        let body: Value =
            serde_json::from_slice(&Question::verification(&request).body).expect("a body");
        assert_eq!(json!([body["moto"], body["network"]]), told);
    }
}
