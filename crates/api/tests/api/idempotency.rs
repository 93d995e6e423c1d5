//! One key, one request, one answer.

use std::sync::Arc;
use std::time::Duration;

use holdfast_core::command::{Command, Keep};
use holdfast_core::key::RowKind;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::replay::Replay;
use holdfast_core::row::Record as _;
use holdfast_engine::memory::MemoryStore;
use holdfast_engine::query::RowsQuery;
use holdfast_engine::rate_limit::{Limits, Rate};
use holdfast_engine::{StoreError, Submission};
use serde_json::{Value, json};

use crate::broken_store::BrokenStore;
use crate::client::{Answer, text};
use crate::shop::{SECRET_KEY, Shop, session_form};

#[tokio::test]
async fn the_same_request_is_answered_byte_for_byte() {
    let shop = Shop::open();
    let sellers = [shop.seller("Ada").await, shop.seller("Bo").await];
    let bought = shop.purchase().await;
    let session = session_form(&sellers[0], &sellers[1]);
    let refund = format!("payment_intent={}&amount=1", text(&bought.session, "payment_intent"));
    let ship = format!("/v1/orders/{}/ship", bought.orders[0]);
    let table = [
        ("/v1/payment_intents", "amount=100&currency=usd", 200),
        (
            "/v1/payment_intents",
            "amount=100&currency=usd&confirm=true&payment_method=tok_visa",
            200,
        ),
        (
            "/v1/payment_intents",
            "amount=100&currency=usd&confirm=true&payment_method=tok_chargeDeclined",
            402,
        ),
        ("/v1/checkout/sessions", &session, 200),
        ("/v1/accounts", "email=a@shop.example", 200),
        ("/v1/refunds", &refund, 200),
        (&ship, "carrier=DHL", 200),
        ("/v1/webhook_endpoints", "url=https://shop.example/hooks&enabled_events[]=*", 200),
    ];
    for (index, (path, form, status)) in table.into_iter().enumerate() {
        let client = shop.client.with("idempotency-key", &format!("key-{index}"));
        let first = client.post(path, form).await;
        assert_eq!(first.status, status, "{path} {form}: {:#}", first.json);
        assert_eq!(first.header("idempotent-replayed"), None);
        let rows = shop.store.all_rows();
        let second = client.post(path, form).await;
        assert_eq!((second.status, &second.bytes), (first.status, &first.bytes), "{path} {form}");
        assert_eq!(second.header("idempotent-replayed"), Some("true"));
        assert_ne!(second.header("request-id"), first.header("request-id"));
        assert_eq!(shop.store.all_rows(), rows, "{path} {form}: nothing more was done");
    }
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let rows = shop.store.all_rows();
    let table = [
        ("/v1/payment_intents", "amount=101&currency=usd"),
        ("/v1/payment_intents", "amount=100&currency=usd&metadata[a]=b"),
        ("/v1/accounts", "metadata[a]=b"),
    ];
    for (path, form) in table {
        let answer = client.post(path, form).await;
        assert_eq!(answer.error(), "400 idempotency_key_reused -");
        assert_eq!(answer.json["error"]["type"], "idempotency_error");
    }
    assert_eq!(shop.store.all_rows(), rows);
    // The same parameters in another order are the same request.
    let same = client.post("/v1/payment_intents", "currency=usd&amount=100").await;
    assert_eq!(same.header("idempotent-replayed"), Some("true"));
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let bad = client.post("/v1/payment_intents", "amount=100").await;
    assert_eq!(bad.error(), "400 parameter_missing currency");
    client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
}

#[tokio::test]
async fn keys_of_a_server_and_a_browser_do_not_meet() {
    let shop = Shop::open();
    let made = shop.client.post("/v1/payment_intents", "amount=100&currency=usd").await.ok();
    let path = format!("/v1/payment_intents/{}/confirm", text(&made, "id"));
    let form = format!("payment_method=tok_visa&client_secret={}", text(&made, "client_secret"));
    let server = shop.client.with("idempotency-key", "k").post(&path, &form).await.ok();
    assert_eq!(server["status"], "succeeded");
    let browser = shop.browser().with("idempotency-key", "k").post(&path, &form).await;
    assert_eq!(browser.error(), "400 payment_intent_unexpected_state -");
}

