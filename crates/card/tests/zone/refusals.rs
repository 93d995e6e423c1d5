//! Requests that are refused as such, and what every answer says to a browser.

use crate::support::*;

/// `expected` is `status code param`.
fn check(zone: &Zone, request: &str, expected: &str) {
    let answer = zone.send(request);
    let error = answer.error();
    assert_eq!(error["type"], "invalid_request_error");
    assert!(error["message"].as_str().is_some_and(|message| message.len() > 10));
    let part = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
    let got = format!("{} {} {}", answer.status, part("code"), part("param"));
    assert_eq!(got, expected, "{request}");
}

#[test]
fn bodies_that_are_not_the_form() {
    let zone = Zone::start(&Network::tokens());
    let check = |body: &str, expected: &str| check(&zone, &post_request(body, &[]), expected);
    check("", "401 invalid_api_key key");
    check("key=", "401 invalid_api_key key");
    check("key=pk_test_zon", "401 invalid_api_key key");
    check("key=nk_test_zone", "401 invalid_api_key key");
    check("key", "400 body_invalid -");
    check("key=pk_test_zone&key=pk_test_zone", "400 parameter_invalid key");
    check("key=%zz", "400 parameter_invalid key");
    check("key=%ff", "400 parameter_invalid key");
    check(&format!("{}&card[number]=1", visa()), "400 parameter_invalid card[number]");
    check(&format!("{}&card[pin]=1234", visa()), "400 parameter_unknown card[pin]");
    check(&format!("{}&amount=1", visa()), "400 parameter_unknown amount");
    check(&format!("{}&4242424242424242=1", visa()), "400 parameter_unknown -");
    check(&format!("{}&card[exp_month]=1", visa()), "400 parameter_invalid card[exp]");
    for return_to in ["//evil.example/c/", "/console", "http://evil.example", "/c/a?b", "/c/%0a"] {
        check(&format!("{}&return_to={return_to}", visa()), "400 parameter_invalid return_to");
    }
    // The key comes first: without it, nothing is told about the rest.
    check("key=no&return_to=/console&card[number]=4242", "401 invalid_api_key key");
}

#[test]
fn requests_that_are_not_a_form_post() {
    let zone = Zone::start(&Network::tokens());
    let check = |request: &str, expected: &str| check(&zone, request, expected);
    let body = visa();
    let length = body.len();
    let head = "POST /v1/tokens HTTP/1.1\r\nHost: zone\r\n";
    let kind = "Content-Type: application/x-www-form-urlencoded";
    check(
        &format!("{head}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"),
        "415 content_type_invalid -",
    );
    check(&format!("{head}Content-Length: {length}\r\n\r\n{body}"), "415 content_type_invalid -");
    check(
        &format!("{head}{kind}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nk\r\n0\r\n\r\n"),
        "411 body_invalid -",
    );
    check(
        &format!("POST /v1/tokens?a=1 HTTP/1.1\r\n{kind}\r\nContent-Length: 0\r\n\r\n"),
        "400 parameter_invalid -",
    );
    check(&post_request(&format!("key={}", "a".repeat(4093)), &[]), "413 body_invalid -");
    check(&post_request(&format!("key={}", "a".repeat(60_000)), &[]), "413 body_invalid -");
    check(&post_request(&format!("key={}", "a".repeat(4092)), &[]), "401 invalid_api_key key");
    let charset = format!("{head}{kind}; charset=UTF-8\r\nContent-Length: {length}\r\n\r\n{body}");
    assert_eq!(zone.send(&charset).status, 200);
}

