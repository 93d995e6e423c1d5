//! What a session or a link asks on the pay page beside the card, and what becomes of the answers.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=10000\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=1";
const TERMS: &str = "consent_collection[terms_of_service]=required\
    &custom_text[terms_of_service_acceptance][message]=\
    I+accept+the+%5Bterms%5D(https%3A%2F%2Fshop.example%2Fterms).";
const FIELDS: &str = "custom_fields[0][key]=engraving&custom_fields[0][type]=text\
    &custom_fields[0][label][type]=custom&custom_fields[0][label][custom]=Engraving\
    &custom_fields[0][text][maximum_length]=12&custom_fields[0][text][minimum_length]=2\
    &custom_fields[1][key]=room&custom_fields[1][type]=numeric&custom_fields[1][optional]=true\
    &custom_fields[1][label][type]=custom&custom_fields[1][label][custom]=Room\
    &custom_fields[1][numeric][default_value]=7\
    &custom_fields[2][key]=size&custom_fields[2][type]=dropdown\
    &custom_fields[2][label][type]=custom&custom_fields[2][label][custom]=Size\
    &custom_fields[2][dropdown][options][0][label]=Small\
    &custom_fields[2][dropdown][options][0][value]=s\
    &custom_fields[2][dropdown][options][1][label]=Large\
    &custom_fields[2][dropdown][options][1][value]=l\
    &custom_fields[2][dropdown][default_value]=l";
const REST: &str = "consent_collection[promotions]=auto\
    &consent_collection[payment_method_reuse_agreement][position]=hidden\
    &name_collection[business][enabled]=true&name_collection[business][optional]=true\
    &name_collection[individual][enabled]=true\
    &custom_text[submit][message]=One%0Atwo&custom_text[after_submit][message]=After\
    &custom_text[shipping_address][message]=Where";
const ANSWERS: &str = "payment_method=pm_card_visa&custom_fields[0][key]=engraving\
    &custom_fields[0][value]=For+Ada&custom_fields[1][key]=size&custom_fields[1][value]=s\
    &consent[terms_of_service]=accepted&consent[promotions]=opt_out\
    &collected_information[individual_name]=Mira+B.";

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

async fn open(shop: &Shop) -> Value {
    let form = format!("{LINE}&{TERMS}&{FIELDS}&{REST}&line_items[0][metadata][sku]=l-1");
    let made = shop.client.post("/v1/checkout/sessions", &form).await.ok();
    valid("Session", &made);
    made
}

#[tokio::test]
async fn a_session_asks_and_shows_what_was_answered() {
    let shop = Shop::open();
    let made = open(&shop).await;
    assert_eq!(made["custom_text"]["submit"]["message"], "One\ntwo");
    assert_eq!(made["custom_fields"][0]["text"]["value"], json!(null));
    assert_eq!(made["custom_fields"][1]["numeric"]["default_value"], "7");
    assert_eq!(made["custom_fields"][2]["dropdown"]["options"][1]["label"], "Large");
    assert_eq!(
        made["consent_collection"],
        json!({
            "payment_method_reuse_agreement": { "position": "hidden" },
            "promotions": "auto",
            "terms_of_service": "required",
        })
    );
    assert_eq!(
        made["name_collection"],
        json!({
            "business": { "enabled": true, "optional": true },
            "individual": { "enabled": true, "optional": false },
        })
    );
    assert_eq!((&made["consent"], &made["collected_information"]), (&json!(null), &json!(null)));

    let id = text(&made, "id");
    let confirm = format!("/v1/payment_pages/{id}/confirm");
    let paid = shop.client.post(&confirm, ANSWERS).await.ok();
    valid("Session", &paid);
    assert_eq!(paid["status"], "complete");
    assert_answered(&paid);
    let lines = shop.client.get(&format!("/v1/checkout/sessions/{id}/line_items")).await.ok();
    assert_eq!(lines["data"][0]["metadata"], json!({ "sku": "l-1" }));

    let events = shop.client.get("/v1/events?type=checkout.session.completed").await.ok();
    assert_answered(&events["data"][0]["data"]["object"]);
}

