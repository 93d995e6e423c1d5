//! What a shop changes of an open session: what it sells, and what is said of its payment.

use serde_json::{Value, json};

use crate::client::text;
use crate::shop::Shop;

const SESSIONS: &str = "/v1/checkout/sessions";
/// A line of 10.00 dollars.
const LAMP: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=1000\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=2&line_items[0][metadata][shelf]=7";
/// Another one, of 5.00.
const SHADE: &str = "line_items[1][price_data][currency]=usd\
                     &line_items[1][price_data][unit_amount]=500\
                     &line_items[1][price_data][product_data][name]=Shade\
                     &line_items[1][quantity]=1";

#[tokio::test]
async fn lines_are_kept_changed_added_and_taken_away() {
    let shop = Shop::open();
    let (path, lines) = opened(&shop, &format!("{LAMP}&{SHADE}")).await;
    let [lamp, shade] = [0, 1].map(|at| text(&lines[at], "id").to_owned());
    // In another order, one changed, one added.
    let form = format!(
        "line_items[0][id]={shade}\
         &line_items[1][price_data][currency]=usd&line_items[1][price_data][unit_amount]=70\
         &line_items[1][price_data][product_data][name]=Bulb&line_items[1][quantity]=3\
         &line_items[2][id]={lamp}&line_items[2][quantity]=1\
         &line_items[2][adjustable_quantity][enabled]=true\
         &line_items[2][metadata][shelf]=&line_items[2][metadata][aisle]=2\
         &expand[]=line_items"
    );
    let changed = shop.client.post(&path, &form).await.ok();
    assert_eq!(changed["amount_total"], 500 + 210 + 1_000);
    let now = &changed["line_items"]["data"];
    let told = |line: &Value| json!([line["description"], line["quantity"], line["metadata"]]);
    assert_eq!(
        now.as_array().unwrap().iter().map(told).collect::<Vec<_>>(),
        [json!(["Shade", 1, {}]), json!(["Bulb", 3, {}]), json!(["Lamp", 1, { "aisle": "2" }]),]
    );
    assert_eq!([text(&now[0], "id"), text(&now[2], "id")], [&*shade, &lamp], "they stay");
    assert_eq!(now[2]["adjustable_quantity"]["enabled"], true);
    // Whatever is not named is gone; a line that stays may cost something else.
    let form = format!(
        "line_items[0][id]={lamp}&line_items[0][price_data][currency]=usd\
         &line_items[0][price_data][unit_amount]=900\
         &line_items[0][price_data][product_data][name]=Lamp, used\
         &line_items[0][adjustable_quantity][enabled]=false&expand[]=line_items"
    );
    let changed = shop.client.post(&path, &form).await.ok();
    let line = &changed["line_items"]["data"][0];
    assert_eq!(changed["amount_total"], 900);
    assert_eq!((&line["description"], &line["id"]), (&json!("Lamp, used"), &json!(lamp)));
    assert_eq!(line["adjustable_quantity"], json!(null));
    assert_eq!(changed["line_items"]["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_payment_that_was_not_made_is_described_anew() {
    let shop = Shop::open();
    let form = format!(
        "{LAMP}&payment_intent_data[description]=old&payment_intent_data[metadata][a]=1\
         &payment_intent_data[setup_future_usage]=off_session"
    );
    let (path, _) = opened(&shop, &form).await;
    let form = "payment_intent_data[description]=new&payment_intent_data[metadata][b]=2\
                &payment_intent_data[setup_future_usage]=\
                &payment_intent_data[statement_descriptor_suffix]=LAMP";
    shop.client.post(&path, form).await.ok();
    let pay = format!("/v1/payment_pages/{}/confirm", path.rsplit('/').next().unwrap());
    let paid = shop.client.post(&pay, "payment_method=tok_visa&expand[]=payment_intent").await.ok();
    let payment = &paid["payment_intent"];
    assert_eq!(payment["description"], "new");
    assert_eq!(payment["metadata"], json!({ "a": "1", "b": "2" }));
    assert_eq!(payment["setup_future_usage"], json!(null));
    assert_eq!(payment["statement_descriptor_suffix"], "LAMP");
}

#[tokio::test]
async fn nothing_changes_once_a_payment_was_made() {
    let shop = Shop::open();
    let (path, lines) = opened(&shop, LAMP).await;
    let id = text(&lines[0], "id");
    let pay = format!("/v1/payment_pages/{}/confirm", path.rsplit('/').next().unwrap());
    let declined = shop.client.post(&pay, "payment_method=tok_chargeDeclined").await;
    assert_eq!(declined.error(), "402 card_declined -");
    for form in [
        format!("line_items[0][id]={id}&line_items[0][quantity]=1"),
        "payment_intent_data[description]=late".to_owned(),
    ] {
        let late = shop.client.post(&path, &form).await;
        assert_eq!(late.error(), "400 payment_intent_unexpected_state -", "{form}");
        assert!(late.json["error"]["payment_intent"]["id"].is_string(), "{form}");
    }
    // What it sold is what is paid.
    let same = shop.client.post(&path, &format!("line_items[0][id]={id}")).await.ok();
    assert_eq!(same["amount_total"], 2_000);
    shop.client.post(&pay, "payment_method=tok_visa&expected_amount=2000").await.ok();
    let late = shop.client.post(&path, &format!("line_items[0][id]={id}")).await;
    assert_eq!(late.error(), "400 checkout_session_not_open -");
}

#[tokio::test]
async fn bad_changes_are_refused_by_name() {
    let shop = Shop::open();
    let (path, lines) = opened(&shop, LAMP).await;
    let id = text(&lines[0], "id");
    let line = format!("line_items[0][id]={id}");
    let price = "line_items[0][price_data][unit_amount]=5\
                 &line_items[0][price_data][product_data][name]=Bulb";
    let usd = "line_items[0][price_data][currency]=usd";
    let table = [
        ("line_items=".to_owned(), "400 parameter_invalid_value line_items"),
        ("line_items[0][id]=li_1".to_owned(), "404 resource_missing line_items[0][id]"),
        (
            "line_items[0][id]=li_0000000000000000000000".to_owned(),
            "404 resource_missing line_items[0][id]",
        ),
        (format!("{line}&line_items[1][id]={id}"), "400 parameter_invalid_value line_items[1][id]"),
        ("line_items[0][quantity]=1".to_owned(), "400 parameter_missing line_items[0][price]"),
        (format!("{usd}&{price}"), "400 parameter_missing line_items[0][quantity]"),
        (
            format!("{line}&line_items[0][quantity]=0"),
            "400 parameter_invalid_integer line_items[0][quantity]",
        ),
        (
            format!(
                "{line}&line_items[0][adjustable_quantity][enabled]=true\
                     &line_items[0][adjustable_quantity][maximum]=1"
            ),
            "400 parameter_invalid_value line_items[0][quantity]",
        ),
        (
            format!("{line}&line_items[0][price]=price_1&{usd}&{price}"),
            "400 parameters_exclusive line_items[0][price_data]",
        ),
        (
            format!("{line}&line_items[0][price]=price_1"),
            "404 resource_missing line_items[0][price]",
        ),
        (
            format!("{line}&line_items[0][seller]=acct_1"),
            "404 resource_missing line_items[0][seller]",
        ),
        (
            format!("line_items[0][quantity]=1&line_items[0][price_data][currency]=eur&{price}"),
            "400 currency_mismatch line_items[0][price_data][currency]",
        ),
        (
            format!(
                "{line}&line_items[0][price_data][unit_amount]=999999999999&{usd}\
                     &line_items[0][price_data][product_data][name]=Gold"
            ),
            "400 amount_too_large line_items",
        ),
        (
            format!("{line}&line_items[0][tax_rates][0]=txr_1"),
            "400 parameter_unsupported line_items[0][tax_rates]",
        ),
        (
            "payment_intent_data[capture_method]=manual".to_owned(),
            "400 parameter_unknown payment_intent_data[capture_method]",
        ),
    ];
    let before = shop.client.get(&path).await.ok();
    for (form, expected) in table {
        assert_eq!(shop.client.post(&path, &form).await.error(), expected, "{form}");
    }
    assert_eq!(shop.client.get(&path).await.ok(), before);
}

#[tokio::test]
async fn nothing_is_sold_where_a_card_is_kept() {
    let shop = Shop::open();
    let keeps = shop.client.post(SESSIONS, "mode=setup&currency=usd").await.ok();
    let keeps = format!("{SESSIONS}/{}", text(&keeps, "id"));
    for (form, param) in
        [(LAMP, "line_items"), ("payment_intent_data[description]=x", "payment_intent_data")]
    {
        let expected = format!("400 parameter_unsupported {param}");
        assert_eq!(shop.client.post(&keeps, form).await.error(), expected);
    }
}

/// The path of a new session, and its lines.
async fn opened(shop: &Shop, form: &str) -> (String, Value) {
    let made = shop.client.post(SESSIONS, &format!("{form}&expand[]=line_items")).await.ok();
    (format!("{SESSIONS}/{}", text(&made, "id")), made["line_items"]["data"].clone())
}
