//! Ways to ship: what a shop says of them, and how they are shown.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=10000\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=1";
/// Two ways to ship, of which much and little is said.
const WAYS: &str = "shipping_options[0][shipping_rate_data][display_name]=Post\
    &shipping_options[0][shipping_rate_data][fixed_amount][amount]=500\
    &shipping_options[0][shipping_rate_data][fixed_amount][currency]=usd\
    &shipping_options[0][shipping_rate_data][delivery_estimate][minimum][unit]=business_day\
    &shipping_options[0][shipping_rate_data][delivery_estimate][minimum][value]=3\
    &shipping_options[0][shipping_rate_data][delivery_estimate][maximum][unit]=week\
    &shipping_options[0][shipping_rate_data][delivery_estimate][maximum][value]=1\
    &shipping_options[0][shipping_rate_data][metadata][carrier]=yellow\
    &shipping_options[0][shipping_rate_data][tax_behavior]=inclusive\
    &shipping_options[0][shipping_rate_data][tax_code]=txcd_92010001\
    &shipping_options[1][shipping_rate_data][display_name]=Express\
    &shipping_options[1][shipping_rate_data][fixed_amount][amount]=900\
    &shipping_options[1][shipping_rate_data][fixed_amount][currency]=usd";
const PATHS: [(&str, &str); 2] =
    [("/v1/checkout/sessions", "Session"), ("/v1/payment_links", "PaymentLink")];

#[tokio::test]
async fn what_is_said_of_a_way_to_ship_is_shown() {
    let shop = Shop::open();
    for (path, schema) in PATHS {
        let form = format!("{LINE}&{WAYS}&expand[]=shipping_options.shipping_rate");
        let made = shop.client.post(path, &form).await.ok();
        assert_eq!(Schema::read().faults(schema, &made), Vec::<String>::new(), "{made:#}");
        let rate = &made["shipping_options"][0]["shipping_rate"];
        let expected = json!({
            "id": rate["id"],
            "object": "shipping_rate",
            "active": false,
            "created": made.get("created").unwrap_or(&rate["created"]),
            "delivery_estimate": {
                "minimum": { "unit": "business_day", "value": 3 },
                "maximum": { "unit": "week", "value": 1 },
            },
            "display_name": "Post",
            "fixed_amount": { "amount": 500, "currency": "usd" },
            "livemode": false,
            "metadata": { "carrier": "yellow" },
            "tax_behavior": "inclusive",
            "tax_code": "txcd_92010001",
            "type": "fixed_amount",
        });
        assert_eq!(*rate, expected, "{path}");
        let other = &made["shipping_options"][1]["shipping_rate"];
        let plain = ["delivery_estimate", "metadata", "tax_behavior", "tax_code"];
        let plain = plain.map(|name| other[name].clone());
        assert_eq!(plain, [json!(null), json!({}), json!(null), json!(null)], "{path}");
        assert_ne!(rate["id"], other["id"]);
    }
}

#[tokio::test]
async fn the_chosen_way_is_shown_whole() {
    let shop = Shop::open();
    let made = shop.client.post(PATHS[0].0, &format!("{LINE}&{WAYS}")).await.ok();
    assert_eq!(
        made["shipping_cost"]["shipping_rate"],
        made["shipping_options"][0]["shipping_rate"]
    );
    let path = format!("{}/{}", PATHS[0].0, text(&made, "id"));
    let path = format!("{path}?expand[]=shipping_cost.shipping_rate");
    let shown = shop.client.get(&path).await.ok();
    assert_eq!(shown["shipping_cost"]["shipping_rate"]["display_name"], "Post");
    assert_eq!(shown["shipping_cost"]["shipping_rate"]["metadata"]["carrier"], "yellow");
    assert_eq!(shown["shipping_options"], made["shipping_options"], "not asked for, not expanded");
    let listed = format!("{}?expand[]=data.shipping_cost.shipping_rate", PATHS[0].0);
    let listed = shop.client.get(&listed).await.ok();
    assert_eq!(listed["data"][0]["shipping_cost"], shown["shipping_cost"]);
}

