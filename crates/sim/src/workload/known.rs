//! What the people of the simulation know of: whatever is there, by its id.

use std::sync::{Mutex, PoisonError};

use holdfast_core::clock::TestClock;
use holdfast_core::id::{
    ApplicationFeeId, AttemptId, CheckoutSessionId, CustomerId, DisputeId, HeldFundsId, OrderId,
    PaymentIntentId, PaymentMethodId, PayoutId, RefundId, SellerId, SetupIntentId, TopupId,
    TransferId, WebhookEndpointId,
};
use holdfast_core::row::Row;
use holdfast_core::view::StoredRow;

use crate::random::Dice;

/// An id, and the name of the state that it was seen in last.
pub(crate) type Standing<I> = (I, &'static str);

/// How many of a thousand people look before they act.
const LOOK_FIRST: u64 = 800;

/// The ids of everything.
#[derive(Default)]
pub(crate) struct Known(Mutex<Ids>);

#[derive(Default)]
pub(crate) struct Ids {
    pub(crate) sellers: Vec<SellerId>,
    pub(crate) sessions: Vec<CheckoutSessionId>,
    pub(crate) intents: Vec<Standing<PaymentIntentId>>,
    pub(crate) sales: Vec<Standing<PaymentIntentId>>,
    pub(crate) attempts: Vec<AttemptId>,
    pub(crate) refunds: Vec<RefundId>,
    pub(crate) payouts: Vec<PayoutId>,
    pub(crate) disputes: Vec<Standing<DisputeId>>,
    pub(crate) transfers: Vec<TransferId>,
    pub(crate) fees: Vec<ApplicationFeeId>,
    pub(crate) topups: Vec<TopupId>,
    pub(crate) customers: Vec<CustomerId>,
    /// With whose they are.
    pub(crate) methods: Vec<Standing<(PaymentMethodId, Option<CustomerId>)>>,
    pub(crate) setups: Vec<Standing<SetupIntentId>>,
    pub(crate) orders: Vec<Standing<OrderId>>,
    pub(crate) funds: Vec<Standing<HeldFundsId>>,
    pub(crate) endpoints: Vec<WebhookEndpointId>,
    pub(crate) clock: Option<TestClock>,
}

impl Known {
    /// Looks at everything that is there.
    pub(crate) fn look_at(&self, rows: &[StoredRow]) {
        let mut ids = Ids::default();
        for stored in rows {
            ids.add(&stored.row);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = ids;
    }

    /// One of those that `of` names.
    pub(crate) fn one<T: Copy>(&self, dice: &Dice, of: impl Fn(&Ids) -> &Vec<T>) -> Option<T> {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        dice.lock().pick(of(&ids)).copied()
    }

    /// How many of those that `of` names there are.
    pub(crate) fn count<T>(&self, of: impl Fn(&Ids) -> &Vec<T>) -> usize {
        of(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).len()
    }

    /// One of those that `of` names, mostly one that was in one of these states.
    pub(crate) fn standing<I: Copy>(
        &self,
        dice: &Dice,
        of: impl Fn(&Ids) -> &Vec<Standing<I>>,
        states: &[&str],
    ) -> Option<I> {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut random = dice.lock();
        let all = of(&ids);
        let fitting: Vec<_> = all.iter().filter(|(_, state)| states.contains(state)).collect();
        if random.chance(LOOK_FIRST) && !fitting.is_empty() {
            return random.pick(&fitting).map(|(id, _)| *id);
        }
        random.pick(all).map(|(id, _)| *id)
    }

    /// The platform's clock.
    pub(crate) fn clock(&self) -> Option<TestClock> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clock.clone()
    }
}

impl Ids {
    fn add(&mut self, row: &Row) {
        let state = row.state();
        match row {
            Row::Seller(row) => self.sellers.push(row.id),
            Row::CheckoutSession(row) => self.sessions.push(row.id),
            Row::PaymentIntent(row) => {
                self.intents.push((row.id, state));
                if row.session.is_none() {
                    self.sales.push((row.id, state));
                }
            }
            Row::Attempt(row) => self.attempts.push(row.id),
            Row::Refund(row) => self.refunds.push(row.id),
            Row::Payout(row) => self.payouts.push(row.id),
            Row::Order(row) => self.orders.push((row.id, state)),
            Row::HeldFunds(row) => self.funds.push((row.id, state)),
            Row::WebhookEndpoints(row) => {
                self.endpoints.extend(row.endpoints.iter().map(|endpoint| endpoint.id));
            }
            Row::TestClock(row) => self.clock = Some(row.clone()),
            Row::Dispute(row) => self.disputes.push((row.id, state)),
            Row::EarlyFraudWarning(_) | Row::File(_) | Row::FileContent(_) => {}
            Row::FileLink(_) | Row::ReportRun(_) => {}
            Row::Transfer(row) => self.transfers.push(row.id),
            Row::ApplicationFee(row) => self.fees.push(row.id),
            Row::Topup(row) => self.topups.push(row.id),
            Row::Customer(row) => self.customers.push(row.id),
            Row::PaymentMethod(row) => self.methods.push(((row.id, row.customer), state)),
            Row::SetupIntent(row) => self.setups.push((row.id, state)),
            Row::Sale(_)
            | Row::TransferReversal(_)
            | Row::FeeRefund(_)
            | Row::BalanceNote(_)
            | Row::AccountLink(_)
            | Row::BankToken(_)
            | Row::ApiKey(_)
            | Row::SetupAttempt(_)
            | Row::Capture(_)
            | Row::Delivery(_)
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
