//! From the basket to the orders.

use serde_json::json;

use crate::Shop;

#[tokio::test]
async fn a_checkout_tells_the_api_all_about_the_basket() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    browser.post("/basket/add", "product=gift-card").await;
    let answer = browser.post("/checkout", "email=mira%40example.com").await;
    assert_eq!((answer.status, answer.location()), (303, "http://127.0.0.1:4002/c/cs_test_1"));

    let asked = shop.api.asked("POST /v1/checkout/sessions");
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].authorization, "Bearer sk_test_shop");
    assert!(asked[0].key.starts_with("bazaar-") && asked[0].key.len() < 255);
    let basket = browser.cookies["bazaar_basket"].split('.').next().unwrap().to_owned();
    let success = format!("{}/thanks?session={{CHECKOUT_SESSION_ID}}", shop.origin);
    let cancel = format!("{}/basket?cancelled=1", shop.origin);
    let expected = [
        ("mode", "payment"),
        ("locale", "en"),
        ("client_reference_id", &basket),
        ("success_url", &success),
        ("cancel_url", &cancel),
        ("metadata[shop]", "bazaar"),
        ("customer_email", "mira@example.com"),
        ("line_items[0][quantity]", "1"),
        ("line_items[0][seller]", "acct_lisbon"),
        ("line_items[0][price_data][currency]", "usd"),
        ("line_items[0][price_data][unit_amount]", "2800"),
        ("line_items[0][price_data][product_data][name]", "Azulejo mug"),
        ("line_items[1][quantity]", "2"),
        ("line_items[1][seller]", "acct_kyoto"),
        ("line_items[1][price_data][currency]", "usd"),
        ("line_items[1][price_data][unit_amount]", "1850"),
        ("line_items[1][price_data][product_data][name]", "Washi notebook"),
        ("line_items[2][quantity]", "1"),
        ("line_items[2][seller]", "acct_kyoto"),
        ("line_items[2][price_data][currency]", "usd"),
        ("line_items[2][price_data][unit_amount]", "2500"),
        ("line_items[2][price_data][product_data][name]", "Gift card in an envelope"),
        ("line_items[2][excluded_payment_method_types][0]", "card"),
        ("shipping_options[0][shipping_rate_data][display_name]", "Standard"),
        ("shipping_options[0][shipping_rate_data][type]", "fixed_amount"),
        ("shipping_options[0][shipping_rate_data][fixed_amount][amount]", "490"),
        ("shipping_options[0][shipping_rate_data][fixed_amount][currency]", "usd"),
        ("shipping_options[1][shipping_rate_data][display_name]", "Express"),
        ("shipping_options[1][shipping_rate_data][type]", "fixed_amount"),
        ("shipping_options[1][shipping_rate_data][fixed_amount][amount]", "1490"),
        ("shipping_options[1][shipping_rate_data][fixed_amount][currency]", "usd"),
    ];
    let fields = asked[0].fields.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    assert_eq!(fields.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn sellers_without_an_account_get_one() {
    let shop = Shop::open().await;
    shop.browser_with_basket().await.post("/checkout", "").await;
    let opened = shop.api.asked("POST /v1/accounts");
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].key, "bazaar-seller-oaxaca-textiles");
    assert_eq!(opened[0].field("business_profile[name]"), "Oaxaca Textiles");
    assert_eq!(opened[0].field("metadata[bazaar_seller]"), "oaxaca-textiles");
}

#[tokio::test]
async fn one_basket_is_one_session_until_it_changes() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    let mut second_tab = shop.browser();
    second_tab.cookies = browser.cookies.clone();
    let (one, two) =
        tokio::join!(browser.post("/checkout", "email="), second_tab.post("/checkout", ""));
    assert_eq!(one.location(), "http://127.0.0.1:4002/c/cs_test_1");
    assert_eq!(two.location(), one.location());
    // Again, after coming back.
    assert_eq!(browser.post("/checkout", "").await.location(), one.location());
    browser.post("/basket/change", "product=azulejo-mug&quantity=3").await;
    let changed = browser.post("/checkout", "").await;
    assert_eq!(changed.location(), "http://127.0.0.1:4002/c/cs_test_2");
}

