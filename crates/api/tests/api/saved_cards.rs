//! Customers and their cards: kept, charged again, with the buyer away, taken away.

use holdfast_api::events::body;
use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{Shop, receipts};

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

async fn customer(shop: &Shop, form: &str) -> String {
    let made = shop.client.post("/v1/customers", form).await.ok();
    valid("Customer", &made);
    text(&made, "id").to_owned()
}

/// A customer with a card that is attached to it.
async fn with_card(shop: &Shop, token: &str) -> (String, String) {
    let customer = customer(shop, "name=Ada").await;
    let path = format!("/v1/payment_methods/{token}/attach");
    let method = shop.client.post(&path, &format!("customer={customer}")).await.ok();
    valid("PaymentMethod", &method);
    (customer, text(&method, "id").to_owned())
}

/// The events of a type, the newest first.
fn events(shop: &Shop, kind: &str) -> Vec<Value> {
    let events = shop.store.all_events();
    let of_kind = events.iter().filter(|event| event.kind.name() == kind);
    of_kind
        .map(|event| serde_json::from_slice(&body(event, None, &receipts())).unwrap())
        .rev()
        .collect()
}

#[tokio::test]
async fn customers_are_kept_changed_and_deleted() {
    let shop = Shop::open();
    let form = "name=Salma&email=salma@shop.example&phone=%2B49%20341%201&description=buys%20lamps\
                &address[line1]=Main%20St%201&address[country]=DE&shipping[name]=Salma\
                &shipping[address][city]=Leipzig&metadata[tier]=gold&metadata[old]=1\
                &preferred_locales[]=ar&tax_exempt=exempt&balance=0&expand[]=sources\
                &business_name=Lamps%20GmbH&individual_name=Salma%20K\
                &expand[]=tax_ids&expand[]=invoice_settings.default_payment_method";
    let made = shop.client.post("/v1/customers", form).await.ok();
    valid("Customer", &made);
    assert_eq!(made["shipping"]["address"]["city"], "Leipzig");
    assert_eq!(made["sources"]["data"], json!([]));
    assert_eq!(
        (&made["business_name"], &made["individual_name"]),
        (&json!("Lamps GmbH"), &json!("Salma K"))
    );
    let id = text(&made, "id").to_owned();
    let path = format!("/v1/customers/{id}");

    let form = "name=Sal&email=&metadata[old]=&metadata[new]=2&address=&individual_name=";
    let changed = shop.client.post(&path, form).await.ok();
    valid("Customer", &changed);
    assert_eq!((&changed["name"], &changed["email"]), (&json!("Sal"), &json!(null)));
    assert_eq!(changed["metadata"], json!({ "new": "2", "tier": "gold" }));
    assert_eq!(shop.client.get(&path).await.ok(), changed);
    let updated = &events(&shop, "customer.updated")[0]["data"];
    assert_eq!(updated["object"], changed);
    let previous = &updated["previous_attributes"];
    assert_eq!(previous["name"], "Salma");
    assert_eq!(previous["email"], "salma@shop.example");
    assert_eq!(previous["metadata"], json!({ "new": null, "old": "1" }));
    assert_eq!(previous["address"]["country"], "DE");
    assert_eq!(previous["individual_name"], "Salma K");
    assert_eq!(previous.as_object().unwrap().len(), 5, "{previous:#}");
    shop.client.post(&path, "name=Sal").await.ok();
    assert_eq!(events(&shop, "customer.updated").len(), 1, "nothing changed, nothing happened");

    let gone = shop.client.send("DELETE", &path, "").await.ok();
    assert_eq!(gone, json!({ "id": id, "object": "customer", "deleted": true }));
    assert_eq!(shop.client.get(&path).await.ok(), gone);
    assert_eq!(events(&shop, "customer.deleted")[0]["data"]["object"]["name"], "Sal");
    let table = [("POST", "", "name=x"), ("DELETE", "", ""), ("GET", "/payment_methods", "")];
    for (method, more, form) in table {
        let answer = shop.client.send(method, &format!("{path}{more}"), form).await;
        assert_eq!(answer.error(), "404 resource_missing id", "{method} {more}");
    }
}

