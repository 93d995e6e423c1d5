//! What belongs to another platform is answered like what does not exist, on every route.

use crate::client::text;
use crate::shop::Shop;

/// The id of an object that nobody has, of the same kind.
fn nobodys(id: &str) -> String {
    let (prefix, _) = id.rsplit_once('_').unwrap();
    format!("{prefix}_0000000000000000000000")
}

/// Method, path, form, and whose id stands for `{id}`.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("GET", "/v1/accounts/{id}", "", "account"),
    ("POST", "/v1/accounts/{id}", "email=a@b.example", "account"),
    ("DELETE", "/v1/accounts/{id}", "", "account"),
    ("GET", "/v1/accounts/{id}/capabilities", "", "account"),
    ("GET", "/v1/accounts/{id}/capabilities/transfers", "", "account"),
    ("POST", "/v1/accounts/{id}/capabilities/link_payments", "requested=true", "account"),
    ("GET", "/v1/accounts/{id}/external_accounts", "", "account"),
    ("POST", "/v1/accounts/{id}/external_accounts", "external_account=btok_us", "account"),
    ("POST", "/v1/accounts/{id}/login_links", "", "account"),
    ("POST", "/v1/account_links", LINK, "account"),
    ("GET", "/v1/payouts/{id}", "", "payout"),
    ("POST", "/v1/payouts/{id}", "metadata[a]=1", "payout"),
    ("POST", "/v1/payouts/{id}/cancel", "", "payout"),
    ("POST", "/v1/payouts/{id}/reverse", "", "payout"),
    ("GET", "/v1/payouts?starting_after={id}", "", "payout"),
    ("POST", "/v1/payouts", "amount=1&currency=usd&destination={id}", "bank"),
    ("GET", "/v1/accounts?starting_after={id}", "", "account"),
    ("GET", "/v1/checkout/sessions/{id}", "", "session"),
    ("GET", "/v1/checkout/sessions/{id}/line_items", "", "session"),
    ("POST", "/v1/checkout/sessions/{id}/expire", "", "session"),
    ("GET", "/v1/payment_pages/{id}", "", "session"),
    ("POST", "/v1/payment_pages/{id}/confirm", "payment_method=tok_visa", "session"),
    ("GET", "/v1/payment_intents/{id}", "", "intent"),
    ("POST", "/v1/payment_intents/{id}/confirm", "", "intent"),
    ("POST", "/v1/payment_intents/{id}/capture", "", "intent"),
    ("POST", "/v1/payment_intents/{id}/cancel", "", "intent"),
    ("GET", "/v1/customers/{id}", "", "customer"),
    ("POST", "/v1/customers/{id}", "name=x", "customer"),
    ("DELETE", "/v1/customers/{id}", "", "customer"),
    ("GET", "/v1/customers/{id}/payment_methods", "", "customer"),
    ("GET", "/v1/customers/{id}/payment_methods/pm_0000000000000000000000", "", "customer"),
    ("GET", "/v1/payment_methods/{id}", "", "method"),
    ("GET", "/v1/payment_methods/{id}", "", "used"),
    ("POST", "/v1/payment_methods/{id}", "metadata[a]=b", "method"),
    ("POST", "/v1/payment_methods/{id}/detach", "", "method"),
    ("POST", "/v1/payment_methods/{id}/detach", "", "used"),
    ("POST", "/v1/payment_methods/pm_card_visa/attach", "customer={id}", "customer"),
    ("GET", "/v1/payment_methods?customer={id}", "", "customer"),
    ("GET", "/v1/customers?starting_after={id}", "", "customer"),
    ("GET", "/v1/setup_intents/{id}", "", "setup"),
    ("POST", "/v1/setup_intents/{id}", "description=x", "setup"),
    ("POST", "/v1/setup_intents/{id}/confirm", "", "setup"),
    ("POST", "/v1/setup_intents/{id}/cancel", "", "setup"),
    ("GET", "/v1/setup_attempts?setup_intent={id}", "", "setup"),
    ("POST", "/v1/setup_intents", "customer={id}", "customer"),
    ("POST", "/v1/setup_intents", "confirm=true&payment_method={id}", "method"),
    ("POST", "/v1/payment_intents", "amount=1&currency=usd&customer={id}", "customer"),
    ("POST", "/v1/payment_intents", "amount=1&currency=usd&payment_method={id}", "method"),
    ("POST", "/v1/payment_intents", "amount=1&currency=usd&payment_method={id}", "used"),
    ("GET", "/v1/charges/{id}", "", "charge"),
    ("GET", "/v1/refunds/{id}", "", "refund"),
    ("POST", "/v1/refunds", "payment_intent={id}", "intent"),
    ("POST", "/v1/refunds", "charge={id}", "charge"),
    ("GET", "/v1/orders/{id}", "", "order"),
    ("POST", "/v1/orders/{id}/ship", "", "order"),
    ("POST", "/v1/orders/{id}/deliver", "", "order"),
    ("POST", "/v1/orders/{id}/confirm_receipt", "", "order"),
    ("POST", "/v1/orders/{id}/extend_protection", "", "order"),
    ("POST", "/v1/orders/{id}/cancel", "", "order"),
    ("POST", "/v1/orders/{id}/claim", "reason=other", "order"),
    ("POST", "/v1/orders/{id}/rule", "outcome=buyer", "order"),
    ("GET", "/v1/held_funds/{id}", "", "funds"),
    ("POST", "/v1/held_funds/{id}/release", "", "funds"),
    ("POST", "/v1/held_funds/{id}/refund", "", "funds"),
    ("POST", "/v1/held_funds/{id}/freeze", "", "funds"),
    ("GET", "/v1/events/{id}", "", "event"),
    ("GET", "/v1/webhook_endpoints/{id}", "", "hook"),
    ("DELETE", "/v1/webhook_endpoints/{id}", "", "hook"),
    ("GET", "/v1/test_helpers/test_clocks/{id}", "", "clock"),
    ("POST", "/v1/test_helpers/test_clocks/{id}/advance", "frozen_time=1800000000", "clock"),
    ("GET", "/v1/payment_intents?starting_after={id}", "", "intent"),
    ("GET", "/v1/events?ending_before={id}", "", "event"),
    ("GET", "/v1/webhook_endpoints?starting_after={id}", "", "hook"),
    ("POST", "/v1/checkout/sessions", SESSION, "account"),
];

