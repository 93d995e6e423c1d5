//! Where the goods go and where the cardholder lives: asked by a session, said by its buyer, and
//! told to whoever has to know.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const ASKED: &str = "line_items[0][price_data][currency]=usd\
    &line_items[0][price_data][unit_amount]=10000\
    &line_items[0][price_data][product_data][name]=Lamp&line_items[0][quantity]=1\
    &shipping_address_collection[allowed_countries][]=DE\
    &shipping_address_collection[allowed_countries][]=US\
    &billing_address_collection=required&phone_number_collection[enabled]=true";
const SHIPPED: &str = "collected_information[shipping_details][name]=Mira+B.\
    &collected_information[shipping_details][address][country]=US\
    &collected_information[shipping_details][address][line1]=1+Long+Street\
    &collected_information[shipping_details][address][city]=Reno\
    &collected_information[shipping_details][address][state]=NV\
    &collected_information[shipping_details][address][postal_code]=89501";
const BILLED: &str = "payment_method_data[billing_details][address][country]=AE\
    &payment_method_data[billing_details][address][line1]=Marina+7\
    &payment_method_data[billing_details][address][state]=Dubai\
    &payment_method_data[billing_details][phone]=%2B971+4+123";
const CARD: &str = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa";

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

async fn open(shop: &Shop) -> (String, String) {
    let made = shop.client.post("/v1/checkout/sessions", ASKED).await.ok();
    valid("Session", &made);
    assert_eq!(made["collected_information"], json!(null));
    let id = text(&made, "id").to_owned();
    (format!("/v1/payment_pages/{id}/confirm"), id)
}

#[tokio::test]
async fn what_is_said_of_places_is_told_with_the_session_the_payment_and_its_charge() {
    let shop = Shop::open();
    let (confirm, id) = open(&shop).await;
    let form = format!("{CARD}&{SHIPPED}&{BILLED}");
    let paid = shop.client.post(&confirm, &form).await.ok();
    valid("Session", &paid);
    let shipped = json!({
        "city": "Reno", "country": "US", "line1": "1 Long Street", "line2": null,
        "postal_code": "89501", "state": "NV",
    });
    let billed = json!({
        "city": null, "country": "AE", "line1": "Marina 7", "line2": null,
        "postal_code": null, "state": "Dubai",
    });
    let details = json!({ "address": shipped, "name": "Mira B." });
    assert_eq!(paid["collected_information"]["shipping_details"], details);
    assert_eq!(paid["customer_details"]["address"], billed);
    assert_eq!(paid["customer_details"]["phone"], "+971 4 123");
    let path =
        format!("/v1/payment_intents/{}?expand[]=latest_charge", text(&paid, "payment_intent"));
    let payment = shop.client.get(&path).await.ok();
    for object in [&payment, &payment["latest_charge"]] {
        let to = &object["shipping"];
        assert_eq!((&to["name"], &to["phone"]), (&json!("Mira B."), &json!("+971 4 123")));
        assert_eq!(to["address"], shipped);
    }
    assert_eq!(payment["latest_charge"]["billing_details"]["address"], billed);

    let events = shop.client.get("/v1/events?type=checkout.session.completed").await.ok();
    let told = &events["data"][0]["data"]["object"];
    assert_eq!(told["id"], json!(id));
    assert_eq!(told["collected_information"]["shipping_details"], details);
}

#[tokio::test]
async fn places_that_will_not_do_are_refused_by_name_and_charge_nothing() {
    let shop = Shop::open();
    let (confirm, _) = open(&shop).await;
    let whole = format!("{CARD}&{SHIPPED}&{BILLED}");
    let other = |from: &str, to: &str| whole.replace(from, to);
    let to = "collected_information[shipping_details]";
    let of = "payment_method_data[billing_details]";
    let missing = "400 parameter_missing";
    let invalid = "400 parameter_invalid_value";
    let long = "n".repeat(201);
    let table = [
        (CARD.to_owned(), format!("{missing} {to}[name]")),
        (format!("{CARD}&{BILLED}"), format!("{missing} {to}[name]")),
        (format!("{CARD}&{SHIPPED}"), format!("{missing} {of}[phone]")),
        (other("[phone]=%2B971+4+123", "[name]=Ada"), format!("{missing} {of}[phone]")),
        (other("[country]=US", "[country]=FR"), format!("{invalid} {to}[address][country]")),
        (other("[state]=NV", "[line2]=2"), format!("{missing} {to}[address][state]")),
        (other("[city]=Reno", "[line2]=2"), format!("{missing} {to}[address][city]")),
        (
            other("=89501", "=000000000000000000000"),
            format!("{invalid} {to}[address][postal_code]"),
        ),
        (other("[country]=AE", "[country]=XX"), format!("{invalid} {of}[address][country]")),
        (other("[state]=Dubai", "[city]=Dubai"), format!("{missing} {of}[address][state]")),
        (other("Marina+7", &long), format!("{invalid} {of}[address][line1]")),
    ];
    for (form, expected) in &table {
        assert_eq!(shop.client.post(&confirm, form).await.error(), *expected, "{form}");
    }
    let payments = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(payments["data"], json!([]));
}

#[tokio::test]
async fn what_is_known_of_a_kept_cards_holder_need_not_be_said_again() {
    let shop = Shop::open();
    let form = "type=card&card[token]=tok_visa&billing_details[phone]=%2B971+4+123\
                &billing_details[address][country]=AE&billing_details[address][line1]=Marina+7\
                &billing_details[address][state]=Dubai";
    let method = shop.client.post("/v1/payment_methods", form).await.ok();
    let (confirm, _) = open(&shop).await;
    let bare = format!("payment_method={}", text(&method, "id"));
    let name = "400 parameter_missing collected_information[shipping_details][name]";
    assert_eq!(shop.client.post(&confirm, &bare).await.error(), name);
    let paid = shop.client.post(&confirm, &format!("{bare}&{SHIPPED}")).await.ok();
    assert_eq!(paid["customer_details"]["address"]["state"], "Dubai");
    assert_eq!(paid["customer_details"]["phone"], "+971 4 123");

    let unknown = shop.client.post("/v1/payment_methods", "type=card&card[token]=tok_visa").await;
    let bare = format!("payment_method={}", text(&unknown.ok(), "id"));
    let (confirm, _) = open(&shop).await;
    let refused = shop.client.post(&confirm, &format!("{bare}&{SHIPPED}")).await.error();
    assert_eq!(refused, "400 checkout_answers_missing -");
}

#[tokio::test]
async fn goods_go_only_where_there_is_a_place() {
    let shop = Shop::open();
    for country in ["XX", "EU", "de", "UK"] {
        let form = ASKED.replace("[]=DE", &format!("[]={country}"));
        let expected = "400 parameter_invalid_value shipping_address_collection[allowed_countries]";
        let refused = shop.client.post("/v1/checkout/sessions", &form).await.error();
        assert_eq!(refused, expected, "{country}");
    }
}
