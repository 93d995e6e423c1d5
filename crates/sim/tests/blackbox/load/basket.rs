//! Purchases on the pay page: several sellers, one payment, an order for each.

use serde_json::Value;

use super::{Client, Enough};
use crate::api::Form;
use crate::shop::{self, Line, id};

/// Cards, and with how many of a hundred baskets each is tried.
const CARDS: &[(u64, &str)] = &[
    (62, "tok_visa"),
    (16, "tok_amex"),
    (8, "tok_visa_chargeDeclined"),
    (14, "tok_threeDSecureRequired"),
];
/// What a seller asks for one of something.
const PRICE: (u64, u64) = (150, 9_000);

impl Client {
    /// A basket of one to three sellers, paid, and what the sellers and the buyer do then.
    pub(super) async fn buy_basket(&mut self) -> Result<(), Enough> {
        let basket = self.basket();
        let session = self.act("/v1/checkout/sessions", basket).await?;
        let intent = self.pay(&session).await?;
        let orders = self.look(&format!("/v1/orders?payment_intent={intent}")).await?;
        for order in orders["data"].as_array().ok_or(Enough)? {
            self.follow(order).await?;
        }
        Ok(())
    }

    fn basket(&mut self) -> Form {
        let sellers = self.random.between(1, self.sellers.len() as u64);
        let mut lines = Vec::new();
        for (seller, _) in self.sellers.iter().zip(0..sellers) {
            let (quantity, price) =
                (self.random.between(1, 3), self.random.between(PRICE.0, PRICE.1));
            lines.push(Line { seller, quantity, price });
        }
        shop::basket(&lines)
    }

    /// Pays, with the bank's code where the bank wants one. Answers with the payment's id.
    async fn pay(&mut self, session: &Value) -> Result<String, Enough> {
        let (path, form) = shop::pay_now(session, self.card_of(CARDS));
        let session = self.act(&path, form).await?;
        let intent = session["payment_intent"].as_str().ok_or(Enough)?.to_owned();
        let payment = format!("/v1/payment_intents/{intent}");
        let mut payment = self.look_for(&payment, |it| it["status"] != "processing").await?;
        if payment["status"] == "requires_action" {
            payment = self.confirm_by_phone(&payment).await?;
        }
        if payment["status"] == "requires_capture" { Ok(intent) } else { Err(Enough) }
    }

    async fn follow(&mut self, order: &Value) -> Result<(), Enough> {
        let path = format!("/v1/orders/{}", id(order));
        match self.random.between(1, 100) {
            1..=70 => {
                let parcel = Form::of(&[("carrier", "post"), ("tracking_number", "RR1")]);
                self.act(&format!("{path}/ship"), parcel).await?;
                self.receive(order, &path).await
            }
            71..=85 => self.act(&format!("{path}/cancel"), Form::default()).await.map(drop),
            _ => Ok(()),
        }
    }

    async fn receive(&mut self, order: &Value, path: &str) -> Result<(), Enough> {
        if self.random.percent(30) {
            self.act(&format!("{path}/deliver"), Form::default()).await?;
        }
        if self.random.percent(60) {
            self.act(&format!("{path}/confirm_receipt"), Form::default()).await?;
        }
        if self.random.percent(30) {
            let intent = order["payment_intent"].as_str().ok_or(Enough)?;
            let form = Form::of(&[("payment_intent", intent), ("order", id(order))]);
            let total = order["amount_total"].as_u64().ok_or(Enough)?;
            let part = form.with("amount", self.random.between(1, total));
            self.act("/v1/refunds", part).await?;
        }
        Ok(())
    }
}
