//! Lists: pages, cursors, filters.

use serde_json::Value;

use crate::client::text;
use crate::shop::Shop;

fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|object| text(object, "id").to_owned()).collect()
}

#[tokio::test]
async fn pages_lead_through_the_whole_list_both_ways() {
    let shop = Shop::open();
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(shop.seller("Ada").await);
    }
    made.reverse();
    let (mut seen, mut path) = (Vec::new(), "/v1/accounts?limit=3".to_owned());
    loop {
        let page = shop.client.get(&path).await.ok();
        seen.extend(ids(&page));
        if page["has_more"] != true {
            break;
        }
        path = format!("/v1/accounts?limit=3&starting_after={}", seen.last().unwrap());
    }
    assert_eq!(seen, made, "newest first, each once");

    let path = format!("/v1/accounts?limit=2&ending_before={}", made[4]);
    let page = shop.client.get(&path).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (made[2..4].to_vec(), &Value::Bool(true)));
    let path = format!("/v1/accounts?limit=3&ending_before={}", made[1]);
    let page = shop.client.get(&path).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (made[..1].to_vec(), &Value::Bool(false)));
    let none = shop.client.get("/v1/accounts?limit=0").await.ok();
    assert_eq!((none["url"].as_str(), ids(&none).len()), (Some("/v1/accounts"), 0));
}

#[tokio::test]
async fn a_thousand_of_a_moment_stand_in_the_order_of_their_making() {
    let shop = Shop::open();
    let mut made = Vec::new();
    for index in 0..1_000 {
        let form = format!("description={index}");
        made.push(text(&shop.client.post("/v1/customers", &form).await.ok(), "id").to_owned());
    }
    made.reverse();
    assert_eq!(whole(&shop, "/v1/customers", "/id").await, made);
    assert_eq!(whole(&shop, "/v1/events?type=customer.created", "/data/object/id").await, made);
}

/// What stands at `place` of every object of a list, page by page.
async fn whole(shop: &Shop, list: &str, place: &str) -> Vec<String> {
    let sign = if list.contains('?') { '&' } else { '?' };
    let (mut seen, mut path) = (Vec::new(), format!("{list}{sign}limit=90"));
    loop {
        let page = shop.client.get(&path).await.ok();
        for object in page["data"].as_array().unwrap() {
            seen.push(object.pointer(place).unwrap().as_str().unwrap().to_owned());
        }
        if page["has_more"] != true {
            return seen;
        }
        path = format!("{list}{sign}limit=90&starting_after={}", ids(&page).last().unwrap());
    }
}

#[tokio::test]
async fn webhook_endpoints_are_listed_like_everything_else() {
    let shop = Shop::open();
    let mut made = Vec::new();
    for index in 0..4 {
        let form = format!("url=https://shop.example/{index}&enabled_events[]=*");
        let hook = shop.client.post("/v1/webhook_endpoints", &form).await.ok();
        made.push(text(&hook, "id").to_owned());
    }
    made.reverse();
    let all = shop.client.get("/v1/webhook_endpoints").await.ok();
    assert_eq!(ids(&all), made);
    assert!(all["data"][0].get("secret").is_none());
    let path = format!("/v1/webhook_endpoints?limit=1&starting_after={}", made[1]);
    let page = shop.client.get(&path).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (made[2..3].to_vec(), &Value::Bool(true)));
    let path = format!("/v1/webhook_endpoints?limit=1&ending_before={}", made[2]);
    let page = shop.client.get(&path).await.ok();
    assert_eq!((ids(&page), &page["has_more"]), (made[1..2].to_vec(), &Value::Bool(true)));

    let path = format!("/v1/webhook_endpoints/{}", made[0]);
    let gone = shop.client.send("DELETE", &path, "").await.ok();
    assert_eq!((text(&gone, "id"), &gone["deleted"]), (made[0].as_str(), &Value::Bool(true)));
    assert_eq!(shop.client.get(&path).await.error(), "404 resource_missing id");
    assert_eq!(shop.client.send("DELETE", &path, "").await.error(), "404 resource_missing id");
}

