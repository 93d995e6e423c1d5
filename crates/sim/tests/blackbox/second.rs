//! A buyer on the second of two nodes: its page, its card zone, and the one payment of both.

use reqwest::header::{ACCESS_CONTROL_ALLOW_ORIGIN, LOCATION, ORIGIN};
use serde_json::Value;

use super::api::Form;
use super::http;
use super::postgres::Server;
use super::server::{Place, Ready};
use super::shop::{self, id};

/// A form with a card, as the pay page of a node sends it to its card zone.
fn card_form(ready: &Ready) -> Vec<(String, String)> {
    let digits = format!("{}{}", "4242".repeat(3), "4242");
    [("key", ready.publishable_key.as_str()), ("card[number]", &digits)]
        .into_iter()
        .chain([("card[exp]", "12 / 40"), ("card[cvc]", "123")])
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

async fn post_card(ready: &Ready, origin: &str, form: &[(String, String)]) -> reqwest::Response {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = http::client().post(format!("{}/v1/tokens", ready.card)).header(ORIGIN, origin);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
    request.send().await.expect("the card zone answers")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_buyer_pays_on_the_second_node() {
    let database = Server::start();
    let first = Place::over(database.database());
    let second = Place::beside(&first);
    let (one, two) = (first.start().await, second.start().await);
    assert_ne!(one.ready.card, two.ready.card, "each has its own card zone");

    let sellers = shop::make_sellers(&two.api(), 1).await;
    let line = shop::Line { seller: &sellers[0], quantity: 1, price: 1_000 };
    let session = two.api().make("/v1/checkout/sessions", &shop::basket(&[line])).await;
    let page = session["url"].as_str().expect("a page");
    let place = page.strip_prefix(&two.ready.pay).expect("a page of the second node");
    assert_eq!(http::exchange(http::client().get(page)).await.expect("a page").status, 200);

    // By script, from the page of the second node and from that of the first.
    let form = card_form(&two.ready);
    let answer = post_card(&two.ready, &two.ready.pay, &form).await;
    let allowed = answer.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).cloned();
    assert_eq!(allowed.expect("a reader"), two.ready.pay.as_str());
    let answer: Value = serde_json::from_slice(&answer.bytes().await.expect("all of it"))
        .expect("JSON for the script");
    let token = answer["id"].as_str().expect("a token").to_owned();
    let foreign = post_card(&two.ready, &one.ready.pay, &form).await;
    assert_eq!(foreign.status(), 403);

    // Without script: sent back to the page of the second node.
    let plain: Vec<_> = form.into_iter().chain([("return_to".into(), place.into())]).collect();
    let back = post_card(&two.ready, &two.ready.pay, &plain).await;
    let back = back.headers().get(LOCATION).expect("an address").to_str().expect("an address");
    assert!(back.starts_with(&format!("{page}?")) && back.contains("tok_"), "{back}");

    let paid = Form::of(&[("amount", "1000"), ("currency", "usd"), ("confirm", "true")]);
    let paid = paid.with("payment_method_data[type]", "card");
    let paid = paid.with("payment_method_data[card][token]", &token);
    let intent = two.api().make("/v1/payment_intents", &paid).await;
    assert_eq!(intent["status"], "succeeded", "{intent}");
    let seen = one.api().object(&format!("/v1/payment_intents/{}", id(&intent))).await;
    assert_eq!(seen["amount_received"], 1_000, "{seen}");
    assert!(two.stop().await.success() && one.stop().await.success(), "an orderly stop");
}
