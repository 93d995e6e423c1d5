//! A processor for random runs: it keeps its own books, may lose what is said, and says no.

use std::collections::BTreeMap;

use holdfast_core::command::{Command, HoldCommand, PayoutCommand, SavingCommand};
use holdfast_core::effect::{
    Ask, AuthorizeRequest, CaptureRequest, EffectKind, HoldChange, HoldRequest, RefundRequest,
};
use holdfast_core::id::{AttemptId, CaptureId, Id, RefundId};
use holdfast_core::money::Money;
use holdfast_core::payment::asked::AskedOutcome;
use holdfast_core::payment::attempt::{AuthorizationOutcome, Challenge, Decline};
use holdfast_core::payment::authorization::Authorization;
use holdfast_core::payment::card::{CardCheck, CardSummary, CardToken};
use holdfast_core::payment::increment::INCREMENTS_MAX;
use holdfast_core::payment::method::{SaveOutcome, SavedCard};
use holdfast_core::payment::refund::RefundMethod;
use holdfast_core::payment::setup::VerificationOutcome;
use holdfast_core::payout::PayoutOutcome;
use holdfast_core::time::{Span, Timestamp};

/// How a request fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It is done and answered.
    Well,
    /// It is refused, and that is final.
    Refuses,
    /// The bank wants to hear from the buyer.
    Challenges,
    /// It is lost on the way there.
    LostBefore,
    /// It is done, and the answer is lost.
    LostAfter,
    /// No byte leaves.
    NeverSent,
    /// It seems that no byte has left, and it arrives later after all.
    HeldBack,
}

/// The processor's own books, by our references.
pub(crate) struct Processor {
    pub(crate) captures_max: u16,
    pub(crate) life: Span,
    /// Whether it takes the money as it approves, when asked to.
    pub(crate) takes_at_once: bool,
    pub(crate) holds: BTreeMap<AttemptId, Hold>,
    captures: BTreeMap<CaptureId, AskedOutcome>,
    refunds: BTreeMap<RefundId, AskedOutcome>,
    changes: BTreeMap<String, AskedOutcome>,
    on_the_way: BTreeMap<AttemptId, AuthorizeRequest>,
}

/// What the processor knows of an authorization.
#[derive(Clone, Debug)]
pub(crate) struct Hold {
    pub(crate) status: Status,
    pub(crate) amount: Money,
    pub(crate) captured: i64,
    pub(crate) voided: i64,
    pub(crate) refunded: i64,
    /// Whether somebody was told of it before its end.
    pub(crate) is_known: bool,
    expires_at: Timestamp,
    captures: u16,
    /// The capture that is to come with the approval.
    capture: Option<CaptureId>,
}

/// Where an authorization stands at the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Approved,
    Declined,
    Challenged { until: Timestamp },
}

/// A card that every bank likes.
pub(crate) fn card() -> CardSummary {
    CardSummary {
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
        exp_month: 12,
        exp_year: 2030,
        funding: "credit".to_owned(),
        country: Some("US".to_owned()),
        cvc_check: CardCheck::Pass,
        fingerprint: None,
        co_brand: None,
    }
}

/// The same card as the network keeps it.
pub(crate) fn saved() -> SavedCard {
    SavedCard { token: CardToken::new("sbk_1".to_owned()), summary: card() }
}

/// A plain no.
pub(crate) fn decline(code: &str) -> Decline {
    Decline { code: code.to_owned(), decline_code: None, advice: None, network_code: None }
}

