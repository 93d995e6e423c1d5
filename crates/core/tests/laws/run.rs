//! Random runs: buyers, sellers, operators and a processor that loses things, until all is quiet.

mod steps;

use holdfast_core::bank::BankAccount;
use holdfast_core::checkout::CheckoutSession;
use holdfast_core::command::{Command, LookAt, Ruling};
use holdfast_core::effect::{Ask, Effect, EffectKind};
use holdfast_core::held::HeldFunds;
use holdfast_core::id::{BankAccountId, Id as _};
use holdfast_core::money::Money;
use holdfast_core::order::{Order, OrderState};
use holdfast_core::payment::attempt::{Attempt, AttemptState, AuthorizationOutcome};
use holdfast_core::payment::refund::{Refund, RefundMethod};
use holdfast_core::row::Record;
use holdfast_core::seller::Seller;
use holdfast_core::time::Span;
use proptest::prelude::*;

use crate::world::{Asked, Mood, Processor, World, asks_about, make};

use super::{books, rows, transactions};
use steps::{Outside, Step, What};

/// The effects that a run of forty steps leaves behind, many times over.
const EFFECTS_MAX: usize = 20_000;

/// A run in progress.
struct Run {
    world: World,
    processor: Processor,
}

/// How a processor differs from others.
fn processors() -> impl Strategy<Value = (u16, u32, bool)> {
    let captures_max = prop::sample::select(vec![1_u16, 1, 2, 3, 50]);
    let life_days = prop::sample::select(vec![2_u32, 7, 7, 30]);
    (captures_max, life_days, prop::bool::weighted(0.7))
}

proptest! {
    #![proptest_config(super::config(300))]

    #[test]
    fn nothing_is_forgotten_lost_or_taken_twice(
        (captures_max, life_days, takes_at_once) in processors(),
        steps in prop::collection::vec(steps::step(), 1..=40),
        moods in prop::collection::vec(steps::mood(), 0..=40),
    ) {
        let processor = Processor::new(captures_max, Span::days(life_days), takes_at_once);
        let mut run = Run { world: World::new(), processor };
        run.open_bank_accounts();
        let mut half_way = run.world.now;
        for (number, step) in steps.iter().enumerate() {
            run.take(step);
            books::check(&run.world);
            if number == steps.len() / 2 {
                half_way = run.world.now;
            }
        }
        rows::check(&run.world);
        transactions::check(&run.world, half_way);
        run.come_to_rest(moods);
        books::check(&run.world);
        transactions::check(&run.world, half_way);
        books::check_settled(&run.world, &run.processor);
    }
}

impl Run {
    /// Every seller has a bank account in each currency of the runs.
    fn open_bank_accounts(&mut self) {
        for mut seller in self.world.all::<Seller>() {
            for (number, currency) in (0..).zip(books::CURRENCIES) {
                let id = BankAccountId::from_number(seller.id.number() + number);
                let account = make::bank_account(id, "btok_us", self.world.now);
                seller.add_bank_account(BankAccount { currency, ..account });
            }
            self.world.overwrite(seller);
        }
    }

    fn take(&mut self, step: &Step) {
        if let What::Outside(what) = step.what {
            return self.happen(step, what);
        }
        if let Some(command) = steps::command(&self.world, step) {
            // Whether it is refused is the tables' matter.
            let _ = self.world.ask(command);
        }
    }

    fn happen(&mut self, step: &Step, what: Outside) {
        match what {
            Outside::Buy => {
                self.open(step);
                self.pay(step.mood);
            }
            Outside::BuyTwice => {
                self.open(step);
                self.pay(Mood::HeldBack);
                while self.perform_last(Mood::HeldBack) {}
                self.pay(step.mood);
            }
            Outside::Arrive => self.processor.arrive(self.world.now),
            Outside::Perform => self.perform_one(step),
            Outside::PerformAll => self.perform_all(step.mood),
            Outside::Repeat => self.repeat_one(step),
            Outside::AnswerChallenge => self.answer_challenge(step),
            Outside::SendBack => self.send_back(step),
            Outside::Wait => {
                let hours = Span::hours(u32::from(step.amount) / 16 + 1);
                self.world.wait_until(self.world.now.after(hours));
            }
        }
    }

    fn open(&mut self, step: &Step) {
        let open = steps::open(&self.world, step);
        self.world.ask(open).expect("each seller's part costs something");
    }

    /// The last session is paid.
    fn pay(&mut self, mood: Mood) {
        let session = self.world.all::<CheckoutSession>().pop().expect("it was made");
        let total = session.totals().expect("a total").total;
        self.world.ask(make::pay(session.id, total)).expect("it is open");
        self.perform_last(mood);
    }

    /// The bank is asked for the last attempt, unless its answer is known.
    fn perform_last(&mut self, mood: Mood) -> bool {
        let attempt = self.world.all::<Attempt>().pop().expect("it was made");
        let of_it = |it: &Effect| asks_about(it) == Some(Attempt::key(&attempt.id));
        match self.waiting().into_iter().find(of_it) {
            Some(asked) if attempt.is_open() => {
                self.world.wait_until(asked.due);
                self.perform(&asked, mood);
                true
            }
            Some(_) | None => false,
        }
    }

