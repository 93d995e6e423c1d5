//! Cards that are right, and fields that are wrong.

use serde_json::json;

use crate::support::*;

#[test]
fn a_script_gets_a_token_and_the_network_no_number() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    let answer = zone.post(&form(&[
        ("card[number]", "4000 0027 6000 3184"),
        ("card[exp]", "12 / 2030"),
        ("card[cvc]", "123"),
        ("card[name]", "سارة"),
    ]));
    assert_eq!(answer.status, 200, "{}", answer.raw);
    let mut body = answer.json();
    let created = body["created"].take().as_i64().unwrap();
    let now = jiff::Timestamp::now().as_second();
    assert!((now - 60..=now).contains(&created));
    let card = json!({
        "object": "card", "brand": "visa", "last4": "3184", "exp_month": 12, "exp_year": 2030,
        "funding": "credit", "country": "US", "name": "سارة", "cvc_check": "unchecked",
    });
    let expected = json!({
        "id": "tok_0123456789abcdefghijABCDEF", "object": "token", "type": "card",
        "livemode": false, "created": null, "used": false, "card": card,
    });
    assert_eq!(body, expected);
    let told = json!({
        "profile": "threeDSecureRequired", "brand": "visa", "last4": "3184", "exp_month": 12,
        "exp_year": 2030, "funding": "credit", "country": "US", "name": "سارة",
    });
    assert_eq!(network.only_body(), told);
}

#[test]
fn the_network_is_asked_with_its_key_and_a_new_idempotency_key_each() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    assert_eq!(zone.post(&visa()).status, 200);
    assert_eq!(zone.post(&visa()).status, 200);
    let header = |request: &str, name: &str| {
        let line = request.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
        line.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned()).unwrap()
    };
    let requests = network.requests();
    for request in &requests {
        assert!(request.starts_with("POST /network/tokens HTTP/1.1\r\n"), "{request}");
        assert_eq!(header(request, "authorization"), format!("Bearer {NETWORK_KEY}"));
        assert_eq!(header(request, "content-type"), "application/json");
        assert_eq!(header(request, "idempotency-key").len(), 32);
    }
    let keys: Vec<_> = requests.iter().map(|request| header(request, "idempotency-key")).collect();
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn every_test_range_takes_any_right_number() {
    let check = |range: &str, length: usize, code: &str, brand: &str, profile: &str| {
        let network = Network::tokens();
        let zone = Zone::start(&network);
        let number = fresh_number(range, length);
        let answer = zone.post(&card(&number, code));
        assert_eq!(answer.status, 200, "{range}: {}", answer.raw);
        assert_eq!(answer.json()["card"]["brand"], brand, "{range}");
        assert_eq!(answer.json()["card"]["last4"], number[length - 4..], "{range}");
        assert_eq!(network.only_body()["profile"], profile, "{range}");
        assert_eq!(network.only_body()["brand"], brand, "{range}");
    };
    check("40009900", 16, "123", "visa", "visa");
    check("40009901", 16, "123", "visa", "visa_chargeDeclined");
    check("40009902", 16, "123", "visa", "threeDSecureRequired");
    check("51009900", 16, "123", "mastercard", "mastercard");
    check("34009900", 15, "1234", "amex", "amex");
    check("60119900", 16, "123", "discover", "discover");
}

#[test]
fn wrong_fields_are_named_all_at_once() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    let answer = zone.post(&form(&[
        ("card[number]", "4242424242424241"),
        ("card[exp]", "12/2"),
        ("card[cvc]", "12"),
    ]));
    assert_eq!(answer.status, 402);
    let expected = json!({
        "type": "card_error",
        "code": "incorrect_number",
        "param": "card[number]",
        "message": "The card number is incorrect. Check each digit.",
        "fields": {
            "number": "incorrect_number", "exp": "invalid_expiry_year", "cvc": "invalid_cvc",
        },
    });
    assert_eq!(answer.error(), expected);
    assert_eq!(network.requests().len(), 0, "nobody is asked about a wrong card");
}

#[test]
fn wrong_fields_one_by_one() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    let check = |number: &str, exp: &str, code: &str, expected: (&str, &str, &str)| {
        let body = form(&[("card[number]", number), ("card[exp]", exp), ("card[cvc]", code)]);
        let answer = zone.post(&body);
        assert_eq!(answer.status, 402, "{body}");
        let error = answer.error();
        let (field, error_code, param) = expected;
        assert_eq!((&error["code"], &error["param"]), (&json!(error_code), &json!(param)));
        assert_eq!(error["fields"], json!({ field: error_code }));
    };
    let number = "card[number]";
    check("4242424242424241", "12/30", "123", ("number", "incorrect_number", number));
    check("4111111111111111", "12/30", "123", ("number", "incorrect_number", number));
    check("4242", "12/30", "123", ("number", "invalid_number", number));
    check("3530111333300000", "12/30", "123", ("number", "unsupported_brand", number));
    check("4242424242424242", "13/30", "123", ("exp", "invalid_expiry_month", "card[exp]"));
    check("4242424242424242", "12/3", "123", ("exp", "invalid_expiry_year", "card[exp]"));
    check("4242424242424242", "12/20", "123", ("exp", "expired_card", "card[exp]"));
    check("4242424242424242", "12/30", "1234", ("cvc", "invalid_cvc", "card[cvc]"));
    check("378282246310005", "12/30", "123", ("cvc", "invalid_cvc", "card[cvc]"));
    check("4242424242424242", "12/30", "", ("cvc", "invalid_cvc", "card[cvc]"));

    let unknown = zone.post(&card("4111111111111111", "123")).error();
    assert_eq!(unknown["message"], "This is not one of the published test numbers.");
    let jcb = zone.post(&card("3530111333300000", "123")).error();
    assert!(jcb["message"].as_str().unwrap().starts_with("JCB cards are not accepted here."));
}

#[test]
fn a_browser_without_script_is_sent_back() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    let check = |number: &str, code: &str, origin: &[(&str, &str)], query: &str| {
        let body = form(&[
            ("card[number]", number),
            ("card[exp]", "12/30"),
            ("card[cvc]", code),
            ("card[name]", ""),
            ("return_to", "/c/cs_test_a1"),
        ]);
        let answer = zone.send(&post_request(&body, origin));
        assert_eq!((answer.status, answer.body.as_str()), (303, ""), "{}", answer.raw);
        let expected = format!("{PAY}/c/cs_test_a1?{query}");
        assert_eq!(answer.header("location"), Some(expected.as_str()));
    };
    let right = "4242424242424242";
    let token = "token=tok_0123456789abcdefghijABCDEF";
    check(right, "123", &[("Origin", PAY)], token);
    check(right, "123", &[("Origin", "null")], token);
    check(right, "123", &[], token);
    check("4242", "123", &[], "errors=number.invalid_number");
    check(
        "4242424242424241",
        "12",
        &[("Origin", PAY)],
        "errors=number.incorrect_number,cvc.invalid_cvc",
    );
}

#[test]
fn split_expiry_fields_are_as_good() {
    let network = Network::tokens();
    let zone = Zone::start(&network);
    let answer = zone.post(&form(&[
        ("card[number]", "4242424242424242"),
        ("card[exp_month]", "1"),
        ("card[exp_year]", "2031"),
        ("card[cvc]", "123"),
    ]));
    assert_eq!(answer.status, 200, "{}", answer.raw);
    assert_eq!(answer.json()["card"]["exp_month"], 1);
    assert_eq!(answer.json()["card"]["exp_year"], 2031);
}
