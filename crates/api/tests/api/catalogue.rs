//! Products, prices, coupons, promotion codes and payment links: made, changed, listed, refused.

use serde_json::{Value, json};

use crate::client::{Client, text};
use crate::schema::Schema;
use crate::shop::Shop;

/// Posts a form and checks the answer against the dialect's schema.
async fn made(client: &Client, schema: &Schema, path: &str, form: &str) -> Value {
    let value = client.post(path, form).await.ok();
    let name = match value["object"].as_str().unwrap() {
        "product" => "Product",
        "price" => "Price",
        "coupon" => "Coupon",
        "promotion_code" => "PromotionCode",
        "payment_link" => "PaymentLink",
        "checkout.session" => "Session",
        other => panic!("{other}"),
    };
    assert_eq!(schema.faults(name, &value), Vec::<String>::new(), "{value:#}");
    value
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|row| text(row, "id")).collect()
}

#[tokio::test]
async fn products_and_prices_are_made_and_changed_as_the_dialect_says() {
    // What is posted, and a field of the answer with its value.
    let table: &[(&str, &str, &str, Value)] = &[
        ("/v1/products", "name=Lamp&id=lamp&type=good", "type", json!("good")),
        (
            "/v1/products/lamp",
            "description=Bright&url=https://a.example/l",
            "description",
            json!("Bright"),
        ),
        ("/v1/products/lamp", "description=", "description", json!(null)),
        ("/v1/products/lamp", "metadata[a]=1", "metadata", json!({ "a": "1" })),
        (
            "/v1/products/lamp",
            "images[]=https://a.example/1.png",
            "images",
            json!(["https://a.example/1.png"]),
        ),
        (
            "/v1/products/lamp",
            "marketing_features[0][name]=Warm",
            "marketing_features",
            json!([{ "name": "Warm" }]),
        ),
        ("/v1/products/lamp", "shippable=true&unit_label=lamp", "shippable", json!(true)),
        ("/v1/products/lamp", "active=false", "active", json!(false)),
        ("/v1/products/lamp", "active=true&name=Lamp 2", "name", json!("Lamp 2")),
        ("/v1/prices", "product=lamp&currency=usd&unit_amount=1500", "product", json!("lamp")),
        (
            "/v1/prices",
            "product=lamp&currency=usd&unit_amount_decimal=1500.0",
            "unit_amount",
            json!(1500),
        ),
        (
            "/v1/prices",
            "product=lamp&currency=jpy&unit_amount=0&tax_behavior=inclusive",
            "tax_behavior",
            json!("inclusive"),
        ),
        (
            "/v1/prices",
            "product_data[name]=Rug&currency=eur&unit_amount=99&nickname=n",
            "nickname",
            json!("n"),
        ),
        (
            "/v1/prices",
            "product=lamp&currency=usd&unit_amount=7&recurring[interval]=month",
            "type",
            json!("recurring"),
        ),
    ];
    answers_are(table).await;
}

#[tokio::test]
async fn coupons_and_codes_are_made_and_changed_as_the_dialect_says() {
    let table: &[(&str, &str, &str, Value)] = &[
        ("/v1/products", "name=Lamp&id=lamp&type=good", "type", json!("good")),
        (
            "/v1/coupons",
            "percent_off=25.5&id=SPRING&duration=repeating&duration_in_months=3",
            "percent_off",
            json!(25.5),
        ),
        (
            "/v1/coupons",
            "amount_off=500&currency=usd&duration=forever&applies_to[products][]=lamp",
            "applies_to",
            json!({ "products": ["lamp"] }),
        ),
        ("/v1/coupons/SPRING", "name=Spring&metadata[a]=b", "name", json!("Spring")),
        (
            "/v1/promotion_codes",
            "coupon=SPRING&code=Spring25&max_redemptions=2",
            "code",
            json!("Spring25"),
        ),
        (
            "/v1/promotion_codes",
            "promotion[type]=coupon&promotion[coupon]=SPRING",
            "times_redeemed",
            json!(0),
        ),
        (
            "/v1/promotion_codes",
            "coupon=SPRING&code=min&restrictions[minimum_amount]=10\
             &restrictions[minimum_amount_currency]=usd",
            "restrictions",
            json!({
                "first_time_transaction": false,
                "minimum_amount": 10,
                "minimum_amount_currency": "usd",
            }),
        ),
    ];
    answers_are(table).await;
}

/// Posts each line, one after the other, and looks at one field of its answer.
async fn answers_are(table: &[(&str, &str, &str, Value)]) {
    let shop = Shop::open();
    let schema = Schema::read();
    for (path, form, field, value) in table {
        let answer = made(&shop.client, &schema, path, form).await;
        assert_eq!(answer[field], *value, "{path} {form}");
    }
}

