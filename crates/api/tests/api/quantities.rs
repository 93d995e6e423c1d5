//! Quantities that the buyer may change: what a shop says of them, and how they are shown.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::Shop;

const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=1000\
                    &line_items[0][price_data][product_data][name]=Ticket";
const BOUNDS: &str = "line_items[0][adjustable_quantity]";
const PATHS: [&str; 2] = ["/v1/checkout/sessions", "/v1/payment_links"];

#[tokio::test]
async fn the_bounds_of_a_line_are_shown() {
    let shop = Shop::open();
    let table = [
        ("[enabled]=false".to_owned(), json!(null)),
        ("[enabled]=true".to_owned(), json!({ "enabled": true, "minimum": null, "maximum": null })),
        (
            format!("[enabled]=true&{BOUNDS}[minimum]=0&{BOUNDS}[maximum]=999999"),
            json!({ "enabled": true, "minimum": 0, "maximum": 999_999 }),
        ),
        (
            format!("[enabled]=true&{BOUNDS}[minimum]=2"),
            json!({ "enabled": true, "minimum": 2, "maximum": null }),
        ),
    ];
    for path in PATHS {
        for (bounds, expected) in &table {
            let form = format!("{LINE}&line_items[0][quantity]=2&{BOUNDS}{bounds}");
            let made = shop.client.post(path, &format!("{form}&expand[]=line_items")).await.ok();
            let line = &made["line_items"]["data"][0];
            assert_eq!(line["adjustable_quantity"], *expected, "{path} {bounds}");
            assert_eq!(Schema::read().faults("LineItem", line), Vec::<String>::new());
            let listed = shop.client.get(&format!("{path}/{}/line_items", text(&made, "id"))).await;
            assert_eq!(listed.ok()["data"][0]["adjustable_quantity"], *expected, "{path}");
        }
    }
}

#[tokio::test]
async fn bad_bounds_are_refused_by_name() {
    let shop = Shop::open();
    let quantity = "line_items[0][quantity]";
    let wrong = |name: &str| format!("400 parameter_invalid_integer {BOUNDS}[{name}]");
    let table = [
        (format!("{quantity}=1&{BOUNDS}=1"), format!("400 parameter_invalid_object {BOUNDS}")),
        (
            format!("{quantity}=1&{BOUNDS}[maximum]=5"),
            format!("400 parameter_missing {BOUNDS}[enabled]"),
        ),
        (format!("{quantity}=1&{BOUNDS}[enabled]=true&{BOUNDS}[maximum]=0"), wrong("maximum")),
        (
            format!("{quantity}=1&{BOUNDS}[enabled]=true&{BOUNDS}[maximum]=1000000"),
            wrong("maximum"),
        ),
        (format!("{quantity}=1&{BOUNDS}[enabled]=true&{BOUNDS}[minimum]=-1"), wrong("minimum")),
        (
            format!("{quantity}=9&{BOUNDS}[enabled]=true&{BOUNDS}[minimum]=9&{BOUNDS}[maximum]=8"),
            format!("400 parameter_invalid_value {BOUNDS}[minimum]"),
        ),
        (
            format!("{quantity}=100&{BOUNDS}[enabled]=true"),
            format!("400 parameter_invalid_value {quantity}"),
        ),
        (
            format!("{quantity}=1&{BOUNDS}[enabled]=true&{BOUNDS}[minimum]=2"),
            format!("400 parameter_invalid_value {quantity}"),
        ),
        (
            format!("{quantity}=1&{BOUNDS}[enabled]=true&{BOUNDS}[step]=2"),
            format!("400 parameter_unknown {BOUNDS}[step]"),
        ),
    ];
    for path in PATHS {
        for (form, expected) in &table {
            let answer = shop.client.post(path, &format!("{LINE}&{form}")).await.error();
            assert_eq!(answer, *expected, "{path} {form}");
        }
        let listed: Value = shop.client.get(path).await.ok();
        assert_eq!(listed["data"], json!([]), "nothing was made");
    }
}
