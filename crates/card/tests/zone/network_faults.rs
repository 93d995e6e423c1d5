//! A network that does not do what it should. The buyer may try again and is told no details.

use std::net::TcpListener;

use crate::support::*;

fn check_fails(zone: &Zone, status: u16, what: &str) {
    let answer = zone.post(&visa());
    assert_eq!(answer.status, status, "{what}");
    let expected = serde_json::json!({
        "type": "api_error",
        "code": "processing_error",
        "message": "The card could not be processed. Nothing was charged. Try again.",
    });
    assert_eq!(answer.error(), expected, "{what}");
}

#[test]
fn answers_that_are_no_token() {
    const HUGE: &str = concat!("{\"id\":\"tok_1\",\"x\":\"", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    for (what, act) in [
        ("an error after doing it", Act::Answer(500, TOKEN_ANSWER)),
        ("our key refused", Act::Answer(401, r#"{"error":{"code":"bad_key"}}"#)),
        ("a redirect", Act::Answer(307, "")),
        ("a page", Act::Answer(200, "<html>502 Bad Gateway</html>")),
        ("nothing", Act::Answer(200, "")),
        ("another object", Act::Answer(200, r#"{"token":"tok_1"}"#)),
        ("another type", Act::Answer(200, r#"{"id":7}"#)),
        ("no token", Act::Answer(200, r#"{"id":"sba_1"}"#)),
        ("a token that leads a redirect astray", Act::Answer(200, r#"{"id":"tok_1&errors=a"}"#)),
        ("broken JSON", Act::Answer(200, HUGE)),
        ("half an answer", Act::Truncate),
        ("a connection that breaks", Act::HangUp),
    ] {
        let network = Network::start(act);
        check_fails(&Zone::start(&network), 502, what);
        assert_eq!(network.requests().len(), 1, "asked once, never again: {what}");
    }
}

#[test]
fn an_answer_without_end_is_not_read_to_its_end() {
    let huge: &'static str = format!("{}{}", " ".repeat(20_000), TOKEN_ANSWER).leak();
    check_fails(&Zone::start(&Network::start(Act::Answer(200, huge))), 502, "20 kB");
    let large: &'static str = format!("{}{}", " ".repeat(10_000), TOKEN_ANSWER).leak();
    let zone = Zone::start(&Network::start(Act::Answer(200, large)));
    assert_eq!(zone.post(&visa()).status, 200);
}

#[test]
fn nobody_there() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let zone = Zone::on(TcpListener::bind("127.0.0.1:0").unwrap(), address);
    check_fails(&zone, 502, "connection refused");
    let back = format!("{}&return_to=%2Fc%2Fcs_test_a1", visa());
    let answer = zone.send(&post_request(&back, &[]));
    assert_eq!(answer.status, 303);
    let expected = format!("{PAY}/c/cs_test_a1?errors=form.processing_error");
    assert_eq!(answer.header("location"), Some(expected.as_str()));
}
