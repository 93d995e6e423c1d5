//! The auditor: compares the rows, the journal, the history and the processor's books.
//!
//! The invariants are numbered I1 to I10 wherever the reliability plan numbers them: money is
//! conserved (I1), nobody is charged twice (I2), nothing acknowledged is lost (I3), no money is an
//! orphan (I4), nothing goes back twice (I5), a key is carried out once (I6), events arrive (I7),
//! timers keep their time (I9), and what is there can be reckoned anew from its history (I10).

mod books;
mod coverage;
mod events;
mod onward;
mod orders;
mod payments;
mod payouts;
mod processor;
mod promises;
mod saved;

use std::collections::BTreeMap;
use std::sync::Arc;

use holdfast_core::checkout::CheckoutSession;
use holdfast_core::currency::Currency;
use holdfast_core::dispute::Dispute;
use holdfast_core::effect::Effect;
use holdfast_core::event::Event;
use holdfast_core::fee::{ApplicationFee, FeeRefund};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{
    AttemptId, CheckoutSessionId, HeldFundsId, OrderId, PaymentIntentId, SetupAttemptId,
    SetupIntentId,
};
use holdfast_core::key::{RowKey, Version};
use holdfast_core::ledger::{Account, JournalEntry};
use holdfast_core::order::Order;
use holdfast_core::payment::attempt::Attempt;
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::PaymentIntent;
use holdfast_core::payment::method::PaymentMethod;
use holdfast_core::payment::refund::Refund;
use holdfast_core::payment::setup::{SetupAttempt, SetupIntent};
use holdfast_core::payout::Payout;
use holdfast_core::row::Row;
use holdfast_core::sale::Sale;
use holdfast_core::time::Timestamp;
use holdfast_core::topup::Topup;
use holdfast_core::transfer::{Transfer, TransferReversal};
use holdfast_core::webhook::{Delivery, WebhookEndpoint};

use crate::receivers::Receivers;
use crate::simulation::World;
use crate::workload::Town;

/// Whatever the interruption: what holds at every moment.
pub(crate) fn at_any_time(evidence: &Evidence) -> Vec<String> {
    let mut findings = Findings::default();
    books::check(evidence, &mut findings);
    payments::check(evidence, &mut findings);
    orders::check(evidence, &mut findings);
    onward::check(evidence, &mut findings);
    promises::check(evidence, &mut findings);
    findings.0
}

/// Once the processor has answered everything.
pub(crate) fn once_answered(evidence: &Evidence) -> Vec<String> {
    let mut findings = Findings::default();
    payments::check_answered(evidence, &mut findings);
    processor::check(evidence, &mut findings);
    payouts::check(evidence, &mut findings);
    saved::check(evidence, &mut findings);
    findings.0
}

/// Once every clock has run out.
pub(crate) fn at_the_end(evidence: &Evidence) -> Vec<String> {
    let mut findings = Findings::default();
    payments::check_ended(evidence, &mut findings);
    orders::check_ended(evidence, &mut findings);
    processor::check_ended(evidence, &mut findings);
    payouts::check_ended(evidence, &mut findings);
    saved::check_ended(evidence, &mut findings);
    events::check(evidence, &mut findings);
    findings.0
}

pub(crate) use coverage::reached;

/// What does not hold.
#[derive(Default)]
pub(crate) struct Findings(Vec<String>);

impl Findings {
    /// Something has to be so.
    pub(crate) fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.0.push(otherwise());
        }
    }

    /// Two reckonings have to come to the same.
    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        left: &T,
        right: &T,
        what: impl FnOnce() -> String,
    ) {
        if left != right {
            self.0.push(format!("{}: {left:?} is not {right:?}", what()));
        }
    }
}

