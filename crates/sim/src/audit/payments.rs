//! Payments, attempts, captures and refunds among themselves (I5, I10).

use holdfast_core::checkout::{SessionState, Settling};
use holdfast_core::id::AttemptId;
use holdfast_core::money::{Money, MoneyError};
use holdfast_core::payment::asked::Asked;
use holdfast_core::payment::attempt::{Attempt, AttemptState};
use holdfast_core::payment::capture::Capture;
use holdfast_core::payment::intent::{IntentState, PaymentIntent};
use holdfast_core::payment::refund::{Refund, RefundMethod, RefundReason};

use super::books::failed;
use super::{Evidence, Findings};

pub(super) fn check(evidence: &Evidence, findings: &mut Findings) {
    for attempt in evidence.attempts.values() {
        if attempt.authorization().is_some() {
            check_attempt(evidence, findings, attempt);
        }
    }
    for intent in evidence.intents.values() {
        let taken = |capture: &&Capture| {
            let is_of = capture.intent == intent.id && has_succeeded(&capture.state);
            is_of && late_refund(evidence, capture.attempt).is_none()
        };
        let captured = sum(intent.amount, evidence.captures.iter().filter(taken), |it| it.amount);
        findings.same(&Ok(intent.captured), &captured, || format!("I10: {} captured", intent.id));
        check_state(evidence, findings, intent);
    }
}

fn has_succeeded(state: &Asked) -> bool {
    matches!(state, Asked::Succeeded { .. })
}

fn sum<'a, T: 'a>(
    like: Money,
    rows: impl Iterator<Item = &'a T>,
    amount: impl Fn(&T) -> Money,
) -> Result<Money, MoneyError> {
    Money::sum(like.currency(), rows.map(amount))
}

/// The first refund of what a bank approved after it had been given up, if it did. The payment says
/// nothing of such a charge.
pub(super) fn late_refund(evidence: &Evidence, attempt: AttemptId) -> Option<&Refund> {
    let is_it = |it: &&Refund| it.attempt == attempt && it.reason == RefundReason::LateApproval;
    evidence.refunds.iter().find(is_it)
}

/// What was taken with an approval that came too late goes back whole and at once; what was only
/// held is let go.
fn check_late(evidence: &Evidence, findings: &mut Findings, refund: &Refund) {
    let id = refund.attempt;
    let taken = evidence.captures.iter().find(|it| it.attempt == id);
    let expected = match taken {
        Some(taken) => (RefundMethod::Return, taken.amount, taken.created),
        None => (RefundMethod::Reversal, refund.amount, refund.created),
    };
    let answer = (refund.method, refund.amount, refund.created);
    findings.same(&answer, &expected, || format!("I4: {id} came too late"));
}

/// The parts of a hold are what its captures and reversals make of it.
fn check_attempt(evidence: &Evidence, findings: &mut Findings, attempt: &Attempt) {
    let Some(hold) = attempt.authorization() else { return };
    let id = attempt.id;
    if let Some(refund) = late_refund(evidence, id) {
        check_late(evidence, findings, refund);
    }
    let captures = |is: fn(&Asked) -> bool| {
        let of = move |it: &&Capture| it.attempt == id && is(&it.state);
        sum(hold.amount, evidence.captures.iter().filter(of), |it| it.amount)
    };
    let refunds = |method: RefundMethod, is: fn(&Asked) -> bool| {
        let of = move |it: &&Refund| it.attempt == id && it.method == method && is(&it.state);
        sum(hold.amount, evidence.refunds.iter().filter(of), |it| it.amount)
    };
    let (reversal, back) = (RefundMethod::Reversal, RefundMethod::Return);
    let parts = [
        ("captured", hold.captured, captures(has_succeeded)),
        ("capturing", hold.capturing, captures(Asked::is_open)),
        ("returned", hold.returned, refunds(reversal, has_succeeded)),
        ("returning", hold.returning, refunds(reversal, Asked::is_open)),
        ("refunded", attempt.refunded, refunds(back, |state| !failed(state))),
    ];
    for (name, stored, reckoned) in parts {
        findings.same(&Ok(stored), &reckoned, || format!("I10: {name} of {id}"));
    }
    let left = hold.left().map(Money::minor);
    findings.expect(left.is_ok_and(|left| left >= 0), || format!("I5: {id} has {left:?} left"));
    let over = attempt.refunded.exceeds(hold.captured);
    findings.expect(over == Ok(false), || format!("I5: {id} refunded more than was captured"));
}

