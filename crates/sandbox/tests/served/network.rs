//! The network's API.

use serde_json::{Value, json};

use crate::support::{Answer, KEY, Sandbox, authorize_body};

#[tokio::test]
async fn an_authorization_is_answered_whole() {
    let sandbox = Sandbox::start().await;
    let mut answer = sandbox.authorize("a1", "visa").await;
    let object = answer.as_object_mut().unwrap();
    assert!(object.remove("id").unwrap().as_str().unwrap().starts_with("sba_"));
    assert_eq!(object.remove("authorization_code").unwrap().as_str().unwrap().len(), 6);
    let created = object.remove("created_at").unwrap().as_i64().unwrap();
    let expires = object.remove("expires_at").unwrap().as_i64().unwrap();
    assert_eq!(expires - created, 7 * 24 * 3_600 * 1_000);
    assert_eq!(
        answer,
        json!({
            "reference": "a1",
            "status": "approved",
            "amount": 12_000,
            "currency": "usd",
            "captured": 0,
            "refunded": 0,
            "released": 0,
            "captures_max": 50,
            "increments_max": 0,
            "settles_at_once": false,
            "network": "visa",
            "disputes_expected": false,
            "card": {
                "brand": "visa",
                "last4": "4242",
                "exp_month": 12,
                "exp_year": 2034,
                "funding": "credit",
                "country": "US",
                "fingerprint": "hlfddcbodkhhcbfn",
                "cvc_check": "pass",
                "address_line1_check": "unchecked",
                "address_postal_code_check": "unchecked",
            },
            "decline": null,
            "challenge": null,
            "authentication": null,
        })
    );
}

#[tokio::test]
async fn a_decline_and_a_challenge_say_what_they_are() {
    let sandbox = Sandbox::start().await;
    let declined = sandbox.authorize("a1", "visa_chargeDeclinedInsufficientFunds").await;
    assert_eq!(declined["status"], "declined");
    assert_eq!(declined["authorization_code"], Value::Null);
    assert_eq!(
        declined["decline"],
        json!({
            "code": "card_declined",
            "decline_code": "insufficient_funds",
            "advice": "try_again_later",
            "network_code": "51",
        })
    );
    let challenged = sandbox.authorize("a2", "threeDSecureRequired").await;
    assert_eq!(challenged["status"], "challenge");
    assert_eq!(challenged["authentication"], "pending");
    assert_eq!(challenged["challenge"]["flow"], "otp");
    let url = challenged["challenge"]["url"].as_str().unwrap();
    let id = url.strip_prefix(&sandbox.url("/challenge/sbc_")).unwrap();
    assert_eq!(id.len(), 32);
    let lives = challenged["challenge"]["expires_at"].as_i64().unwrap()
        - challenged["created_at"].as_i64().unwrap();
    assert_eq!(lives, 600_000);
}

#[tokio::test]
async fn an_authorization_is_raised_once_for_each_key() {
    let sandbox = Sandbox::start().await;
    let mut body = authorize_body("a1", "visa");
    body["incremental"] = json!(true);
    let made = sandbox.post("/network/authorizations", "k0", &body).await.json();
    assert_eq!(made["increments_max"], 10);
    let id = made["id"].as_str().unwrap().to_owned();
    let path = format!("/network/authorizations/{id}/increments");
    let raise = json!({"reference": "i1", "amount": 500, "currency": "usd"});
    let first = sandbox.post(&path, "k1", &raise).await;
    assert_eq!((first.status, &first.json()["kind"]), (200, &json!("increment")));
    assert!(first.json()["id"].as_str().unwrap().starts_with("sbi_"));
    assert_eq!(sandbox.post(&path, "k1", &raise).await.json(), first.json());
    let other = json!({"reference": "i1", "amount": 501, "currency": "usd"});
    assert_eq!(sandbox.post(&path, "k1", &other).await.status, 409);
    assert_eq!(sandbox.look_up("a1").await["amount"], 12_500);
    // The first answer stays what it was.
    let again = sandbox.post("/network/authorizations", "k0", &body).await.json();
    assert_eq!(again["amount"], 12_000);
    let found = sandbox.get("/network/increments?reference=i1").await.json();
    assert_eq!((&found["status"], &found["amount"]), (&json!("succeeded"), &json!(500)));
    let never = sandbox.get("/network/increments?reference=i2").await;
    assert_eq!(never.status, 404);
    let ledger = sandbox.get("/network/ledger").await.json();
    assert_eq!(ledger["authorizations"][0]["increments"][0]["reference"], "i1");
    let asked = json!({"reference": "g1", "while_asked": true});
    assert_eq!(sandbox.post(&path.replace("increments", "voids"), "k2", &asked).await.status, 400);
}

