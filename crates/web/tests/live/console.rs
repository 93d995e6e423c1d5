//! The console over a purchase: what it shows, and what an operator does with it.

use std::collections::BTreeMap;

use holdfast_core::command::{Command, CreateWebhookEndpoint, OpenClaim};
use holdfast_core::key::RowKind;
use holdfast_core::order::{ClaimReason, Order};
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::secret::Secret;
use holdfast_core::webhook::{Delivery, DeliveryState};

use crate::support::{Browser, LOOK_EVERY, PATIENCE, Stage, order_path};

impl Stage {
    async fn taken(&self, order: &Order) {
        let taken = |order: &Order| order.held_funds().is_some();
        self.engine.wait_for::<Order>(self.platform, &order.id, PATIENCE, taken).await.unwrap();
    }
}

/// The token that the forms of a page carry.
async fn token(operator: &Browser, path: &str) -> String {
    operator.get(path).await.field("form_token").to_owned()
}

#[tokio::test]
async fn an_order_is_shipped_delivered_and_its_money_shown() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let operator = stage.operator();
    let path = format!("/orders/{}", orders[0].id);
    operator.get(&path).await.shows(&["Waiting to be shipped", "Blue Lamp", "Mark as shipped"]);
    let token = token(&operator, &path).await;

    let form = [("form_token", token.as_str()), ("carrier", "Post"), ("tracking_number", "TR 1")];
    operator.submit(&format!("{path}/ship"), &form).await.shows(&["The order is shipped.", "TR 1"]);
    let again = operator.submit(&format!("{path}/ship"), &form).await;
    again.shows(&["Nothing was done: the order has changed"]);
    stage.taken(&orders[0]).await;
    let only = [("form_token", token.as_str())];
    let delivered = operator.submit(&format!("{path}/deliver"), &only).await;
    delivered.shows(&["The order is delivered.", "order.delivered"]);

    let buyer = stage.buyer();
    buyer.submit(&format!("{}/receipt", order_path(&orders[0])), &[]).await;
    let intents: Vec<PaymentIntent> = stage.rows(RowKind::PaymentIntent).await;
    let payment = operator.get(&format!("/payments/{}", intents[0].id)).await;
    payment.shows(&["basket 77", "cs_test_", "Visa 3184", "Approved", "Held funds", "Settled"]);
    payment.shows(&["processor_clearing", "platform_fees", "release", "$22.17", "$1.16"]);
    payment.shows(&[
        &format!("held:{}", orders[0].id),
        "payment_intent.created",
        "order.completed",
    ]);

    operator.get("/").await.shows(&["$22.17", "$1.16", "<strong>1</strong> orders to ship"]);
    operator.get("/sellers").await.shows(&["Blue Lamp", "Noura", "$22.17", "nothing yet"]);
    operator.get("/events").await.shows(&["checkout.session.completed", "held_funds.released"]);
}

