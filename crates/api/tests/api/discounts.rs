//! Discounts of checkout sessions: what they take off, who bears it, how often, and every refusal.

use serde_json::{Value, json};

use crate::client::text;
use crate::schema::Schema;
use crate::shop::{Shop, session_form};

const SESSIONS: &str = "/v1/checkout/sessions";
const LINE: &str = "line_items[0][price_data][currency]=usd\
                    &line_items[0][price_data][unit_amount]=2500\
                    &line_items[0][price_data][product_data][name]=Lamp\
                    &line_items[0][quantity]=1";

#[track_caller]
fn valid(name: &str, value: &Value) {
    assert_eq!(Schema::read().faults(name, value), Vec::<String>::new(), "{value:#}");
}

/// Opens a session of one lamp at 25.00, and looks at it with the dialect's eyes.
async fn open(shop: &Shop, form: &str) -> Value {
    let session = shop.client.post(SESSIONS, &format!("{LINE}&{form}")).await.ok();
    valid("Session", &session);
    session
}

async fn made(shop: &Shop, path: &str, form: &str) -> String {
    text(&shop.client.post(path, form).await.ok(), "id").to_owned()
}

async fn code(shop: &Shop, form: &str) -> String {
    let form = format!("promotion[type]=coupon&{form}");
    made(shop, "/v1/promotion_codes", &form).await
}

async fn pay(shop: &Shop, session: &Value, card: &str) -> crate::client::Answer {
    let path = format!("/v1/payment_pages/{}/confirm", text(session, "id"));
    shop.client.post(&path, &format!("payment_method={card}")).await
}

async fn redeemed(shop: &Shop, path: &str) -> i64 {
    shop.client.get(path).await.ok()["times_redeemed"].as_i64().unwrap()
}

#[tokio::test]
async fn a_coupon_is_taken_off_the_lines_and_shown_wherever_sums_are() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    made(&shop, "/v1/coupons", "id=SPRING&percent_off=12.5&name=Spring sale").await;
    let form = session_form(&sellers[0], &sellers[1]);
    let form = format!(
        "{form}&discounts[0][coupon]=SPRING&expand[]=line_items\
         &expand[]=total_details.breakdown&expand[]=discounts.coupon"
    );
    let session = shop.client.post(SESSIONS, &form).await.ok();
    valid("Session", &session);
    // An eighth of 25.00 is 3.125: half a cent is rounded up.
    assert_eq!(session["amount_subtotal"], 2_500);
    assert_eq!(session["amount_total"], 2_500 - 313 + 499);
    let details = &session["total_details"];
    let sums = [&details["amount_discount"], &details["amount_shipping"], &details["amount_tax"]];
    assert_eq!(sums, [313, 499, 0]);
    assert_eq!(session["discounts"][0]["coupon"]["name"], "Spring sale");
    assert_eq!(session["discounts"][0]["promotion_code"], Value::Null);
    let broken_down = &details["breakdown"]["discounts"][0];
    assert_eq!(broken_down["amount"], 313);
    assert_eq!(broken_down["discount"]["source"]["coupon"], "SPRING");
    assert_eq!(broken_down["discount"]["checkout_session"], session["id"]);
    let of_line = |at: usize| {
        let line = &session["line_items"]["data"][at];
        valid("LineItem", line);
        [&line["amount_subtotal"], &line["amount_discount"], &line["amount_total"]]
            .map(Value::as_i64)
    };
    assert_eq!(of_line(0), [Some(2_000), Some(250), Some(1_750)]);
    assert_eq!(of_line(1), [Some(500), Some(63), Some(437)]);

    let paid = pay(&shop, &session, "tok_visa").await.ok();
    assert_eq!(paid["payment_status"], "paid");
    let payment = text(&paid, "payment_intent");
    let payment = shop.client.get(&format!("/v1/payment_intents/{payment}")).await.ok();
    assert_eq!(payment["amount"], 2_686);
    let id = text(&session, "id");
    let orders = shop.client.get(&format!("/v1/orders?checkout_session={id}")).await.ok();
    let of_order = |seller: &String| {
        let data = orders["data"].as_array().unwrap();
        let order = data.iter().find(|order| order["seller"] == **seller).unwrap();
        let line = &order["lines"][0];
        assert_eq!(line["amount_discount"], order["amount_discount"]);
        ["amount_subtotal", "amount_discount", "amount_shipping", "amount_total"]
            .map(|name| order[name].as_i64().unwrap())
    };
    // The shipping is shared by what the lines cost before the discount.
    assert_eq!(of_order(&sellers[0]), [2_000, 250, 399, 2_149]);
    assert_eq!(of_order(&sellers[1]), [500, 63, 100, 537]);
}

