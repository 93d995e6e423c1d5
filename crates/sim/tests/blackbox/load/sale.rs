//! Payments without a pay page: the platform's own sales.

use serde_json::Value;

use super::{Client, Enough};
use crate::api::Form;
use crate::shop::id;

/// Cards and how often one of a hundred payments is made with each.
const CARDS: &[(u64, &str)] = &[
    (60, "pm_card_visa"),
    (15, "pm_card_mastercard"),
    (10, "pm_card_amex"),
    (10, "pm_card_visa_chargeDeclined"),
    (5, "pm_card_visa_chargeDeclinedInsufficientFunds"),
];
const CURRENCIES: &[&str] = &["usd", "usd", "eur", "jpy"];

impl Client {
    /// A sale whose money is taken at once, or later.
    pub(super) async fn buy_at_once(&mut self) -> Result<(), Enough> {
        let is_manual = self.random.percent(60);
        let capture_method = if is_manual { "manual" } else { "automatic" };
        let currency = self.random.pick(CURRENCIES);
        let amount = self.random.between(100, 50_000);
        let form = Form::of(&[
            ("currency", currency),
            ("capture_method", capture_method),
            ("payment_method", self.card_of(CARDS)),
            ("confirm", "true"),
        ]);
        let intent = self.act("/v1/payment_intents", form.with("amount", amount)).await?;
        match intent["status"].as_str() {
            Some("requires_capture") => self.take(&intent).await?,
            Some("succeeded") => {}
            _ => return Ok(()),
        }
        self.maybe_pass_on(&intent, currency).await?;
        self.maybe_refund(&intent).await
    }

    /// Passes a part of what was taken on to a seller, and takes a part of that back.
    async fn maybe_pass_on(&mut self, intent: &Value, currency: &str) -> Result<(), Enough> {
        if !self.random.percent(50) {
            return Ok(());
        }
        let charge = intent["latest_charge"].as_str().ok_or(Enough)?;
        let seller = self.random.pick(&self.sellers.iter().collect::<Vec<_>>());
        let form = Form::of(&[("currency", currency), ("source_transaction", charge)]);
        let amount = self.random.between(1, intent["amount"].as_u64().ok_or(Enough)?);
        let form = form.with("destination", seller).with("amount", amount);
        // More than was taken is refused.
        let transfer = self.act("/v1/transfers", form).await?;
        if self.random.percent(70) {
            let path = format!("/v1/transfers/{}/reversals", id(&transfer));
            let part = Form::default().with("amount", self.random.between(1, amount));
            self.act(&path, part).await?;
        }
        Ok(())
    }

    /// Takes all of it, or a part, or two parts, or nothing.
    async fn take(&mut self, intent: &Value) -> Result<(), Enough> {
        let capture = format!("/v1/payment_intents/{}/capture", id(intent));
        let amount = intent["amount"].as_u64().ok_or(Enough)?;
        let part = Form::default().with("amount_to_capture", self.random.between(1, amount));
        match self.random.between(1, 4) {
            1 => self.act(&capture, Form::default()).await?,
            2 => self.act(&capture, part).await?,
            3 => {
                let more = part.with("final_capture", false);
                self.act(&capture, more).await?;
                self.act(&capture, Form::default()).await?
            }
            _ => {
                let cancel = format!("/v1/payment_intents/{}/cancel", id(intent));
                self.act(&cancel, Form::default()).await?;
                return Err(Enough);
            }
        };
        Ok(())
    }

    /// Gives all of it back, or a part of what was taken, or nothing.
    async fn maybe_refund(&mut self, intent: &Value) -> Result<(), Enough> {
        let form = Form::of(&[("payment_intent", id(intent))]);
        let amount = intent["amount"].as_u64().ok_or(Enough)?;
        match self.random.between(1, 4) {
            1 => self.act("/v1/refunds", form).await.map(drop),
            2 => {
                // Too much of what was taken is refused, which is an answer as well.
                let part = form.with("amount", self.random.between(1, amount));
                self.act("/v1/refunds", part.clone()).await?;
                self.act("/v1/refunds", part).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}