impl Processor {
    pub(crate) fn new(captures_max: u16, life: Span, takes_at_once: bool) -> Processor {
        let (holds, on_the_way) = (BTreeMap::new(), BTreeMap::new());
        let (captures, refunds, changes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Processor {
            captures_max,
            life,
            takes_at_once,
            holds,
            captures,
            refunds,
            changes,
            on_the_way,
        }
    }

    /// Performs an effect in a mood; what is to be recorded of it. Nothing for a timer.
    pub(crate) fn perform(
        &mut self,
        now: Timestamp,
        kind: &EffectKind,
        mood: Mood,
    ) -> Option<Command> {
        Some(match kind {
            EffectKind::Authorize(request) => {
                let outcome = self.authorize(now, request, mood);
                Command::RecordAuthorization(request.attempt, outcome)
            }
            EffectKind::Capture(request) => {
                Command::RecordCapture(request.capture, self.capture(now, request, mood))
            }
            EffectKind::Hold(request) => {
                let outcome = self.change_hold(now, request, mood);
                Command::Hold(HoldCommand::Record(Box::new(request.clone()), outcome))
            }
            EffectKind::Refund(request) => {
                Command::RecordRefund(request.refund, self.refund(now, request, mood))
            }
            EffectKind::SaveCard(request) => {
                let outcome = match mood {
                    Mood::Well | Mood::Challenges => SaveOutcome::Saved(saved()),
                    Mood::Refuses => SaveOutcome::Failed(decline("resource_missing")),
                    Mood::LostBefore | Mood::LostAfter | Mood::NeverSent | Mood::HeldBack => {
                        SaveOutcome::Unknown
                    }
                };
                Command::Saving(SavingCommand::RecordSave(request.method, outcome))
            }
            EffectKind::Verify(request) => {
                let outcome = match mood {
                    Mood::Well => VerificationOutcome::Verified(saved()),
                    Mood::Refuses | Mood::Challenges => VerificationOutcome::Declined {
                        decline: decline("card_declined"),
                        card: Some(card()),
                    },
                    Mood::LostBefore | Mood::LostAfter | Mood::NeverSent | Mood::HeldBack => {
                        VerificationOutcome::Unknown
                    }
                };
                Command::Saving(SavingCommand::RecordVerification(request.attempt, outcome))
            }
            EffectKind::Payout(request) => {
                let outcome = match mood {
                    Mood::Well | Mood::Challenges => {
                        PayoutOutcome::Paid { reference: "sbo_1".to_owned() }
                    }
                    Mood::Refuses => PayoutOutcome::Failed { code: "no_account".to_owned() },
                    Mood::NeverSent => PayoutOutcome::NeverSent,
                    Mood::LostBefore | Mood::LostAfter | Mood::HeldBack => PayoutOutcome::Unknown,
                };
                Command::Payout(PayoutCommand::Record(request.payout, outcome))
            }
            EffectKind::Complaints(_)
            | EffectKind::Respond(_)
            | EffectKind::Report(_)
            | EffectKind::Deliver(_)
            | EffectKind::MoveClock { .. }
            | EffectKind::ReportBalance => Command::FinishEffect,
            EffectKind::Timer(_) => return None,
        })
    }

    /// Whether a request is still on its way.
    pub(crate) fn is_on_the_way(&self, attempt: AttemptId) -> bool {
        self.on_the_way.contains_key(&attempt)
    }

    /// What was held back arrives.
    pub(crate) fn arrive(&mut self, now: Timestamp) {
        for request in std::mem::take(&mut self.on_the_way).into_values() {
            self.receive(now, &request, Mood::Well);
        }
    }

    /// The buyer answers the bank, or somebody does; in time, or it is for nothing.
    pub(crate) fn answer_challenge(&mut self, now: Timestamp, attempt: AttemptId, is_right: bool) {
        if let Some(hold) = self.holds.get_mut(&attempt)
            && matches!(hold.status, Status::Challenged { until } if now < until)
        {
            hold.status = if is_right { Status::Approved } else { Status::Declined };
            self.take_at_once(attempt);
        }
    }

    /// A refund that was paid comes back.
    pub(crate) fn send_back(&mut self, refund: RefundId, attempt: AttemptId, amount: Money) {
        let Some(outcome) = self.refunds.get_mut(&refund) else { return };
        if matches!(outcome, AskedOutcome::Succeeded { .. }) {
            *outcome = AskedOutcome::Failed { code: "expired_or_canceled_card".to_owned() };
            let hold = self.holds.get_mut(&attempt).expect("a refund is of a hold");
            hold.refunded -= amount.minor();
        }
    }

    fn authorize(
        &mut self,
        now: Timestamp,
        request: &AuthorizeRequest,
        mood: Mood,
    ) -> AuthorizationOutcome {
        match mood {
            Mood::HeldBack if request.ask == Ask::First => {
                self.on_the_way.insert(request.attempt, request.clone());
                return AuthorizationOutcome::NeverSent;
            }
            Mood::NeverSent if request.ask == Ask::First => {
                return AuthorizationOutcome::NeverSent;
            }
            Mood::NeverSent | Mood::HeldBack | Mood::LostBefore => {
                return AuthorizationOutcome::Unknown;
            }
            Mood::Well | Mood::Refuses | Mood::Challenges | Mood::LostAfter => {}
        }
        if !self.holds.contains_key(&request.attempt) {
            if request.ask == Ask::Look {
                return AuthorizationOutcome::NotFound;
            }
            self.receive(now, request, mood);
        }
        let hold = self.holds.get_mut(&request.attempt).expect("it is there by now");
        if matches!(hold.status, Status::Challenged { until } if now >= until) {
            hold.status = Status::Declined;
        }
        if mood == Mood::LostAfter {
            return AuthorizationOutcome::Unknown;
        }
        let counts = now < hold.expires_at || hold.captured > 0;
        hold.is_known |= hold.status == Status::Approved && counts;
        let hold = hold.clone();
        self.told(request.attempt, &hold)
    }

    fn receive(&mut self, now: Timestamp, request: &AuthorizeRequest, mood: Mood) {
        if !self.holds.contains_key(&request.attempt) {
            let hold = self.new_hold(now, request, mood);
            self.holds.insert(request.attempt, hold);
            self.take_at_once(request.attempt);
        }
    }

    /// The capture that is to come with an approval.
    fn take_at_once(&mut self, attempt: AttemptId) {
        let hold = self.holds.get_mut(&attempt).expect("it is there by now");
        let Some(capture) = hold.capture else { return };
        if self.takes_at_once && hold.status == Status::Approved {
            (hold.captures, hold.captured) = (1, hold.amount.minor());
            self.captures.insert(capture, yes());
        }
    }

    fn new_hold(&self, now: Timestamp, request: &AuthorizeRequest, mood: Mood) -> Hold {
        let status = match mood {
            Mood::Refuses => Status::Declined,
            Mood::Challenges => Status::Challenged { until: now.after(Span::seconds(600)) },
            Mood::Well | Mood::LostBefore | Mood::LostAfter | Mood::NeverSent | Mood::HeldBack => {
                Status::Approved
            }
        };
        let (expires_at, is_known) = (now.after(self.life), false);
        let (captured, voided, refunded, captures) = (0, 0, 0, 0);
        let (amount, capture) = (request.amount, request.capture);
        Hold { status, amount, captured, voided, refunded, is_known, expires_at, captures, capture }
    }

    fn told(&self, attempt: AttemptId, hold: &Hold) -> AuthorizationOutcome {
        match hold.status {
            Status::Approved => AuthorizationOutcome::Approved {
                authorization: Authorization::new(
                    attempt.to_string(),
                    "A1".to_owned(),
                    hold.amount,
                    hold.expires_at,
                    self.captures_max,
                )
                .growing_up_to(INCREMENTS_MAX),
                capture: self.came_with(hold),
                card: card(),
            },
            Status::Declined => {
                AuthorizationOutcome::Declined { decline: decline("card_declined"), card: None }
            }
            Status::Challenged { until } => AuthorizationOutcome::Challenged {
                challenge: Challenge {
                    url: "https://bank.example/".to_owned(),
                    expires_at: until,
                    authorization: Some(attempt.to_string()),
                },
                card: card(),
            },
        }
    }

    fn came_with(&self, hold: &Hold) -> Option<String> {
        match self.captures.get(&hold.capture?)? {
            AskedOutcome::Succeeded { reference } if self.takes_at_once => Some(reference.clone()),
            AskedOutcome::Succeeded { .. }
            | AskedOutcome::Failed { .. }
            | AskedOutcome::NeverSent
            | AskedOutcome::Unknown => None,
        }
    }

    fn capture(&mut self, now: Timestamp, request: &CaptureRequest, mood: Mood) -> AskedOutcome {
        if let Some(lost) = lost_before(request.ask, mood) {
            return lost;
        }
        if !self.captures.contains_key(&request.capture) {
            let captures_max = self.captures_max;
            let hold = self.hold(&request.authorization);
            let outcome = hold.capture(now, request.amount, captures_max, mood);
            self.captures.insert(request.capture, outcome);
        }
        heard(&self.captures[&request.capture], mood)
    }

    fn refund(&mut self, now: Timestamp, request: &RefundRequest, mood: Mood) -> AskedOutcome {
        if let Some(lost) = lost_before(request.ask, mood) {
            return lost;
        }
        if !self.refunds.contains_key(&request.refund) {
            let hold = self.hold(&request.authorization);
            let outcome = match request.method {
                RefundMethod::Reversal => hold.void(now, request.amount, mood),
                RefundMethod::Return => hold.refund(request.amount, mood),
            };
            self.refunds.insert(request.refund, outcome);
        }
        heard(&self.refunds[&request.refund], mood)
    }

    fn change_hold(&mut self, now: Timestamp, request: &HoldRequest, mood: Mood) -> AskedOutcome {
        if let Some(lost) = lost_before(request.ask, mood) {
            return lost;
        }
        let reference = request.own_reference();
        if !self.changes.contains_key(&reference) {
            let hold = self.hold(&request.authorization);
            let outcome = match request.change {
                HoldChange::Raise(_) => hold.raise(now, request.amount, mood),
                HoldChange::GiveUp { .. } => hold.give_up(now),
            };
            self.changes.insert(reference.clone(), outcome);
        }
        heard(&self.changes[&reference], mood)
    }

    fn hold(&mut self, reference: &str) -> &mut Hold {
        let attempt = AttemptId::parse(reference).expect("our own reference");
        self.holds.get_mut(&attempt).expect("what is taken from was approved")
    }
}

impl Hold {
    fn capture(&mut self, now: Timestamp, amount: Money, max: u16, mood: Mood) -> AskedOutcome {
        if now >= self.expires_at {
            return no("authorization_expired");
        }
        assert!(self.captures < max, "the core knows how many captures are allowed");
        assert!(amount.minor() <= self.left(), "the core knows what is left of a hold");
        if mood == Mood::Refuses {
            return no("processing_error");
        }
        self.captures += 1;
        self.captured += amount.minor();
        yes()
    }