#[tokio::test]
async fn a_link_shows_its_ways_to_ship_again() {
    let shop = Shop::open();
    let form = format!("{LINE}&{WAYS}&expand[]=shipping_options.shipping_rate");
    let link = shop.client.post(PATHS[1].0, &form).await.ok();
    let again = format!("{}/{}", PATHS[1].0, text(&link, "id"));
    let again = format!("{again}?expand[]=shipping_options.shipping_rate");
    assert_eq!(shop.client.get(&again).await.ok(), link);
}

#[tokio::test]
async fn bad_ways_to_ship_are_refused_by_name() {
    let shop = Shop::open();
    let at = "shipping_options[0][shipping_rate_data]";
    let estimate = format!("{at}[delivery_estimate]");
    let table: [(String, String); 12] = [
        (format!("{estimate}[minimum][unit]=year"), invalid(&format!("{estimate}[minimum][unit]"))),
        (
            format!("{estimate}[minimum][unit]=day"),
            format!("400 parameter_missing {estimate}[minimum][value]"),
        ),
        (
            format!("{estimate}[maximum][value]=2"),
            format!("400 parameter_missing {estimate}[maximum][unit]"),
        ),
        (
            format!("{estimate}[maximum][unit]=day&{estimate}[maximum][value]=0"),
            format!("400 parameter_invalid_integer {estimate}[maximum][value]"),
        ),
        (
            format!("{estimate}[maximum][unit]=day&{estimate}[maximum][value]=1000"),
            format!("400 parameter_invalid_integer {estimate}[maximum][value]"),
        ),
        (
            format!(
                "{estimate}[minimum][unit]=week&{estimate}[minimum][value]=1\
                 &{estimate}[maximum][unit]=business_day&{estimate}[maximum][value]=6"
            ),
            invalid(&format!("{estimate}[minimum]")),
        ),
        (format!("{estimate}=soon"), format!("400 parameter_invalid_object {estimate}")),
        (
            format!("{estimate}[about][unit]=day"),
            format!("400 parameter_unknown {estimate}[about]"),
        ),
        (format!("{at}[tax_behavior]=none"), invalid(&format!("{at}[tax_behavior]"))),
        (
            format!("{at}[metadata][a][b]=1"),
            format!("400 parameter_invalid_string {at}[metadata][a]"),
        ),
        (
            format!("{at}[fixed_amount][currency_options][eur][amount]=1"),
            format!("400 parameter_unsupported {at}[fixed_amount][currency_options]"),
        ),
        (
            "shipping_options[0][shipping_rate]=shr_1".to_owned(),
            "400 parameter_unsupported shipping_options[0][shipping_rate]".to_owned(),
        ),
    ];
    for (path, _) in PATHS {
        for (form, expected) in &table {
            let form = format!(
                "{LINE}&{form}&{at}[display_name]=Post&{at}[fixed_amount][amount]=1\
                 &{at}[fixed_amount][currency]=usd"
            );
            let answer = shop.client.post(path, &form).await.error();
            assert_eq!(answer, *expected, "{path} {form}");
        }
    }
    let none: Value = shop.client.get(PATHS[0].0).await.ok();
    assert_eq!(none["data"], json!([]));
}

fn invalid(param: &str) -> String {
    format!("400 parameter_invalid_value {param}")
}