#[track_caller]
fn assert_answered(session: &Value) {
    let values = [
        &session["custom_fields"][0]["text"]["value"],
        &session["custom_fields"][1]["numeric"]["value"],
        &session["custom_fields"][2]["dropdown"]["value"],
    ];
    assert_eq!(values, [&json!("For Ada"), &json!(null), &json!("s")]);
    let consent = json!({ "promotions": "opt_out", "terms_of_service": "accepted" });
    assert_eq!(session["consent"], consent);
    for place in ["collected_information", "customer_details"] {
        assert_eq!(session[place]["individual_name"], "Mira B.", "{place}");
        assert_eq!(session[place]["business_name"], json!(null), "{place}");
    }
}

#[tokio::test]
async fn answers_that_will_not_do_are_refused_by_name_and_charge_nothing() {
    let shop = Shop::open();
    let made = open(&shop).await;
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&made, "id"));
    let other = |from: &str, to: &str| ANSWERS.replace(from, to);
    let invalid = "400 parameter_invalid_value";
    let table = [
        (
            "payment_method=pm_card_visa".to_owned(),
            "400 parameter_missing collected_information[individual_name]".to_owned(),
        ),
        (
            other("collected_information[individual_name]=Mira+B.", "expected_amount=10000"),
            "400 parameter_missing collected_information[individual_name]".to_owned(),
        ),
        (
            other("custom_fields[1][key]=size", "custom_fields[1][key]=room"),
            format!("{invalid} custom_fields[1][value]"),
        ),
        (
            other(
                "[1][key]=size&custom_fields[1][value]=s",
                "[1][key]=room&custom_fields[1][value]=7",
            ),
            "400 parameter_missing custom_fields".to_owned(),
        ),
        (other("=size", "=colour"), format!("{invalid} custom_fields[1][key]")),
        (other("=size", "=engraving"), format!("{invalid} custom_fields[1][key]")),
        (other("[value]=s", "[value]=m"), format!("{invalid} custom_fields[1][value]")),
        (other("=For+Ada", "=A"), format!("{invalid} custom_fields[0][value]")),
        (other("=For+Ada", "=Thirteen+long"), format!("{invalid} custom_fields[0][value]")),
        (
            other("consent[terms_of_service]=accepted&", ""),
            "400 parameter_missing consent[terms_of_service]".to_owned(),
        ),
        (other("=accepted", "=refused"), format!("{invalid} consent[terms_of_service]")),
    ];
    for (form, expected) in &table {
        assert_eq!(shop.client.post(&confirm, form).await.error(), *expected, "{form}");
    }
    let payments = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(payments["data"], json!([]));
}

#[tokio::test]
async fn a_link_asks_and_is_changed() {
    let shop = Shop::open();
    let form = format!("{LINE}&{TERMS}&{FIELDS}&{REST}");
    let link = shop.client.post("/v1/payment_links", &form).await.ok();
    valid("PaymentLink", &link);
    assert_eq!(link["custom_fields"][0]["key"], "engraving");
    assert!(link["custom_fields"][0]["text"].get("value").is_none());
    assert_eq!(link["consent_collection"]["terms_of_service"], "required");

    let path = format!("/v1/payment_links/{}", text(&link, "id"));
    let less = "custom_fields=&custom_text[submit]=&name_collection=";
    let less = shop.client.post(&path, less).await.ok();
    valid("PaymentLink", &less);
    assert_eq!(
        (&less["custom_fields"], &less["custom_text"]["submit"]),
        (&json!([]), &json!(null))
    );
    assert_eq!(less["custom_text"]["after_submit"]["message"], "After");
    assert!(less.get("name_collection").is_none());
    // What buyers have to accept has to be there to be read.
    let bare = shop.client.post(&path, "custom_text[terms_of_service_acceptance]=").await;
    let terms = "400 parameter_invalid_value consent_collection[terms_of_service]";
    assert_eq!(bare.error(), terms);
    let off = "custom_text[terms_of_service_acceptance]=&consent_collection[terms_of_service]=none";
    let off = shop.client.post(&path, off).await.ok();
    assert_eq!(off["consent_collection"]["terms_of_service"], "none");
}

