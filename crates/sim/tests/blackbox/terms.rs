//! What a payment says of its card, from the API to the bank and back.

use serde_json::Value;

use super::api::{Form, fresh_key};
use super::server::Place;
use super::shop;

/// Card; what is said of it; the status, or the error's code and the bank's; what the charge says
/// of network and order.
type Line = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const TABLE: &[Line] = &[
    ("visa", &[], "succeeded", "visa - -"),
    ("visa", &[("moto", "true")], "succeeded", "visa moto 01"),
    ("threeDSecureOptional", &[("request_three_d_secure", "automatic")], "succeeded", "visa - -"),
    ("threeDSecureOptional", &[("request_three_d_secure", "any")], "requires_action", "visa - -"),
    (
        "threeDSecureOptional",
        &[("request_three_d_secure", "challenge")],
        "requires_action",
        "visa - -",
    ),
    // Whoever telephones is not in front of a page.
    (
        "threeDSecureOptional",
        &[("request_three_d_secure", "challenge"), ("moto", "true")],
        "succeeded",
        "visa moto 01",
    ),
    ("threeDSecureRequired", &[], "requires_action", "visa - -"),
    (
        "threeDSecureRequired",
        &[("moto", "true")],
        "402 authentication_required authentication_required",
        "visa moto 01",
    ),
    ("visa_cartesBancaires", &[], "succeeded", "visa - -"),
    (
        "visa_cartesBancaires",
        &[("network", "cartes_bancaires")],
        "succeeded",
        "cartes_bancaires - -",
    ),
    ("mastercard_cartesBancaires", &[("network", "mastercard")], "succeeded", "mastercard - -"),
    (
        "visa",
        &[("network", "cartes_bancaires")],
        "402 card_declined card_not_supported",
        "cartes_bancaires - -",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_of_a_card_reaches_its_bank() {
    let place = Place::new();
    let running = place.start().await;
    let api = running.api();
    for (card, said, outcome, charged) in TABLE {
        let card = format!("pm_card_{card}");
        let plain = shop::payment(&card, "automatic").with("amount", 1_700);
        let form = said.iter().fold(plain, |form: Form, (name, value)| {
            form.with(&format!("payment_method_options[card][{name}]"), value)
        });
        let answer = api.post("/v1/payment_intents", &form, &fresh_key()).await;
        let answer = answer.expect("an answer");
        let json = answer.json();
        let error = &json["error"];
        let (told, intent) = if let Some(status) = json["status"].as_str() {
            (status.to_owned(), &json)
        } else {
            let words = [&error["code"], &error["decline_code"]].map(word);
            (format!("{} {}", answer.status, words.join(" ")), &error["payment_intent"])
        };
        assert_eq!(told, *outcome, "{card} {said:?}");
        let charge = intent["latest_charge"].as_str().expect("a charge");
        let charge = api.object(&format!("/v1/charges/{charge}")).await;
        let card_of = &charge["payment_method_details"]["card"];
        let moto = if card_of["moto"] == true { "moto" } else { "-" };
        let order = word(&card_of["electronic_commerce_indicator"]);
        let shown = format!("{} {moto} {order}", word(&card_of["network"]));
        assert_eq!(shown, *charged, "{card} {said:?}");
    }
    assert!(running.stop().await.success(), "an orderly stop");
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}
