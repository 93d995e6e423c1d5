//! What the platform says about payments, charges and refunds: kept, copied, changed, shown.

use std::sync::atomic::Ordering;

use holdfast_api::events::body;
use holdfast_core::id::{Id as _, PaymentIntentId};
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{PAY_ORIGIN, Shop, receipts};

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

fn said(seller: &str) -> String {
    format!(
        "description=A%20lamp&statement_descriptor=BAZAAR&statement_descriptor_suffix=LAMPS\
         &shipping[name]=Salma&shipping[address][line1]=Quay%201&shipping[address][line2]=\
         &shipping[address][country]=YE&shipping[phone]=%2B967%201&shipping[carrier]=Post\
         &shipping[tracking_number]=1Z&receipt_email=salma@shop.example&on_behalf_of={seller}\
         &transfer_data[destination]={seller}&application_fee_amount=250&transfer_group=basket\
         &metadata[order]=7&confirmation_method=automatic&capture_method=automatic_async\
         &payment_method_options[card][request_three_d_secure]=any\
         &payment_method_options[klarna][preferred_locale]=de-DE\
         &automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never\
         &excluded_payment_method_types[]=klarna&level3[merchant_reference]=x&use_stripe_sdk=true"
    )
}

#[tokio::test]
async fn what_is_said_of_a_payment_is_shown_on_it_and_on_its_charge() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let expand = "&expand[]=latest_charge&expand[]=latest_charge.balance_transaction\
                  &expand[]=customer&expand[]=payment_method";
    let paid = shop.pay("tok_visa", &(said(&seller) + expand)).await;
    valid("PaymentIntent", &paid);
    let charge = &paid["latest_charge"];
    valid("Charge", charge);
    let both = [
        ("description", json!("A lamp")),
        ("statement_descriptor", json!("BAZAAR")),
        ("statement_descriptor_suffix", json!("LAMPS")),
        ("receipt_email", json!("salma@shop.example")),
        ("on_behalf_of", json!(seller)),
        ("application_fee_amount", json!(250)),
        ("transfer_group", json!("basket")),
        ("metadata", json!({ "order": "7" })),
    ];
    for (field, value) in &both {
        assert_eq!((&paid[field], &charge[field]), (value, value), "{field}");
    }
    assert_eq!(paid["shipping"], charge["shipping"]);
    assert_eq!(paid["shipping"]["address"]["line1"], "Quay 1");
    assert_eq!(paid["shipping"]["address"]["line2"], Value::Null);
    assert_eq!(paid["transfer_data"], json!({ "destination": seller }));
    assert_eq!(charge["transfer_data"], json!({ "amount": null, "destination": seller }));
    assert_eq!(charge["calculated_statement_descriptor"], "BAZAAR* LAMPS");
    assert!(text(&charge["balance_transaction"], "id").starts_with("txn_"));
    assert_eq!(paid["capture_method"], "automatic_async");
    assert_eq!(paid["payment_method_options"]["card"]["request_three_d_secure"], "any");
    assert_eq!(
        paid["automatic_payment_methods"],
        json!({ "allow_redirects": "never", "enabled": true })
    );
    assert_eq!(paid["excluded_payment_method_types"], json!(["klarna"]));
    let card = &charge["payment_method_details"]["card"];
    assert_eq!((&card["authorization_code"], &card["network"]), (&json!("A1B2C3"), &json!("visa")));
    assert_eq!(charge["outcome"]["network_status"], "approved_by_network");
}

#[tokio::test]
async fn the_bank_is_told_who_asks_and_whether_to_ask_the_buyer() {
    let shop = Shop::open();
    shop.pay("tok_visa", "").await;
    let more = "statement_descriptor_suffix=LAMPS\
                &payment_method_options[card][request_three_d_secure]=challenge";
    shop.pay("tok_visa", more).await;
    let asked: Vec<(String, &str)> = {
        let asked = shop.bank.authorized.lock().unwrap();
        let of = |request: &holdfast_core::effect::AuthorizeRequest| {
            (request.descriptor.clone(), request.three_d_secure.name())
        };
        asked.iter().map(of).collect()
    };
    let expected = [("HOLDFAST", "automatic"), ("HOLDFAST* LAMPS", "challenge")];
    assert_eq!(asked, expected.map(|(name, wish)| (name.to_owned(), wish)));
}