#[test]
fn only_the_pay_page_may_read_an_answer() {
    let zone = Zone::start(&Network::tokens());
    let allowed = |answer: &Answer| {
        assert_eq!(answer.header("vary"), Some("Origin"));
        answer.header("access-control-allow-origin").map(str::to_owned)
    };
    let check = |headers: &[(&str, &str)], status: u16, expected: Option<&str>| {
        let answer = zone.send(&post_request(&visa(), headers));
        assert_eq!((answer.status, allowed(&answer).as_deref()), (status, expected), "{headers:?}");
    };
    check(&[("Origin", PAY)], 200, Some(PAY));
    check(&[], 200, None);
    check(&[("Origin", "http://127.0.0.1:4003")], 403, None);
    check(&[("Origin", "https://evil.example")], 403, None);
    check(&[("Origin", "null")], 403, None);
    check(&[("Origin", PAY), ("Origin", "https://evil.example")], 403, None);

    let preflight = |origin: &str| {
        let asked = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: a";
        let head = "OPTIONS /v1/tokens HTTP/1.1\r\nHost: zone\r\n";
        zone.send(&format!("{head}Origin: {origin}\r\n{asked}\r\n\r\n"))
    };
    let answer = preflight(PAY);
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(allowed(&answer).as_deref(), Some(PAY));
    assert_eq!(answer.header("access-control-allow-methods"), Some("POST"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("content-type"));
    assert_eq!(answer.header("access-control-max-age"), Some("600"));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    for foreign in ["https://evil.example", "null"] {
        let answer = preflight(foreign);
        assert_eq!((answer.status, allowed(&answer)), (403, None), "{foreign}");
        assert_eq!(answer.header("access-control-allow-methods"), None);
    }
    // An error, too, is something that the pay page's script has to read.
    let answer = zone.post("key=no");
    assert_eq!((answer.status, allowed(&answer).as_deref()), (401, Some(PAY)));
}

#[test]
fn there_is_no_page() {
    let zone = Zone::start(&Network::tokens());
    let check = |request: &str, status: u16, body: &str| {
        let answer = zone.send(&format!("{request} HTTP/1.1\r\nHost: zone\r\n\r\n"));
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{request}");
    };
    let nothing = "Not found. There is no page here.\n";
    check("GET /livez", 200, "ok\n");
    check("HEAD /livez", 200, "");
    check("GET /", 404, nothing);
    check("GET /v1/tokens/", 404, nothing);
    check("GET /v1/tokens/tok_visa", 404, nothing);
    check("POST /v1/charges", 404, nothing);
    check("OPTIONS /", 404, nothing);
    check("GET /v1/tokens", 405, "Method not allowed.\n");
    check("PUT /v1/tokens", 405, "Method not allowed.\n");
    check("POST /livez", 405, "Method not allowed.\n");
    let answer = zone.send("DELETE /v1/tokens HTTP/1.1\r\n\r\n");
    assert_eq!(answer.header("allow"), Some("POST, OPTIONS"));
}

#[test]
fn every_answer_is_kept_nowhere_and_loads_nothing() {
    let zone = Zone::start(&Network::tokens());
    let back = form(&[("card[number]", "4242"), ("return_to", "/c/a")]);
    for (request, status) in [
        ("GET /livez HTTP/1.1\r\n\r\n".to_owned(), 200),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 404),
        ("GET /v1/tokens HTTP/1.1\r\n\r\n".to_owned(), 405),
        ("OPTIONS /v1/tokens HTTP/1.1\r\n\r\n".to_owned(), 403),
        (format!("OPTIONS /v1/tokens HTTP/1.1\r\nOrigin: {PAY}\r\n\r\n"), 204),
        (post_request(&visa(), &[("Origin", PAY)]), 200),
        (post_request(&back, &[]), 303),
        (post_request("key=no", &[]), 401),
        (post_request(&card("4242", "1"), &[]), 402),
        (post_request(&"a".repeat(5000), &[]), 413),
    ] {
        let answer = zone.send(&request);
        assert_eq!(answer.status, status, "{request}");
        let check = |name, value| assert_eq!(answer.header(name), Some(value), "{request}");
        check("cache-control", "no-store");
        check("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
        check("x-content-type-options", "nosniff");
        check("referrer-policy", "no-referrer");
        check("connection", "close");
        assert_eq!(answer.header("set-cookie"), None);
        assert_eq!(answer.header("server"), None);
    }
}

#[test]
fn a_peer_that_posts_too_much_waits() {
    let zone = Zone::start(&Network::tokens());
    let request = post_request("key=no", &[("X-Forwarded-For", "192.0.2.1")]);
    let mut answers = (0..4000).map(|_| zone.send(&request));
    let refused = answers.find(|answer| answer.status != 401).unwrap();
    assert_eq!(refused.status, 429);
    assert_eq!(refused.error()["code"], "rate_limit");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(zone.send("GET /livez HTTP/1.1\r\n\r\n").status, 200, "only cards are counted");
    wait_until("a bucket refills", || zone.send(&request).status == 401);
}