#[tokio::test]
async fn money_is_captured_voided_and_refunded() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "visa").await["id"].as_str().unwrap().to_owned();
    let path = |kind: &str| format!("/network/authorizations/{id}/{kind}");
    let capture = json!({"reference": "c1", "amount": 7_000, "currency": "usd", "final": false});
    let captured = sandbox.post(&path("captures"), "k1", &capture).await;
    assert_eq!(captured.status, 200);
    let mut object = captured.json();
    assert!(object["id"].as_str().unwrap().starts_with("sbp_"));
    for variable in ["id", "created_at"] {
        object.as_object_mut().unwrap().remove(variable);
    }
    assert_eq!(
        object,
        json!({
            "reference": "c1",
            "authorization": id,
            "kind": "capture",
            "status": "succeeded",
            "amount": 7_000,
            "currency": "usd",
            "failure_code": null,
        })
    );
    let void = json!({"reference": "v1", "amount": 1_000});
    assert_eq!(sandbox.post(&path("voids"), "k2", &void).await.json()["amount"], 1_000);
    let refund = json!({"reference": "r1", "amount": 3_000, "currency": "usd"});
    assert_eq!(sandbox.post(&path("refunds"), "k3", &refund).await.json()["kind"], "refund");
    let rest = json!({"reference": "v2"});
    assert_eq!(sandbox.post(&path("voids"), "k4", &rest).await.json()["amount"], 4_000);
    let now = sandbox.look_up("a1").await;
    assert_eq!(
        (&now["captured"], &now["refunded"], &now["released"], &now["status"]),
        (&json!(7_000), &json!(3_000), &json!(5_000), &json!("approved"))
    );
    for (kind, reference, amount) in [("captures", "c1", 7_000), ("voids", "v2", 4_000)] {
        let found = sandbox.get(&format!("/network/{kind}?reference={reference}")).await;
        assert_eq!((found.status, &found.json()["amount"]), (200, &json!(amount)));
    }
}

#[tokio::test]
async fn refusals_have_codes_and_are_found_again() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "visa").await["id"].as_str().unwrap().to_owned();
    let path = format!("/network/authorizations/{id}/captures");
    let capture = json!({"reference": "c1", "amount": 12_001, "currency": "usd", "final": true});
    let refused = (402, "amount_too_large".to_owned());
    assert_eq!(sandbox.post(&path, "k1", &capture).await.refusal(), refused);
    assert_eq!(sandbox.post(&path, "k2", &capture).await.refusal(), refused);
    let found = sandbox.get("/network/captures?reference=c1").await;
    assert_eq!(found.status, 200);
    assert_eq!(found.json()["status"], "failed");
    assert_eq!(found.json()["failure_code"], "amount_too_large");
    for path in [
        "/network/authorizations?reference=x",
        "/network/captures?reference=x",
        "/network/voids?reference=c1",
        "/network/refunds?reference=c1",
    ] {
        let refusal = sandbox.get(path).await.refusal();
        assert_eq!(refusal, (404, "unknown_reference".to_owned()), "{path}");
    }
    let nowhere = "/network/authorizations/sba_nothing/captures";
    let capture = json!({"reference": "c2", "amount": 1, "currency": "usd", "final": true});
    let refusal = sandbox.post(nowhere, "k3", &capture).await.refusal();
    assert_eq!(refusal, (404, "unknown_authorization".to_owned()));
}

#[tokio::test]
async fn the_same_key_answers_the_same_bytes() {
    let sandbox = Sandbox::start().await;
    let body = authorize_body("a1", "threeDSecureRequired");
    let first = sandbox.post("/network/authorizations", "k1", &body).await;
    // The order of the fields and white space do not make another request of it.
    let spaced = serde_json::to_string_pretty(&body).unwrap();
    let request = sandbox.client.post(sandbox.url("/network/authorizations"));
    let request = request.header("idempotency-key", "k1").body(spaced);
    assert_eq!(sandbox.call(request).await.unwrap(), first);
    let challenge = first.json()["challenge"]["url"].as_str().unwrap().to_owned();
    let path = challenge.strip_prefix(&sandbox.origin).unwrap();
    let code = sandbox.page("/").await.code("a1");
    assert_eq!(sandbox.submit(path, &format!("code={code}")).await.status, 303);
    assert_eq!(sandbox.look_up("a1").await["status"], "approved");
    assert_eq!(sandbox.post("/network/authorizations", "k1", &body).await, first);

    let mut more = body.clone();
    more["amount"] = json!(12_001);
    let reused = sandbox.post("/network/authorizations", "k1", &more).await;
    assert_eq!(reused.refusal(), (409, "idempotency_key_reused".to_owned()));
    let in_use = sandbox.post("/network/authorizations", "k2", &more).await;
    assert_eq!(in_use.refusal(), (409, "reference_in_use".to_owned()));
}