#[tokio::test]
async fn a_payment_is_changed_as_far_as_its_state_allows() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let form = format!("amount=1000&currency=usd&metadata[a]=1&metadata[b]=2&{}", said(&seller));
    let made = shop.client.post("/v1/payment_intents", &form).await.ok();
    let path = format!("/v1/payment_intents/{}", text(&made, "id"));
    let form = "amount=5000&currency=eur&description=&shipping=&metadata[a]=&metadata[c]=3\
                &application_fee_amount=&transfer_data[amount]=70&statement_descriptor=\
                &capture_method=manual&payment_method=tok_visa";
    let changed = shop.client.post(&path, form).await.ok();
    valid("PaymentIntent", &changed);
    assert_eq!((&changed["amount"], &changed["currency"]), (&json!(5_000), &json!("eur")));
    assert_eq!(changed["metadata"], json!({ "b": "2", "c": "3", "order": "7" }));
    assert_eq!(changed["transfer_data"], json!({ "amount": 70, "destination": seller }));
    for field in ["description", "shipping", "application_fee_amount", "statement_descriptor"] {
        assert_eq!(changed[field], Value::Null, "{field}");
    }
    assert_eq!(changed["status"], "requires_confirmation");
    assert_eq!(changed["statement_descriptor_suffix"], "LAMPS");

    let held = shop.client.post(&format!("{path}/confirm"), "receipt_email=ada@shop.example").await;
    let held = held.ok();
    assert_eq!(
        (&held["status"], &held["amount_capturable"]),
        (&json!("requires_capture"), &json!(5_000))
    );
    assert_eq!(held["receipt_email"], "ada@shop.example");
    // While the money is held, words and its way can change; once taken, words only.
    let held = shop.client.post(&path, "description=Two&statement_descriptor=LATER").await.ok();
    assert_eq!(held["statement_descriptor"], "LATER");
    let form = "amount_to_capture=4000&metadata[taken]=yes&statement_descriptor=TAKEN\
                &transfer_data[amount]=60&expand[]=latest_charge";
    let taken = shop.client.post(&format!("{path}/capture"), form).await.ok();
    assert_eq!((&taken["status"], &taken["amount_received"]), (&json!("succeeded"), &json!(4_000)));
    assert_eq!(taken["metadata"]["taken"], "yes");
    assert_eq!(taken["latest_charge"]["statement_descriptor"], "TAKEN");
    assert_eq!(taken["latest_charge"]["transfer_data"]["amount"], 60);
    let last = shop.client.post(&path, "description=&metadata=").await.ok();
    assert_eq!((&last["description"], &last["metadata"]), (&Value::Null, &json!({})));
}

#[tokio::test]
async fn an_edit_under_a_key_is_answered_once() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", "capture_method=manual").await;
    let charge = text(&held, "latest_charge");
    let client = shop.client.with("idempotency-key", "take-1");
    let path = format!("/v1/charges/{charge}/capture");
    let first = client.post(&path, "amount=2000").await;
    let again = client.post(&path, "amount=2000").await;
    assert_eq!((first.status, &first.bytes), (200, &again.bytes));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn a_challenge_leads_back_to_the_shop() {
    let shop = Shop::open();
    let more = "return_url=https://shop.example/back";
    let waiting = shop.pay("tok_threeDSecureRequired", more).await;
    valid("PaymentIntent", &waiting);
    let redirect = &waiting["next_action"]["redirect_to_url"];
    assert_eq!(redirect["return_url"], "https://shop.example/back");
    let asked = shop.bank.authorized.lock().unwrap().last().cloned().unwrap();
    let secret = text(&waiting, "client_secret").rsplit_once("_secret_").unwrap().1;
    let page = format!("{PAY_ORIGIN}/p/{}/{secret}/return", text(&waiting, "id"));
    assert_eq!(asked.return_url, Some(page));
}

#[tokio::test]
async fn a_challenge_can_be_given_up() {
    let shop = Shop::open();
    let waiting = shop.pay("tok_threeDSecureRequired", "").await;
    let path = format!("/v1/payment_intents/{}", text(&waiting, "id"));
    let form = "cancellation_reason=abandoned&expand[]=latest_charge";
    let canceled = shop.client.post(&format!("{path}/cancel"), form).await.ok();
    valid("PaymentIntent", &canceled);
    valid("Charge", &canceled["latest_charge"]);
    assert_eq!(
        (&canceled["status"], &canceled["cancellation_reason"]),
        (&json!("canceled"), &json!("abandoned"))
    );
    let charge = &canceled["latest_charge"];
    assert_eq!(charge["status"], "failed");
    assert_eq!(charge["failure_code"], "payment_intent_authentication_failure");
    assert_eq!(charge["payment_method_details"]["card"]["three_d_secure"]["result"], "failed");
    // A bank that approves all the same is given its money back.
    shop.bank.codes_given.store(true, Ordering::Relaxed);
    let found = shop.client.get(&path).await.ok();
    assert_eq!(found["status"], "canceled");
}