#[tokio::test]
async fn a_product_may_bring_its_first_price() {
    let shop = Shop::open();
    let schema = Schema::read();
    let form = "name=Lamp&default_price_data[currency]=usd&default_price_data[unit_amount]=500\
                &expand[]=default_price";
    let product = made(&shop.client, &schema, "/v1/products", form).await;
    assert_eq!(product["default_price"]["unit_amount"], 500);
    assert_eq!(product["default_price"]["product"], product["id"]);
    let price = text(&product["default_price"], "id").to_owned();
    let path = format!("/v1/prices/{price}?expand[]=product");
    assert_eq!(shop.client.get(&path).await.ok()["product"]["name"], "Lamp");
    // Only its own prices may become its default.
    let other = shop.client.post("/v1/products", "name=Rug").await.ok();
    let path = format!("/v1/products/{}", text(&other, "id"));
    let answer = shop.client.post(&path, &format!("default_price={price}")).await;
    assert_eq!(answer.error(), "404 resource_missing default_price");
    // And it has a price, so that it stays.
    let path = format!("/v1/products/{}", text(&product, "id"));
    assert_eq!(shop.client.send("DELETE", &path, "").await.error(), "400 resource_in_use id");
}

#[tokio::test]
async fn lookup_keys_find_one_price_and_move() {
    let shop = Shop::open();
    let client = &shop.client;
    client.post("/v1/products", "name=Lamp&id=lamp").await.ok();
    let price =
        |more: &str| format!("product=lamp&currency=usd&unit_amount=5&lookup_key=std{more}");
    let first = client.post("/v1/prices", &price("")).await.ok();
    let again = client.post("/v1/prices", &price("")).await;
    assert_eq!(again.error(), "400 resource_already_exists lookup_key");
    let second = client.post("/v1/prices", &price("&transfer_lookup_key=true")).await.ok();
    let found = client.get("/v1/prices?lookup_keys[]=std&lookup_keys[]=none").await.ok();
    assert_eq!(ids(&found), [text(&second, "id")]);
    let path = format!("/v1/prices/{}", text(&first, "id"));
    assert_eq!(client.get(&path).await.ok()["lookup_key"], json!(null));
    let moved = client.post(&path, "lookup_key=std&transfer_lookup_key=true").await.ok();
    assert_eq!(moved["lookup_key"], "std");
    assert_eq!(ids(&client.get("/v1/prices?lookup_keys[]=std").await.ok()), [text(&first, "id")]);
}

#[tokio::test]
async fn lists_are_narrowed() {
    let shop = Shop::open();
    let client = &shop.client;
    let new = async |path: &str, form: &str| {
        // Ids of one millisecond have no order among them.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        text(&client.post(path, form).await.ok(), "id").to_owned()
    };
    new("/v1/products", "name=A&id=a&shippable=true&url=https://shop.example/a").await;
    new("/v1/products", "name=B&id=b&active=false&shippable=false&type=good").await;
    new("/v1/products", "name=C&id=c").await;
    let usd = new("/v1/prices", "product=a&currency=usd&unit_amount=1").await;
    let eur = new("/v1/prices", "product=a&currency=eur&unit_amount=1").await;
    let off = new(
        "/v1/prices",
        "product=c&currency=usd&unit_amount=1&active=false&recurring[interval]=day",
    )
    .await;
    new("/v1/coupons", "percent_off=5&id=five").await;
    new("/v1/coupons", "percent_off=6&id=six").await;
    let five = new("/v1/promotion_codes", "coupon=five&code=FIVE").await;
    let six = new("/v1/promotion_codes", "coupon=six&code=SIX&active=false").await;
    let (usd, eur, off, five, six) = (&*usd, &*eur, &*off, &*five, &*six);
    let table: &[(&str, &[&str])] = &[
        ("/v1/products", &["c", "b", "a"]),
        ("/v1/products?active=true", &["c", "a"]),
        ("/v1/products?active=false", &["b"]),
        ("/v1/products?limit=1", &["c"]),
        ("/v1/products?starting_after=c", &["b", "a"]),
        ("/v1/products?ending_before=b", &["c"]),
        ("/v1/products?ids[]=a&ids[]=c&ids[]=x", &["c", "a"]),
        ("/v1/products?created[lt]=5", &[]),
        ("/v1/products?shippable=true", &["a"]),
        ("/v1/products?shippable=false", &["b"]),
        ("/v1/products?type=good", &["b"]),
        ("/v1/products?type=service", &["c", "a"]),
        ("/v1/products?url=https://shop.example/a", &["a"]),
        ("/v1/products?url=https://shop.example/", &[]),
        ("/v1/products?ids[]=a&ids[]=c&shippable=true", &["a"]),
        ("/v1/prices", &[off, eur, usd]),
        ("/v1/prices?product=a", &[eur, usd]),
        ("/v1/prices?product=x", &[]),
        ("/v1/prices?currency=usd", &[off, usd]),
        ("/v1/prices?currency=usd&active=true", &[usd]),
        ("/v1/prices?type=recurring", &[off]),
        ("/v1/prices?recurring[interval]=day", &[off]),
        ("/v1/prices?recurring[interval]=month", &[]),
        ("/v1/prices?recurring[usage_type]=licensed", &[off]),
        ("/v1/prices?recurring[usage_type]=metered", &[]),
        ("/v1/prices?recurring[meter]=mtr_1", &[]),
        ("/v1/prices?type=one_time&recurring[interval]=day", &[]),
        ("/v1/coupons", &["six", "five"]),
        ("/v1/coupons?starting_after=six", &["five"]),
        ("/v1/promotion_codes?code=five", &[five]),
        ("/v1/promotion_codes?coupon=six", &[six]),
        ("/v1/promotion_codes?active=true", &[five]),
    ];
    for (path, expected) in table {
        assert_eq!(ids(&client.get(path).await.ok()), *expected, "{path}");
    }
}