#[tokio::test]
async fn a_refund_that_fails_later_first_succeeds() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "refundFail").await["id"].as_str().unwrap().to_owned();
    let capture = json!({"reference": "c1", "amount": 12_000, "currency": "usd", "final": true});
    sandbox.post(&format!("/network/authorizations/{id}/captures"), "k1", &capture).await;
    let refund = json!({"reference": "r1", "amount": 12_000, "currency": "usd"});
    let path = format!("/network/authorizations/{id}/refunds");
    let first = sandbox.post(&path, "k2", &refund).await;
    assert_eq!(first.json()["status"], "succeeded");
    sandbox.move_clock(5).await;
    let found = sandbox.get("/network/refunds?reference=r1").await.json();
    assert_eq!(found["status"], "failed");
    assert_eq!(found["failure_code"], "expired_or_canceled_card");
    assert_eq!(sandbox.look_up("a1").await["refunded"], 0);
    assert_eq!(sandbox.post(&path, "k2", &refund).await, first);
}

#[tokio::test]
async fn a_token_stands_for_the_card_that_was_given() {
    let sandbox = Sandbox::start().await;
    let card = json!({
        "profile": "amex", "brand": "amex", "last4": "0017", "exp_month": 1, "exp_year": 2040,
        "funding": "credit", "country": "US", "name": "ليلى Haddad",
    });
    let issued = sandbox.post("/network/tokens", "t1", &card).await;
    let token = issued.json()["id"].as_str().unwrap().to_owned();
    assert!(token.starts_with("tok_") && token.len() >= 28, "{token}");
    assert_eq!(sandbox.post("/network/tokens", "t1", &card).await, issued);
    let look = json!({ "token": token });
    let seen = sandbox.post("/network/tokens/look", "l1", &look).await.json();
    assert_eq!((&seen["card"]["last4"], &seen["used"]), (&json!("0017"), &json!(false)));
    assert!(seen["created_at"].as_i64().is_some_and(|at| at > 0), "{seen}");
    let mut wish = authorize_body("a1", "visa");
    wish["token"] = json!(token);
    let answer = sandbox.post("/network/authorizations", "k1", &wish).await.json();
    assert_eq!(answer["card"]["last4"], "0017");
    assert_eq!(answer["card"]["exp_year"], 2040);
    assert_eq!(answer["captures_max"], 1);
    wish["reference"] = json!("a2");
    let again = sandbox.post("/network/authorizations", "k2", &wish).await;
    assert_eq!(again.refusal(), (402, "token_already_used".to_owned()));
    let seen = sandbox.post("/network/tokens/look", "l2", &look).await.json();
    assert_eq!(seen["used"], true);
    let published = json!({ "token": "tok_visa" });
    let seen = sandbox.post("/network/tokens/look", "l3", &published).await.json();
    assert_eq!((&seen["created_at"], &seen["used"]), (&json!(null), &json!(false)));
    let nobodys = json!({ "token": "tok_000000000000000000000000" });
    let unknown = sandbox.post("/network/tokens/look", "l4", &nobodys).await;
    assert_eq!(unknown.refusal(), (404, "unknown_token".to_owned()));
    wish["token"] = json!("tok_000000000000000000000000");
    let unknown = sandbox.post("/network/authorizations", "k3", &wish).await;
    assert_eq!(unknown.refusal(), (402, "unknown_token".to_owned()));
}

