//! Requests that are refused: each with its status, code and parameter, and nothing changed.

use holdfast_core::row::Row;

use crate::client::{Client, text};
use crate::shop::{Purchase, Shop};

/// Method, path, form, and the status, code and parameter of the answer. `{pi}` is a payment that
/// is paid, `{ch}` its charge, `{ord}` an order that awaits shipment, `{cs}` a session that is
/// paid, `{acct}` a seller, `{hf}` held funds, `{clock}` the clock.
const TABLE: &[(&str, &str, &str, &str)] = &[
    // Accounts.
    ("POST", "/v1/accounts", "email=salma", "400 parameter_invalid_value email"),
    ("POST", "/v1/accounts", "country=us", "400 parameter_invalid_value country"),
    ("POST", "/v1/accounts", "country=USA", "400 parameter_too_long country"),
    (
        "POST",
        "/v1/accounts",
        "default_currency=xxx",
        "400 parameter_invalid_value default_currency",
    ),
    ("POST", "/v1/accounts", "type=platform", "400 parameter_invalid_value type"),
    ("POST", "/v1/accounts", "business_profile=x", "400 parameter_invalid_object business_profile"),
    (
        "POST",
        "/v1/accounts",
        "business_profile[nam]=x",
        "400 parameter_unknown business_profile[nam]",
    ),
    ("POST", "/v1/accounts", "metadata[a][b]=x", "400 parameter_invalid_string metadata[a]"),
    (
        "POST",
        "/v1/accounts",
        "capabilities[transfers][requested]=false",
        "400 parameter_invalid_value capabilities[transfers][requested]",
    ),
    // Customers.
    ("POST", "/v1/customers", "email=salma", "400 parameter_invalid_value email"),
    ("POST", "/v1/customers", "balance=5", "400 parameter_invalid_integer balance"),
    ("POST", "/v1/customers", "tax_exempt=maybe", "400 parameter_invalid_value tax_exempt"),
    (
        "POST",
        "/v1/customers",
        "address[country]=de",
        "400 parameter_invalid_value address[country]",
    ),
    ("POST", "/v1/customers", "address[planet]=x", "400 parameter_unknown address[planet]"),
    ("POST", "/v1/customers", "shipping[name]=Ada", "400 parameter_missing shipping[address]"),
    ("POST", "/v1/customers", "shipping[address][line1]=x", "400 parameter_missing shipping[name]"),
    ("POST", "/v1/customers", "source=visa", "400 resource_missing source"),
    (
        "POST",
        "/v1/customers",
        "source=tok_visa&payment_method=tok_visa",
        "400 parameters_exclusive payment_method",
    ),
    (
        "POST",
        "/v1/customers",
        "payment_method=pm_0000000000000000000000",
        "400 resource_missing payment_method",
    ),
    (
        "POST",
        "/v1/customers",
        "invoice_settings[default_payment_method]=pm_0000000000000000000000",
        "400 resource_missing invoice_settings[default_payment_method]",
    ),
    (
        "POST",
        "/v1/customers",
        "preferred_locales=ar",
        "400 parameter_invalid_array preferred_locales",
    ),
    ("POST", "/v1/customers", "discount=x", "400 parameter_unknown discount"),
    ("GET", "/v1/customers/cus_1", "", "404 resource_missing id"),
    ("POST", "/v1/customers/{cus}", "name[a]=x", "400 parameter_invalid_string name"),
    (
        "POST",
        "/v1/customers/{cus}",
        "invoice_settings[default_payment_method]={pm}",
        "400 resource_missing invoice_settings[default_payment_method]",
    ),
    ("DELETE", "/v1/customers/cus_0000000000000000000000", "", "404 resource_missing id"),
    ("GET", "/v1/customers?email=", "", "400 parameter_invalid_empty email"),
    ("GET", "/v1/customers?created[after]=1", "", "400 parameter_unknown created[after]"),
    (
        "GET",
        "/v1/customers/{cus}/payment_methods?type=sofa",
        "",
        "400 parameter_invalid_value type",
    ),
    ("GET", "/v1/customers/{cus}/payment_methods/{pm}", "", "404 resource_missing id"),
    // Payment methods.
    ("POST", "/v1/payment_methods", "", "400 parameter_missing type"),
    ("POST", "/v1/payment_methods", "type=ideal", "400 parameter_invalid_value type"),
    ("POST", "/v1/payment_methods", "type=card", "400 parameter_missing card"),
    ("POST", "/v1/payment_methods", "type=card&card[token]=x", "400 resource_missing card[token]"),
    (
        "POST",
        "/v1/payment_methods",
        "type=card&card[exp_month]=12",
        "400 parameter_missing card[token]",
    ),
    (
        "POST",
        "/v1/payment_methods",
        "type=card&card[token]=tok_visa&allow_redisplay=often",
        "400 parameter_invalid_value allow_redisplay",
    ),
    (
        "POST",
        "/v1/payment_methods",
        "type=card&card[token]=tok_visa&billing_details[email]=x",
        "400 parameter_invalid_value billing_details[email]",
    ),
    ("GET", "/v1/payment_methods/pm_0000000000000000000000", "", "404 resource_missing id"),
    ("POST", "/v1/payment_methods/{pm}", "customer={cus}", "400 parameter_unknown customer"),
    ("POST", "/v1/payment_methods/{pm}/attach", "", "400 parameter_missing customer"),
    (
        "POST",
        "/v1/payment_methods/{pm}/attach",
        "customer=cus_0000000000000000000000",
        "400 resource_missing customer",
    ),
    ("POST", "/v1/payment_methods/pm_card_x/attach", "customer={cus}", "404 resource_missing id"),
    (
        "POST",
        "/v1/payment_methods/{pm}/detach",
        "",
        "400 payment_method_unexpected_state payment_method",
    ),
    ("GET", "/v1/payment_methods?customer=cus_1", "", "404 resource_missing customer"),
    // Setups.
    (
        "POST",
        "/v1/setup_intents",
        "return_url=https://a.example",
        "400 parameter_invalid_value return_url",
    ),
    ("POST", "/v1/setup_intents", "confirm=true", "400 parameter_missing payment_method"),
    ("POST", "/v1/setup_intents", "usage=sometimes", "400 parameter_invalid_value usage"),
    (
        "POST",
        "/v1/setup_intents",
        "attach_to_self=true",
        "400 parameter_invalid_value attach_to_self",
    ),
    (
        "POST",
        "/v1/setup_intents",
        "payment_method_types[]=paper",
        "400 parameter_invalid_value payment_method_types",
    ),
    (
        "POST",
        "/v1/setup_intents",
        "customer=cus_0000000000000000000000",
        "400 resource_missing customer",
    ),
    ("GET", "/v1/setup_intents/seti_1", "", "404 resource_missing id"),
    (
        "POST",
        "/v1/setup_intents/{seti}/cancel",
        "cancellation_reason=automatic",
        "400 parameter_invalid_value cancellation_reason",
    ),
    ("POST", "/v1/setup_intents/{seti}/confirm", "", "400 setup_intent_unexpected_state -"),
    ("GET", "/v1/setup_attempts", "", "400 parameter_missing setup_intent"),
    (
        "GET",
        "/v1/setup_attempts?setup_intent=seti_0000000000000000000000",
        "",
        "400 resource_missing setup_intent",
    ),
    // Payments with kept cards.
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&payment_method=pm_0000000000000000000000",
        "400 resource_missing payment_method",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&setup_future_usage=never",
        "400 parameter_invalid_value setup_future_usage",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&confirm=true&payment_method=tok_visa&off_session=true\
         &setup_future_usage=off_session",
        "400 parameters_exclusive setup_future_usage",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&confirm=true&payment_method={pm2}",
        "400 payment_method_customer_mismatch payment_method",
    ),
    // Payments.
    ("POST", "/v1/payment_intents", "", "400 parameter_missing amount"),
    ("POST", "/v1/payment_intents", "amount=100", "400 parameter_missing currency"),
    ("POST", "/v1/payment_intents", "amount=0&currency=usd", "400 amount_too_small amount"),
    (
        "POST",
        "/v1/payment_intents",
        "amount=-5&currency=usd",
        "400 parameter_invalid_integer amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1.5&currency=usd",
        "400 parameter_invalid_integer amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1e3&currency=usd",
        "400 parameter_invalid_integer amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=01&currency=usd",
        "400 parameter_invalid_integer amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1000000000000&currency=usd",
        "400 amount_too_large amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&amount=2&currency=usd",
        "400 parameter_duplicate amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount[a]=1&currency=usd",
        "400 parameter_invalid_string amount",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=bitcoin",
        "400 parameter_invalid_value currency",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&confirm=yes",
        "400 parameter_invalid_boolean confirm",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&confirm=true",
        "400 parameter_missing payment_method",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&customer=cus_1",
        "404 resource_missing customer",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&capture_method=later",
        "400 parameter_invalid_value capture_method",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&return_url=https://a.example/",
        "400 parameter_invalid_value return_url",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&confirm=true&payment_method=tok_visa&return_url=shop",
        "400 parameter_invalid_value return_url",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&payment_method=card_1",
        "400 resource_missing payment_method",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&payment_method_types[]=sepa_debit",
        "400 parameter_invalid_value payment_method_types",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&automatic_payment_methods[allow_redirects]=never",
        "400 parameter_missing automatic_payment_methods[enabled]",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&expand[]=shipping",
        "400 property_not_expandable expand[0]",
    ),
    (
        "POST",
        "/v1/payment_intents",
        "amount=1&currency=usd&receipt_email=nobody",
        "400 parameter_invalid_value receipt_email",
    ),
    ("GET", "/v1/payment_intents/pi_1", "", "404 resource_missing id"),
    ("GET", "/v1/payment_intents/{ch}", "", "404 resource_missing id"),
    ("GET", "/v1/payment_intents/{pi}?expand[]=x", "", "400 property_not_expandable expand[0]"),
    ("GET", "/v1/payment_intents?limit=101", "", "400 parameter_invalid_integer limit"),
    ("GET", "/v1/payment_intents?starting_after=pi_1", "", "400 cursor_invalid starting_after"),
    ("GET", "/v1/payment_intents?page=2", "", "400 parameter_unknown page"),
    ("POST", "/v1/payment_intents/{pi}/confirm", "", "400 payment_intent_unexpected_state -"),
    ("POST", "/v1/payment_intents/{pi}/capture", "", "400 payment_intent_unexpected_state -"),
    (
        "POST",
        "/v1/payment_intents/{pi}/capture",
        "amount_to_capture=0",
        "400 amount_too_small amount_to_capture",
    ),
    ("POST", "/v1/payment_intents/{pi}/capture", "amount=1", "400 parameter_unknown amount"),
    ("POST", "/v1/payment_intents/{pi}/cancel", "", "400 payment_intent_unexpected_state -"),
    (
        "POST",
        "/v1/payment_intents/{pi}/cancel",
        "cancellation_reason=boredom",
        "400 parameter_invalid_value cancellation_reason",
    ),
    // Charges and refunds.
    ("GET", "/v1/charges/ch_1", "", "404 resource_missing id"),
    ("GET", "/v1/charges?payment_intent=x", "", "404 resource_missing payment_intent"),
    ("POST", "/v1/refunds", "", "400 parameter_missing payment_intent"),
    ("POST", "/v1/refunds", "payment_intent={pi}&charge={ch}", "400 parameters_exclusive charge"),
    ("POST", "/v1/refunds", "charge=ch_1", "404 resource_missing charge"),
    ("POST", "/v1/refunds", "payment_intent={pi}&amount=0", "400 amount_too_small amount"),
    ("POST", "/v1/refunds", "payment_intent={pi}&amount=2501", "400 refund_exceeds_payment amount"),
    (
        "POST",
        "/v1/refunds",
        "payment_intent={pi}&reason=boredom",
        "400 parameter_invalid_value reason",
    ),
    ("POST", "/v1/refunds", "payment_intent={pi}&order={ord}", "404 resource_missing order"),
    (
        "POST",
        "/v1/refunds",
        "payment_intent={pi}&reverse_transfer=true",
        "400 parameter_invalid_value reverse_transfer",
    ),
    ("GET", "/v1/refunds?payment_intent={pi}&charge={ch}", "", "400 parameters_exclusive charge"),
    ("GET", "/v1/refunds/re_1", "", "404 resource_missing id"),
    // Sessions.
    ("POST", "/v1/checkout/sessions", "mode=payment", "400 parameter_missing line_items"),
    ("POST", "/v1/checkout/sessions", "mode=subscription", "400 parameter_invalid_value mode"),
    (
        "POST",
        "/v1/checkout/sessions",
        "line_items[1][quantity]=1",
        "400 parameter_invalid_array line_items",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "line_items[0][quantity]=1",
        "400 parameter_missing line_items[0][price]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "line_items[0][seller]={acct}&line_items[0][quantity]=1",
        "400 parameter_missing line_items[0][price]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=0",
        "400 parameter_invalid_integer line_items[0][quantity]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=10001",
        "400 parameter_invalid_integer line_items[0][quantity]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&line_items[0][price]=price_1",
        "400 parameters_exclusive line_items[0][price_data]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&line_items[0][excluded_payment_method_types][]=cash",
        "400 parameter_invalid_value line_items[0][excluded_payment_method_types]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&success_url=thanks",
        "400 parameter_invalid_value success_url",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&locale=klingon",
        "400 parameter_invalid_value locale",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&expires_at=1",
        "400 parameter_invalid_value expires_at",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1&expires_at=soon",
        "400 parameter_invalid_timestamp expires_at",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1\
         &shipping_options[0][shipping_rate_data][display_name]=Post",
        "400 parameter_missing shipping_options[0][shipping_rate_data][fixed_amount]",
    ),
    (
        "POST",
        "/v1/checkout/sessions",
        "{line}&line_items[0][quantity]=1\
         &shipping_options[0][shipping_rate_data][display_name]=Post\
         &shipping_options[0][shipping_rate_data][fixed_amount][amount]=1\
         &shipping_options[0][shipping_rate_data][fixed_amount][currency]=eur",
        "400 currency_mismatch shipping_options[0][shipping_rate_data][fixed_amount][currency]",
    ),
    ("GET", "/v1/checkout/sessions/cs_1", "", "404 resource_missing id"),
    ("POST", "/v1/checkout/sessions/{cs}/expire", "", "400 checkout_session_not_open -"),
    ("POST", "/v1/payment_pages/{cs}/confirm", "", "400 parameter_missing payment_method"),
    (
        "POST",
        "/v1/payment_pages/{cs}/confirm",
        "payment_method=tok_visa",
        "400 checkout_session_not_open -",
    ),
    (
        "POST",
        "/v1/payment_pages/{cs}/confirm",
        "payment_method=tok_visa&client_secret={cs}_secret_x",
        "404 resource_missing id",
    ),
    // Orders and held funds.
    ("GET", "/v1/orders?status=lost", "", "400 parameter_invalid_value status"),
    ("GET", "/v1/orders?seller={acct}&payment_intent={pi}", "", "400 parameters_exclusive seller"),
    ("GET", "/v1/orders?seller=nobody", "", "404 resource_missing seller"),
    ("GET", "/v1/orders/{ord}?expand[]=seller", "", "400 property_not_expandable expand[0]"),
    ("POST", "/v1/orders/{ord}/deliver", "", "400 order_unexpected_state -"),
    ("POST", "/v1/orders/{ord}/confirm_receipt", "", "400 order_unexpected_state -"),
    ("POST", "/v1/orders/{ord}/extend_protection", "", "400 order_unexpected_state -"),
    ("POST", "/v1/orders/{ord}/claim", "", "400 parameter_missing reason"),
    ("POST", "/v1/orders/{ord}/claim", "reason=boredom", "400 parameter_invalid_value reason"),
    ("POST", "/v1/orders/{ord}/claim", "reason=other", "400 order_unexpected_state -"),
    ("POST", "/v1/orders/{ord}/rule", "outcome=draw", "400 parameter_invalid_value outcome"),
    ("POST", "/v1/orders/{ord}/rule", "outcome=split", "400 parameter_missing refund_amount"),
    (
        "POST",
        "/v1/orders/{ord}/rule",
        "outcome=buyer&refund_amount=1",
        "400 parameter_invalid_value refund_amount",
    ),
    ("POST", "/v1/orders/{ord}/rule", "outcome=buyer", "400 order_unexpected_state -"),
    (
        "POST",
        "/v1/orders/{ord}/cancel",
        "requested_by=aliens",
        "400 parameter_invalid_value requested_by",
    ),
    ("POST", "/v1/orders/{ord}/ship", "carrier=", "400 parameter_invalid_empty carrier"),
    ("POST", "/v1/held_funds/hf_1/release", "", "404 resource_missing id"),
    ("POST", "/v1/held_funds/{hf}/release", "amount=999999", "400 release_exceeds_held amount"),
    ("POST", "/v1/held_funds/{hf}/refund", "amount=999999", "400 release_exceeds_held amount"),
    ("POST", "/v1/held_funds/{hf}/freeze", "amount=1", "400 parameter_unknown amount"),
    ("GET", "/v1/held_funds?order={ord}&seller={acct}", "", "400 parameters_exclusive seller"),
    // Events, webhooks, clocks.
    ("GET", "/v1/events?type=order.lost", "", "400 parameter_invalid_value type"),
    (
        "GET",
        "/v1/events?type=order.created&types[]=order.created",
        "",
        "400 parameters_exclusive types",
    ),
    ("GET", "/v1/events/evt_1", "", "404 resource_missing id"),
    ("POST", "/v1/webhook_endpoints", "enabled_events[]=*", "400 parameter_missing url"),
    (
        "POST",
        "/v1/webhook_endpoints",
        "url=https://a.example/",
        "400 parameter_missing enabled_events",
    ),
    (
        "POST",
        "/v1/webhook_endpoints",
        "url=https://a.example/&enabled_events[]=order.lost",
        "400 parameter_invalid_value enabled_events",
    ),
    (
        "POST",
        "/v1/webhook_endpoints",
        "url=ftp://a.example/&enabled_events[]=*",
        "400 parameter_invalid_value url",
    ),
    (
        "POST",
        "/v1/webhook_endpoints",
        "url=https://a.example/&enabled_events[]=*&api_version=soon",
        "400 parameter_invalid_value api_version",
    ),
    (
        "POST",
        "/v1/test_helpers/test_clocks/{clock}/advance",
        "",
        "400 parameter_missing frozen_time",
    ),
    (
        "POST",
        "/v1/test_helpers/test_clocks/{clock}/advance",
        "frozen_time=1",
        "400 clock_moves_forward_only frozen_time",
    ),
    ("GET", "/v1/balance?currency=usd", "", "400 parameter_unknown currency"),
    ("GET", "/v1/nothing", "", "404 - -"),
];