#[tokio::test]
async fn a_session_says_what_gave_its_discount() {
    let shop = Shop::open();
    let coupon = made(&shop, "/v1/coupons", "amount_off=500&currency=usd").await;
    let code = code(&shop, &format!("promotion[coupon]={coupon}&code=HELLO")).await;
    let plain = open(&shop, "").await;
    assert_eq!((&plain["discounts"], &plain["amount_total"]), (&Value::Null, &json!(2_500)));
    let by_coupon = open(&shop, &format!("discounts[0][coupon]={coupon}")).await;
    assert_eq!(by_coupon["discounts"], json!([{ "coupon": coupon, "promotion_code": null }]));
    let by_code = open(&shop, &format!("discounts[0][promotion_code]={code}")).await;
    assert_eq!(by_code["discounts"], json!([{ "coupon": null, "promotion_code": code }]));
    assert_eq!(by_code["amount_total"], 2_000);
    // What is allowed to the buyer is no discount yet.
    let allowed = open(&shop, "allow_promotion_codes=true").await;
    assert_eq!(allowed["allow_promotion_codes"], true);
    let form = format!("allow_promotion_codes=false&discounts[0][coupon]={coupon}");
    assert_eq!(open(&shop, &form).await["amount_total"], 2_000);
}

#[tokio::test]
async fn a_coupon_of_a_product_is_for_its_lines() {
    let shop = Shop::open();
    made(&shop, "/v1/products", "id=lamp&name=Lamp").await;
    let price = made(&shop, "/v1/prices", "product=lamp&currency=usd&unit_amount=1000").await;
    made(&shop, "/v1/coupons", "id=LAMPS&percent_off=50&applies_to[products][0]=lamp").await;
    let form = format!(
        "line_items[0][price]={price}&line_items[0][quantity]=2\
         &line_items[1][price_data][currency]=usd&line_items[1][price_data][unit_amount]=300\
         &line_items[1][price_data][product]=lamp&line_items[1][quantity]=1\
         &line_items[2][price_data][currency]=usd&line_items[2][price_data][unit_amount]=700\
         &line_items[2][price_data][product_data][name]=Rug&line_items[2][quantity]=1\
         &discounts[0][coupon]=LAMPS&expand[]=line_items"
    );
    let session = shop.client.post(SESSIONS, &form).await.ok();
    let lines = session["line_items"]["data"].as_array().unwrap();
    let taken: Vec<i64> =
        lines.iter().map(|line| line["amount_discount"].as_i64().unwrap()).collect();
    assert_eq!(taken, [1_000, 150, 0]);
    // A price that is given with its line says whose it is.
    assert_eq!(lines[1]["price"]["product"], "lamp");
}

#[tokio::test]
async fn discounts_that_cannot_be_given_are_refused_by_name() {
    let shop = Shop::open();
    let ada = made(&shop, "/v1/customers", "name=Ada").await;
    let bo = made(&shop, "/v1/customers", "name=Bo").await;
    made(&shop, "/v1/products", "id=rug&name=Rug").await;
    for form in [
        "id=TEN&percent_off=10",
        "id=EURO&amount_off=100&currency=eur",
        "id=ALL&percent_off=100",
        "id=RUGS&percent_off=10&applies_to[products][0]=rug",
        "id=GONE&percent_off=10",
    ] {
        made(&shop, "/v1/coupons", form).await;
    }
    shop.client.send("DELETE", "/v1/coupons/GONE", "").await.ok();
    let of_bo = code(&shop, &format!("promotion[coupon]=TEN&code=BO&customer={bo}")).await;
    let least = "restrictions[minimum_amount]=2501&restrictions[minimum_amount_currency]=usd";
    let least = code(&shop, &format!("promotion[coupon]=TEN&code=LEAST&{least}")).await;
    let idle = code(&shop, "promotion[coupon]=TEN&code=IDLE&active=false").await;
    let by = |code: &str| format!("discounts[0][promotion_code]={code}");
    let coupon = "discounts[0][coupon]";
    let promotion = "discounts[0][promotion_code]";
    let table = [
        ("discounts[0][coupon]=NONE".to_owned(), format!("404 resource_missing {coupon}")),
        ("discounts[0][coupon]=GONE".to_owned(), format!("404 resource_missing {coupon}")),
        (by("promo_1"), format!("400 resource_missing {promotion}")),
        (by(&idle), format!("400 coupon_expired {promotion}")),
        ("discounts[0][coupon]=EURO".to_owned(), format!("400 currency_mismatch {coupon}")),
        ("discounts[0][coupon]=RUGS".to_owned(), format!("400 coupon_not_applicable {coupon}")),
        ("discounts[0][coupon]=ALL".to_owned(), format!("400 amount_too_small {coupon}")),
        (by(&least), format!("400 promotion_code_minimum_not_reached {promotion}")),
        (by(&of_bo), format!("400 promotion_code_customer_mismatch {promotion}")),
        (
            format!("{}&customer={ada}", by(&of_bo)),
            format!("400 promotion_code_customer_mismatch {promotion}"),
        ),
        (
            "discounts[0][coupon]=TEN&discounts[1][coupon]=TEN".to_owned(),
            "400 parameter_invalid_array discounts".to_owned(),
        ),
        (
            format!("discounts[0][coupon]=TEN&{}", by(&least)),
            format!("400 parameters_exclusive {promotion}"),
        ),
        ("discounts[0][code]=TEN".to_owned(), format!("400 parameter_missing {coupon}")),
        (
            "discounts[0][coupon]=TEN&allow_promotion_codes=true".to_owned(),
            "400 parameters_exclusive discounts".to_owned(),
        ),
    ];
    for (form, expected) in table {
        let answer = shop.client.post(SESSIONS, &format!("{LINE}&{form}")).await;
        assert_eq!(answer.error(), expected, "{form}");
    }
    open(&shop, &format!("{}&customer={bo}", by(&of_bo))).await;
    let setup = "mode=setup&currency=usd&discounts[0][coupon]=TEN";
    let refused = shop.client.post(SESSIONS, setup).await.error();
    assert_eq!(refused, "400 parameter_unsupported discounts");
}

