//! What a payment's sum is made of, what the purchase is called, and how its card is charged.

use holdfast_api::events::body;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{Shop, receipts};

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

/// 2 lamps of 10.00 less 1.00 with 2.00 of tax, and 4.00 for sending: 25.00.
const PARTS: &str = "amount_details[line_items][0][product_name]=Lamp\
    &amount_details[line_items][0][product_code]=L1&amount_details[line_items][0][quantity]=2\
    &amount_details[line_items][0][unit_cost]=1000\
    &amount_details[line_items][0][discount_amount]=100\
    &amount_details[line_items][0][tax][total_tax_amount]=200\
    &amount_details[line_items][0][unit_of_measure]=piece\
    &amount_details[shipping][amount]=400&amount_details[shipping][from_postal_code]=1010\
    &payment_details[order_reference]=order%207&payment_details[customer_reference]=PO%2012";

#[tokio::test]
async fn the_sum_and_the_purchase_are_shown_as_they_were_said() {
    let shop = Shop::open();
    let path = "/v1/payment_intents";
    let form = format!("amount=2500&currency=usd&{PARTS}&expand[]=amount_details.line_items");
    let made = shop.client.post(path, &form).await.ok();
    valid("PaymentIntent", &made);
    let names = json!({ "customer_reference": "PO 12", "order_reference": "order 7" });
    assert_eq!(made["payment_details"], names);
    let shipping = json!({ "amount": 400, "from_postal_code": "1010", "to_postal_code": null });
    assert_eq!(made["amount_details"]["shipping"], shipping);
    let item = &made["amount_details"]["line_items"]["data"][0];
    let shown = |field: &str| item[field].clone();
    let shown = ["product_name", "product_code", "quantity", "unit_cost", "discount_amount", "tax"]
        .map(shown);
    let tax = json!({ "total_tax_amount": 200 });
    let said = [json!("Lamp"), json!("L1"), json!(2), json!(1_000), json!(100), tax];
    assert_eq!(shown, said);

    let path = format!("{path}/{}", text(&made, "id"));
    let plain = shop.client.get(&path).await.ok();
    assert_eq!(plain["amount_details"], json!({ "shipping": shipping }));
    let form = "payment_details[customer_reference]=&amount_details[shipping]=\
                &amount_details[line_items]=&amount_details[discount_amount]=30";
    let changed = shop.client.post(&path, form).await.ok();
    valid("PaymentIntent", &changed);
    assert_eq!(changed["amount_details"], json!({ "discount_amount": 30 }));
    assert_eq!(changed["payment_details"]["order_reference"], "order 7");
    assert_eq!(changed["payment_details"]["customer_reference"], Value::Null);
    let bare = shop.client.post(&path, "payment_details=&amount_details=").await.ok();
    assert_eq!((&bare["amount_details"], &bare["payment_details"]), (&Value::Null, &Value::Null));
    let secret = text(&made, "client_secret");
    shop.client.post(&path, "payment_details[order_reference]=x").await.ok();
    let seen = shop.browser().get(&format!("{path}?client_secret={secret}")).await.ok();
    assert_eq!(seen["payment_details"], Value::Null, "the names are the shop's");
}

#[tokio::test]
async fn parts_that_do_not_add_up_are_refused_or_noted() {
    let shop = Shop::open();
    let off = "&amount_details[line_items][0][unit_cost]=999";
    let parts = PARTS.replace("&amount_details[line_items][0][unit_cost]=1000", off);
    let form = format!("amount=2500&currency=usd&{parts}");
    let refused = shop.client.post("/v1/payment_intents", &form).await;
    assert_eq!(refused.error(), "400 amount_details_amount_mismatch amount_details");
    let form = format!("{form}&amount_details[enforce_arithmetic_validation]=false");
    let noted = shop.client.post("/v1/payment_intents", &form).await.ok();
    valid("PaymentIntent", &noted);
    assert_eq!(noted["amount_details"]["error"]["code"], "amount_details_amount_mismatch");

    // At a capture they are the parts of what is taken.
    let held = shop.pay("tok_visa", "capture_method=manual").await;
    let path = format!("/v1/payment_intents/{}/capture", text(&held, "id"));
    let part = PARTS.replace("[quantity]=2", "[quantity]=1");
    let wrong = shop.client.post(&path, &format!("amount_to_capture=1400&{part}")).await;
    assert_eq!(wrong.error(), "400 amount_details_amount_mismatch amount_details");
    let taken = shop.client.post(&path, &format!("amount_to_capture=1500&{part}")).await.ok();
    assert_eq!((&taken["status"], &taken["amount_received"]), (&json!("succeeded"), &json!(1_500)));
    assert_eq!(taken["payment_details"]["order_reference"], "order 7");
}