#[tokio::test]
async fn customers_are_listed_by_email_and_time() {
    let shop = Shop::open();
    let first = customer(&shop, "email=a@shop.example").await;
    let second = customer(&shop, "email=b@shop.example").await;
    let third = customer(&shop, "email=a@shop.example").await;
    shop.client.send("DELETE", &format!("/v1/customers/{third}"), "").await.ok();
    let moved = customer(&shop, "email=a@shop.example").await;
    shop.client.post(&format!("/v1/customers/{moved}"), "email=c@shop.example").await.ok();
    let table = [
        ("", vec![&moved, &second, &first]),
        ("email=a@shop.example", vec![&first]),
        ("email=c@shop.example", vec![&moved]),
        ("email=A@shop.example", vec![]),
        ("created[gte]=1795176000", vec![&moved, &second, &first]),
        ("created[lt]=1795176000", vec![]),
        ("limit=1", vec![&moved]),
    ];
    for (filter, expected) in table {
        let list = shop.client.get(&format!("/v1/customers?{filter}")).await.ok();
        let ids: Vec<&str> =
            list["data"].as_array().unwrap().iter().map(|row| text(row, "id")).collect();
        assert_eq!(ids, expected, "{filter}");
    }
}

#[tokio::test]
async fn a_customer_comes_with_a_card() {
    let shop = Shop::open();
    let expand = "expand[]=invoice_settings.default_payment_method";
    let made = shop.client.post("/v1/customers", &format!("source=tok_visa&{expand}")).await.ok();
    valid("Customer", &made);
    let default = &made["invoice_settings"]["default_payment_method"];
    assert_eq!(default["card"]["last4"], "3184");
    assert_eq!(default["customer"], made["id"]);
    let path = format!("/v1/customers/{}", text(&made, "id"));
    let cards = format!("{path}/payment_methods");
    assert_eq!(shop.client.get(&cards).await.ok()["data"], json!([default]));

    let other = shop.client.post(&path, &format!("source=tok_mastercard&{expand}")).await.ok();
    let second = &other["invoice_settings"]["default_payment_method"];
    assert_ne!(second["id"], default["id"]);
    let form = format!("invoice_settings[default_payment_method]={}", text(default, "id"));
    let back = shop.client.post(&path, &form).await.ok();
    assert_eq!(back["invoice_settings"]["default_payment_method"], default["id"]);
    let none = shop.client.post(&path, "invoice_settings[default_payment_method]=").await.ok();
    assert_eq!(none["invoice_settings"]["default_payment_method"], json!(null));

    let loose = "type=card&card[token]=tok_visa";
    let loose = shop.client.post("/v1/payment_methods", loose).await.ok();
    let id = text(&loose, "id");
    let form = format!("payment_method={id}&invoice_settings[default_payment_method]={id}&name=Bo");
    let owner = shop.client.post("/v1/customers", &form).await.ok();
    assert_eq!(owner["invoice_settings"]["default_payment_method"], id);
    let failed = shop.client.post("/v1/customers", "source=tok_unheardOf").await;
    assert_eq!(failed.error(), "400 resource_missing source");
}