/// Parameters of the page, and what is answered. `FIELD` is a field without its type, `OPTION` its
/// first option, `X9` nine times an x.
const BAD: &[(&str, &str)] = &[
    ("custom_text[submit][message]=X1201", "parameter_too_long custom_text[submit][message]"),
    ("custom_text[submit][text]=x", "parameter_missing custom_text[submit][message]"),
    ("custom_text[footer][message]=x", "parameter_unknown custom_text[footer]"),
    (
        "custom_fields[0][key]=a&custom_fields[1][key]=b&custom_fields[2][key]=c\
         &custom_fields[3][key]=d",
        "parameter_invalid_array custom_fields",
    ),
    ("custom_fields[0][type]=text", "parameter_missing custom_fields[0][key]"),
    ("custom_fields[0][key]=a%20b", "parameter_invalid_value custom_fields[0][key]"),
    ("custom_fields[0][key]=X201", "parameter_too_long custom_fields[0][key]"),
    ("custom_fields[0][key]=a", "parameter_missing custom_fields[0][label]"),
    (
        "custom_fields[0][key]=a&custom_fields[0][label][type]=custom\
         &custom_fields[0][label][custom]=X51",
        "parameter_too_long custom_fields[0][label][custom]",
    ),
    ("FIELD=date", "parameter_invalid_value custom_fields[0][type]"),
    ("FIELD=dropdown", "parameter_missing custom_fields[0][dropdown]"),
    (
        "FIELD=dropdown&custom_fields[0][dropdown][options]=",
        "parameter_missing custom_fields[0][dropdown][options]",
    ),
    ("FIELD=dropdown&OPTION[label]=A&OPTION[value]=a%20b", "parameter_invalid_value OPTION[value]"),
    ("FIELD=dropdown&OPTION[label]=X101&OPTION[value]=a", "parameter_too_long OPTION[label]"),
    (
        "FIELD=dropdown&OPTION[label]=A&OPTION[value]=a\
         &custom_fields[0][dropdown][options][1][label]=B\
         &custom_fields[0][dropdown][options][1][value]=a",
        "parameter_invalid_value custom_fields[0][dropdown][options][1][value]",
    ),
    (
        "FIELD=dropdown&OPTION[label]=A&OPTION[value]=a\
         &custom_fields[0][dropdown][default_value]=b",
        "parameter_invalid_value custom_fields[0][dropdown][default_value]",
    ),
    (
        "FIELD=text&custom_fields[0][numeric][minimum_length]=1",
        "parameters_exclusive custom_fields[0][numeric]",
    ),
    (
        "FIELD=text&custom_fields[0][text][maximum_length]=256",
        "parameter_invalid_integer custom_fields[0][text][maximum_length]",
    ),
    (
        "FIELD=text&custom_fields[0][text][maximum_length]=2\
         &custom_fields[0][text][minimum_length]=3",
        "parameter_invalid_value custom_fields[0][text][minimum_length]",
    ),
    (
        "FIELD=text&custom_fields[0][text][maximum_length]=2\
         &custom_fields[0][text][default_value]=abc",
        "parameter_too_long custom_fields[0][text][default_value]",
    ),
    (
        "FIELD=numeric&custom_fields[0][numeric][default_value]=abc",
        "parameter_invalid_value custom_fields[0][numeric][default_value]",
    ),
    (
        "FIELD=text&custom_fields[1][key]=a&custom_fields[1][label][type]=custom\
         &custom_fields[1][label][custom]=B&custom_fields[1][type]=text",
        "parameter_invalid_value custom_fields[1][key]",
    ),
    (
        "consent_collection[terms_of_service]=required",
        "parameter_invalid_value consent_collection[terms_of_service]",
    ),
    (
        "consent_collection[terms_of_service]=required\
         &custom_text[terms_of_service_acceptance][message]=I+accept",
        "parameter_invalid_value consent_collection[terms_of_service]",
    ),
    (
        "consent_collection[promotions]=always",
        "parameter_invalid_value consent_collection[promotions]",
    ),
    (
        "consent_collection[payment_method_reuse_agreement][position]=top",
        "parameter_invalid_value consent_collection[payment_method_reuse_agreement][position]",
    ),
    (
        "name_collection[business][optional]=true",
        "parameter_missing name_collection[business][enabled]",
    ),
    (
        "name_collection[individual][enabled]=1",
        "parameter_invalid_boolean name_collection[individual][enabled]",
    ),
    ("line_items[0][metadata][a]=X501", "parameter_too_long line_items[0][metadata][a]"),
];

