//! What happens next: one action of somebody, drawn by weight.

use std::time::Duration;

use holdfast_core::clock::TestClock;
use holdfast_core::command::{Command, LookAt, Subject};
use holdfast_core::dispute::command::DisputeCommand;
use holdfast_core::key::{RowKey, RowKind};
use holdfast_core::time::Span;
use holdfast_engine::{Submission, System};

use super::orders::UNDER_WAY;
use super::{Client, wishes};
use crate::random::Random;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Visit,
    Sale,
    ConfirmSale,
    CaptureSale,
    RaiseSale,
    CancelPayment,
    Refund,
    Transfer,
    Reverse,
    RefundFee,
    TopUp,
    KeepCard,
    ChargeKept,
    SetUp,
    Ship,
    Deliver,
    ConfirmReceipt,
    Extend,
    CancelOrder,
    Claim,
    Rule,
    MoveFunds,
    ExpireSession,
    Hint,
    Webhooks,
    BackOffice,
    Dispute,
    MoveClock,
    PayOut,
    CallOff,
}

const WEIGHTS: [(u64, Action); 30] = [
    (16, Action::Visit),
    (12, Action::Sale),
    (4, Action::ConfirmSale),
    (7, Action::CaptureSale),
    (4, Action::RaiseSale),
    (4, Action::CancelPayment),
    (12, Action::Refund),
    (6, Action::Transfer),
    (4, Action::Reverse),
    (4, Action::RefundFee),
    (2, Action::TopUp),
    (6, Action::KeepCard),
    (5, Action::ChargeKept),
    (5, Action::SetUp),
    (20, Action::Ship),
    (8, Action::Deliver),
    (6, Action::ConfirmReceipt),
    (4, Action::Extend),
    (7, Action::CancelOrder),
    (5, Action::Claim),
    (5, Action::Rule),
    (8, Action::MoveFunds),
    (2, Action::ExpireSession),
    (3, Action::Hint),
    (1, Action::Webhooks),
    (1, Action::BackOffice),
    (4, Action::Dispute),
    (4, Action::MoveClock),
    (6, Action::PayOut),
    (1, Action::CallOff),
];

impl Action {
    /// The next thing that somebody does.
    pub(crate) fn draw(random: &mut Random) -> Action {
        random.weighted(&WEIGHTS).unwrap_or(Action::Visit)
    }
}

impl Client {
    /// Does it. What cannot be done, because nothing is there to do it to, is not done.
    pub(crate) async fn act(self, action: Action) {
        match action {
            Action::Visit => self.visit().await,
            Action::Sale => self.sell().await,
            Action::ConfirmSale => self.confirm_sale().await,
            Action::CaptureSale => self.capture_sale().await,
            Action::RaiseSale => self.raise_sale().await,
            Action::CancelPayment => self.cancel_payment().await,
            Action::Refund => self.give_back().await,
            Action::Transfer => self.transfer().await,
            Action::Reverse => self.reverse().await,
            Action::RefundFee => self.refund_fee().await,
            Action::TopUp => self.top_up().await,
            Action::KeepCard => self.keep_card().await,
            Action::ChargeKept => self.charge_kept().await,
            Action::SetUp => self.set_up().await,
            Action::Ship => self.ship().await,
            Action::Deliver => self.with_order(&["shipped"], Command::DeliverOrder).await,
            Action::ConfirmReceipt => self.with_order(&UNDER_WAY, Command::ConfirmReceipt).await,
            Action::Extend => self.with_order(&UNDER_WAY, Command::ExtendProtection).await,
            Action::CancelOrder => self.cancel_order().await,
            Action::Claim => self.open_claim().await,
            Action::Rule => self.rule().await,
            Action::MoveFunds => self.move_funds().await,
            Action::ExpireSession => self.expire_session().await,
            Action::Hint => self.hint().await,
            Action::Webhooks => self.change_receivers().await,
            Action::BackOffice => self.let_go(),
            Action::Dispute => self.answer_dispute().await,
            Action::MoveClock => self.draw_days().await,
            Action::PayOut => self.pay_out().await,
            Action::CallOff => self.call_off().await,
        }
    }

    async fn expire_session(&self) {
        let session = self.town.known.one(&self.town.dice, |ids| &ids.sessions);
        let Some(session) = session else { return };
        let key = RowKey::CheckoutSession(session);
        self.ask_about(key, Command::ExpireCheckoutSession(session)).await;
    }

    /// Somebody claims that something has happened at the processor.
    async fn hint(&self) {
        let (known, dice) = (&self.town.known, &self.town.dice);
        let look = if self.chance(400) {
            known.one(dice, |ids| &ids.attempts).map(LookAt::Attempt)
        } else if self.chance(300) {
            known.one(dice, |ids| &ids.attempts).map(LookAt::Complaints)
        } else {
            known.one(dice, |ids| &ids.refunds).map(LookAt::Refund)
        };
        let Some(look) = look else { return };
        // A hint carries no key, and nobody waits for what comes of it.
        let hint = Submission::new(self.town.platform, Command::Look(look));
        let _ = self.engine.submit(hint).await;
    }

    /// Evidence that wins, loses or says nothing, or the cardholder may have the money.
    async fn answer_dispute(&self) {
        let waiting = ["needs_response", "warning_needs_response"];
        let known = &self.town.known;
        let dispute = known.standing(&self.town.dice, |ids| &ids.disputes, &waiting);
        let Some(dispute) = dispute else { return };
        let command = if self.chance(200) {
            DisputeCommand::Accept(dispute)
        } else {
            wishes::evidence(&mut self.town.dice.lock(), dispute)
        };
        self.ask_about(RowKey::Dispute(dispute), Command::Dispute(command)).await;
    }

    fn let_go(&self) {
        if let Some(attempt) = self.town.known.one(&self.town.dice, |ids| &ids.attempts) {
            self.town.processor.let_go(self.machine.now(), attempt);
        }
    }

    async fn change_receivers(&self) {
        let endpoint = self.town.known.one(&self.town.dice, |ids| &ids.endpoints);
        match endpoint {
            Some(endpoint) if self.chance(500) => {
                let key = RowKey::WebhookEndpoints(self.town.platform);
                self.ask_about(key, Command::DeleteWebhookEndpoint(endpoint)).await;
            }
            Some(_) | None => {
                let subject = Subject::Made(RowKind::WebhookEndpoints);
                self.ask(subject, wishes::webhook_endpoint()).await;
            }
        }
    }

    async fn draw_days(&self) {
        let minutes = self.town.dice.lock().weighted(&[(3, 60), (3, 24 * 60), (2, 7 * 24 * 60)]);
        let most = minutes.unwrap_or(60);
        let minutes = self.town.dice.lock().between(1, most);
        self.move_clock(Span::from_ms(minutes * 60_000)).await;
    }

    /// Sends the clock so far. It arrives when it arrives.
    pub(crate) async fn move_clock(&self, by: Span) {
        let Some(clock) = self.town.known.clock() else { return };
        let to = self.engine.now().after(by);
        let key = RowKey::TestClock(clock.id);
        self.ask_about(key, Command::AdvanceTestClock(clock.id, to)).await;
    }

    /// Waits until the clock stands still. Whether it does.
    pub(crate) async fn clock_stands(&self) -> bool {
        let Some(clock) = self.town.known.clock() else { return true };
        let stands = |clock: &TestClock| clock.target.is_none();
        let (platform, patience) = (self.town.platform, Duration::from_secs(3_600));
        let seen = self.engine.wait_for(platform, &clock.id, patience, stands).await;
        seen.is_ok_and(|clock| clock.as_ref().is_none_or(stands))
    }
}