#[tokio::test]
async fn bad_requests_change_nothing() {
    let shop = Shop::open();
    shop.make_clock().await;
    let bought = shop.purchase().await;
    let names = names(&shop, &bought).await;
    let (rows, entries) = (shop.store.all_rows(), shop.store.all_entries());
    assert!(TABLE.len() >= 60);
    for (index, (method, path, form, expected)) in TABLE.iter().enumerate() {
        let (path, form) = (filled(path, &names), filled(form, &names));
        let client = keyed(&shop.client, index);
        let answer = client.send(method, &path, &form).await;
        assert_eq!(answer.error(), *expected, "{method} {path} {form}: {:#}", answer.json);
        let message = answer.json["error"]["message"].as_str().unwrap_or_default();
        assert!(!message.is_empty(), "{method} {path} {form}");
    }
    // What the domain refused is kept under its idempotency key, and nothing else.
    let mut after = shop.store.all_rows();
    after.retain(|stored| rows.contains(stored) || !matches!(*stored.row, Row::Replay(_)));
    assert_eq!(after, rows);
    assert_eq!(shop.store.all_entries(), entries);
}

/// Every other request has an idempotency key, which must change nothing of this.
fn keyed(client: &Client, index: usize) -> Client {
    if index.is_multiple_of(2) {
        client.clone()
    } else {
        client.with("idempotency-key", &format!("k{index}"))
    }
}