#[tokio::test]
async fn an_open_session_offers_other_ways_to_ship() {
    let shop = Shop::open();
    let made = shop.client.post(PATHS[0].0, &format!("{LINE}&{WAYS}&metadata[a]=1")).await.ok();
    let path = format!("{}/{}", PATHS[0].0, text(&made, "id"));
    let form =
        format!("{}&metadata[b]=2&expand[]=shipping_cost.shipping_rate", way("Drone", 2_500));
    let changed = shop.client.post(&path, &form).await.ok();
    assert_eq!(Schema::read().faults("Session", &changed), Vec::<String>::new(), "{changed:#}");
    assert_eq!(changed["amount_total"], 12_500);
    assert_eq!(changed["total_details"]["amount_shipping"], 2_500);
    assert_eq!(changed["metadata"], json!({ "a": "1", "b": "2" }));
    let cost = &changed["shipping_cost"]["shipping_rate"];
    assert_eq!(cost["display_name"], "Drone");
    assert_eq!(
        changed["shipping_options"],
        json!([{
            "shipping_amount": 2_500, "shipping_rate": cost["id"],
        }])
    );
    let before = &made["shipping_options"][0]["shipping_rate"];
    assert_ne!(cost["id"], *before, "another rate");
    // What the buyer saw before is not charged.
    let page = format!("/v1/payment_pages/{}/confirm", text(&made, "id"));
    let stale = shop.client.post(&page, "payment_method=tok_visa&expected_amount=10500").await;
    assert_eq!(stale.error(), "400 total_changed expected_amount");
    let none = shop.client.post(&path, "shipping_options=").await.ok();
    assert_eq!((&none["shipping_options"], &none["shipping_cost"]), (&json!([]), &json!(null)));
    assert_eq!(none["amount_total"], 10_000);
    let paid = shop.client.post(&page, "payment_method=tok_visa&expected_amount=10000").await.ok();
    assert_eq!(paid["status"], "complete");
    let late = shop.client.post(&path, &way("Late", 1)).await;
    assert_eq!(late.error(), "400 checkout_session_not_open -");
    assert_eq!(shop.client.post(&path, "metadata[c]=3").await.ok()["metadata"]["c"], "3");
}

#[tokio::test]
async fn bad_other_ways_to_ship_change_nothing() {
    let shop = Shop::open();
    let made = shop.client.post(PATHS[0].0, &format!("{LINE}&{WAYS}")).await.ok();
    let path = format!("{}/{}", PATHS[0].0, text(&made, "id"));
    let keeps = shop.client.post(PATHS[0].0, "mode=setup&currency=usd").await.ok();
    let keeps = format!("{}/{}", PATHS[0].0, text(&keeps, "id"));
    let amount = "shipping_options[0][shipping_rate_data][fixed_amount]";
    let table = [
        (
            &path,
            way("Post", 1).replace("usd", "eur"),
            format!("400 currency_mismatch {amount}[currency]"),
        ),
        (&path, way("Post", 999_999_999_999), "400 amount_too_large shipping_options".to_owned()),
        (&path, way("Post", -1), format!("400 parameter_invalid_integer {amount}[amount]")),
        (
            &path,
            "shipping_options[0][shipping_rate]=shr_1".to_owned(),
            "400 parameter_unsupported shipping_options[0][shipping_rate]".to_owned(),
        ),
        (
            &path,
            "shipping_options=post".to_owned(),
            "400 parameter_invalid_array shipping_options".to_owned(),
        ),
        (&keeps, way("Post", 1), "400 parameter_unsupported shipping_options".to_owned()),
        (
            &path,
            "collected_information[shipping_details][name]=Ada".to_owned(),
            "400 parameter_unsupported collected_information".to_owned(),
        ),
    ];
    for (path, form, expected) in table {
        assert_eq!(shop.client.post(path, &form).await.error(), expected, "{form}");
    }
    assert_eq!(shop.client.get(&path).await.ok(), made);
}

/// One way to ship.
fn way(name: &str, minor: i64) -> String {
    let rate = "shipping_options[0][shipping_rate_data]";
    format!(
        "{rate}[display_name]={name}&{rate}[fixed_amount][amount]={minor}\
         &{rate}[fixed_amount][currency]=usd"
    )
}