const TERMS: &str = "payment_method_options[card][moto]=true\
    &payment_method_options[card][network]=visa\
    &payment_method_options[card][setup_credential_usage]=recurring\
    &payment_method_options[card][stored_credential_usage]=unscheduled\
    &payment_method_options[card][require_cvc_recollection]=true\
    &payment_method_options[card][request_overcapture]=if_available\
    &payment_method_options[card][request_multicapture]=never\
    &payment_method_options[card][mandate_options][amount]=500\
    &payment_method_options[card][mandate_options][amount_type]=maximum\
    &payment_method_options[card][mandate_options][interval]=month\
    &payment_method_options[card][mandate_options][interval_count]=2\
    &payment_method_options[card][mandate_options][reference]=lamps\
    &payment_method_options[card][mandate_options][start_date]=1800000000\
    &payment_method_options[card][mandate_options][supported_types][]=india";

#[tokio::test]
async fn the_terms_of_a_card_are_shown_on_the_payment_and_its_charge() {
    let shop = Shop::open();
    let more = format!(
        "{TERMS}&radar_options[session]=rse_1&radar_options[referrer]=https://shop.example/\
         &mandate_data[customer_acceptance][type]=online&use_stripe_sdk=true\
         &mandate_data[customer_acceptance][accepted_at]=1795176000\
         &mandate_data[customer_acceptance][online][ip_address]=2001:db8::1\
         &mandate_data[customer_acceptance][online][user_agent]=Mozilla&expand[]=latest_charge"
    );
    let paid = shop.pay("tok_visa", &more).await;
    valid("PaymentIntent", &paid);
    let card = &paid["payment_method_options"]["card"];
    let mandate = json!({
        "amount": 500, "amount_type": "maximum", "description": null, "end_date": null,
        "interval": "month", "interval_count": 2, "reference": "lamps", "start_date": 1_800_000_000,
        "supported_types": ["india"]
    });
    let said = [
        ("mandate_options", mandate),
        ("network", json!("visa")),
        ("request_multicapture", json!("never")),
        ("request_overcapture", json!("if_available")),
        ("require_cvc_recollection", json!(true)),
        ("setup_credential_usage", json!("recurring")),
        ("stored_credential_usage", json!("unscheduled")),
    ];
    for (field, value) in &said {
        assert_eq!(&card[field], value, "{field}");
    }
    let charge = &paid["latest_charge"];
    valid("Charge", charge);
    assert_eq!(charge["radar_options"], json!({ "session": "rse_1" }));
    let card = &charge["payment_method_details"]["card"];
    assert_eq!((&card["moto"], &card["setup_credential_usage"]), (&json!(true), &said[5].1));
    assert_eq!(
        (&card["network"], &card["electronic_commerce_indicator"]),
        (&json!("visa"), &json!("01"))
    );
    assert_eq!(card["stored_credential_usage"], said[6].1);
    let asked = shop.bank.authorized.lock().unwrap().last().cloned().unwrap();
    assert_eq!((asked.moto, asked.network.as_deref()), (true, Some("visa")));
    let plain = shop.pay("tok_visa", "mandate_data=&expand[]=latest_charge").await;
    let card = &plain["latest_charge"]["payment_method_details"]["card"];
    assert_eq!((&card["moto"], &card["incremental_authorization"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn what_is_said_of_cards_decides_whether_the_card_is_kept() {
    let shop = Shop::open();
    let notes = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa\
                 &payment_method_data[metadata][door]=2&amount=2500&currency=usd&confirm=true\
                 &expand[]=payment_method";
    let wish = "payment_method_options[card][setup_future_usage]";
    let table = [
        (String::new(), false, Value::Null),
        (format!("&{wish}=off_session"), true, Value::Null),
        ("&setup_future_usage=on_session".to_owned(), true, json!("on_session")),
        (format!("&setup_future_usage=on_session&{wish}=none"), false, json!("on_session")),
    ];
    for (more, is_kept, usage) in table {
        let paid = shop.client.post("/v1/payment_intents", &format!("{notes}{more}")).await.ok();
        assert_eq!(paid["setup_future_usage"], usage, "{more}");
        let method = &paid["payment_method"];
        assert_eq!(method["metadata"], json!({ "door": "2" }), "{more}");
        let found = shop.store.all_rows().into_iter().any(|stored| {
            matches!(&*stored.row, holdfast_core::row::Row::PaymentMethod(row)
                if row.id.to_string() == text(method, "id"))
        });
        assert_eq!(found, is_kept, "{more}");
    }
}

#[tokio::test]
async fn a_payment_fails_where_the_bank_wants_to_ask_and_the_shop_does_not() {
    let shop = Shop::open();
    let form = "amount=2500&currency=usd&confirm=true&payment_method=tok_threeDSecureRequired\
                &error_on_requires_action=true";
    let refused = shop.client.post("/v1/payment_intents", form).await;
    assert_eq!(refused.error(), "402 authentication_required -");
    let error = &refused.json["error"];
    assert_eq!(error["decline_code"], "authentication_required");
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    let kinds = || shop.store.all_events().into_iter().map(|event| event.kind.name());
    let expected = ["payment_intent.created", "charge.failed", "payment_intent.payment_failed"];
    assert_eq!(kinds().collect::<Vec<_>>(), expected);
    let failed = shop.store.all_events().remove(2);
    let failed: Value =
        serde_json::from_slice(&body(&failed, Some("2026-10-28"), &receipts())).unwrap();
    valid("PaymentIntent", &failed["data"]["object"]);

    let path = format!("/v1/payment_intents/{}/confirm", text(&error["payment_intent"], "id"));
    let again = "payment_method=tok_threeDSecureRequired&error_on_requires_action=true";
    let again = shop.client.post(&path, again).await;
    assert_eq!(again.error(), "402 authentication_required -");
    let asked = shop.client.post(&path, "payment_method=tok_threeDSecureRequired").await.ok();
    assert_eq!(asked["status"], "requires_action");
    let browser = format!(
        "client_secret={}&error_on_requires_action=true",
        text(&error["payment_intent"], "client_secret")
    );
    let refused = shop.browser().post(&path, &browser).await;
    assert_eq!(refused.error(), "400 parameter_unknown error_on_requires_action");
}

#[tokio::test]
async fn a_transfer_tells_what_the_payment_at_the_sellers_is_to_say() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let more = format!(
        "transfer_data[destination]={seller}&transfer_data[payment_data][description]=A%20lamp\
         &transfer_data[payment_data][metadata][a]=1"
    );
    let paid = shop.pay("tok_visa", &more).await;
    valid("PaymentIntent", &paid);
    let data = json!({ "description": "A lamp", "metadata": { "a": "1" } });
    assert_eq!(paid["transfer_data"]["payment_data"], data);
}

#[tokio::test]
async fn a_setup_tells_the_bank_whether_to_ask() {
    let shop = Shop::open();
    let terms = TERMS
        .replace("&payment_method_options[card][stored_credential_usage]=unscheduled", "")
        .replace("&payment_method_options[card][require_cvc_recollection]=true", "")
        .replace("&payment_method_options[card][request_overcapture]=if_available", "")
        .replace("&payment_method_options[card][request_multicapture]=never", "");
    let form = format!(
        "{terms}&payment_method_options[card][mandate_options][currency]=usd&use_stripe_sdk=true\
         &payment_method_options[card][request_three_d_secure]=any&confirm=true\
         &mandate_data[customer_acceptance][type]=offline&payment_method_data[type]=card\
         &payment_method_data[card][token]=tok_visa&payment_method_data[metadata][door]=2\
         &allowed_payment_method_types[]=card&excluded_payment_method_types[]=klarna\
         &expand[]=payment_method"
    );
    let made = shop.client.post("/v1/setup_intents", &form).await.ok();
    valid("SetupIntent", &made);
    assert_eq!(made["status"], "succeeded");
    let card = &made["payment_method_options"]["card"];
    assert_eq!(card["request_three_d_secure"], "any");
    assert_eq!(
        (&card["network"], &card["setup_credential_usage"]),
        (&json!("visa"), &json!("recurring"))
    );
    assert_eq!(card["mandate_options"]["currency"], "usd");
    assert_eq!(made["allowed_payment_method_types"], json!(["card"]));
    assert_eq!(made["excluded_payment_method_types"], json!(["klarna"]));
    assert_eq!(made["payment_method"]["metadata"], json!({ "door": "2" }));

    let waiting = shop.client.post("/v1/setup_intents", "").await.ok();
    assert_eq!(waiting["payment_method_options"]["card"]["request_three_d_secure"], "automatic");
    let path = format!("/v1/setup_intents/{}", text(&waiting, "id"));
    let wish = "payment_method_options[card][request_three_d_secure]";
    shop.client.post(&path, &format!("{wish}=any")).await.ok();
    let form = format!("payment_method=tok_visa&{wish}=challenge&use_stripe_sdk=true");
    let saved = shop.client.post(&format!("{path}/confirm"), &form).await.ok();
    assert_eq!(saved["payment_method_options"]["card"]["request_three_d_secure"], "challenge");
    let asked: Vec<&str> = {
        let verified = shop.bank.verified.lock().unwrap();
        verified.iter().map(|request| request.three_d_secure.name()).collect()
    };
    assert_eq!(asked, ["any", "challenge"]);
}