#[tokio::test]
async fn ids_of_another_platform_are_nobodys() {
    let shop = Shop::open();
    let ids = one_of_each(&shop).await;
    let other = shop.other_platform();
    let rows = shop.store.all_rows();
    for (method, path, form, kind) in TABLE {
        let (_, id) = ids.iter().find(|(name, _)| name == kind).unwrap();
        let none = nobodys(id);
        let asked = |id: &str| (path.replace("{id}", id), form.replace("{id}", id));
        let (foreign, missing) = (asked(id), asked(&none));
        let foreign = other.send(method, &foreign.0, &foreign.1).await;
        let missing = other.send(method, &missing.0, &missing.1).await;
        let told = String::from_utf8_lossy(&foreign.bytes).replace(id, &none);
        assert_eq!(told, String::from_utf8_lossy(&missing.bytes), "{method} {path}");
        assert_eq!(foreign.status, missing.status, "{method} {path}");
        assert!([400, 404].contains(&foreign.status), "{method} {path}: {}", foreign.error());
    }
    let (_, seller) = &ids[0];
    let account = |id: &str| other.with("stripe-account", id);
    for path in ["/v1/balance", "/v1/orders"] {
        let (foreign, missing) =
            (account(seller).get(path).await, account(&nobodys(seller)).get(path).await);
        assert_eq!((foreign.status, &foreign.bytes), (403, &missing.bytes), "{path}");
    }
    assert_eq!(shop.store.all_rows(), rows, "nothing was changed");
}

/// An object of each kind of the first platform, by name.
async fn one_of_each(shop: &Shop) -> Vec<(&'static str, String)> {
    shop.make_clock().await;
    let client = &shop.client;
    let bought = shop.purchase().await;
    let shipped = client.post(&format!("/v1/orders/{}/ship", bought.orders[0]), "").await.ok();
    let paid = shop.pay("pm_card_bypassPending", "").await;
    let refund = format!("payment_intent={}&amount=1", text(&paid, "id"));
    let refund = client.post("/v1/refunds", &refund).await.ok();
    let customer = client.post("/v1/customers", "name=Ada").await.ok();
    let attach = format!("customer={}", text(&customer, "id"));
    let method = client.post("/v1/payment_methods/pm_card_visa/attach", &attach).await.ok();
    let setup = "confirm=true&payment_method=pm_card_visa";
    let setup = client.post("/v1/setup_intents", setup).await.ok();
    let hook = "url=https://shop.example/&enabled_events[]=*";
    let hook = client.post("/v1/webhook_endpoints", hook).await.ok();
    // The platform's fee of the order is there at once, other than what it sells.
    client.post(&format!("/v1/orders/{}/confirm_receipt", bought.orders[0]), "").await.ok();
    let payout = client.post("/v1/payouts", "amount=1&currency=usd").await.ok();
    let clocks = client.get("/v1/test_helpers/test_clocks").await.ok();
    let events = client.get("/v1/events").await.ok();
    let own = |text: &str| text.to_owned();
    vec![
        ("account", bought.sellers[0].clone()),
        ("session", own(text(&bought.session, "id"))),
        ("order", bought.orders[0].clone()),
        ("intent", own(text(&paid, "id"))),
        ("charge", own(text(&paid, "latest_charge"))),
        ("funds", own(text(&shipped, "held_funds"))),
        ("refund", own(text(&refund, "id"))),
        ("hook", own(text(&hook, "id"))),
        ("payout", own(text(&payout, "id"))),
        ("bank", own(text(&payout, "destination"))),
        ("customer", own(text(&customer, "id"))),
        ("method", own(text(&method, "id"))),
        ("used", own(text(&paid, "payment_method"))),
        ("setup", own(text(&setup, "id"))),
        ("clock", own(text(&clocks["data"][0], "id"))),
        ("event", own(text(&events["data"][0], "id"))),
    ]
}