#[tokio::test]
async fn invalid_requests_name_their_field_and_leave_nothing() {
    let sandbox = Sandbox::start().await;
    let with = |field: &str, value: Value| {
        let mut body = authorize_body("a1", "visa");
        body[field] = value;
        body
    };
    for (body, param) in [
        (with("reference", json!("")), "reference"),
        (with("reference", json!("a b")), "reference"),
        (with("token", json!("x".repeat(200))), "token"),
        (with("amount", json!(0)), "amount"),
        (with("amount", json!(-1)), "amount"),
        (with("currency", json!("dollars")), "currency"),
        (with("descriptor", json!("")), "descriptor"),
        (with("return_url", json!("javascript:alert(1)")), "return_url"),
    ] {
        let answer = sandbox.post("/network/authorizations", "k1", &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_parameter".to_owned()), "{param}");
        assert_eq!(answer.json()["error"]["param"], param);
    }
    for (body, word) in [
        (with("amount", json!(1.5)), "1.5"),
        (with("amount", json!("12000")), "12000"),
        (with("three_ds", json!("never")), "never"),
        (with("extra", json!(1)), "extra"),
        (json!({"reference": "a1"}), "token"),
        (json!([]), "AuthorizeRequest"),
    ] {
        let answer = sandbox.post("/network/authorizations", "k1", &body).await;
        assert_eq!(answer.refusal(), (400, "invalid_request".to_owned()), "{word}");
        let message = answer.json()["error"]["message"].to_string();
        assert!(message.contains(word), "{word}: {message}");
    }
    assert_eq!(sandbox.get("/network/ledger").await.json(), json!({"authorizations": []}));
    let twice = sandbox.get("/network/captures?reference=a&reference=b").await;
    assert_eq!(twice.refusal().0, 400);
}

#[tokio::test]
async fn every_post_needs_a_key_and_every_call_the_bearer() {
    let sandbox = Sandbox::start().await;
    let body = authorize_body("a1", "visa").to_string();
    for key in [None, Some(""), Some("a b"), Some("ключ")] {
        let mut request = sandbox.client.post(sandbox.url("/network/authorizations"));
        if let Some(key) = key {
            request = request.header("idempotency-key", key.as_bytes());
        }
        let answer = sandbox.call(request.body(body.clone())).await.unwrap();
        assert_eq!(answer.json()["error"]["param"], "Idempotency-Key", "{key:?}");
    }
    for path in ["/network/ledger", "/network/refunds?reference=r", "/faults", "/clock"] {
        for bearer in [None, Some("wrong"), Some(""), Some(&KEY[..5]), Some("nk_test_key2")] {
            let mut request = sandbox.client.get(sandbox.url(path));
            if let Some(bearer) = bearer {
                request = request.bearer_auth(bearer);
            }
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), 401, "{path} {bearer:?}");
        }
    }
    let unkeyed = sandbox.client.post(sandbox.url("/network/authorizations")).body(body);
    assert_eq!(unkeyed.send().await.unwrap().status(), 401);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_captures_at_once_as_many_succeed_as_fit() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.authorize("a1", "visa").await["id"].as_str().unwrap().to_owned();
    let path = format!("/network/authorizations/{id}/captures");
    let one = |number: u32| {
        let body = json!({
            "reference": format!("c{number}"), "amount": 500, "currency": "usd", "final": false,
        });
        let (path, key, sandbox) = (&path, format!("k{number}"), &sandbox);
        async move { sandbox.post(path, &key, &body).await }
    };
    let answers: Vec<Answer> = all((0..50).map(one)).await;
    let succeeded = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = (402, "amount_too_large".to_owned());
    let too_large = answers.iter().filter(|a| a.status == 402 && a.refusal() == refused).count();
    assert_eq!((succeeded, too_large), (24, 26));
    let now = sandbox.look_up("a1").await;
    assert_eq!((&now["captured"], &now["released"]), (&json!(12_000), &json!(0)));
    let ledger = sandbox.get("/network/ledger").await.json();
    let captures = ledger["authorizations"][0]["captures"].as_array().unwrap();
    let done = captures.iter().filter(|capture| capture["status"] == "succeeded");
    assert_eq!(done.map(|capture| capture["amount"].as_i64().unwrap()).sum::<i64>(), 12_000);
    assert_eq!(captures.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_fifty_times_at_once_is_one_authorization() {
    let sandbox = Sandbox::start().await;
    let body = authorize_body("a1", "visa");
    let sent = (0..50).map(|_| sandbox.post("/network/authorizations", "k1", &body));
    let answers = all(sent).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.status == 200));
    let ledger = sandbox.get("/network/ledger").await.json();
    assert_eq!(ledger["authorizations"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_ledger_tells_everything_however_long_it_is() {
    let sandbox = Sandbox::start().await;
    for number in 0..501 {
        sandbox.authorize(&format!("a{number}"), "visa").await;
    }
    let ledger = sandbox.get("/network/ledger").await.json();
    let authorizations = ledger["authorizations"].as_array().unwrap();
    let references: Vec<&str> =
        authorizations.iter().map(|of| of["reference"].as_str().unwrap()).collect();
    let expected: Vec<String> = (0..501).map(|number| format!("a{number}")).collect();
    assert_eq!(references, expected);
}

/// Waits for all of them at once.
async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        for (future, output) in &mut waiting {
            if output.is_none()
                && let std::task::Poll::Ready(done) = future.as_mut().poll(context)
            {
                *output = Some(done);
            }
        }
        if waiting.iter().all(|(_, output)| output.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, output)| output).collect()
}