#[tokio::test]
async fn a_paid_basket_leads_to_thanks_and_an_expired_one_to_a_new_session() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    browser.post("/checkout", "").await;
    shop.api.finish("expired", &[]);
    let again = browser.post("/checkout", "").await;
    assert_eq!(again.location(), "http://127.0.0.1:4002/c/cs_test_2");
    shop.api.finish("complete", &[]);
    let paid = browser.post("/checkout", "").await;
    assert_eq!((paid.status, paid.location()), (303, "/thanks?session=cs_test_2"));
}

#[tokio::test]
async fn after_paying_the_basket_is_empty_and_the_orders_are_found() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    browser.post("/checkout", "").await;
    let waiting = browser.get("/thanks?session=cs_test_1").await;
    waiting.has(&["Not paid yet"]);
    assert!(browser.cookies.contains_key("bazaar_basket"));

    let order = |id: &str, seller: &str, status: &str, amount: i64| {
        json!({"id": id, "seller": seller, "status": status, "amount_total": amount,
            "lines": [{"description": "Four painted tiles", "quantity": 3, "id": "li_1"}],
            "currency": "usd", "url": format!("http://127.0.0.1:4002/o/{id}?key=a&b=c")})
    };
    let mut odd = order("ord_3", "acct_unknown", "levitating", 1);
    odd["url"] = json!("javascript:alert(1)");
    let orders = [
        order("ord_1", "acct_lisbon", "awaiting_shipment", 3045),
        order("ord_2", "acct_kyoto", "shipped", 3945),
        odd,
    ];
    shop.api.finish("complete", &orders);
    let thanks = browser.get("/thanks?session=cs_test_1").await;
    thanks.has(&[
        "Thank you!",
        "$69.90",
        "Lisbon Ceramics",
        "To be sent soon",
        "$30.45",
        "Four painted tiles × 3",
        "http://127.0.0.1:4002/o/ord_1?key=a&#38;b=c",
        "On its way",
        "See the order page",
    ]);
    assert!(!thanks.body.contains("javascript:"));
    assert!(!browser.cookies.contains_key("bazaar_basket"));

    // Reading the page again must not empty the next basket.
    browser.post("/basket/add", "product=tile-set").await;
    browser.get("/thanks?session=cs_test_1").await;
    assert!(browser.cookies["bazaar_basket"].ends_with(".tile-set*1"));

    browser.get("/orders").await.has(&["Kyoto Paper", "$39.45", "/o/ord_2"]);
    let asked = shop.api.asked("GET /v1/orders");
    assert!(asked.iter().all(|asked| asked.field("checkout_session") == "cs_test_1"));
}

#[tokio::test]
async fn a_purchase_is_shown_only_to_the_browser_that_began_it() {
    let shop = Shop::open().await;
    let mut browser = shop.browser_with_basket().await;
    browser.post("/checkout", "").await;
    shop.api.finish(
        "complete",
        &[json!({"id": "ord_1", "seller": "acct_lisbon",
        "status": "shipped", "amount_total": 1, "currency": "usd",
        "url": "http://secret.example"})],
    );
    let mut stranger = shop.browser();
    for path in ["/thanks?session=cs_test_1", "/thanks?session=..%2Faccounts", "/thanks", "/orders"]
    {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.body.contains("secret.example"), "{path}");
    }
    let forged = "cs_test_1.".to_owned() + &"0".repeat(64);
    stranger.cookies.insert("bazaar_purchases".to_owned(), forged);
    assert!(!stranger.get("/orders").await.body.contains("secret.example"));
    assert!(shop.api.asked("GET /v1/orders").is_empty());
    browser.get("/orders").await.has(&["secret.example"]);
}
