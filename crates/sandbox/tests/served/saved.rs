//! Cards that the network keeps, over HTTP.

use serde_json::{Value, json};

use crate::support::{Sandbox, authorize_body};

async fn save(sandbox: &Sandbox, reference: &str, token: &str) -> Value {
    let body = json!({"reference": reference, "token": token});
    sandbox.post("/network/cards", reference, &body).await.json()
}

#[tokio::test]
async fn a_card_is_kept_found_and_charged() {
    let sandbox = Sandbox::start().await;
    let kept = save(&sandbox, "m1", "pm_card_visa").await;
    assert_eq!((&kept["reference"], &kept["card"]["last4"]), (&json!("m1"), &json!("4242")));
    assert_eq!(save(&sandbox, "m1", "pm_card_visa").await, kept);
    assert_eq!(sandbox.get("/network/cards?reference=m1").await.json(), kept);
    let missing = sandbox.get("/network/cards?reference=m9").await;
    assert_eq!(missing.refusal(), (404, "unknown_reference".to_owned()));
    let unknown = json!({"reference": "m2", "token": "tok_nobodys"});
    let unknown = sandbox.post("/network/cards", "m2", &unknown).await;
    assert_eq!(unknown.status, 402);
    for reference in ["a1", "a2"] {
        let mut body = authorize_body(reference, "visa");
        body["token"] = kept["id"].clone();
        body["off_session"] = json!(true);
        let charged = sandbox.post("/network/authorizations", reference, &body).await.json();
        assert_eq!(charged["status"], "approved");
        assert_eq!(charged["card"]["fingerprint"], kept["card"]["fingerprint"]);
    }
    let sandbox = sandbox.restart().await;
    assert_eq!(sandbox.get("/network/cards?reference=m1").await.json(), kept);
}

#[tokio::test]
async fn the_question_of_a_verification_is_given_up() {
    let sandbox = Sandbox::start().await;
    let path = "/network/verifications";
    let body = json!({"reference": "v1", "token": "tok_threeDSecureRequired",
                      "descriptor": "BAZAAR", "return_url": "http://127.0.0.1:4001/back"});
    let asked = sandbox.post(path, "v1", &body).await.json();
    assert_eq!(asked["status"], "challenge");
    let voids = format!("/network/authorizations/{}/voids", asked["id"].as_str().unwrap());
    // Only a question may be about nothing.
    let void = json!({"reference": "g0", "amount": 0});
    assert_eq!(sandbox.post(&voids, "g0", &void).await.status, 400);
    let give_up = json!({"reference": "g1", "amount": 0, "while_asked": true});
    let given_up = sandbox.post(&voids, "g1", &give_up).await.json();
    assert_eq!((&given_up["status"], &given_up["amount"]), (&json!("succeeded"), &json!(0)));
    assert_eq!(sandbox.post(&voids, "g1", &give_up).await.json(), given_up, "once more");
    let found = sandbox.get(&format!("{path}?reference=v1")).await.json();
    assert_eq!((&found["status"], &found["saved_card"]), (&json!("voided"), &Value::Null));
}

#[tokio::test]
async fn a_verification_is_asked_answered_and_shown() {
    let sandbox = Sandbox::start().await;
    let body = |reference: &str, token: &str| {
        json!({"reference": reference, "token": token, "descriptor": "BAZAAR",
               "return_url": "http://127.0.0.1:4001/back"})
    };
    let path = "/network/verifications";
    let done = sandbox.post(path, "v1", &body("v1", "tok_visa")).await.json();
    assert_eq!((&done["status"], &done["amount"]), (&json!("approved"), &json!(0)));
    assert_eq!(done["purpose"], "verification");
    assert!(done["saved_card"].as_str().unwrap().starts_with("sbk_"));
    let asked = sandbox.post(path, "v2", &body("v2", "tok_threeDSecureRequired")).await.json();
    assert_eq!((&asked["status"], &asked["saved_card"]), (&json!("challenge"), &Value::Null));
    let page = sandbox.page("/").await;
    for words in ["Card verification", "v1", "v2"] {
        assert!(page.text.contains(words), "{words}");
    }
    let challenge = asked["challenge"]["url"].as_str().unwrap().replace(&sandbox.origin, "");
    let code = page.code("v2");
    let answer = sandbox.submit(&challenge, &format!("code={code}")).await;
    let passed = sandbox.get(&format!("{path}?reference=v2")).await.json();
    assert_eq!(passed["status"], "approved", "{} {}", answer.status, answer.text);
    assert!(passed["saved_card"].as_str().unwrap().starts_with("sbk_"));
    save(&sandbox, "m1", "tok_visa").await;
    assert!(sandbox.page("/").await.text.contains("Card kept"));
    for (field, value) in [("amount", json!(5)), ("token", json!("")), ("descriptor", json!(""))] {
        let mut bad = body("v3", "tok_visa");
        bad[field] = value;
        assert_eq!(sandbox.post(path, "v3", &bad).await.status, 400, "{field}");
    }
}

#[tokio::test]
async fn faults_strike_what_is_asked_about_kept_cards() {
    let sandbox = Sandbox::start().await;
    sandbox.add_fault(json!({"operation": "save_card", "fault": "error_after"})).await;
    sandbox.add_fault(json!({"operation": "verify", "fault": "error_before"})).await;
    let body = json!({"reference": "m1", "token": "tok_visa"});
    assert_eq!(sandbox.post("/network/cards", "m1", &body).await.status, 500);
    assert_eq!(sandbox.get("/network/cards?reference=m1").await.status, 200);
    let body = json!({"reference": "v1", "token": "tok_visa", "descriptor": "BAZAAR"});
    assert_eq!(sandbox.post("/network/verifications", "v1", &body).await.status, 500);
    assert_eq!(sandbox.get("/network/verifications?reference=v1").await.status, 404);
}