#[tokio::test]
async fn a_request_under_way_is_not_begun_again() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_slow";
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.post("/v1/payment_intents", form).await }
    });
    shop.bank.asked.notified().await;
    let second = client.post("/v1/payment_intents", form).await;
    assert_eq!(second.error(), "409 idempotency_key_in_use -");
    let other = client.post("/v1/payment_intents", "amount=7&currency=usd").await;
    assert_eq!(other.error(), "400 idempotency_key_reused -");
    shop.bank.go_on.notify_one();
    let first = first.await.unwrap();
    assert_eq!(first.json["status"], "succeeded");
    let third = client.post("/v1/payment_intents", form).await;
    assert_eq!(third.bytes, first.bytes);
}

/// Another process finds the key of one that left no answer, as after a crash.
#[tokio::test]
async fn a_lost_answer_is_made_again_from_the_object() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_slow";
    let first = tokio::spawn({
        let client = client.clone();
        async move { client.post("/v1/payment_intents", form).await }
    });
    shop.bank.asked.notified().await;
    let next = shop.other_process().with("idempotency-key", "k");
    let other = next.post("/v1/payment_intents", "amount=7&currency=usd").await;
    assert_eq!(other.error(), "400 idempotency_key_reused -");
    let again = next.post("/v1/payment_intents", form).await;
    assert_eq!(again.json["status"], "processing");

    // The first answer that was kept is the one that counts, for both processes.
    shop.bank.go_on.notify_one();
    let first = first.await.unwrap();
    assert_eq!(first.bytes, again.bytes);
    let list = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(list["data"][0]["id"], again.json["id"]);
}

/// The newest answer that was kept is lost, as by a crash after the commit.
async fn lose_answer(shop: &Shop) {
    let query = RowsQuery::newest(shop.platform, RowKind::Replay, 1);
    let rows = shop.engine.read().rows(&query).await.unwrap();
    let replay = Replay::of_row(&rows[0]).unwrap().clone();
    let key = Replay::key(&replay.key);
    let stored = shop.engine.load(shop.platform, &[key]).await.unwrap();
    let expected = stored[0].as_ref().unwrap().version;
    let row = Replay { reply: None, ..replay }.into_row();
    let keep = Command::Keep(Box::new(Keep { row, expected, event: None }));
    shop.engine.submit(Submission::new(shop.platform, keep)).await.unwrap();
}