async fn names(shop: &Shop, bought: &Purchase) -> Vec<(&'static str, String)> {
    let paid = shop.pay("tok_visa", "").await;
    let shipped = shop.client.post(&format!("/v1/orders/{}/ship", bought.orders[1]), "").await.ok();
    let clocks = shop.client.get("/v1/test_helpers/test_clocks").await.ok();
    let client = &shop.client;
    let customer = client.post("/v1/customers", "name=Ada").await.ok();
    let card = "type=card&card[token]=tok_visa";
    let loose = client.post("/v1/payment_methods", card).await.ok();
    let form = format!("customer={}", text(&customer, "id"));
    let attached = client.post("/v1/payment_methods/pm_card_visa/attach", &form).await.ok();
    let form = "confirm=true&payment_method=pm_card_visa";
    let setup = client.post("/v1/setup_intents", form).await.ok();
    let line = format!(
        "line_items[0][seller]={}&line_items[0][price_data][currency]=usd\
         &line_items[0][price_data][unit_amount]=100\
         &line_items[0][price_data][product_data][name]=Thing",
        bought.sellers[0]
    );
    vec![
        ("{pi}", text(&paid, "id").to_owned()),
        ("{ch}", text(&paid, "latest_charge").to_owned()),
        ("{ord}", bought.orders[0].clone()),
        ("{cs}", text(&bought.session, "id").to_owned()),
        ("{acct}", bought.sellers[0].clone()),
        ("{hf}", text(&shipped, "held_funds").to_owned()),
        ("{clock}", text(&clocks["data"][0], "id").to_owned()),
        ("{line}", line),
        ("{cus}", text(&customer, "id").to_owned()),
        ("{pm}", text(&loose, "id").to_owned()),
        ("{pm2}", text(&attached, "id").to_owned()),
        ("{seti}", text(&setup, "id").to_owned()),
    ]
}