#[tokio::test]
async fn lists_are_narrowed() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    shop.purchase().await;
    shop.client.post(&format!("/v1/orders/{}/ship", bought.orders[0]), "").await.ok();
    let (session, payment) = (text(&bought.session, "id"), text(&bought.session, "payment_intent"));
    let table = [
        ("/v1/orders".to_owned(), 4),
        (format!("/v1/orders?checkout_session={session}"), 2),
        (format!("/v1/orders?payment_intent={payment}"), 2),
        (format!("/v1/orders?payment_intent={payment}&status=shipped"), 1),
        (format!("/v1/orders?seller={}", bought.sellers[0]), 1),
        ("/v1/orders?status=awaiting_shipment".to_owned(), 3),
        ("/v1/orders?status=completed".to_owned(), 0),
        (format!("/v1/held_funds?order={}", bought.orders[0]), 1),
        (format!("/v1/held_funds?order={}", bought.orders[1]), 0),
        (format!("/v1/held_funds?seller={}", bought.sellers[0]), 1),
        (format!("/v1/charges?payment_intent={payment}"), 1),
        (format!("/v1/checkout/sessions?payment_intent={payment}"), 1),
        ("/v1/payment_intents?expand[]=data.latest_charge".to_owned(), 2),
        ("/v1/orders?expand[]=data.held_funds&expand[]=data.payment_intent".to_owned(), 4),
    ];
    for (path, count) in table {
        let list = shop.client.get(&path).await.ok();
        assert_eq!(ids(&list).len(), count, "{path}");
    }
}

/// Every list without an id in its path, as the table of routes has it.
#[tokio::test]
async fn every_list_keeps_the_rules_of_lists() {
    let shop = Shop::open();
    shop.make_clock().await;
    shop.purchase().await;
    for route in holdfast_api::routes() {
        let path = route.path;
        if route.method != "GET" || path.contains('{') || path.ends_with("/search") {
            continue;
        }
        let first = shop.client.get(path).await;
        // A list that is only of something else's parts is asked for with its name.
        if first.error().starts_with("400 parameter_missing") {
            continue;
        }
        let first = first.ok();
        if first["object"] != "list" {
            continue;
        }
        // A short list that is always shown whole, as in the dialect.
        if path == "/v1/reporting/report_types" {
            continue;
        }
        let none = shop.client.get(&format!("{path}?limit=0")).await.ok();
        assert_eq!((&none["url"], ids(&none).len()), (&Value::from(path), 0), "{path}");
        let table = [
            ("limit=101", "400 parameter_invalid_integer limit"),
            ("limit=ten", "400 parameter_invalid_integer limit"),
            ("starting_after=x&ending_before=y", "400 parameters_exclusive ending_before"),
            ("starting_after=nobody_1", "400 cursor_invalid starting_after"),
            ("ending_before=nobody_1", "400 cursor_invalid ending_before"),
            ("created=soon", "400 parameter_invalid_timestamp created"),
            ("created[gte]=-1", "400 parameter_invalid_timestamp created[gte]"),
            ("created[after]=1", "400 parameter_unknown created[after]"),
            ("unicorn=1", "400 parameter_unknown unicorn"),
        ];
        for (query, expected) in table {
            let answer = shop.client.get(&format!("{path}?{query}")).await;
            assert_eq!(answer.error(), expected, "{path}?{query}");
        }
        for (query, all) in
            [("created[gt]=1", true), ("created[lt]=1", false), ("created=1", false)]
        {
            let path = format!("{path}?{query}");
            let list = shop.client.get(&path).await.ok();
            let expected = if all { ids(&first) } else { Vec::new() };
            assert_eq!(ids(&list), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn more_than_250_objects_are_paged_through() {
    let shop = Shop::open();
    let mut made = Vec::new();
    for _ in 0..260 {
        made.push(shop.seller("Ada").await);
    }
    made.sort_by(|a, b| b.cmp(a));
    for limit in [100, 7] {
        let (mut seen, mut pages, mut after) = (Vec::new(), 0, String::new());
        loop {
            let path = format!("/v1/accounts?limit={limit}{after}");
            let page = shop.client.get(&path).await.ok();
            seen.extend(ids(&page));
            pages += 1;
            if page["has_more"] != true {
                break;
            }
            after = format!("&starting_after={}", seen.last().unwrap());
        }
        assert_eq!((seen.len(), pages), (260, 260_usize.div_ceil(limit)));
        assert_eq!(seen, made);
    }
}