#[tokio::test]
async fn a_lost_answer_is_made_again_though_what_was_named_is_gone() {
    let shop = Shop::open();
    shop.client.post("/v1/coupons", "id=welcome&percent_off=10&duration=once").await.ok();
    let customer = shop.client.post("/v1/customers", "name=Ada").await.ok();
    let customer = text(&customer, "id");
    let line = "line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500\
        &line_items[0][price_data][product_data][name]=Lamp&line_items[0][quantity]=1";
    let session = format!("mode=payment&success_url=https://shop.example&{line}");
    let requests = [
        ("/v1/checkout/sessions", format!("{session}&customer={customer}")),
        ("/v1/customers", "name=Bo&coupon=welcome".to_owned()),
        ("/v1/payment_intents", format!("amount=100&currency=usd&customer={customer}")),
        ("/v1/setup_intents", format!("customer={customer}")),
    ];
    let mut made = Vec::new();
    for (path, form) in &requests {
        let client = shop.client.with("idempotency-key", path);
        made.push(text(&client.post(path, form).await.ok(), "id").to_owned());
        lose_answer(&shop).await;
    }
    shop.client.send("DELETE", "/v1/coupons/welcome", "").await.ok();
    shop.client.send("DELETE", &format!("/v1/customers/{customer}"), "").await.ok();
    for ((path, form), made) in requests.iter().zip(made) {
        let anew = shop.client.post(path, form).await;
        assert!(anew.error().contains("resource_missing"), "{path}: {}", anew.error());
        let client = shop.client.with("idempotency-key", path);
        assert_eq!(text(&client.post(path, form).await.ok(), "id"), made, "{path}");
        let kept = client.post(path, form).await;
        assert_eq!(kept.header("idempotent-replayed"), Some("true"), "{path}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_made_again_though_it_took_what_there_was() {
    let shop = Shop::open();
    let client = &shop.client;
    client.post("/v1/topups", "amount=900&currency=usd").await.ok();
    client.post("/v1/coupons", "id=welcome&percent_off=10&duration=once").await.ok();
    client.post("/v1/products", "id=lamp&name=Lamp").await.ok();
    let price = "product=lamp&currency=usd&unit_amount=500&lookup_key=lamp";
    let taken = "resource_already_exists";
    let requests = [
        ("/v1/coupons", "id=spring&percent_off=10&duration=once".to_owned(), taken),
        ("/v1/promotion_codes", code_of("welcome"), taken),
        ("/v1/products", "id=chair&name=Chair".to_owned(), taken),
        ("/v1/prices", price.to_owned(), taken),
        ("/v1/payouts", "amount=900&currency=usd".to_owned(), "balance_insufficient"),
    ];
    for (path, form, refused) in &requests {
        let keyed = client.with("idempotency-key", path);
        let made = keyed.post(path, form).await.ok();
        lose_answer(&shop).await;
        let anew = client.post(path, form).await.error();
        assert!(anew.contains(refused), "{path}: {anew}");
        assert_eq!(text(&keyed.post(path, form).await.ok(), "id"), text(&made, "id"), "{path}");
    }

    let price = client.post("/v1/prices", "product=lamp&currency=usd&unit_amount=700").await.ok();
    let price = text(&price, "id");
    let form = format!("line_items[0][price]={price}&line_items[0][quantity]=1");
    let keyed = client.with("idempotency-key", "link");
    let made = keyed.post("/v1/payment_links", &form).await.ok();
    lose_answer(&shop).await;
    client.post(&format!("/v1/prices/{price}"), "active=false").await.ok();
    assert_eq!(client.post("/v1/payment_links", &form).await.status, 400);
    let again = keyed.post("/v1/payment_links", &form).await.ok();
    assert_eq!(text(&again, "id"), text(&made, "id"));
}

fn code_of(coupon: &str) -> String {
    format!("promotion[type]=coupon&promotion[coupon]={coupon}&code=HELLO")
}

#[tokio::test]
async fn a_lost_webhook_secret_is_told_again() {
    let shop = Shop::open();
    let form = "url=https://shop.example/hooks&enabled_events[]=order.created";
    shop.client
        .post("/v1/webhook_endpoints", "url=https://shop.example/&enabled_events[]=*")
        .await
        .ok();
    let client = shop.client.with("idempotency-key", "k");
    let first = client.post("/v1/webhook_endpoints", form).await;
    assert_eq!(first.json["enabled_events"], json!(["order.created"]));
    let again = client.post("/v1/webhook_endpoints", form).await;
    assert_eq!(again.bytes, first.bytes);
    let list = shop.client.get("/v1/webhook_endpoints").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn keys_have_up_to_255_characters() {
    let shop = Shop::open();
    let form = "amount=100&currency=usd";
    for (key, expected) in [
        ("k".repeat(255), "200 - -"),
        ("k".repeat(256), "400 idempotency_key_invalid -"),
        (String::new(), "400 idempotency_key_invalid -"),
        ("cl\u{e9}".to_owned(), "400 invalid_characters -"),
    ] {
        let client = shop.client.with("idempotency-key", &key);
        let answer = client.post("/v1/payment_intents", form).await;
        assert_eq!(answer.error(), expected, "{} characters", key.len());
    }
    let client = shop.client.with("idempotency-key", &"k".repeat(300));
    client.get("/v1/payment_intents").await.ok();
}

#[tokio::test]
async fn what_the_domain_refused_is_told_again() {
    let shop = Shop::open();
    let form = "amount=100&currency=usd&capture_method=manual";
    let made = shop.client.post("/v1/payment_intents", form).await.ok();
    let path = format!("/v1/payment_intents/{}", text(&made, "id"));
    let client = shop.client.with("idempotency-key", "capture-1");
    let first = client.post(&format!("{path}/capture"), "").await;
    assert_eq!(first.error(), "400 payment_intent_unexpected_state -");
    shop.client.post(&format!("{path}/confirm"), "payment_method=tok_visa").await.ok();
    let again = client.post(&format!("{path}/capture"), "").await;
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let other = client.post(&format!("{path}/cancel"), "").await;
    assert_eq!(other.error(), "400 idempotency_key_reused -");
    let captured = shop.client.with("idempotency-key", "capture-2");
    captured.post(&format!("{path}/capture"), "").await.ok();
}

#[tokio::test]
async fn the_first_answer_counts_whatever_has_changed_since() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let form = "url=https://shop.example/hooks&enabled_events[]=*";
    let made = shop.client.post("/v1/webhook_endpoints", form).await.ok();
    let path = format!("/v1/webhook_endpoints/{}", text(&made, "id"));
    let first = client.post(&path, "description=x").await;
    shop.client.send("DELETE", &path, "").await.ok();
    let again = client.post(&path, "description=x").await;
    assert_eq!((again.status, &again.bytes), (200, &first.bytes));
}

/// A read that fails after the commit: something was carried out, so the 500 is the answer.
#[tokio::test]
async fn a_failure_after_the_commit_is_kept() {
    let store = Arc::new(MemoryStore::new());
    let broken = Arc::new(BrokenStore::over(Arc::clone(&store)));
    let shop = Shop::over(Arc::clone(&store), Arc::clone(&broken) as Arc<_>);
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd";
    broken.fail(Some((RowKind::PaymentIntent, StoreError::Corrupt("a row".to_owned()))));
    let first = client.post("/v1/payment_intents", form).await;
    assert_eq!(first.error(), "500 internal_error -");
    assert_eq!(first.header("stripe-should-retry"), Some("false"), "it would be the same again");
    assert_eq!(first.header("idempotent-replayed"), None);
    broken.fail(None);
    let again = client.post("/v1/payment_intents", form).await;
    assert_eq!((again.status, &again.bytes), (500, &first.bytes));
    assert_eq!(again.header("stripe-should-retry"), Some("false"));
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let list = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

/// A store that does not answer for a moment says nothing about the request.
#[tokio::test]
async fn a_passing_failure_is_not_kept() {
    let store = Arc::new(MemoryStore::new());
    let broken = Arc::new(BrokenStore::over(Arc::clone(&store)));
    let shop = Shop::over(Arc::clone(&store), Arc::clone(&broken) as Arc<_>);
    let client = shop.client.with("idempotency-key", "k");
    let form = "amount=100&currency=usd";
    broken.fail(Some((RowKind::PaymentIntent, StoreError::Unavailable("a disk".to_owned()))));
    let first = client.post("/v1/payment_intents", form).await;
    assert_eq!(first.error(), "503 service_unavailable -");
    broken.fail(None);
    let again = client.post("/v1/payment_intents", form).await.ok();
    let list = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "made once, by the first of the two");
    assert_eq!(list["data"][0]["id"], again["id"]);
}

/// The process dies after the commit and before the answer; the next one makes it again.
#[tokio::test]
async fn an_answer_lost_in_a_crash_is_made_again() {
    let (shop, process) = Shop::mortal();
    let form = "amount=100&currency=usd&confirm=true&payment_method=tok_slow";
    process.spawn({
        let client = shop.client.with("idempotency-key", "k");
        async move { client.post("/v1/payment_intents", form).await }
    });
    shop.bank.asked.notified().await;
    let next = shop.killed(process).await;
    next.bank.go_on.notify_one();
    let client = next.client.with("idempotency-key", "k");
    let again = client.post("/v1/payment_intents", form).await.ok();
    let id = holdfast_core::id::Id::parse(text(&again, "id")).unwrap();
    let paid = |row: &PaymentIntent| row.state.name() == "succeeded";
    let patience = Duration::from_secs(5);
    let row = next.engine.wait_for::<PaymentIntent>(next.platform, &id, patience, paid).await;
    assert_eq!(row.unwrap().unwrap().state.name(), "succeeded");
    let list = next.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    let kept = client.post("/v1/payment_intents", form).await;
    assert_eq!(kept.header("idempotent-replayed"), Some("true"));
    assert_eq!(kept.json, again);
}

/// A request for a customer with a card, whose process died while the card's bank was asked.
struct LostCustomer {
    /// What took the process's place, once the bank has answered.
    shop: Shop,
    form: String,
    card: String,
}

impl LostCustomer {
    async fn with(token: &str) -> LostCustomer {
        LostCustomer::with_coupon(token, "").await
    }

    async fn with_coupon(token: &str, coupon: &str) -> LostCustomer {
        let (shop, process) = Shop::mortal();
        if !coupon.is_empty() {
            let form = format!("id={coupon}&percent_off=10&duration=once");
            shop.client.post("/v1/coupons", &form).await.ok();
        }
        let form = format!("type=card&card[token]={token}");
        let card = shop.client.post("/v1/payment_methods", &form).await.ok();
        let card = text(&card, "id").to_owned();
        let form = format!(
            "payment_method={card}&name=Ada{}",
            match coupon {
                "" => String::new(),
                coupon => format!("&coupon={coupon}"),
            }
        );
        process.spawn({
            let (client, form) = (shop.client.with("idempotency-key", "k"), form.clone());
            async move { client.post("/v1/customers", &form).await }
        });
        shop.bank.asked.notified().await;
        let shop = shop.killed(process).await;
        shop.bank.go_on.notify_one();
        let id = holdfast_core::id::Id::parse(&card).unwrap();
        let answered = |row: &PaymentMethod| row.state.name() == "saved";
        let patience = Duration::from_secs(60);
        let row = shop.engine.wait_for(shop.platform, &id, patience, answered).await;
        assert_eq!(row.unwrap().unwrap().state.name(), "saved");
        LostCustomer { shop, form, card }
    }

    async fn asked_again(&self) -> Answer {
        let client = self.shop.client.with("idempotency-key", "k");
        client.post("/v1/customers", &self.form).await
    }

    async fn all(&self) -> Value {
        self.shop.client.get("/v1/customers").await.ok()["data"].clone()
    }
}

/// The card that its bank declined for the one is the other's by now.
#[tokio::test]
async fn a_lost_answer_is_never_about_another_customer() {
    let lost = LostCustomer::with("tok_reluctant").await;
    let other = lost.shop.client.post("/v1/customers", "name=Bo").await.ok();
    let attach = format!("/v1/payment_methods/{}/attach", lost.card);
    let owner = format!("customer={}", text(&other, "id"));
    lost.shop.client.post(&attach, &owner).await.ok();
    let again = lost.asked_again().await;
    assert_eq!(again.error(), "400 payment_method_customer_mismatch payment_method");
    assert_eq!(lost.all().await, json!([other]));
}

/// The card was taken from the customer before the request was repeated.
#[tokio::test]
async fn a_lost_customer_is_told_also_without_its_card() {
    let lost = LostCustomer::with("tok_slow").await;
    let detach = format!("/v1/payment_methods/{}/detach", lost.card);
    lost.shop.client.post(&detach, "").await.ok();
    let again = lost.asked_again().await.ok();
    assert_eq!(again["name"], "Ada");
    assert_eq!(lost.all().await, json!([again]));
}

/// The coupon and the card cannot be used any more when the request is repeated.
#[tokio::test]
async fn a_lost_customer_is_told_also_when_its_coupon_is_gone() {
    let lost = LostCustomer::with_coupon("tok_slow", "welcome").await;
    lost.shop.client.send("DELETE", "/v1/coupons/welcome", "").await.ok();
    let once_more = lost.shop.client.post("/v1/customers", "coupon=welcome").await;
    assert_eq!(once_more.error(), "404 resource_missing coupon");
    let again = lost.asked_again().await.ok();
    assert_eq!(again["discount"]["source"]["coupon"], "welcome");
    assert_eq!(lost.all().await, json!([again]));
    let kept = lost.asked_again().await;
    assert_eq!(kept.header("idempotent-replayed"), Some("true"));
    assert_eq!(kept.json, again);
}

#[tokio::test]
async fn a_lost_decline_of_a_customers_card_is_told_again() {
    let lost = LostCustomer::with("tok_reluctant").await;
    assert_eq!(lost.asked_again().await.error(), "402 card_declined -");
    assert_eq!(lost.all().await, json!([]));
}

#[tokio::test]
async fn a_key_is_its_sellers_and_its_platforms() {
    let shop = Shop::open();
    let bought = shop.purchase().await;
    let key = |client: &crate::client::Client| client.with("idempotency-key", "k");
    let ship = format!("/v1/orders/{}/ship", bought.orders[0]);
    let seller = shop.client.with("stripe-account", &bought.sellers[0]);
    let shipped = key(&seller).post(&ship, "").await.ok();
    assert_eq!(shipped["status"], "shipped");
    // The platform's own key of the same name is another one, so that this is refused anew.
    let answer = key(&shop.client).post(&ship, "").await;
    assert_eq!(answer.error(), "400 order_unexpected_state -");
    let form = "amount=100&currency=usd";
    let other = key(&shop.other_platform()).post("/v1/payment_intents", form).await;
    assert_eq!((other.status, other.header("idempotent-replayed")), (200, None));
}

#[tokio::test]
async fn keys_and_limits_come_before() {
    let shop = Shop::open();
    let form = "amount=100&currency=usd";
    let rate = Some(Rate { per_second: 1, burst: 1 });
    let limited = shop.limited(Limits { writes: rate, ..Limits::OFF });
    let limited = limited.with("idempotency-key", "k");
    let stranger = limited.with("authorization", "Bearer sk_test_zzzzzzzzzzzzzzzzzzzzzzzz");
    assert_eq!(stranger.post("/v1/payment_intents", form).await.status, 401);
    let first = limited.post("/v1/payment_intents", form).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (200, None));
    let again = limited.post("/v1/payment_intents", form).await;
    assert_eq!(again.error(), "429 rate_limit -", "also what would only be told again");
    let patient = shop.client.with("authorization", &format!("Bearer {SECRET_KEY}"));
    let patient = patient.with("idempotency-key", "k");
    let told = patient.post("/v1/payment_intents", form).await;
    assert_eq!((told.status, &told.bytes), (200, &first.bytes), "neither was kept");
}

#[tokio::test]
async fn many_at_once_are_one() {
    let shop = Shop::open();
    let client = shop.client.with("idempotency-key", "k");
    let ask = |client: &crate::client::Client| {
        let client = client.clone();
        tokio::spawn(async move {
            client.post("/v1/payment_intents", "amount=100&currency=usd").await.status
        })
    };
    let asked: Vec<_> = (0..50).map(|_| ask(&client)).collect();
    let mut made = 0;
    for answer in asked {
        let status = answer.await.unwrap();
        assert!([200, 409].contains(&status), "{status}");
        made += usize::from(status == 200);
    }
    assert!(made >= 1);
    let list = shop.client.get("/v1/payment_intents").await.ok();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}