#[tokio::test]
async fn what_a_page_cannot_ask_is_refused_by_name() {
    let shop = Shop::open();
    let field = "custom_fields[0][key]=a&custom_fields[0][label][type]=custom\
                 &custom_fields[0][label][custom]=A&custom_fields[0][type]";
    let whole = |text: &str| {
        let text = text.replace("FIELD", field);
        let text = text.replace("OPTION", "custom_fields[0][dropdown][options][0]");
        [51, 101, 201, 501, 1_201]
            .iter()
            .rev()
            .fold(text, |text, count| text.replace(&format!("X{count}"), &"x".repeat(*count)))
    };
    for path in ["/v1/checkout/sessions", "/v1/payment_links"] {
        for (form, expected) in BAD {
            let form = format!("{LINE}&{}", whole(form));
            let expected = format!("400 {}", whole(expected));
            assert_eq!(shop.client.post(path, &form).await.error(), expected, "{path} {form}");
        }
        let list = shop.client.get(path).await.ok();
        assert_eq!(list["data"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn the_payment_is_made_as_the_session_says_of_cards() {
    let shop = Shop::open();
    let card = "payment_method_options[card]";
    let form = format!(
        "{LINE}&{card}[capture_method]=manual&{card}[request_three_d_secure]=automatic\
         &{card}[request_incremental_authorization]=if_available\
         &{card}[request_multicapture]=never&{card}[setup_future_usage]=off_session\
         &{card}[installments][enabled]=false&payment_method_options[sepa_debit][x]=y"
    );
    let made = shop.client.post("/v1/checkout/sessions", &form).await.ok();
    valid("Session", &made);
    let said = json!({
        "capture_method": "manual",
        "request_incremental_authorization": "if_available",
        "request_multicapture": "never",
        "request_three_d_secure": "automatic",
        "setup_future_usage": "off_session",
    });
    assert_eq!(made["payment_method_options"]["card"], said);
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&made, "id"));
    let form = "payment_method=pm_card_visa&expand[]=payment_intent";
    let paid = shop.client.post(&confirm, form).await.ok();
    let payment = &paid["payment_intent"];
    assert_eq!(payment["status"], "requires_capture");
    let options = &payment["payment_method_options"]["card"];
    for name in ["capture_method", "request_incremental_authorization", "setup_future_usage"] {
        assert_eq!(options[name], said[name], "{name}");
    }
}

#[tokio::test]
async fn a_bank_is_told_to_ask_where_the_session_says_so() {
    let shop = Shop::open();
    let asks = "payment_method_options[card][request_three_d_secure]=challenge";
    let made = format!("{LINE}&{asks}");
    let made = shop.client.post("/v1/checkout/sessions", &made).await.ok();
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&made, "id"));
    let form = "payment_method=pm_card_visa&expand[]=payment_intent";
    let asked = shop.client.post(&confirm, form).await.ok();
    let options = &asked["payment_intent"]["payment_method_options"]["card"];
    assert_eq!(options["request_three_d_secure"], "challenge");

    let made = shop.client.post("/v1/checkout/sessions", &format!("mode=setup&{asks}")).await.ok();
    valid("Session", &made);
    let setup = format!("/v1/setup_intents/{}", text(&made, "setup_intent"));
    let setup = shop.client.get(&setup).await.ok();
    let options = &setup["payment_method_options"]["card"];
    assert_eq!(options["request_three_d_secure"], "challenge");
}

#[tokio::test]
async fn what_a_sessions_card_cannot_do_is_refused_by_name() {
    let shop = Shop::open();
    let card = "payment_method_options[card]";
    let unsupported = |name: &str| format!("400 parameter_unsupported {card}[{name}]");
    let table = [
        (
            format!("{LINE}&{card}[capture_method]=automatic"),
            format!("400 parameter_invalid_value {card}[capture_method]"),
        ),
        (
            format!("{LINE}&{card}[setup_future_usage]=none"),
            format!("400 parameter_invalid_value {card}[setup_future_usage]"),
        ),
        (
            format!("{LINE}&{card}[installments][enabled]=true"),
            format!("400 parameter_invalid_value {card}[installments][enabled]"),
        ),
        (format!("{LINE}&{card}[moto]=true"), format!("400 parameter_unknown {card}[moto]")),
        (format!("mode=setup&{card}[capture_method]=manual"), unsupported("capture_method")),
        (
            format!("mode=setup&{card}[setup_future_usage]=off_session"),
            unsupported("setup_future_usage"),
        ),
    ];
    for (form, expected) in &table {
        let answer = shop.client.post("/v1/checkout/sessions", form).await;
        assert_eq!(answer.error(), *expected, "{form}");
    }
}