const LINK: &str = "account={id}&type=account_onboarding&refresh_url=https://shop.example/\
    &return_url=https://shop.example/";

const SESSION: &str = "mode=payment&line_items[0][seller]={id}&line_items[0][quantity]=1\
    &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=100\
    &line_items[0][price_data][product_data][name]=Thing";

#[tokio::test]
async fn lists_of_another_platform_are_empty() {
    let shop = Shop::open();
    shop.make_clock().await;
    let bought = shop.purchase().await;
    let other = shop.other_platform();
    let filters = [
        "/v1/accounts".to_owned(),
        "/v1/payouts".to_owned(),
        "/v1/checkout/sessions".to_owned(),
        "/v1/payment_intents".to_owned(),
        "/v1/charges".to_owned(),
        "/v1/refunds".to_owned(),
        "/v1/orders".to_owned(),
        format!("/v1/orders?checkout_session={}", text(&bought.session, "id")),
        format!("/v1/orders?seller={}", bought.sellers[0]),
        format!("/v1/charges?payment_intent={}", text(&bought.session, "payment_intent")),
        "/v1/held_funds".to_owned(),
        "/v1/events".to_owned(),
        "/v1/webhook_endpoints".to_owned(),
        "/v1/test_helpers/test_clocks".to_owned(),
    ];
    for path in filters {
        let list = other.get(&path).await.ok();
        assert!(list["data"].as_array().unwrap().is_empty(), "{path}");
    }
}

/// In a seller's name, what is another seller's or the platform's is not there.
#[tokio::test]
async fn ids_of_another_seller_are_nobodys() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let own = shop.client.with("stripe-account", &sellers[0]);
    let bank = "external_account=btok_us";
    let banks = format!("/v1/accounts/{}/external_accounts", sellers[1]);
    let bank = shop.client.post(&banks, bank).await.ok();
    let bought = shop.purchase().await;
    for action in ["ship", "confirm_receipt"] {
        shop.client.post(&format!("/v1/orders/{}/{action}", bought.orders[0]), "").await.ok();
    }
    let payout = shop.client.post("/v1/payouts", "amount=1&currency=usd").await.ok();
    let platform = text(&shop.client.get("/v1/account").await.ok(), "id").to_owned();
    let (bank, payout) = (text(&bank, "id"), text(&payout, "id"));
    let table = [
        ("GET", "/v1/accounts/{id}", "", sellers[1].as_str()),
        ("GET", "/v1/accounts/{id}", "", &platform),
        ("POST", "/v1/accounts/{id}", "email=a@b.example", &sellers[1]),
        ("GET", "/v1/accounts/{id}/capabilities", "", &sellers[1]),
        ("GET", "/v1/accounts/{id}/external_accounts", "", &sellers[1]),
        ("GET", "/v1/accounts/{id}/external_accounts", "", &platform),
        ("POST", "/v1/accounts/{id}/external_accounts", "external_account=btok_us", &sellers[1]),
        ("GET", "/v1/payouts/{id}", "", payout),
        ("POST", "/v1/payouts/{id}", "metadata[a]=1", payout),
        ("POST", "/v1/payouts/{id}/cancel", "", payout),
        ("POST", "/v1/payouts/{id}/reverse", "", payout),
        ("POST", "/v1/payouts", "amount=1&currency=usd&destination={id}", bank),
    ];
    let rows = shop.store.all_rows();
    for (method, path, form, id) in table {
        let none = nobodys(id);
        let asked = |id: &str| (path.replace("{id}", id), form.replace("{id}", id));
        let (foreign, missing) = (asked(id), asked(&none));
        let foreign = own.send(method, &foreign.0, &foreign.1).await;
        let missing = own.send(method, &missing.0, &missing.1).await;
        let told = String::from_utf8_lossy(&foreign.bytes).replace(id, &none);
        assert_eq!(told, String::from_utf8_lossy(&missing.bytes), "{method} {path}");
        assert_eq!((foreign.status, missing.status), (404, 404), "{method} {path}");
    }
    let inner = format!("/v1/accounts/{}/external_accounts/{bank}", sellers[0]);
    for method in ["GET", "POST", "DELETE"] {
        assert_eq!(own.send(method, &inner, "").await.status, 404, "{method} {inner}");
    }
    for (method, path) in [
        ("GET", "/v1/accounts".to_owned()),
        ("POST", "/v1/accounts".to_owned()),
        ("DELETE", format!("/v1/accounts/{}", sellers[0])),
        ("POST", format!("/v1/accounts/{}/login_links", sellers[0])),
        ("POST", "/v1/account_links".to_owned()),
    ] {
        let refused = own.send(method, &path, "").await;
        assert_eq!(refused.error(), "400 account_not_applicable -", "{method} {path}");
    }
    assert_eq!(shop.store.all_rows(), rows, "nothing was changed");
}
