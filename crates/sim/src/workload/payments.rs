//! Payments without a pay page, and money that goes back.

use std::collections::BTreeMap;

use holdfast_core::command::{
    CapturePaymentIntent, Command, ConfirmPaymentIntent, CreateRefund, CreateReversal,
    CreateTransfer, FundsCommand, PaymentRef, Subject,
};
use holdfast_core::id::PaymentIntentId;
use holdfast_core::order::Order;
use holdfast_core::payment::intent::{CancelReason, PaymentIntent};
use holdfast_core::payment::refund::RefundReason;
use holdfast_core::row::{RowKey, RowKind};
use holdfast_core::transfer::Transfer;

use super::{Answer, Client, wishes};

impl Client {
    pub(super) async fn sell(&self) {
        let profile = wishes::card(&mut self.town.dice.lock());
        let wish = wishes::sale(&mut self.town.dice.lock(), profile);
        let answer = self.ask(Subject::Made(RowKind::PaymentIntent), wish).await;
        if let Answer::Done(Some(RowKey::PaymentIntent(intent))) = answer {
            self.follow(intent).await;
        }
    }

    fn some_sale(&self, states: &[&str]) -> Option<PaymentIntentId> {
        self.town.known.standing(&self.town.dice, |ids| &ids.sales, states)
    }

    fn some_payment(&self, states: &[&str]) -> Option<PaymentIntentId> {
        self.town.known.standing(&self.town.dice, |ids| &ids.intents, states)
    }

    pub(super) async fn confirm_sale(&self) {
        let states = ["requires_payment_method", "requires_confirmation"];
        let Some(intent) = self.some_sale(&states) else { return };
        let profile = wishes::card(&mut self.town.dice.lock());
        let token = self.chance(600).then(|| wishes::shortcut(profile));
        let card_use = Default::default();
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

    pub(super) async fn cancel_payment(&self) {
        let states = ["requires_capture", "requires_payment_method", "requires_confirmation"];
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
        let command = Command::CreateRefund(CreateRefund {
            payment,
            order,
            amount,
            reason: RefundReason::RequestedByCustomer,
            metadata: BTreeMap::new(),
            pulls: Default::default(),
        });
        self.at_once(RowKey::PaymentIntent(intent), command).await;
    }

    /// Money of a sale, or of no sale in particular, goes to a seller.
    pub(super) async fn transfer(&self) {
        let Some(destination) = self.town.known.one(&self.town.dice, |ids| &ids.sellers) else {
            return;
        };
        let Some(intent) = self.some_sale(&["succeeded", "requires_capture"]) else { return };
        let Some(row) = self.see::<PaymentIntent>(&intent).await else { return };
        let source = row.attempt().filter(|_| self.chance(700));
        let amount = Some(wishes::part(&mut self.town.dice.lock(), row.amount));
        let currency = row.amount.currency();
        let (group, description, metadata) = (None, None, BTreeMap::new());
        let create =
            CreateTransfer { amount, currency, destination, source, group, description, metadata };
        let command = Command::Funds(Box::new(FundsCommand::Transfer(create)));
        self.ask(Subject::Made(RowKind::Transfer), command).await;
    }

    /// Some of a transfer comes back.
    pub(super) async fn reverse(&self) {
        let Some(transfer) = self.town.known.one(&self.town.dice, |ids| &ids.transfers) else {
            return;
        };
        let Some(row) = self.see::<Transfer>(&transfer).await else { return };
        let amount = self.chance(700).then(|| wishes::part(&mut self.town.dice.lock(), row.amount));
        let (with_fee, description, metadata) = (false, None, BTreeMap::new());
        let create = CreateReversal { transfer, amount, with_fee, description, metadata };
        let command = Command::Funds(Box::new(FundsCommand::Reverse(create)));
        self.ask(Subject::Made(RowKind::TransferReversal), command).await;
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
