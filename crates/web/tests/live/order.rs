//! What a buyer does about an order, without script.

use holdfast_core::command::{Command, Ruling, ShipOrder};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::OrderId;
use holdfast_core::key::RowKind;
use holdfast_core::order::Order;
use holdfast_core::time::Span;

use crate::support::{PATIENCE, Stage, order_path, usd};

impl Stage {
    pub(crate) async fn ship(&self, order: OrderId) {
        let tracking_number = Some("TR 1".to_owned());
        let carrier = Some("Post".to_owned());
        self.must(Command::ShipOrder(ShipOrder { order, carrier, tracking_number })).await;
        let taken = |order: &Order| order.held_funds().is_some();
        self.engine.wait_for::<Order>(self.platform, &order, PATIENCE, taken).await.unwrap();
    }

    async fn order(&self, id: OrderId) -> Order {
        self.engine.find::<Order>(self.platform, &id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn an_order_is_followed_and_confirmed_once() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let (buyer, path) = (stage.buyer(), order_path(&orders[0]));

    let waiting = buyer.get(&path).await;
    waiting.shows(&["Waiting to be shipped", "Cancel the order", "$23.33", "Ship by"]);
    waiting.hides(&["I have my parcel"]);
    assert_eq!(buyer.get(&format!("{path}/receipt")).await.status, 303);

    stage.ship(orders[0].id).await;
    let shipped = buyer.get(&path).await;
    shipped.shows(&["I have my parcel", "Post", "TR 1", "Protected until", "Open a claim"]);
    buyer.get(&format!("{path}/receipt")).await.shows(&["$23.33 goes to Blue Lamp"]);

    let done = buyer.submit(&format!("{path}/receipt"), &[]).await;
    done.shows(&["Thank you. The seller is being paid.", "Completed"]).hides(&["I have my parcel"]);
    // The button pressed twice says the same, and releases nothing more.
    buyer.submit(&format!("{path}/receipt"), &[]).await.shows(&["The seller is being paid."]);
    buyer.submit(&format!("{path}/claim"), &CLAIM).await.shows(&["no longer possible"]);
    let held: Vec<HeldFunds> = stage.rows(RowKind::HeldFunds).await;
    assert_eq!(held[0].releases.len(), 1);
}

const CLAIM: [(&str, &str); 2] = [("reason", "damaged"), ("description", "<b>It is broken</b>")];

#[tokio::test]
async fn a_button_pressed_twice_extends_once() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    stage.ship(orders[0].id).await;
    let (buyer, path) = (stage.buyer(), order_path(&orders[0]));
    let page = buyer.get(&path).await;
    let before = page.field("ends_at").to_owned();
    let extend = format!("{path}/extend");
    for _ in 0..2 {
        let done = buyer.submit(&extend, &[("ends_at", &before)]).await;
        done.shows(&["The protection is extended."]);
    }
    let protection = stage.order(orders[0].id).await.protection().unwrap();
    assert_eq!(protection.extensions, 1);
    assert_eq!(protection.ends_at.ms() - before.parse::<i64>().unwrap(), Span::days(15).ms());
    let bad = buyer.post(&extend, &[("ends_at", "tomorrow")]).await;
    assert_eq!(bad.status, 400);
    bad.shows(&["“ends_at”"]);
}

#[tokio::test]
async fn a_wish_to_cancel_is_asked_of_the_seller() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let (buyer, path) = (stage.buyer(), order_path(&orders[1]));
    buyer.get(&format!("{path}/cancel")).await.shows(&["48 hours", "$11.67"]);
    for _ in 0..2 {
        let asked = buyer.submit(&format!("{path}/cancel"), &[]).await;
        asked.shows(&["The seller has been asked to cancel.", "the seller may object until"]);
    }
    assert_eq!(buyer.get(&format!("{path}/cancel")).await.status, 303);
    assert!(stage.order(orders[1].id).await.awaits_shipment());
}

#[tokio::test]
async fn a_claim_keeps_what_was_written_and_shows_its_ruling() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    stage.ship(orders[0].id).await;
    let (buyer, path) = (stage.buyer(), order_path(&orders[0]));
    let claim = format!("{path}/claim");
    buyer.get(&claim).await.shows(&["$23.33 stays here"]);

    let long = "x".repeat(2_001);
    let answer = buyer.post(&claim, &[("reason", "damaged"), ("description", &long)]).await;
    assert_eq!(answer.status, 422);
    answer.shows(&["at most 2000 characters", &long, "value=\"damaged\" required checked"]);
    let answer = buyer.post(&claim, &[("description", "Late")]).await;
    assert_eq!(answer.status, 422);
    answer.shows(&["Choose what is wrong.", "Late"]);

    let open = buyer.submit(&claim, &CLAIM).await;
    open.shows(&["Your claim is open.", "It arrived damaged", "&#60;b&#62;It is broken"]);
    buyer.submit(&claim, &CLAIM).await.shows(&["Your claim is open."]);
    buyer.submit(&format!("{path}/receipt"), &[]).await.shows(&["no longer possible"]);

    stage.must(Command::RuleClaim(orders[0].id, Ruling::Split(usd(333)))).await;
    buyer.get(&path).await.shows(&["Decided on", "$3.33", "$20.00", "It arrived damaged"]);
}
