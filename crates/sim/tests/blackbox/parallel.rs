//! The same money, asked for many times at once: as many get it as fit, and the sum never passes
//! what there is.

use serde_json::Value;
use tokio::task::JoinSet;

use super::api::{Api, Form, fresh_key};
use super::audit::{self, Books};
use super::http::Answer;
use super::network::{Charge, Network};
use super::report::refuse;
use super::server::{Place, Running};
use super::shop::{self, id};

/// How many ask at once.
const RIVALS: usize = 50;
/// What there is, in cents.
const LIMIT: i64 = 10_000;
/// What each wants of it.
const PART: i64 = 700;
/// How many get it: as many as fit.
const WINNERS: usize = 14;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_refunds_return_what_was_taken_at_most() {
    let shop = Shop::open().await;
    let intent = shop.sale("automatic").await;
    let answers = shop.all_at_once("/v1/refunds", &part_of(&intent)).await;
    check(&answers, WINNERS, "refund_exceeds_payment");
    let charge = shop.charge_of(&intent).await;
    assert_eq!((charge.captured, charge.refunded), (LIMIT, of_winners()));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_refunds_release_what_is_held_on_the_card_at_most() {
    let shop = Shop::open().await;
    let intent = shop.sale("manual").await;
    let answers = shop.all_at_once("/v1/refunds", &part_of(&intent)).await;
    check(&answers, WINNERS, "refund_exceeds_payment");
    let charge = shop.charge_of(&intent).await;
    assert_eq!((charge.captured, charge.released), (0, of_winners()));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_captures_take_what_is_authorized_at_most() {
    let shop = Shop::open().await;
    let intent = shop.sale("manual").await;
    let form = Form::of(&[("final_capture", "false")]).with("amount_to_capture", PART);
    let capture = format!("/v1/payment_intents/{}/capture", id(&intent));
    let answers = shop.all_at_once(&capture, &form).await;
    check(&answers, WINNERS, "capture_exceeds_authorization");
    let charge = shop.charge_of(&intent).await;
    assert_eq!((charge.captured, charge.captures.len()), (of_winners(), WINNERS));
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_releases_pay_what_is_held_at_most() {
    let shop = Shop::open().await;
    let held = shop.held_funds().await;
    let release = format!("{held}/release");
    let answers = shop.all_at_once(&release, &Form::default().with("amount", PART)).await;
    check(&answers, WINNERS, "release_exceeds_held");
    let funds = shop.api.object(&held).await;
    let parts = ["amount", "amount_released", "amount_held"].map(|name| funds[name].as_i64());
    assert_eq!(parts, [Some(LIMIT), Some(of_winners()), Some(LIMIT - of_winners())]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_releases_and_refunds_move_what_is_held_at_most() {
    let shop = Shop::open().await;
    let held = shop.held_funds().await;
    let paths = ["release", "refund"].map(|action| format!("{held}/{action}"));
    let answers = shop.in_turn(&paths, &Form::default().with("amount", PART)).await;
    check(&answers, WINNERS, "release_exceeds_held");
    let funds = shop.api.object(&held).await;
    let parts = ["amount_released", "amount_refunded"].map(|name| funds[name].as_i64());
    assert_eq!(parts.iter().flatten().sum::<i64>(), of_winners(), "{funds}");
    let ledger = shop.network.ledger().await;
    assert_eq!(Some(ledger[0].refunded), parts[1]);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_captures_and_cancellations_have_one_winner() {
    let shop = Shop::open().await;
    let intent = shop.sale("manual").await;
    let paths =
        ["capture", "cancel"].map(|action| format!("/v1/payment_intents/{}/{action}", id(&intent)));
    let answers = shop.in_turn(&paths, &Form::default()).await;
    check(&answers, 1, "payment_intent_unexpected_state");
    let charge = shop.charge_of(&intent).await;
    assert_eq!(charge.captured + charge.released, LIMIT, "{charge:?}");
    assert!(charge.captured == 0 || charge.released == 0, "{charge:?}");
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_shipments_take_each_part_once() {
    let shop = Shop::open().await;
    // A network with many captures for one authorization, and one with a single one.
    for (token, captures) in [("tok_visa", 2), ("tok_amex", 1)] {
        let orders = shop.purchase(token, 2).await;
        let paths: Vec<String> =
            orders.iter().map(|order| format!("/v1/orders/{}/ship", id(order))).collect();
        let answers = shop.in_turn(&paths, &Form::default()).await;
        check(&answers, orders.len(), "order_unexpected_state");
        let intent = orders[0]["payment_intent"].as_str().expect("a payment");
        let intent = shop.api.object(&format!("/v1/payment_intents/{intent}")).await;
        let charge = shop.charge_of(&intent).await;
        assert_eq!((charge.captured, charge.captures.len()), (2 * LIMIT, captures), "{token}");
    }
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_confirmations_charge_once() {
    let shop = Shop::open().await;
    let form = Form::of(&[("currency", "usd"), ("payment_method", "pm_card_visa")]);
    let intent = shop.api.make("/v1/payment_intents", &form.with("amount", LIMIT)).await;
    let confirm = format!("/v1/payment_intents/{}/confirm", id(&intent));
    let answers = shop.all_at_once(&confirm, &Form::default()).await;
    check(&answers, 1, "payment_intent_unexpected_state");
    assert_eq!(shop.network.ledger().await.len(), 1);
    shop.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_requests_with_one_key_are_one_request() {
    let shop = Shop::open().await;
    let form =
        Form::of(&[("currency", "usd"), ("payment_method", "pm_card_visa"), ("confirm", "true")]);
    let form = form.with("amount", LIMIT);
    let answers = shop.same_at_once("/v1/payment_intents", &form, "one-payment").await;
    let intent = the_one(&answers);
    assert_eq!(shop.network.ledger().await.len(), 1);

    let refund = part_of(&intent);
    let answers = shop.same_at_once("/v1/refunds", &refund, "one-refund").await;
    let refund = the_one(&answers);
    let charge = shop.charge_of(&intent).await;
    assert_eq!((charge.captured, charge.refunded), (LIMIT, PART));
    let again = shop.api.post("/v1/refunds", &part_of(&intent), "one-refund").await;
    assert_eq!(again.expect("an answer").object(), refund);
    shop.close().await;
}

/// A program with sellers, on which many ask at once.
struct Shop {
    place: Place,
    running: Running,
    api: Api,
    network: Network,
}

impl Shop {
    async fn open() -> Shop {
        let place = Place::new();
        let running = place.start().await;
        let (api, network) = (running.api(), running.network());
        Shop { place, running, api, network }
    }

    /// Compares the books with the network's.
    async fn close(self) {
        let ledger = self.network.ledger().await;
        assert!(self.running.stop().await.success(), "an orderly stop");
        let books = Books::of(&self.place).await;
        refuse("not as the network says", &audit::same_as_witness(&books, &ledger));
        refuse("does not add up", &audit::adds_up(&books, &ledger));
    }

    /// A payment of the limit without an order.
    async fn sale(&self, capture_method: &str) -> Value {
        let form = shop::payment("pm_card_visa", capture_method).with("amount", LIMIT);
        self.api.make("/v1/payment_intents", &form).await
    }

    /// A paid basket of so many sellers, each with the limit. Answers with the orders.
    async fn purchase(&self, card: &str, sellers: usize) -> Vec<Value> {
        shop::purchase(&self.api, card, sellers, LIMIT.unsigned_abs()).await
    }

    /// The held funds of a shipped order of the limit, by their address.
    async fn held_funds(&self) -> String {
        let orders = self.purchase("tok_visa", 1).await;
        let ship = format!("/v1/orders/{}/ship", id(&orders[0]));
        let order = self.api.make(&ship, &Form::default()).await;
        format!("/v1/held_funds/{}", order["held_funds"].as_str().expect("held funds"))
    }

    /// The same request from all rivals, each under a key of its own.
    async fn all_at_once(&self, path: &str, form: &Form) -> Vec<Answer> {
        self.in_turn(&[path.to_owned()], form).await
    }

    /// One of several requests from each rival, in turn, each under a key of its own.
    async fn in_turn(&self, paths: &[String], form: &Form) -> Vec<Answer> {
        let mut rivals = JoinSet::new();
        for path in paths.iter().cycle().take(RIVALS) {
            let (api, path, form) = (self.api.clone(), path.clone(), form.clone());
            rivals.spawn(
                async move { api.post(&path, &form, &fresh_key()).await.expect("an answer") },
            );
        }
        rivals.join_all().await
    }

    /// The same request from all rivals under the same key, none of which asks twice.
    async fn same_at_once(&self, path: &str, form: &Form, key: &str) -> Vec<Answer> {
        let mut rivals = JoinSet::new();
        for _ in 0..RIVALS {
            let (api, path, form) = (self.api.clone(), path.to_owned(), form.clone());
            let key = key.to_owned();
            rivals
                .spawn(async move { api.post_once(&path, &form, &key).await.expect("an answer") });
        }
        rivals.join_all().await
    }

    async fn charge_of(&self, intent: &Value) -> Charge {
        let attempt = intent["latest_charge"].as_str().expect("a charge");
        self.network.charge(attempt).await.expect("the network has it")
    }
}

/// Just so many succeed, and the others are told why not.
#[track_caller]
fn check(answers: &[Answer], winners: usize, refusal: &str) {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
    assert_eq!((won.len(), lost.len()), (winners, RIVALS - winners));
    for answer in lost {
        let code = answer.json()["error"]["code"].clone();
        assert_eq!((answer.status, code), (400, refusal.into()), "{}", answer.text());
    }
}

/// What all successful answers say alike. The others came too early, and say so.
#[track_caller]
fn the_one(answers: &[Answer]) -> Value {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.is_ok());
    assert!(lost.iter().all(|answer| answer.status == 409), "{lost:?}");
    let first = won.first().expect("one of them is answered");
    assert!(won.iter().all(|answer| answer == first), "{won:?}");
    first.object()
}

fn part_of(intent: &Value) -> Form {
    Form::of(&[("payment_intent", id(intent))]).with("amount", PART)
}

/// What all winners got together.
fn of_winners() -> i64 {
    LIMIT - LIMIT % PART
}
