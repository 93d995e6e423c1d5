#![allow(clippy::unwrap_used)]

use super::*;
use crate::exchange::{ExchangeError, Exchanged};

/// Takes every number but one.
struct Picky;

impl Exchange for Picky {
    fn refusal(&self, number: &CardNumber) -> Option<&'static str> {
        (number.last4() == "0002").then_some("Not this one.")
    }

    async fn exchange(&self, _card: Card) -> Result<Exchanged, ExchangeError> {
        Err(ExchangeError::Unreachable)
    }
}

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn read(body: &str) -> Result<Card, FieldErrors> {
    Card::read(&Form::read(body.as_bytes()).unwrap(), now(), &Picky)
}

/// `expected` is `field.code param`, several of them divided by commas.
fn check(body: &str, expected: &str) {
    let got = match read(body) {
        Ok(_) => "right".to_owned(),
        Err(FieldErrors(errors)) => {
            let lines = errors.iter().map(|e| format!("{}.{} {}", e.field, e.code, e.param));
            lines.collect::<Vec<_>>().join(", ")
        }
    };
    assert_eq!(got, expected, "{body}");
}

#[test]
fn right_cards() {
    check("card[number]=4242424242424242&card[exp]=1/30&card[cvc]=123", "right");
    check("card[number]=4242 4242 4242 4242&card[exp]=2030-01&card[cvc]=123", "right");
    check(
        "card[number]=4242424242424242&card[exp_month]=1&card[exp_year]=30&card[cvc]=123",
        "right",
    );
    check("card[number]=378282246310005&card[exp]=11/26&card[cvc]=1234&card[name]=", "right");
    check("card[number]=4242424242424242&card[exp]=1/30&card[cvc]=123&card[name]=سارة", "right");
}

#[test]
fn errors_by_field() {
    let number = |typed: &str| format!("card[number]={typed}&card[exp]=1/30&card[cvc]=123");
    check(&number(""), "number.invalid_number card[number]");
    check(&number("4242"), "number.invalid_number card[number]");
    check(&number("4242424242424241"), "number.incorrect_number card[number]");
    check(&number("4000000000000002"), "number.incorrect_number card[number]");
    check(&number("3530111333300000"), "number.unsupported_brand card[number]");

    let exp = |typed: &str| format!("card[number]=4242424242424242&card[cvc]=123&{typed}");
    check("card[number]=4242424242424242&card[cvc]=123", "exp.invalid_expiry_month card[exp]");
    check(&exp("card[exp]="), "exp.invalid_expiry_month card[exp]");
    check(&exp("card[exp]=13/30"), "exp.invalid_expiry_month card[exp]");
    check(&exp("card[exp]=12/3"), "exp.invalid_expiry_year card[exp]");
    check(&exp("card[exp]=12/2099"), "exp.invalid_expiry_year card[exp]");
    check(&exp("card[exp]=10/26"), "exp.expired_card card[exp]");
    check(&exp("card[exp_month]=13&card[exp_year]=30"), "exp.invalid_expiry_month card[exp_month]");
    check(&exp("card[exp_month]=12"), "exp.invalid_expiry_year card[exp_year]");
    check(&exp("card[exp_year]=30"), "exp.invalid_expiry_month card[exp_month]");
    check(&exp("card[exp_month]=1&card[exp_year]=2026"), "exp.expired_card card[exp_month]");

    let cvc = |typed: &str| format!("card[number]=4242424242424242&card[exp]=1/30&{typed}");
    check(&cvc("card[cvc]="), "cvc.invalid_cvc card[cvc]");
    check(&cvc("card[cvc]=12"), "cvc.invalid_cvc card[cvc]");
    check(&cvc("card[cvc]=1234"), "cvc.invalid_cvc card[cvc]");
    check("card[number]=378282246310005&card[exp]=1/30&card[cvc]=123", "cvc.invalid_cvc card[cvc]");
}

#[test]
fn all_errors_at_once_in_the_order_of_the_form() {
    check(
        "card[name]=4242424242424242&card[cvc]=1&card[exp]=0/30&card[number]=4242424242424241",
        "number.incorrect_number card[number], exp.invalid_expiry_month card[exp], \
         cvc.invalid_cvc card[cvc], name.invalid_name card[name]",
    );
    // The number's brand is unknown, so a code of four digits may be right.
    check("card[number]=1&card[exp]=1/30&card[cvc]=1234", "number.invalid_number card[number]");
}

#[test]
fn names() {
    let check_name = |name: &str, expected: Option<&str>| {
        let card = "card[number]=4242424242424242&card[exp]=1/30&card[cvc]=123";
        let got = read(&format!("{card}&card[name]={name}")).map(|card| card.name);
        let expected = expected.map(|name| (!name.is_empty()).then(|| name.to_owned()));
        assert_eq!(got.ok(), expected, "{name}");
    };
    check_name("Ada Lovelace", Some("Ada Lovelace"));
    check_name(" Ada  ", Some("Ada"));
    check_name("   ", Some(""));
    check_name("José Ñandú-O'Neil 3rd", Some("José Ñandú-O'Neil 3rd"));
    check_name("山田 太郎", Some("山田 太郎"));
    check_name(&"é".repeat(120), Some(&"é".repeat(120)));
    check_name("123456", Some("123456"));
    check_name(&"é".repeat(121), None);
    check_name("1234567", None);
    check_name("4242 4242 4242 4242", None);
    check_name("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", None);
    check_name("Ada%0ALovelace", None);
    check_name("Ada%00", None);
}

#[test]
fn messages_name_the_brand_and_nothing_that_was_typed() {
    let messages = |body: &str| match read(body) {
        Ok(_) => Vec::new(),
        Err(FieldErrors(errors)) => errors.into_iter().map(|e| e.message).collect(),
    };
    let jcb = messages("card[number]=3530111333300000&card[exp]=1/30&card[cvc]=123");
    assert!(jcb[0].starts_with("JCB cards are not accepted here."), "{jcb:?}");
    let amex = messages("card[number]=378282246310005&card[exp]=1/30&card[cvc]=123");
    assert_eq!(amex, ["The card's security code has 4 digits."]);
    let all = messages("card[number]=4242424242424241&card[exp]=9876&card[cvc]=91377");
    for typed in ["4242", "9876", "913"] {
        assert!(!all.concat().contains(typed), "{all:?}");
    }
}

#[test]
fn the_summary() {
    let card = read("card[number]=4000002760003184&card[exp]=12/30&card[cvc]=123&card[name]=Ada");
    let summary = card.map(|card| card.summary("credit", "US")).unwrap();
    assert_eq!(
        serde_json::to_string(&summary).unwrap(),
        r#"{"brand":"visa","last4":"3184","exp_month":12,"exp_year":2030,"funding":"credit","#
            .to_owned()
            + r#""country":"US","name":"Ada"}"#
    );
}
