//! Payments without a pay page, and money that goes back.

use std::collections::BTreeMap;

use holdfast_core::command::{
    CapturePaymentIntent, CardUse, Command, ConfirmPaymentIntent, CreateRefund, HoldCommand,
    IncrementAuthorization, Keep, PaymentRef, Subject,
};
use holdfast_core::id::PaymentIntentId;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::order::Order;
use holdfast_core::payment::intent::{CancelReason, PaymentIntent};
use holdfast_core::payment::refund::{Pulls, RefundReason};
use holdfast_core::row::{Record as _, Row};

use super::{Answer, Client, wishes};

impl Client {
    pub(super) async fn sell(&self) {
        let to_be_kept = if self.chance(200) { self.to_be_kept() } else { None };
        self.sell_with(to_be_kept).await;
    }

    /// A sale, perhaps one that goes on to a seller, perhaps with a kept card.
    pub(super) async fn sell_with(&self, card_use: Option<CardUse>) {
        let seller = self.town.known.one(&self.town.dice, |ids| &ids.sellers);
        let mut wish = {
            let mut random = self.town.dice.lock();
            let profile = wishes::card(&mut random);
            wishes::sale(&mut random, profile, seller)
        };
        if let Some(card_use) = card_use {
            wish.confirm |= card_use.off_session;
            wish.token = wish.token.filter(|_| card_use.method.is_none());
            wish.card_use = card_use;
        }
        let command = Command::CreatePaymentIntent(wish);
        let answer = self.ask(Subject::Made(RowKind::PaymentIntent), command).await;
        if let Answer::Done(Some(RowKey::PaymentIntent(intent))) = answer {
            self.follow(intent).await;
        }
    }

    pub(super) fn some_sale(&self, states: &[&str]) -> Option<PaymentIntentId> {
        self.town.known.standing(&self.town.dice, |ids| &ids.sales, states)
    }

    fn some_payment(&self, states: &[&str]) -> Option<PaymentIntentId> {
        self.town.known.standing(&self.town.dice, |ids| &ids.intents, states)
    }

    pub(super) async fn confirm_sale(&self) {
        let states = ["requires_payment_method", "requires_confirmation"];
        let Some(intent) = self.some_sale(&states) else { return };
        let kept = if self.chance(200) { self.kept_card() } else { None };
        let profile = wishes::card(&mut self.town.dice.lock());
        let token = (kept.is_none() && self.chance(600)).then(|| wishes::shortcut(profile));
        let card_use = kept.unwrap_or_default();
        let confirm =
            ConfirmPaymentIntent { intent, token, card_use, return_url: None, edit: None };
        let command = Command::ConfirmPaymentIntent(confirm);
        let answer = self.ask_about(RowKey::PaymentIntent(intent), command).await;
        if matches!(answer, Answer::Done(_)) {
            self.follow(intent).await;
        }
    }

    pub(super) async fn capture_sale(&self) {
        let Some(intent) = self.some_sale(&["requires_capture"]) else { return };
        let Some(row) = self.see::<PaymentIntent>(&intent).await else { return };
        let amount =
            self.chance(600).then(|| wishes::part(&mut self.town.dice.lock(), row.capturable()));
        let is_final = self.chance(500);
        let capture = CapturePaymentIntent { intent, amount, is_final, edit: None };
        let command = Command::CapturePaymentIntent(capture);
        self.at_once(RowKey::PaymentIntent(intent), command).await;
    }

    /// The bank is to hold more for a sale.
    pub(super) async fn raise_sale(&self) {
        let Some(intent) = self.some_sale(&["requires_capture"]) else { return };
        let key = RowKey::PaymentIntent(intent);
        let found = self.engine.load(self.town.platform, std::slice::from_ref(&key)).await;
        let Some(stored) = found.ok().and_then(|rows| rows.into_iter().next().flatten()) else {
            return;
        };
        let Some(row) = PaymentIntent::of_row(&stored.row) else { return };
        let more = wishes::part(&mut self.town.dice.lock(), row.amount);
        let Ok(to) = row.amount.checked_add(more) else { return };
        let edit = Keep { row: Row::clone(&stored.row), expected: stored.version, event: None };
        let increment = IncrementAuthorization { intent, to, edit };
        let command = Command::Hold(HoldCommand::Increment(Box::new(increment)));
        self.ask_about(key, command).await;
    }

    pub(super) async fn cancel_payment(&self) {
        let states = [
            "requires_capture",
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
        ];
        let Some(intent) = self.some_payment(&states) else { return };
        let command = Command::CancelPaymentIntent(intent, CancelReason::RequestedByCustomer);
        self.ask_about(RowKey::PaymentIntent(intent), command).await;
    }

    /// A refund of some payment, by one of its names, of all of it or of a part.
    pub(super) async fn give_back(&self) {
        let Some(intent) = self.some_payment(&["requires_capture", "succeeded"]) else { return };
        let Some(row) = self.see::<PaymentIntent>(&intent).await else { return };
        let payment = match row.attempt() {
            Some(attempt) if self.chance(300) => PaymentRef::Attempt(attempt),
            Some(_) | None => PaymentRef::Intent(intent),
        };
        let order =
            if self.chance(500) { self.town.dice.lock().pick(&row.orders).copied() } else { None };
        let mut whole = row.amount;
        if let Some(order) = order
            && let Some(order) = self.see::<Order>(&order).await
        {
            whole = order.total;
        }
        let amount = self.chance(600).then(|| wishes::part(&mut self.town.dice.lock(), whole));
        let pulls = Pulls { transfer: self.chance(500), fee: self.chance(500) };
        let command = Command::CreateRefund(CreateRefund {
            payment,
            order,
            amount,
            reason: RefundReason::RequestedByCustomer,
            metadata: BTreeMap::new(),
            pulls,
        });
        self.at_once(RowKey::PaymentIntent(intent), command).await;
    }

    /// Sometimes the same is asked for by several people at the same moment.
    pub(super) async fn at_once(&self, key: RowKey, command: Command) {
        let others = if self.chance(100) { 4 } else { 0 };
        for _ in 0..others {
            let (other, key, command) = (self.clone(), key.clone(), command.clone());
            tokio::spawn(async move { other.ask_about(key, command).await });
        }
        self.ask_about(key, command).await;
    }
}
