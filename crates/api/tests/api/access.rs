//! Who may do what: keys, sellers, limits, other origins.

use holdfast_engine::rate_limit::{Limits, Rate};
use serde_json::json;

use crate::client::text;
use crate::shop::Shop;

#[tokio::test]
async fn every_answer_has_its_name_and_its_protection() {
    let shop = Shop::open();
    for path in ["/v1/accounts", "/v1/nothing", "/", "/v1/orders/ord_1"] {
        let answer = shop.client.get(path).await;
        assert!(answer.header("request-id").unwrap().starts_with("req_"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{path}");
    }
    let unknown = shop.client.send("PUT", "/v1/accounts", "").await;
    assert_eq!(unknown.error(), "404 - -");
    assert_eq!(unknown.json["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn keys_open_or_do_not() {
    let shop = Shop::open();
    let table = [
        ("", 401),
        ("Bearer sk_test_zzzzzzzzzzzzzzzzzzzzzzzz", 401),
        ("Bearer sk_live_abcdefghijklmnopqrstuvwx", 401),
        ("Bearer sk_test_abcdefghijklmnopqrstuvwx", 200),
        ("Basic c2tfdGVzdF9hYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3g6", 200),
    ];
    for (authorization, status) in table {
        let client = shop.client.with("authorization", authorization);
        assert_eq!(client.get("/v1/accounts").await.status, status, "{authorization}");
    }
}

#[tokio::test]
async fn a_browser_may_see_and_confirm_its_own_payment_only() {
    let shop = Shop::open();
    let form = "amount=100&currency=usd&metadata[cost]=7&transfer_group=g";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    let (id, secret) = (text(&made, "id"), text(&made, "client_secret"));
    let other = shop.client.post("/v1/payment_intents", form).await.ok();
    let path = format!("/v1/payment_intents/{id}");
    let browser = shop.browser();

    let seen = browser.get(&format!("{path}?client_secret={secret}")).await;
    assert_eq!(seen.header("access-control-allow-origin"), Some("*"));
    let seen = seen.ok();
    assert_eq!((&seen["metadata"], &seen["transfer_group"]), (&json!({}), &json!(null)));
    let table = [
        (path.clone(), "400 parameter_missing client_secret"),
        (format!("{path}?client_secret={id}_secret_x"), "404 resource_missing id"),
        (format!("{path}?client_secret=x"), "404 resource_missing id"),
        (
            format!("{path}?client_secret={}", text(&other, "client_secret")),
            "404 resource_missing id",
        ),
        (
            format!("{path}?client_secret={secret}&expand[]=latest_charge"),
            "400 property_not_expandable expand[0]",
        ),
    ];
    for (path, expected) in table {
        assert_eq!(browser.get(&path).await.error(), expected, "{path}");
    }
    let confirm = format!("{path}/confirm");
    let form = "payment_method=tok_visa";
    assert_eq!(browser.post(&confirm, form).await.error(), "400 parameter_missing client_secret");
    let wrong = format!("{form}&client_secret={id}_secret_x");
    assert_eq!(browser.post(&confirm, &wrong).await.error(), "404 resource_missing id");
    let right = format!("{form}&client_secret={secret}");
    assert_eq!(browser.post(&confirm, &right).await.ok()["status"], "succeeded");
}

#[tokio::test]
async fn a_browser_may_do_nothing_else() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let order = format!("/v1/orders/{}", bought.orders[0]);
    let table = [
        ("GET", "/v1/accounts"),
        ("POST", "/v1/accounts"),
        ("GET", "/v1/balance"),
        ("POST", "/v1/payment_intents"),
        ("GET", "/v1/payment_intents"),
        ("GET", "/v1/charges"),
        ("POST", "/v1/refunds"),
        ("GET", "/v1/refunds?limit=0"),
        ("POST", "/v1/checkout/sessions"),
        ("GET", "/v1/checkout/sessions"),
        ("GET", "/v1/orders"),
        ("GET", &order),
        ("GET", "/v1/held_funds"),
        ("GET", "/v1/events"),
        ("GET", "/v1/webhook_endpoints"),
        ("GET", "/v1/test_helpers/test_clocks"),
    ];
    for (method, path) in table {
        let answer = shop.browser().send(method, path, "").await;
        assert_eq!(answer.error(), "403 secret_key_required -", "{method} {path}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{method} {path}");
    }
}

#[tokio::test]
async fn other_origins_ask_first_where_a_browser_may_call() {
    let shop = Shop::open();
    let table = [
        ("/v1/payment_intents/pi_1", 204),
        ("/v1/payment_intents/pi_1/confirm", 204),
        ("/v1/payment_pages/cs_1", 204),
        ("/v1/payment_pages/cs_1/confirm", 204),
        ("/v1/payment_intents", 404),
        ("/v1/orders/ord_1", 404),
    ];
    for (path, status) in table {
        let answer = shop.client.send("OPTIONS", path, "").await;
        assert_eq!(answer.status, status, "{path}");
        let open = answer.header("access-control-allow-origin").is_some();
        assert_eq!(open, status == 204, "{path}");
    }
}

/// By the table of routes: a preflight and an open answer exactly where a publishable key counts,
/// whatever the answer is.
#[tokio::test]
async fn origins_are_open_where_a_publishable_key_counts_and_nowhere_else() {
    let shop = Shop::open();
    let browser = shop.browser().with("origin", "https://shop.example");
    let mut open = 0;
    for route in holdfast_api::routes() {
        let names = route.path.split(['{', '}']).enumerate();
        let names = names.map(|(at, part)| if at % 2 == 1 { "x" } else { part });
        let path: String = names.collect();
        let answer = browser.send(route.method, &path, "").await;
        let refused = answer.error().starts_with("403 secret_key_required");
        let origin = answer.header("access-control-allow-origin");
        assert_eq!(origin, (!refused).then_some("*"), "{} {path}", route.method);
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        if !refused {
            open += 1;
            let asks = browser.with("authorization", "");
            let preflight = asks.send("OPTIONS", &path, "").await;
            assert_eq!(preflight.status, 204, "{path}: asked without a key");
            let methods = preflight.header("access-control-allow-methods").unwrap();
            assert!(methods.contains(route.method), "{path}");
            let headers = preflight.header("access-control-allow-headers").unwrap();
            for name in ["Authorization", "Content-Type", "Idempotency-Key", "Stripe-Version"] {
                assert!(headers.contains(name), "{path}: {name}");
            }
            let stranger = browser.with("authorization", "").send(route.method, &path, "").await;
            assert_eq!(stranger.status, 401);
            let origin = stranger.header("access-control-allow-origin");
            assert_eq!(origin, Some("*"), "{path}: a script can read why");
        }
    }
    assert!(open >= 4);
}

#[tokio::test]
async fn a_seller_sees_what_is_its_own() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    shop.client.post(&format!("/v1/orders/{}/ship", bought.orders[0]), "").await.ok();
    let [first, second] = [0, 1].map(|at| shop.client.with("stripe-account", &bought.sellers[at]));
    let own = format!("/v1/orders/{}", bought.orders[0]);
    let order = first.get(&format!("{own}?expand[]=payment_intent")).await.ok();
    assert_eq!(order["url"], json!(null));
    assert!(order["payment_intent"].is_string(), "the payment is shared with other sellers");
    assert_eq!(second.get(&own).await.error(), "404 resource_missing id");
    assert_eq!(second.post(&format!("{own}/deliver"), "").await.error(), "404 resource_missing id");
    for (client, orders, funds) in [(&first, 1, 1), (&second, 1, 0)] {
        let list = client.get("/v1/orders").await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), orders);
        let list = client.get("/v1/held_funds").await.ok();
        assert_eq!(list["data"].as_array().unwrap().len(), funds);
    }
    let path = format!("/v1/orders?seller={}", bought.sellers[1]);
    assert_eq!(first.get(&path).await.error(), "400 parameter_invalid_value seller");
}