fn check_state(evidence: &Evidence, findings: &mut Findings, intent: &PaymentIntent) {
    let id = intent.id;
    let is_late = intent.attempt().is_some_and(|it| late_refund(evidence, it).is_some());
    let hold = intent.attempt().and_then(|attempt| evidence.attempts.get(&attempt));
    let hold = hold.and_then(Attempt::authorization);
    match &intent.state {
        IntentState::RequiresCapture { capturable, .. } => {
            let left = hold.map(|hold| hold.left());
            findings.same(&Some(Ok(*capturable)), &left, || format!("I10: capturable of {id}"));
        }
        IntentState::Succeeded { .. } => {
            let settled = hold.is_some_and(|hold| hold.is_settled() && hold.captured.is_positive());
            findings.expect(settled, || format!("I10: {id} succeeded with {hold:?}"));
        }
        IntentState::Canceled { .. } => {
            let free = intent.captured.is_zero();
            findings.expect(free, || format!("I10: {id} is cancelled, and something was taken"));
        }
        IntentState::RequiresPaymentMethod { .. } | IntentState::RequiresConfirmation { .. } => {
            // What came too late is let go or given back at once.
            let free = hold.is_none_or(|hold| {
                hold.left().is_ok_and(Money::is_zero)
                    && (is_late || hold.captured.is_zero())
                    && hold.capturing.is_zero()
            });
            findings.expect(free, || format!("I10: {id} wants a card and has {hold:?}"));
        }
        IntentState::Processing { attempt } | IntentState::RequiresAction { attempt, .. } => {
            let known = evidence.attempts.contains_key(attempt);
            findings.expect(known, || format!("I10: {id} waits for {attempt}"));
        }
    }
}

/// Nothing is unknown any more.
pub(super) fn check_answered(evidence: &Evidence, findings: &mut Findings) {
    for attempt in evidence.attempts.values() {
        let (id, state) = (attempt.id, &attempt.state);
        findings.expect(!attempt.is_open(), || format!("I4: {id} is still {}", state.name()));
    }
    for capture in &evidence.captures {
        let (id, state) = (capture.id, &capture.state);
        findings.expect(!state.is_open(), || format!("I4: {id} is still {}", state.name()));
    }
    for refund in &evidence.refunds {
        let (id, state) = (refund.id, &refund.state);
        findings.expect(!state.is_open(), || format!("I4: {id} is still {}", state.name()));
    }
}

/// Every dispute has its end.
fn check_disputes_ended(evidence: &Evidence, findings: &mut Findings) {
    for dispute in &evidence.disputes {
        let (id, state) = (dispute.id, dispute.state);
        let is_over = state.changes_by().is_none() && !dispute.is_asking();
        findings.expect(is_over, || format!("I4: {id} is still {}", state.name()));
    }
}

/// Every visit has its end.
fn check_sessions_ended(evidence: &Evidence, findings: &mut Findings) {
    for session in evidence.sessions.values() {
        let is_waiting = session.settling == Settling::Waiting;
        let is_over = !matches!(session.state, SessionState::Open) && !is_waiting;
        let id = session.id;
        findings.expect(is_over, || format!("I4: {id} is still open: {:?}", session.settling));
    }
}

/// Whether a payment without a card belongs to a visit that is not over. A visit is over, too,
/// when the debit that it ended with has failed; its payment then stays as it is.
fn may_still_pay(evidence: &Evidence, intent: &PaymentIntent) -> bool {
    let session = intent.session.and_then(|id| evidence.sessions.get(&id));
    session.is_some_and(|session| session.settling != Settling::Failed)
}

/// Every payment has its end, and every hold.
pub(super) fn check_ended(evidence: &Evidence, findings: &mut Findings) {
    check_disputes_ended(evidence, findings);
    check_sessions_ended(evidence, findings);
    for intent in evidence.intents.values() {
        let is_waiting = match intent.state {
            // A card is the buyer's to give, for as long as nobody cancels the payment.
            IntentState::RequiresPaymentMethod { .. }
            | IntentState::RequiresConfirmation { .. } => may_still_pay(evidence, intent),
            IntentState::Processing { .. }
            | IntentState::RequiresAction { .. }
            | IntentState::RequiresCapture { .. } => true,
            IntentState::Succeeded { .. } | IntentState::Canceled { .. } => false,
        };
        let (id, state) = (intent.id, intent.state.name());
        findings.expect(!is_waiting, || format!("I4: {id} is still {state}"));
    }
    for attempt in evidence.attempts.values() {
        if let AttemptState::Authorized(hold) = &attempt.state {
            let id = attempt.id;
            findings.expect(hold.is_settled(), || format!("I4: {id} is not settled: {hold:?}"));
        }
    }
    for effect in &evidence.effects {
        let waits = super::orders::rings_for_money(evidence, &effect.kind);
        findings.expect(waits, || format!("I4: an effect is left: {effect:?}"));
    }
}
