//! Holds that grow, and questions to buyers that are given up.

use holdfast_core::effect::HoldChange;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{Shop, receipts};

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

const GROWING: &str = "capture_method=manual\
    &payment_method_options[card][request_incremental_authorization]=if_available";

fn kinds_after(shop: &Shop, count: usize) -> Vec<&'static str> {
    let events = shop.store.all_events();
    events.iter().skip(count).map(|event| event.kind.name()).collect()
}

fn status(charge: &Value) -> &Value {
    &charge["payment_method_details"]["card"]["incremental_authorization"]["status"]
}

#[tokio::test]
async fn a_bank_that_agrees_holds_more_and_that_is_taken() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", &format!("{GROWING}&expand[]=latest_charge")).await;
    valid("PaymentIntent", &held);
    assert_eq!(status(&held["latest_charge"]), "available");
    let wish = &held["payment_method_options"]["card"]["request_incremental_authorization"];
    assert_eq!(wish, "if_available");
    let path = format!("/v1/payment_intents/{}", text(&held, "id"));
    let before = shop.store.all_events().len();
    let form = "amount=4000&description=and%20a%20lamp&metadata[lamp]=1&expand[]=latest_charge\
                &payment_details[order_reference]=7";
    let more = shop.client.post(&format!("{path}/increment_authorization"), form).await.ok();
    valid("PaymentIntent", &more);
    let sums = |value: &Value| [value["amount"].clone(), value["amount_capturable"].clone()];
    assert_eq!(sums(&more), [json!(4_000), json!(4_000)]);
    assert_eq!(
        (&more["status"], &more["description"]),
        (&json!("requires_capture"), &json!("and a lamp"))
    );
    assert_eq!(more["payment_details"]["order_reference"], "7");
    let charge = &more["latest_charge"];
    valid("Charge", charge);
    let card = &charge["payment_method_details"]["card"];
    assert_eq!((&charge["amount"], &card["amount_authorized"]), (&json!(4_000), &json!(4_000)));
    let expected = ["payment_intent.amount_capturable_updated", "charge.updated"];
    assert_eq!(kinds_after(&shop, before), expected);
    let updated = shop.store.all_events().pop().unwrap();
    let updated = holdfast_api::events::body(&updated, None, &receipts());
    let updated: Value = serde_json::from_slice(&updated).unwrap();
    assert_eq!(updated["data"]["previous_attributes"]["amount"], 2_500);

    let taken = shop.client.post(&format!("{path}/capture"), "").await.ok();
    assert_eq!((&taken["status"], &taken["amount_received"]), (&json!("succeeded"), &json!(4_000)));
    let late = shop.client.post(&format!("{path}/increment_authorization"), "amount=5000").await;
    assert_eq!(late.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn a_bank_that_declines_leaves_all_as_it_was() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", GROWING).await;
    let path = format!("/v1/payment_intents/{}", text(&held, "id"));
    let before = shop.store.all_events().len();
    let table = [
        ("amount=69100&description=more", "402 card_declined -", "insufficient_funds"),
        ("amount=69101", "402 card_declined -", "generic_decline"),
    ];
    for (form, expected, reason) in table {
        let answer = shop.client.post(&format!("{path}/increment_authorization"), form).await;
        assert_eq!(answer.error(), expected, "{form}");
        let error = &answer.json["error"];
        assert_eq!(error["decline_code"], reason, "{form}");
        assert_eq!(error["payment_intent"]["status"], "requires_capture");
        assert_eq!(error["charge"], held["latest_charge"]);
    }
    assert_eq!(shop.client.get(&path).await.ok(), held);
    assert_eq!(kinds_after(&shop, before), Vec::<&str>::new());
    let seen: Vec<i64> =
        shop.bank.held.lock().unwrap().iter().map(|asked| asked.amount.minor()).collect();
    assert_eq!(seen, [66_600, 66_601]);
}

#[tokio::test]
async fn a_hold_grows_only_where_that_was_wanted() {
    let shop = Shop::open();
    let plain = shop.pay("tok_visa", "capture_method=manual&expand[]=latest_charge").await;
    assert_eq!(status(&plain["latest_charge"]), &Value::Null);
    let growing = shop.pay("tok_visa", GROWING).await;
    let open = shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let table = [
        (&plain, "amount=3000", "400 payment_intent_incompatible_payment_method -"),
        (&growing, "amount=2500", "400 amount_too_small amount"),
        (&growing, "amount=0", "400 amount_too_small amount"),
        (&growing, "", "400 parameter_missing amount"),
        (&growing, "amount=3000&hooks[a]=1", "400 parameter_unknown hooks"),
        (
            &growing,
            "amount=3000&application_fee_amount=3001",
            "400 parameter_invalid_value application_fee_amount",
        ),
        (&open, "amount=3000", "400 payment_intent_unexpected_state -"),
    ];
    for (payment, form, expected) in table {
        let path = format!("/v1/payment_intents/{}/increment_authorization", text(payment, "id"));
        let answer = shop.client.post(&path, form).await;
        assert_eq!(answer.error(), expected, "{form}");
    }
    assert!(shop.bank.held.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_cancelled_payment_tells_the_bank_to_ask_no_more() {
    let shop = Shop::open();
    let asked = shop.pay("tok_threeDSecureRequired", "").await;
    assert_eq!(asked["status"], "requires_action");
    let path = format!("/v1/payment_intents/{}/cancel", text(&asked, "id"));
    let before = shop.store.all_events().len();
    let gone = shop.client.post(&path, "cancellation_reason=abandoned").await.ok();
    assert_eq!(gone["status"], "canceled");
    assert_eq!(kinds_after(&shop, before), ["charge.failed", "payment_intent.canceled"]);
    for _ in 0..1_000 {
        if !shop.bank.held.lock().unwrap().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let told = shop.bank.held.lock().unwrap().clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(matches!(told[0].change, HoldChange::GiveUp { .. }));
    assert_eq!((told[0].authorization.as_str(), told[0].amount.minor()), ("sba_asked", 2_500));
    let reference = format!("{}_given_up", text(&gone, "latest_charge"));
    assert_eq!(told[0].own_reference(), reference);
}