#[tokio::test]
async fn what_was_deleted_is_gone_and_its_name_free() {
    let shop = Shop::open();
    let client = &shop.client;
    client.post("/v1/coupons", "percent_off=20&id=SAVE").await.ok();
    let gone = client.send("DELETE", "/v1/coupons/SAVE", "").await.ok();
    assert_eq!(gone, json!({ "id": "SAVE", "object": "coupon", "deleted": true }));
    for answer in [
        client.get("/v1/coupons/SAVE").await,
        client.post("/v1/coupons/SAVE", "name=x").await,
        client.send("DELETE", "/v1/coupons/SAVE", "").await,
    ] {
        assert_eq!(answer.error(), "404 resource_missing id");
    }
    assert_eq!(ids(&client.get("/v1/coupons").await.ok()), Vec::<&str>::new());
    let again = client.post("/v1/coupons", "percent_off=30&id=SAVE").await.ok();
    assert_eq!(again["percent_off"], 30);
    client.post("/v1/products", "name=Lamp&id=lamp").await.ok();
    client.send("DELETE", "/v1/products/lamp", "").await.ok();
    let gone = client.get("/v1/products/lamp").await.ok();
    assert_eq!(gone, json!({ "id": "lamp", "object": "product", "deleted": true }));
}

#[tokio::test]
async fn two_requests_cannot_give_one_name() {
    let shop = Shop::open();
    let client = &shop.client;
    let one = || client.post("/v1/coupons", "percent_off=20&id=ONE");
    let answers = futures_of([one(), one(), one(), one()]).await;
    let made = answers.iter().filter(|status| **status == 200).count();
    assert_eq!((made, answers.len()), (1, 4), "{answers:?}");
    assert_eq!(ids(&client.get("/v1/coupons").await.ok()), ["ONE"]);
    // Another platform has names of its own.
    let other = shop.other_platform();
    other.post("/v1/coupons", "percent_off=1&id=ONE").await.ok();
    assert_eq!(client.get("/v1/coupons/ONE").await.ok()["percent_off"], 20);
}

async fn futures_of<F: Future<Output = crate::client::Answer>>(all: [F; 4]) -> Vec<u16> {
    let [a, b, c, d] = all;
    let (a, b, c, d) = tokio::join!(a, b, c, d);
    [a, b, c, d].iter().map(|answer| answer.status).collect()
}

#[tokio::test]
async fn links_open_what_they_sell() {
    let shop = Shop::open();
    let (client, schema) = (&shop.client, Schema::read());
    client.post("/v1/products", "name=Lamp&id=lamp").await.ok();
    let price = client.post("/v1/prices", "product=lamp&currency=usd&unit_amount=1500").await.ok();
    let form = format!(
        "line_items[0][price]={}&line_items[0][quantity]=2&metadata[a]=b\
         &after_completion[type]=redirect&after_completion[redirect][url]=https://a.example/\
         &restrictions[completed_sessions][limit]=3&expand[]=line_items.data.price.product",
        text(&price, "id")
    );
    let link = made(client, &schema, "/v1/payment_links", &form).await;
    assert_eq!(link["line_items"]["data"][0]["amount_total"], 3000);
    assert_eq!(link["line_items"]["data"][0]["price"]["product"]["name"], "Lamp");
    assert_eq!(link["restrictions"]["completed_sessions"], json!({ "count": 0, "limit": 3 }));
    assert!(text(&link, "url").starts_with("http://127.0.0.1:4002/l/plink_"));
    let path = format!("/v1/payment_links/{}", text(&link, "id"));
    let form = "allow_promotion_codes=true&active=false&inactive_message=Closed";
    let link = made(client, &schema, &path, form).await;
    let fields = (&link["allow_promotion_codes"], &link["active"], &link["inactive_message"]);
    assert_eq!(fields, (&json!(true), &json!(false), &json!("Closed")));
    let lines = client.get(&format!("{path}/line_items")).await.ok();
    assert_eq!(lines["data"][0]["description"], "Lamp");
    assert_eq!(ids(&client.get("/v1/payment_links?active=true").await.ok()), Vec::<&str>::new());
}