#[tokio::test]
async fn a_sellers_name_must_be_one_and_be_of_use() {
    let shop = Shop::open();
    let seller = shop.seller("Ada").await;
    let table = [
        ("acct_0000000000000000000000", "/v1/balance", "403 account_invalid -"),
        ("acct_1", "/v1/balance", "403 account_invalid -"),
        ("nobody", "/v1/balance", "403 account_invalid -"),
        (&seller, "/v1/payment_intents", "400 account_not_applicable -"),
        (&seller, "/v1/accounts", "400 account_not_applicable -"),
    ];
    for (account, path, expected) in table {
        let client = shop.client.with("stripe-account", account);
        assert_eq!(client.get(path).await.error(), expected, "{account} {path}");
    }
    let client = shop.client.with("stripe-account", &seller);
    assert_eq!(client.get("/v1/balance").await.ok()["available"][0]["amount"], 0);
}

#[tokio::test]
async fn too_many_requests_are_told_to_come_again() {
    let shop = Shop::open();
    let rate = Some(Rate { per_second: 1, burst: 2 });
    let client = shop.limited(Limits { reads: rate, writes: rate, ..Limits::OFF });
    for _ in 0..2 {
        client.get("/v1/accounts").await.ok();
    }
    let answer = client.get("/v1/accounts").await;
    assert_eq!(answer.error(), "429 rate_limit -");
    assert_eq!(answer.header("stripe-should-retry"), Some("true"));
    client.post("/v1/accounts", "").await.ok();
}

#[tokio::test]
async fn versions_differ_by_a_few_fields() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let path = format!("/v1/checkout/sessions/{}", text(&shop.session(&sellers).await, "id"));
    for (version, mode) in [("2024-06-20", "hosted"), ("2026-10-28.endive", "hosted_page")] {
        let client = shop.client.with("stripe-version", version);
        assert_eq!(client.get(&path).await.ok()["ui_mode"], mode);
    }
    let client = shop.client.with("stripe-version", "soon");
    assert_eq!(client.get(&path).await.error(), "400 version_invalid -");
}
