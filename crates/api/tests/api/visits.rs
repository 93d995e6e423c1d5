//! Visits to the pay page that keep a card, make a customer, or send the money on to a seller.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=10000\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=1";

/// Opens a session and looks at it with the dialect's eyes.
async fn open(shop: &Shop, form: &str) -> Value {
    let made = shop.client.post("/v1/checkout/sessions", form).await.ok();
    valid(&made);
    made
}

async fn confirm(shop: &Shop, session: &Value, form: &str) -> Value {
    let path = format!("/v1/payment_pages/{}/confirm", text(session, "id"));
    let paid = shop.client.post(&path, form).await.ok();
    valid(&paid);
    paid
}

#[track_caller]
fn valid(session: &Value) {
    assert_eq!(Schema::read().faults("Session", session), Vec::<String>::new(), "{session:#}");
}

async fn get(shop: &Shop, path: &str, value: &Value) -> Value {
    let id = value.as_str().unwrap();
    shop.client.get(&format!("{path}/{id}")).await.ok()
}

fn kinds(shop: &Shop) -> Vec<&'static str> {
    shop.store.all_events().iter().map(|event| event.kind.name()).collect()
}

#[tokio::test]
async fn a_session_keeps_a_card_and_charges_nothing() {
    let shop = Shop::open();
    let owner = shop.client.post("/v1/customers", "name=Ada").await.ok();
    let form = format!(
        "mode=setup&currency=eur&customer={}&setup_intent_data[description]=later\
         &setup_intent_data[metadata][a]=1&payment_method_types[]=card&metadata[b]=2\
         &success_url=https://shop.example/kept",
        text(&owner, "id")
    );
    let made = open(&shop, &form).await;
    let shown = ["mode", "status", "payment_status", "currency", "amount_total", "total_details"];
    let values = shown.map(|name| made[name].clone());
    let expected =
        [json!("setup"), json!("open"), json!("no_payment_required"), json!("eur"), json!(null)];
    assert_eq!(values[..5], expected);
    assert_eq!(values[5], json!(null));
    let setup = get(&shop, "/v1/setup_intents", &made["setup_intent"]).await;
    assert_eq!((&setup["description"], &setup["metadata"]), (&json!("later"), &json!({"a": "1"})));
    assert_eq!((&setup["customer"], &setup["usage"]), (&owner["id"], &json!("off_session")));

    let done = confirm(&shop, &made, "payment_method=pm_card_visa&expand[]=setup_intent").await;
    assert_eq!(done["payment_status"], "no_payment_required");
    assert_eq!((&done["status"], &done["url"]), (&json!("complete"), &json!(null)));
    assert_eq!(done["setup_intent"]["status"], "succeeded");
    assert_eq!(done["payment_intent"], json!(null));
    let card = get(&shop, "/v1/payment_methods", &done["setup_intent"]["payment_method"]).await;
    assert_eq!(card["customer"], owner["id"]);
    // Their order is the core's: those of one moment come here in any.
    let mut kinds = kinds(&shop);
    kinds.sort_unstable();
    let expected = [
        "checkout.session.completed",
        "customer.created",
        "payment_method.attached",
        "setup_intent.created",
        "setup_intent.succeeded",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn a_bank_declines_and_asks_before_a_session_keeps_a_card() {
    let shop = Shop::open();
    let made = open(&shop, "mode=setup").await;
    let path = format!("/v1/payment_pages/{}/confirm", text(&made, "id"));
    let declined = shop.client.post(&path, "payment_method=tok_chargeDeclined").await;
    assert_eq!(declined.error(), "402 card_declined -");
    assert_eq!(declined.json["error"]["setup_intent"]["id"], made["setup_intent"]);

    let waiting =
        confirm(&shop, &made, "payment_method=tok_threeDSecureRequired&expand[]=setup_intent")
            .await;
    assert_eq!(waiting["setup_intent"]["status"], "requires_action");
    let attempt = text(&waiting["setup_intent"], "latest_attempt").to_owned();
    let expire = format!("/v1/checkout/sessions/{}/expire", text(&made, "id"));
    assert_eq!(
        shop.client.post(&expire, "").await.error(),
        "400 setup_intent_unexpected_state -",
        "only the bank's answer ends what the bank was asked"
    );
    shop.bank.codes_given.store(true, Ordering::Relaxed);
    shop.notify(&attempt).await.ok();
    let mut shown = Value::Null;
    for _ in 0..1_000 {
        shown = get(&shop, "/v1/checkout/sessions", &made["id"]).await;
        if shown["status"] == "complete" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(shown["status"], "complete");
    for kind in ["setup_intent.setup_failed", "setup_intent.requires_action"] {
        assert!(kinds(&shop).contains(&kind), "{kind}");
    }
}

#[tokio::test]
async fn a_session_that_ends_gives_its_setup_up() {
    let shop = Shop::open();
    let made = open(&shop, "mode=setup").await;
    let setup = format!("/v1/setup_intents/{}", text(&made, "setup_intent"));
    let owner = shop.client.post("/v1/customers", "name=Ada").await.ok();
    let whose = format!("customer={}", text(&owner, "id"));
    // Its buyer confirms it on the page, and says there whose card it is.
    for (path, form) in [
        (format!("{setup}/confirm"), "payment_method=pm_card_visa"),
        (format!("{setup}/cancel"), ""),
        (setup.clone(), &whose),
    ] {
        let answer = shop.client.post(&path, form).await;
        assert_eq!(answer.error(), "400 setup_intent_unexpected_state -", "{path}");
    }
    let expire = format!("/v1/checkout/sessions/{}/expire", text(&made, "id"));
    assert_eq!(shop.client.post(&expire, "").await.ok()["status"], "expired");
    let setup = shop.client.get(&setup).await.ok();
    assert_eq!(
        (&setup["status"], &setup["cancellation_reason"]),
        (&json!("canceled"), &json!("abandoned"))
    );
}

#[tokio::test]
async fn a_buyer_becomes_a_customer_of_what_was_given() {
    let given = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa\
                 &payment_method_data[billing_details][email]=ada@example.com\
                 &payment_method_data[billing_details][name]=Ada\
                 &payment_method_data[billing_details][phone]=%2B351912345\
                 &payment_method_data[billing_details][address][country]=PT";
    // The form of the session, and whether a customer is made.
    let table = [
        (format!("{LINE}&customer_creation=always"), true),
        (format!("{LINE}&customer_creation=if_required"), false),
        (LINE.to_owned(), false),
        ("mode=setup&customer_creation=always".to_owned(), true),
        ("mode=setup".to_owned(), false),
    ];
    for (form, is_made) in table {
        let shop = Shop::open();
        let made = open(&shop, &form).await;
        assert_eq!(made["customer"], json!(null), "{form}");
        let done = confirm(&shop, &made, given).await;
        let details = &done["customer_details"];
        let expected = ["ada@example.com", "Ada", "+351912345"].map(|text| json!(text));
        assert_eq!(["email", "name", "phone"].map(|name| details[name].clone()), expected);
        assert_eq!(details["address"]["country"], "PT");
        assert_eq!(kinds(&shop).contains(&"customer.created"), is_made, "{form}");
        assert_eq!(done["customer"].is_string(), is_made, "{form}");
        if is_made {
            let customer = get(&shop, "/v1/customers", &done["customer"]).await;
            assert_eq!(
                (&customer["email"], &customer["name"]),
                (&json!("ada@example.com"), &json!("Ada"))
            );
            assert_eq!(customer["address"]["country"], "PT");
            let filter = format!("/v1/checkout/sessions?customer={}", text(&customer, "id"));
            assert_eq!(shop.client.get(&filter).await.ok()["data"][0]["id"], done["id"]);
        }
    }
}

#[tokio::test]
async fn the_money_of_a_session_goes_on_to_a_seller() {
    // What is said, what the seller and the platform then have of 100.00.
    let table = [
        ("payment_intent_data[application_fee_amount]=700", 9_300, 700),
        ("payment_intent_data[transfer_data][amount]=4001", 4_001, 5_999),
        ("payment_intent_data[transfer_group]=g", 10_000, 0),
    ];
    for (said, seller_has, platform_has) in table {
        let shop = Shop::open();
        let seller = shop.seller("Ada").await;
        let form = format!(
            "{LINE}&{said}&payment_intent_data[transfer_data][destination]={seller}\
             &payment_intent_data[on_behalf_of]={seller}"
        );
        let made = open(&shop, &form).await;
        let done = confirm(&shop, &made, "payment_method=pm_card_bypassPending").await;
        let payment = get(&shop, "/v1/payment_intents", &done["payment_intent"]).await;
        assert_eq!(payment["status"], "succeeded", "{said}");
        assert_eq!(payment["transfer_data"]["destination"], json!(seller));
        assert_eq!(payment["on_behalf_of"], json!(seller));
        let own = shop.client.get("/v1/balance").await.ok();
        assert_eq!(own["available"][0]["amount"], platform_has, "{said}");
        let account = shop.client.with("stripe-account", &seller);
        let theirs = account.get("/v1/balance").await.ok();
        assert_eq!(theirs["available"][0]["amount"], seller_has, "{said}");
        let transfers = format!("/v1/transfers?destination={seller}");
        let transfers = shop.client.get(&transfers).await.ok();
        assert_eq!(transfers["data"].as_array().unwrap().len(), 1, "{said}");
    }
}

#[tokio::test]
async fn a_link_says_to_whom_its_money_goes_and_how_it_ships() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let rate = "shipping_options[0][shipping_rate_data]";
    let form = format!(
        "{LINE}&transfer_data[destination]={seller}&application_fee_amount=10500\
         &on_behalf_of={seller}&{rate}[display_name]=Post&{rate}[fixed_amount][amount]=500\
         &{rate}[fixed_amount][currency]=usd"
    );
    let link = shop.client.post("/v1/payment_links", &form).await.ok();
    assert_eq!(Schema::read().faults("PaymentLink", &link), Vec::<String>::new(), "{link:#}");
    assert_eq!(link["transfer_data"], json!({ "amount": null, "destination": seller }));
    assert_eq!(
        (&link["application_fee_amount"], &link["on_behalf_of"]),
        (&json!(10_500), &json!(seller))
    );
    assert_eq!(link["shipping_options"][0]["shipping_amount"], 500);
    assert_eq!(link["payment_intent_data"], json!(null));
}

/// Posts each form and looks at the answer.
async fn refuses(shop: &Shop, path: &str, table: &[(String, String)]) {
    for (form, expected) in table {
        assert_eq!(shop.client.post(path, form).await.error(), *expected, "{form}");
    }
}

const NOBODY: &str = "acct_0000000000000000000000";
const DATA: &str = "payment_intent_data";

#[tokio::test]
async fn what_a_session_that_keeps_a_card_cannot_do_is_refused_by_name() {
    let shop = Shop::open();
    let table = [
        (format!("mode=setup&{LINE}"), "400 parameter_unsupported line_items".to_owned()),
        (format!("mode=setup&{DATA}[description]=x"), format!("400 parameter_unsupported {DATA}")),
        (
            "mode=setup&payment_method_types[]=sepa_debit".to_owned(),
            "400 parameter_invalid_value payment_method_types".to_owned(),
        ),
        (
            format!("{LINE}&setup_intent_data[description]=x"),
            "400 parameter_unsupported setup_intent_data".to_owned(),
        ),
        (
            format!("mode=setup&setup_intent_data[on_behalf_of]={NOBODY}"),
            "404 resource_missing setup_intent_data[on_behalf_of]".to_owned(),
        ),
        ("mode=subscription".to_owned(), "400 parameter_invalid_value mode".to_owned()),
    ];
    refuses(&shop, "/v1/checkout/sessions", &table).await;
}

#[tokio::test]
async fn what_a_sessions_money_cannot_do_is_refused_by_name() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let of_seller = format!("{LINE}&line_items[0][seller]={seller}");
    let to = format!("{DATA}[transfer_data][destination]={seller}");
    let (fee, part) =
        (format!("{DATA}[application_fee_amount]"), format!("{DATA}[transfer_data][amount]"));
    let table = [
        (
            format!("{LINE}&{DATA}[transfer_data][destination]={NOBODY}"),
            format!("404 resource_missing {DATA}[transfer_data][destination]"),
        ),
        (format!("{of_seller}&{to}"), format!("400 parameter_unsupported {DATA}[transfer_data]")),
        (
            format!("{of_seller}&{DATA}[on_behalf_of]={seller}"),
            format!("400 parameter_unsupported {DATA}[on_behalf_of]"),
        ),
        (format!("{LINE}&{to}&{fee}=10001"), format!("400 parameter_invalid_value {fee}")),
        (format!("{LINE}&{fee}=1"), format!("400 parameter_invalid_value {fee}")),
        (format!("{LINE}&{to}&{part}=10001"), format!("400 parameter_invalid_value {part}")),
        (format!("{LINE}&{to}&{part}=1&{fee}=1"), format!("400 parameters_exclusive {part}")),
    ];
    refuses(&shop, "/v1/checkout/sessions", &table).await;
}

#[tokio::test]
async fn what_a_links_money_cannot_do_is_refused_by_name() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let table = [
        (
            format!("{LINE}&application_fee_percent=5"),
            "400 parameter_unsupported application_fee_percent".to_owned(),
        ),
        (
            format!("{LINE}&transfer_data[destination]={seller}&application_fee_amount=10001"),
            "400 parameter_invalid_value application_fee_amount".to_owned(),
        ),
        (
            format!("{LINE}&line_items[0][seller]={seller}&transfer_data[destination]={seller}"),
            "400 parameter_unsupported transfer_data".to_owned(),
        ),
        (format!("{LINE}&on_behalf_of={NOBODY}"), "404 resource_missing on_behalf_of".to_owned()),
        (
            format!("{LINE}&{DATA}[transfer_data][destination]={seller}"),
            format!("400 parameter_unknown {DATA}[transfer_data]"),
        ),
    ];
    refuses(&shop, "/v1/payment_links", &table).await;
}