#[tokio::test]
async fn a_session_of_prices_is_the_platforms_own_sale() {
    let shop = Shop::open();
    let (client, schema) = (&shop.client, Schema::read());
    client.post("/v1/products", "name=Lamp&id=lamp").await.ok();
    let price = client.post("/v1/prices", "product=lamp&currency=usd&unit_amount=1500").await.ok();
    let price = text(&price, "id");
    let form = format!(
        "mode=payment&success_url=https://a.example/&line_items[0][price]={price}\
         &line_items[0][quantity]=2&payment_intent_data[description]=Two lamps\
         &payment_intent_data[metadata][a]=b&submit_type=pay&phone_number_collection[enabled]=true\
         &shipping_address_collection[allowed_countries][]=DE&allow_promotion_codes=true\
         &after_expiration[recovery][enabled]=true&expand[]=line_items.data.price.product"
    );
    let session = made(client, &schema, "/v1/checkout/sessions", &form).await;
    assert_eq!(session["amount_total"], 3000);
    assert_eq!(session["line_items"]["data"][0]["seller"], json!(null));
    assert_eq!(session["line_items"]["data"][0]["price"]["product"]["id"], "lamp");
    let path = format!("/v1/checkout/sessions/{}", text(&session, "id"));
    assert_eq!(client.post(&path, "metadata[k]=v").await.ok()["metadata"], json!({ "k": "v" }));
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let form = "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa\
                &payment_method_data[billing_details][phone]=%2B49+30+1\
                &collected_information[shipping_details][name]=Ada\
                &collected_information[shipping_details][address][country]=DE\
                &collected_information[shipping_details][address][line1]=Lange+Gasse+1\
                &collected_information[shipping_details][address][city]=Berlin\
                &collected_information[shipping_details][address][postal_code]=10115\
                &expected_amount=3000&expand[]=payment_intent";
    let paid = client.post(&confirm, form).await.ok();
    assert_eq!((&paid["status"], &paid["payment_status"]), (&json!("complete"), &json!("paid")));
    let payment = &paid["payment_intent"];
    let fields = [&payment["status"], &payment["capture_method"], &payment["description"]];
    assert_eq!(fields, ["succeeded", "automatic", "Two lamps"]);
    assert_eq!(payment["metadata"], json!({ "a": "b" }));
    let orders = format!("/v1/orders?checkout_session={}", text(&session, "id"));
    assert_eq!(ids(&client.get(&orders).await.ok()), Vec::<&str>::new());
    let found = client.get("/v1/checkout/sessions?status=complete&created[gt]=1").await.ok();
    assert_eq!(ids(&found), [text(&session, "id")]);
    assert_eq!(
        ids(&client.get("/v1/checkout/sessions?status=open").await.ok()),
        Vec::<&str>::new()
    );
}

#[tokio::test]
async fn a_manual_sale_waits_for_its_capture() {
    let shop = Shop::open();
    let client = &shop.client;
    let line = "line_items[0][quantity]=1&line_items[0][price_data][currency]=usd\
                &line_items[0][price_data][unit_amount]=700\
                &line_items[0][price_data][product_data][name]=Rug";
    let form = format!("{line}&payment_intent_data[capture_method]=manual");
    let session = client.post("/v1/checkout/sessions", &form).await.ok();
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let paid = client.post(&confirm, "payment_method=tok_visa").await.ok();
    let path = format!("/v1/payment_intents/{}", text(&paid, "payment_intent"));
    assert_eq!(client.get(&path).await.ok()["status"], "requires_capture");
    let captured = client.post(&format!("{path}/capture"), "").await.ok();
    assert_eq!(
        (&captured["status"], &captured["amount_received"]),
        (&json!("succeeded"), &json!(700))
    );
}