fn filled(text: &str, names: &[(&str, String)]) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[tokio::test]
async fn bodies_and_headers_that_are_refused() {
    let shop = Shop::open();
    let path = "/v1/payment_intents";
    let form = "amount=1&currency=usd";
    let table = [
        ("content-type", "application/json", "400 content_type_invalid -"),
        ("stripe-version", "yesterday", "400 version_invalid -"),
        ("idempotency-key", &"k".repeat(256), "400 idempotency_key_invalid -"),
    ];
    for (name, value, expected) in table {
        assert_eq!(
            shop.client.with(name, value).post(path, form).await.error(),
            expected,
            "{name}"
        );
    }
    let large = format!("{form}&description={}", "a".repeat(70_000));
    assert_eq!(shop.client.post(path, &large).await.error(), "400 parameter_too_long description");
    let larger = format!("{form}&description={}", "a".repeat(2 * 1024 * 1024));
    assert_eq!(shop.client.post(path, &larger).await.error(), "413 request_too_large -");
    for (body, expected) in [
        ("amount=1&amount=1&currency=usd", "400 parameter_duplicate amount"),
        ("amount=1&amount%5B%5D=2&currency=usd", "400 parameter_conflict amount[]"),
        ("amount=1&currency=usd&unicorn=1", "400 parameter_unknown unicorn"),
        ("amount=1&currency=usd&metadata[a][b]=1", "400 parameter_invalid_string metadata[a]"),
        ("amount=1&currency[x]=usd", "400 parameter_invalid_string currency"),
        (
            "amount=1&currency=usd&payment_method_types=card",
            "400 parameter_invalid_array payment_method_types",
        ),
        (
            "amount=1&currency=usd&payment_method_types[1]=card",
            "400 parameter_invalid_array payment_method_types",
        ),
        ("amount=1&currency=usd&metadata=x", "400 parameter_invalid_object metadata"),
        ("amount=1&currency=usd&metadata[a=x", "400 parameter_malformed metadata[a"),
        (
            "amount=1&currency=usd&a[b][c][d][e][f][g][h][i]=1",
            "400 parameter_too_deep a[b][c][d][e][f][g][h][i]",
        ),
        ("amount=1&currency=usd&description=%C0%AF", "400 invalid_characters description"),
        ("amount=1&currency=usd&description=a%00b", "400 invalid_characters description"),
        ("amount=%D9%A1&currency=usd", "400 parameter_invalid_integer amount"),
        ("amount=+1&currency=usd", "400 parameter_invalid_integer amount"),
        ("{\"amount\":1,\"currency\":\"usd\"}", "400 parameter_missing amount"),
    ] {
        let error = shop.client.post(path, body).await.error();
        assert_eq!(error, expected, "{body}");
    }
    let json = shop.client.with("content-type", "application/json; charset=utf-8");
    let refused = json.post(path, "{\"amount\":1}").await;
    assert_eq!(refused.error(), "400 content_type_invalid -");
    let odd = format!("{form}&description=%zz");
    assert_eq!(shop.client.post(path, &odd).await.error(), "400 invalid_characters description");
    assert!(shop.store.all_rows().is_empty());
}