#[tokio::test]
async fn a_payment_that_is_confirmed_by_hand_is_confirmed_by_the_server_only() {
    let shop = Shop::open();
    let form = "amount=100&currency=usd&confirmation_method=manual";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    assert_eq!(made["confirmation_method"], "manual");
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));
    let secret = text(&made, "client_secret");
    let form = format!("payment_method=tok_visa&client_secret={secret}");
    assert_eq!(shop.browser().post(&path, &form).await.error(), "403 secret_key_required -");

    let form = "payment_method=tok_threeDSecureRequired";
    let waiting = shop.client.post(&path, form).await.ok();
    assert_eq!(waiting["status"], "requires_action");
    shop.bank.codes_given.store(true, Ordering::Relaxed);
    let charge = text(&waiting, "latest_charge").to_owned();
    shop.notify(&charge).await.ok();
    let id = PaymentIntentId::parse(text(&made, "id")).unwrap();
    let is_paid = |row: &PaymentIntent| matches!(row.state, IntentState::Succeeded { .. });
    let patience = std::time::Duration::from_secs(5);
    shop.engine.wait_for(shop.platform, &id, patience, is_paid).await.unwrap();
    // Clients of the dialect confirm a second time once the buyer was asked.
    let paid = shop.client.post(&path, "").await.ok();
    assert_eq!(paid["status"], "succeeded");
    let charge = shop.client.get(&format!("/v1/charges/{charge}")).await.ok();
    valid("Charge", &charge);
    assert_eq!(
        charge["payment_method_details"]["card"]["three_d_secure"]["result"],
        "authenticated"
    );
}

#[tokio::test]
async fn charges_are_changed_captured_and_listed() {
    let shop = Shop::open();
    let held = shop.pay("tok_visa", "capture_method=manual&metadata[a]=1").await;
    let other = shop.pay("tok_visa", "transfer_group=other").await;
    let path = format!("/v1/charges/{}", text(&held, "latest_charge"));
    let form = "description=x&metadata[b]=2&fraud_details[user_report]=safe&transfer_group=mine\
                &receipt_email=ada@shop.example&shipping[name]=S&shipping[address][city]=Aden";
    let changed = shop.client.post(&path, form).await.ok();
    valid("Charge", &changed);
    assert_eq!(changed["metadata"], json!({ "a": "1", "b": "2" }));
    assert_eq!(changed["fraud_details"], json!({ "user_report": "safe" }));
    assert_eq!(changed["shipping"]["address"]["city"], "Aden");
    // The payment keeps its own.
    let payment = format!("/v1/payment_intents/{}", text(&held, "id"));
    assert_eq!(shop.client.get(&payment).await.ok()["metadata"], json!({ "a": "1" }));
    let event = shop.store.all_events().pop().unwrap();
    assert_eq!(event.kind.name(), "charge.updated");

    let form = "amount=2000&receipt_email=bo@shop.example";
    let taken = shop.client.post(&format!("{path}/capture"), form).await.ok();
    assert_eq!((&taken["captured"], &taken["amount_captured"]), (&json!(true), &json!(2_000)));
    assert_eq!(taken["amount_refunded"], 500);
    let again = shop.client.post(&format!("{path}/capture"), "").await;
    assert_eq!(again.error(), "400 charge_already_captured -");

    let created = i64::to_string(&taken["created"].as_i64().unwrap());
    let table = [
        ("transfer_group=mine".to_owned(), vec![&held]),
        ("transfer_group=other".to_owned(), vec![&other]),
        ("transfer_group=none".to_owned(), vec![]),
        (format!("payment_intent={}", text(&held, "id")), vec![&held]),
        ("created[lt]=1".to_owned(), vec![]),
        (format!("created[gte]={created}&transfer_group=mine"), vec![&held]),
        ("customer=cus_0000000000000000000001".to_owned(), vec![]),
    ];
    for (query, expected) in table {
        let list = shop.client.get(&format!("/v1/charges?{query}")).await.ok();
        let found: Vec<&Value> =
            list["data"].as_array().unwrap().iter().map(|row| &row["id"]).collect();
        let expected: Vec<&Value> = expected.iter().map(|row| &row["latest_charge"]).collect();
        assert_eq!(found, expected, "{query}");
    }
    for query in ["created[gte]=1", "created[lte]=1", "customer=cus_0000000000000000000001"] {
        let list = shop.client.get(&format!("/v1/payment_intents?{query}")).await.ok();
        let count = list["data"].as_array().unwrap().len();
        assert_eq!(count, if query == "created[gte]=1" { 2 } else { 0 }, "{query}");
    }
}