/// Path, form and the refusal. `{price}` is an active price of 15.00 usd, `{month}` a recurring
/// one, `{off}` an inactive one, `{link}` a payment link.
const REFUSED: &[(&str, &str, &str)] = &[
    ("/v1/products", "", "400 parameter_missing name"),
    ("/v1/products", "name=", "400 parameter_invalid_empty name"),
    ("/v1/products", "name=x&id=lamp", "400 resource_already_exists id"),
    ("/v1/products", "name=x&id=a%20b", "400 parameter_invalid_value id"),
    ("/v1/products", "name=x&id=prod_0000000000000000000001", "400 parameter_invalid_value id"),
    ("/v1/products", "name=x&url=ftp://a", "400 parameter_invalid_value url"),
    ("/v1/products", "name=x&images[]=a", "400 parameter_invalid_value images"),
    ("/v1/products", "name=x&type=thing", "400 parameter_invalid_value type"),
    (
        "/v1/products",
        "name=x&statement_descriptor=12345678901234567890123",
        "400 parameter_too_long statement_descriptor",
    ),
    (
        "/v1/products",
        "name=x&package_dimensions[height]=1",
        "400 parameter_missing package_dimensions[length]",
    ),
    ("/v1/products", "name=x&tax_details[tax_code]=1", "400 parameter_unsupported tax_details"),
    (
        "/v1/products",
        "name=x&default_price_data[currency]=usd",
        "400 parameter_missing default_price_data[unit_amount]",
    ),
    ("/v1/products/none", "name=x", "404 resource_missing id"),
    ("/v1/products/lamp", "name=", "400 parameter_invalid_empty name"),
    ("/v1/products/lamp", "default_price=price_1", "404 resource_missing default_price"),
    ("/v1/prices", "currency=usd&unit_amount=1", "400 parameter_missing product"),
    ("/v1/prices", "product=lamp&unit_amount=1", "400 parameter_missing currency"),
    ("/v1/prices", "product=lamp&currency=usd", "400 parameter_missing unit_amount"),
    ("/v1/prices", "product=none&currency=usd&unit_amount=1", "404 resource_missing product"),
    (
        "/v1/prices",
        "product=lamp&currency=usd&unit_amount=-1",
        "400 parameter_invalid_integer unit_amount",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&unit_amount_decimal=1.5",
        "400 parameter_invalid_value unit_amount_decimal",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&unit_amount=1&unit_amount_decimal=1",
        "400 parameters_exclusive unit_amount_decimal",
    ),
    (
        "/v1/prices",
        "product=lamp&product_data[name]=x&currency=usd&unit_amount=1",
        "400 parameters_exclusive product_data",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&billing_scheme=tiered",
        "400 parameter_invalid_value billing_scheme",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&tiers[0][up_to]=inf",
        "400 parameter_unsupported tiers",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&unit_amount=1&recurring[interval]=hour",
        "400 parameter_invalid_value recurring[interval]",
    ),
    (
        "/v1/prices",
        "product=lamp&currency=usd&unit_amount=1&recurring[usage_type]=metered\
         &recurring[interval]=day",
        "400 parameter_invalid_value recurring[usage_type]",
    ),
    ("/v1/prices/{price}", "unit_amount=5", "400 parameter_unknown unit_amount"),
    (
        "/v1/prices/{price}",
        "currency_options[eur][unit_amount]=5",
        "400 parameter_unsupported currency_options",
    ),
    ("/v1/coupons", "", "400 parameter_missing percent_off"),
    ("/v1/coupons", "percent_off=0", "400 parameter_invalid_value percent_off"),
    ("/v1/coupons", "percent_off=101", "400 parameter_invalid_value percent_off"),
    ("/v1/coupons", "percent_off=5&amount_off=5", "400 parameters_exclusive amount_off"),
    ("/v1/coupons", "amount_off=5", "400 parameter_missing currency"),
    ("/v1/coupons", "percent_off=5&currency=usd", "400 parameter_invalid_value currency"),
    ("/v1/coupons", "percent_off=5&id=SPRING", "400 resource_already_exists id"),
    ("/v1/coupons", "percent_off=5&duration=repeating", "400 parameter_missing duration_in_months"),
    (
        "/v1/coupons",
        "percent_off=5&duration_in_months=2",
        "400 parameter_invalid_value duration_in_months",
    ),
    ("/v1/coupons", "percent_off=5&redeem_by=5", "400 parameter_invalid_value redeem_by"),
    (
        "/v1/coupons",
        "percent_off=5&max_redemptions=0",
        "400 parameter_invalid_integer max_redemptions",
    ),
    (
        "/v1/coupons",
        "percent_off=5&applies_to[products][]=none",
        "404 resource_missing applies_to[products][0]",
    ),
    ("/v1/coupons/SPRING", "percent_off=5", "400 parameter_unknown percent_off"),
    ("/v1/promotion_codes", "", "400 parameter_missing promotion"),
    ("/v1/promotion_codes", "promotion[type]=coupon", "400 parameter_missing promotion[coupon]"),
    ("/v1/promotion_codes", "coupon=none", "404 resource_missing promotion[coupon]"),
    ("/v1/promotion_codes", "coupon=SPRING&code=welcome", "400 resource_already_exists code"),
    ("/v1/promotion_codes", "coupon=SPRING&code=a%20b", "400 parameter_invalid_value code"),
    ("/v1/promotion_codes", "coupon=SPRING&expires_at=5", "400 parameter_invalid_value expires_at"),
    (
        "/v1/promotion_codes",
        "coupon=SPRING&restrictions[minimum_amount]=5",
        "400 parameter_missing restrictions[minimum_amount_currency]",
    ),
    ("/v1/payment_links", "", "400 parameter_missing line_items"),
    (
        "/v1/payment_links",
        "line_items[0][quantity]=1",
        "400 parameter_missing line_items[0][price]",
    ),
    (
        "/v1/payment_links",
        "line_items[0][price]={price}",
        "400 parameter_missing line_items[0][quantity]",
    ),
    (
        "/v1/payment_links",
        "line_items[0][price]={off}&line_items[0][quantity]=1",
        "400 parameter_invalid_value line_items[0][price]",
    ),
    (
        "/v1/payment_links",
        "line_items[0][price]=price_1&line_items[0][quantity]=1",
        "404 resource_missing line_items[0][price]",
    ),
    (
        "/v1/payment_links",
        "line_items[0][price]={price}&line_items[0][quantity]=1&after_completion[type]=redirect",
        "400 parameter_missing after_completion[redirect]",
    ),
    (
        "/v1/payment_links/{link}",
        "application_fee_amount=5",
        "400 parameter_unsupported application_fee_amount",
    ),
    (
        "/v1/payment_links/{link}",
        "submit_type=subscribe",
        "400 parameter_invalid_value submit_type",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={month}&line_items[0][quantity]=1",
        "400 parameter_invalid_value line_items[0][price]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={off}&line_items[0][quantity]=1",
        "400 parameter_invalid_value line_items[0][price]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&currency=eur",
        "400 currency_mismatch line_items[0][price]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&discounts[0][coupon]=none",
        "404 resource_missing discounts[0][coupon]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&mode=subscription",
        "400 parameter_invalid_value mode",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&ui_mode=embedded",
        "400 parameter_invalid_value ui_mode",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&automatic_tax[enabled]=true",
        "400 parameter_invalid_value automatic_tax[enabled]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1\
         &shipping_address_collection[allowed_countries][]=de",
        "400 parameter_invalid_value shipping_address_collection[allowed_countries]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1&line_items[0][tax_rates][]=x",
        "400 parameter_unsupported line_items[0][tax_rates]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1\
         &payment_intent_data[shipping][name]=x",
        "400 parameter_missing payment_intent_data[shipping][address]",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1\
         &line_items[1][price]={price}&line_items[1][quantity]=1&line_items[1][seller]={acct}",
        "400 sellers_mixed line_items",
    ),
    (
        "/v1/checkout/sessions",
        "line_items[0][price]={price}&line_items[0][quantity]=1\
         &line_items[0][seller]={acct}&payment_intent_data[capture_method]=automatic",
        "400 parameter_unsupported payment_intent_data[capture_method]",
    ),
];

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let shop = Shop::open();
    let client = &shop.client;
    let new =
        async |path: &str, form: &str| text(&client.post(path, form).await.ok(), "id").to_owned();
    new("/v1/products", "name=Lamp&id=lamp").await;
    new("/v1/coupons", "percent_off=5&id=SPRING").await;
    new("/v1/promotion_codes", "coupon=SPRING&code=WELCOME").await;
    let price = "product=lamp&currency=usd&unit_amount=1500";
    let month = new("/v1/prices", &format!("{price}&recurring[interval]=month")).await;
    let off = new("/v1/prices", &format!("{price}&active=false")).await;
    let price = new("/v1/prices", price).await;
    let link = format!("line_items[0][price]={price}&line_items[0][quantity]=1");
    let link = new("/v1/payment_links", &link).await;
    let acct = shop.seller("Ada").await;
    let names = [
        ("{price}", price),
        ("{month}", month),
        ("{off}", off),
        ("{link}", link),
        ("{acct}", acct),
    ];
    let filled =
        |text: &str| names.iter().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
    let before = client.get("/v1/events?limit=100").await.ok();
    for (path, form, refusal) in REFUSED {
        let answer = client.post(&filled(path), &filled(form)).await;
        assert_eq!(answer.error(), *refusal, "{path} {form}: {:#}", answer.json);
    }
    assert_eq!(client.get("/v1/events?limit=100").await.ok(), before);
}