/// Everything there is, by its id.
pub(crate) struct Evidence {
    pub(crate) now: Timestamp,
    pub(crate) town: Arc<Town>,
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) versions: BTreeMap<RowKey, Version>,
    pub(crate) sessions: BTreeMap<CheckoutSessionId, CheckoutSession>,
    pub(crate) intents: BTreeMap<PaymentIntentId, PaymentIntent>,
    pub(crate) attempts: BTreeMap<AttemptId, Attempt>,
    pub(crate) captures: Vec<Capture>,
    pub(crate) refunds: Vec<Refund>,
    pub(crate) disputes: Vec<Dispute>,
    pub(crate) sales: Vec<Sale>,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) reversals: Vec<TransferReversal>,
    pub(crate) fees: Vec<ApplicationFee>,
    pub(crate) fee_refunds: Vec<FeeRefund>,
    pub(crate) topups: Vec<Topup>,
    pub(crate) methods: Vec<PaymentMethod>,
    pub(crate) setups: BTreeMap<SetupIntentId, SetupIntent>,
    pub(crate) verifications: BTreeMap<SetupAttemptId, SetupAttempt>,
    pub(crate) orders: BTreeMap<OrderId, Order>,
    pub(crate) funds: BTreeMap<HeldFundsId, HeldFunds>,
    pub(crate) payouts: Vec<Payout>,
    pub(crate) endpoints: Vec<WebhookEndpoint>,
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) entries: Vec<JournalEntry>,
    pub(crate) balances: BTreeMap<(Account, Currency), i64>,
    pub(crate) events: Vec<Event>,
    pub(crate) effects: Vec<Effect>,
}

impl Evidence {
    pub(crate) fn of(world: &World, now: Timestamp) -> Evidence {
        let balances = world.memory.all_balances().into_iter();
        let mut evidence = Evidence {
            now,
            town: Arc::clone(&world.town),
            receivers: Arc::clone(&world.receivers),
            versions: BTreeMap::new(),
            sessions: BTreeMap::new(),
            intents: BTreeMap::new(),
            attempts: BTreeMap::new(),
            captures: Vec::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            sales: Vec::new(),
            transfers: Vec::new(),
            reversals: Vec::new(),
            fees: Vec::new(),
            fee_refunds: Vec::new(),
            topups: Vec::new(),
            methods: Vec::new(),
            setups: BTreeMap::new(),
            verifications: BTreeMap::new(),
            orders: BTreeMap::new(),
            funds: BTreeMap::new(),
            payouts: Vec::new(),
            endpoints: Vec::new(),
            deliveries: Vec::new(),
            entries: world.memory.all_entries(),
            balances: balances.map(|(account, currency, it)| ((account, currency), it)).collect(),
            events: world.memory.all_events(),
            effects: world.memory.all_effects(),
        };
        for stored in world.memory.all_rows() {
            evidence.versions.insert(stored.row.key(), stored.version);
            evidence.add(Arc::unwrap_or_clone(stored.row));
        }
        evidence
    }

    fn add(&mut self, row: Row) {
        match row {
            Row::CheckoutSession(row) => drop(self.sessions.insert(row.id, row)),
            Row::PaymentIntent(row) => drop(self.intents.insert(row.id, row)),
            Row::Attempt(row) => drop(self.attempts.insert(row.id, row)),
            Row::Capture(row) => self.captures.push(row),
            Row::Refund(row) => self.refunds.push(row),
            Row::Order(row) => drop(self.orders.insert(row.id, row)),
            Row::HeldFunds(row) => drop(self.funds.insert(row.id, row)),
            Row::WebhookEndpoints(row) => self.endpoints = row.endpoints,
            Row::Delivery(row) => self.deliveries.push(row),
            Row::Dispute(row) => self.disputes.push(row),
            Row::EarlyFraudWarning(_) | Row::File(_) | Row::FileContent(_) => {}
            Row::FileLink(_) | Row::ReportRun(_) => {}
            Row::Payout(row) => self.payouts.push(row),
            Row::Sale(row) => self.sales.push(row),
            Row::Transfer(row) => self.transfers.push(row),
            Row::ApplicationFee(row) => self.fees.push(row),
            Row::TransferReversal(row) => self.reversals.push(row),
            Row::FeeRefund(row) => self.fee_refunds.push(row),
            Row::Topup(row) => self.topups.push(row),
            Row::PaymentMethod(row) => self.methods.push(row),
            Row::SetupIntent(row) => drop(self.setups.insert(row.id, row)),
            Row::SetupAttempt(row) => drop(self.verifications.insert(row.id, row)),
            Row::Seller(_)
            | Row::AccountLink(_)
            | Row::BankToken(_)
            | Row::ApiKey(_)
            | Row::BalanceNote(_)
            | Row::Customer(_)
            | Row::TestClock(_)
            | Row::Product(_)
            | Row::Price(_)
            | Row::Coupon(_)
            | Row::PromotionCode(_)
            | Row::PaymentLink(_)
            | Row::Name(_)
            | Row::Replay(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