    fn raise(&mut self, now: Timestamp, by: Money, mood: Mood) -> AskedOutcome {
        if now >= self.expires_at {
            return no("authorization_expired");
        }
        if mood == Mood::Refuses || self.left() != self.amount.minor() {
            return no("insufficient_funds");
        }
        self.amount = self.amount.checked_add(by).expect("amounts are small");
        yes()
    }

    /// An answer of the cardholder stands, whoever gave it.
    fn give_up(&mut self, now: Timestamp) -> AskedOutcome {
        match self.status {
            Status::Challenged { until } if now < until => {
                self.status = Status::Declined;
                yes()
            }
            Status::Challenged { .. } | Status::Approved | Status::Declined => no("not_asked"),
        }
    }

    fn void(&mut self, now: Timestamp, amount: Money, mood: Mood) -> AskedOutcome {
        if now >= self.expires_at {
            return no("authorization_expired");
        }
        assert!(amount.minor() <= self.left(), "the core knows what is left of a hold");
        if mood == Mood::Refuses {
            return no("processing_error");
        }
        self.voided += amount.minor();
        yes()
    }

    fn refund(&mut self, amount: Money, mood: Mood) -> AskedOutcome {
        assert!(amount.minor() <= self.captured - self.refunded, "nobody refunds too much");
        if mood == Mood::Refuses {
            return no("processing_error");
        }
        self.refunded += amount.minor();
        yes()
    }

    /// Whether nothing is held of it any more.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.status != Status::Approved || now >= self.expires_at || self.left() == 0
    }

    fn left(&self) -> i64 {
        assert_eq!(self.status, Status::Approved);
        self.amount.minor() - self.captured - self.voided
    }
}

fn lost_before(ask: Ask, mood: Mood) -> Option<AskedOutcome> {
    match mood {
        Mood::NeverSent | Mood::HeldBack if ask == Ask::First => Some(AskedOutcome::NeverSent),
        Mood::NeverSent | Mood::HeldBack | Mood::LostBefore => Some(AskedOutcome::Unknown),
        Mood::Well | Mood::Refuses | Mood::Challenges | Mood::LostAfter => None,
    }
}

fn heard(outcome: &AskedOutcome, mood: Mood) -> AskedOutcome {
    if mood == Mood::LostAfter { AskedOutcome::Unknown } else { outcome.clone() }
}

pub(crate) fn yes() -> AskedOutcome {
    AskedOutcome::Succeeded { reference: "done".to_owned() }
}

pub(crate) fn no(code: &str) -> AskedOutcome {
    AskedOutcome::Failed { code: code.to_owned() }
}