#[tokio::test]
async fn lists_are_filtered_and_turned_over() {
    let stage = Stage::new().await;
    for _ in 0..26 {
        let session = stage.checkout(|_| {}).await;
        stage.pay(&session, "tok_visa", 3_500).await;
    }
    let operator = stage.operator();
    let first = operator.get("/orders").await;
    assert_eq!(first.body.matches("<th scope=\"row\">").count(), 50);
    first.shows(&["Older"]).hides(&["Newer"]);
    let older = first.body.split("rel=\"next\" href=\"").nth(1).unwrap();
    let older = older.split('"').next().unwrap();
    let second = operator.get(&format!("/orders{older}")).await;
    assert_eq!(second.body.matches("<th scope=\"row\">").count(), 2);
    second.shows(&["Newer"]).hides(&["Older"]);

    let orders: Vec<Order> = stage.rows(RowKind::Order).await;
    let of_seller = operator.get(&format!("/orders?seller={}", orders[0].seller)).await;
    of_seller.shows(&["Blue Lamp"]).hides(&["Noura"]);
    operator.get("/orders?status=completed").await.shows(&["No orders."]);
    operator.get("/payments?status=requires_capture").await.shows(&["Blue Lamp, Noura"]);
    operator.get("/payments?status=canceled").await.shows(&["No payments."]);
    for path in ["/orders?seller=acct_1", "/orders/ord_1", "/payments/pi_1", "/webhooks/we_1"] {
        assert_eq!(operator.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_claim_is_ruled_within_what_is_held() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let operator = stage.operator();
    let path = format!("/orders/{}", orders[0].id);
    let token = token(&operator, &path).await;
    operator.post(&format!("{path}/ship"), &[("form_token", &token)]).await;
    stage.taken(&orders[0]).await;
    let description = Some("It is broken".to_owned());
    let claim = OpenClaim { order: orders[0].id, reason: ClaimReason::Damaged, description };
    stage.must(Command::OpenClaim(claim)).await;
    operator.get(&path).await.shows(&["It is broken", "Who gets the $23.33"]);

    let rule = format!("{path}/claim");
    let table = [
        ("23.33", "Enter more than nothing and less than all that is held."),
        ("0", "Enter more than nothing and less than all that is held."),
        ("3,33 dollars", "Enter a sum, such as 12.50."),
        ("3.333", "Enter a sum, such as 12.50."),
    ];
    for (sum, message) in table {
        let form = [("form_token", token.as_str()), ("ruling", "split"), ("to_buyer", sum)];
        let answer = operator.post(&rule, &form).await;
        assert_eq!(answer.status, 422, "{sum}");
        answer.shows(&[message]);
    }
    let nobody = [("form_token", token.as_str()), ("ruling", "me")];
    let answer = operator.post(&rule, &nobody).await;
    assert_eq!(answer.status, 400);
    answer.shows(&["“ruling”"]);
    let form = [("form_token", token.as_str()), ("ruling", "split"), ("to_buyer", "3.33")];
    operator.submit(&rule, &form).await.shows(&["The claim is ruled.", "$3.33", "$20.00"]);
}

#[tokio::test]
async fn an_order_is_canceled_for_the_seller() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let operator = stage.operator();
    let path = format!("/orders/{}", orders[1].id);
    let token = token(&operator, &path).await;
    let done = operator.submit(&format!("{path}/cancel"), &[("form_token", &token)]).await;
    done.shows(&["The order is canceled.", "The seller canceled it."]);
    let long = "x".repeat(81);
    let path = format!("/orders/{}", orders[0].id);
    let form = [("form_token", token.as_str()), ("carrier", &long)];
    let answer = operator.post(&format!("{path}/ship"), &form).await;
    assert_eq!(answer.status, 422);
    answer.shows(&["At most 80 characters each."]);
}

#[tokio::test]
async fn endpoints_show_what_became_of_their_deliveries() {
    let stage = Stage::new().await;
    for url in ["http://127.0.0.1:4000/takes", "http://127.0.0.1:4000/refuses"] {
        let create = CreateWebhookEndpoint {
            connect: false,
            url: url.to_owned(),
            enabled_events: vec!["order.created".to_owned()],
            description: None,
            api_version: None,
            metadata: BTreeMap::new(),
            secret: Secret::new("whsec_1".to_owned()),
        };
        stage.must(Command::CreateWebhookEndpoint(create)).await;
    }
    stage.paid().await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let deliveries: Vec<Delivery> = stage.rows(RowKind::Delivery).await;
        let retrying = |it: &&Delivery| matches!(it.state, DeliveryState::Retrying { .. });
        if deliveries.len() == 4 && deliveries.iter().filter(retrying).count() == 2 {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{deliveries:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let operator = stage.operator();
    let list = operator.get("/webhooks").await;
    list.shows(&["/takes", "/refuses", "order.created"]);
    let refuses = list.body.split("href=\"/webhooks/").nth(1).unwrap().split('"').next().unwrap();
    let endpoint = operator.get(&format!("/webhooks/{refuses}")).await;
    endpoint.shows(&["/refuses", "Being retried", "<span>500</span>", "order.created"]);
    let event = endpoint.field("event").to_owned();
    let sent_again = format!("/webhooks/{refuses}/resend");
    let forged = [("event", event.as_str())];
    assert_eq!(operator.post(&sent_again, &forged).await.status, 403);
    let token = token(&operator, &format!("/webhooks/{refuses}")).await;
    for (event, endpoint) in [("evt_1", refuses), (event.as_str(), "we_1")] {
        let form = [("form_token", token.as_str()), ("event", event)];
        let answer = operator.post(&format!("/webhooks/{endpoint}/resend"), &form).await;
        assert_eq!(answer.status, 404, "{event} to {endpoint}");
    }
    let form = [("form_token", token.as_str()), ("event", event.as_str())];
    let done = operator.submit(&sent_again, &form).await;
    done.shows(&["The event is sent to the endpoint once more."]);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while stage.rows::<Delivery>(RowKind::Delivery).await.len() < 5 {
        assert!(tokio::time::Instant::now() < deadline, "nothing was sent again");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    operator.get("/").await.shows(&["<strong>3</strong> webhook deliveries being retried"]);
}