#[tokio::test]
async fn a_card_is_made_changed_attached_and_detached() {
    let shop = Shop::open();
    let form = "type=card&card[token]=tok_visa&billing_details[name]=Ada\
                &billing_details[address][postal_code]=04109&allow_redisplay=always\
                &metadata[a]=1";
    let made = shop.client.post("/v1/payment_methods", form).await.ok();
    valid("PaymentMethod", &made);
    assert_eq!(made["billing_details"]["name"], "Ada");
    assert_eq!(made["card"]["fingerprint"], "abcdefghijklmnop");
    let path = format!("/v1/payment_methods/{}", text(&made, "id"));
    assert_eq!(shop.client.get(&path).await.ok(), made);

    let form = "billing_details[email]=ada@shop.example&metadata[a]=&allow_redisplay=limited";
    let changed = shop.client.post(&path, form).await.ok();
    valid("PaymentMethod", &changed);
    assert_eq!(changed["billing_details"]["name"], "Ada", "what is not named stays");
    let updated = &events(&shop, "payment_method.updated")[0]["data"];
    let previous = json!({ "allow_redisplay": "always", "billing_details": { "email": null },
                           "metadata": { "a": "1" } });
    assert_eq!(updated["previous_attributes"], previous);

    let owner = customer(&shop, "name=Ada").await;
    let form = format!("customer={owner}&expand[]=customer");
    let attached = shop.client.post(&format!("{path}/attach"), &form).await.ok();
    valid("PaymentMethod", &attached);
    assert_eq!(attached["customer"]["id"], owner);
    assert_eq!(shop.client.post(&format!("{path}/attach"), &form).await.ok(), attached);
    assert_eq!(events(&shop, "payment_method.attached").len(), 1);
    let other = customer(&shop, "name=Bo").await;
    let stolen = shop.client.post(&format!("{path}/attach"), &format!("customer={other}")).await;
    assert_eq!(stolen.error(), "400 payment_method_customer_mismatch payment_method");
    for list in [
        format!("/v1/payment_methods?customer={owner}&type=card"),
        format!("/v1/customers/{owner}/payment_methods"),
        format!("/v1/customers/{owner}/payment_methods?allow_redisplay=limited&type=card"),
    ] {
        let list = shop.client.get(&list).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), 1);
        assert_eq!(list["data"][0]["id"], made["id"]);
    }
    let one = format!("/v1/customers/{owner}/payment_methods/{}", text(&made, "id"));
    assert_eq!(shop.client.get(&one).await.ok()["id"], made["id"]);
    assert_eq!(
        shop.client.get(&one.replace(&owner, &other)).await.error(),
        "404 resource_missing id"
    );

    let detached = shop.client.post(&format!("{path}/detach"), "").await.ok();
    assert_eq!(detached["customer"], json!(null));
    let event = &events(&shop, "payment_method.detached")[0]["data"];
    valid("PaymentMethod", &event["object"]);
    assert_eq!(event["previous_attributes"], json!({ "customer": owner }));
    let list = shop.client.get(&format!("/v1/payment_methods?customer={owner}")).await.ok();
    assert_eq!(list["data"], json!([]));
    let used = "400 payment_method_unexpected_state payment_method";
    assert_eq!(shop.client.post(&format!("{path}/attach"), &form).await.error(), used);
    let pay = format!("amount=5&currency=usd&payment_method={}", text(&made, "id"));
    assert_eq!(shop.client.post("/v1/payment_intents", &pay).await.error(), used);
}

#[tokio::test]
async fn a_kept_card_pays_again_and_again() {
    let shop = Shop::open();
    let (owner, method) = with_card(&shop, "pm_card_visa").await;
    let more = format!(
        "customer={owner}&off_session=true&expand[]=payment_method\
                        &expand[]=customer&expand[]=latest_charge"
    );
    for _ in 0..2 {
        let paid = shop.pay(&method, &more).await;
        valid("PaymentIntent", &paid);
        assert_eq!(paid["status"], "succeeded");
        assert_eq!(
            (&paid["payment_method"]["id"], &paid["customer"]["id"]),
            (&json!(method), &json!(owner))
        );
        assert_eq!(paid["latest_charge"]["payment_method"], method);
        assert_eq!(paid["latest_charge"]["customer"], owner);
    }
    for list in ["payment_intents", "charges"] {
        let list = shop.client.get(&format!("/v1/{list}?customer={owner}")).await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), 2);
    }
    let other = customer(&shop, "name=Bo").await;
    for whose in [format!("customer={other}"), "confirm=true".to_owned()] {
        let form = format!("amount=5&currency=usd&payment_method={method}&{whose}");
        let answer = shop.client.post("/v1/payment_intents", &form).await;
        assert_eq!(answer.error(), "400 payment_method_customer_mismatch payment_method");
    }
    // A customer who was deleted pays nothing any more; what was paid is still shown.
    shop.client.send("DELETE", &format!("/v1/customers/{owner}"), "").await.ok();
    let form = format!("amount=5&currency=usd&payment_method={method}&customer={owner}");
    let answer = shop.client.post("/v1/payment_intents", &form).await;
    assert_eq!(answer.error(), "400 resource_missing customer");
    let list = format!("/v1/payment_intents?customer={owner}&expand[]=data.customer");
    let list = shop.client.get(&list).await.ok();
    assert_eq!(list["data"][0]["customer"]["deleted"], true);
    valid("PaymentIntent", &list["data"][0]);
}

