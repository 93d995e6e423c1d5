//! The buyer's receipt, from the bank's yes to the last refund.

use holdfast_core::command::{Command, CreateRefund, PaymentRef};
use holdfast_core::id::AttemptId;
use holdfast_core::key::RowKind;
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::details::{AmountDetails, AmountItem};
use holdfast_core::payment::notes::Notes;
use holdfast_core::payment::refund::{Refund, RefundReason};

use crate::pay::charged_at_once;
use crate::support::{Answer, Browser, PATIENCE, Stage, order_path, path, receipt_path, usd};

impl Stage {
    async fn last_charge(&self) -> AttemptId {
        let charges: Vec<Attempt> = self.rows(RowKind::Attempt).await;
        charges.last().unwrap().id
    }

    /// The receipt of the newest charge, once the money is taken.
    async fn receipt_of_last(&self, buyer: &Browser) -> Answer {
        let charge = self.last_charge().await;
        let taken = |attempt: &Attempt| {
            attempt.authorization().is_some_and(|hold| hold.captured.is_positive())
        };
        self.engine.wait_for::<Attempt>(self.platform, &charge, PATIENCE, taken).await.unwrap();
        let answer = buyer.get(&receipt_path(charge)).await;
        assert_eq!(answer.status, 200);
        answer
    }

    async fn refund(&self, charge: AttemptId, order: Option<&Order>, minor: i64) {
        let command = Command::CreateRefund(CreateRefund {
            payment: PaymentRef::Attempt(charge),
            order: order.map(|order| order.id),
            amount: Some(usd(minor)),
            reason: RefundReason::RequestedByCustomer,
            metadata: Default::default(),
            pulls: Default::default(),
        });
        let made = self.must(command).await;
        let id = made.made::<Refund>().unwrap().id;
        let done = |refund: &Refund| !refund.state.is_open();
        self.engine.wait_for::<Refund>(self.platform, &id, PATIENCE, done).await.unwrap();
    }
}

#[tokio::test]
async fn a_receipt_follows_the_money() {
    let stage = Stage::new().await;
    let (session, orders) = stage.paid().await;
    let charge = stage.last_charge().await;
    let (buyer, receipt) = (stage.buyer(), receipt_path(charge));

    let link = format!("href=\"{receipt}\"");
    buyer.get(&path(&session)).await.shows(&[&link]);
    buyer.get(&order_path(&orders[0])).await.shows(&[&link]);

    let held = buyer.get(&receipt).await;
    assert_eq!((held.status, held.state()), (200, "receipt"));
    held.shows(&["Set aside, not charged", "$35.00", "Lamp", "Spoon", "Visa", "3184", "HOLDFAST"]);
    held.shows(&["<dt>Shipping</dt><dd><bdi>$5.00</bdi></dd>"]);
    held.shows(&[&charge.to_string(), &orders[0].id.to_string(), &orders[1].id.to_string()]);
    // Receipts are handed on: nobody may get from one to a page where an order can be changed.
    for order in &orders {
        held.hides(&[order.secret.reveal()]);
    }

    stage.ship(orders[0].id).await;
    let partly = buyer.get(&receipt).await;
    partly.shows(&["Paid in part", "<dt>Set aside, not yet taken</dt><dd><bdi>$11.67</bdi></dd>"]);

    stage.ship(orders[1].id).await;
    buyer.get(&receipt).await.shows(&["badge good", "$35.00"]).hides(&["Set aside", "Money back"]);

    stage.refund(charge, Some(&orders[0]), 333).await;
    let back = buyer.get(&receipt).await;
    back.shows(&["Refunded in part", "<dt>Refunded</dt><dd><bdi>-$3.33</bdi></dd>", "$31.67"]);

    stage.refund(charge, Some(&orders[0]), 2_000).await;
    stage.refund(charge, Some(&orders[1]), 1_167).await;
    let whole = buyer.get(&receipt).await;
    whole.shows(&["All that you paid goes back", "$3.33", "$20.00", "$11.67"]);
    whole.shows(&["<dt>You have paid</dt><dd><bdi>$0.00</bdi></dd>"]);
    assert_eq!(whole.body.matches("20 November 2026</time>").count(), 3, "one for each refund");
}

#[tokio::test]
async fn what_is_let_go_was_never_charged() {
    let stage = Stage::new().await;
    let (_, orders) = stage.paid().await;
    let charge = stage.last_charge().await;
    for order in &orders {
        stage.refund(charge, Some(order), order.total.minor()).await;
    }
    let released = stage.buyer().get(&receipt_path(charge)).await;
    released.shows(&["Not charged", "Let go without being taken", "No longer set aside"]);
    released.hides(&["Refund"]);
}

#[tokio::test]
async fn only_what_the_bank_agreed_to_has_a_receipt() {
    let stage = Stage::new().await;
    let session = stage.checkout(|_| {}).await;
    stage.pay(&session, "tok_poor", 3_500).await;
    let declined = stage.last_charge().await;
    let buyer = stage.buyer();
    assert_eq!(buyer.get(&receipt_path(declined)).await.status, 404);
    buyer.get(&path(&session)).await.hides(&["/r/ch_"]);
}

#[tokio::test]
async fn a_payment_without_a_session_has_what_the_shop_said_of_it() {
    let stage = Stage::new().await;
    let item = AmountItem {
        name: "Brass lamp".to_owned(),
        code: None,
        quantity: 2,
        unit_cost: 450,
        unit: None,
        discount: Some(20),
        tax: Some(120),
    };
    let amounts = AmountDetails { items: vec![item], ..AmountDetails::default() };
    let notes = |amounts| Notes { amounts, ..Notes::default() };
    let mut create = charged_at_once("tok_visa");
    create.description = Some("Repair <no. 7>".to_owned());
    let buyer = stage.buyer();

    stage.must(Command::CreatePaymentIntent(create.clone())).await;
    let plain = stage.receipt_of_last(&buyer).await;
    plain.shows(&["Repair &#60;no. 7&#62;", "$10.00"]).hides(&["What was bought"]);

    create.notes = Box::new(notes(Some(Box::new(amounts.clone()))));
    stage.must(Command::CreatePaymentIntent(create.clone())).await;
    let made_up = stage.receipt_of_last(&buyer).await;
    made_up.shows(&["Brass lamp", "<dt>Items</dt><dd><bdi>$9.00</bdi></dd>", "-$0.20", "$1.20"]);

    let wrong = AmountDetails { tax: Some(1), ..amounts };
    create.notes = Box::new(notes(Some(Box::new(wrong))));
    stage.must(Command::CreatePaymentIntent(create)).await;
    stage.receipt_of_last(&buyer).await.hides(&["Brass lamp", "What was bought"]);
}