#[tokio::test]
async fn a_discount_is_counted_with_the_first_attempt() {
    let shop = Shop::open();
    made(&shop, "/v1/coupons", "id=ONE&percent_off=10&max_redemptions=1").await;
    let (first, second) = (
        open(&shop, "discounts[0][coupon]=ONE").await,
        open(&shop, "discounts[0][coupon]=ONE").await,
    );
    assert_eq!(redeemed(&shop, "/v1/coupons/ONE").await, 0);
    pay(&shop, &first, "tok_chargeDeclined").await;
    assert_eq!(redeemed(&shop, "/v1/coupons/ONE").await, 1);
    let late = pay(&shop, &second, "tok_visa").await;
    assert_eq!(late.error(), "400 redemptions_exhausted discounts");
    let form = format!("{LINE}&discounts[0][coupon]=ONE");
    let later = shop.client.post(SESSIONS, &form).await;
    assert_eq!(later.error(), "400 redemptions_exhausted discounts[0][coupon]");
    // Unpaid, it is given back; the other buyer may have it, once.
    let path = format!("{SESSIONS}/{}/expire", text(&first, "id"));
    shop.client.post(&path, "").await.ok();
    assert_eq!(redeemed(&shop, "/v1/coupons/ONE").await, 0);
    pay(&shop, &second, "tok_visa").await.ok();
    assert_eq!(redeemed(&shop, "/v1/coupons/ONE").await, 1);
    assert_eq!(shop.client.get("/v1/coupons/ONE").await.ok()["valid"], false);
}

#[tokio::test]
async fn of_many_buyers_at_once_one_has_the_last_redemption() {
    let shop = Shop::open();
    made(&shop, "/v1/coupons", "id=LAST&percent_off=10&max_redemptions=2").await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(open(&shop, "discounts[0][coupon]=LAST").await);
    }
    let tried = |at: usize| pay(&shop, &sessions[at], "tok_visa");
    let answers = tokio::join!(tried(0), tried(1), tried(2), tried(3));
    let statuses = [answers.0.status, answers.1.status, answers.2.status, answers.3.status];
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 2, "{statuses:?}");
    assert_eq!(redeemed(&shop, "/v1/coupons/LAST").await, 2);
}

#[tokio::test]
async fn a_first_purchase_is_one_that_nothing_was_bought_before() {
    let shop = Shop::open();
    made(&shop, "/v1/coupons", "id=TEN&percent_off=10").await;
    let form = "promotion[coupon]=TEN&restrictions[first_time_transaction]=true";
    let code = code(&shop, form).await;
    let ada = made(&shop, "/v1/customers", "name=Ada").await;
    let buyers = [format!("customer={ada}"), "customer_email=bo@shop.example".to_owned()];
    for buyer in buyers {
        let form = format!("{buyer}&discounts[0][promotion_code]={code}");
        let session = open(&shop, &form).await;
        pay(&shop, &session, "tok_visa").await.ok();
        let again = shop.client.post(SESSIONS, &format!("{LINE}&{form}")).await;
        let expected = "400 promotion_code_first_purchase_only discounts[0][promotion_code]";
        assert_eq!(again.error(), expected, "{buyer}");
    }
}

#[tokio::test]
async fn a_link_hands_on_whether_codes_are_taken_and_has_no_discounts() {
    let shop = Shop::open();
    let form = format!("{LINE}&allow_promotion_codes=true");
    let link = shop.client.post("/v1/payment_links", &form).await.ok();
    assert_eq!(link["allow_promotion_codes"], true);
    let form = format!("{LINE}&discounts[0][coupon]=TEN");
    let refused = shop.client.post("/v1/payment_links", &form).await;
    assert_eq!(refused.error(), "400 parameter_unknown discounts");
}