#[tokio::test]
async fn a_payment_keeps_its_card_for_later() {
    let shop = Shop::open();
    let owner = customer(&shop, "name=Ada").await;
    let data = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa\
                &payment_method_data[billing_details][name]=Ada";
    let form = format!(
        "amount=900&currency=usd&confirm=true&customer={owner}\
         &setup_future_usage=off_session&{data}"
    );
    let paid = shop.client.post("/v1/payment_intents", &form).await.ok();
    valid("PaymentIntent", &paid);
    assert_eq!(paid["setup_future_usage"], "off_session");
    let list = format!("/v1/customers/{owner}/payment_methods");
    let kept = shop.client.get(&list).await.ok()["data"][0].clone();
    valid("PaymentMethod", &kept);
    assert_eq!(kept["id"], paid["payment_method"]);
    assert_eq!(kept["billing_details"]["name"], "Ada");
    let again = shop.pay(text(&kept, "id"), &format!("customer={owner}&off_session=true")).await;
    assert_eq!(again["status"], "succeeded");

    // What was charged and not asked to be kept is shown, and is good for nothing else.
    let once = shop.pay("tok_visa", "expand[]=payment_method").await;
    let used = once["payment_method"].clone();
    valid("PaymentMethod", &used);
    let path = format!("/v1/payment_methods/{}", text(&used, "id"));
    assert_eq!(shop.client.get(&path).await.ok(), used);
    let refused = "400 payment_method_unexpected_state payment_method";
    let attach = format!("customer={owner}");
    assert_eq!(shop.client.post(&format!("{path}/attach"), &attach).await.error(), refused);
    assert_eq!(shop.client.post(&format!("{path}/detach"), "").await.error(), refused);
    let pay = format!("amount=5&currency=usd&payment_method={}", text(&used, "id"));
    assert_eq!(shop.client.post("/v1/payment_intents", &pay).await.error(), refused);
}

#[tokio::test]
async fn a_payment_waits_with_a_card_that_is_kept_for_it() {
    let shop = Shop::open();
    let form = "amount=900&currency=usd&payment_method=pm_card_visa&expand[]=payment_method";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    valid("PaymentIntent", &made);
    assert_eq!(made["status"], "requires_confirmation");
    assert_eq!(made["payment_method"]["card"]["last4"], "3184");
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));
    let paid = shop.client.post(&path, "").await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["payment_method"], made["payment_method"]["id"]);

    // The network has not answered: nothing is charged until it has.
    let form = "amount=900&currency=usd&payment_method=tok_silent";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));
    let early = shop.client.post(&path, "").await;
    assert_eq!(early.error(), "400 payment_method_not_ready payment_method");
}

#[tokio::test]
async fn a_bank_that_wants_to_hear_from_a_buyer_who_is_away_declines() {
    let shop = Shop::open();
    let (owner, method) = with_card(&shop, "tok_threeDSecureRequired").await;
    let form = format!(
        "amount=900&currency=usd&confirm=true&off_session=true&customer={owner}\
         &payment_method={method}"
    );
    let answer = shop.client.post("/v1/payment_intents", &form).await;
    assert_eq!(answer.error(), "402 authentication_required -");
    let error = &answer.json["error"];
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(error["payment_intent"]["payment_method"], json!(null));
    valid("PaymentMethod", &error["payment_method"]);
    assert_eq!(error["payment_method"]["id"], method);
    let last = &error["payment_intent"]["last_payment_error"];
    assert_eq!(last["payment_method"], error["payment_method"]);
    // With the buyer there, the bank asks.
    let path = format!("/v1/payment_intents/{}/confirm", text(&error["payment_intent"], "id"));
    let asked = shop.client.post(&path, &format!("payment_method={method}")).await.ok();
    assert_eq!(asked["status"], "requires_action");
}