#[tokio::test]
async fn a_refund_is_noted_and_stands_in_the_balance() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let more = format!("transfer_data[destination]={seller}&application_fee_amount=250");
    let paid = shop.pay("tok_visa", &more).await;
    let form = format!(
        "payment_intent={}&amount=500&currency=usd&reverse_transfer=true\
         &refund_application_fee=true&expand[]=balance_transaction&expand[]=transfer_reversal",
        text(&paid, "id")
    );
    let refund = shop.client.post("/v1/refunds", &form).await.ok();
    valid("Refund", &refund);
    assert!(text(&refund["balance_transaction"], "id").starts_with("txn_"));
    assert_eq!(refund["destination_details"]["card"]["type"], "refund");
    let path = format!("/v1/refunds/{}", text(&refund, "id"));
    let changed = shop.client.post(&path, "metadata[why]=late").await.ok();
    assert_eq!(changed["metadata"], json!({ "why": "late" }));
    assert_eq!(shop.client.get("/v1/refunds?created[lt]=1").await.ok()["data"], json!([]));
    let kinds: Vec<&str> = shop.store.all_events().iter().map(|event| event.kind.name()).collect();
    for kind in ["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"] {
        assert!(kinds.contains(&kind), "{kind} in {kinds:?}");
    }
}

#[tokio::test]
async fn each_version_is_written_as_it_was() {
    let shop = Shop::open();
    let paid = shop.pay("tok_visa", "metadata[order]=7").await;
    let (id, charge) = (text(&paid, "id"), text(&paid, "latest_charge"));
    let form = format!("charge={charge}&amount=500");
    let refund = shop.client.post("/v1/refunds", &form).await.ok();
    // Version, whether charges and refunds are listed, whether there are allowed types.
    let table = [
        ("2019-05-16", true, false),
        ("2022-11-15", false, false),
        ("2024-06-20", false, false),
        ("2026-09-30.endive", false, true),
    ];
    for (version, has_lists, has_types) in table {
        let client = shop.client.with("stripe-version", version);
        let shown = client.get(&format!("/v1/payment_intents/{id}")).await.ok();
        assert_eq!(shown.get("charges").is_some(), has_lists, "{version}");
        assert_eq!(shown.get("allowed_payment_method_types").is_some(), has_types, "{version}");
        let one = client.get(&format!("/v1/charges/{charge}")).await.ok();
        assert_eq!(one.get("refunds").is_some(), has_lists, "{version}");
        if has_lists {
            assert_eq!(shown["charges"]["data"][0]["id"], charge);
            assert_eq!(shown["charges"]["data"][0]["refunds"], one["refunds"]);
            assert_eq!(one["refunds"]["data"][0]["id"], refund["id"]);
        }
        for event in shop.store.all_events() {
            let shown: Value =
                serde_json::from_slice(&body(&event, Some(version), &receipts())).unwrap();
            let object = &shown["data"]["object"];
            match event.kind.name() {
                "payment_intent.succeeded" => {
                    assert_eq!(object.get("charges").is_some(), has_lists, "{version}");
                    assert_eq!(
                        object.get("allowed_payment_method_types").is_some(),
                        has_types,
                        "{version}"
                    );
                    assert_eq!(object["metadata"], json!({ "order": "7" }));
                    if has_lists {
                        let listed = &object["charges"]["data"][0];
                        assert_eq!(listed["id"], charge);
                        assert_eq!(listed["metadata"], json!({ "order": "7" }));
                    }
                }
                "charge.refunded" => {
                    assert_eq!(object.get("refunds").is_some(), has_lists, "{version}");
                    if has_lists {
                        assert_eq!(object["refunds"]["data"][0]["id"], refund["id"]);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Every character of a full metadata may be four bytes of UTF-8, each sent as three.
#[tokio::test]
async fn full_metadata_fits_in_any_script() {
    let shop = Shop::open();
    let char = "%F0%A0%80%80";
    let name = |index: usize| format!("{index:02}{}", char.repeat(38));
    let pairs = (0..50).map(|index| format!("&metadata[{}]={}", name(index), char.repeat(500)));
    let form = format!("amount=100&currency=usd{}", pairs.collect::<String>());
    let made = shop.client.post("/v1/payment_intents", &form).await.ok();
    assert_eq!(made["metadata"].as_object().unwrap().len(), 50);
}

/// Nothing of the platform's own is shown to a browser.
#[tokio::test]
async fn a_browser_sees_the_payment_and_not_its_notes() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let paid = shop.pay("tok_visa", &said(&seller)).await;
    let path = format!("/v1/payment_intents/{}", text(&paid, "id"));
    let query = format!("{path}?client_secret={}", text(&paid, "client_secret"));
    for version in ["2019-05-16", "2026-10-28.endive"] {
        let browser = shop.browser().with("stripe-version", version);
        let shown = browser.get(&query).await.ok();
        for field in ["application_fee_amount", "on_behalf_of", "transfer_data", "transfer_group"] {
            assert_eq!(shown[field], Value::Null, "{field}");
        }
        assert_eq!((&shown["metadata"], shown.get("charges")), (&json!({}), None));
    }
}
