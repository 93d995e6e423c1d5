//! What a table may ask to see: balances, events, and what waits to be done.

use holdfast_core::currency::Currency;
use holdfast_core::effect::{Ask, Effect, EffectKind, HoldChange, Timer};
use holdfast_core::id::OrderId;
use holdfast_core::key::RowKey;
use holdfast_core::ledger::Account;
use holdfast_core::money::Money;
use holdfast_core::order::Order;

use super::super::face::money;
use super::super::words::{self, Words};
use super::Table;

impl Table {
    /// The answer to a question, when the verb is one.
    pub(super) fn show(&mut self, verb: &str, words: &mut Words<'_>) -> Option<String> {
        match verb {
            "balance" => Some(self.balance(words)),
            "events" => Some(self.events()),
            "queue" => Some(self.queue()),
            "total" => {
                let order: Order = self.world.row(&self.world.names.id::<Order>(words.word()));
                Some(money(order.total))
            }
            _ => None,
        }
    }

    /// The credit balance; the clearing account is shown by its debit side.
    fn balance(&self, words: &mut Words<'_>) -> String {
        let (mut sign, mut is_all) = (1, false);
        let account = match words.word() {
            "clearing" => {
                sign = -1;
                Account::ProcessorClearing
            }
            "pending" => Account::RefundsPending,
            "fees" => Account::PlatformFees,
            "disputes" => {
                sign = -1;
                Account::PlatformDisputes
            }
            // Settled and not.
            "sales" => {
                is_all = true;
                Account::PlatformAvailable
            }
            "sales-available" => Account::PlatformAvailable,
            "sales-pending" => Account::PlatformPending,
            "bank" => {
                sign = -1;
                Account::Bank
            }
            "pending-of" => Account::SellerPending(self.world.seller(words.word())),
            "held" => {
                let order: OrderId = self.world.names.id::<Order>(words.word());
                Account::Held(order)
            }
            "paying" => match words.word() {
                "platform" => Account::PlatformPaying,
                seller => Account::SellerPaying(self.world.seller(seller)),
            },
            seller => Account::SellerAvailable(self.world.seller(seller)),
        };
        let currency = words.any().and_then(Currency::parse).unwrap_or(Currency::USD);
        let mut credit = self.world.credit_of(account, currency);
        if is_all {
            credit += self.world.credit_of(Account::PlatformPending, currency);
        }
        money(Money::new(sign * credit, currency))
    }

    /// What happened since it was last asked.
    fn events(&mut self) -> String {
        let new = self.world.events.iter().skip(self.events_shown);
        let names: Vec<&str> = new.map(|event| event.kind.name()).collect();
        self.events_shown = self.world.events.len();
        if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
    }

    fn queue(&self) -> String {
        let waiting: Vec<String> = self.world.queue.values().map(|it| self.waits(it)).collect();
        if waiting.is_empty() { "nothing".to_owned() } else { waiting.join(", ") }
    }

    fn waits(&self, effect: &Effect) -> String {
        let when = words::span(effect.due.since(self.world.now));
        let of = |key: &RowKey| self.world.names.of(key);
        match &effect.kind {
            EffectKind::Authorize(it) => {
                format!("authorize {}{} {when}", of(&RowKey::Attempt(it.attempt)), how(it.ask))
            }
            EffectKind::Capture(it) => {
                format!("capture {}{} {when}", of(&RowKey::Capture(it.capture)), how(it.ask))
            }
            EffectKind::Hold(it) => {
                let what = match it.change {
                    HoldChange::Raise(_) => "raise",
                    HoldChange::GiveUp { .. } => "give-up",
                };
                let of = of(&it.attempt.key());
                format!("{what} {of} by {}{} {when}", money(it.amount), how(it.ask))
            }
            EffectKind::Refund(it) => {
                format!("refund {}{} {when}", of(&RowKey::Refund(it.refund)), how(it.ask))
            }
            EffectKind::SaveCard(it) => {
                let what = if it.check { "check" } else { "save" };
                format!("{what} {}{} {when}", of(&RowKey::PaymentMethod(it.method)), how(it.ask))
            }
            EffectKind::Verify(it) => {
                format!("verify {}{} {when}", of(&RowKey::SetupAttempt(it.attempt)), how(it.ask))
            }
            EffectKind::Payout(it) => {
                format!("payout {}{} {when}", of(&RowKey::Payout(it.payout)), how(it.ask))
            }
            EffectKind::Respond(it) => {
                format!("respond {}{} {when}", of(&RowKey::Dispute(it.dispute)), how(it.ask))
            }
            EffectKind::Complaints(it) => format!("look {when} {:?}", it.cause),
            EffectKind::Report(_) => format!("report {when}"),
            EffectKind::Deliver(_) => format!("deliver {when}"),
            EffectKind::MoveClock { .. } => format!("move-clock {when}"),
            EffectKind::Timer(timer) => self.rings(timer, &when),
            EffectKind::ReportBalance => format!("report-balance {when}"),
        }
    }

    fn rings(&self, timer: &Timer, when: &str) -> String {
        let what = match timer {
            Timer::ShipBy(_) => "ship-by",
            Timer::CancelSilence(_) => "silence",
            Timer::ProtectionEnd(_) => "protection",
            Timer::AuthorizationEnding(_) => "ending",
            Timer::SessionEnd(_) => "close",
            Timer::Settlement(_) => "settle",
            Timer::ClockArrives(_) => "clock-arrives",
            Timer::Payout(_) => "payout-moment",
        };
        format!("{what} {} {when}", self.world.names.of(&timer.subject()))
    }
}

fn how(ask: Ask) -> &'static str {
    match ask {
        Ask::First => "",
        Ask::Again => " again",
        Ask::Look => " look",
    }
}