#[tokio::test]
async fn a_card_that_its_bank_declines_becomes_nobodys() {
    let shop = Shop::open();
    let owner = customer(&shop, "name=Ada").await;
    let form = format!("customer={owner}");
    let loose = "type=card&card[token]=tok_chargeDeclined";
    let loose = shop.client.post("/v1/payment_methods", loose).await.ok();
    let loose = text(&loose, "id").to_owned();
    for id in [&loose, &loose, "tok_chargeDeclined"] {
        let path = format!("/v1/payment_methods/{id}/attach");
        let refused = shop.client.post(&path, &form).await;
        assert_eq!(refused.error(), "402 card_declined -", "{id}");
        let error = &refused.json["error"];
        assert_eq!(
            (&error["type"], &error["decline_code"]),
            (&json!("card_error"), &json!("generic_decline"))
        );
    }
    let seen = shop.client.get(&format!("/v1/payment_methods/{loose}")).await.ok();
    assert_eq!(seen["customer"], json!(null));
    let list = shop.client.get(&format!("/v1/payment_methods?customer={owner}")).await.ok();
    assert_eq!(list["data"], json!([]));
    assert_eq!(events(&shop, "payment_method.attached"), Vec::<Value>::new());
    // The card that everybody keeps and nobody can charge.
    let fails = "/v1/payment_methods/pm_card_chargeCustomerFail/attach";
    assert_eq!(shop.client.post(fails, &form).await.status, 200);
    // A repeated request is answered as the first was.
    let client = shop.client.with("idempotency-key", "attach-1");
    let path = format!("/v1/payment_methods/{loose}/attach");
    let first = client.post(&path, &form).await;
    let again = client.post(&path, &form).await;
    assert_eq!((first.status, &first.bytes), (402, &again.bytes));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn while_a_bank_has_not_answered_a_card_is_nobodys() {
    let shop = Shop::open();
    let owner = customer(&shop, "name=Ada").await;
    let loose = "type=card&card[token]=tok_hesitant";
    let loose = shop.client.post("/v1/payment_methods", loose).await.ok();
    let path = format!("/v1/payment_methods/{}", text(&loose, "id"));
    let waiting = shop.client.post(&format!("{path}/attach"), &format!("customer={owner}")).await;
    assert_eq!(waiting.error(), "400 payment_method_not_ready payment_method");
    assert_eq!(shop.client.get(&path).await.ok()["customer"], json!(null));
    let list = shop.client.get("/v1/customers").await.ok();
    let form = format!("payment_method={}", text(&loose, "id"));
    let waiting = shop.client.post("/v1/customers", &form).await;
    assert_eq!(waiting.error(), "400 payment_method_not_ready payment_method");
    assert_eq!(shop.client.get("/v1/customers").await.ok(), list);
}

#[tokio::test]
async fn a_customer_comes_with_its_card_or_not_at_all() {
    let shop = Shop::open();
    let loose = "type=card&card[token]=tok_chargeDeclined";
    let loose = shop.client.post("/v1/payment_methods", loose).await.ok();
    let loose = format!("payment_method={}", text(&loose, "id"));
    let rows: &[(&str, &str)] = &[
        ("source=tok_chargeDeclined", "402 card_declined -"),
        ("payment_method=pm_card_chargeDeclined", "402 card_declined -"),
        (&loose, "402 card_declined -"),
        (&loose, "402 card_declined -"),
        ("source=tok_unheardOf", "400 resource_missing source"),
        ("payment_method=tok_unheardOf", "400 resource_missing payment_method"),
    ];
    for (form, expected) in rows {
        let form = format!("name=Ada&email=ada@shop.example&{form}");
        assert_eq!(shop.client.post("/v1/customers", &form).await.error(), *expected, "{form}");
    }
    assert_eq!(shop.client.get("/v1/customers").await.ok()["data"], json!([]));
    let found = shop.client.get("/v1/customers/search?query=name:%22Ada%22").await.ok();
    assert_eq!(found["data"], json!([]));
    assert_eq!(events(&shop, "customer.created"), Vec::<Value>::new());

    // A customer that is there keeps the card that it had.
    let (owner, first) = with_card(&shop, "tok_visa").await;
    let path = format!("/v1/customers/{owner}");
    let form = format!("invoice_settings[default_payment_method]={first}");
    shop.client.post(&path, &form).await.ok();
    let refused = shop.client.post(&path, "source=tok_chargeDeclined").await;
    assert_eq!(refused.error(), "402 card_declined -");
    let now = shop.client.get(&path).await.ok();
    assert_eq!(now["invoice_settings"]["default_payment_method"], first);
    let changed = shop.client.post(&path, "source=tok_mastercard").await.ok();
    assert_ne!(changed["invoice_settings"]["default_payment_method"], json!(first));
}