    /// All that is due is performed, the first of it in a mood.
    fn perform_all(&mut self, mood: Mood) {
        let mut mood = mood;
        while let Some(effect) = self.world.asked_now() {
            self.perform(&effect, mood);
            mood = Mood::Well;
        }
    }

    /// One of the effects that wait is performed; time moves until it is due.
    fn perform_one(&mut self, step: &Step) {
        let waiting = self.waiting();
        let Some(effect) = step.choose(&waiting) else { return };
        self.world.wait_until(effect.due);
        self.perform(effect, step.mood);
    }

    /// What waits to be done outside.
    fn waiting(&self) -> Vec<Effect> {
        self.world.queue.values().filter(|it| is_asked(it)).cloned().collect()
    }

    fn perform(&mut self, effect: &Effect, mood: Mood) {
        self.let_arrive(effect);
        let command = self.processor.perform(self.world.now, &effect.kind, mood);
        let command = command.expect("it is no timer");
        let recorded = self.world.carry_out(Asked::outcome(command, effect.id));
        recorded.unwrap_or_else(|refusal| panic!("an outcome is refused: {}", refusal.code()));
    }

    /// An effect is performed twice, as after a crash: its outcome is recorded once more.
    fn repeat_one(&mut self, step: &Step) {
        let waiting = self.waiting();
        let Some(effect) = step.choose(&waiting) else { return };
        self.world.wait_until(effect.due);
        let first = self.processor.perform(self.world.now, &effect.kind, Mood::Well);
        let first = first.expect("it is no timer");
        self.world.ask(first.clone()).expect("an outcome is recorded");
        let is_final = is_final(&first);
        let again = self.world.ask(first).expect("an outcome is recorded");
        assert!(again.is_empty() || !is_final, "the same answer again: {again:?}");
    }

    fn answer_challenge(&mut self, step: &Step) {
        let all = self.world.all::<Attempt>().into_iter();
        let challenged = all.filter(|it| matches!(it.state, AttemptState::Challenged { .. }));
        let challenged: Vec<Attempt> = challenged.collect();
        let Some(attempt) = step.choose(&challenged) else { return };
        let is_right = !step.amount.is_multiple_of(4);
        self.processor.answer_challenge(self.world.now, attempt.id, is_right);
        self.world.ask(Command::Look(LookAt::Attempt(attempt.id))).expect("a hint is heard");
    }

    fn send_back(&mut self, step: &Step) {
        let all = self.world.all::<Refund>().into_iter();
        let returns: Vec<Refund> = all.filter(|it| it.method == RefundMethod::Return).collect();
        let Some(refund) = step.choose(&returns) else { return };
        self.processor.send_back(refund.id, refund.attempt, refund.amount);
        self.world.ask(Command::Look(LookAt::Refund(refund.id))).expect("a hint is heard");
    }

    /// Everything that waits is done in its order, and operators see to what waits for them.
    fn come_to_rest(&mut self, mut moods: Vec<Mood>) {
        for _ in 0..EFFECTS_MAX {
            match self.world.queue.values().next().cloned() {
                Some(effect) if is_asked(&effect) => {
                    self.world.wait_until(effect.due);
                    // Another timer may have come first, but nothing takes a question back.
                    self.perform(&effect, moods.pop().unwrap_or(Mood::Well));
                }
                Some(timer) => self.world.wait_until(timer.due),
                None if self.operate() => {}
                None => return,
            }
        }
        panic!("it does not come to rest: {:?}", self.world.queue);
    }

    /// No network holds a request back for longer than until the last look at it.
    fn let_arrive(&mut self, effect: &Effect) {
        if let EffectKind::Authorize(request) = &effect.kind
            && request.ask == Ask::Look
            && self.processor.is_on_the_way(request.attempt)
        {
            self.processor.arrive(self.world.now);
        }
    }

    /// Rules claims and releases frozen money; whether there was any.
    fn operate(&mut self) -> bool {
        let orders = self.world.all::<Order>().into_iter();
        let claimed: Vec<Order> =
            orders.filter(|it| matches!(it.state, OrderState::InClaim { .. })).collect();
        for order in &claimed {
            let ruling = if order.total.minor() % 2 == 0 { Ruling::Buyer } else { Ruling::Seller };
            self.world.ask(Command::RuleClaim(order.id, ruling)).expect("a claim is ruled");
        }
        let held = self.world.all::<HeldFunds>().into_iter();
        let stuck: Vec<HeldFunds> =
            held.filter(|it| it.left().is_ok_and(Money::is_positive)).collect();
        for funds in &stuck {
            let release = Command::ReleaseHeldFunds(funds.id, None);
            self.world.ask(release).expect("an operator releases what is left");
        }
        !claimed.is_empty() || !stuck.is_empty()
    }
}

fn is_asked(effect: &Effect) -> bool {
    !matches!(effect.kind, EffectKind::Timer(_))
}

/// Whether an outcome is the last word; a challenge goes on.
fn is_final(outcome: &Command) -> bool {
    !matches!(outcome, Command::RecordAuthorization(_, AuthorizationOutcome::Challenged { .. }))
}