#[tokio::test]
async fn each_change_is_an_event() {
    let shop = Shop::open();
    let client = &shop.client;
    let posts = [
        ("/v1/products", "name=Lamp&id=lamp"),
        ("/v1/products/lamp", "metadata[foo]=bar"),
        ("/v1/products/lamp", "metadata[foo]=bar"),
        ("/v1/coupons", "percent_off=20&id=SAVE"),
        ("/v1/coupons/SAVE", "name=Save"),
        ("/v1/promotion_codes", "coupon=SAVE"),
        ("/v1/prices", "product_data[name]=Rug&currency=usd&unit_amount=5"),
    ];
    for (path, form) in posts {
        client.post(path, form).await.ok();
    }
    client.send("DELETE", "/v1/coupons/SAVE", "").await.ok();
    let events = client.get("/v1/events?limit=100").await.ok();
    let mut kinds: Vec<&str> =
        events["data"].as_array().unwrap().iter().map(|event| text(event, "type")).collect();
    // Events of one millisecond have no order among them.
    kinds.sort_unstable();
    let expected = [
        "coupon.created",
        "coupon.deleted",
        "coupon.updated",
        "price.created",
        "product.created",
        "product.created",
        "product.updated",
        "promotion_code.created",
    ];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn clocks_of_the_platforms_making_move_nothing_but_themselves() {
    let shop = Shop::open();
    let (client, schema) = (&shop.client, Schema::read());
    shop.make_clock().await;
    let path = "/v1/test_helpers/test_clocks";
    let clock = client.post(path, "frozen_time=1577836800&name=Old").await.ok();
    assert_eq!(schema.faults("TestClock", &clock), Vec::<String>::new());
    assert_eq!((&clock["frozen_time"], &clock["name"]), (&json!(1577836800), &json!("Old")));
    let own = format!("{path}/{}", text(&clock, "id"));
    let late = client.post(&format!("{own}/advance"), "frozen_time=1577836800").await;
    assert_eq!(late.error(), "400 clock_moves_forward_only frozen_time");
    client.post(&format!("{own}/advance"), "frozen_time=1580515200").await.ok();
    let mut clock = client.get(&own).await.ok();
    while clock["status"] != "ready" {
        clock = client.get(&own).await.ok();
        tokio::task::yield_now().await;
    }
    assert_eq!(clock["frozen_time"], 1580515200);
    let all = client.get(path).await.ok();
    assert_eq!(ids(&all).len(), 2);
    // The platform's clock is where it was, and stays.
    let others = ids(&all).into_iter().find(|id| *id != text(&clock, "id")).unwrap();
    let platforms = client.get(&format!("{path}/{others}")).await.ok();
    assert!(platforms["frozen_time"].as_i64().unwrap() > 1_790_000_000);
    let kept = client.send("DELETE", &format!("{path}/{others}"), "").await;
    assert_eq!(kept.error(), "400 resource_in_use id");
    assert_eq!(client.send("DELETE", &own, "").await.ok()["deleted"], true);
    assert_eq!(client.get(&own).await.error(), "404 resource_missing id");
    let late = client.post(&format!("{own}/advance"), "frozen_time=1680515200").await;
    assert_eq!(late.error(), "404 resource_missing id");
    let events = client.get("/v1/events?limit=100").await.ok();
    for verb in ["created", "advancing", "ready", "deleted"] {
        let name = format!("test_helpers.test_clock.{verb}");
        let seen = events["data"].as_array().unwrap().iter().any(|event| event["type"] == *name);
        assert!(seen, "{name}");
    }
}

/// A session that is paid by a bank account, right after it was confirmed.
async fn debited(shop: &Shop, iban: &str) -> Value {
    let client = &shop.client;
    // Until its clock is right, an engine does nothing that is due later.
    shop.engine.restore_clock(shop.platform).await.unwrap();
    let schema = Schema::read();
    let method = format!(
        "type=sepa_debit&sepa_debit[iban]={iban}&billing_details[name]=Jenny Rosen\
         &billing_details[email]=jenny@example.com"
    );
    let method = client.post("/v1/payment_methods", &method).await.ok();
    let account = &method["sepa_debit"];
    assert_eq!((&method["type"], &method["card"]), (&json!("sepa_debit"), &json!(null)));
    assert_eq!(text(account, "last4"), &iban[iban.len() - 4..]);
    assert!(!method.to_string().contains(iban), "{method:#}");
    let form = "payment_method_types[]=sepa_debit&line_items[0][quantity]=2\
                &line_items[0][price_data][currency]=eur\
                &line_items[0][price_data][unit_amount]=1500\
                &line_items[0][price_data][product_data][name]=Lamp";
    let session = client.post("/v1/checkout/sessions", form).await.ok();
    assert_eq!(session["payment_method_types"], json!(["sepa_debit"]));
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let card = client.post(&confirm, "payment_method=pm_card_visa").await;
    assert_eq!(card.error(), "400 card_not_allowed -");
    let form = format!("payment_method={}&expected_amount=3000", text(&method, "id"));
    let session = client.post(&confirm, &form).await.ok();
    let fields = (&session["status"], &session["payment_status"]);
    assert_eq!(fields, (&json!("complete"), &json!("unpaid")));
    assert_eq!(schema.faults("Session", &session), Vec::<String>::new());
    session
}

async fn until_event(shop: &Shop, kind: &str) -> Value {
    for _ in 0..1_000 {
        let list = shop.client.get(&format!("/v1/events?type={kind}")).await.ok();
        if let Some(event) = list["data"].get(0) {
            return event["data"]["object"].clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no {kind}");
}

#[tokio::test]
async fn a_debit_that_is_decided_later_pays_the_session() {
    let shop = Shop::open();
    let session = debited(&shop, "AT611904300234573201").await;
    let decided = until_event(&shop, "checkout.session.async_payment_succeeded").await;
    assert_eq!((&decided["id"], &decided["payment_status"]), (&session["id"], &json!("paid")));
    let payment = until_event(&shop, "payment_intent.succeeded").await;
    assert_eq!(payment["amount_received"], 3000);
}

#[tokio::test]
async fn a_debit_that_fails_later_leaves_the_session_unpaid() {
    let shop = Shop::open();
    let session = debited(&shop, "IT60X0542811101000000123456").await;
    let decided = until_event(&shop, "checkout.session.async_payment_failed").await;
    assert_eq!((&decided["id"], &decided["payment_status"]), (&session["id"], &json!("unpaid")));
    let payment = until_event(&shop, "payment_intent.payment_failed").await;
    assert_eq!(payment["status"], "requires_payment_method");
    let confirm = format!("/v1/payment_pages/{}/confirm", text(&session, "id"));
    let again = shop.client.post(&confirm, "payment_method=pm_card_visa").await;
    assert_eq!(again.error(), "400 checkout_session_not_open -");
}

#[tokio::test]
async fn bank_accounts_are_debited_where_the_shop_allows_it() {
    let shop = Shop::open();
    let client = &shop.client;
    let method = "type=sepa_debit&sepa_debit[iban]=DE89370400440532013000";
    let method = client.post("/v1/payment_methods", method).await.ok();
    let table = [
        ("/v1/payment_methods", "type=sepa_debit".to_owned(), "400 parameter_missing sepa_debit"),
        (
            "/v1/payment_methods",
            "type=sepa_debit&sepa_debit[iban]=DE00370400440532013000".to_owned(),
            "400 parameter_invalid_value sepa_debit[iban]",
        ),
        (
            "/v1/payment_intents",
            format!("amount=5&currency=eur&confirm=true&payment_method={}", text(&method, "id")),
            "400 card_not_allowed -",
        ),
        (
            "/v1/checkout/sessions",
            "payment_method_types[]=sepa_debit&line_items[0][quantity]=1\
             &line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=5\
             &line_items[0][price_data][product_data][name]=x"
                .to_owned(),
            "400 currency_mismatch payment_method_types",
        ),
    ];
    for (path, form, refusal) in table {
        assert_eq!(client.post(path, &form).await.error(), refusal, "{path} {form}");
    }
}

#[tokio::test]
async fn a_customer_has_a_coupon_and_loses_it() {
    let shop = Shop::open();
    let (client, schema) = (&shop.client, Schema::read());
    client.post("/v1/coupons", "percent_off=20&id=A").await.ok();
    client.post("/v1/coupons", "percent_off=30&id=B").await.ok();
    let customer = client.post("/v1/customers", "coupon=A&email=a@shop.example").await.ok();
    let discount = &customer["discount"];
    assert_eq!(schema.faults("Discount", discount), Vec::<String>::new());
    assert_eq!(discount["source"], json!({ "coupon": "A", "type": "coupon" }));
    let path = format!("/v1/customers/{}", text(&customer, "id"));
    let customer = client.post(&path, "coupon=B").await.ok();
    assert_eq!(customer["discount"]["source"]["coupon"], "B");
    assert_eq!(client.post(&path, "coupon=").await.ok()["discount"], json!(null));
    client.post(&path, "coupon=A").await.ok();
    let gone = client.send("DELETE", &format!("{path}/discount"), "").await.ok();
    assert_eq!((&gone["deleted"], &gone["object"]), (&json!(true), &json!("discount")));
    let again = client.send("DELETE", &format!("{path}/discount"), "").await;
    assert_eq!(again.error(), "404 resource_missing id");
    let none = client.post(&path, "coupon=none").await;
    assert_eq!(none.error(), "404 resource_missing coupon");
    for (verb, count) in [("created", 2), ("updated", 1), ("deleted", 2)] {
        let list = client.get(&format!("/v1/events?type=customer.discount.{verb}")).await.ok();
        let data = list["data"].as_array().unwrap();
        assert_eq!(data.len(), count, "{verb}");
        assert!(data.iter().all(|event| event["data"]["object"]["object"] == "discount"));
    }
}
