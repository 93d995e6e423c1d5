//! The platform's own money: sent on to sellers, taken back, given back, added to.

use std::collections::BTreeMap;

use holdfast_core::command::{
    Command, CreateFeeRefund, CreateReversal, CreateTopup, CreateTransfer, FundsCommand, Subject,
};
use holdfast_core::fee::ApplicationFee;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::money::Money;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::transfer::Transfer;

use super::{Client, wishes};

impl Client {
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
        self.move_money(RowKind::Transfer, FundsCommand::Transfer(create)).await;
    }

    /// Some of a transfer comes back, with the platform's fee on it or without.
    pub(super) async fn reverse(&self) {
        let Some(transfer) = self.town.known.one(&self.town.dice, |ids| &ids.transfers) else {
            return;
        };
        let Some(row) = self.see::<Transfer>(&transfer).await else { return };
        let amount = self.chance(700).then(|| wishes::part(&mut self.town.dice.lock(), row.amount));
        let (with_fee, description, metadata) = (self.chance(500), None, BTreeMap::new());
        let create = CreateReversal { transfer, amount, with_fee, description, metadata };
        self.move_money(RowKind::TransferReversal, FundsCommand::Reverse(create)).await;
    }

    /// A seller gets some of the platform's fee back.
    pub(super) async fn refund_fee(&self) {
        let Some(fee) = self.town.known.one(&self.town.dice, |ids| &ids.fees) else { return };
        let Some(row) = self.see::<ApplicationFee>(&fee).await else { return };
        let amount = self.chance(700).then(|| wishes::part(&mut self.town.dice.lock(), row.amount));
        let create = CreateFeeRefund { fee, amount, metadata: BTreeMap::new() };
        self.move_money(RowKind::FeeRefund, FundsCommand::RefundFee(create)).await;
    }

    /// The platform adds to its balance, or tries to call off what it has added.
    pub(super) async fn top_up(&self) {
        let known = self.town.known.one(&self.town.dice, |ids| &ids.topups);
        if let Some(topup) = known
            && self.chance(150)
        {
            let command = Command::Funds(Box::new(FundsCommand::CancelTopup(topup)));
            self.ask_about(RowKey::Topup(topup), command).await;
            return;
        }
        let amount = {
            let mut random = self.town.dice.lock();
            Money::new(random.between(0, 50_000), wishes::currency(&mut random))
        };
        let create = CreateTopup {
            amount,
            description: None,
            statement_descriptor: None,
            group: None,
            metadata: BTreeMap::new(),
        };
        self.move_money(RowKind::Topup, FundsCommand::TopUp(create)).await;
    }

    /// Sometimes another client asks for the same at the same moment.
    async fn move_money(&self, made: RowKind, funds: FundsCommand) {
        let command = Command::Funds(Box::new(funds));
        if self.chance(100) {
            let (other, command) = (self.clone(), command.clone());
            tokio::spawn(async move { other.ask(Subject::Made(made), command).await });
        }
        self.ask(Subject::Made(made), command).await;
    }
}
